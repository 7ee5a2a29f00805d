"""Blocks that show by when something must be done. A day is put in many ways; some deadlines move."""

from collections.abc import Sequence
from datetime import timedelta

from app.desks.generate import stocks
from app.desks.generate.build import INBOX, Build
from app.desks.generate.dates import Written
from app.desks.generate.moves import (
    answers,
    appends,
    article,
    at_work,
    comes,
    enters,
    from_contact,
    letter,
    opens,
    posts,
    reads,
    says,
    search,
    with_friend,
)
from app.desks.generate.parts import When


def task(b: Build) -> str:
    """Something the job asks for."""
    options: list[str] = stocks.fill(b.context.job["tasks"], b.words)
    return b.fresh("task", options, lambda one: str(one))


def due(
    b: Build,
    task: Sequence[str],
    day: Written,
    shown: Sequence[str],
    *,
    begins: When | None = None,
    ends: When | None = None,
    replaces: str | None = None,
) -> str:
    """The fact, and that help would be welcome from the day before."""
    fact = b.fact(
        "has_deadline",
        {"task": task, "date": day.readings},
        shown,
        begins=begins,
        ends=ends or b.end_of(day.day),
        replaces=replaces,
    )
    b.minor("working_on preparing_for interested_in", task, shown)
    if ends is None:
        last = b.end_of(day.day)
        b.want("remind", f"Be reminded of {task[0]}", shown[0], last, fact, after=last - timedelta(days=2))
    return fact


def by_mail(b: Build) -> None:
    """Somebody at work writes by when they need it; now and then the person answers."""
    what, session = task(b), b.sessions(1)[0]
    who = b.contact(work=True, fresh=False)
    day = b.write(b.ahead(session, 1, 16), session)
    body = b.say("deadline.mail", task=what, date=day.said)
    page = from_contact(b, session, who, b.say("deadline.subject", task=what, date=day.bare), body)
    shown = [comes(b, b.scene(session, "first"), page)]
    s = b.scene(session)
    shown.append(opens(b, s, page))
    if b.chance(0.5):
        shown.append(answers(b, s, page, b.say("deadline.reply", task=what)))
    due(b, [what], day, shown)


def moved(b: Build) -> None:
    """A deadline is told, and later another day instead."""
    what = task(b)
    first, second = b.sessions(2)
    who = b.contact(work=True)
    old = b.write(b.ahead(second, 2, 6), first)
    new = b.write(b.ahead(second, 8, 20), second)
    body = b.say("deadline.mail", task=what, date=old.said)
    page = from_contact(b, first, who, b.say("deadline.subject", task=what, date=old.bare), body)
    shown = [comes(b, b.scene(first, "first"), page)]
    shown.append(opens(b, b.scene(first), page))
    t = b.scene(second)
    talk = with_friend(b, who, [(who.name, b.say("deadline.moved", task=what, date=new.said))])
    later = says(b, t, talk, b.say("deadline.moved.reply", task=what))
    before = due(b, [what], old, shown, ends=later[0])
    due(b, [what], new, later[:1], begins=later[0], replaces=before)


def in_calendar(b: Build) -> None:
    """The person enters it themselves and sees it in the week."""
    what, session = task(b), b.sessions(1)[0]
    day = b.write(b.ahead(session, 2, 12), session)
    title = b.say("deadline.event", task=what)
    shown = enters(b, b.scene(session), day, title)
    b.minor("preparing_for", [title], shown)
    due(b, [what, title], day, shown)


def in_forum(b: Build) -> None:
    """A call in a forum; the person says that they take part."""
    call, session = b.stock("calls", "task"), b.sessions(1)[0]
    day = b.write(b.ahead(session, 2, 18), session)
    host = b.stranger()
    rules = stocks.fill(call["rules"], {"date": day.said})
    text = b.say("deadline.join", task=call["task"][0])
    shown = posts(b, b.scene(session), call["forum"], call["title"], [(host, rules)], text)
    due(b, call["task"], day, shown)


def in_chat(b: Build) -> None:
    """Asked in the team's chat, and promised there."""
    what, session = task(b), b.sessions(1)[0]
    who = b.contact(work=True, fresh=False)
    day = b.write(b.ahead(session, 1, 10), session)
    talk = at_work(b, [(who.name, b.say("deadline.chat", task=what, name=b.context.first))])
    shown = says(b, b.scene(session), talk, b.say("deadline.promise", task=what, date=day.said))
    due(b, [what], day, shown[1:])


def in_notes(b: Build) -> None:
    """A list of the person's own; the deadline is one line of it."""
    what, session = task(b), b.sessions(1)[0]
    day = b.write(b.ahead(session, 1, 14), session)
    others = [
        b.fresh("filler", b.life("filler_notes"), lambda one: str(one)) for _ in range(b.rng.randint(1, 3))
    ]
    lines = [*others, b.say("deadline.note", task=what, date=day.bare)]
    b.rng.shuffle(lines)
    name = b.say("notes.file")
    s = b.scene(session)
    shown = [s.file(name), s.type("\n".join(lines) + "\n"), s.save()]
    b.minor("working_on has_deadline preparing_for", others, shown)
    due(b, [what], day, shown[1:2])


def of_office(b: Build) -> None:
    """A public office sets a day; the person looks up how it is done and makes a note."""
    chore = b.stock("chores", "task")
    first, second = b.sessions(2)
    day = b.write(b.ahead(second, 1, 21), first)
    what = chore["task"]
    body = b.say("deadline.office", task=what[0], date=day.said)
    page = letter(
        b,
        first,
        chore["office"],
        b.say("address.office", code=str(b.rng.randint(10, 99))),
        b.say("deadline.office.subject", task=what[0]),
        body,
    )
    shown = [comes(b, b.scene(first, "first"), page)]
    shown.append(opens(b, b.scene(first), page))
    s = b.scene(second)
    info = article(b, b.say("howto.title", topic=what[0]), b.say("howto.body", topic=what[0]))
    keys = search(b, s, chore["query"], what, [(b.field(info, "title"), b.say("search.text"), info)])
    reads(b, s, info, what, way=False)
    b.minor("working_on preparing_for", [*what, chore["query"]], keys)
    if b.chance(0.6):
        s.file(b.say("notes.file"))
        shown.append(appends(b, s, [b.say("deadline.note", task=what[0], date=day.bare)]))
    due(b, what, day, shown)


def of_submission(b: Build) -> None:
    """The inbox tells of the last day; the person hands it in before, which ends it."""
    what = task(b)
    first, second = b.sessions(2)
    who = b.contact(work=True, fresh=False)
    day = b.write(b.ahead(second, 1, 8), first)
    body = b.say("deadline.mail", task=what, date=day.said)
    page = from_contact(b, first, who, b.say("deadline.subject", task=what, date=day.bare), body)
    shown = [comes(b, b.scene(first, "first"), page)]
    shown.append(opens(b, b.scene(first), page))
    s = b.scene(second)
    s.go(INBOX)
    s.click(b.field(page, "subject"), page)
    handed = answers(b, s, page, b.say("deadline.done", task=what))
    due(b, [what], day, shown, ends=handed)


BLOCKS = (by_mail, moved, in_calendar, in_forum, in_chat, in_notes, of_office, of_submission)
