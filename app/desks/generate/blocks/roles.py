"""Blocks that show what the person is: by signature, application, introduction, minutes, and as addressed."""

from app.desks.generate import stocks
from app.desks.generate.build import Build
from app.desks.generate.moves import (
    answers,
    appends,
    comes,
    from_contact,
    letter,
    opens,
    posts,
    writes,
)
from gum.claims import word


def role(b: Build) -> tuple[str, str]:
    """A role of the job, and where."""
    job = stocks.fill(dict(b.context.job), b.words)
    return b.fresh("role", job["roles"], lambda one: str(one)), b.rng.choice(job["orgs"])


def is_(b: Build, what: str, org: str, shown: list[str], *, club: bool = False) -> None:
    named = [what] if club else [what, b.context.job["name"]]
    begins = b.ago(200, 4000)
    text = word("holds_role", {"role": what, "org": org})
    b.fact("holds_role", {"role": named}, shown, text=text, begins=begins)
    b.fact("holds_role", {"role": named, "org": [org]}, shown, begins=begins, minor=True)
    b.minor("communicating_with", [org], shown)


def by_signature(b: Build) -> None:
    """Two letters end with the same signature."""
    what, org = role(b)
    sign = f"{b.context.persona.name}\n{what[:1].upper()}{what[1:]}, {org}"
    shown = []
    first = b.rng.randrange(2)
    for n, session in enumerate(b.sessions(2)):
        who = b.contact(work=True, fresh=False)
        s = b.scene(session)
        if n == first:
            text = b.say("role.note", name=who.short)
            shown.append(writes(b, s, who.name, who.address, b.say("role.subject"), text, sign=sign)[1])
        else:
            page = from_contact(b, session, who, b.say("role.asked.subject"), b.say("role.asked"))
            comes(b, b.scene(session, "first"), page)
            opens(b, s, page)
            shown.append(answers(b, s, page, b.say("role.answer"), sign=sign))
    is_(b, what, org, shown)


def applied(b: Build) -> None:
    """An application or a form letter that says what they are."""
    what, org = role(b)
    s = b.scene(b.sessions(1)[0])
    name = b.say("role.file")
    lines = [
        b.say("role.letter", role=what, org=org, years=str(b.rng.randint(2, 19))),
        b.say("role.letter.more"),
    ]
    shown = [s.file(name, office=True), appends(b, s, lines)]
    is_(b, what, org, shown)


def introduced(b: Build) -> None:
    """Says hello to a forum, and what they do for a living."""
    what, org = role(b)
    s = b.scene(b.sessions(1)[0])
    text = b.say("role.hello", role=what, org=org)
    before = [(b.stranger(), b.say("role.welcome"))]
    is_(b, what, org, posts(b, s, b.context.job["forum"], b.say("role.title"), before, text)[1:])


def in_club(b: Build) -> None:
    """Keeps the minutes of a club and signs them with the office held there."""
    one = b.fresh("club", b.life("clubs"), lambda one: str(one["org"]))
    what = b.rng.choice(one["roles"])
    org = one["org"]
    lines = [*stocks.fill(one["minutes"], {"org": org}), f"{b.context.persona.name}, {what}"]
    name = b.say("minutes.file")
    s = b.scene(b.sessions(1)[0])
    shown = [s.file(name, office=b.chance(0.5)), appends(b, s, lines)]
    b.minor("working_on", [lines[0], org], shown)
    is_(b, what, org, shown, club=True)


def addressed(b: Build) -> None:
    """Written to because of what they are; they answer as such."""
    one = b.fresh("club", b.life("clubs"), lambda one: str(one["org"]))
    what, org, session = b.rng.choice(one["roles"]), one["org"], b.sessions(1)[0]
    sender = b.stranger()
    address = b.say("address.person", name=f"member{b.rng.randint(10, 99)}")
    page = letter(b, session, sender, address, b.say("club.subject"), b.say("club.mail", role=what, org=org))
    comes(b, b.scene(session), page)
    s = b.scene(session)
    sign = f"{b.context.persona.name}\n{what}, {org}"
    shown = [opens(b, s, page), answers(b, s, page, b.say("club.reply"), sign=sign)]
    is_(b, what, org, shown, club=True)


BLOCKS = (by_signature, applied, introduced, in_club, addressed)
