"""The review page as browsers and attackers meet it: real processes, TLS, a real store. `BEADLE=build/dev/beadle python3 -m unittest test_web` in this
folder. What a real browser shows is test_browser.py."""

import base64
import hashlib
import hmac
import json
import os
import re
import struct
import subprocess
import threading
import time
import unittest

import cast
import desk
import harness
from desk import PASSWORD, Browser, link_in, raw, text_of
from harness import wait_until

BEADLE = os.environ.get("BEADLE", os.path.join(harness.SOURCE, "build", "dev", "beadle"))


USERS = {"ruth": ("monitoring@harbridge.example", "reviewer"), "morwenna": (cast.CLERK, "reviewer"), "tess": ("tess.orme@harbridge.example", "reviewer"),
         "auditor": ("audit@elsewhere.example", "auditor"), "admin": ("admin@elsewhere.example", "administrator")}


class Story(unittest.TestCase):
    settings = ""
    web = ""

    def setUp(self):
        self.town = desk.Desk(BEADLE, settings=self.settings, web=self.web)
        self.town.__enter__()
        self.addCleanup(self.town.__exit__)
        self.users = set()

    def add_user(self, name):
        """Only who is needed: to make a password's hash takes a moment."""
        if name in USERS and name not in self.users:
            self.town.add_user(name, *USERS[name])
            self.users.add(name)

    def browser(self, name, password=PASSWORD):
        self.add_user(name)
        browser = Browser(self.town)
        answer = browser.sign_in(name, password)
        self.assertEqual(answer.status, 303, answer.text)
        return browser

    def state_of(self, held):
        return next(item for item in self.town.held("--all") if item["id"] == held)["state"]


