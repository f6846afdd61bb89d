"""Stories: mailboxes of a real Dovecot are audited by Beadle. `BEADLE=build/dev/beadle python3 -m unittest test_imap` in this folder."""

import contextlib
import datetime
import http.server
import json
import os
import socket
import threading
import unittest

import cast
import harness
import mailboxes
from harness import make_certificates

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


class Tokens:
    """Says whose a token is, as an identity provider does. Use as a context manager."""

    def __init__(self, owners):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                owner = owners.get(self.path.partition("=")[2])
                self.send_response(200 if owner else 401)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps({"email": owner} if owner else {"error": "invalid_token"}).encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/tokeninfo?access_token="

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


@unittest.skipIf(mailboxes.why_not(), f"mailboxes cannot be audited here: {mailboxes.why_not()}")
class MailboxesOfATown(unittest.TestCase):
    tokens = None

    def setUp(self):
        self.town = harness.Town(BEADLE, cast.ROSTER, door="smtp", mode="observe")
        make_certificates(self.town.folder)
        self.town.__enter__()
        self.addCleanup(self.town.__exit__)
        self.assertEqual(self.town.stop_beadle(), 0)

    def start_dovecot(self, tokens=None):
        boxes = mailboxes.Mailboxes(self.town, PASSWORDS, tokens)
        boxes.__enter__()
        self.addCleanup(boxes.__exit__)
        return boxes


class OAuth(MailboxesOfATown):
    def test_tokens_open_mailboxes_and_are_read_anew(self):
        owners = {"ian-of-today": cast.IAN, "sian-of-today": cast.SIAN}
        with Tokens(owners) as tokens:
            boxes = self.start_dovecot(tokens.url)
            boxes.put(cast.IAN, order("past-order"))
            boxes.put(cast.SIAN, everyday("past-pond"))
            self.town.write("ian.token", "ian-of-yesterday\n")
            self.town.write("sian.token", "sian-of-today\n")
            blocks = ["[imap.audit]", f'since = "{datetime.date.today() - datetime.timedelta(days=1)}"']
            for user, file, login in ((cast.IAN, "ian.token", "xoauth2"), (cast.SIAN, "sian.token", "oauthbearer")):
                blocks += ["[[imap.audit.mailbox]]", f'url = "imaps://localhost:{boxes.imaps_port}"', f'user = "{user}"', f'password-file = "{file}"',
                           f'login = "{login}"', 'authorities = "ca.pem"']
            self.town.more_settings = "\n".join(blocks)
            self.town.write_settings(cast.ROSTER, "observe")

            def audit():
                done = self.town.run("imap", "audit", "--json", check=False)
                return {one["mailbox"].split(" at ")[0]: (one["new"], one.get("problem", "")) for one in json.loads(done.stdout)["mailboxes"]}

            self.assertEqual(audit(), {cast.IAN: (0, "the mail server refused the login"), cast.SIAN: (1, "")})
            self.town.write("ian.token", "ian-of-today\n")
            self.assertEqual(audit(), {cast.IAN: (1, ""), cast.SIAN: (0, "")})
            # Another's token is no key to this mailbox.
            self.town.write("ian.token", "sian-of-today\n")
            self.assertEqual(audit()[cast.IAN], (0, "the mail server refused the login"))


class Hostile:
    """A mail server that says what it was told to: answers by command, "{tag}" in them. Without TLS, as on loopback it may be. Use as a context manager."""

    GREETING = "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hello\r\n"
    WELL = {"CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\n{tag} OK\r\n", "EXAMINE": "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n{tag} OK\r\n",
            "UID SEARCH": "* SEARCH 1 2 3\r\n{tag} OK\r\n", "UID FETCH": "{tag} OK\r\n"}

    def __init__(self, answers, greeting=GREETING):
        self.answers = {**self.WELL, **answers}
        self.greeting = greeting
        self.heard = b""
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.socket.close()

    def serve(self):
        try:
            while True:
                connection, _ = self.socket.accept()
                with connection, connection.makefile("rb") as lines:
                    connection.sendall(self.greeting.encode())
                    for line in lines:
                        self.heard += line
                        tag, _, command = line.decode(errors="replace").strip().partition(" ")
                        answer = next((said for begins, said in self.answers.items() if command.upper().startswith(begins)), "{tag} OK\r\n")
                        connection.sendall(answer.replace("{tag}", tag).encode("latin-1"))
        except OSError:
            pass


