"""Mail that nobody here wrote, read by Beadle and by two others (Python's email, GMime).

Where the two agree on the parts, on what a part holds or on the addresses of a field, Beadle does too: each exception stands with its
reason in tests/data/oracle/differences.tsv. And where Beadle appends a line, both find that line in the displayed texts, and nothing else changed
but what edits.py says.

BEADLE=… GMIME_READING=… BEADLE_CORPUS=… python3 -m unittest test_oracle"""

import collections
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

import edits
import readings

SOURCE = pathlib.Path(__file__).resolve().parents[2]
DATA = SOURCE / "tests" / "data" / "oracle"
BEADLE = os.environ.get("BEADLE", str(SOURCE / "build" / "dev" / "beadle"))
GMIME = os.environ.get("GMIME_READING", str(SOURCE / "build" / "dev" / "tests" / "gmime_reading"))
MAIL = pathlib.Path(os.environ.get("BEADLE_CORPUS", SOURCE / ".." / "shared" / "corpus")) / "mail"

SENDER = "clerk@harbridge.example"
RECIPIENT = "ross@homemail.example"
COUNCILLORS = {"jane.holt@harbridge.example": "Jane Holt", "sian.obriain@harbridge.example": "Siân Ó Briain"}


def why_not():
    if not MAIL.is_dir():
        return f"no corpus at {MAIL}"
    if not os.access(GMIME, os.X_OK):
        return "built without GMime"
    return ""


def messages():
    return sorted(path for path in MAIL.rglob("*") if path.is_file())


def in_parallel(function, *lists):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, *lists))


def in_any_order(fields):
    """GMime keeps the fields that describe the body apart, so it cannot say what order all of them have."""
    return sorted(fields)


def has_message_id(reading):
    return any(name.lower() == "message-id" and value.strip() for name, value in reading.parts[0].fields)


