"""The mail server's side of the milter protocol, version 6, in a few lines: hands a message to a milter and gives what would be delivered."""

import socket
import struct


class MilterClient:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.buffer = b""
        self.say(b"O", struct.pack(">III", 6, 0x1FF, 0x1FFFFF))
        command, data = self.hear()
        assert command == b"O"
        self.steps = struct.unpack(">I", data[8:12])[0]
        self.say(b"C", b"test.example\x004" + struct.pack(">H", 25) + b"127.0.0.1\x00")
        self.reply_unless(0x1000)

    def say(self, command, data=b""):
        self.socket.sendall(struct.pack(">I", len(data) + 1) + command + data)

    def hear(self):
        while len(self.buffer) < 4 or len(self.buffer) < 4 + struct.unpack(">I", self.buffer[:4])[0]:
            more = self.socket.recv(1 << 16)
            assert more, "the milter closed the connection"
            self.buffer += more
        size = struct.unpack(">I", self.buffer[:4])[0]
        packet, self.buffer = self.buffer[4:4 + size], self.buffer[4 + size:]
        return packet[:1], packet[1:]

    def reply_unless(self, step):
        """The reply to a step that asked for none is not awaited."""
        if not self.steps & step:
            command, _ = self.hear()
            assert command == b"c", command

    def send(self, sender, recipients, data):
        """Gives ("accept", bytes as they would go on), ("held", None) or ("later", words)."""
        self.say(b"M", b"<" + sender.encode() + b">\0" + b"BODY=8BITMIME\0")
        self.reply_unless(0x4000)
        for recipient in recipients:
            self.say(b"R", b"<" + recipient.encode() + b">\0")
            self.reply_unless(0x8000)
        head, _, body = data.partition(b"\r\n\r\n") if not data.startswith(b"\r\n") else (b"", b"", data[2:])
        fields = []
        for line in head.split(b"\r\n"):
            if line[:1] in (b" ", b"\t") and fields:
                fields[-1] += b"\r\n" + line
            else:
                fields.append(line)
        fields = [tuple(field.split(b":", 1)) for field in fields]
        for name, value in fields:
            value = value.replace(b"\r\n", b"\n")
            if not self.steps & 0x100000 and value[:1] == b" ":
                value = value[1:]
            self.say(b"L", name + b"\0" + value + b"\0")
            self.reply_unless(0x80)
        self.say(b"N")
        self.reply_unless(0x40000)
        for at in range(0, len(body), 60_000):
            self.say(b"B", body[at:at + 60_000])
            self.reply_unless(0x80000)
        self.say(b"E")
        new_body = b""
        replaced = False
        while True:
            command, answer = self.hear()
            if command == b"i":
                index = struct.unpack(">I", answer[:4])[0]
                name, value = answer[4:].split(b"\0")[:2]
                if not self.steps & 0x100000:
                    value = b" " + value
                fields.insert(index, (name, value.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")))
            elif command == b"m":
                index = struct.unpack(">I", answer[:4])[0]
                name, value = answer[4:].split(b"\0")[:2]
                places = [at for at, field in enumerate(fields) if field[0].lower() == name.lower()]
                if not value:
                    del fields[places[index - 1]]
                else:
                    if not self.steps & 0x100000:
                        value = b" " + value
                    fields[places[index - 1]] = (fields[places[index - 1]][0], value.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
            elif command == b"h":
                name, value = answer.split(b"\0")[:2]
                fields.append((name, (value if self.steps & 0x100000 else b" " + value).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")))
            elif command == b"b":
                replaced = True
                new_body += answer
            elif command == b"d":
                return "held", None
            elif command in (b"c", b"a"):
                lines = b"".join(name + b":" + value + b"\r\n" for name, value in fields)
                return "accept", lines + b"\r\n" + (new_body if replaced else body)
            elif command == b"y":
                return "later", answer.rstrip(b"\0").decode()
            elif command != b"p":
                raise AssertionError(f"unexpected {command!r}")

    def close(self):
        self.say(b"Q")
        self.socket.close()