class HostileServers(MailboxesOfATown):
    def test_each_ends_with_a_reason_and_the_others_go_on(self):
        endless = "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 5 BODY[HEADER.FIELDS (MESSAGE-ID)]<0> {4294967295}\r\n"
        other = "* 1 FETCH (UID 9 FLAGS () RFC822.SIZE 5 BODY[HEADER.FIELDS (MESSAGE-ID)]<0> {2}\r\n\r\n)\r\n{tag} OK\r\n"
        names = '* LIST (\\Sent) "/" {11}\r\na\r\nb9 DELETE\r\n{tag} OK\r\n'
        starttls = {"CAPABILITY": "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n{tag} OK\r\n",
                    "STARTTLS": "{tag} OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nA002 OK\r\nA003 OK\r\n"}
        hostile = {"literal": Hostile({"UID FETCH": endless}), "other": Hostile({"UID FETCH": other}), "tag": Hostile({"EXAMINE": "x1 OK\r\n"}),
                   "bye": Hostile({"UID SEARCH": "* BYE enough\r\n"}), "depth": Hostile({"UID FETCH": "* 1 FETCH (UID " + "(" * 5000 + "\r\n"}),
                   "starttls": Hostile(starttls, greeting="* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hello\r\n"),
                   "names": Hostile({"LIST": names, "EXAMINE": "{tag} NO there is none\r\n"})}
        boxes = self.start_dovecot()
        boxes.put(cast.IAN, order("past-order"))
        self.town.write("ian.password", PASSWORDS[cast.IAN] + "\n")
        self.town.write("other.password", "never-to-be-heard\n")
        blocks = ["[imap.audit]", f'since = "{datetime.date.today() - datetime.timedelta(days=1)}"']
        with contextlib.ExitStack() as stack:
            for name, server in hostile.items():
                stack.enter_context(server)
                folders = "" if name == "names" else 'folders = ["Sent"]'
                blocks += ["[[imap.audit.mailbox]]", f'url = "imap://127.0.0.1:{server.port}"', f'user = "{name}"', 'password-file = "other.password"', folders]
            blocks += ["[[imap.audit.mailbox]]", f'url = "imaps://localhost:{boxes.imaps_port}"', f'user = "{cast.IAN}"', 'password-file = "ian.password"', 'authorities = "ca.pem"']
            self.town.more_settings = "\n".join(blocks)
            self.town.write_settings(cast.ROSTER, "observe")
            done = self.town.run("imap", "audit", "--json", check=False)
        found = {one["mailbox"].split("@")[0]: one for one in json.loads(done.stdout)["mailboxes"]}
        said = {"literal": "literal that is too long", "other": "not asked for", "tag": "tag that is not ours", "bye": "enough", "depth": "nested too deep", "starttls": "", "names": "NO"}
        for name, words in said.items():
            self.assertIn(words, found[name].get("problem", ""), name)
            self.assertTrue(found[name].get("problem"), name)
        self.assertEqual(len(found), len(said) + 1)
        self.assertEqual((found["ian.day"]["new"], found["ian.day"].get("problem", "")), (1, ""))
        # Nothing was said to who breaks in before the encryption, and no name of a folder became a command.
        self.assertNotIn(b"AUTHENTICATE", hostile["starttls"].heard)
        self.assertNotIn(b"\nb9 DELETE", hostile["names"].heard)