def differences():
    """{(message, place)}: place is "parts", the number of a leaf, or a field."""
    rows = {}
    for line in (DATA / "differences.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            message, place, what, why = line.split("\t")
            rows[message, place] = f"{what}: {why}"
    return rows


@unittest.skipIf(why_not(), f"the oracles cannot be asked here: {why_not()}")
class Oracle(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.paths = messages()
        cls.names = [str(path.relative_to(MAIL)) for path in cls.paths]
        cls.bytes = [path.read_bytes() for path in cls.paths]
        cls.gmime = readings.gmime_readings(GMIME, cls.paths)

    def test_same_reading_where_both_agree(self):
        ours = in_parallel(lambda path: readings.beadle_reading(BEADLE, path), self.paths)
        found, counts = {}, collections.Counter()
        for name, data, gmime, beadle in zip(self.names, self.bytes, self.gmime, ours):
            python = readings.python_reading(readings.python_message(data))
            self.compare_addresses(name, python.addresses, gmime.addresses, beadle.addresses, found, counts)
            self.compare_leaves(name, python.leaves, gmime.leaves, beadle.leaves, found, counts)
        known = differences()
        print(dict(counts), f"{len(found)} differences", file=sys.stderr)
        self.assertEqual({}, {key: what for key, what in found.items() if key not in known}, "differences that nobody explained")
        self.assertEqual([], [key for key in known if key not in found], "rows of differences.tsv that no longer hold")

    @staticmethod
    def compare_addresses(name, python, gmime, beadle, found, counts):
        for field in readings.FIELDS:
            # A word without a sign is a name to us: it is nobody's address outside its own machine.
            one, other, our = ({address for address in reading[field] if "@" in address} for reading in (python, gmime, beadle))
            if one != other:
                counts["fields on which they disagree"] += 1
            elif our == one:
                counts["fields with the same addresses"] += 1
            else:
                found[name, field] = f"they {one}, we {our}"

    @staticmethod
    def compare_leaves(name, python, gmime, beadle, found, counts):
        if readings.types(python) != readings.types(gmime):
            counts["messages on which they disagree"] += 1
            return
        counts["messages on which they agree"] += 1
        if readings.types(beadle) != readings.types(python):
            found[name, "parts"] = f"they {readings.types(python)}, we {readings.types(beadle)}"
            return
        for number, (one, other, our) in enumerate(zip(python, gmime, beadle), 1):
            if one.digest is None or one.digest != other.digest:
                counts["leaves on which they disagree"] += 1
            elif one.digest == our.digest:
                counts["leaves that are the same"] += 1
            else:
                found[name, str(number)] = f"{our.type} holds something else"

    def test_annotated(self):
        for address, name in COUNCILLORS.items():
            with self.subTest(councillor=name):
                self.annotate_all(address, name)

    def annotate_all(self, address, name):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            rules = folder / "rules"
            (rules / "lexicon").mkdir(parents=True)
            shutil.copy(DATA / "oracle.toml", rules)
            outs = [folder / str(number) for number in range(len(self.paths))]

            def annotate(path, out):
                # A record of its own, because its key makes the mark. The mail server takes eight bits, so a charset may become UTF-8.
                return json.loads(
                    readings.run(BEADLE, "check", "--json", "--rules", rules, "--protocol", "oracle", "--roster", DATA / "roster.toml",
                                 "--record", out.with_suffix(".db"), "--body", "8BITMIME",
                                 "--from", SENDER, "--to", RECIPIENT, "--to", address, "--annotated", out, path))

            verdicts = in_parallel(annotate, self.paths, outs)
            gmime_after = readings.gmime_readings(GMIME, outs)
            counts = collections.Counter()
            line = f"CC Councillor {name}"
            for number, (verdict, out) in enumerate(zip(verdicts, outs)):
                with self.subTest(message=self.names[number], councillor=name):
                    after = out.read_bytes()
                    self.assertEqual([name], verdict["footer"])
                    if verdict.get("uneditable"):
                        self.assertEqual(self.bytes[number], after)
                        self.assertEqual("hold", verdict["action"])
                        counts[f"not edited: {verdict['uneditable']}"] += 1
                        continue
                    counts["edited"] += 1
                    header_only = not re.search(rb"\n\r?\n", self.bytes[number])
                    self.prove_python(self.bytes[number], after, line, counts, header_only)
                    self.prove(self.gmime[number], gmime_after[number], line, collections.Counter(), header_only, in_any_order)
            print(name, dict(counts), file=sys.stderr)
            self.assertGreater(counts["edited"], len(self.paths) // 2)

    def prove(self, before, after, line, counts, header_only, ordered=list):
        """Everything is as it was but the line, and what edits.py says. Gives the numbers of the leaves that hold the line and did not before,
        those before; none where a part was added."""
        parts, mark = edits.without_mark(after.parts)
        self.assertEqual(has_message_id(before), bool(mark))
        if mark:
            self.assertRegex(mark, "^[0-9a-f]{64}$")
        old, new = before.leaves, after.leaves
        if len(new) == len(old) + 1:  # nothing was displayed as text: a part before all others shows the line
            counts["with a part added" if before.parts[0].type == "multipart/mixed" else "moved into a multipart"] += 1
            self.compare_parts(edits.with_part(before.parts, parts, line), parts, ordered)
            self.assertEqual(line, new[0].content.decode())
            self.assertEqual([(leaf.type, leaf.digest) for leaf in old], [(leaf.type, leaf.digest) for leaf in new[1:]])
            return []
        self.assertEqual(readings.types(old), readings.types(new))
        changed = [number for number, (one, other) in enumerate(zip(old, new)) if one.digest != other.digest]
        self.assertTrue(changed)
        utf8 = []
        for number in changed:
            one, part = old[number], before.parts[old[number].at]
            self.assertIn(one.type, ("text/plain", "text/html"))
            # A message that is a header only has no line behind it before which fields could stand.
            if one.type == "text/plain" and not header_only and edits.needs_utf8(line, part.fields, one.content):
                utf8.append(one.at)
            form = edits.form_of(line, one.type, part.fields, one.content, one.at in utf8)
            self.assertTrue(edits.is_inserted(one.content, new[number].content, form), f"leaf {number + 1}: {new[number].content[-400:]!r}")
            if one.type == "text/plain" and not line.isascii():
                counts["UTF-8 now" if one.at in utf8 else "without the marks of letters" if form.isascii() else "as its charset has it"] += 1
        self.compare_parts(edits.relabelled(before.parts, utf8), parts, ordered)
        return changed

    def compare_parts(self, expected, found, ordered):
        self.assertEqual([(part.type, part.depth) for part in expected], [(part.type, part.depth) for part in found])
        for one, other in zip(expected, found):
            self.assertEqual(ordered(one.fields), ordered(other.fields))
            self.assertEqual(one.around, other.around)

    def prove_python(self, before, after, line, counts, header_only):
        message = readings.python_message(before)
        old, new = readings.python_reading(message), readings.python_reading(readings.python_message(after))
        changed = self.prove(old, new, line, counts, header_only)
        leaves = old.leaves
        shown = [n for n, leaf in enumerate(leaves)
                 if leaf.type in ("text/plain", "text/html") and not leaf.within and (leaf.part is message or not leaf.part.is_attachment())]
        if not changed:
            self.assertEqual([], [n for n in shown if not leaves[n].part.get_filename()], "a text is displayed")
            return
        self.assertLessEqual(set(changed), set(shown), "changed is only what is displayed as text")
        bodies = [message.get_body((kind,)) for kind in ("plain", "html")]
        first = min((n for n in shown if any(leaves[n].part is body for body in bodies)), default=changed[0])
        self.assertIn(first, changed, "the first text that is displayed says it")
        self.check_alternatives(leaves, changed)

    def check_alternatives(self, leaves, changed):
        """Each reader of a multipart/alternative sees another of its parts: each of them says it, or none."""
        for number in changed:
            for depth, above in enumerate(leaves[number].above):
                if above.get_content_type() != "multipart/alternative":
                    continue
                beside = {id((leaf.above + [leaf.part])[depth + 1]) for leaf in leaves if above in leaf.above}
                said = {id((leaves[n].above + [leaves[n].part])[depth + 1]) for n in changed if above in leaves[n].above}
                self.assertEqual(beside, said)


if __name__ == "__main__":
    unittest.main()
