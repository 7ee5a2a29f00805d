"""Blocks that show which tool the person uses for what."""

from collections.abc import Sequence

from app.desks.generate import stocks
from app.desks.generate.build import Build
from app.desks.generate.moves import at_work, posts, says, with_friend, writes
from app.desks.generate.parts import Stock, Unsuited


def tool(b: Build, *, command: bool = False) -> Stock:
    """A tool of the job; where no command is asked for, also one of everyday life."""
    options = stocks.fill([one for one in b.context.job["tools"] if not command or "command" in one], b.words)
    if not command:
        options += b.life("home_tools")
    return b.fresh("tool", options, lambda one: str(one["tool"]))


def used(b: Build, one: Stock, shown: Sequence[str]) -> None:
    slots = {"tool": [_bare(one["tool"])], "purpose": one["purpose"]}
    b.fact("uses_for", slots, shown, begins=b.ago(10, 900))
    b.minor("interested_in working_on", [*one["purpose"], _bare(one["tool"])], shown)
    b.minor("prefers", [_bare(one["tool"])], shown)


def _bare(name: str) -> str:
    """Without an article."""
    for article in ("a ", "an ", "the "):
        name = name.removeprefix(article)
    return name


def run(b: Build) -> None:
    """Runs it in the terminal on two days."""
    if not b.context.job["terminal"]:
        raise Unsuited("no terminal in this job")
    one = tool(b, command=True)
    shown = []
    for session in b.sessions(2):
        s = b.scene(session)
        s.terminal()
        shown.append(s.run(one["command"], one["output"], folder=b.context.job["projects"][0]["folder"]))
        if b.chance(0.4):
            s.read(b.rng.randint(5, 20))
    b.minor("uses_for", [one["command"].split()[0]], shown, purpose=[*one["purpose"], one["command"]])
    used(b, one, shown)


def told_forum(b: Build) -> None:
    """Somebody asks what others use; the person tells."""
    one = tool(b)
    forum = b.context.job["forum"]
    title = b.say("tool.title", purpose=one["purpose"][0])
    before = [(b.stranger(), b.say("tool.ask", purpose=one["purpose"][0]))]
    text = b.say("tool.tell", tool=one["tool"], purpose=one["purpose"][0])
    used(b, one, posts(b, b.scene(b.sessions(1)[0]), forum, title, before, text)[1:])


def told_chat(b: Build) -> None:
    """A colleague or friend asks in the chat."""
    one, who = tool(b), b.contact(fresh=False)
    asked = [(who.name, b.say("tool.ask", purpose=one["purpose"][0]))]
    talk = at_work(b, asked) if who.work else with_friend(b, who, asked)
    text = b.say("tool.tell", tool=one["tool"], purpose=one["purpose"][0])
    used(b, one, says(b, b.scene(b.sessions(1)[0]), talk, text)[1:])


def on_wiki(b: Build) -> None:
    """Writes down for the team how they do it."""
    one, wiki = tool(b), b.context.job["wiki"]
    title = b.say("tool.howto", tool=one["tool"], purpose=one["purpose"][0])
    text = b.say("tool.wiki", tool=one["tool"], purpose=one["purpose"][0])
    s = b.scene(b.sessions(1)[0])
    shown = [s.go(b.page("wiki.edit", title=title, wiki=wiki)), s.type(text, "text")]
    shown.append(s.click("save", b.page("wiki.article", title=title, body=text, wiki=wiki)))
    b.minor("working_on", [title, wiki], shown)
    used(b, one, shown)


def recommended(b: Build) -> None:
    """Writes a letter to somebody who should try it."""
    one, who = tool(b), b.contact(fresh=False)
    text = b.say("tool.letter", tool=one["tool"], purpose=one["purpose"][0], name=who.short)
    s = b.scene(b.sessions(1)[0])
    used(b, one, writes(b, s, who.name, who.address, _bare(one["tool"]), text)[:2])


BLOCKS = (run, told_forum, told_chat, on_wiki, recommended)
