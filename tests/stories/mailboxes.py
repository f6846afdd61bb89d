"""A private Dovecot for stories: its own configuration, folders and ports on loopback, TLS by an authority of its own. Nothing of a system Dovecot is
touched, and only the processes started here are ended."""

import imaplib
import os
import pwd
import shutil
import ssl
import subprocess
import time

import harness

MASTER = "beadle"


def why_not():
    if os.geteuid() != 0:
        return "not root"
    if shutil.which("dovecot") is None:
        return "no dovecot"
    return None


class Mailboxes:
    """`people`: address → password. `tokens`: URL of who says whose a token is, which stands at its end; None: there are none. Use as a context manager."""

    def __init__(self, town, people, tokens=None):
        self.town = town
        self.people = people
        self.tokens = tokens
        self.imap_port, self.imaps_port = harness.free_port(), harness.free_port()
        self.process = None

    def path(self, *names):
        return self.town.path("dovecot", *names)

    def write_configuration(self):
        nobody = pwd.getpwnam("nobody")
        for name in ("run", "state", "mail"):
            os.makedirs(self.path(name), exist_ok=True)
        os.chown(self.path("mail"), nobody.pw_uid, nobody.pw_gid)
        self.town.write("dovecot/users", "".join(f"{address}:{{PLAIN}}{password}::::::\n" for address, password in self.people.items()))
        self.town.write("dovecot/masters", f"{MASTER}:{{PLAIN}}open-sesame::::::\n")
        self.town.write("master.password", "open-sesame\n")
        self.town.write(
            "dovecot/dovecot.conf",
            f"""\
            base_dir = {self.path("run")}
            state_dir = {self.path("state")}
            log_path = {self.path("dovecot.log")}
            protocols = imap
            listen = 127.0.0.1
            ssl = required
            ssl_cert = <{self.town.path("door.pem")}
            ssl_key = <{self.town.path("door.key")}
            disable_plaintext_auth = yes
            auth_mechanisms = plain login{" xoauth2 oauthbearer" if self.tokens else ""}
            auth_failure_delay = 0
            default_internal_user = dovecot
            default_login_user = dovenull
            first_valid_uid = 0
            mail_location = maildir:{self.path("mail")}/%u
            passdb {{
              driver = passwd-file
              master = yes
              args = {self.path("masters")}
            }}
            passdb {{
              driver = passwd-file
              args = {self.path("users")}
            }}
            {self.token_passdb()}
            userdb {{
              driver = static
              args = uid={nobody.pw_uid} gid={nobody.pw_gid} home={self.path("mail")}/%u
            }}
            namespace inbox {{
              inbox = yes
              separator = /
              mailbox "Gesendet & mehr" {{
                auto = create
                special_use = \\Sent
              }}
            }}
            service imap-login {{
              chroot =
              inet_listener imap {{
                port = {self.imap_port}
              }}
              inet_listener imaps {{
                port = {self.imaps_port}
                ssl = yes
              }}
            }}
            service anvil {{
              chroot =
            }}
            """,
        )

    def token_passdb(self):
        if self.tokens is None:
            return ""
        self.town.write("dovecot/oauth2", f"tokeninfo_url = {self.tokens}\nusername_attribute = email\n")
        return "\n".join(["passdb {", "driver = oauth2", "mechanisms = xoauth2 oauthbearer", f'args = {self.path("oauth2")}', "}"])

    def start(self):
        self.process = subprocess.Popen(["dovecot", "-F", "-c", self.path("dovecot.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        harness.wait_until("dovecot", lambda: harness.can_connect(self.imaps_port))

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)

    def __enter__(self):
        self.write_configuration()
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    SENT = "Gesendet &- mehr"

    def open(self, address):
        context = ssl.create_default_context(cafile=self.town.path("ca.pem"))
        connection = imaplib.IMAP4_SSL("localhost", self.imaps_port, ssl_context=context)
        connection.login(address, self.people[address])
        return connection

    def put(self, address, message, hours_ago=2, folder=SENT):
        with_ends = message.replace("\r\n", "\n").replace("\n", "\r\n").encode()
        box = self.open(address)
        answer = box.append(f'"{folder}"', None, imaplib.Time2Internaldate(time.time() - hours_ago * 3600), with_ends)
        assert answer[0] == "OK", answer
        box.logout()

    def flags(self, address, folder=SENT):
        """Of every message: what a mail program shows."""
        box = self.open(address)
        box.select(f'"{folder}"', readonly=True)
        _, rows = box.fetch("1:*", "(FLAGS)")
        box.logout()
        return [imaplib.ParseFlags(row) for row in rows if row]

    def renumber(self, address, folder=SENT):
        """The same messages under a new UIDVALIDITY, as after a restore."""
        box = self.open(address)
        for name, answer in (("new", box.create('"new"')), ("select", box.select(f'"{folder}"')), ("copy", box.copy("1:*", '"new"')),
                             ("close", box.close()), ("delete", box.delete(f'"{folder}"')), ("rename", box.rename('"new"', f'"{folder}"'))):
            assert answer[0] == "OK", (name, answer)
        box.logout()
