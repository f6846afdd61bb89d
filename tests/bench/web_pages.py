"""How long each page of the review desk takes with 100,000 held mails, half of them decided, in the store.

    cmake --build --preset bench --target bench_store_many beadle frontend
    python3 tests/bench/web_pages.py --build build/bench [--mails 100000] [--rounds 15]

Times are those of a client on loopback: server time and a little more. Prints the median and the slowest of some rounds, in milliseconds.
"""

import argparse
import http.client
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "stories"))
import cast
import desk
import harness


class Client:
    """One connection, kept open; a cookie jar of one."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies = {}

    def request(self, method, path, form=None):
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self.connection.request(method, path, body=body, headers=headers)
        response = self.connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        spent = (time.perf_counter() - begun) * 1000
        for line in response.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";", 1)[0].split("=", 1)
            self.cookies[name] = value
        return response.status, text, spent


def settings(folder, port, built):
    return f"""
[council]
roster = "roster.toml"
protocol = "exmouth"
[rules]
directory = "{harness.SOURCE}/rules"
[store]
database = "beadle.db"
[milter]
listen = ["unix:{folder}/milter.sock"]
[notices]
from = "clerk@harbridge.example"
directory = "{harness.SOURCE}/config/notices"
[web]
listen = ["inet:127.0.0.1:{port}"]
assets = "{built}/frontend"
[log]
level = "error"
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    parser.add_argument("--mails", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    built = os.path.abspath(options.build)
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="beadle-pages-", dir=memory) as folder:
        port = harness.free_port()
        config = os.path.join(folder, "beadle.toml")
        for name, text in (("roster.toml", cast.ROSTER), ("beadle.toml", settings(folder, port, built))):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        print(f"filling a store with {options.mails} mails …", flush=True)
        subprocess.run([os.path.join(built, "tests/bench/bench_store_many"), "--make", os.path.join(folder, "beadle.db"), str(options.mails)], check=True)
        beadle = os.path.join(built, "beadle")
        subprocess.run([beadle, "user", "add", "ruth", "--address", "monitoring@harbridge.example", "--role", "reviewer", "--role", "auditor", "--password-stdin", "--config", config],
                       check=True, input=desk.PASSWORD + "\n", text=True, capture_output=True)
        server = subprocess.Popen([beadle, "web", "--config", config])
        try:
            measure(port, options.rounds)
        finally:
            server.terminate()
            server.wait(timeout=60)


def measure(port, rounds):
    harness.wait_until("beadle web", lambda: harness.can_connect(port))
    client = Client(port)
    page = client.request("GET", "/sign-in")[1]
    csrf = desk.Fields(page).hidden["csrf"]
    status, _, _ = client.request("POST", "/sign-in", {"csrf": csrf, "name": "ruth", "password": desk.PASSWORD, "next": "/"})
    assert status == 303, status
    first = next(link for link in desk.Fields(client.request("GET", "/inbox")[1]).links if link.startswith("/held/"))
    pages = ["/inbox", "/inbox?show=decided", "/inbox?show=all", "/inbox?q=planning", "/inbox?q=planning+item+4711", "/inbox?q=planning+finance", "/inbox?who=me",
             "/inbox?show=all&clause=exmouth%2Fcorrespondence-4", "/inbox?show=all&from=2026-03-01&until=2026-03-31", first, "/register", "/register?act=withdrawn", "/register?who=jo&from=2026-05-01",
             "/figures", "/report?quarter=2026-Q3", "/people", "/rules", "/account"]
    print(f"{'page':<62}{'median':>9}{'slowest':>9}  ms")
    slow = 0
    for path in pages:
        spent = []
        for _ in range(rounds):
            status, _, ms = client.request("GET", path)
            assert status == 200, (path, status)
            spent.append(ms)
        spent.sort()
        slow += spent[len(spent) // 2] > 100
        print(f"{path:<62}{spent[len(spent) // 2]:>9.1f}{spent[-1]:>9.1f}")
    print("every page is under 100 ms" if slow == 0 else f"{slow} pages take over 100 ms")


if __name__ == "__main__":
    main()
