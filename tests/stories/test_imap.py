"""Stories: mailboxes of a real Dovecot are audited by Beadle. `BEADLE=build/dev/beadle python3 -m unittest test_imap` in this folder."""

import datetime
import json
import os
import unittest

import cast
import harness
import mailboxes
from test_smtp_clients import make_certificates

BEADLE = os.environ.get("BEADLE", os.path.join(harness.SOURCE, "build", "dev", "beadle"))
PASSWORDS = {cast.CLERK: "minutes 7", cast.IAN: 'fence "7"', cast.SIAN: "coal\\yard", cast.JANE: "changed since"}
FENCE = "Dear Mr Tully\n\nPlease go ahead with the new fence round the bowling green at £4,300, the council will pay within thirty days.\n" \
        "You can start on Monday.\n\nKind regards\n\nIan Day\nTown Councillor\n"


def order(ident, extra=""):
    return cast.plain(cast.IAN, ["tully@fencing.example"], "Fence", FENCE, ident, extra)


def everyday(ident):
    return cast.plain(cast.CLERK, ["ross@homemail.example"], "The pond", "Dear Mrs Ross\n\nThe pond is drained on Thursday.\n\nMorwenna Clarke\n", ident)


@unittest.skipIf(mailboxes.why_not(), f"mailboxes cannot be audited here: {mailboxes.why_not()}")
class Audit(unittest.TestCase):
    def setUp(self):
        self.town = harness.Town(BEADLE, cast.ROSTER, door="smtp", mode="observe")
        make_certificates(self.town.folder)
        self.town.__enter__()
        self.addCleanup(self.town.__exit__)
        self.boxes = mailboxes.Mailboxes(self.town, PASSWORDS)
        self.boxes.__enter__()
        self.addCleanup(self.boxes.__exit__)

    def write_settings(self, *blocks):
        """What the town has besides: mailboxes that are looked at."""
        # By itself it would leave this day out, on which the filter began.
        yesterday = datetime.date.today() - datetime.timedelta(days=1)
        self.town.more_settings = "\n".join(["[imap.audit]", f'since = "{yesterday}"', *blocks])
        self.town.write_settings(cast.ROSTER, "observe")

    def mailbox(self, user, password_file, users=(), scheme="imaps", more=""):
        port = self.boxes.imaps_port if scheme == "imaps" else self.boxes.imap_port
        return "\n".join(["[[imap.audit.mailbox]]", f'url = "{scheme}://localhost:{port}"', f'user = "{user}"', f"users = {json.dumps(list(users))}",
                          f'password-file = "{password_file}"', 'authorities = "ca.pem"', more])

    def audit(self, check=True):
        done = self.town.run("imap", "audit", "--json", check=check)
        return {one.pop("mailbox"): one for one in json.loads(done.stdout)["mailboxes"]}

    def found(self):
        rows = [json.loads(line) for line in self.town.run("audit", "list", "--act", "audited", "--json").stdout.splitlines() if line.startswith("{")]
        return rows

    def test_what_went_past_is_found_and_nothing_is_touched(self):
        # By the gateway: an order and a mail as any other. Their copies stand in the Sent folders.
        self.assertIsNone(self.town.send(cast.IAN, ["tully@fencing.example"], order("seen-order")))
        self.assertIsNone(self.town.send(cast.CLERK, ["ross@homemail.example"], everyday("seen-pond")))
        self.assertEqual(self.town.stop_beadle(), 0)
        self.boxes.put(cast.IAN, order("seen-order"))
        self.boxes.put(cast.CLERK, everyday("seen-pond"))
        # Past it: another order, a leak, and a mail in which nothing is wrong.
        self.boxes.put(cast.IAN, order("past-order"))
        self.boxes.put(cast.SIAN, cast.scenes()[4][4])
        self.boxes.put(cast.CLERK, everyday("past-pond"))
        # Before the filter came: nobody can tell.
        self.boxes.put(cast.CLERK, everyday("old"), hours_ago=24 * 30)
        self.town.write("wrong.password", "changed\n")
        self.write_settings(self.mailbox(mailboxes.MASTER, "master.password", [cast.CLERK, cast.IAN]), self.mailbox(cast.JANE, "wrong.password"),
                            self.mailbox(mailboxes.MASTER, "master.password", [cast.SIAN], scheme="imap"))

        done = self.town.run("imap", "audit", "--json", check=False)
        self.assertEqual(done.returncode, 75, done.stderr)
        self.assertIn("1 of 4 mailboxes could not be looked at", done.stderr)
        first = {one["mailbox"].split(" at ")[0]: one for one in json.loads(done.stdout)["mailboxes"]}
        self.assertEqual(first[cast.JANE]["problem"], "the mail server refused the login")
        numbers = {who: (one["new"], one["findings"], one["never_seen"], one["too_old"]) for who, one in first.items()}
        self.assertEqual(numbers, {cast.CLERK: (3, 0, 1, 1), cast.IAN: (2, 1, 1, 0), cast.SIAN: (1, 1, 1, 0), cast.JANE: (0, 0, 0, 0)}, done.stderr)

        rows = self.town.run("audit", "list", "--act", "audited").stdout
        self.assertEqual(rows.count(" audited "), 2, rows)
        self.assertIn("this client records no Bcc", rows)
        for words in ("fence", "coal", "tully", "past-order"):
            self.assertNotIn(words, rows.lower())
        # Nothing was marked, nothing was sent, nothing is held.
        for who in (cast.CLERK, cast.IAN, cast.SIAN):
            self.assertFalse([flags for flags in self.boxes.flags(who) if any(flag != b"\\Recent" for flag in flags)])
        self.assertEqual(self.town.held(), [])
        self.assertEqual(len(self.town.delivered()), 2)

        # The second pass: only what is new. One mailbox was renumbered meanwhile.
        self.boxes.renumber(cast.IAN)
        self.boxes.put(cast.SIAN, cast.plain(cast.SIAN, [cast.JANE], "Tea", "Shall we meet at four?\n\nSiân\n", "tea"))
        self.town.write("wrong.password", PASSWORDS[cast.JANE] + "\n")
        done = self.town.run("imap", "audit", "--json")
        second = {one["mailbox"].split(" at ")[0]: (one["new"], one["findings"], one["never_seen"]) for one in json.loads(done.stdout)["mailboxes"]}
        self.assertEqual(second, {cast.CLERK: (0, 0, 0), cast.IAN: (2, 0, 1), cast.SIAN: (1, 0, 1), cast.JANE: (0, 0, 0)}, done.stderr)
        self.assertEqual(self.town.run("audit", "list", "--act", "audited").stdout.count(" audited "), 2)

        covered = json.loads(self.town.run("coverage", "--json").stdout)
        folders = {one["mailbox"].split(" at ")[0]: (one["folder"], one["messages"], one["never_seen"]) for one in covered["folders"]}
        self.assertEqual(folders[cast.IAN], ("Gesendet & mehr", 2, 1))
        self.assertEqual(folders[cast.SIAN], ("Gesendet & mehr", 2, 2))
        self.assertEqual((covered["councillors"], covered["councillors_without_mailbox"]), (3, []))
        self.assertIn("never looked at" if cast.JANE not in folders else "Blind copies", self.town.run("coverage").stdout)
        self.assertEqual(self.town.run("audit", "verify").returncode, 0)

    def test_serve_audits_by_itself_and_only_over_tls_that_is_valid(self):
        self.town.stop_beadle()
        self.boxes.put(cast.IAN, order("past-order"))
        self.town.write("ian.password", PASSWORDS[cast.IAN] + "\n")
        self.write_settings(self.mailbox(cast.IAN, "ian.password"), self.mailbox(cast.SIAN, "nowhere.password"),
                            self.mailbox(cast.CLERK, "ian.password").replace('authorities = "ca.pem"', 'authorities = "other.pem"'))
        os.makedirs(self.town.path("other"))
        make_certificates(self.town.path("other"))
        os.rename(self.town.path("other", "ca.pem"), self.town.path("other.pem"))
        self.town.start_beadle()
        harness.wait_until("the audit of all three", lambda: self.town.log().count("mailbox-audited") >= 3)
        lines = {line.split("mailbox=")[1].split()[0].strip('"'): line for line in self.town.log().splitlines() if "mailbox-audited" in line}
        self.assertIn("new=1 never-seen=1 findings=1", lines[cast.IAN])
        self.assertIn("nowhere.password: cannot be read", lines[cast.SIAN])
        self.assertIn("certificate is not valid", lines[cast.CLERK])
        self.assertEqual(self.town.stop_beadle(), 0)


if __name__ == "__main__":
    unittest.main()
