"""The SMTP door in front of the clients that people have: swaks and Postfix, with and without TLS; killed in the middle; and a crowd that hangs up.

`BEADLE=build/dev/beadle python3 -m unittest test_smtp_clients` in this folder. What needs Postfix needs root; what needs a program that is not there
is skipped.
"""

import os
import random
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import threading
import unittest

import cast
import harness
from harness import wait_until

BEADLE = os.environ.get("BEADLE", os.path.join(harness.SOURCE, "build", "dev", "beadle"))
SCENES = {scene[0]: scene for scene in cast.scenes()}


class PostfixTown(harness.Town):
    """Postfix in front: it takes mail in at the re-entry port and sends all of it to the door."""

    def relay_host(self):
        return f"[localhost]:{self.submit_port}"  # a name, which its certificate has

    def write_postfix(self):
        super().write_postfix()
        with open(self.path("etc", "main.cf"), "a", encoding="utf-8") as file:
            file.write("smtp_send_xforward_command = yes\n" + self.postfix_more)
        with open(self.path("etc", "master.cf"), encoding="utf-8") as file:
            rows = [row for row in file.read().splitlines() if not row.startswith(f"127.0.0.1:{self.submit_port} ")]
        with open(self.path("etc", "master.cf"), "w", encoding="utf-8") as file:
            file.write("\n".join(rows) + "\n")

    postfix_more = ""

    def submit(self, scene, source=""):
        """Hands a scene of the cast to Postfix."""
        return self.send(*SCENES[scene][2:5], port=self.reentry_port, source=source)


def tls_settings(folder, tls):
    return f'tls = "{tls}"\ncertificate = "{folder}/door.pem"\nkey = "{folder}/door.key"\n'


class Story(unittest.TestCase):
    def open_town(self, kind=harness.Town, smtp="", sink_rules=()):
        town = kind(BEADLE, cast.ROSTER, door="smtp", smtp=smtp)
        self.addCleanup(town.__exit__)
        town.start_sink()
        town.sink_rules(*sink_rules)
        town.start_beadle()
        return town

    def certificates(self):
        folder = harness.tempfile.mkdtemp(prefix="beadle-certificates-")
        self.addCleanup(shutil.rmtree, folder, True)
        harness.make_certificates(folder)
        return folder