class Replay(MailboxesOfATown):
    def replay(self, boxes, *more, user=cast.IAN):
        return self.town.run("replay", "--imap", f"imaps://{user.replace('@', '%40')}@localhost:{boxes.imaps_port}{more[0]}", *more[1:], check=False)

    def report(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_mail_of_the_past_is_replayed_from_the_server_and_gone_on_with(self):
        boxes = self.start_dovecot()
        self.town.write("ian.password", PASSWORDS[cast.IAN] + "\n")
        for number in range(3):
            boxes.put(cast.IAN, order(f"order-{number}").replace("Fence", f"Fence {number}"))
        boxes.put(cast.IAN, cast.plain("tully@fencing.example", [cast.IAN], "Re: Fence", "Thank you.\n", "answer"))
        told = ["--password-file", self.town.path("ian.password"), "--authorities", self.town.path("ca.pem"), "--json", "-"]
        state = ["--state", self.town.path("replay.state")]
        first = self.report(self.replay(boxes, "", *told, *state))
        self.assertEqual((first["messages"], first["incoming"], first["actions"]["hold"]), (3, 1, 3))
        self.assertIn("silent copies cannot be seen", " ".join(first["cannot_show"]))
        self.assertFalse([flags for flags in boxes.flags(cast.IAN) if any(flag != b"\\Recent" for flag in flags)])
        # The same folder by its name, and more mail in it: what is done is not done again.
        boxes.put(cast.IAN, order("order-3"))
        more = self.report(self.replay(boxes, "/Gesendet%20%26%20mehr", *told, *state))
        self.assertEqual((more["messages"], more["run"]["done_before"], more["run"]["done_now"]), (4, 3, 1))
        # Numbered anew: all of it is read anew, and what was there is kept.
        boxes.renumber(cast.IAN)
        done = self.replay(boxes, "", *told, *state)
        self.assertIn("everything is done anew", done.stderr)
        self.assertEqual((self.report(done)["messages"], self.report(done)["run"]["done_before"]), (4, 0))
        # What is wrong is said, and a password is no part of an address.
        for url, words in (("/Nowhere", "Nowhere"), ("/a%0d%0ab", "user or folder that is none")):
            self.assertIn(words, self.replay(boxes, url, *told).stderr)
        wrong = self.town.run("replay", "--imap", f"imaps://ian:secret@localhost:{boxes.imaps_port}", *told, check=False)
        self.assertEqual(wrong.returncode, 64)
        self.assertNotIn("secret", wrong.stderr)

    def test_a_journal_knows_who_was_blind_copied(self):
        boxes = self.start_dovecot()
        self.town.write("clerk.password", PASSWORDS[cast.CLERK] + "\n")
        inner = cast.plain(cast.CLERK, ["ross@homemail.example"], "The pond", "Dear Mrs Ross\n\nThe pond is drained on Thursday.\n\nMorwenna Clarke\n", "silent")
        words = f"Sender: {cast.CLERK}\nSubject: The pond\nMessage-Id: <silent>\nTo: ross@homemail.example\nBcc: {cast.JANE}\n"
        report = "\n".join(["From: journal@harbridge.example", "Date: Mon, 02 Nov 2026 10:00:00 +0000", "Message-ID: <report@x>", "X-MS-Journal-Report:", "MIME-Version: 1.0",
                            "Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: text/plain", "", words, "--b",
                            "Content-Type: message/rfc822", "", inner, "--b--", ""])
        boxes.put(cast.CLERK, report, folder="INBOX")
        told = ["--password-file", self.town.path("clerk.password"), "--authorities", self.town.path("ca.pem"), "--json", "-"]
        found = self.report(self.replay(boxes, "/INBOX", *told, user=cast.CLERK))
        self.assertEqual((found["messages"], found["with_blind_copies_recorded"], found["with_findings"]), (1, 1, 1))
        self.assertIn("every copy records", " ".join(found["cannot_show"]))


if __name__ == "__main__":
    unittest.main()
