"""Stories: held mail is reviewed in the folders of a real Dovecot. `BEADLE=build/dev/beadle python3 -m unittest test_imap_review` in this folder."""

import email
import email.policy
import json
import signal
import unittest

import cast
import harness
import mailboxes
from test_imap import BEADLE, order
from harness import make_certificates

RUTH = "monitoring@harbridge.example"
PASSWORDS = {RUTH: "clause 4", cast.DEPUTY: "ink & paper"}
RECIPIENT = "tully@fencing.example"


class Boxes(mailboxes.Mailboxes):
    """With what a mail program does. `capability`: what the server says to offer instead of what it does."""

    capability = ""

    def write_configuration(self):
        super().write_configuration()
        if self.capability:
            with open(self.path("dovecot.conf"), "a", encoding="utf-8") as file:
                file.write(f"imap_capability = {self.capability}\n")

    def mails(self, address, folder):
        """UID → message of all that stand in a folder, which may be missing."""
        box = self.open(address)
        found = {}
        if box.select(f'"{folder}"', readonly=True)[0] == "OK":
            _, rows = box.uid("fetch", "1:*", "(BODY.PEEK[])")
            for row in rows:
                if isinstance(row, tuple):
                    found[int(row[0].split(b"UID ")[1].split()[0])] = email.message_from_bytes(row[1], policy=email.policy.default)
        box.logout()
        return found

    def move(self, address, uid, folder, to):
        box = self.open(address)
        box.select(f'"{folder}"')
        answer = box.uid("MOVE", str(uid), f'"{to}"')
        assert answer[0] == "OK", answer
        box.logout()


@unittest.skipIf(mailboxes.why_not(), f"no mail is reviewed in mailboxes here: {mailboxes.why_not()}")
class Review(unittest.TestCase):
    capability = ""

    def setUp(self):
        self.town = harness.Town(BEADLE, cast.ROSTER, door="smtp")
        make_certificates(self.town.folder)
        self.town.start_sink()
        self.addCleanup(self.town.__exit__)
        self.boxes = Boxes(self.town, PASSWORDS)
        self.boxes.capability = self.capability
        self.boxes.__enter__()
        self.addCleanup(self.boxes.__exit__)
        for address, password in PASSWORDS.items():
            self.town.write(address + ".password", password + "\n")
        self.write_settings(self.mailbox(RUTH, "ruth"))
        for name, address in (("ruth", RUTH), ("owen", cast.DEPUTY)):
            self.town.run("user", "add", name, "--address", address, "--role", "reviewer", "--password-stdin", stdin="three-random-words\n")

    def mailbox(self, address, account):
        return "\n".join(["[[imap.review.mailbox]]", f'url = "imaps://localhost:{self.boxes.imaps_port}"', f'user = "{address}"',
                          f'password-file = "{address}.password"', f'account = "{account}"', 'authorities = "ca.pem"'])

    def write_settings(self, *blocks):
        self.town.more_settings = "\n".join(["[imap.review]", "every-seconds = 5", *blocks])
        self.town.write_settings(cast.ROSTER, "enforce")

    # Mail

    def hold(self, ident, to=(RECIPIENT,), extra=""):
        self.assertIsNone(self.town.send(cast.IAN, list(to), order(ident, extra)))
        # The newest: ids sort by time.
        return max(one["id"] for one in self.town.held())

    def state(self, held):
        return next(one["state"] for one in self.town.held("--all") if one["id"] == held)

    def shown(self, folder="Held", address=RUTH):
        """Id of the held message → UID."""
        return {mail["Beadle-Held-Id"]: uid for uid, mail in self.boxes.mails(address, folder).items()}

    def wait_for_held(self, *ids):
        harness.wait_until(f"{len(ids)} messages in Held", lambda: set(self.shown()) == set(ids) and len(self.boxes.mails(RUTH, "Held")) == len(ids))

    def move(self, held, to, of="Held"):
        self.boxes.move(RUTH, self.shown(of)[held], of, to)

    def replies(self):
        return {mail["Subject"]: mail.get_body().get_content() for mail in self.boxes.mails(RUTH, "INBOX").values()}

    def wait_for_reply(self, subject):
        return harness.wait_until(subject, lambda: self.replies().get(subject))

    def rows(self, act):
        return json.loads(self.town.run("audit", "list", "--act", act, "--json").stdout)


