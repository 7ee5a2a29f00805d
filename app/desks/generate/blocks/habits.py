"""Blocks of everyday life: nothing much is learnt from them, but they are what most of a day consists of."""

from app.desks.generate.build import INBOX, Build
from app.desks.generate.moves import article, at_work, comes, from_contact, opens, reads, says, week


def morning_paper(b: Build) -> None:
    """Reads the paper before anything else, once or twice."""
    paper = b.rng.choice(b.life("papers"))
    count = min(len(b.context.begins), b.rng.choice([1, 1, 2]))
    shown = []
    for session in b.sessions(count):
        one = b.fresh("news", b.life("news"), lambda one: str(one["title"]))
        s = b.scene(session, "first" if b.chance(0.6) else "any")
        shown.append(reads(b, s, article(b, one["title"], one["body"], news=paper), [paper]))
    b.minor("uses_for", [paper], shown, purpose=[b.say("news"), "news"])


def on_call(b: Build) -> None:
    """A call: nobody types, and nobody may disturb."""
    who, session = b.contact(fresh=False), b.sessions(1)[0]
    s = b.scene(session)
    about = b.say("call.title", name=who.name)
    key = s.notify(b.say("app.calendar"), about, b.say("call.text"))
    b.closed(s.idle(b.rng.randint(600, 2400)), f"A call with {who.name}")
    b.minor("communicating_with preparing_for", [who.name, who.short, about], [key])


def deep_in(b: Build) -> None:
    """Writes for a good while without looking up."""
    one = b.fresh("journal", b.life("journal"), lambda one: str(one["text"]))
    s = b.scene(b.sessions(1)[0])
    name = b.say("journal.file")
    s.file(name)
    act = s.type(one["text"] + "\n")
    s.save()
    b.closed(act, "Writes without a pause")
    b.minor("interested_in bought communicating_with struggling_with", one["about"], [act])


def break_(b: Build) -> None:
    """Away from the desk."""
    s = b.scene(b.sessions(1)[0])
    s.idle(b.rng.randint(300, 2700))


def inbox(b: Build) -> None:
    """Looks whether there is mail; there is, and it wants nothing."""
    session, who = b.sessions(1)[0], b.contact(fresh=False)
    s = b.scene(session, "first")
    page = from_contact(b, session, who, b.say("small.subject"), b.say("small.mail"))
    comes(b, s, page)
    opens(b, s, page, seconds=b.rng.randint(4, 12))
    s.click("archive", INBOX)


def calendar(b: Build) -> None:
    """A look at the week."""
    session = b.sessions(1)[0]
    s = b.scene(session, "first" if b.chance(0.5) else "any")
    s.go(week(b, b.day(session), []))
    s.read(b.rng.randint(4, 12))


def chatter(b: Build) -> None:
    """A few words in the team's channel about nothing."""
    who = b.contact(work=True, fresh=False)
    says(b, b.scene(b.sessions(1)[0]), at_work(b, [(who.name, b.say("small.chat"))]), b.say("small.answer"))


BLOCKS = (morning_paper, on_call, deep_in, break_, inbox, calendar, chatter)
