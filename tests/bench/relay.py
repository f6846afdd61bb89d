#!/usr/bin/env python3
"""How the SMTP door compares with a proxy that only copies bytes (haproxy in TCP mode) and a simple filter (proxsmtp), between the same client and sink.

usage: relay.py [--build DIR] [--rounds N] [--seconds N] [--connections N]

"no documents" is Beadle with `[documents] enabled = false`: every second mail has a document. Everything runs on loopback, one after the other within a round, so that a busy machine slows all of them. Rows of programs that are not installed
are left out; the sink is Postfix's smtp-sink. Ratios are taken within a round; of the rounds the median is printed.
"""

import argparse
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))

sys.path.insert(0, os.path.join(SOURCE, "tests", "stories"))
import cast  # noqa: E402
import harness  # noqa: E402


class Running:
    """A server for as long as the `with` lasts, in a folder of its own."""

    def __init__(self, command, port, folder):
        self.log = os.path.join(folder, "log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder)
        end = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                if time.monotonic() > end or self.process.poll() is not None:
                    self.stop()
                    with open(self.log, encoding="utf-8", errors="replace") as log:
                        sys.exit(f"relay.py: {command[0]} does not answer:\n{log.read()}")
                time.sleep(0.05)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def status(self, field):
        """Of /proc/PID/status, in MB."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            for line in file:
                if line.startswith(field + ":"):
                    return int(line.split()[1]) / 1024
        return 0.0

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            words = file.read().rsplit(")", 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def sink(port, folder):
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []
    return Running(["smtp-sink", *as_nobody, f"127.0.0.1:{port}", "2000"], port, folder)


def haproxy(port, next_hop, folder):
    path = os.path.join(folder, "haproxy.cfg")
    with open(path, "w", encoding="ascii") as file:
        file.write("global\n  nbthread 1\n  maxconn 2100\ndefaults\n  mode tcp\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n"
                   f"listen smtp\n  bind 127.0.0.1:{port}\n  server next 127.0.0.1:{next_hop}\n")
    return Running(["haproxy", "-db", "-f", path], port, folder)


def proxsmtp(port, next_hop, folder):
    path = os.path.join(folder, "proxsmtpd.conf")
    with open(path, "w", encoding="ascii") as file:
        file.write(f"Listen: 127.0.0.1:{port}\nOutAddress: 127.0.0.1:{next_hop}\nMaxConnections: 64\nTempDirectory: {folder}\n")
    return Running(["proxsmtpd", "-d", "1", "-f", path], port, folder)


class Beadle(Running):
    """The town of the stories, by its SMTP door, with the sink of this benchmark as next hop."""

    def __init__(self, program, port, next_hop, settings):
        more = "connections = 1200\nconnections-per-host = 1200"
        self.town = harness.Town(program, cast.ROSTER, door="smtp", smtp=more, settings=settings)
        self.town.submit_port, self.town.sink_port = port, next_hop
        self.town.write_settings(cast.ROSTER, "enforce")
        self.town.start_beadle()
        self.process = self.town.beadle_process

    def stop(self):
        self.town.__exit__()


def beadle(program, settings=""):
    return lambda port, next_hop, _: Beadle(program, port, next_hop, settings)


class Bench:
    def __init__(self, build):
        self.load = os.path.join(build, "tests", "bench", "bench_smtp_load")
        program = os.path.join(build, "beadle")
        self.contenders = {"beadle": beadle(program), "no documents": beadle(program, "[documents]\nenabled = false\n")}
        for name, program, start in (("haproxy", "haproxy", haproxy), ("proxsmtp", "proxsmtpd", proxsmtp)):
            if shutil.which(program):
                self.contenders[name] = start
            else:
                print(f"{program} is not installed: no row {name}")

    def measure(self, *words):
        done = subprocess.run([self.load, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"relay.py: {done.stderr}")
        return json.loads(done.stdout)

    def with_sink(self, name, use):
        """use(port to send to, the running proxy or None)"""
        with tempfile.TemporaryDirectory(prefix="beadle-bench-") as folder:
            os.chmod(folder, 0o755)
            next_hop, port = harness.free_port(), harness.free_port()
            sink_folder, own = os.path.join(folder, "sink"), os.path.join(folder, "own")
            os.mkdir(sink_folder)
            os.mkdir(own)
            with sink(next_hop, sink_folder):
                if name == "direct":
                    return use(next_hop, None)
                with self.contenders[name](port, next_hop, own) as running:
                    return use(port, running)

    def throughput(self, name, seconds, connections):
        def use(port, running):
            self.measure("load", port, 1, connections, 10)  # warm
            before = running.cpu_seconds() if running else 0
            loaded = self.measure("load", port, seconds, connections, 10)
            loaded["cpu"] = (running.cpu_seconds() - before) / max(1, loaded["messages"]) * 1e6 if running else 0
            loaded["solo"] = self.measure("one", port, 100)
            return loaded
        return self.with_sink(name, use)

    def sessions(self, count):
        def use(port, running):
            before = running.status("VmRSS")
            with subprocess.Popen([self.load, "keep", str(port), str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:
                line = client.stdout.readline()
                if not line:
                    sys.exit("relay.py: the sessions could not be opened")
                during = running.status("VmRSS")
                client.stdin.close()
            return json.loads(line)["sessions"], before, during
        return self.with_sink("beadle", use)

    def large(self, size):
        def use(port, running):
            self.measure("one", port, 20)
            before = running.status("VmHWM")
            taken = self.measure("large", port, size)
            return before, running.status("VmHWM"), taken["seconds"]
        return self.with_sink("beadle", use)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(SOURCE, "build", "bench"), help="folder of beadle and the benchmarks (default: build/bench)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 8192)), hard))
    if not shutil.which("smtp-sink"):
        sys.exit("relay.py: needs smtp-sink (Debian: postfix)")
    bench = Bench(options.build)
    names = ["direct", *bench.contenders]
    rounds = []
    for number in range(options.rounds):
        rounds.append({name: bench.throughput(name, options.seconds, options.connections) for name in names})
        print(f"round {number + 1} of {options.rounds}: " + ", ".join(f"{name} {one['messages'] / one['seconds']:.0f}/s" for name, one in rounds[-1].items()))

    def middle(value):
        return statistics.median(value(one) for one in rounds)

    def rate(one):
        return one["messages"] / one["seconds"]

    print(f"\n{options.connections} connections, 10 messages each; added: beside direct, at the same load, and one message at a time")
    print(f"{'':13}{'messages/s':>12}{'x haproxy':>11}{'x proxsmtp':>12}{'p50 ms':>9}{'p99 ms':>9}{'added p50':>11}{'added p99':>11}{'alone p50':>11}{'added':>8}{'CPU µs':>9}")
    for name in names:
        def ratio(other, name=name):
            return f"{middle(lambda one: rate(one[name]) / rate(one[other])):.2f}" if other in names else "-"
        print(f"{name:13}{middle(lambda one, n=name: rate(one[n])):12.0f}{ratio('haproxy'):>11}{ratio('proxsmtp'):>12}"
              f"{middle(lambda one, n=name: one[n]['p50']):9.2f}{middle(lambda one, n=name: one[n]['p99']):9.2f}"
              f"{middle(lambda one, n=name: one[n]['p50'] - one['direct']['p50']):11.2f}{middle(lambda one, n=name: one[n]['p99'] - one['direct']['p99']):11.2f}"
              f"{middle(lambda one, n=name: one[n]['solo']['p50']):11.2f}{middle(lambda one, n=name: one[n]['solo']['p50'] - one['direct']['solo']['p50']):8.2f}"
              f"{middle(lambda one, n=name: one[n]['cpu']):9.0f}")
    print("budget of beadle: >= 0.6 x haproxy, >= 8 x proxsmtp; added p50 <= 1 ms, p99 <= 10 ms")
    count, before, during = bench.sessions(1000)
    print(f"\n{count} sessions in the middle of a message: {during:.0f} MB (before the first: {before:.0f} MB; budget 150 MB)")
    for size in (10_000_000, 50_000_000):
        before, most, seconds = bench.large(size)
        print(f"a message of {size / 1e6:.0f} MB: at most {most:.0f} MB (before: {before:.0f} MB), {seconds:.1f} s")


main()