class Review(Story):
    def test_a_reviewer_reads_releases_and_returns(self):
        order = self.town.send_scene("an order")
        leak = self.town.send_scene("a leak")
        ruth = self.browser("ruth")
        inbox = ruth.get("/inbox")
        self.assertEqual(inbox.status, 200)
        self.assertLess(inbox.text.index(order), inbox.text.index(leak), "oldest first")
        page = ruth.get(f"/held/{order}")
        self.assertIn("Please go ahead with the new fence", page.text)
        self.assertIn("exmouth/correspondence-3-obligation", page.text)
        self.assertIn("tully@fencing.example", page.text)
        self.assertEqual([row["who"] for row in self.town.acts(order) if row["act"] == "opened"], ["ruth"])
        answer = ruth.act(order, "release", words="resolution 114")
        self.assertEqual((answer.status, answer.location), (303, f"/held/{order}?done=release"))
        self.assertTrue(wait_until("the fence", lambda: self.town.find_delivered("new fence round", "tully@fencing.example")))
        wait_until("released", lambda: self.state_of(order) == "released")
        without = ruth.act(leak, "return", words="  ")
        self.assertEqual(without.status, 400)
        self.assertEqual(self.state_of(leak), "held")
        self.assertEqual(ruth.act(leak, "return", words="Please speak to me first.").status, 303)
        self.assertEqual(self.state_of(leak), "returned")
        mail = self.town.notices("Please speak to me first", cast.SIAN)[0]
        self.assertIn("Ruth Ansell", text_of(mail))
        self.assertFalse(self.town.find_delivered("coal yard", "pete@coalyard.example"))
        self.assertIn("Released", ruth.get(f"/held/{order}").text)

    def test_of_two_reviewers_one_is_first(self):
        order = self.town.send_scene("an order")
        browsers = [self.browser("ruth"), self.browser("tess")]
        tokens = [browser.csrf() for browser in browsers]
        answers = [None, None]

        def press(i):
            answers[i] = browsers[i].post(f"/held/{order}/act", {"csrf": tokens[i], "act": "release" if i == 0 else "return", "words": "so be it"})

        threads = [threading.Thread(target=press, args=(i,)) for i in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(answer.status for answer in answers), [303, 409])
        second = next(answer for answer in answers if answer.status == 409)
        self.assertRegex(second.text, r"already (being released|released|returned).* by (ruth|tess)")

    def test_nobody_decides_on_what_concerns_him_or_her(self):
        leak = self.town.send_scene("a leak")  # quotes a letter by Morwenna Clarke
        self.town.add_user("sian", cast.SIAN, "reviewer")
        for name in ("sian", "morwenna"):
            browser = self.browser(name)
            page = browser.get(f"/held/{leak}")
            self.assertIn("Somebody else has to decide", page.text)
            for act in ("release", "return"):
                answer = browser.act(leak, act, words="mine")
                self.assertEqual(answer.status, 409, act)
        self.assertEqual(self.state_of(leak), "held")

    def test_two_people_can_break_the_glass(self):
        leak = self.town.send_scene("a leak")
        morwenna, ruth = self.browser("morwenna"), self.browser("ruth")
        self.assertEqual(morwenna.act(leak, "ask", words="Ruth is on leave").status, 303)
        self.assertEqual(morwenna.act(leak, "agree", who="morwenna").status, 409, "nobody agrees with herself")
        self.assertEqual(morwenna.act(leak, "return", words="no").status, 409)
        self.assertEqual(ruth.act(leak, "agree", who="morwenna").status, 303)
        self.assertEqual(morwenna.act(leak, "return", words="not yet").status, 303)
        acts = [(row["act"], row["who"]) for row in self.town.acts(leak)]
        self.assertIn(("break-glass-asked", "morwenna"), acts)
        self.assertIn(("break-glass-agreed", "ruth"), acts)
        self.assertIn(("returned", "morwenna"), acts)

    def test_claims_notes_passing_on_and_legal_hold(self):
        order = self.town.send_scene("an order")
        ruth, tess = self.browser("ruth"), self.browser("tess")
        self.assertEqual(ruth.act(order, "claim").status, 303)
        self.assertIn("ruth", tess.get("/inbox").text)
        self.assertEqual(tess.act(order, "claim").status, 409)
        self.assertEqual(ruth.act(order, "note", words="Asked the <b>chair</b>").status, 303)
        page = tess.get(f"/held/{order}")
        self.assertIn("Asked the &lt;b&gt;chair&lt;/b&gt;", page.text)
        self.assertEqual(ruth.act(order, "pass-on", to="tess", words="You know the fencer").status, 303)
        self.assertIn("You know the fencer", tess.get(f"/held/{order}").text)
        self.assertEqual(tess.act(order, "legal-hold", words="complaint 7").status, 303)
        self.assertIn("Legal hold", tess.get("/inbox").text)
        acts = [row["act"] for row in self.town.acts(order)]
        for act in ("claimed", "noted", "passed-on", "legal-hold-on"):
            self.assertIn(act, acts)

    def test_search_and_filters(self):
        order = self.town.send_scene("an order")
        leak = self.town.send_scene("a leak")
        ruth = self.browser("ruth")
        for query, found, missing in (("q=fence", order, leak), ("q=COALYARD", leak, order), (f"q={leak}", leak, order), ("q=fence+coalyard", None, order),
                                      ("clause=exmouth%2Fcorrespondence-3-obligation", order, leak), ("from=2020-01-01&until=2020-02-01", None, order)):
            text = ruth.get(f"/inbox?{query}").text
            main = text[text.index("<main"):]
            if found:
                self.assertIn(f"/held/{found}", main, query)
            self.assertNotIn(f"/held/{missing}", main, query)
        self.assertEqual(ruth.get("/inbox?from=yesterday").status, 200)
        self.assertIn("Enter a day", ruth.get("/inbox?from=yesterday").text)

    def test_original_and_register(self):
        order = self.town.send_scene("an order")
        ruth, auditor = self.browser("ruth"), self.browser("auditor")
        original = ruth.get(f"/held/{order}/original")
        self.assertIn(b"Please go ahead with the new fence", original.body)
        self.assertIn("attachment", original.headers["Content-Disposition"])
        register = auditor.get("/register")
        self.assertIn("Downloaded", register.text)
        self.assertNotIn("fence", register.text.replace("fencing", ""))
        table = auditor.get("/register/export?as=csv")
        self.assertIn("text/csv", table.headers["Content-Type"])
        self.assertTrue(table.text.startswith("number,at,act,who,held,detail,hash\r\n"))
        rows = json.loads(auditor.get("/register/export?as=json").text)
        self.assertGreater(len(rows), 5)
        self.assertEqual(self.town.run("audit", "verify").returncode, 0)

    def test_every_page_opens(self):
        order = self.town.send_scene("an order")
        ruth, admin = self.browser("ruth"), self.browser("admin")
        for path in ("/inbox", "/inbox?show=decided", "/inbox?show=all", f"/held/{order}", "/people", "/rules", "/register", "/figures", "/report", "/account"):
            answer = ruth.get(path)
            self.assertEqual(answer.status, 200, path)
            self.assertIn("<h1", answer.text, path)
        self.assertEqual(admin.get("/accounts").status, 200)
        self.assertEqual(ruth.get("/nowhere").status, 404)
        self.assertEqual(ruth.get("/held/01aaaaaaaaaaaaaaaaaaaaaaaa").status, 404)


