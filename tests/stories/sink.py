"""The next hop of the stories: an SMTP server that keeps what it gets, and can be told to refuse or to put off.

Each mail becomes `<folder>/NNNN.json` (sender, recipients, commands as they were said, data as latin-1 text). Rules are lines in `<folder>/rules`:
`refuse ADDRESS`, `defer ADDRESS`, `defer-data N` (the next N messages), `slow-data SECONDS` (before the answer to the data), `offer EXTENSION WORDS`
(after `offer XFORWARD` it takes that: `xforward`, as it was said), `close VERB` (hangs up when it hears that, "." for the end of the data),
`slow VERB SECONDS`. With a certificate, its key and an authority it wants TLS
of everybody, and a certificate by that authority; each mail then says whose (`certificate`).
"""

import asyncio
import json
import os
import ssl
import sys
import time


class Sink:
    def __init__(self, folder, tls=None):
        self.folder = folder
        self.tls = tls
        self.count = 0
        self.deferred = 0

    def rules(self):
        try:
            with open(os.path.join(self.folder, "rules"), encoding="utf-8") as file:
                return [line.split() for line in file if line.strip()]
        except FileNotFoundError:
            return []

    def rule_for(self, address):
        for rule in self.rules():
            if rule[0] in ("refuse", "defer") and rule[1] == address:
                return rule[0]
        return None

    def offers(self):
        return "".join(f"250-{' '.join(rule[1:])}\r\n" for rule in self.rules() if rule[0] == "offer")

    def takes_xforward(self):
        return any(rule[:2] == ["offer", "XFORWARD"] for rule in self.rules())

    def closes_at(self, verb):
        return ["close", verb] in self.rules()

    def slowness(self, verb):
        return sum(float(rule[2]) for rule in self.rules() if rule[:2] == ["slow", verb])

    def data_answer(self):
        for rule in self.rules():
            if rule[0] == "slow-data":
                return float(rule[1]), None
            if rule[0] == "defer-data" and self.deferred < int(rule[1]):
                self.deferred += 1
                return 0, "451 4.3.0 sink: not now"
        return 0, None

    def keep(self, sender, recipients, commands, xforward, lines, certificate=None):
        self.count += 1
        name = os.path.join(self.folder, f"{self.count:04d}.json")
        mail = {"sender": sender, "recipients": recipients, "commands": commands, "xforward": xforward, "data": b"".join(lines).decode("latin-1"),
                "certificate": certificate, "at": time.time()}
        with open(name + ".part", "w", encoding="utf-8") as file:
            json.dump(mail, file)
        os.rename(name + ".part", name)

    async def serve(self, reader, writer):
        try:
            await self.converse(reader, writer)
        except (ConnectionError, ssl.SSLError):
            writer.close()  # a client that hung up, or has no certificate

    async def converse(self, reader, writer):
        async def say(text):
            writer.write(text.encode() + b"\r\n")
            await writer.drain()

        sender, recipients, commands, xforward = None, [], [], []
        if self.closes_at("greeting"):
            writer.close()
            return
        await say("220 sink.example ESMTP")
        while True:
            line = await reader.readline()
            if not line:
                break
            words = line.decode("utf-8", "replace").strip()
            verb = words[:4].upper()
            if self.closes_at(verb):
                break
            await asyncio.sleep(self.slowness(verb))
            in_clear = self.tls is not None and writer.get_extra_info("ssl_object") is None
            if in_clear and verb in ("MAIL", "RCPT", "DATA"):
                await say("530 5.7.0 sink: STARTTLS first")
            elif in_clear and verb == "STAR":
                await say("220 go on")
                await writer.start_tls(self.tls)
            elif verb == "EHLO":
                await say("250-sink.example\r\n" + ("250-STARTTLS\r\n" if in_clear else "") + self.offers() + "250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 60000000")
            elif verb in ("HELO", "NOOP"):
                await say("250 sink.example")
            elif verb == "RSET":
                sender, recipients, xforward = None, [], []
                await say("250 2.0.0 Ok")
            elif verb == "XFOR" and self.takes_xforward():
                xforward.append(words)
                await say("250 2.0.0 Ok")
            elif verb == "MAIL":
                sender = words.split("<", 1)[1].split(">", 1)[0]
                recipients, commands = [], [words]
                await say("250 2.1.0 Ok")
            elif verb == "RCPT":
                address = words.split("<", 1)[1].split(">", 1)[0]
                answer = self.rule_for(address)
                if answer == "refuse":
                    await say("550 5.1.1 sink: no such mailbox")
                elif answer == "defer":
                    await say("450 4.2.1 sink: mailbox busy")
                else:
                    recipients.append(address)
                    commands.append(words)
                    await say("250 2.1.5 Ok")
            elif verb == "DATA":
                if not recipients:
                    await say("554 5.5.1 no valid recipients")
                    continue
                await say("354 go on")
                lines = []
                while True:
                    line = await reader.readline()
                    if not line or line == b".\r\n":
                        break
                    lines.append(line[1:] if line.startswith(b".") else line)
                if not line or self.closes_at("."):
                    break
                wait, answer = self.data_answer()
                if answer:
                    await say(answer)
                    continue
                session = writer.get_extra_info("ssl_object")
                self.keep(sender, recipients, commands, xforward, lines, dict(sum(session.getpeercert()["subject"], ()))["commonName"] if session else None)
                xforward = []  # as Postfix does: it counts for one message
                if wait:
                    await asyncio.sleep(wait)
                await say(f"250 2.0.0 Ok: kept as {self.count:04d}")
            elif verb == "QUIT":
                await say("221 2.0.0 Bye")
                break
            else:
                await say("502 5.5.2 not here")
        writer.close()


def demanding(certificate, key, authority):
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=authority)
    tls.load_cert_chain(certificate, key)
    tls.verify_mode = ssl.CERT_REQUIRED
    return tls


async def main(port, folder, *tls):
    sink = Sink(folder, demanding(*tls) if tls else None)
    server = await asyncio.start_server(sink.serve, "127.0.0.1", port, limit=64 << 20)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), *sys.argv[2:]))
