"""What may change in a message to which a line is appended, said of another reader's parts and leaves (readings.py). Whatever is not said
here stays as it is. RFC 2045 §3 to §6: what describes a body, and by which fields; RFC 2046 §5.1: multiparts."""

import copy
import re
import unicodedata

import readings

MARK = "Beadle-Footer"
BOUNDARY = r"=_beadle_[0-9a-f]{32}_*"
CHARSET = re.compile(r'(.*;\s*charset\s*=\s*"?)([^";\s]+)(.*)', re.IGNORECASE | re.DOTALL)
CHARSETS_LIKE_ASCII = re.compile(r"us-ascii|ascii|utf-?8|iso-8859-.*|windows-125.*", re.IGNORECASE)
HOLDS_EIGHT_BITS = ("8bit", "binary")


def value_of(fields, name):
    return next((value for other, value in fields if other.lower() == name.lower()), None)


def describes_body(name):
    return name.lower().startswith("content-")


def charset_of(fields):
    found = CHARSET.fullmatch(value_of(fields, "Content-Type") or "")
    return found.group(2) if found else None


def transfer_encoding(fields):
    return (value_of(fields, "Content-Transfer-Encoding") or "7bit").strip().lower()


# The line


def without_marks(line):
    return "".join(c for c in unicodedata.normalize("NFD", line) if not unicodedata.combining(c))


def as_html(line):
    return "".join(c if ord(c) < 128 else f"&#{ord(c)};" for c in line)


def takes_more_than_ascii(fields, content):
    """May bytes over 127 stand in it, or characters that are not ASCII be encoded in it?"""
    encoding = value_of(fields, "Content-Transfer-Encoding")
    return not content.isascii() if encoding is None else encoding.strip().lower() != "7bit"


def in_charset(line, fields):
    try:
        return line.encode(charset_of(fields) or "us-ascii")
    except (LookupError, UnicodeEncodeError):
        return None


def needs_utf8(line, fields, content):
    """Does the part need another label for the line, and may it have one? Its text reads the same only if it is of ASCII letters."""
    held = takes_more_than_ascii(fields, content) and in_charset(line, fields) is not None
    like_ascii = CHARSETS_LIKE_ASCII.fullmatch(charset_of(fields) or "us-ascii")
    return not line.isascii() and not held and content.isascii() and like_ascii is not None


def form_of(line, kind, fields, content, utf8):
    """How the line stands in the bytes of a part: as UTF-8 where the part becomes that, as its charset has it, or without the marks of letters."""
    if kind == "text/html":
        return f"<p>{as_html(line)}</p>".encode()
    if utf8:
        return line.encode()
    as_it_is = in_charset(line, fields) if takes_more_than_ascii(fields, content) else None
    return without_marks(line).encode() if as_it_is is None else as_it_is


def is_inserted(before, after, form):
    """Is `after` `before` with `form` put in at one place, and nothing but line ends about it?"""
    count = len(after) - len(before)
    if count <= 0:
        return False
    same = 0
    while same < len(before) and before[same] == after[same]:
        same += 1
    # Where the text around repeats itself, the same stretch can be seen at several places.
    for begin in range(same, max(-1, same - count - 1), -1):
        if before[begin:] == after[begin + count :] and after[begin : begin + count].strip(b"\r\n") == form:
            return True
    return False


# The parts: what they are, before → after


def with_part(parts, after, line):
    """With a part before all others. What is no multipart becomes one, and all that describes its body goes with the body."""
    root, rest = copy.deepcopy(parts[0]), copy.deepcopy(parts[1:])
    name = re.search(BOUNDARY, value_of(after[0].fields, "Content-Type") or "")
    if root.type != "multipart/mixed":
        moved = [field for field in root.fields if describes_body(field[0])]
        rest = [readings.Part(root.type, 1, moved)]
        instead = [("Content-Type", f'multipart/mixed; boundary="{name.group() if name else "…"}"')]
        if value_of(root.fields, "MIME-Version") is None:
            instead.insert(0, ("MIME-Version", "1.0"))
        kept = []
        for field in root.fields:
            kept += instead if field[0].lower() == "content-type" else [] if describes_body(field[0]) else [field]
        root = readings.Part("multipart/mixed", 0, kept)
    return [root, new_part(line), *rest]


def new_part(line):
    charset, encoding = ("us-ascii", "7bit") if line.isascii() else ("utf-8", "quoted-printable")
    return readings.Part("text/plain", 1, [("Content-Type", f"text/plain; charset={charset}"), ("Content-Transfer-Encoding", encoding)])


def above(parts, number):
    """Numbers of the parts around one, innermost first."""
    found, depth = [], parts[number].depth
    for other in range(number - 1, -1, -1):
        if parts[other].depth < depth:
            depth = parts[other].depth
            found.append(other)
    return found


def relabelled(parts, numbers):
    """With these parts in UTF-8. One without a transfer encoding, and what is around it, is 8bit then (RFC 2045 §6.4)."""
    parts = copy.deepcopy(parts)
    if numbers and value_of(parts[0].fields, "MIME-Version") is None:
        parts[0].fields.append(("MIME-Version", "1.0"))
    for number in numbers:
        part = parts[number]
        raw = transfer_encoding(part.fields) in ("7bit", *HOLDS_EIGHT_BITS)
        replace_or_add(part.fields, "Content-Type", in_utf8, "text/plain; charset=utf-8")
        for one in [number, *above(parts, number)] if raw else []:
            replace_or_add(parts[one].fields, "Content-Transfer-Encoding", in_eight_bits, "8bit")
    return parts


def replace_or_add(fields, name, change, new):
    for number, (other, value) in enumerate(fields):
        if other.lower() == name.lower():
            fields[number] = (other, change(value))
            return
    fields.append((name, new))


def in_utf8(content_type):
    found = CHARSET.fullmatch(content_type)
    if not found:
        return re.sub(r"^\s*[^;\s]+", lambda kind: f"{kind.group()}; charset=utf-8", content_type, count=1)
    return content_type if found.group(2).lower() == "utf-8" else f"{found.group(1)}utf-8{found.group(3)}"


def in_eight_bits(encoding):
    return re.sub("7bit", "8bit", encoding, flags=re.IGNORECASE)


def without_mark(parts):
    """The parts without the mark that stands above all other fields, and that mark ("" where there is none)."""
    name, value = parts[0].fields[0] if parts[0].fields else ("", "")
    if name != MARK:
        return parts, ""
    first = readings.Part(parts[0].type, parts[0].depth, parts[0].fields[1:], parts[0].around)
    return [first, *parts[1:]], value