class Notices(Story):
    def test_links_lead_to_pages_and_following_all_of_them_does_nothing(self):
        order = self.town.send_scene("an order")
        to_sender = self.town.notices("Held for review", cast.IAN)[0]
        to_reviewer = self.town.notices("Waiting for review", "monitoring@harbridge.example")[0]
        sender_link, reviewer_link = link_in(to_sender, "/sender/"), link_in(to_reviewer, "/held/")
        self.assertTrue(sender_link)
        self.assertEqual(reviewer_link, f"/held/{order}")
        self.assertIsNone(link_in(to_reviewer, "/sender/"), "reviewers get no sender's link")
        scanner = Browser(self.town)
        seen = set()
        waiting = [sender_link, reviewer_link]
        while waiting and len(seen) < 60:
            path = waiting.pop()
            if path in seen or not path.startswith("/"):
                continue
            seen.add(path)
            answer = scanner.get(path)
            scanner.request("HEAD", path)
            if answer.location:
                waiting.append(answer.location)
            waiting += [link for link in answer.fields().links]
        self.assertGreaterEqual(len(seen), 3)
        self.assertEqual(self.state_of(order), "held")
        self.assertNotIn("opened", [row["act"] for row in self.town.acts(order)])

    def test_a_sender_explains_once(self):
        order = self.town.send_scene("an order")
        link = link_in(self.town.notices("Held for review", cast.IAN)[0], "/sender/")
        ian = Browser(self.town)
        page = ian.get(link)
        self.assertIn("Please go ahead with the new fence", page.text)
        form = {"csrf": page.fields().hidden["csrf"], "act": "explain", "words": "Resolution 114 of 2 November"}
        self.assertEqual(ian.post(link, form).status, 200)
        again = ian.post(link, {**form, "act": "withdraw"})
        self.assertEqual(self.state_of(order), "held", "a used link does nothing")
        self.assertIn("was used", again.text)
        self.assertIn("Resolution 114 of 2 November", self.browser("ruth").get(f"/held/{order}").text)

    def test_a_sender_withdraws(self):
        order = self.town.send_scene("an order")
        link = link_in(self.town.notices("Held for review", cast.IAN)[0], "/sender/")
        ian = Browser(self.town)
        page = ian.get(link)
        without = ian.post(link, {"act": "withdraw"})
        self.assertEqual(without.status, 403)
        self.assertEqual(self.state_of(order), "held")
        self.assertEqual(ian.post(link, {"csrf": page.fields().hidden["csrf"], "act": "withdraw"}).status, 200)
        self.assertEqual(self.state_of(order), "withdrawn")
        self.assertEqual(self.browser("ruth").act(order, "release", words="late").status, 409)

    def test_a_guessed_link_leads_nowhere(self):
        self.town.send_scene("an order")
        for token in ("x", "A" * 43, "..%2F..", "%00"):
            self.assertIn(Browser(self.town).get(f"/sender/{token}").status, (303, 400, 404), token)


