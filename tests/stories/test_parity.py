"""One engine, three ways in: the same messages through the milter, the SMTP door and `beadle check` get the same verdict, by the same clauses, and leave
with the same bytes, at once or released.

`BEADLE=build/dev/beadle python3 -m unittest test_parity` in this folder. Takes the labelled messages of tests/data/eval, and those of ../shared where
they are at hand. Needs no Postfix.
"""

import glob
import json
import os
import re
import subprocess
import tempfile
import unittest

import harness
from harness import wait_until
from milter_client import MilterClient

BEADLE = os.path.abspath(os.environ.get("BEADLE", os.path.join(harness.SOURCE, "build", "dev", "beadle")))
LABELLED = os.path.join(harness.SOURCE, "tests", "data", "eval")
SHARED = os.path.join(os.path.dirname(harness.SOURCE), "shared", "eval")
# What differs by design: the id of each passing by, its mark, and the trace of the relay. The last message of a set may be any.
OF_THE_DOOR = re.compile(rb"^(?:Beadle-Id|Beadle-Footer):[^\r\n]*\r\n|"
                         rb"^Received: from [^\r\n]*\r\n\tby [^\r\n]* ?(?:\(beadle\)|beadle \(held for review\))[^\r\n]*\r\n\t[^\r\n]*\r\n", re.MULTILINE)
CASES_MOST = int(os.environ.get("BEADLE_PARITY_CASES", "60"))


def folders():
    found = [name for name in sorted(glob.glob(os.path.join(LABELLED, "*"))) if os.path.exists(os.path.join(name, "cases.jsonl"))]
    return found + [name for name in sorted(glob.glob(os.path.join(SHARED, "*"))) if os.path.exists(os.path.join(name, "cases.jsonl"))]


