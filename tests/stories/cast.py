"""The invented council of the stories and the demo, and the messages that its people send."""

ROSTER = """\
[council]
name = "Harbridge Town Council"
domains = ["harbridge.example"]

[[person]]
name = "Morwenna Clarke"
kind = "officer"
emails = ["clerk@harbridge.example"]
roles = ["clerk"]
[[person]]
name = "Owen Pritchard"
kind = "officer"
emails = ["owen.pritchard@harbridge.example"]
roles = ["deputy-clerk"]
[[person]]
name = "Ruth Ansell"
kind = "officer"
emails = ["monitoring@harbridge.example"]
roles = ["monitoring-officer"]
[[person]]
name = "Jane Holt"
kind = "councillor"
emails = ["jane.holt@harbridge.example"]
roles = ["chair"]
[[person]]
name = "Ian Day"
kind = "councillor"
emails = ["ian.day@harbridge.example", "ianday@homemail.example"]
roles = []
[[person]]
name = "Siân Lloyd"
kind = "councillor"
emails = ["sian.lloyd@harbridge.example"]
roles = []

[[list]]
address = "councillors@harbridge.example"
members = ["jane.holt@harbridge.example", "ian.day@harbridge.example", "sian.lloyd@harbridge.example"]

[[contact]]
kind = "archive"
match = ["records@harbridge.example"]
[[contact]]
kind = "protected"
match = ["*@ombudsman.example"]
"""

CLERK = "clerk@harbridge.example"
DEPUTY = "owen.pritchard@harbridge.example"
JANE = "jane.holt@harbridge.example"
IAN = "ian.day@harbridge.example"
IAN_AT_HOME = "ianday@homemail.example"
SIAN = "sian.lloyd@harbridge.example"

NAMES = {CLERK: "Morwenna Clarke", DEPUTY: "Owen Pritchard", JANE: "Jane Holt", IAN: "Ian Day", SIAN: "Siân Lloyd"}


def shown(address):
    from email.header import Header
    from email.utils import formataddr

    name = NAMES.get(address)
    if name is None:
        return address
    return formataddr((name, address)) if name.isascii() else f"{Header(name, 'utf-8').encode()} <{address}>"


def plain(sender, to, subject, text, ident, extra=""):
    return (
        f"From: {shown(sender)}\nTo: {', '.join(shown(address) for address in to)}\nSubject: {subject}\n{extra}"
        f"Date: Tue, 03 Nov 2026 09:12:44 +0000\nMessage-ID: <{ident}@harbridge.example>\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}"
    )


def both(sender, to, subject, text, html, ident):
    return (
        f"From: {shown(sender)}\nTo: {', '.join(shown(address) for address in to)}\nSubject: {subject}\n"
        f"Date: Tue, 03 Nov 2026 09:12:44 +0000\nMessage-ID: <{ident}@harbridge.example>\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/alternative; boundary="=_{ident}"\n\n'
        f"--=_{ident}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n{text}\n"
        f"--=_{ident}\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n{html}\n--=_{ident}--\n"
    )


def scenes():
    """name, what happens, envelope sender, recipients, message, the action expected."""
    pond = "Dear Mrs Ross\n\nThe pond is drained on Thursday. The ducks have been told.\n\nMorwenna Clarke\nTown Clerk\n"
    lamp = (
        "Jane\n\nThe lamp in Mill Lane is the county's. I have reported it and they say ten days.\n\nOwen Pritchard\nDeputy Town Clerk\n\n"
        "On 2 Nov 2026, at 18:40, Jane Holt <jane.holt@harbridge.example> wrote:\n\n"
        "> Owen, the lamp outside number 4 is out again. Whose is it?\n> Jane\n"
    )
    lamp_html = (
        '<html><body><div>Jane</div><div><br></div><div>The lamp in Mill Lane is the county\'s. I have reported it and they say ten days.</div>'
        "<div><br></div><div>Owen Pritchard</div><div>Deputy Town Clerk</div>"
        '<div><br><blockquote type=3D"cite"><div>On 2 Nov 2026, at 18:40, Jane Holt &lt;jane.holt@harbridge.example&gt; wrote:</div><br>'
        "<div>Owen, the lamp outside number 4 is out again. Whose is it?</div><div>Jane</div></blockquote></div></body></html>"
    )
    fence = (
        "Dear Mr Tully\n\nPlease go ahead with the new fence round the bowling green at £4,300, the council will pay within thirty days.\n"
        "You can start on Monday.\n\nKind regards\n\nIan Day\nTown Councillor\n"
    )
    forward = (
        "Pete, keep this to yourself.\n\nSiân\n\n---------- Forwarded message ---------\nFrom: Morwenna Clarke <clerk@harbridge.example>\n"
        "Date: Mon, 2 Nov 2026 at 16:02\nSubject: CONFIDENTIAL: the coal yard\nTo: Siân Lloyd <sian.lloyd@harbridge.example>\n\n"
        "Dear Siân\n\nThe most that we may offer for the yard is £61,500. That figure is confidential because we have not made our offer yet.\n\n"
        "Morwenna Clarke\nTown Clerk\n"
    )
    note = "Dear Ian\n\nThe report on the yard is attached to this thread.\n\nMorwenna Clarke\nTown Clerk\n"
    return [
        ("everyday", "A clerk answers a resident", CLERK, ["ross@homemail.example"], plain(CLERK, ["ross@homemail.example"], "The pond", pond, "pond"), "pass"),
        ("silent copy", "An officer answers one councillor and blind-copies another", DEPUTY, [JANE, IAN_AT_HOME],
         both(DEPUTY, [JANE], "Re: lamp", lamp, lamp_html, "lamp"), "annotate"),
        ("no reason", "An officer marks a letter confidential and does not say why", CLERK, [IAN],
         plain(CLERK, [IAN], "CONFIDENTIAL", note, "note"), "flag"),
        ("an order", "A councillor places an order in the council's name", IAN, ["tully@fencing.example"],
         plain(IAN, ["tully@fencing.example"], "Fence", fence, "fence"), "hold"),
        ("a leak", "A councillor forwards the clerk's confidential letter to an outsider", SIAN, ["pete@coalyard.example"],
         plain(SIAN, ["pete@coalyard.example"], "Fwd: CONFIDENTIAL: the coal yard", forward, "yard"), "hold"),
        ("ombudsman", "The same councillor writes to the ombudsman, who is protected", SIAN, ["help@ombudsman.example"],
         plain(SIAN, ["help@ombudsman.example"], "Fwd: CONFIDENTIAL: the coal yard", forward, "ombudsman"), "pass"),
    ]
