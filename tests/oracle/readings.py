"""Three readings of one message: Python's email, GMime and Beadle. Each gives the leaves, in the order of the message, and the addresses
of From, To and Cc; the two others also give every part with its fields."""

import base64
import email
import email.policy
import hashlib
import json
import subprocess
from dataclasses import dataclass, field

FIELDS = ("from", "to", "cc")
SECONDS_FOR_ONE_MESSAGE = 60  # far more than any takes: what is over it hangs


@dataclass
class Part:
    type: str
    depth: int  # how many parts are around it
    fields: list  # (name, value), as they are written
    around: tuple = ("", "")  # what stands before the first and behind the last part of a multipart, where the reader gives it


@dataclass
class Leaf:
    type: str
    content: bytes | None = None  # decoded from its transfer encoding; None where the reader does not give it
    digest: str | None = None
    at: int = -1  # number of its part
    part: object = None  # the same as Python's own object
    within: bool = False  # in a message within the message
    above: list = field(default_factory=list)  # multiparts around it, outermost first

    def __post_init__(self):
        if self.content is not None:
            self.digest = hashlib.sha256(self.content).hexdigest()


@dataclass
class Reading:
    leaves: list = field(default_factory=list)
    parts: list = field(default_factory=list)
    addresses: dict = field(default_factory=lambda: {name: set() for name in FIELDS})


def types(leaves):
    return [leaf.type for leaf in leaves]


def python_message(data):
    return email.message_from_bytes(data, policy=email.policy.default)


def python_reading(message):
    reading = Reading(addresses=python_addresses(message))

    def walk(part, above, within):
        kind = part.get_content_type()
        reading.parts.append(Part(kind, len(above), list(part.raw_items()), (part.preamble or "", part.epilogue or "")))
        # Python takes the groups of fields of a delivery report (RFC 3464) for messages, and has no bytes of the whole.
        if part.is_multipart() and kind != "message/delivery-status":
            for child in part.get_payload():
                walk(child, above + [part], within or kind.startswith("message/"))
        else:
            content = None if part.is_multipart() else part.get_payload(decode=True)
            reading.leaves.append(Leaf(kind, content, at=len(reading.parts) - 1, part=part, above=above, within=within))

    walk(message, [], False)
    return reading


def python_addresses(message):
    return {name: {a.addr_spec for value in message.get_all(name, []) for a in value.addresses if a.addr_spec} for name in FIELDS}


def gmime_readings(program, paths):
    """A reading of each file; one start of the program for all of them."""
    names = "".join(f"{path}\n" for path in paths)
    printed = subprocess.run([program], input=names.encode(), capture_output=True, check=True).stdout.decode(errors="replace")
    readings, reading = [], Reading()
    for line in printed.splitlines():
        if line == ".":
            readings.append(reading)
            reading = Reading()
            continue
        kind, content = line.split("\t", 1)
        if kind.endswith(":"):
            reading.addresses[kind[:-1]].add(content)
        elif kind.startswith("part/"):
            type, fields = content.split(" ", 1)
            reading.parts.append(Part(type, int(kind[len("part/") :]), gmime_fields(base64.b64decode(fields))))
        else:
            reading.leaves.append(Leaf(kind, None if content == "?" else base64.b64decode(content), at=len(reading.parts) - 1))
    if len(readings) != len(paths):
        raise RuntimeError(f"GMime read {len(readings)} of {len(paths)} messages")
    return readings


def gmime_fields(data):
    """Fields that describe the body stand behind all others: GMime keeps them apart."""
    fields = [field.split(":", 1) for field in data.decode("ascii", "surrogateescape").split("\0") if field]
    return [(name, value.strip(" \t\r\n")) for name, value in fields]


def beadle_reading(program, path):
    """As `beadle show --json` tells it. A message in base64 is one leaf: that it is read too is no matter of structure."""
    shown = json.loads(run(program, "show", "--json", path))
    parts = shown["parts"]
    holders = {part["parent"] for part in parts}

    def is_encoded_message(part):
        return part["type"] in ("message/rfc822", "message/global") and part["encoding"] != "plain"

    def within_encoded(part):
        above = part["parent"]
        return above >= 0 and (is_encoded_message(parts[above]) or within_encoded(parts[above]))

    leaves = [
        Leaf(part["type"], digest=part["sha256"] or None)
        for index, part in enumerate(parts)
        if not within_encoded(part) and (index not in holders or is_encoded_message(part))
    ]
    return Reading(leaves, addresses={name: {one["address"] for one in shown[name] if one["address"]} for name in FIELDS})


def run(program, *arguments):
    """What Beadle prints. Raises where it crashes, hangs or fails."""
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, timeout=SECONDS_FOR_ONE_MESSAGE)
    if done.returncode != 0:
        raise RuntimeError(f"beadle {' '.join(map(str, arguments))}: exit {done.returncode}: {done.stderr.decode(errors='replace')}")
    return done.stdout
