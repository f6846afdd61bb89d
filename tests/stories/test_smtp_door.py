"""The live SMTP door: real sockets, a next hop that refuses, is slow or away, and clients that mean no good.

`BEADLE=build/dev/beadle python3 -m unittest test_smtp_door` in this folder. Needs no Postfix and no root.
"""

import codecs
import hashlib
import os
import shutil
import signal
import socket
import ssl
import time
import unittest

import cast
import harness
from harness import wait_until

BEADLE = os.environ.get("BEADLE", os.path.join(harness.SOURCE, "build", "dev", "beadle"))
SCENES = {scene[0]: scene for scene in cast.scenes()}
SMUGGLING = os.path.join(harness.SOURCE, "tests", "data", "smtp", "smuggling.tsv")


class Client:
    """Says bytes as they are, and hears one reply at a time."""

    def __init__(self, port, source=""):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30, source_address=(source, 0) if source else None)
        self.heard = b""

    def say(self, data):
        self.socket.sendall(data)

    def reply(self):
        """(code, text) of the next whole reply; (0, "") when the door has closed."""
        lines = []
        while True:
            while b"\r\n" not in self.heard:
                try:
                    more = self.socket.recv(1 << 16)
                except ConnectionResetError:
                    more = b""
                if not more:
                    return 0, ""
                self.heard += more
            line, self.heard = self.heard.split(b"\r\n", 1)
            lines.append(line[4:].decode("utf-8", "replace"))
            if line[3:4] != b"-":
                return int(line[:3]), "\n".join(lines)

    def ask(self, line):
        self.say(line.encode() + b"\r\n")
        return self.reply()

    def start_tls(self, context):
        self.ask("STARTTLS")
        self.socket = context.wrap_socket(self.socket)

    def hand_in(self, scene, *before):
        """A scene of the cast, from EHLO on; `before` is said before MAIL. Gives the answer to MAIL, or, where that is 250, to the data."""
        sender, recipients, data = SCENES[scene][2:5]
        self.ask("EHLO client.example")
        for line in before:
            self.ask(line)
        answer = self.ask(f"MAIL FROM:<{sender}>")
        if answer[0] != 250:
            return answer
        for line in (*[f"RCPT TO:<{one}>" for one in recipients], "DATA"):
            self.ask(line)
        self.say(data.replace("\r\n", "\n").replace("\n", "\r\n").encode() + b".\r\n")
        return self.reply()

    def close(self):
        self.socket.close()


class Door(unittest.TestCase):
    smtp = ""
    sink_rules = ()

    def setUp(self):
        self.town = harness.Town(BEADLE, cast.ROSTER, door="smtp", smtp=self.smtp)
        self.addCleanup(self.town.__exit__)
        self.town.start_sink()
        self.town.sink_rules(*self.sink_rules)
        self.town.start_beadle()

    def client(self, source=""):
        client = Client(self.town.submit_port, source)
        self.addCleanup(lambda: client.close())  # its socket then: TLS has another one
        return client

    def shown(self):
        """The one held message."""
        held = self.town.held()
        self.assertEqual(len(held), 1)
        return self.town.shown(held[0])

    def ready(self, *recipients):
        """A client whose recipients were accepted and who has heard 354."""
        client = self.client()
        self.assertEqual(client.reply()[0], 220)
        self.assertEqual(client.ask("EHLO client.example")[0], 250)
        self.assertEqual(client.ask("MAIL FROM:<clerk@harbridge.example>")[0], 250)
        for recipient in recipients or ("ross@homemail.example",):
            self.assertEqual(client.ask(f"RCPT TO:<{recipient}>")[0], 250)
        self.assertEqual(client.ask("DATA")[0], 354)
        return client


