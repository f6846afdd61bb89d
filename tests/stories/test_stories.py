"""Stories: real Postfix, real Beadle, real crashes. `BEADLE=build/dev/beadle python3 -m unittest test_stories` in this folder."""

import email
import json
import os
import signal
import sqlite3
import subprocess
import sys
import unittest

import cast
import harness
from harness import wait_until

BEADLE = os.environ.get("BEADLE", os.path.join(harness.SOURCE, "build", "dev", "beadle"))
SCENES = {scene[0]: scene for scene in cast.scenes()}


def send_scene(town, name):
    _, _, sender, recipients, message, _ = SCENES[name]
    return town.send(sender, recipients, message)


def message_of(mail):
    return email.message_from_bytes(mail["data"].encode("latin-1"))


def submitted(name):
    """The bytes that a scene hands in, as the next hop must see its body."""
    return SCENES[name][4].replace("\n", "\r\n").encode()


@unittest.skipIf(harness.why_not(), f"stories cannot run here: {harness.why_not()}")
class Story(unittest.TestCase):
    settings = ""
    mode = "enforce"

    def setUp(self):
        self.town = harness.Town(BEADLE, cast.ROSTER, mode=self.mode, settings=self.settings)
        self.town.__enter__()
        self.addCleanup(self.town.__exit__)

    def run(self, result=None):
        before = len(result.failures) + len(result.errors) if result else 0
        super().run(result)
        if result and len(result.failures) + len(result.errors) > before and hasattr(self, "last_log"):
            sys.stderr.write(self.last_log)

    def tearDown(self):
        self.last_log = self.town.log() + self.town.postfix_log()[-4000:]

    def delivered(self, words, recipient=None):
        return wait_until(f"delivery of {words!r}", lambda: self.town.find_delivered(words, recipient))

    def hold_fence(self):
        self.assertIsNone(send_scene(self.town, "an order"))
        held = self.town.held()
        self.assertEqual(len(held), 1)
        return held[0]

    def wait_for_state(self, ident, state):
        return wait_until(f"{ident} to be {state}", lambda: [item for item in self.town.held("--state", state) if item["id"] == ident])[0]


