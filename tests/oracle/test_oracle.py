"""Mail that nobody here wrote, read by Beadle and by two others (Python's email, GMime).

Where the two agree on the parts, on what a part holds or on the addresses of a field, Beadle does too: each exception stands with its
reason in tests/data/oracle/differences.tsv. And where Beadle appends a line, both find that line in the displayed texts and nothing else changed.

BEADLE=… GMIME_READING=… BEADLE_CORPUS=… python3 -m unittest test_oracle"""

import collections
import concurrent.futures
import json
import os
import pathlib
import shutil
import sys
import tempfile
import unicodedata
import unittest

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


def differences():
    """{(message, place)}: place is "parts", the number of a leaf, or a field."""
    rows = {}
    for line in (DATA / "differences.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            message, place, what, why = line.split("\t")
            rows[message, place] = f"{what}: {why}"
    return rows


def footer_forms(name):
    """The line as it may stand in a text, and in HTML."""
    line = f"CC Councillor {name}"
    plain = "".join(c for c in unicodedata.normalize("NFD", line) if not unicodedata.combining(c))
    references = "".join(c if ord(c) < 128 else f"&#{ord(c)};" for c in line)
    texts = {line.encode(), line.encode("cp1252"), plain.encode()}
    return {"text/plain": texts, "text/html": {f"<p>{form}</p>".encode() for form in (line, plain, references)}}


def is_inserted(before, after, forms):
    """Is `after` `before` with one stretch put in, which is one of `forms` with white space about it?"""
    count = len(after) - len(before)
    if count <= 0:
        return False
    same = 0
    while same < len(before) and before[same] == after[same]:
        same += 1
    # Where the text around repeats itself, the same stretch can be seen at several places.
    for begin in range(same, max(-1, same - count - 1), -1):
        if before[begin:] == after[begin + count :] and after[begin : begin + count].strip() in forms:
            return True
    return False


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
            message = readings.python_message(data)
            self.compare_addresses(name, readings.python_addresses(message), gmime.addresses, beadle.addresses, found, counts)
            self.compare_leaves(name, readings.python_leaves(message), gmime.leaves, beadle.leaves, found, counts)
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
                return json.loads(
                    readings.run(BEADLE, "check", "--json", "--rules", rules, "--protocol", "oracle", "--roster", DATA / "roster.toml",
                                 "--from", SENDER, "--to", RECIPIENT, "--to", address, "--annotated", out, path))

            verdicts = in_parallel(annotate, self.paths, outs)
            gmime_after = readings.gmime_readings(GMIME, outs)
            counts = collections.Counter()
            forms = footer_forms(name)
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
                    before = readings.python_message(self.bytes[number])
                    self.prove_python(before, readings.python_message(after), forms)
                    changed = self.changed_leaves(self.gmime[number].leaves, gmime_after[number].leaves, forms)
                    self.assertTrue(changed)
            print(name, dict(counts), file=sys.stderr)
            self.assertGreater(counts["edited"], len(self.paths) // 2)

    def changed_leaves(self, before, after, forms):
        """Numbers of the leaves, of those after, that hold the line and did not before; fails where anything else changed."""
        if len(after) == len(before) + 1:  # nothing was displayed as text: a part before all others shows the line
            self.assertEqual("text/plain", after[0].type)
            self.assertIn(after[0].content.strip(), forms["text/plain"])
            self.assertEqual([(leaf.type, leaf.digest) for leaf in before], [(leaf.type, leaf.digest) for leaf in after[1:]])
            return [0]
        self.assertEqual(readings.types(before), readings.types(after))
        changed = [number for number, (old, new) in enumerate(zip(before, after)) if old.digest != new.digest]
        for number in changed:
            old, new = before[number], after[number]
            self.assertIn(old.type, forms)
            self.assertTrue(is_inserted(old.content, new.content, forms[old.type]), f"leaf {number + 1}: {new.content[-400:]!r}")
        return changed

    def prove_python(self, before, after, forms):
        old, new = readings.python_leaves(before), readings.python_leaves(after)
        changed = self.changed_leaves(old, new, forms)
        shown = [n for n, leaf in enumerate(old) if leaf.type in forms and not leaf.within and (leaf.part is before or not leaf.part.is_attachment())]
        self.assertTrue(changed)
        if len(new) > len(old):
            self.assertEqual([], [n for n in shown if not old[n].part.get_filename()], "a text is displayed")
        else:
            self.assertLessEqual(set(changed), set(shown), "changed is only what is displayed as text")
            bodies = [before.get_body((kind,)) for kind in ("plain", "html")]
            first = min((n for n in shown if any(old[n].part is body for body in bodies)), default=changed[0])
            self.assertIn(first, changed, "the first text that is displayed says it")
            self.check_alternatives(old, changed)
        self.check_headers(before, after, [old[n].part for n in changed] if len(new) == len(old) else [])

    def check_alternatives(self, leaves, changed):
        """Each reader of a multipart/alternative sees another of its parts: each of them says it, or none."""
        for number in changed:
            for depth, above in enumerate(leaves[number].above):
                if above.get_content_type() != "multipart/alternative":
                    continue
                beside = {id((leaf.above + [leaf.part])[depth + 1]) for leaf in leaves if above in leaf.above}
                said = {id((leaves[n].above + [leaves[n].part])[depth + 1]) for n in changed if above in leaves[n].above}
                self.assertEqual(beside, said)

    def check_headers(self, before, after, edited):
        """Fields, preambles and epilogues are the same; an edited part may have another charset and encoding (of eight bits)."""

        def fields(part, original):
            names = ("content-type", "content-transfer-encoding", "mime-version") if any(original is one for one in edited) else ()
            return [(name, value) for name, value in part.raw_items() if name.lower() not in names]

        def walk(old, new):
            self.assertEqual(fields(old, old), fields(new, old))
            self.assertEqual((old.preamble, old.epilogue), (new.preamble, new.epilogue))
            if not old.is_multipart():
                return
            children = new.get_payload()
            for child, other in zip(old.get_payload(), children[len(children) - len(old.get_payload()) :]):
                walk(child, other)

        walk(before, after)


if __name__ == "__main__":
    unittest.main()
