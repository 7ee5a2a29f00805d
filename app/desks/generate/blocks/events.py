"""Blocks that show what the person is preparing for."""

from datetime import date, timedelta

from app.desks.generate import stocks
from app.desks.generate.build import Build
from app.desks.generate.dates import Written
from app.desks.generate.moves import (
    answers,
    appends,
    article,
    at_work,
    comes,
    enters,
    from_contact,
    opens,
    reads,
    says,
    search,
    writes,
)


def occasion(b: Build) -> str:
    """Something of the job that comes up."""
    options: list[str] = stocks.fill(b.context.job["events"], b.words)
    return b.fresh("occasion", options, str)


def prepares(
    b: Build, event: list[str], day: Written | None, shown: list[str], last: date | None = None
) -> str:
    """The fact, with help welcome from the beginning until it is over."""
    over = day.day if day else last
    ends = b.end_of(over) if over else None
    fact = b.fact("preparing_for", {"event": event}, shown, ends=ends)
    if day is not None:
        slots = {"event": event, "date": day.readings}
        b.fact("preparing_for", slots, shown, also=["has_deadline", "plans_to_go"], ends=ends, minor=True)
    b.minor("interested_in plans_to_go working_on", event, shown)
    until = ends or b.end_of(b.last_day)
    b.want(
        "prepare", f"Help to prepare for {event[0]}", shown[-1], until, fact, after=until - timedelta(days=3)
    )
    return fact


def with_outline(b: Build) -> None:
    """Enters it in the calendar and writes an outline in an office document."""
    what = occasion(b)
    first, second = b.sessions(2)
    day = b.write(b.ahead(second, 1, 14), first)
    s = b.scene(first)
    shown = enters(b, s, day, what, where=b.context.town, time=b.rng.choice(["10:00", "14:30", "18:00"]))
    t = b.scene(second)
    name = b.say("outline.file")
    lines = [b.say("outline.head", event=what), *(b.say("outline.line") for _ in range(2))]
    shown += [t.file(name, office=True), appends(b, t, list(dict.fromkeys(lines)))]
    prepares(b, [what], day, shown[1:])


def with_list(b: Build) -> None:
    """Looks up how others do it and keeps a list of their own."""
    one = b.stock("events", "event")
    first, second = b.sessions(2)
    event = list(one["event"])
    s = b.scene(first)
    info = article(b, b.say("howto.title", topic=event[0]), b.say("howto.body", topic=event[0]))
    shown = search(b, s, one["query"], event, [(b.field(info, "title"), b.say("search.text"), info)])
    reads(b, s, info, event, way=False)
    t = b.scene(second)
    name = b.say("list.file", event=event[0].replace(" ", "-"))
    shown.append(t.file(name))
    shown.append(appends(b, t, [b.say("list.head", event=event[0]), *one["list"]]))
    b.minor("working_on has_deadline preparing_for", one["list"], shown[-1:])
    prepares(b, event, None, shown, last=b.last_day + timedelta(days=b.rng.randint(2, 10)))


def invited(b: Build) -> None:
    """Invited by mail; accepts and says how they get ready."""
    what, session = occasion(b), b.sessions(1)[0]
    who = b.contact(work=True, fresh=False)
    day = b.write(b.ahead(session, 3, 25), session)
    page = from_contact(
        b, session, who, b.say("invite.subject", event=what), b.say("invite.body", event=what, date=day.said)
    )
    came = comes(b, b.scene(session, "first"), page)
    s = b.scene(session)
    shown = [came, opens(b, s, page), answers(b, s, page, b.say("invite.reply", event=what))]
    prepares(b, [what], day, shown)


def told_team(b: Build) -> None:
    """Tells the team that they are practising for it."""
    what, session = occasion(b), b.sessions(1)[0]
    day = b.write(b.ahead(session, 1, 6), session)
    who = b.contact(work=True, fresh=False)
    talk = at_work(b, [(who.name, b.say("prepare.ask", name=b.context.first))])
    shown = says(b, b.scene(session), talk, b.say("prepare.tell", event=what, date=day.said))
    prepares(b, [what], day, shown[1:])


def asked_friend(b: Build) -> None:
    """Writes to a friend that it is coming, and looks things up for it on another day."""
    one = b.stock("events", "event")
    event = list(one["event"])
    first, second = b.sessions(2)
    who = b.contact(work=False, fresh=False)
    day = b.write(b.ahead(second, 2, 15), first)
    s = b.scene(first)
    text = b.say("prepare.letter", event=event[0], date=day.said, name=who.short)
    shown = writes(b, s, who.name, who.address, event[0], text)
    shown += search(b, b.scene(second), one["query"], event)
    prepares(b, event, day, shown)


BLOCKS = (with_outline, with_list, invited, told_team, asked_friend)