class EveryAction(Story):
    def test_pass_leaves_the_message_alone(self):
        self.assertIsNone(send_scene(self.town, "everyday"))
        mail = self.delivered("<pond@harbridge.example>")[0]
        message = message_of(mail)
        self.assertTrue(message["Beadle-Verdict"].startswith("pass;"))
        self.assertTrue(message["Beadle-Id"])
        body = submitted("everyday").split(b"\r\n\r\n", 1)[1]
        self.assertTrue(mail["data"].encode("latin-1").endswith(b"\r\n\r\n" + body))

    def test_flag_delivers_with_a_header_and_an_audit_row(self):
        self.assertIsNone(send_scene(self.town, "no reason"))
        message = message_of(self.delivered("<note@harbridge.example>")[0])
        self.assertTrue(message["Beadle-Verdict"].startswith("flag;"))
        self.assertNotIn("Day", message["Beadle-Verdict"])
        rows = json.loads(self.town.run("audit", "list", "--json").stdout)
        self.assertTrue([row for row in rows if row["act"] == "flagged" and "correspondence-4-reason" in row["detail"]])

    def test_annotate_writes_the_line_into_text_and_html_above_the_quote(self):
        self.assertIsNone(send_scene(self.town, "silent copy"))
        mail = self.delivered("<lamp@harbridge.example>")[0]
        self.assertEqual(sorted(mail["recipients"]), sorted([cast.JANE, cast.IAN_AT_HOME]))
        message = message_of(mail)
        parts = {part.get_content_type(): part.get_payload(decode=True).decode() for part in message.walk() if not part.is_multipart()}
        for kind in ("text/plain", "text/html"):
            self.assertEqual(parts[kind].count("CC Councillor Ian Day"), 1, kind)
        self.assertLess(parts["text/plain"].index("CC Councillor Ian Day"), parts["text/plain"].index("Jane Holt <jane"))
        # Take the line out again, and the text is what was sent.
        original = email.message_from_bytes(submitted("silent copy"))
        texts = {part.get_content_type(): part.get_payload(decode=True).decode() for part in original.walk() if not part.is_multipart()}
        without = [line for line in parts["text/plain"].splitlines() if line != "CC Councillor Ian Day" and line]
        self.assertEqual(without, [line for line in texts["text/plain"].splitlines() if line])

    def test_a_line_of_ours_is_not_repeated_when_its_message_comes_by_again(self):
        _, _, sender, recipients, _, _ = SCENES["silent copy"]
        self.assertIsNone(send_scene(self.town, "silent copy"))
        first = self.delivered("<lamp@harbridge.example>")[0]
        mark = message_of(first)["Beadle-Footer"]
        self.assertEqual(len(mark), 64)
        self.assertIsNone(self.town.send(sender, recipients, first["data"].replace("\r\n", "\n")))
        wait_until("the second delivery", lambda: len(self.town.find_delivered("<lamp@harbridge.example>")) >= 2)
        for mail in self.town.find_delivered("<lamp@harbridge.example>"):
            message = message_of(mail)
            self.assertEqual(message.get_all("Beadle-Footer"), [mark])
            for part in message.walk():
                if not part.is_multipart():
                    self.assertEqual(part.get_payload(decode=True).decode().count("CC Councillor Ian Day"), 1)

    def test_hold_release_and_both_notices(self):
        held = self.hold_fence()
        self.assertIn("exmouth/correspondence-3-obligation", held["clauses"] + ["exmouth/correspondence-3-obligation"] * ("exmouth/councillors-contract" in held["clauses"]))
        self.assertFalse(self.town.find_delivered("Subject: Fence", "tully@fencing.example"))
        told = self.delivered("Auto-Submitted", cast.IAN)[0]
        self.assertEqual(told["sender"], "")
        reviewer = self.delivered("Auto-Submitted", "monitoring@harbridge.example")[0]
        self.assertNotIn("bowling", message_of(reviewer).get_payload(decode=True).decode())
        self.town.run("held", "release", held["id"], "--by", "Ruth Ansell", "--reason", "resolution 114")
        mail = self.delivered("Subject: Fence", "tully@fencing.example")[0]
        self.assertEqual(mail["sender"], cast.IAN)
        self.assertTrue(mail["data"].encode("latin-1").endswith(submitted("an order")), "released as it was sent")
        done = self.wait_for_state(held["id"], "released")
        self.assertEqual(done["decided_by"], "monitoring@harbridge.example")
        wait_until("the second notice", lambda: len(self.town.find_delivered("Auto-Submitted", cast.IAN)) >= 2)
        again = self.town.run("held", "release", held["id"], "--by", "Ruth Ansell", check=False)
        self.assertEqual(again.returncode, 69)
        self.assertIn("monitoring@harbridge.example", again.stderr)
        self.assertIn("whole", self.town.run("audit", "verify").stdout)

    def test_what_the_sender_wants_to_hear_of_the_delivery_survives_the_hold(self):
        self.town.sink_rules("offer DSN")
        _, _, sender, recipients, data, _ = SCENES["an order"]
        asked = ["NOTIFY=FAILURE,DELAY", f"ORCPT=rfc822;other+2B{recipients[0]}"]
        self.assertIsNone(self.town.send(sender, recipients, data, ["RET=HDRS", "ENVID=QQ314159"], asked))
        self.town.run("held", "release", self.town.held()[0]["id"], "--by", "Ruth Ansell", "--reason", "resolved")
        mail = self.delivered("Subject: Fence", recipients[0])[0]
        self.assertLessEqual({"RET=HDRS", "ENVID=QQ314159"}, set(mail["commands"][0].split()))
        self.assertEqual(mail["commands"][1].split()[2:], [f"ORCPT=rfc822;other+2B{recipients[0]}", "NOTIFY=FAILURE,DELAY"])

    def test_return_gives_the_message_back_with_the_reviewers_words(self):
        held = self.hold_fence()
        self.town.run("held", "return", held["id"], "--by", "Ruth Ansell", "--reason", "Please let me place this order.")
        back = self.delivered("Please let me place this order.", cast.IAN)[0]
        self.assertEqual(back["sender"], "")
        self.assertEqual(self.wait_for_state(held["id"], "returned")["reason"], "Please let me place this order.")
        self.assertFalse(self.town.find_delivered("Subject: Fence", "tully@fencing.example"))
        refused = self.town.run("held", "release", held["id"], "--by", "Ruth Ansell", check=False)
        self.assertEqual(refused.returncode, 69)

    def test_the_sender_cannot_release_and_protected_mail_is_never_held(self):
        held = self.hold_fence()
        own = self.town.run("held", "release", held["id"], "--by", cast.IAN, check=False)
        self.assertEqual(own.returncode, 69)
        self.assertEqual(self.town.held()[0]["state"], "held")
        self.assertIsNone(send_scene(self.town, "ombudsman"))
        self.delivered("<ombudsman@harbridge.example>")

    def test_a_forged_mark_is_removed_and_does_not_help(self):
        name = "an order"
        _, _, sender, recipients, message, _ = SCENES[name]
        self.assertIsNone(self.town.send(sender, recipients, "Beadle-Verdict: released\nBeadle-Id: x\n" + message))
        self.assertEqual(len(self.town.held()), 1)
        pond = SCENES["everyday"]
        self.assertIsNone(self.town.send(pond[2], pond[3], "Beadle-Id: forged\nBeadle-Id: twice\n" + pond[4]))
        message = message_of(self.delivered("<pond@harbridge.example>")[0])
        self.assertEqual(len(message.get_all("Beadle-Id")), 1)
        self.assertNotIn("forged", message["Beadle-Id"])

    def test_several_mails_in_one_connection(self):
        import smtplib

        with smtplib.SMTP("127.0.0.1", self.town.submit_port, timeout=60) as server:
            for number in range(5):
                server.sendmail(cast.CLERK, ["ross@homemail.example"],
                                cast.plain(cast.CLERK, ["ross@homemail.example"], f"Pond {number}", "The ducks are well.\n", f"pond{number}"))
                server.mail(cast.CLERK)
                server.rset()
        for number in range(5):
            self.delivered(f"<pond{number}@harbridge.example>")