class Relay(Door):
    def test_offers_are_those_of_the_next_hop_and_no_others(self):
        client = self.client()
        client.reply()
        code, text = client.ask("EHLO client.example")
        self.assertEqual(code, 250)
        self.assertEqual(set(line.split()[0] for line in text.split("\n")[1:]), {"8BITMIME", "SMTPUTF8", "SIZE"})

    def test_recipients_hear_the_next_hops_own_words_and_only_those_accepted_get_it(self):
        self.town.sink_rules("refuse nobody@homemail.example", "defer busy@homemail.example")
        client = self.client()
        client.reply()
        client.ask("EHLO client.example")
        client.ask("MAIL FROM:<clerk@harbridge.example>")
        self.assertEqual(client.ask("RCPT TO:<nobody@homemail.example>"), (550, "5.1.1 sink: no such mailbox"))
        self.assertEqual(client.ask("RCPT TO:<busy@homemail.example>"), (450, "4.2.1 sink: mailbox busy"))
        self.assertEqual(client.ask("RCPT TO:<ross@homemail.example>")[0], 250)
        client.ask("DATA")
        client.say(b"From: clerk@harbridge.example\r\nSubject: x\r\n\r\n..dot\r\n...\r\n.\r\n")
        self.assertEqual(client.reply(), (250, "2.0.0 Ok: kept as 0001"))
        mail = self.town.delivered()[0]
        self.assertEqual(mail["recipients"], ["ross@homemail.example"])
        self.assertTrue(mail["data"].endswith("\r\n\r\n.dot\r\n..\r\n"))

    def test_the_answer_to_the_data_is_the_next_hops_and_a_second_try_gets_through(self):
        self.town.sink_rules("defer-data 1")
        scene = SCENES["everyday"]
        self.assertEqual(self.town.send(scene[2], scene[3], scene[4]), (451, "4.3.0 sink: not now"))
        self.assertEqual(self.town.delivered(), [])
        self.assertIsNone(self.town.send(scene[2], scene[3], scene[4]))
        self.assertEqual(len(self.town.delivered()), 1)

    def test_held_mail_never_reaches_the_next_hop_until_it_is_released(self):
        scene = SCENES["an order"]
        self.assertIsNone(self.town.send(scene[2], scene[3], scene[4]))
        held = self.town.held()
        self.assertEqual(len(held), 1)
        self.assertEqual([mail for mail in self.town.delivered() if mail["sender"]], [])
        self.town.release(held[0])
        mail = wait_until("the release", lambda: self.town.find_delivered("Subject: Fence", scene[3][0]))[0]
        self.assertEqual((mail["sender"], mail["recipients"]), (scene[2], scene[3]))

    def test_what_the_sender_wants_to_hear_of_the_delivery_is_asked_of_the_next_hop_at_once_and_at_a_release(self):
        self.town.sink_rules("offer DSN")
        self.town.stop_beadle()
        self.town.start_beadle()
        for scene in ("everyday", "an order"):
            sender, recipients, data = SCENES[scene][2:5]
            client = self.client()
            client.reply()
            client.ask("EHLO client.example")
            said = [f"MAIL FROM:<{sender}> BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=QQ314159"]
            said += [f"RCPT TO:<{one}> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;{one}" for one in recipients]
            for command in said:
                self.assertEqual(client.ask(command)[0], 250)
            client.ask("DATA")
            client.say(data.replace("\r\n", "\n").replace("\n", "\r\n").encode() + b"\r\n.\r\n")
            self.assertEqual(client.reply()[0], 250)
            for held in self.town.held():
                self.town.release(held)
            mail = wait_until("the mail", lambda: [mail for mail in self.town.delivered() if mail["sender"] == sender])[0]
            words = [sorted(command.split()[2:]) for command in mail["commands"]]
            wanted = [sorted(command.split()[2:]) for command in said]
            self.assertEqual([[word for word in command if not word.startswith("SIZE=")] for command in words], wanted)

    def test_a_bcc_field_goes_on_as_it_is_and_makes_nobody_visible(self):
        sender, recipients, data = SCENES["silent copy"][2:5]
        data = data.replace("MIME-Version:", "Bcc: Ian Day <ianday@homemail.example>\r\nMIME-Version:", 1)
        self.assertIsNone(self.town.send(sender, recipients, data))
        mail = self.town.delivered()[0]["data"]
        self.assertIn("\r\nBcc: Ian Day <ianday@homemail.example>\r\n", mail)
        self.assertIn("CC Councillor Ian Day", mail)

    def test_a_large_message_goes_through_a_file_and_comes_out_whole(self):
        client = self.ready()
        body = b"".join(b"line %d of many\r\n" % number for number in range(300_000))
        client.say(b"From: clerk@harbridge.example\r\nSubject: large\r\n\r\n" + body + b".\r\n")
        self.assertEqual(client.reply()[0], 250)
        self.assertTrue(self.town.delivered()[0]["data"].encode("latin-1").endswith(b"\r\n\r\n" + body))
        self.assertEqual([name for name in os.listdir(self.town.folder) if "spool" in name], [])

    def test_a_client_that_leaves_within_the_message_sends_nothing(self):
        client = self.ready()
        client.say(b"Subject: half\r\n\r\nhalf a mess")
        client.close()
        self.assertIsNone(self.town.send(*SCENES["everyday"][2:5]))
        self.assertEqual(len(self.town.delivered()), 1)

    def test_a_message_in_circles_is_refused(self):
        client = self.ready()
        client.say(b"Received: from a by b; Thu, 1 Jan 2026 00:00:00 +0000\r\n" * 50 + b"Subject: x\r\n\r\nx\r\n.\r\n")
        self.assertEqual(client.reply()[0], 554)
        self.assertEqual(self.town.delivered(), [])

    def test_a_forged_mark_behind_a_line_that_is_no_field_is_removed(self):
        client = self.ready()
        client.say(b"From: clerk@harbridge.example\r\nno field at all\r\nBeadle-Verdict: pass; rules=forged\r\n\r\nx\r\n.\r\n")
        self.assertEqual(client.reply()[0], 250)
        self.assertNotIn("forged", self.town.delivered()[0]["data"])

    def test_smuggled_messages_are_refused_or_stay_content(self):
        with open(SMUGGLING, encoding="utf-8") as file:
            rows = [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("# ")]
        self.assertGreater(len(rows), 30)
        for name, escaped, outcome in rows:
            with self.subTest(name):
                before = len(self.town.delivered())
                client = self.ready()
                second = b"MAIL FROM:<mayor@harbridge.example>\r\nRCPT TO:<victim@homemail.example>\r\nDATA\r\nSubject: smuggled\r\n\r\nx"
                sequence = codecs.escape_decode(escaped.encode())[0]
                client.say(b"From: clerk@harbridge.example\r\nSubject: first\r\n\r\nHello" + sequence + second + b"\r\n.\r\n")
                code, _ = client.reply()
                new = self.town.delivered()[before:]
                if outcome == "refused":
                    self.assertEqual((code, new), (550, []))
                    self.assertEqual(client.reply(), (0, ""))
                else:
                    self.assertEqual((code, len(new)), (250, 1))
                    self.assertEqual(new[0]["sender"], "clerk@harbridge.example")

    def test_content_that_did_not_wait_for_its_354_is_refused(self):
        client = self.client()
        client.reply()
        client.ask("EHLO client.example")
        client.say(b"MAIL FROM:<clerk@harbridge.example>\r\nRCPT TO:<ross@homemail.example>\r\nDATA\r\nSubject: early\r\n\r\nx\r\n.\r\n")
        self.assertEqual([client.reply()[0] for _ in range(3)], [250, 250, 503])
        self.assertEqual(client.reply(), (0, ""))
        self.assertEqual(self.town.delivered(), [])


