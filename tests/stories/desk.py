"""The review page of a town: `beadle web` on loopback with a certificate of its own, accounts, and a client that speaks HTTP as a browser would, or as
none would."""

import email
import html.parser
import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import textwrap
import urllib.parse

import cast
import harness
from harness import wait_until

PASSWORD = "three-random-words"

SECOND_REVIEWER = """
[[person]]
name = "Tess Orme"
kind = "officer"
emails = ["tess.orme@harbridge.example"]
roles = ["deputy-clerk"]
"""


def why_no_browser():
    """Why browser stories cannot run here, or None."""
    if shutil.which("chromium") is None:
        return "no chromium"
    if shutil.which("node") is None:
        return "no node"
    if not os.path.isdir(os.path.join(harness.HERE, "browser", "node_modules", "playwright-core")):
        return "no playwright-core: scripts/setup --tests"
    return None


class Desk(harness.Town):
    """A town by the SMTP door, with its review page."""

    def __init__(self, beadle, settings="", web="", **more):
        self.web_port = harness.free_port()
        self.web_process = None
        built = os.path.join(os.path.dirname(os.path.abspath(beadle)), "frontend")
        page = textwrap.dedent(
            f"""\
            [web]
            listen = ["inet:127.0.0.1:{self.web_port}"]
            url = "https://localhost:{self.web_port}"
            certificate = "page.pem"
            key = "page.key"
            assets = "{built}"
            """
        )
        super().__init__(beadle, cast.ROSTER + SECOND_REVIEWER, door="smtp", settings=page + textwrap.dedent(web) + textwrap.dedent(settings), **more)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", self.path("page.key"), "-out",
                        self.path("page.pem"), "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)

    def __enter__(self):
        super().__enter__()
        try:
            self.start_web()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start_web(self):
        with open(self.path("web.log"), "ab") as log:
            self.web_process = subprocess.Popen([self.beadle_program, "web", "--config", self.path("beadle.toml")], stderr=log)

        def ready():
            if self.web_process.poll() is not None:
                raise AssertionError("beadle web ended at once:\n" + self.web_log())
            return harness.can_connect(self.web_port)

        wait_until("beadle web", ready)

    def web_log(self):
        with open(self.path("web.log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def stop_web(self):
        self.web_process.send_signal(signal.SIGTERM)
        code = self.web_process.wait(timeout=60)
        self.web_process = None
        return code

    def __exit__(self, *_):
        if self.web_process is not None and self.web_process.poll() is None:
            self.stop_web()
        super().__exit__()

    def add_user(self, name, address, *roles, password=PASSWORD):
        words = ["user", "add", name, "--address", address, "--password-stdin"]
        for role in roles:
            words += ["--role", role]
        self.run(*words, stdin=password + "\n")

    def send_scene(self, name):
        """Sends one of the cast's scenes that is held, and gives its id."""
        before = {item["id"] for item in self.held("--all")}
        _, _, sender, recipients, message, _ = next(scene for scene in cast.scenes() if scene[0] == name)
        if self.send(sender, recipients, message):
            raise AssertionError(f"{name} was refused")
        return next(item["id"] for item in self.held("--all") if item["id"] not in before)

    def notices(self, kind_words, recipient=None):
        return wait_until(f"a notice with {kind_words!r}", lambda: self.find_delivered(kind_words, recipient))

    def acts(self, held=None):
        """Acts of the audit trail, oldest first."""
        import json

        rows = json.loads(self.run("audit", "list", "--json", "--most", "10000").stdout)
        return [row for row in rows if held is None or row["held"] == held]


def text_of(mail):
    """The words of a delivered mail."""
    message = email.message_from_bytes(mail["data"].encode("latin-1"))
    part = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    return part.get_payload(decode=True).decode("utf-8")


def link_in(mail, path):
    found = re.search(r"https://localhost:\d+(" + path + r"\S*)", text_of(mail))
    return found.group(1) if found else None


class Fields(html.parser.HTMLParser):
    """Hidden fields, in the order of the page, and the ids of links."""

    def __init__(self, text):
        super().__init__()
        self.hidden, self.links, self.forms = {}, [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "input" and values.get("type") == "hidden":
            self.hidden.setdefault(values.get("name"), values.get("value"))
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        if tag == "form":
            self.forms.append((values.get("method", "get"), values.get("action")))


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = response.headers
        self.body = body
        self.text = body.decode("utf-8", "replace")
        self.location = response.headers.get("Location")

    def fields(self):
        return Fields(self.text)


class Browser:
    """Keeps cookies and follows nothing by itself."""

    def __init__(self, desk):
        self.desk = desk
        self.cookies = {}

    def request(self, method, path, form=None, headers=None, body=None):
        context = ssl.create_default_context(cafile=self.desk.path("page.pem"))
        connection = http.client.HTTPSConnection("localhost", self.desk.web_port, timeout=60, context=context)
        try:
            all_headers = {"Host": f"localhost:{self.desk.web_port}"}
            if self.cookies:
                all_headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            if form is not None:
                body = urllib.parse.urlencode(form)
                all_headers["Content-Type"] = "application/x-www-form-urlencoded"
            all_headers.update(headers or {})
            connection.request(method, path, body=body, headers=all_headers)
            response = connection.getresponse()
            answer = Answer(response, response.read())
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";", 1)[0].split("=", 1)
            if "Max-Age=0" in line:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, form, **more):
        return self.request("POST", path, form=form, **more)

    def sign_in(self, name, password=PASSWORD, code=""):
        page = self.get("/sign-in")
        return self.post("/sign-in", {"csrf": page.fields().hidden["csrf"], "next": "/", "name": name, "password": password, "code": code})

    def csrf(self):
        return self.get("/account").fields().hidden["csrf"]

    def act(self, held, act, **form):
        return self.post(f"/held/{held}/act", {"csrf": self.csrf(), "act": act, **form})


def raw(desk, data, seconds=20):
    """Sends bytes over TLS and gives everything that comes back until the other side closes."""
    context = ssl.create_default_context(cafile=desk.path("page.pem"))
    with socket.create_connection(("localhost", desk.web_port), timeout=seconds) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as stream:
            stream.sendall(data)
            answer = b""
            try:
                while True:
                    piece = stream.recv(65536)
                    if not piece:
                        return answer
                    answer += piece
            except (TimeoutError, ssl.SSLError, ConnectionError):
                return answer
