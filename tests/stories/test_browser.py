"""The review page in a real Chromium: what a person sees and does. `BEADLE=build/dev/beadle python3 -m unittest test_browser` in this folder;
BEADLE_SCREENSHOTS=FOLDER keeps pictures of every page at desktop and phone width."""

import json
import os
import subprocess
import unittest

import cast
import desk
import harness
from desk import PASSWORD
from harness import wait_until

BEADLE = os.environ.get("BEADLE", os.path.join(harness.SOURCE, "build", "dev", "beadle"))


@unittest.skipIf(desk.why_no_browser(), f"browser stories cannot run here: {desk.why_no_browser()}")
class Story(unittest.TestCase):
    def setUp(self):
        self.town = desk.Desk(BEADLE)
        self.town.__enter__()
        self.addCleanup(self.town.__exit__)
        self.town.add_user("ruth", "monitoring@harbridge.example", "reviewer", "auditor")
        self.town.add_user("tess", "tess.orme@harbridge.example", "reviewer")
        self.town.add_user("morwenna", cast.CLERK, "reviewer")

    def state_of(self, held):
        return next(item for item in self.town.held("--all") if item["id"] == held)["state"]

    def play(self, story, **given):
        settings = {"url": f"https://localhost:{self.town.web_port}", "password": PASSWORD, "user": "ruth", **given}
        done = subprocess.run(["node", "stories.mjs", story], cwd=os.path.join(harness.HERE, "browser"), capture_output=True, text=True, timeout=300,
                              env={**os.environ, "STORY": json.dumps(settings)})
        self.assertEqual(done.returncode, 0, f"{story}: {done.stdout}{done.stderr}")

    def test_a_reviewer_signs_in_finds_reads_releases_and_returns(self):
        for java_script in (True, False):
            with self.subTest(java_script=java_script):
                order, leak = self.town.send_scene("an order"), self.town.send_scene("a leak")
                self.play("review", javaScript=java_script)
                wait_until("the release", lambda: self.state_of(order) == "released")
                self.assertEqual(self.state_of(leak), "returned")
                self.assertTrue(self.town.find_delivered("new fence round", "tully@fencing.example"))

    def test_two_reviewers_race(self):
        self.play("race", other="tess", held=self.town.send_scene("an order"))

    def test_conflict_of_interest_is_refused(self):
        self.play("conflict", user="morwenna", held=self.town.send_scene("a leak"))

    def test_by_keyboard(self):
        self.town.send_scene("an order")
        self.town.send_scene("a leak")
        self.play("keyboard")

    def test_a_hostile_message_does_nothing(self):
        from email.message import EmailMessage

        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "Ian Day <ian.day@harbridge.example>", "tully@fencing.example", "<img src=x onerror=alert(1)>"
        message["Message-ID"] = "<hostile@harbridge.example>"
        message.set_content("Please go ahead with the new fence, the council will pay.\n")
        message.add_alternative(
            "<body onload=alert(2)><p>Please go ahead with the new fence, the council will pay.</p><script>alert(3)</script><img src=https://evil.example/a.gif onerror=alert(4)>"
            "<svg><script>alert(5)</script></svg><math><mtext></p><img src=x onerror=alert(6)></mtext></math><noscript><p title='</noscript><img src=x onerror=alert(7)>'></noscript>"
            "<style>@import url(https://evil.example/b.css);</style><iframe srcdoc='<script>alert(8)</script>'></iframe><meta http-equiv=refresh content='0;url=https://evil.example/'>",
            subtype="html")
        self.assertIsNone(self.town.send(cast.IAN, ["tully@fencing.example"], message.as_bytes().replace(b"\n", b"\r\n")))
        self.play("hostile", held=self.town.held()[0]["id"])

    def test_every_page_is_accessible_at_both_widths_with_and_without_script(self):
        order = self.town.send_scene("an order")
        leak = self.town.send_scene("a leak")
        self.town.run("held", "return", order, "--by", "Ruth Ansell", "--reason", "Please let the clerk order it.")
        self.play("pages", screenshots=os.environ.get("BEADLE_SCREENSHOTS"), pages={
            "inbox": "/inbox", "decided": "/inbox?show=decided", "message": f"/held/{leak}", "returned": f"/held/{order}", "register": "/register", "figures": "/figures", "report": "/report",
            "people": "/people", "rules": "/rules", "account": "/account", "nowhere": "/nowhere", "errors": "/inbox?from=x"})


if __name__ == "__main__":
    unittest.main()