class NextHopAway(Door):
    def test_away_from_the_start_clients_are_told_to_come_again(self):
        self.town.stop_beadle()
        self.town.stop_sink()
        self.town.start_beadle()
        client = self.client()
        self.assertEqual(client.reply()[0], 421)

    def test_away_later_mail_is_put_off_and_goes_when_it_is_back(self):
        self.assertIsNone(self.town.send(*SCENES["everyday"][2:5]))
        self.town.stop_sink()
        client = self.client()
        self.assertEqual(client.reply()[0], 220)
        client.ask("EHLO client.example")
        self.assertEqual(client.ask("MAIL FROM:<clerk@harbridge.example>")[0], 451)
        self.town.start_sink()
        self.assertEqual(client.ask("MAIL FROM:<clerk@harbridge.example>")[0], 250)

    def test_lost_within_a_transaction_nothing_is_promised(self):
        client = self.ready()
        self.town.stop_sink()
        client.say(b"Subject: x\r\n\r\nx\r\n.\r\n")
        self.assertEqual(client.reply()[0], 451)


    def test_lost_and_back_while_the_message_comes_in_it_gets_the_message(self):
        client = self.ready("ross@homemail.example", "jo@homemail.example")
        client.say(b"Subject: x\r\n\r\nHel")
        self.town.stop_sink()
        self.town.start_sink()
        client.say(b"lo\r\n.\r\n")
        self.assertEqual(client.reply()[0], 250)
        mail = self.town.delivered()[0]
        self.assertEqual(mail["recipients"], ["ross@homemail.example", "jo@homemail.example"])
        self.assertTrue(mail["data"].endswith("\r\n\r\nHello\r\n"))

    def test_lost_at_any_step_the_client_keeps_the_mail(self):
        scene = SCENES["everyday"]
        for verb in ("greeting", "EHLO", "MAIL", "RCPT", "DATA", "."):
            with self.subTest(verb):
                self.town.sink_rules(f"close {verb}")
                # Connections that wait were opened before it began.
                self.town.stop_sink()
                self.town.start_sink()
                code, words = self.town.send(*scene[2:5])
                self.assertEqual((code // 100, "4.4." in words), (4, True), (code, words))
                self.assertEqual(self.town.delivered(), [])
        self.town.sink_rules()
        self.assertIsNone(self.town.send(*scene[2:5]))
        self.assertEqual(len(self.town.delivered()), 1)

    def test_slow_at_every_step_it_gets_the_mail_once_and_none_that_is_held(self):
        self.town.sink_rules(*[f"slow {verb} 0.3" for verb in ("EHLO", "MAIL", "RCPT", "DATA")], "slow-data 0.3")
        self.town.stop_beadle()
        self.town.start_beadle()
        for scene in ("everyday", "an order"):
            self.assertIsNone(self.town.send(*SCENES[scene][2:5]))
        self.assertEqual((len(self.town.find_delivered("Subject: The pond")), len(self.town.find_delivered("Subject: Fence", SCENES["an order"][3][0]))), (1, 0))
        self.assertEqual(len(self.town.held()), 1)

    def test_slow_to_hear_that_nothing_comes_the_client_of_held_mail_does_not_wait_for_it(self):
        self.town.sink_rules("slow RSET 3")
        client, begun = self.client(), time.monotonic()
        client.reply()
        self.assertEqual(client.hand_in("an order")[0], 250)
        self.assertLess(time.monotonic() - begun, 2.5)
        self.assertEqual(len(self.town.held()), 1)

    def test_lost_when_it_is_told_that_nothing_comes_the_mail_is_held_all_the_same(self):
        self.town.sink_rules("close RSET")
        self.assertIsNone(self.town.send(*SCENES["an order"][2:5]))
        self.assertEqual(len(self.town.held()), 1)

    def test_killed_when_the_hold_is_on_disk_the_mail_is_held_once(self):
        client, scene = self.client(), SCENES["an order"]
        client.reply()
        for line in ("EHLO client.example", f"MAIL FROM:<{scene[2]}>", *[f"RCPT TO:<{one}>" for one in scene[3]], "DATA"):
            client.ask(line)
        client.say(scene[4].replace("\r\n", "\n").replace("\n", "\r\n").encode() + b".\r\n")
        held = wait_until("the hold", self.town.held)
        self.town.stop_beadle(signal.SIGKILL)
        # The answer may have got out or not; its mail server may have lost it either way.
        self.assertIn(client.reply()[0], (0, 250))
        self.town.start_beadle()
        self.assertIsNone(self.town.send(*scene[2:5]))  # as its mail server would
        self.assertEqual([one["id"] for one in self.town.held()], [one["id"] for one in held])


class Reload(Door):
    def change(self, before, after):
        with open(self.town.path("beadle.toml"), encoding="utf-8") as file:
            text = file.read()
        self.assertIn(before, text)
        self.town.write("beadle.toml", text.replace(before, after))

    def reload(self, word="reloaded"):
        seen = self.town.log().count(word + " ")
        self.town.beadle_process.send_signal(signal.SIGHUP)
        wait_until(word, lambda: self.town.log().count(word + " ") > seen)

    def test_new_sessions_have_the_new_settings_and_running_ones_end_with_the_old(self):
        running = self.client()
        self.assertEqual(running.reply()[0], 220)
        self.change("[release]", 'relay-from = ["192.0.2.1"]\n[release]')
        self.reload()
        self.assertEqual(self.client().reply()[0], 554)
        running.ask("EHLO client.example")
        self.assertEqual(running.ask("MAIL FROM:<clerk@harbridge.example>")[0], 250)
        self.change('relay-from = ["192.0.2.1"]', 'relay-from = ["0.0.0.0/0"]')
        self.reload("reload-refused")
        self.assertEqual(self.client().reply()[0], 554)
        self.assertNotIn("reload-needs-restart", self.town.log())
        self.change('relay-from = ["0.0.0.0/0"]', "connections = 10")
        self.change(f"inet:127.0.0.1:{self.town.submit_port}", "inet:127.0.0.1:1")
        self.reload()
        self.assertIn("reload-needs-restart keys=smtp.listen", self.town.log())
        self.assertIsNone(self.town.send(*SCENES["everyday"][2:5]))

    def test_mail_and_releases_go_to_the_new_next_hop(self):
        self.assertIsNone(self.town.send(*SCENES["an order"][2:5]))
        old = self.town.sink_port
        self.town.stop_sink()
        self.town.sink_port = harness.free_port()
        self.town.start_sink()
        self.change(f"inet:127.0.0.1:{old}", f"inet:127.0.0.1:{self.town.sink_port}")
        self.reload()
        self.assertIsNone(self.town.send(*SCENES["everyday"][2:5]))
        self.town.release(self.town.held()[0])
        wait_until("the release", lambda: self.town.find_delivered("Subject: Fence", SCENES["an order"][3][0]))


class RequiredField(Door):
    def setUp(self):
        self.secret = "5f0c3d9e8b7a61524334251607f8e9da"
        folder = harness.tempfile.mkdtemp(prefix="beadle-secret-")
        self.addCleanup(shutil.rmtree, folder, True)
        with open(os.path.join(folder, "route"), "w", encoding="ascii") as file:
            file.write(self.secret + "\n")
        self.smtp = f'require-field = "X-Council-Route"\nrequire-field-file = "{folder}/route"\n'
        super().setUp()

    def test_mail_of_another_customer_of_the_cloud_is_refused_and_nobody_sees_the_secret(self):
        for scene in ("everyday", "an order"):
            sender, recipients, data = SCENES[scene][2:5]
            code, words = self.town.send(sender, recipients, data)
            self.assertEqual(code, 550, words)
            self.assertEqual(self.town.send(sender, recipients, "X-Council-Route: guessed\r\n" + data)[0], 550)
            self.assertIsNone(self.town.send(sender, recipients, f"X-Council-Route: {self.secret}\r\n" + data))
        held = self.town.held()
        self.assertEqual(len(held), 1)
        self.town.release(held[0])
        wait_until("the release", lambda: self.town.find_delivered("Subject: Fence", SCENES["an order"][3][0]))
        self.assertEqual(len([mail for mail in self.town.delivered() if mail["sender"]]), 2)
        for mail in self.town.delivered():
            self.assertNotIn("X-Council-Route", mail["data"])
        self.assertIn("smtp-not-ours", self.town.log())
        self.assertNotIn(self.secret, self.town.log())


class Forwarded(Door):
    """XFORWARD: a mail server tells whose mail it passes on."""

    smtp = 'xforward-from = ["127.0.0.2"]'
    sink_rules = ("offer XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE",)
    LISTED, OTHER = "127.0.0.2", "127.0.0.3"
    TOLD = {"NAME": "laptop.example", "ADDR": "192.0.2.7", "PORT": "4711", "PROTO": "ESMTP", "HELO": "[192.0.2.7]", "IDENT": "ABC123", "SOURCE": "REMOTE"}
    SAID = "XFORWARD " + " ".join(f"{name}={value}" for name, value in TOLD.items())

    def greeted(self, source):
        client = self.client(source)
        self.assertEqual(client.reply()[0], 220)
        return client

    def heard_behind(self):
        """What the next hop was told of the client of the last message."""
        lines = self.town.delivered()[-1]["xforward"]
        return dict(word.split("=", 1) for line in lines for word in line.split()[1:])

    def test_it_is_offered_to_listed_hosts_only_and_refused_from_others(self):
        for source, offered, code in ((self.LISTED, True, 250), (self.OTHER, False, 550)):
            client = self.greeted(source)
            lines = client.ask("EHLO client.example")[1].split("\n")
            self.assertEqual([set(line.split()[1:]) for line in lines if line.startswith("XFORWARD")], [set(self.TOLD)] if offered else [])
            self.assertEqual(client.ask(self.SAID)[0], code)
            self.assertEqual(client.hand_in("everyday")[0], 250)
            self.assertEqual(self.heard_behind()["ADDR"], self.TOLD["ADDR"] if offered else source)

    def test_what_is_told_reaches_the_next_hop_and_the_record(self):
        self.assertEqual(self.greeted(self.LISTED).hand_in("everyday", self.SAID)[0], 250)
        self.assertEqual(self.heard_behind(), self.TOLD)
        self.assertEqual(self.greeted(self.LISTED).hand_in("an order", self.SAID)[0], 250)
        shown = self.shown()
        self.assertEqual((shown["client"], shown["queue_id"]), ("laptop.example [192.0.2.7]", "ABC123"))

    def test_where_nothing_is_told_both_have_what_the_door_sees(self):
        self.assertEqual(self.greeted(self.OTHER).hand_in("everyday")[0], 250)
        heard = self.heard_behind()
        self.assertEqual({name: heard.get(name) for name in ("ADDR", "HELO", "PROTO")}, {"ADDR": self.OTHER, "HELO": "client.example", "PROTO": "ESMTP"})
        self.assertEqual(self.greeted(self.OTHER).hand_in("an order")[0], 250)
        shown = self.shown()
        self.assertEqual((shown["client"], shown["queue_id"]), (f"client.example [{self.OTHER}]", ""))

    def test_what_is_told_counts_for_one_message(self):
        client = self.greeted(self.LISTED)
        self.assertEqual(client.hand_in("everyday", self.SAID)[0], 250)
        self.assertEqual(client.hand_in("everyday")[0], 250)
        self.assertEqual(self.heard_behind()["ADDR"], self.LISTED)
        client.ask(self.SAID)
        client.ask("RSET")
        self.assertEqual(client.hand_in("an order")[0], 250)
        self.assertEqual(self.shown()["queue_id"], "")


class Certificates(Door):
    """Clients that are known by a certificate."""

    def setUp(self):
        self.folders = []
        for _ in ("the door's", "the client's", "another"):
            self.folders.append(harness.tempfile.mkdtemp(prefix="beadle-certificates-"))
            self.addCleanup(shutil.rmtree, self.folders[-1], True)
            harness.make_certificates(self.folders[-1])
        ours, known = self.folders[:2]
        with open(os.path.join(known, "door.pem"), encoding="ascii") as file:
            fingerprint = hashlib.sha256(ssl.PEM_cert_to_DER_cert(file.read())).hexdigest()
        self.smtp = f'relay-from = ["192.0.2.1"]\nrelay-certificates = ["{fingerprint}"]\ncertificate = "{ours}/door.pem"\nkey = "{ours}/door.key"\n'
        super().setUp()

    def connected(self, folder=None, tls=True):
        client = self.client()
        self.assertEqual(client.reply()[0], 220)
        client.ask("EHLO client.example")
        if tls:
            context = ssl.create_default_context(cafile=os.path.join(self.folders[0], "ca.pem"))
            context.check_hostname = False
            if folder:
                context.load_cert_chain(os.path.join(folder, "door.pem"), os.path.join(folder, "door.key"))
            client.start_tls(context)
        return client

    def test_a_listed_certificate_may_send(self):
        client = self.connected(self.folders[1])
        self.assertEqual(client.hand_in("everyday")[0], 250)
        self.assertEqual(len(self.town.delivered()), 1)
        self.assertEqual(client.hand_in("an order")[0], 250)
        self.assertEqual(len(self.town.held()), 1)

    def test_without_it_nobody_may(self):
        for name, client, code, words in (("no TLS", self.connected(tls=False), 530, "5.7.0"), ("no certificate", self.connected(), 550, "5.7.1"),
                                          ("another", self.connected(self.folders[2]), 550, "5.7.1")):
            for scene in ("everyday", "an order"):
                with self.subTest(name, scene=scene):
                    answer = client.hand_in(scene)
                    self.assertEqual((answer[0], answer[1][:5]), (code, words))
        self.assertEqual((self.town.delivered(), self.town.held()), ([], []))


class Strangers(Door):
    smtp = 'relay-from = ["192.0.2.1"]'

    def test_who_is_not_listed_may_send_nothing(self):
        client = self.client()
        self.assertEqual(client.reply()[0], 554)
        self.assertEqual(client.reply(), (0, ""))


if __name__ == "__main__":
    unittest.main()
