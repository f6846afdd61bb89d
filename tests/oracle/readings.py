"""Three readings of one message: Python's email, GMime and Beadle, each as a list of leaves in the order of the message."""

import base64
import email
import email.policy
import hashlib
import json
import subprocess
from dataclasses import dataclass, field

SECONDS_FOR_ONE_MESSAGE = 60  # far more than any takes: what is over it hangs


@dataclass
class Leaf:
    type: str
    content: bytes | None = None  # decoded from its transfer encoding; None where the reader does not give it
    digest: str | None = None
    part: object = None  # the part, of Python's readings
    within: bool = False  # in a message within the message
    above: list = field(default_factory=list)  # multiparts around it, outermost first

    def __post_init__(self):
        if self.content is not None:
            self.digest = hashlib.sha256(self.content).hexdigest()


def types(leaves):
    return [leaf.type for leaf in leaves]


def python_message(data):
    return email.message_from_bytes(data, policy=email.policy.default)


def python_leaves(message):
    leaves = []

    def walk(part, above, within):
        kind = part.get_content_type()
        # Python takes the groups of fields of a delivery report (RFC 3464) for messages, and has no bytes of the whole.
        if part.is_multipart() and kind != "message/delivery-status":
            for child in part.get_payload():
                walk(child, above + [part], within or kind.startswith("message/"))
        else:
            content = None if part.is_multipart() else part.get_payload(decode=True)
            leaves.append(Leaf(kind, content, part=part, above=above, within=within))

    walk(message, [], False)
    return leaves


def gmime_leaves(program, paths):
    """A list of leaves for each file; one start of the program for all of them."""
    names = "".join(f"{path}\n" for path in paths)
    printed = subprocess.run([program], input=names, capture_output=True, text=True, check=True).stdout
    messages, leaves = [], []
    for line in printed.splitlines():
        if line == ".":
            messages.append(leaves)
            leaves = []
            continue
        kind, content = line.split("\t")
        leaves.append(Leaf(kind, None if content == "?" else base64.b64decode(content)))
    if len(messages) != len(paths):
        raise RuntimeError(f"GMime read {len(messages)} of {len(paths)} messages")
    return messages


def beadle_leaves(program, path):
    """As `beadle show --json` tells them. A message in base64 is one leaf: that it is read too is no matter of structure."""
    shown = json.loads(run(program, "show", "--json", path))
    parts = shown["parts"]
    holders = {part["parent"] for part in parts}

    def is_encoded_message(part):
        return part["type"] in ("message/rfc822", "message/global") and part["encoding"] != "plain"

    def within_encoded(part):
        above = part["parent"]
        return above >= 0 and (is_encoded_message(parts[above]) or within_encoded(parts[above]))

    return [
        Leaf(part["type"], digest=part["sha256"] or None)
        for index, part in enumerate(parts)
        if not within_encoded(part) and (index not in holders or is_encoded_message(part))
    ]


def run(program, *arguments):
    """What Beadle prints. Raises where it crashes, hangs or fails."""
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, timeout=SECONDS_FOR_ONE_MESSAGE)
    if done.returncode != 0:
        raise RuntimeError(f"beadle {' '.join(map(str, arguments))}: exit {done.returncode}: {done.stderr.decode(errors='replace')}")
    return done.stdout
