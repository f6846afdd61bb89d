"""A private mail system for stories and the demo: Beadle, by one of its doors, and a sink as next hop. Behind the milter door stands a Postfix
with its own configuration and queue; the SMTP door needs none.

Everything lives in one temporary folder and on loopback ports that were free; nothing of a system Postfix is touched. Only processes started
here are ended.
"""

import glob
import json
import os
import pwd
import random
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import textwrap
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))


def why_not():
    """Why the stories cannot run here, or None."""
    if os.geteuid() != 0:
        return "not root"
    if shutil.which("postfix") is None:
        return "no postfix"
    return None


def free_port():
    """Below the ports that the system gives to outgoing connections: a server that is away for a moment finds its port free when it comes back."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass  # somebody has it


def wait_until(what, condition, seconds=30):
    """Polls until `condition()` gives something true, and gives that; fails loudly after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError("\n".join([f"waited {seconds} s in vain for: {what}", *(town.last_words() for town in Town.living)]))
        time.sleep(0.05)


def can_connect(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
        return True
    except OSError:
        return False


def make_certificates(folder, name="localhost"):
    """An authority, and a certificate by it for a name: ca.pem, door.pem and door.key."""
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)

    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl("req", "-x509", *new_key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Authority")
    openssl("req", *new_key, "-keyout", "door.key", "-out", "door.csr", "-subj", f"/CN={name}")
    with open(os.path.join(folder, "door.ext"), "w", encoding="ascii") as file:
        file.write(f"subjectAltName=DNS:{name}\n")
    openssl("x509", "-req", "-in", "door.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "door.ext", "-out", "door.pem")


class PostfixQueue:
    """An empty queue with the owners and modes that Postfix wants, made by Postfix once and copied for each town."""

    daemons = ""
    template = None

    @classmethod
    def copy_to(cls, town):
        if cls.template is None:
            cls.daemons = subprocess.run(["postconf", "-c", town.path("etc"), "-h", "daemon_directory"], check=True, capture_output=True, text=True).stdout.strip()
            subprocess.run(["postfix", "-c", town.path("etc"), "check"], check=True, capture_output=True)
            cls.template = tempfile.TemporaryDirectory(prefix="beadle-queue-")
            subprocess.run(["cp", "-a", town.path("queue") + "/.", cls.template.name], check=True)
        else:
            subprocess.run(["cp", "-a", cls.template.name + "/.", town.path("queue")], check=True)


class Town:
    """The council's mail system. Use as a context manager."""

    living = []  # those of this process

    def __init__(self, beadle, roster, keep=False, mode="enforce", settings="", door="milter", smtp=""):
        """door: "milter" (with Postfix) or "smtp". smtp: more lines of [smtp]."""
        self.beadle_program = os.path.abspath(beadle)
        self.folder = tempfile.mkdtemp(prefix="beadle-town-")
        os.chmod(self.folder, 0o755)
        self.keep_folder = keep
        self.door = door
        self.smtp_settings = smtp
        self.submit_port, self.reentry_port, self.sink_port, self.milter_port = (free_port() for _ in range(4))
        self.beadle_process = None
        self.sink_process = None
        self.sink_tls = ()   # certificate, key and authority of a next hop that wants TLS and a certificate
        self.launcher = ()   # what starts beadle, if it is not started directly
        self.postfix_running = False
        self.more_settings = settings
        self.write_settings(roster, mode)
        Town.living.append(self)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(textwrap.dedent(text))

    # Settings

    def write_settings(self, roster, mode):
        self.write("roster.toml", roster)
        self.write(
            "beadle.toml",
            f"""\
            [council]
            roster = "roster.toml"
            protocol = "exmouth"
            mode = "{mode}"
            users-informed = "2026-01-05"
            reviewers = ["monitoring@harbridge.example"]
            [rules]
            directory = "{SOURCE}/rules"
            [store]
            database = "beadle.db"
            {self.door_settings()}
            host-name = "mail.harbridge.example"
            [notices]
            from = "clerk@harbridge.example"
            directory = "{SOURCE}/config/notices"
            """,
        )
        if self.more_settings:
            with open(self.path("beadle.toml"), "a", encoding="utf-8") as file:
                file.write(textwrap.dedent(self.more_settings))

    def door_settings(self):
        if self.door == "milter":
            lines = ["[milter]", f'listen = ["inet:127.0.0.1:{self.milter_port}"]', "[release]", f'reentry = "inet:127.0.0.1:{self.reentry_port}"']
        else:
            lines = ["[smtp]", f'listen = ["inet:127.0.0.1:{self.submit_port}"]', f'next-hop = "inet:127.0.0.1:{self.sink_port}"',
                     f'spool = "{self.folder}"', *textwrap.dedent(self.smtp_settings).splitlines(), "[release]"]
        return ("\n" + 12 * " ").join(lines)

    def relay_host(self):
        """Where Postfix sends all mail."""
        return f"[127.0.0.1]:{self.sink_port}"

    def write_postfix(self):
        postfix = pwd.getpwnam("postfix")
        for name in ("etc", "queue", "data"):
            os.makedirs(self.path(name), exist_ok=True)
        os.chown(self.path("data"), postfix.pw_uid, postfix.pw_gid)
        self.write(
            "etc/main.cf",
            f"""\
            compatibility_level = 3.6
            queue_directory = {self.path("queue")}
            data_directory = {self.path("data")}
            maillog_file = {self.path("postfix.log")}
            maillog_file_prefixes = {self.folder}
            myhostname = mail.harbridge.example
            mydestination =
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            mynetworks = 127.0.0.0/8
            relayhost = {self.relay_host()}
            disable_dns_lookups = yes
            smtp_dns_support_level = disabled
            smtp_host_lookup = native
            smtpd_peername_lookup = no
            smtpd_relay_restrictions = permit_mynetworks, reject
            smtpd_recipient_restrictions =
            smtpd_forbid_bare_newline = yes
            smtpd_forbid_unauth_pipelining = yes
            milter_protocol = 6
            milter_default_action = tempfail
            milter_mail_macros = i {{mail_addr}} {{client_addr}} {{client_name}} {{auth_authen}}
            message_size_limit = 60000000
            in_flow_delay = 0
            smtp_connection_cache_on_demand = no
            minimal_backoff_time = 1s
            maximal_backoff_time = 2s
            queue_run_delay = 1s
            alias_maps =
            alias_database =
            """,
        )
        # Postfix reads a file that was written a moment ago again and again, until it can be sure that nobody is still writing.
        os.utime(self.path("etc/main.cf"), (0, 0))
        rows = [
            f"127.0.0.1:{self.submit_port} inet n - n - - smtpd -o smtpd_milters=inet:127.0.0.1:{self.milter_port}",
            f"127.0.0.1:{self.reentry_port} inet n - n - - smtpd -o smtpd_milters= -o syslog_name=postfix/reentry",
            "pickup unix n - n 60 1 pickup",
            "cleanup unix n - n - 0 cleanup",
            "qmgr unix n - n 300 1 qmgr",
            "rewrite unix - - n - - trivial-rewrite",
            "postlog unix-dgram n - n - 1 postlogd",
        ]
        for name in ("bounce", "defer", "trace"):
            rows.append(f"{name} unix - - n - 0 bounce")
        for name, program in (("verify", "verify"), ("flush", "flush"), ("proxymap", "proxymap"), ("smtp", "smtp"), ("relay", "smtp"),
                              ("showq", "showq"), ("error", "error"), ("retry", "error"), ("discard", "discard"), ("anvil", "anvil")):
            rows.append(f"{name} unix - - n - - {program}")
        rows.append("tlsmgr unix - - n 1000? 1 tlsmgr")
        self.write("etc/master.cf", "\n".join(rows) + "\n")

    # Parts

    def start_sink(self):
        os.makedirs(self.path("sink"), exist_ok=True)
        self.sink_process = subprocess.Popen([sys.executable, os.path.join(HERE, "sink.py"), str(self.sink_port), self.path("sink"), *self.sink_tls],
                                             stdout=subprocess.DEVNULL)
        wait_until("the sink", lambda: can_connect(self.sink_port))

    def stop_sink(self):
        self.sink_process.terminate()
        self.sink_process.wait()
        self.sink_process = None

    def sink_rules(self, *rules):
        self.write("sink/rules", "\n".join(rules) + "\n")

    def start_beadle(self):
        with open(self.path("beadle.log"), "ab") as log:
            self.beadle_process = subprocess.Popen([*self.launcher, self.beadle_program, "serve", "--config", self.path("beadle.toml")], stderr=log)

        def ready():
            if self.beadle_process.poll() is not None:
                raise AssertionError("beadle ended at once:\n" + self.log())
            return can_connect(self.milter_port if self.door == "milter" else self.submit_port)

        wait_until("beadle", ready)

    def stop_beadle(self, how=signal.SIGTERM):
        self.beadle_process.send_signal(how)
        code = self.beadle_process.wait(timeout=60)
        self.beadle_process = None
        return code

    def start_postfix(self):
        self.write_postfix()
        PostfixQueue.copy_to(self)
        # What `postfix start` does, less its checks, which start a hundred programs.
        subprocess.run([os.path.join(PostfixQueue.daemons, "master"), "-w", "-c", self.path("etc")], check=True, capture_output=True,
                       env={**os.environ, "MAIL_CONFIG": self.path("etc")})
        self.postfix_running = True
        wait_until("postfix", lambda: can_connect(self.submit_port) and can_connect(self.reentry_port))

    def stop_postfix(self):
        """As `postfix stop`, without its second between two looks."""
        self.postfix_running = False

        def gone(how=0):
            try:
                with open(self.path("queue", "pid", "master.pid"), encoding="ascii") as file:
                    os.kill(int(file.read()), how)
                return False
            except (OSError, ValueError):
                return True

        gone(signal.SIGTERM)

        try:
            wait_until("postfix to end", gone, 10)
        except AssertionError:
            subprocess.run(["postfix", "-c", self.path("etc"), "abort"], capture_output=True)

    def __enter__(self):
        try:
            self.start_sink()
            self.start_beadle()
            if self.door == "milter":
                self.start_postfix()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self in Town.living:
            Town.living.remove(self)
        if self.postfix_running:
            self.stop_postfix()
        for process in (self.beadle_process, self.sink_process):
            if process is not None and process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=40)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        if not self.keep_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    # Acts

    def send(self, sender, recipients, data, mail_options=(), rcpt_options=(), port=None, source=""):
        """Hands a message in as a mail program would, with more parameters of MAIL and RCPT, from another address of this machine if one is given. Gives
        None, or (code, words) of the server's refusal; code is 0 where it just hung up."""
        if isinstance(data, str):
            data = data.replace("\r\n", "\n").replace("\n", "\r\n").encode()
        try:
            with smtplib.SMTP("127.0.0.1", port or self.submit_port, timeout=60, source_address=(source, 0) if source else None) as server:
                server.sendmail(sender, recipients, data, mail_options=["BODY=8BITMIME", *mail_options], rcpt_options=rcpt_options)
            return None
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
        except smtplib.SMTPResponseException as error:
            code, words = error.smtp_code, error.smtp_error
        except smtplib.SMTPException as error:
            return 0, str(error)
        return code, words.decode("utf-8", "replace") if isinstance(words, bytes) else words

    def run(self, *words, check=True, stdin=None):
        """A beadle command against this town; gives what it printed."""
        done = subprocess.run([self.beadle_program, *words, "--config", self.path("beadle.toml")], capture_output=True, text=True, input=stdin)
        if check and done.returncode != 0:
            raise AssertionError(f"beadle {' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def held(self, *words):
        return json.loads(self.run("held", "list", "--json", *words).stdout)

    def shown(self, one):
        """All that the record says of a held message."""
        return json.loads(self.run("held", "show", one["id"], "--json", "--by", "monitoring@harbridge.example").stdout)

    def release(self, one):
        self.run("held", "release", one["id"], "--by", "monitoring@harbridge.example", "--reason", "resolved")

    def delivered(self):
        """Everything the sink got: list of {sender, recipients, data}."""
        mails = []
        for name in sorted(glob.glob(self.path("sink", "*.json"))):
            with open(name, encoding="utf-8") as file:
                mails.append(json.load(file))
        return mails

    def find_delivered(self, words, recipient=None):
        return [mail for mail in self.delivered() if words in mail["data"] and (recipient is None or recipient in mail["recipients"])]

    def log(self):
        with open(self.path("beadle.log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def last_words(self, lines=15):
        """The ends of its logs, for who reads why a story failed."""
        words = []
        for name in ("beadle.log", "postfix.log"):
            if os.path.exists(self.path(name)):
                with open(self.path(name), encoding="utf-8", errors="replace") as file:
                    words += [f"-- {name}", *file.read().splitlines()[-lines:]]
        return "\n".join(words)

    def flush(self):
        """Has Postfix try at once what it has put off: a message that it looks at while the try before ends is left alone for five minutes."""
        subprocess.run(["postqueue", "-c", self.path("etc"), "-f"], stdin=subprocess.DEVNULL, capture_output=True, check=True)

    def postfix_log(self):
        with open(self.path("postfix.log"), encoding="utf-8", errors="replace") as file:
            return file.read()