class InServe(Review):
    def test_moving_is_deciding_with_the_same_rules_as_everywhere(self):
        self.town.start_beadle()
        wanted, unwanted, other = self.hold("one"), self.hold("two"), self.hold("three")
        own = self.hold("own", to=(RECIPIENT, RUTH), extra=f"Cc: {RUTH}\n")
        self.wait_for_held(wanted, unwanted, other, own)

        mails = {mail["Beadle-Held-Id"]: mail for mail in self.boxes.mails(RUTH, "Held").values()}
        self.assertEqual(mails[wanted]["Subject"], "Held for review: Fence")
        original = next(part for part in mails[wanted].walk() if part.get_content_type() == "message/rfc822").get_payload(0)
        self.assertEqual(original["Message-ID"], "<one@harbridge.example>")
        self.assertIn("go ahead with the new fence", original.get_content())
        # What she has a part in, she sees only that it waits.
        self.assertIn("You are a recipient of this message.", mails[own].get_content())
        for words in ("Fence", "fence", "tully", "Ian"):
            self.assertNotIn(words, mails[own].as_string())
        self.assertEqual(sorted(json.loads(row["detail"])["shows"] for row in self.rows("placed-in-mailbox")), ["conflict", "original", "original", "original"])
        self.assertEqual(self.rows("opened"), [])

        self.move(wanted, "Release")
        self.move(unwanted, "Return")
        self.move(own, "Release")
        self.assertIn("goes to everybody", self.wait_for_reply(f"Released: {wanted}"))
        self.assertIn("goes back to its sender", self.wait_for_reply(f"Returned: {unwanted}"))
        self.assertIn("the message is back in Held. You are a recipient of this message.", self.wait_for_reply(f"Not decided: {own}"))
        self.wait_for_held(other, own)
        harness.wait_until("the released message", lambda: self.town.find_delivered("Message-ID: <one@", RECIPIENT))
        harness.wait_until("the returned message", lambda: self.town.find_delivered("A reviewer has looked at this message", cast.IAN))
        self.assertEqual([self.state(held) for held in (wanted, unwanted, own)], ["released", "returned", "held"])
        self.assertEqual([row["who"] for act in ("released-asked", "returned") for row in self.rows(act)], ["ruth", "ruth"])

        # Somebody else's message in Release, with the id of one that waits.
        forged = f"From: {cast.IAN}\nTo: {RUTH}\nSubject: x\nBeadle-Held-Id: {other}\nBeadle-Held-Mark: original {'0' * 64}\n\nx\n"
        self.boxes.put(RUTH, forged, folder="Release")
        self.assertIn("made or changed by somebody else", self.wait_for_reply("Nothing decided: a message in Release"))
        self.assertEqual(len(self.boxes.mails(RUTH, "Release")), 1)
        self.assertEqual(self.state(other), "held")

        # Decided by a colleague: it goes away by itself.
        self.town.run("held", "release", other, "--by", "owen")
        self.wait_for_held(own)
        self.assertEqual(self.town.stop_beadle(), 0)
        self.assertEqual(len(self.replies()), 4)
        self.assertEqual(self.town.run("audit", "verify").returncode, 0)
        self.assertNotIn("mailbox-review-failed", self.town.log())

    def test_a_crash_at_any_time_leaves_no_message_twice_and_none_out(self):
        self.town.start_beadle()
        held = [self.hold("one")]
        self.wait_for_held(*held)
        # In the midst of putting more there.
        held += [self.hold(f"more-{number}") for number in range(5)]
        harness.wait_until("some of them", lambda: len(self.shown()) > 2)
        self.town.stop_beadle(signal.SIGKILL)
        # While it is away she moves two, and a colleague is first with one of them.
        self.move(held[0], "Release")
        late = next(one for one in self.shown() if one != held[0])
        self.move(late, "Return")
        self.town.run("held", "release", late, "--by", "owen", "--reason", "he was first")
        self.town.start_beadle()
        self.wait_for_reply(f"Released: {held[0]}")
        self.assertIn("Somebody was first: the message was released by Owen Pritchard", self.wait_for_reply(f"Decided already: {late}"))
        self.wait_for_held(*[one for one in held[1:] if one != late])
        placed = [row["held"] for row in self.rows("placed-in-mailbox")]
        self.assertEqual(sorted(placed), sorted(held))
        self.assertEqual(len(self.boxes.mails(RUTH, "INBOX")), 2)
        self.assertEqual(self.boxes.mails(RUTH, "Release") | self.boxes.mails(RUTH, "Return"), {})


class ByHand(Review):
    capability = "IMAP4rev1 UIDPLUS"

    def review(self, check=True):
        done = self.town.run("imap", "review", "--json", check=check)
        return json.loads(done.stdout)["mailboxes"] if done.stdout else done

    def test_a_pass_by_hand_without_move_and_idle(self):
        self.town.start_beadle()
        wanted, own = self.hold("one"), self.hold("own", to=(RECIPIENT, RUTH))
        self.assertEqual(self.town.stop_beadle(), 0)
        self.write_settings(self.mailbox(RUTH, RUTH), self.mailbox(cast.DEPUTY, "owen"))
        self.review()
        self.wait_for_held(wanted, own)
        self.move(wanted, "Release")
        self.move(own, "Return")
        done = self.review()
        self.assertEqual([(one["released"], one["refused"], one["removed"]) for one in done], [(1, 1, 0), (0, 0, 1)], done)
        self.assertEqual(self.state(wanted), "releasing")
        self.wait_for_held(own)
        self.assertEqual(set(self.shown(address=cast.DEPUTY)), {own})
        nothing = self.review()
        self.assertEqual([one["placed"] + one["removed"] + one["refused"] for one in nothing], [0, 0])
        self.assertIn(f"{RUTH} at localhost", self.town.run("imap", "review").stdout)
        # A server that takes nothing out of a folder by itself.
        self.boxes.capability = "IMAP4rev1 MOVE IDLE"
        self.boxes.__exit__()
        self.boxes.__enter__()
        refused = self.review(check=False)
        self.assertIn("the mail server offers no UIDPLUS", refused[0]["problem"])
        # An account that is not there, with its place in the file.
        self.write_settings(self.mailbox(RUTH, "nobody"))
        wrong = self.town.run("imap", "review", check=False)
        self.assertEqual(wrong.returncode, 78)
        self.assertRegex(wrong.stderr, r"beadle\.toml:\d+:11: held mail cannot be reviewed in the mailbox of monitoring@.*: there is no account nobody")


if __name__ == "__main__":
    unittest.main()