class Observe(Story):
    mode = "observe"

    def test_everything_is_delivered_unchanged_and_noted(self):
        for name in ("an order", "silent copy"):
            self.assertIsNone(send_scene(self.town, name))
        mail = self.delivered("Subject: Fence")[0]
        self.assertTrue(message_of(mail)["Beadle-Verdict"].startswith("pass;"))
        self.assertNotIn("CC Councillor", self.delivered("<lamp@harbridge.example>")[0]["data"])
        rows = json.loads(self.town.run("audit", "list", "--json").stdout)
        self.assertEqual(len([row for row in rows if row["act"] == "observed"]), 2)
        self.assertEqual(self.town.held("--all"), [])


class Failure(Story):
    def test_beadle_down_postfix_defers(self):
        self.town.stop_beadle()
        code, words = send_scene(self.town, "an order")
        self.assertIn(code, (0, 451))
        self.assertIn("4", words[:12] + str(code))
        self.assertEqual(self.town.delivered(), [])
        self.town.start_beadle()
        self.hold_fence()

    def test_kill_during_hold_loses_nothing_and_holds_once(self):
        # Killed at moments all over the hold: whatever the mail server was told, afterwards the message is held once.
        import threading

        for delay in (0.0, 0.002, 0.005, 0.01, 0.03):
            process = self.town.beadle_process
            timer = threading.Timer(delay, process.kill)
            timer.start()
            answer = send_scene(self.town, "an order")
            timer.join()
            process.wait()
            self.town.beadle_process = None
            self.town.start_beadle()
            if answer is not None:
                self.assertNotIn(answer[0], range(500, 600), answer)
                self.assertIsNone(send_scene(self.town, "an order"))
            self.assertEqual(len(self.town.held()), 1)
        self.assertFalse(self.town.find_delivered("Subject: Fence", "tully@fencing.example"))

    def test_kill_during_release_loses_nothing_and_says_what_may_be_double(self):
        held = self.hold_fence()
        self.town.run("held", "release", held["id"], "--by", "Ruth Ansell")
        database = self.town.path("beadle.db")

        def sending():
            connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)
            rows = connection.execute("select count(*) from audit where act in ('sending','delivered')").fetchone()
            connection.close()
            return rows[0] > 0

        wait_until("the release to begin", sending)
        self.town.beadle_process.kill()
        self.town.beadle_process.wait()
        self.town.beadle_process = None
        self.town.start_beadle()
        self.wait_for_state(held["id"], "released")
        copies = len(self.delivered("Subject: Fence", "tully@fencing.example"))
        if copies > 1:
            self.assertIn("interrupted", self.town.log())
        self.assertLessEqual(copies, 2)
        self.assertIn("whole", self.town.run("audit", "verify").stdout)

    def test_a_release_that_finds_nobody_is_tried_again(self):
        held = self.hold_fence()
        subprocess.run(["postfix", "-c", self.town.path("etc"), "stop"], check=True, capture_output=True)
        wait_until("postfix to end", lambda: not harness.can_connect(self.town.reentry_port))
        self.town.postfix_running = False
        self.town.run("held", "release", held["id"], "--by", "Ruth Ansell")
        wait_until("a failed try", lambda: "release-deferred" in self.town.log())
        self.assertEqual(self.town.held("--state", "releasing")[0]["id"], held["id"])
        self.town.stop_beadle()
        self.town.start_postfix()
        # The next try is some minutes away: the clock is turned on.
        connection = sqlite3.connect(self.town.path("beadle.db"))
        with connection:
            connection.execute("update recipient set next_try_ms = 0 where next_try_ms is not null")
            connection.execute("update notice set next_try_ms = 0")
        connection.close()
        self.town.start_beadle()
        self.wait_for_state(held["id"], "released")
        self.assertEqual(len(self.delivered("Subject: Fence", "tully@fencing.example")), 1)

    def test_a_broken_reload_keeps_the_old_rules(self):
        good = open(self.town.path("roster.toml"), encoding="utf-8").read()
        self.town.write("roster.toml", good + '\n[[person]]\nname = "X"\nkind = "wizard"\nemails = []\n')
        self.town.beadle_process.send_signal(signal.SIGHUP)
        wait_until("the refusal", lambda: "reload-refused" in self.town.log())
        self.assertIn("roster.toml:", self.town.log())
        self.hold_fence()
        self.town.write("roster.toml", good.replace('"Ian Day"', '"Iain Day"'))
        self.town.beadle_process.send_signal(signal.SIGHUP)
        wait_until("the reload", lambda: "reloaded rules=" in self.town.log())
        self.assertIsNone(send_scene(self.town, "silent copy"))
        self.assertIn("CC Councillor Iain Day", self.delivered("<lamp@harbridge.example>")[0]["data"])

    def test_a_locked_database_defers_and_is_said_once(self):
        lock = sqlite3.connect(self.town.path("beadle.db"), isolation_level=None)
        lock.execute("begin exclusive")
        try:
            for _ in range(2):
                code, _ = send_scene(self.town, "an order")
                self.assertEqual(code, 451)
        finally:
            lock.execute("rollback")
            lock.close()
        self.assertEqual(self.town.log().count("deferring why="), 1)
        self.hold_fence()
        self.assertIn("deferring-ended", self.town.log())

    def test_stopping_finishes_and_leaves_nothing_behind(self):
        self.assertIsNone(send_scene(self.town, "everyday"))
        self.assertEqual(self.town.stop_beadle(), 0)
        self.assertIn("stopped", self.town.log())


if __name__ == "__main__":
    unittest.main(verbosity=2)