class Renewal(Story):
    def shown(self, town):
        """The certificate that the door shows."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with smtplib.SMTP("127.0.0.1", town.submit_port, timeout=60) as server:
            server.starttls(context=context)
            return ssl.DER_cert_to_PEM_cert(server.sock.getpeercert(True)).strip()

    def test_a_renewed_certificate_counts_from_the_reload_on_and_a_broken_one_never(self):
        folder, newer = self.certificates(), self.certificates()
        town = self.open_town(smtp=tls_settings(folder, "must"))
        first = self.shown(town)
        with open(os.path.join(newer, "door.pem"), encoding="ascii") as file:
            second = file.read().strip()
        for name, outcome, expected in (("door.pem", "reload-refused", first), ("door.key", "reloaded", second)):  # without its key, then with it
            shutil.copy(os.path.join(newer, name), folder)
            town.beadle_process.send_signal(signal.SIGHUP)
            wait_until(outcome, lambda event=outcome: f"{event} " in town.log())
            self.assertEqual(self.shown(town), expected)


class NextHop(Story):
    def test_it_wants_our_certificate_and_gets_it_with_mail_releases_and_notices(self):
        folder, other = self.certificates(), self.certificates()
        tls = f'next-hop-tls = "must"\nnext-hop-name = "localhost"\nnext-hop-authorities = "{folder}/ca.pem"\n'
        ours = f'next-hop-certificate = "{folder}/door.pem"\nnext-hop-key = "{folder}/door.key"\n'
        town = harness.Town(BEADLE, cast.ROSTER, door="smtp", smtp=tls)
        self.addCleanup(town.__exit__)
        town.sink_tls = [os.path.join(folder, name) for name in ("door.pem", "door.key", "ca.pem")]
        town.start_sink()
        town.start_beadle()
        self.assertIsNotNone(town.send(*SCENES["everyday"][2:5]))  # not without one
        self.assertEqual(town.delivered(), [])
        for lines, outcome in ((ours.replace("door.key", "none.key"), "reload-refused"), (ours.replace(folder, other, 1), "reload-refused"), (ours, "reloaded")):
            town.smtp_settings = tls + lines
            town.write_settings(cast.ROSTER, "enforce")
            before = town.log().count(outcome + " ")
            town.beadle_process.send_signal(signal.SIGHUP)
            wait_until(outcome, lambda: town.log().count(outcome + " ") > before)
        self.assertIsNone(town.send(*SCENES["everyday"][2:5]))
        self.assertIsNone(town.send(*SCENES["an order"][2:5]))
        town.release(town.held()[0])
        wait_until("the release", lambda: town.find_delivered("Subject: Fence", SCENES["an order"][3][0]))
        wait_until("a notice", lambda: [mail for mail in town.delivered() if not mail["sender"]])
        self.assertEqual({mail["certificate"] for mail in town.delivered()}, {"localhost"})


@unittest.skipUnless(shutil.which("systemd-socket-activate"), "no systemd-socket-activate")
class Systemd(Story):
    def test_the_doors_socket_is_handed_over_by_its_name(self):
        town = harness.Town(BEADLE, cast.ROSTER, door="smtp")
        self.addCleanup(town.__exit__)
        town.start_sink()
        activated = harness.free_port()
        town.launcher = ["systemd-socket-activate", "--listen", f"127.0.0.1:{activated}", "--fdname", "smtp"]
        listed, town.submit_port = town.submit_port, activated
        town.start_beadle()
        self.assertIsNone(town.send(*SCENES["everyday"][2:5]))
        self.assertFalse(harness.can_connect(listed))

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze")
    def test_the_units_are_what_systemd_understands(self):
        folder = harness.tempfile.mkdtemp(prefix="beadle-units-")
        self.addCleanup(shutil.rmtree, folder, True)
        units = []
        for name in os.listdir(os.path.join(harness.SOURCE, "systemd")):
            if not name.endswith((".service", ".socket")):
                continue
            with open(os.path.join(harness.SOURCE, "systemd", name), encoding="utf-8") as file:
                text = file.read().replace("/usr/sbin/beadle", "/bin/true")
            units.append(os.path.join(folder, name))
            with open(units[-1], "w", encoding="utf-8") as file:
                file.write(text)
        done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


@unittest.skipUnless(shutil.which("swaks"), "no swaks")
class Swaks(Story):
    def swaks(self, town, scene, *words):
        sender, recipients, data = SCENES[scene][2:5]
        done = subprocess.run(["swaks", "--server", "127.0.0.1", "--port", str(town.submit_port), "--from", sender, "--to", ",".join(recipients), "--data", "-", *words],
                              input=data.replace("\r\n", "\n"), capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout

    def test_without_tls(self):
        town = self.open_town()
        code, talk = self.swaks(town, "everyday")
        self.assertEqual(code, 0, talk)
        self.assertEqual(len(town.delivered()), 1)
        code, talk = self.swaks(town, "an order")
        self.assertEqual(code, 0, talk)
        self.assertIn("held for review", talk)
        self.assertEqual(len(town.held()), 1)

    def test_with_tls_by_a_certificate_that_it_can_verify(self):
        folder = self.certificates()
        town = self.open_town(smtp=tls_settings(folder, "must"))
        code, talk = self.swaks(town, "everyday")
        self.assertNotEqual(code, 0)  # must is must
        self.assertIn("530", talk)
        code, talk = self.swaks(town, "everyday", "--tls", "--tls-verify", "--tls-ca-path", os.path.join(folder, "ca.pem"), "--tls-sni", "localhost")
        if "Net::SSLeay" in talk:
            self.skipTest("swaks has no Net::SSLeay")
        self.assertEqual(code, 0, talk)
        self.assertEqual(len(town.delivered()), 1)

    def test_with_pipelining(self):
        town = self.open_town()
        code, talk = self.swaks(town, "everyday", "--pipeline")
        self.assertEqual(code, 0, talk)
        self.assertEqual(len(town.delivered()), 1)


@unittest.skipIf(harness.why_not(), harness.why_not())
class Postfix(Story):
    def open_postfix(self, smtp="", more="", sink_rules=()):
        kind = type("Town", (PostfixTown,), {"postfix_more": more})
        town = self.open_town(kind, smtp, sink_rules)
        town.write_postfix()
        subprocess.run(["postfix", "-c", town.path("etc"), "start"], check=True, capture_output=True)
        town.postfix_running = True
        wait_until("postfix", lambda: harness.can_connect(town.reentry_port))
        return town

    def test_without_tls_it_hands_on_what_may_go_and_its_clients_address(self):
        town = self.open_postfix('xforward-from = ["127.0.0.0/8"]\n', sink_rules=["offer XFORWARD NAME ADDR PROTO HELO"])
        for scene in ("everyday", "an order"):
            self.assertIsNone(town.submit(scene, source="127.0.0.9"))
        mail = wait_until("the everyday mail", lambda: town.find_delivered("Subject: The pond"))[0]
        self.assertIn("ADDR=127.0.0.9", " ".join(mail["xforward"]).split())
        held = wait_until("the held mail", town.held)[0]
        self.assertRegex(town.shown(held)["client"], r"\[127\.0\.0\.9\]$")
        self.assertIn("held for review", wait_until("postfix to log it", lambda: town.postfix_log() if "held for review" in town.postfix_log() else None))

    def test_with_tls_it_verifies_the_door(self):
        folder = self.certificates()
        more = f"smtp_tls_security_level = verify\nsmtp_tls_CAfile = {folder}/ca.pem\nsmtp_tls_verify_cert_match = hostname\nsmtp_tls_loglevel = 1\n"
        town = self.open_postfix(tls_settings(folder, "must"), more)
        self.assertIsNone(town.submit("everyday"))
        wait_until("the mail", town.delivered)
        self.assertIn("Verified TLS connection established", town.postfix_log())

    def test_a_certificate_of_another_authority_stays_in_its_queue(self):
        folder, other = self.certificates(), self.certificates()
        more = f"smtp_tls_security_level = verify\nsmtp_tls_CAfile = {other}/ca.pem\nsmtp_tls_verify_cert_match = hostname\n"
        town = self.open_postfix(tls_settings(folder, "must"), more)
        self.assertIsNone(town.submit("everyday"))
        wait_until("postfix to refuse it", lambda: "not verified" in town.postfix_log() or "not trusted" in town.postfix_log())
        self.assertEqual(town.delivered(), [])

    def test_killed_in_the_middle_nothing_is_lost(self):
        town = self.open_postfix()
        town.sink_rules("slow-data 3")
        self.assertIsNone(town.submit("everyday"))
        wait_until("the next hop to have it", town.delivered)  # and not yet to have said so
        town.stop_beadle(signal.SIGKILL)
        wait_until("postfix to put it off", lambda: "status=deferred" in town.postfix_log())
        town.sink_rules()
        town.start_beadle()
        # The next hop had taken it before the answer was lost, so that SMTP itself sends it twice (RFC 5321 §6.1).

        def tried_again():
            town.flush()
            return len(town.delivered()) == 2

        wait_until("the second try", tried_again)
        wait_until("postfix to be done", lambda: "status=sent" in town.postfix_log())
        self.assertIsNone(town.submit("an order"))
        wait_until("the held mail", town.held)
        town.stop_beadle(signal.SIGKILL)
        town.start_beadle()
        self.assertEqual(len(town.held()), 1)


class Crowd(Story):
    """Many clients at once, most of which hang up somewhere. Also what the thread sanitizer is run with: its warnings are in Beadle's log."""

    CLIENTS, SESSIONS = 12, 12

    def session(self, town, dice, number, outcomes):
        step = dice.choice(["greeting", "hello", "mail", "rcpt", "data", "half", "end", "whole", "whole", "whole"])
        held = dice.random() < 0.3
        scene = SCENES["an order" if held else "everyday"]
        mark = f"crowd-{number}"
        data = scene[4].replace("\r\n", "\n").replace("\n", "\r\n").replace("Subject: ", f"X-Mark: {mark}\r\nMessage-ID: <{mark}@homemail.example>\r\nSubject: ", 1)
        lines = [line for line in data.split("\r\n") if not line.startswith("Message-ID:") or mark in line]
        data = "\r\n".join(lines)
        if not data.endswith("\r\n"):
            data += "\r\n"
        with socket.create_connection(("127.0.0.1", town.submit_port), timeout=60) as connection:
            file = connection.makefile("rb")

            def reply():
                while True:
                    line = file.readline()
                    if not line:
                        raise ConnectionError("closed")
                    if line[3:4] != b"-":
                        return int(line[:3])

            def ask(line):
                connection.sendall(line.encode() + b"\r\n")
                return reply()

            if step == "greeting":
                return
            code = reply()
            if code != 220:
                return
            for name, line in [("hello", "EHLO crowd.example"), ("mail", f"MAIL FROM:<{scene[2]}>"), *[("rcpt", f"RCPT TO:<{one}>") for one in scene[3]], ("data", "DATA")]:
                if ask(line) >= 400 or step == name:
                    return
            if step == "half":
                connection.sendall(data[: len(data) // 2].encode())
                return
            connection.sendall(data.encode() + b".\r\n")
            outcomes[mark] = "unknown"
            if step == "end":
                return
            code = reply()
            outcomes[mark] = ("held" if held else "sent") if code == 250 else "refused"
            connection.sendall(b"QUIT\r\n")

    def test_what_was_promised_is_kept_and_nothing_else(self):
        town = self.open_town()
        outcomes, problems = {}, []

        def client(index):
            dice = random.Random(index)
            for number in range(self.SESSIONS):
                try:
                    self.session(town, dice, index * self.SESSIONS + number, outcomes)
                except (ConnectionError, TimeoutError):
                    pass
                except Exception as problem:  # pylint: disable=broad-except
                    problems.append(repr(problem))

        threads = [threading.Thread(target=client, args=(index,)) for index in range(self.CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(problems, [])
        self.assertIsNone(town.send(*SCENES["everyday"][2:5]))  # still there
        delivered = [mail["data"] for mail in town.delivered()]
        held = len(town.held())
        for mark, outcome in outcomes.items():
            count = sum(1 for data in delivered if f"X-Mark: {mark}\r\n" in data)
            if outcome == "sent":
                self.assertEqual(count, 1, mark)
            elif outcome in ("held", "refused"):
                self.assertEqual(count, 0, mark)
            else:
                self.assertLessEqual(count, 1, mark)
        promised = sum(1 for outcome in outcomes.values() if outcome == "held")
        unknown = sum(1 for outcome in outcomes.values() if outcome == "unknown")
        self.assertLessEqual(promised, held)
        self.assertLessEqual(held, promised + unknown)
        self.assertGreater(promised, 5)
        self.assertEqual(town.stop_beadle(), 0)
        self.assertNotIn("ThreadSanitizer", town.log())
        self.assertEqual([name for name in os.listdir(town.folder) if "spool" in name], [])


if __name__ == "__main__":
    unittest.main()
