"""What scripts/demo shows: a town's mail through Beadle, and a table of what became of it."""

import argparse
import email
import json
import shlex
import shutil
import signal
import sys
import textwrap

import cast
import desk
import harness


def width():
    return max(80, min(150, shutil.get_terminal_size((110, 40)).columns))


def verdict_of(town, scene):
    """What Beadle did, as the next hop or the quarantine shows it."""
    name, _, sender, recipients, message, _ = scene
    ident = email.message_from_string(message)["Message-ID"]
    held = [item for item in town.held("--all") if item["recipients"] == recipients and item["sender"] == sender]
    if held:
        return "hold", held[0]["clauses"], held[0]["id"]
    mail = harness.wait_until(f"delivery of {name}", lambda: town.find_delivered(ident, recipients[0]))[0]
    field = email.message_from_string(mail["data"])["Beadle-Verdict"]
    return field.split(";")[0], [], None


def reasons(town, scene):
    """The clauses with their words, asked of `beadle check`, which decides as the filter does."""
    _, _, sender, recipients, message, _ = scene
    words = ["check", "--json", "--from", sender]
    for address in recipients:
        words += ["--to", address]
    return json.loads(town.run(*words, "-", stdin=message).stdout)["findings"]


def show(town):
    columns = width()

    def say(indent, text):
        print(textwrap.fill(text, columns, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2)))

    print(f"\n{'sent':<13}{'what Beadle did':<17}from → to\n" + "─" * columns)
    wrong = 0
    first_held = None
    for scene in cast.scenes():
        name, what, sender, recipients, message, expected = scene
        refused = town.send(sender, recipients, message)
        if refused:
            print(f"{name:<13}{'refused':<17}{refused}")
            wrong += 1
            continue
        action, _, ident = verdict_of(town, scene)
        first_held = first_held or ident
        wrong += action != expected
        print(f"{name:<13}{action.upper() if action == 'hold' else action:<17}{sender} → {', '.join(recipients)}")
        say(13, what + ".")
        for finding in reasons(town, scene):
            say(13, f"{finding['clause']}: {finding['says']}")
            for evidence in finding["evidence"][:2]:
                say(15, f"{evidence['zone']}: “{evidence['text'][:160]}”")
        if action == "annotate":
            data = town.find_delivered("Re: lamp")[0]["data"]
            parts = [part.get_payload(decode=True).decode() for part in email.message_from_string(data).walk() if not part.is_multipart()]
            for part, kind in zip(parts, ("text", "HTML")):
                line = next(line for line in part.splitlines() if "CC Councillor" in line)
                say(13, f"delivered {kind} now holds: {line.strip()}")
        print()

    print("What is held, and what a reviewer does with it\n" + "─" * columns)
    command = "beadle"
    for words in (["held", "list"], ["held", "show", first_held, "--by", "Ruth Ansell"], ["held", "release", first_held, "--by", "Ruth Ansell", "--reason", "ordered by resolution 114"]):
        print(f"$ {command} {shlex.join(words)}")
        done = town.run(*words)
        print(textwrap.indent(done.stdout.rstrip(), "  ") + "\n")
    harness.wait_until("the release", lambda: town.find_delivered("Subject: Fence", "tully@fencing.example"))
    harness.wait_until("its state", lambda: any(item["id"] == first_held for item in town.held("--state", "released")))
    print("The released message has arrived as it was sent. Its sender was told twice: when it was held, and now.")
    notices = harness.wait_until("the notices", lambda: [mail for mail in town.delivered() if mail["sender"] == "" and cast.IAN in mail["recipients"]][1:])
    print(f"  ({len(town.delivered())} mails reached the next hop, {len([m for m in town.delivered() if m['sender'] == ''])} of them notices; "
          f"last to {notices[-1]['recipients'][0]}: {email.message_from_string(notices[-1]['data'])['Subject']})\n")
    print(f"$ {command} audit verify")
    print("  " + town.run("audit", "verify").stdout)
    return wrong


def show_page(beadle, keep):
    """The review page with some held mail, until somebody presses Ctrl-C. Gives the town's folder."""
    town = desk.Desk(beadle, keep=keep)
    with town:
        town.add_user("ruth", "monitoring@harbridge.example", "reviewer", "auditor")
        town.add_user("morwenna", cast.CLERK, "reviewer", "administrator")
        for scene in cast.scenes():
            town.send(*scene[2:5])
        print(f"\nThe review page: https://localhost:{town.web_port}/")
        print("Its certificate was made a moment ago and nobody knows it, so the browser will warn you: go on all the same.")
        print(f"Sign in as ruth (monitoring officer) or morwenna (clerk, who is named in one of the messages); the password of both is {desk.PASSWORD}")
        print("Ctrl-C ends it.", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print()
    return town.folder


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beadle", required=True)
    parser.add_argument("--postfix", action="store_true")
    parser.add_argument("--web", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    reason = harness.why_not() if options.postfix else None
    if reason:
        sys.exit(f"the demo cannot run here: {reason}")
    if options.web:
        folder = show_page(options.beadle, options.keep)
        print(f"Kept in {folder}" if options.keep else "Everything was tidied up.")
        return
    if options.postfix:
        print("Starting a private Postfix with Beadle as its filter, on loopback …")
    else:
        print("Starting Beadle as an SMTP relay, and a next hop that keeps what it gets, on loopback …")
    town = harness.Town(options.beadle, cast.ROSTER, keep=options.keep, door="milter" if options.postfix else "smtp")
    try:
        with town:
            wrong = show(town)
            if options.verbose:
                print(town.log())
    except AssertionError as error:
        print(town.log(), file=sys.stderr)
        sys.exit(f"the demo failed: {error}")
    finally:
        if options.keep:
            print(f"Kept in {town.folder}")
    if wrong:
        sys.exit(f"{wrong} messages did not fare as they should")
    print("Everything was tidied up." if not options.keep else "All servers are stopped.")


if __name__ == "__main__":
    main()
