"""Postfix before and behind the SMTP door, set up as docs/smtp.md says: its settings, its commands and the files of config/postfix are what runs here,
with ports, names and folders of a town in their place.

`BEADLE=build/dev/beadle python3 -m unittest test_postfix` in this folder. Needs root and Postfix.
"""

import os
import re
import shutil
import smtplib
import subprocess
import unittest

import cast
import harness
from harness import wait_until

BEADLE = os.environ.get("BEADLE", os.path.join(harness.SOURCE, "build", "dev", "beadle"))
SCENES = {scene[0]: scene for scene in cast.scenes()}
SHIPPED = os.path.join(harness.SOURCE, "config", "postfix")
USER = "127.0.0.9"  # where people sit: another address than that of the servers
SECRET = "5f0c3d9e8b7a61524334251607f8e9da"


def guide(heading, kind=""):
    """The blocks of commands (or of "toml") under a heading of docs/smtp.md."""
    with open(os.path.join(harness.SOURCE, "docs", "smtp.md"), encoding="utf-8") as file:
        section = re.split(r"^#{2,3} ", file.read().split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    return [text for name, text in re.findall(r"^```(\w*)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL) if name == kind]


class GuidedTown(harness.Town):
    """A machine on which somebody did what the guide says."""

    commands = ()  # of the guide, in order
    next_hop = None  # another one than the guide's
    also = ""  # in main.cf: nothing there is to lead mail back to Beadle

    def __init__(self, *words, **more):
        self.front_port, self.cloud_port = harness.free_port(), harness.free_port()
        super().__init__(*words, door="smtp", **more)

    def here(self, text):
        """A text of the guide, or a file of config/postfix, for this town."""
        cloud = f"[localhost]:{self.sink_port}"
        for theirs, ours in (("10025", self.submit_port), ("10026", self.reentry_port), ("10027", self.cloud_port),
                             ("submission submissions", f"127.0.0.1:{self.front_port}"),
                             ("/etc/postfix", self.path("etc")), ("/etc/ssl/certs/ca-certificates.crt", self.path("ca.pem")),
                             ("[council-example.mail.protection.outlook.com]:25", cloud), ("[smtp-relay.gmail.com]:587", cloud),
                             ("council.example", "harbridge.example"), (r"council\.example", r"harbridge\.example"), ("WRITE-THE-SECRET-HERE", SECRET)):
            text = text.replace(theirs, str(ours))
        return text

    def door_settings(self):
        lines = self.here(guide("Settings for all of them", "toml")[0]).replace("[smtp]\n", f'[smtp]\nspool = "{self.folder}"\n{self.smtp_settings}', 1).splitlines()
        if self.next_hop:
            lines = [f'next-hop = "inet:127.0.0.1:{self.next_hop()}"' if line.startswith("next-hop ") else line for line in lines]
        return ("\n" + 12 * " ").join(["", *[line for line in lines if not line.startswith("host-name")]])

    def write_postfix(self):
        super().write_postfix()
        with open(self.path("etc", "main.cf"), "a", encoding="utf-8") as file:
            file.write(self.here(self.also))
        with open(self.path("etc", "master.cf"), encoding="utf-8") as file:
            rows = [row for row in file.read().splitlines() if " smtpd " not in row]
        rows.insert(0, f"127.0.0.1:{self.front_port} inet n - y - - smtpd")
        if any("-MX smtp/inet" in text for text in self.commands):
            rows.insert(0, "smtp inet n - y - - smtpd")  # as Debian has it; the guide takes it out
        self.write("etc/master.cf", "\n".join(rows) + "\n")
        for name in os.listdir(SHIPPED):
            with open(os.path.join(SHIPPED, name), encoding="utf-8") as file:
                self.write(os.path.join("source/config/postfix", name), self.here(self.edited(name, file.read())))
        script = ["set -e", "systemctl() { :; }", "editor() { :; }", *[self.here(text) for text in self.commands]]
        done = subprocess.run(["bash", "-c", "\n".join(script)], cwd=self.path("source"), capture_output=True, text=True, check=False,
                              env={**os.environ, "MAIL_CONFIG": self.path("etc")})
        with open(self.path("etc", "master.cf"), encoding="utf-8") as file:
            if done.returncode != 0 or re.search(r"^smtp\s+inet", file.read(), re.MULTILINE):
                raise AssertionError(f"the guide's commands: exit {done.returncode}\n{done.stdout}{done.stderr}")
        os.utime(self.path("etc/main.cf"), (0, 0))
        # What Debian's postfix.service does for services in a chroot.
        os.makedirs(self.path("queue", "etc"), exist_ok=True)
        for name in ("hosts", "nsswitch.conf", "resolv.conf", "services"):
            if os.path.exists("/etc/" + name):
                shutil.copy("/etc/" + name, self.path("queue", "etc"))

    def edited(self, _, text):
        """A file of config/postfix as the administrator leaves it."""
        return text


def hand_in(port, sender, recipients, data):
    """What a program hears: the answers to the recipients (or to the sender, where that one is refused), and the one to the data, if it comes so far."""
    with smtplib.SMTP("127.0.0.1", port, local_hostname="laptop.example", timeout=60, source_address=(USER, 0)) as server:
        server.ehlo()
        answers = [server.mail(sender, ["BODY=8BITMIME"])]
        if answers[0][0] == 250:
            answers = [server.rcpt(one) for one in recipients]
        if all(code >= 400 for code, _ in answers):
            return answers, None
        code, words = server.data(data.replace("\r\n", "\n").replace("\n", "\r\n").encode())
        return answers, (code, words.decode())


@unittest.skipIf(harness.why_not(), harness.why_not())
class Guided(unittest.TestCase):
    """One town for all stories of a class."""

    kind = GuidedTown
    smtp = ""

    @classmethod
    def setUpClass(cls):
        cls.town = cls.kind(BEADLE, cast.ROSTER, smtp=cls.smtp)
        cls.addClassCleanup(cls.town.__exit__)
        cls.prepare(cls.town)
        cls.town.start_sink()
        cls.town.start_beadle()
        cls.town.start_postfix()

    @classmethod
    def prepare(cls, town):
        pass

    def delivered(self, words, recipient):
        return wait_until(f"delivery of {words!r}", lambda: self.town.find_delivered(words, recipient))

    def settled(self):
        """Everything that Postfix had has gone somewhere: its queue is empty."""
        def empty():
            return not subprocess.run(["postqueue", "-c", self.town.path("etc"), "-j"], capture_output=True, text=True, check=True).stdout
        wait_until("an empty queue", empty)

    def release(self, subject, recipient):
        self.town.release(next(one for one in self.town.held() if one["subject"] == subject))
        return self.delivered(f"Subject: {subject}", recipient)[0]


PROXY = guide("Postfix: smtpd_proxy_filter")[0]
AFTER = re.sub(r"^for service .*?^done\n", lambda _: guide("Postfix: content_filter (after the queue)")[0], PROXY, flags=re.MULTILINE | re.DOTALL)


class BeforeTheQueue(Guided):
    class kind(GuidedTown):
        commands = [PROXY]
        also = "always_bcc = copies@elsewhere.example\nsmtpd_proxy_filter = inet:127.0.0.1:10025\n"

    def test_what_may_go_is_delivered_once_and_its_copy_too(self):
        answers, (code, words) = hand_in(self.town.front_port, *SCENES["everyday"][2:5])
        self.assertEqual(([one[0] for one in answers], code), ([250], 250), words)
        self.delivered("Subject: The pond", "copies@elsewhere.example")
        self.settled()
        mails = self.town.find_delivered("Subject: The pond")
        self.assertEqual(sorted(one for mail in mails for one in mail["recipients"]), ["copies@elsewhere.example", "ross@homemail.example"])
        self.assertEqual([mail["data"].count("\r\nBeadle-Id: ") for mail in mails], [1] * len(mails))

    def test_an_order_is_held_and_goes_when_it_is_released(self):
        _, (code, words) = hand_in(self.town.front_port, *SCENES["an order"][2:5])
        self.assertEqual(code, 250)
        self.assertIn("held for review", words)
        self.settled()
        self.assertEqual(self.town.find_delivered("Subject: Fence", SCENES["an order"][3][0]), [])
        mail = self.release("Fence", SCENES["an order"][3][0])
        self.assertEqual(mail["sender"], SCENES["an order"][2])
        self.assertTrue(mail["data"].endswith(SCENES["an order"][4].replace("\n", "\r\n").encode().decode("latin-1")))

    def test_the_record_and_the_log_behind_name_the_users_address(self):
        _, (_, words) = hand_in(self.town.front_port, *SCENES["a leak"][2:5])
        self.assertRegex(self.town.shown({"id": words.split()[-1]})["client"], rf"\[{USER}\]$")
        hand_in(self.town.front_port, *SCENES["ombudsman"][2:5])
        self.assertRegex(self.town.postfix_log(), rf"beadle-back/smtpd\S* \w+: client=\S+, orig_client=\S*\[{USER}\]")

    def test_what_the_world_refuses_comes_back_to_its_sender_and_not_by_beadle(self):
        self.town.sink_rules("refuse nobody@homemail.example")
        sender, _, data = SCENES["everyday"][2:5]
        hand_in(self.town.front_port, sender, ["nobody@homemail.example"], data.replace("The pond", "The other pond"))
        bounce = self.delivered("Subject: Undelivered Mail Returned to Sender", sender)[0]
        self.assertIn("sink: no such mailbox", bounce["data"])
        self.assertNotIn("\r\nBeadle-Id: ", bounce["data"].partition("\r\n\r\n")[0])

    def test_with_beadle_away_the_user_keeps_the_mail(self):
        scene = [text.replace("The pond", "The late pond") if isinstance(text, str) else text for text in SCENES["everyday"][2:5]]
        self.town.stop_beadle()
        _, (code, words) = hand_in(self.town.front_port, *scene)
        self.assertEqual((code, words), (451, "4.3.0 Error: queue file write error"))
        self.town.start_beadle()
        self.assertEqual(hand_in(self.town.front_port, *scene)[1][0], 250)
        self.delivered("Subject: The late pond", scene[1][0])
        self.settled()
        self.assertEqual(len(self.town.find_delivered("Subject: The late pond", scene[1][0])), 1)

    def test_the_users_limit_is_the_smallest_so_that_nothing_is_too_large_behind_it(self):
        sender, recipients, data = SCENES["everyday"][2:5]
        with smtplib.SMTP("127.0.0.1", self.town.front_port, timeout=60) as server:
            server.ehlo()
            self.assertEqual(server.mail(sender, ["SIZE=50000001"])[0], 552)
        head = f"From: {sender}\nSubject: The whole pond\nMIME-Version: 1.0\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n"
        lines = (49_999_900 - len(head) - head.count("\n")) // 78  # what Beadle adds makes it larger than the users' limit
        _, (code, words) = hand_in(self.town.front_port, sender, recipients, head + ("x" * 76 + "\n") * lines)
        self.assertEqual(code, 250, words)
        self.assertEqual(self.delivered("Subject: The whole pond", recipients[0])[0]["data"].count("x" * 76 + "\r\n"), lines)


class RecipientsChecked(Guided):
    """The next hop is a server that checks recipients, so that speed_adjust is left out."""

    class kind(GuidedTown):
        commands = [PROXY.replace(" $service/inet/smtpd_proxy_options=speed_adjust", "")]

        def next_hop(self):
            return self.sink_port

    def test_each_recipient_hears_the_next_hops_own_answer(self):
        self.town.sink_rules("refuse nobody@homemail.example", "defer busy@homemail.example")
        sender, recipients, data = SCENES["everyday"][2:5]
        answers, (code, words) = hand_in(self.town.front_port, sender, ["nobody@homemail.example", "busy@homemail.example", *recipients], data)
        self.assertEqual([answer[0] for answer in answers], [550, 450, 250])
        self.assertIn(b"sink: no such mailbox", answers[0][1])
        self.assertEqual(code, 250, words)
        self.assertEqual([mail["recipients"] for mail in self.town.delivered()], [recipients])


class RecipientsTogether(Guided):
    """The same with speed_adjust."""

    class kind(RecipientsChecked.kind):
        commands = [PROXY]

    def test_one_recipient_who_is_refused_refuses_the_message(self):
        self.town.sink_rules("refuse nobody@homemail.example")
        sender, recipients, data = SCENES["everyday"][2:5]
        _, (code, words) = hand_in(self.town.front_port, sender, [*recipients, "nobody@homemail.example"], data)
        self.assertEqual((code, "sink: no such mailbox" in words), (550, True), words)
        self.assertEqual(self.town.delivered(), [])


class AfterTheQueue(Guided):
    class kind(GuidedTown):
        commands = [AFTER]
        also = "always_bcc = copies@elsewhere.example\ncontent_filter = beadle-door:[127.0.0.1]:10025\n"

    def verdicts(self):
        return [line for line in self.town.log().splitlines() if line.startswith("verdict ")]

    def test_what_may_go_is_looked_at_once_for_all_its_recipients(self):
        sender, _, data = SCENES["everyday"][2:5]
        recipients = [f"resident{number}@homemail.example" for number in range(60)]
        before = len(self.verdicts())
        hand_in(self.town.front_port, sender, recipients, data)
        self.delivered("Subject: The pond", "copies@elsewhere.example")
        self.settled()
        self.assertEqual(len(self.verdicts()), before + 1)
        mails = self.town.find_delivered("Subject: The pond")
        self.assertEqual(sorted(one for mail in mails for one in mail["recipients"]), sorted([*recipients, "copies@elsewhere.example"]))
        self.assertEqual([mail["data"].count("\r\nBeadle-Id: ") for mail in mails], [1] * len(mails))

    def test_an_order_is_held_and_goes_when_it_is_released(self):
        _, (code, words) = hand_in(self.town.front_port, *SCENES["an order"][2:5])
        self.assertEqual((code, "queued as" in words), (250, True), words)
        held = wait_until("the held mail", self.town.held)
        self.settled()
        self.assertIn("status=sent (250 2.0.0 Ok: held for review", self.town.postfix_log())
        self.assertEqual(self.town.find_delivered("Subject: Fence", SCENES["an order"][3][0]), [])
        self.assertRegex(self.town.shown(held[0])["client"], rf"\[{USER}\]$")
        self.release("Fence", SCENES["an order"][3][0])

    def test_while_beadle_is_away_mail_waits_in_the_queue(self):
        scene = [text.replace("The pond", "The late pond") if isinstance(text, str) else text for text in SCENES["everyday"][2:5]]
        self.town.stop_beadle()
        self.assertEqual(hand_in(self.town.front_port, *scene)[1][0], 250)
        wait_until("postfix to put it off", lambda: "status=deferred" in self.town.postfix_log())
        self.town.start_beadle()

        def tried_again():
            self.town.flush()
            return self.town.find_delivered("Subject: The late pond", scene[1][0])

        wait_until("the second try", tried_again)
        self.settled()
        self.assertEqual(len(self.town.find_delivered("Subject: The late pond", scene[1][0])), 1)


class CloudTown(GuidedTown):
    """Behind Beadle a Postfix that gives mail back to the cloud, which is the sink: over TLS, and only with our certificate."""

    commands = guide("Microsoft 365")[:1]
    also = "smtpd_proxy_filter = inet:127.0.0.1:10025\n"

    def next_hop(self):
        return self.cloud_port

    def door_settings(self):
        lines = [line for line in super().door_settings().splitlines() if "xforward-from" not in line]
        return "\n".join(lines).replace("/etc/beadle", self.path("etc"))


class Cloud(Guided):
    kind = CloudTown
    smtp = guide("A secret for a shared cloud", "toml")[0].replace("[smtp]\n", "")

    @classmethod
    def prepare(cls, town):
        harness.make_certificates(town.folder)
        town.sink_tls = [town.path(name) for name in ("door.pem", "door.key", "ca.pem")]
        os.makedirs(town.path("source"))
        shutil.copy(town.path("door.pem"), town.path("source", "fullchain.pem"))
        shutil.copy(town.path("door.key"), town.path("source", "privkey.pem"))
        town.write("etc/route", SECRET + "\n")

    def hand_in(self, scene, *fields, sender=None, subject=""):
        """What the cloud hears last: code and words."""
        _, _, own, recipients, data, _ = SCENES[scene]
        data = "".join(field + "\n" for field in fields) + data.replace("Subject: The pond", "Subject: The pond" + subject)
        answers, last = hand_in(self.town.submit_port, sender or own, recipients, data)
        return last or (answers[0][0], answers[0][1].decode())

    def came_back(self, subject, sender):
        """The bounce of a message that has not gone to anybody else."""
        def bounces():
            return [mail for mail in self.town.find_delivered("not sent by way of our own organisation", sender) if subject in mail["data"]]
        mail = wait_until(f"the bounce of {subject!r}", bounces)[0]
        self.settled()
        self.assertEqual([mail["sender"] for mail in self.town.find_delivered(subject)], [""])
        return mail


OURS, FOREIGN, ROUTE = "X-OriginatorOrg: harbridge.example", "X-OriginatorOrg: elsewhere.example", f"X-Council-Route: {SECRET}"


class Microsoft(Cloud):
    def test_mail_with_the_secret_and_our_mark_goes_back_with_our_certificate_and_without_the_secret(self):
        code, words = self.hand_in("everyday", OURS, ROUTE)
        self.assertEqual(code, 250, words)
        mail = self.delivered("Subject: The pond\r\n", "ross@homemail.example")[0]
        self.assertEqual(mail["certificate"], "localhost")
        self.assertNotIn("X-Council-Route", mail["data"])
        self.assertIn("\r\n" + OURS + "\r\n", mail["data"])

    def test_mail_without_the_secret_is_refused(self):
        for fields in ([OURS], [OURS, "X-Council-Route: guessed"]):
            code, words = self.hand_in("everyday", *fields, subject=" without")
            self.assertEqual((code, words[:5]), (550, "5.7.1"), words)
        self.settled()
        self.assertEqual(self.town.find_delivered("Subject: The pond without"), [])

    def test_mail_without_our_mark_comes_back(self):
        self.assertEqual(self.hand_in("everyday", ROUTE, subject=" unmarked")[0], 250)
        self.assertNotIn(SECRET, self.came_back("Subject: The pond unmarked", cast.CLERK)["data"])

    def test_a_mark_within_an_attached_message_proves_nothing(self):
        head = f"{ROUTE}\nFrom: {cast.CLERK}\nSubject: around another\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n"
        answer = hand_in(self.town.submit_port, cast.CLERK, ["ross@homemail.example"], f"{head}{OURS}\nSubject: within\n\nx\n")[1]
        self.assertEqual(answer[0], 250, answer)
        self.came_back("Subject: around another", cast.CLERK)

    def test_mail_with_a_foreign_mark_or_a_foreign_sender_is_refused(self):
        self.assertEqual(self.hand_in("everyday", FOREIGN, ROUTE, subject=" foreign"), (550, "5.7.1 Sent by way of another organisation"))
        self.assertEqual(self.hand_in("everyday", OURS, ROUTE, sender="clerk@elsewhere.example", subject=" foreign")[0], 554)
        self.settled()
        self.assertEqual(self.town.find_delivered("Subject: The pond foreign"), [])

    def test_an_order_is_held_and_it_and_the_notices_go_back_with_our_certificate(self):
        code, words = self.hand_in("an order", OURS, ROUTE)
        self.assertEqual((code, "held for review" in words), (250, True), words)
        mail = self.release("Fence", SCENES["an order"][3][0])
        self.assertNotIn(SECRET, mail["data"])
        notice = self.delivered("Subject: Held for review: Fence", SCENES["an order"][2])[0]
        self.assertEqual((mail["certificate"], notice["certificate"]), ("localhost", "localhost"))


class Google(Cloud):
    """Beadle asks for the secret; Postfix has nothing to look for."""

    class kind(CloudTown):
        def edited(self, name, text):
            if name == "cloud-fields":
                return ""
            return re.sub(r"-o \{ content_filter = error:5\.7\.1 [^}]*\}", "-o content_filter=beadle-cloud:[smtp-relay.gmail.com]:587", text)

    def test_mail_with_the_secret_goes_on_without_it_and_other_mail_is_refused(self):
        self.assertEqual(self.hand_in("everyday", subject=" without")[0], 550)
        self.assertEqual(self.hand_in("everyday", ROUTE)[0], 250)
        mail = self.delivered("Subject: The pond\r\n", "ross@homemail.example")[0]
        self.assertNotIn("X-Council-Route", mail["data"])
        self.assertEqual(mail["certificate"], "localhost")
        self.settled()
        self.assertEqual(self.town.find_delivered("Subject: The pond without"), [])


class GoogleByPostfix(Cloud):
    """Beadle does not ask for the secret; Postfix behind it does, and takes it out."""

    smtp = ""

    class kind(CloudTown):
        def edited(self, name, text):
            if name != "cloud-fields":
                return text
            return re.sub(r"^if .*?^endif$", "", text, flags=re.MULTILINE | re.DOTALL).replace("#/^X-Council-Route", "/^X-Council-Route")

    def test_mail_with_the_secret_goes_on_without_it_and_other_mail_comes_back(self):
        self.assertEqual(self.hand_in("everyday", subject=" without")[0], 250)
        self.assertEqual(self.hand_in("everyday", "X-Council-Route: guessed", subject=" with another")[0], 250)
        self.came_back("Subject: The pond without", cast.CLERK)
        self.came_back("Subject: The pond with another", cast.CLERK)
        self.assertEqual(self.hand_in("everyday", ROUTE)[0], 250)
        mail = self.delivered("Subject: The pond\r\n", "ross@homemail.example")[0]
        self.assertNotIn("X-Council-Route", mail["data"])


if __name__ == "__main__":
    unittest.main()
