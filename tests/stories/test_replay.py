"""Last year's mail replayed: a Maildir with breaches planted in it, by the program as installed. What is planted is found and nothing else is held;
killed in the middle and started again, the report is the same as without; a hostile mailbox harms nobody. Needs neither root nor a mail server.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from email.utils import format_datetime
from datetime import datetime, timedelta, timezone

import cast

HERE = os.path.dirname(os.path.abspath(__file__))
RULES = os.path.join(os.path.dirname(os.path.dirname(HERE)), "rules")
BEADLE = os.environ.get("BEADLE", "beadle")
WORDS = ("the pond is drained on Thursday and the ducks have been told about it by the gardener who keeps the key of the boathouse near the old mill where "
         "children meet after school to look at boats of paper that float down to the weir in spring when it rains for days").split()
START = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
MESSAGES = 1200


def letter(number, sender, to, subject, text, more=""):
    when = START + timedelta(hours=3 * number)
    return (f"From: {cast.NAMES.get(sender, sender)} <{sender}>\nTo: {to}\nSubject: {subject}\nDate: {format_datetime(when)}\n"
            f"Message-ID: <m{number}@harbridge.example>\n{more}Content-Type: text/plain; charset=utf-8\n\n{text}\n")


def chatter(dice):
    return "\n\n".join(" ".join(dice.choices(WORDS, k=40)) + "." for _ in range(dice.randint(2, 8)))


class Past:
    """A Maildir in a temporary folder. breaches: numbers of the messages that a door would hold."""

    def __init__(self, messages=MESSAGES):
        self.folder = tempfile.mkdtemp(prefix="beadle-replay-")
        self.maildir = os.path.join(self.folder, "Maildir")
        for part in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(self.maildir, part))
        with open(os.path.join(self.folder, "roster.toml"), "w", encoding="utf-8") as roster:
            roster.write(cast.ROSTER)
        self.orders, self.incoming, self.answers = [], [], []
        dice = random.Random(7)
        numbers = list(range(messages))
        dice.shuffle(numbers)  # not in the order of their dates
        for number in numbers:
            self.put(number, self.write(number, dice))

    def write(self, number, dice):
        if number % 50 == 7:
            self.orders.append(number)
            return letter(number, cast.IAN, "tully@fencing.example", "Fence",
                          "Dear Mr Tully\n\nOn behalf of the council I accept your quotation of 4,300 pounds for the fence.\n\nIan Day")
        if number % 50 == 8:
            self.incoming.append(number)
            return letter(number, "tully@fencing.example", cast.IAN, "Re: Fence", "Thank you for your order.")
        if number % 50 == 20:
            return letter(number, cast.CLERK, cast.JANE, "Confidential: the lease", "Confidential\n\nThe tenant has offered to leave the mill by the first of May.")
        if number % 50 == 21:  # passes on what the one before it said in confidence, and says so nowhere
            self.answers.append(number)
            return letter(number, cast.JANE, "pete@coalyard.example", "The mill", "Dear Pete\n\nYou may like to know how it stands.\n\nJane",
                          f"In-Reply-To: <m{number - 1}@harbridge.example>\n")
        return letter(number, cast.CLERK, "ross@homemail.example", "The pond", chatter(dice))

    def put(self, number, text, name=None):
        with open(os.path.join(self.maildir, "cur", name or f"{1736150400 + number}.M{number}.host:2,S"), "w", encoding="utf-8") as file:
            file.write(text)

    def path(self, name):
        return os.path.join(self.folder, name)

    def words(self, *more, protocol="exmouth"):
        return [BEADLE, "replay", "--maildir", self.maildir, "--roster", self.path("roster.toml"), "--rules", RULES, "--protocol", protocol, *more]

    def run(self, *more, protocol="exmouth"):
        done = subprocess.run(self.words(*more, protocol=protocol), capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, (done.returncode, done.stderr)
        return done

    def report(self, *more):
        return json.loads(self.run("--json", "-", *more).stdout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)


def lasting(report):
    """Without what differs from run to run."""
    return {key: value for key, value in report.items() if key != "run"}


class Replay(unittest.TestCase):
    maxDiff = 2000

    def test_what_is_planted_is_found_and_a_kill_changes_nothing(self):
        with Past() as past:
            whole = past.report()
            self.assertEqual(whole["messages"], MESSAGES - len(past.incoming))
            self.assertEqual(whole["incoming"], len(past.incoming))
            self.assertEqual(whole["not_read"]["count"], 0)
            self.assertEqual(whole["actions"]["hold"], len(past.orders) + len(past.answers))
            self.assertEqual(sum(sum(month.values()) for month in whole["months"].values()), whole["messages"])
            # Only the record knows that the mail it answers was confidential.
            confidential = [clause for clause in whole["clauses"].values() if clause["family"] == "confidential"]
            self.assertEqual(sum(clause["messages"] for clause in confidential), len(past.answers))
            self.assertIn("record no blind copies", " ".join(whole["cannot_show"]))

            state = past.path("state")
            kills = 0
            for kept in (30_000, 150_000, 10**9):
                running = subprocess.Popen(past.words("--state", state, "--json", past.path("report.json")), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                while running.poll() is None and (not os.path.exists(state) or os.path.getsize(state) < kept):
                    time.sleep(0.002)
                if running.poll() is None:
                    running.send_signal(signal.SIGKILL)
                    kills += 1
                running.wait()
            self.assertGreaterEqual(kills, 1)
            with open(past.path("report.json"), encoding="utf-8") as file:
                resumed = json.load(file)
            self.assertGreater(resumed["run"]["done_before"], 0)
            self.assertGreater(resumed["run"]["done_now"], 0)
            self.assertEqual(lasting(resumed), lasting(whole))

            # Once more there is nothing left to do; with other rules everything is.
            again = past.run("--state", state, "--json", "-")
            self.assertEqual(json.loads(again.stdout)["run"]["done_now"], 0)
            self.assertEqual(lasting(json.loads(again.stdout)), lasting(whole))
            changed = past.run("--state", state, "--json", "-", protocol="knutsford")
            self.assertIn("done anew", changed.stderr)
            self.assertEqual(json.loads(changed.stdout)["run"]["done_before"], 0)

    def test_a_signal_stops_it_cleanly_and_the_next_run_goes_on(self):
        with Past() as past:
            state = past.path("state")
            running = subprocess.Popen(past.words("--state", state, "--json", "-"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            while running.poll() is None and (not os.path.exists(state) or os.path.getsize(state) < 30_000):
                time.sleep(0.002)
            running.send_signal(signal.SIGINT)
            out, err = running.communicate(timeout=60)
            self.assertEqual(running.returncode, 75, err)
            self.assertIn("goes on here", err)
            stopped = json.loads(out)
            self.assertTrue(stopped["run"]["stopped"])
            self.assertLess(stopped["messages"], MESSAGES)
            rest = past.report("--state", state)
            self.assertEqual(rest["run"]["done_before"], stopped["run"]["done_now"])
            self.assertEqual(rest["messages"], MESSAGES - len(past.incoming))

    def test_a_hostile_mailbox(self):
        with Past(60) as past:
            outside = past.path("secret")
            with open(outside, "w", encoding="utf-8") as file:
                file.write(letter(999, cast.IAN, "tully@fencing.example", "Fence", "On behalf of the council I accept your quotation."))
            cur = os.path.join(past.maildir, "cur")
            os.symlink(outside, os.path.join(cur, "link"))
            os.mkfifo(os.path.join(cur, "pipe"))
            os.mkdir(os.path.join(cur, "folder"))
            past.put(0, "", "empty")
            past.put(0, "From: " + "x" * 3_000_000, "endless")
            past.put(0, letter(61, cast.IAN, "tully@fencing.example", "Huge", "word " * 11_000_000), "huge")
            past.put(62, letter(62, cast.IAN, "tully@fencing.example", "<script>alert(1)</script>",
                                "On behalf of the council I accept your quotation of 4,300 pounds for <img src=x onerror=alert(1)>."))
            report = past.report("--html", past.path("page.html"))
            named = {failure["name"]: failure["why"] for failure in report["not_read"]["named"]}
            self.assertEqual({name.removeprefix("cur/") for name in named}, {"link", "pipe", "folder", "empty", "huge"} | ({"endless"} & {name[4:] for name in named}))
            self.assertIn("link", named["cur/link"])
            self.assertIn("50 MB", named["cur/huge"])
            self.assertEqual(report["actions"]["hold"], len(past.orders) + len(past.answers) + 1)
            with open(past.path("page.html"), encoding="utf-8") as file:
                page = file.read()
            self.assertIn("not for publishing", page)
            self.assertEqual(os.stat(past.path("page.html")).st_mode & 0o077, 0)  # for its owner only
            self.assertNotIn("<script", page)
            self.assertNotIn("<img", page)

    def test_findings_are_judged(self):
        with Past(200) as past:
            past.run("--state", past.path("state"))
            words = [BEADLE, "replay", "judge", "--state", past.path("state"), "--sample", "6"]
            first = subprocess.run(words, input="r\nw\nnonsense\ns\n", capture_output=True, text=True, timeout=60, check=True)
            self.assertIn("95 % lie between", first.stdout)
            found = json.loads(subprocess.run([*words, "--json"], capture_output=True, text=True, timeout=60, check=True).stdout)
            self.assertEqual(sum(one["right"] for one in found.values()), 1)
            self.assertEqual(sum(one["wrong"] for one in found.values()), 1)
            for one in found.values():
                self.assertLessEqual(one["low"], one["precision"])
                self.assertGreaterEqual(one["high"], one["precision"])
            # What was answered is not asked again.
            second = subprocess.run(words, input="q\n", capture_output=True, text=True, timeout=60, check=True)
            self.assertIn("1 of 4", second.stdout)


if __name__ == "__main__":
    unittest.main()
