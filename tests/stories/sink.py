"""The next hop of the stories: an SMTP server that keeps what it gets, and can be told to refuse or to put off.

Each mail becomes `<folder>/NNNN.json` (sender, recipients, commands as they were said, data as latin-1 text). Rules are lines in `<folder>/rules`:
`refuse ADDRESS`, `defer ADDRESS`, `defer-data N` (the next N messages), `slow-data SECONDS` (before the answer to the data), `offer EXTENSION`,
`close VERB` (hangs up when it hears that, "." for the end of the data).
"""

import asyncio
import json
import os
import sys
import time


class Sink:
    def __init__(self, folder):
        self.folder = folder
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
        return "".join(f"250-{rule[1]}\r\n" for rule in self.rules() if rule[0] == "offer")

    def closes_at(self, verb):
        return ["close", verb] in self.rules()

    def data_answer(self):
        for rule in self.rules():
            if rule[0] == "slow-data":
                return float(rule[1]), None
            if rule[0] == "defer-data" and self.deferred < int(rule[1]):
                self.deferred += 1
                return 0, "451 4.3.0 sink: not now"
        return 0, None

    def keep(self, sender, recipients, commands, lines):
        self.count += 1
        name = os.path.join(self.folder, f"{self.count:04d}.json")
        mail = {"sender": sender, "recipients": recipients, "commands": commands, "data": b"".join(lines).decode("latin-1"), "at": time.time()}
        with open(name + ".part", "w", encoding="utf-8") as file:
            json.dump(mail, file)
        os.rename(name + ".part", name)

    async def converse(self, reader, writer):
        async def say(text):
            writer.write(text.encode() + b"\r\n")
            await writer.drain()

        sender, recipients, commands = None, [], []
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
            if verb == "EHLO":
                await say("250-sink.example\r\n" + self.offers() + "250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 60000000")
            elif verb in ("HELO", "NOOP"):
                await say("250 sink.example")
            elif verb == "RSET":
                sender, recipients = None, []
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
                self.keep(sender, recipients, commands, lines)
                if wait:
                    await asyncio.sleep(wait)
                await say(f"250 2.0.0 Ok: kept as {self.count:04d}")
            elif verb == "QUIT":
                await say("221 2.0.0 Bye")
                break
            else:
                await say("502 5.5.2 not here")
        writer.close()


async def main(port, folder):
    sink = Sink(folder)
    server = await asyncio.start_server(sink.converse, "127.0.0.1", port, limit=64 << 20)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