def cases(folder):
    with open(os.path.join(folder, "cases.jsonl"), encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def protocol(folder):
    name = re.sub(r"-[0-9]+$", "", os.path.basename(folder))
    return "exmouth" if name == "mechanics" else name


def plain(data):
    """The bytes of the message, without what a door adds of its own."""
    head, mark, body = data.partition(b"\r\n\r\n")
    return OF_THE_DOOR.sub(b"", head + b"\r\n")[:-2] + mark + body


def verdict(data):
    """(action, all that the field says)"""
    found = re.search(rb"^Beadle-Verdict: (([a-z]+);[^\r\n]*)", data, re.MULTILINE)
    return (found[2].decode(), found[1].decode()) if found else (None, None)


def can_go(case, data):
    """Neither door takes such line ends: milters never see them, the SMTP door refuses them."""
    addresses = [case["mail_from"], *case["rcpt_to"]]
    return not re.search(rb"\r(?!\n)|(?<!\r)\n|\0", data) and case["rcpt_to"] and all(one.isascii() for one in addresses)


class Log:
    """What a town's log says of each message, as they come."""

    def __init__(self, town):
        self.town = town
        self.seen = 0

    def clauses(self):
        lines = wait_until("a verdict in the log", lambda: [line for line in self.town.log().splitlines() if line.startswith("verdict ")][self.seen:])
        self.seen += len(lines)
        found = re.search(r" clauses=(\S+)", lines[-1])
        return [name for name in found[1].strip('"').split(",") if name] if found else []


class Parity(unittest.TestCase):
    maxDiff = 2000

    def town(self, folder, door):
        with open(os.path.join(folder, "roster.json"), encoding="utf-8") as file:
            roster = file.read()
        town = harness.Town(BEADLE, "", door=door)
        town.write("roster.json", roster)
        with open(town.path("beadle.toml"), encoding="utf-8") as file:
            settings = file.read().replace('"roster.toml"', '"roster.json"').replace('protocol = "exmouth"', f'protocol = "{protocol(folder)}"')
            settings = settings.replace(f":{town.reentry_port}", f":{town.sink_port}")  # where the milter's town would have a Postfix
        with open(town.path("beadle.toml"), "w", encoding="utf-8") as file:
            file.write(settings + f'[reminders]\nholidays = "{harness.SOURCE}/config/holidays.txt"\n')
        town.start_sink()
        town.start_beadle()
        self.addCleanup(town.__exit__)
        return town

    def checked(self, folder, case, record):
        words = [BEADLE, "check", "--json", "--roster", os.path.join(folder, "roster.json"), "--protocol", protocol(folder),
                 "--rules", os.path.join(harness.SOURCE, "rules"), "--record", os.path.join(record, "record.db"),
                 "--from", case["mail_from"], "--annotated", os.path.join(record, "out.eml")]
        for address in case["rcpt_to"]:
            words += ["--to", address]
        done = subprocess.run([*words, os.path.join(folder, case["eml"])], capture_output=True, check=True)
        with open(os.path.join(record, "out.eml"), "rb") as file:
            found = json.loads(done.stdout)
            return found["action"], [finding["clause"] for finding in found["findings"]], file.read()

    def test_every_door_gives_the_same_verdict_and_the_same_bytes(self):
        compared = 0
        for folder in folders():
            milter_town, smtp_town = self.town(folder, "milter"), self.town(folder, "smtp")
            milter = MilterClient(milter_town.milter_port)
            logs = [Log(milter_town), Log(smtp_town)]
            with tempfile.TemporaryDirectory() as record:
                for case in cases(folder)[:CASES_MOST]:
                    with open(os.path.join(folder, case["eml"]), "rb") as file:
                        data = file.read()
                    if not can_go(case, data):
                        continue
                    with self.subTest(folder=os.path.basename(folder), case=case["id"]):
                        action, clauses, annotated = self.checked(folder, case, record)
                        kind, by_milter = milter.send(case["mail_from"], case["rcpt_to"], data)
                        before = len(smtp_town.delivered())
                        refused = smtp_town.send(case["mail_from"], case["rcpt_to"], data)
                        self.assertIsNone(refused)
                        by_smtp = [mail["data"].encode("latin-1") for mail in smtp_town.delivered()[before:] if mail["sender"] == case["mail_from"]]
                        compared += 1
                        self.assertEqual([log.clauses() for log in logs], [clauses, clauses])
                        if action == "hold":
                            self.assertEqual(kind, "held")
                            self.assertEqual(by_smtp, [])
                            continue
                        self.assertEqual(kind, "accept")
                        self.assertEqual(len(by_smtp), 1)
                        self.assertEqual(verdict(by_milter)[0], action)
                        self.assertEqual(verdict(by_milter), verdict(by_smtp[0]))
                        self.assertEqual(plain(by_milter), plain(by_smtp[0]))
                        self.assertEqual(plain(by_milter).partition(b"\r\n\r\n")[2], annotated.partition(b"\r\n\r\n")[2])
            milter.close()
        self.assertGreater(compared, 50)
        print(f"compared {compared} messages")

    def test_a_release_sends_the_same_bytes_whatever_door_it_came_by(self):
        folder = folders()[0]
        milter_town, smtp_town = self.town(folder, "milter"), self.town(folder, "smtp")
        milter, held = MilterClient(milter_town.milter_port), []
        with tempfile.TemporaryDirectory() as record:
            for case in cases(folder):
                with open(os.path.join(folder, case["eml"]), "rb") as file:
                    data = file.read()
                if case["expect"]["action"] == "hold" and can_go(case, data) and self.checked(folder, case, record)[0] == "hold":
                    self.assertEqual(milter.send(case["mail_from"], case["rcpt_to"], data), ("held", None))
                    self.assertIsNone(smtp_town.send(case["mail_from"], case["rcpt_to"], data))
                    held.append(data)
                if len(held) == 3:
                    break
        milter.close()
        self.assertEqual(len(held), 3)
        for town in (milter_town, smtp_town):
            for one in town.held():
                town.release(one)

            def all_released(town=town):
                mails = [mail for mail in town.delivered() if mail["sender"]]
                return mails if len(mails) == len(held) else None

            released = wait_until("the releases", all_released)
            self.assertEqual(sorted(plain(mail["data"].encode("latin-1")) for mail in released), sorted(held))


if __name__ == "__main__":
    unittest.main()
