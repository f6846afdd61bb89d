"""The live SMTP door: real sockets, a next hop that refuses, is slow or away, and clients that mean no good.

`BEADLE=build/dev/beadle python3 -m unittest test_smtp_door` in this folder. Needs no Postfix and no root.
"""

import codecs
import os
import socket
import unittest

import cast
import harness
from harness import wait_until

BEADLE = os.environ.get("BEADLE", os.path.join(harness.SOURCE, "build", "dev", "beadle"))
SCENES = {scene[0]: scene for scene in cast.scenes()}
SMUGGLING = os.path.join(harness.SOURCE, "tests", "data", "smtp", "smuggling.tsv")


class Client:
    """Says bytes as they are, and hears one reply at a time."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
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

    def close(self):
        self.socket.close()


class Door(unittest.TestCase):
    smtp = ""

    def setUp(self):
        self.town = harness.Town(BEADLE, cast.ROSTER, door="smtp", smtp=self.smtp)
        self.addCleanup(self.town.__exit__)
        self.town.start_sink()
        self.town.start_beadle()

    def client(self):
        client = Client(self.town.submit_port)
        self.addCleanup(client.close)
        return client

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
        self.town.run("held", "release", held[0]["id"], "--by", "clerk", "--reason", "resolved")
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
                self.town.run("held", "release", held["id"], "--by", "clerk", "--reason", "resolved")
            mail = wait_until("the mail", lambda: [mail for mail in self.town.delivered() if mail["sender"] == sender])[0]
            words = [sorted(command.split()[2:]) for command in mail["commands"]]
            wanted = [sorted(command.split()[2:]) for command in said]
            self.assertEqual([[word for word in command if not word.startswith("SIZE=")] for command in words], wanted)

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


class Strangers(Door):
    smtp = 'relay-from = ["192.0.2.1"]'

    def test_who_is_not_listed_may_send_nothing(self):
        client = self.client()
        self.assertEqual(client.reply()[0], 554)
        self.assertEqual(client.reply(), (0, ""))


if __name__ == "__main__":
    unittest.main()