class Attacks(Story):
    def test_nothing_without_signing_in(self):
        order = self.town.send_scene("an order")
        nobody = Browser(self.town)
        for path in ("/", "/inbox", f"/held/{order}", f"/held/{order}/original", f"/held/{order}/part/1", "/people", "/rules", "/register", "/register/export", "/figures",
                     "/report", "/accounts", "/account", "/nowhere"):
            answer = nobody.get(path)
            self.assertEqual(answer.status, 303, path)
            self.assertTrue(answer.location.startswith("/sign-in"), path)
            self.assertNotIn("fence", answer.text)
        self.assertEqual(nobody.post(f"/held/{order}/act", {"act": "release"}).status, 303)
        self.assertEqual(self.state_of(order), "held")

    def test_each_role_sees_its_own_pages_only(self):
        order = self.town.send_scene("an order")
        content = [f"/held/{order}", f"/held/{order}/original", f"/held/{order}/part/1", "/inbox"]
        auditor, admin, ruth = self.browser("auditor"), self.browser("admin"), self.browser("ruth")
        for browser in (auditor, admin):
            for path in content:
                answer = browser.get(path)
                self.assertEqual(answer.status, 403, path)
                self.assertNotIn("fence", answer.text)
            self.assertEqual(browser.act(order, "release", words="x").status, 403)
        self.assertEqual(admin.get("/register").status, 403)
        self.assertEqual(ruth.get("/accounts").status, 403)
        self.assertEqual(auditor.get("/accounts").status, 403)
        self.assertEqual(self.state_of(order), "held")

    def test_forms_of_other_sites(self):
        order = self.town.send_scene("an order")
        ruth = self.browser("ruth")
        token = ruth.csrf()
        path, form = f"/held/{order}/act", {"act": "release", "words": "x"}
        for more, headers in (({}, {}), ({"csrf": ""}, {}), ({"csrf": "0" * 64}, {}), ({"csrf": token}, {"Origin": "https://evil.example"}), ({"csrf": token}, {"Origin": "null"}),
                              ({"csrf": token}, {"Sec-Fetch-Site": "cross-site"}), ({"csrf": token}, {"Sec-Fetch-Site": "same-site"})):
            self.assertEqual(ruth.post(path, {**form, **more}, headers=headers).status, 403, (more, headers))
        other = self.browser("tess").csrf()
        self.assertEqual(ruth.post(path, {**form, "csrf": other}).status, 403, "another session's token")
        self.assertEqual(self.state_of(order), "held")
        self.assertEqual(ruth.get(path + "?act=release&csrf=" + token).status, 405)
        as_json = ruth.request("POST", path, body=json.dumps({**form, "csrf": token}), headers={"Content-Type": "application/json"})
        self.assertEqual(as_json.status, 415)
        self.assertEqual(self.state_of(order), "held")

    def test_sessions_are_made_anew_and_end(self):
        self.add_user("ruth")
        self.add_user("tess")
        ruth = Browser(self.town)
        ruth.cookies["__Host-beadle-session"] = "a" * 64
        self.assertEqual(ruth.get("/inbox").status, 303)
        ruth.cookies["__Host-beadle-session"] = "a" * 64
        self.assertEqual(ruth.sign_in("ruth").status, 303)
        token = ruth.cookies["__Host-beadle-session"]
        self.assertNotEqual(token, "a" * 64, "a planted session does not become one")
        answer = Browser(self.town).sign_in("tess")
        cookie = next(line for line in answer.headers.get_all("Set-Cookie") if "session" in line)
        for word in ("__Host-", "Secure", "HttpOnly", "SameSite", "Path=/"):
            self.assertIn(word, cookie)
        self.assertNotIn("Domain", cookie)
        csrf = ruth.csrf()
        self.assertEqual(ruth.post("/sign-out", {"csrf": csrf}).status, 303)
        ruth.cookies["__Host-beadle-session"] = token
        self.assertEqual(ruth.get("/inbox").status, 303, "signed out is signed out")
        tess = self.browser("tess")
        self.town.run("user", "disable", "tess")
        self.assertEqual(tess.get("/inbox").status, 303)
        with open(self.town.path("beadle.db"), "rb") as file:
            self.assertNotIn(token.encode(), file.read())

    def test_guessing_is_slowed_down_and_tells_nothing(self):
        self.add_user("ruth")
        self.add_user("tess")
        browser = Browser(self.town)
        wrong, unknown = browser.sign_in("ruth", "not the password"), browser.sign_in("nobody", "not the password")
        self.assertEqual((wrong.status, unknown.status), (401, 401))
        clean = lambda answer, name: re.sub(r'value="[^"]*"', "", answer.text).replace(name, "")
        self.assertEqual(clean(wrong, "ruth"), clean(unknown, "nobody"))
        answers = [browser.sign_in("ruth", "not the password").status for _ in range(6)]
        self.assertEqual(answers[-1], 429)
        self.assertEqual(browser.sign_in("ruth").status, 429, "the right password does not help while it lasts")
        self.assertEqual(browser.sign_in("tess").status, 303, "others are not locked out")

    def test_a_mail_cannot_become_part_of_the_page(self):
        attack = '<script>alert(1)</script><img src=x onerror=alert(2)>"\'><svg/onload=alert(3)>{{7*7}}\u202egpj.exe'
        from email.header import Header
        from email.message import EmailMessage
        from email.utils import formataddr

        message = EmailMessage()
        message["From"] = "Ian Day <ian.day@harbridge.example>"
        message["To"] = formataddr((attack.encode("ascii", "ignore").decode(), "tully@fencing.example"))
        message["Subject"] = "Fence " + attack
        message["Message-ID"] = "<\"><script>alert(4)</script>@harbridge.example>"
        message.set_content("Dear Mr Tully\n\nPlease go ahead with the new fence, the council will pay.\n\n" + attack + "\n\nIan Day\n")
        message.add_alternative(
            "<html><head><style>@import 'https://evil.example/x.css'; body{background:url(https://evil.example/a)}</style><base href='https://evil.example/'></head><body "
            "onload='alert(5)'><p>Dear Mr Tully</p><p>Please go ahead with the new fence, the council will pay.</p>" + attack
            + "<img src='https://evil.example/pixel.gif'><a href='javascript:alert(6)'>click</a><form action='https://evil.example/'><input name=q></form>"
            "<iframe src='https://evil.example/'></iframe><p style='background-image:url(https://evil.example/b);position:fixed'>x</p></body></html>", subtype="html")
        message.add_attachment(b"\x00\x01", maintype="application", subtype="octet-stream", filename=attack.encode("ascii", "ignore").decode())
        self.assertIsNone(self.town.send(cast.IAN, ["tully@fencing.example"], message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")))
        held = self.town.held()[0]["id"]
        ruth = self.browser("ruth")
        ruth.act(held, "note", words=attack)
        for path in ("/inbox", f"/held/{held}", "/inbox?q=" + "%3Cscript%3Ealert(1)%3C/script%3E", "/register", f"/register?who={attack[:25]}".replace("<", "%3C").replace(">", "%3E")):
            answer = ruth.get(path)
            self.assertEqual(answer.status, 200, path)
            for forbidden in ("<script>alert", "<svg/onload", "onerror=alert(2)>", "\u202e", "<img src=x"):
                self.assertNotIn(forbidden, answer.text, path)
            policy = answer.headers["Content-Security-Policy"]
            self.assertIn("default-src 'none'", policy)
            self.assertNotIn("unsafe", policy)
        page = ruth.get(f"/held/{held}")
        frames = re.findall(r'<iframe[^>]*src="([^"]+)"', page.text)
        self.assertTrue(frames)
        for frame in frames:
            answer = ruth.get(frame)
            self.assertEqual(answer.status, 200)
            self.assertIn("sandbox", answer.headers["Content-Security-Policy"])
            self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
            self.assertNotRegex(answer.text, r"(?i)<script|<iframe|<form|<base|url\(|\ssrc=|\shref=|\son[a-z]+\s*=\s*['\"]?alert|position\s*:")
        self.assertIn("sandbox", re.search(r"<iframe[^>]*>", page.text).group(0))

    def test_smuggled_slow_and_oversized_requests(self):
        order = self.town.send_scene("an order")
        host = f"Host: localhost:{self.town.web_port}\r\n"
        for name, data, expected in (
            ("both lengths", f"POST /sign-in HTTP/1.1\r\n{host}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /inbox HTTP/1.1\r\n{host}\r\n", b" 400 "),
            ("two lengths", f"POST /sign-in HTTP/1.1\r\n{host}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd", b" 400 "),
            ("odd encoding", f"POST /sign-in HTTP/1.1\r\n{host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", b" 501 "),
            ("blank before colon", f"POST /sign-in HTTP/1.1\r\n{host}Content-Length : 4\r\n\r\nabcd", b" 400 "),
            ("bare line feeds", f"GET /sign-in HTTP/1.1\n{host}\n\n", b" 400 "),
            ("no host", "GET /sign-in HTTP/1.1\r\n\r\n", b" 400 "),
            ("two hosts", f"GET /sign-in HTTP/1.1\r\n{host}Host: evil.example\r\n\r\n", b" 400 "),
            ("another host", "GET /sign-in HTTP/1.1\r\nHost: evil.example\r\n\r\n", b" 421 "),
            ("folded line", f"GET /sign-in HTTP/1.1\r\n{host}X-A: b\r\n c\r\n\r\n", b" 400 "),
            ("climbing", f"GET /assets/../../etc/passwd HTTP/1.1\r\n{host}\r\n", b" 400 "),
            ("encoded climbing", f"GET /assets/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n{host}\r\n", b" 400 "),
            ("large header", f"GET /sign-in HTTP/1.1\r\n{host}X-A: {'a' * 40000}\r\n\r\n", b" 431 "),
            ("large body", f"POST /sign-in HTTP/1.1\r\n{host}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 999999999\r\n\r\n", b" 413 "),
            ("another method", f"DELETE /held/{order} HTTP/1.1\r\n{host}\r\n", b" 405 "),
        ):
            answer = raw(self.town, data.encode())
            self.assertIn(expected, answer.split(b"\r\n", 1)[0] + b" ", name)
            self.assertEqual(answer.count(b"HTTP/1.1 "), 1, name + ": one answer, then silence")
        begun = time.monotonic()
        slow = raw(self.town, f"GET /sign-in HTTP/1.1\r\n{host}".encode(), seconds=30)
        self.assertLess(time.monotonic() - begun, 29, "a header that does not end is cut")
        self.assertTrue(slow == b"" or b" 408 " in slow.split(b"\r\n", 1)[0] + b" ")
        self.assertEqual(self.browser("ruth").get("/inbox").status, 200, "the page goes on")


def totp(key, moment):
    digest = hmac.new(base64.b32decode(key), struct.pack(">Q", int(moment) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


class Accounts(Story):
    def test_codes_from_a_telephone(self):
        self.add_user("ruth")
        key = self.town.run("user", "second-factor", "ruth").stdout.split()[-2]
        browser = Browser(self.town)
        self.assertEqual(browser.sign_in("ruth").status, 401)
        self.assertEqual(browser.sign_in("ruth", code="000000").status, 401)
        code = totp(key, time.time())
        self.assertEqual(browser.sign_in("ruth", code=code).status, 303)
        self.assertEqual(Browser(self.town).sign_in("ruth", code=code).status, 401, "no code counts twice")

    def test_a_new_password_ends_every_session(self):
        here, there = self.browser("ruth"), self.browser("ruth")
        form = {"csrf": here.csrf(), "act": "password", "old": PASSWORD, "new": "four-random-words-now", "again": "four-random-words-now"}
        self.assertEqual(here.post("/account", {**form, "old": "wrong"}).status, 400)
        self.assertEqual(here.post("/account", {**form, "new": "short", "again": "short"}).status, 400)
        self.assertEqual(here.post("/account", form).status, 303)
        self.assertEqual(there.get("/inbox").status, 303)
        self.assertEqual(Browser(self.town).sign_in("ruth").status, 401)
        self.assertEqual(Browser(self.town).sign_in("ruth", "four-random-words-now").status, 303)

    def test_there_is_no_account_to_begin_with(self):
        with open(self.town.path("beadle.toml"), encoding="utf-8") as file:
            settings = file.read()
        self.town.write("fresh.toml", settings.replace('database = "beadle.db"', 'database = "fresh.db"'))
        words = [self.town.beadle_program, "user", "list", "--json", "--config", self.town.path("fresh.toml")]
        self.assertEqual(json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout), [])


class AtRest(unittest.TestCase):
    def test_content_is_sealed_and_comes_back(self):
        town = desk.Desk(BEADLE)
        self.addCleanup(town.__exit__)
        key = town.path("store.key")
        subprocess.run([BEADLE, "store", "new-key", key], check=True, capture_output=True)
        with open(town.path("beadle.toml"), encoding="utf-8") as file:
            settings = file.read()
        town.write("beadle.toml", settings.replace('database = "beadle.db"', 'database = "beadle.db"\nkey = "store.key"'))
        town.__enter__()
        held = town.send_scene("an order")
        town.add_user("ruth", "monitoring@harbridge.example", "reviewer")
        ruth = Browser(town)
        ruth.sign_in("ruth")
        self.assertIn("Please go ahead with the new fence", ruth.get(f"/held/{held}").text)
        self.assertIn(held, ruth.get("/inbox?q=fence").text)
        contents = b""
        for name in ("beadle.db", "beadle.db-wal"):
            if os.path.exists(town.path(name)):
                with open(town.path(name), "rb") as file:
                    contents += file.read()
        for words in (b"Please go ahead", b"new fence", b"Subject: Fence", b"bowling green"):
            self.assertNotIn(words, contents)
        self.assertIn(b"ian.day@harbridge.example", contents, "who wrote to whom stays readable")
        self.assertEqual(ruth.act(held, "release", words="fine").status, 303)
        self.assertTrue(wait_until("the fence", lambda: town.find_delivered("new fence round", "tully@fencing.example")))


if __name__ == "__main__":
    unittest.main()
