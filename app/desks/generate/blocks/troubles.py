"""Blocks that show what the person struggles with. Most struggles come to an end, which ends the fact."""

from collections.abc import Sequence
from datetime import timedelta

from app.desks.generate import stocks
from app.desks.generate.build import INBOX, Build
from app.desks.generate.moves import (
    answers,
    article,
    at_work,
    comes,
    letter,
    opens,
    posts,
    says,
    search,
    thread,
    writes,
)
from app.desks.generate.names import headed
from app.desks.generate.parts import Stock, Unsuited


def trouble(b: Build, *, command: bool) -> Stock:
    """A trouble of the job; without a command also one of everyday life."""
    options = [one for one in b.context.job["troubles"] if ("command" in one) == command]
    if not command:
        options += b.life("troubles")
    options = stocks.fill(options, b.words)
    return b.fresh("trouble", options, lambda one: str(one["thing"][0]))


def struggles(
    b: Build, thing: Sequence[str], shown: list[str], solved: str | None, extra: Sequence[str] = ()
) -> None:
    """The fact; help is welcome from the second sign of it until it is solved."""
    fact = b.fact("struggling_with", {"thing": [*thing, *extra]}, shown, ends=solved)
    b.minor("interested_in working_on learning", [*thing, *extra], shown)
    late = shown[min(1, len(shown) - 1)]
    if solved is not None and solved not in shown:
        b.want("find", f"Find out what helps with {thing[0]}", late, solved, fact)
    else:
        until = b.context.begins[-1] + timedelta(hours=2)
        b.want("find", f"Find out what helps with {thing[0]}", late, until, fact)


def by_command(b: Build) -> None:
    """A command fails and fails, its message is looked up, then it works."""
    if not b.context.job["terminal"]:
        raise Unsuited("no terminal in this job")
    one = trouble(b, command=True)
    command, error = one["command"], one["error"]
    at = b.sessions(b.rng.choice([1, 2]))
    s = b.scene(at[0])
    s.terminal()
    shown = [s.run(command, error, 1)]
    s.read(b.rng.randint(5, 20))
    if b.chance(0.5):
        s.run(b.rng.choice(["git status", "ls -la", "df -h ."]), "")
        shown.append(s.run(command, error, 1))
    page = thread(
        b, b.context.job["forum"], one["title"], [(b.stranger(), error), (b.stranger(), one["answer"])]
    )
    t = b.scene(at[-1])
    if at[0] != at[-1]:
        t.terminal()
        shown.append(t.run(command, error, 1))
    shown += search(b, t, one["query"], [one["title"]], [(one["title"], b.say("search.text"), page)])
    t.read(b.rng.randint(30, 90))
    t.terminal()
    solved = t.run(command, one["done"])
    message = [error.split(": ", 1)[-1][:80], one["query"]]
    struggles(b, [command, *one["thing"]], shown, solved, message)
    b.minor("uses_for", [command.split()[0]], [shown[0]], purpose=[*one["thing"], command])


def by_question(b: Build) -> None:
    """Searched for twice, then asked in a forum; the answer helps some days later."""
    one = trouble(b, command=False)
    first, second = b.sessions(2)
    s = b.scene(first)
    page = article(b, b.say("howto.title", topic=one["thing"][0]), b.say("howto.body", topic=one["thing"][0]))
    shown = search(b, s, one["query"], one["thing"], [(b.field(page, "title"), b.say("search.text"), page)])
    s.read(b.rng.randint(20, 60))
    if b.chance(0.5):
        shown += search(b, s, f"{one['query']} {b.say('search.more')}", one["thing"])
    forum = b.context.job["forum"] if b.chance(0.5) else b.rng.choice(b.life("private_forums"))
    question = b.say("trouble.ask", thing=one["thing"][0], title=one["title"])
    desk = b.say("forum.questions")
    before = [(b.stranger(), b.say("forum.rules"))]
    asked = thread(b, forum, one["title"], [(b.context.persona.name, question)])
    ask = thread(b, forum, desk, before)
    b.minor("interested_in communicating_with", [desk, forum], [s.go(ask)])
    shown += [s.type(question, "reply"), s.click("post", asked)]
    helper = b.stranger()
    notice = letter(
        b,
        second,
        forum,
        b.say("address.notice", code=str(b.rng.randint(10, 99))),
        b.say("trouble.notice", title=one["title"]),
        b.say("trouble.answered", who=helper),
    )
    comes(b, b.scene(second, "first"), notice)
    t = b.scene(second)
    opens(b, t, notice)
    posted = [(b.context.persona.name, question), (helper, one["answer"])]
    solved = posts(b, t, forum, one["title"], posted, one["done"])[1]
    struggles(b, one["thing"], shown, solved, [one["title"], one["query"]])


def by_writing(b: Build) -> None:
    """A passage is rewritten over and over, and complained of; on another day it stands."""
    options = [stocks.fill(one, b.words) for one in b.context.job["projects"]]
    one = b.fresh("project", options, lambda p: str(p["name"]))
    part = b.fresh("part", b.life("writing_parts"), str)
    first, second = b.sessions(2)
    s = b.scene(first)
    office = one["file"].endswith(".odt")
    s.file(one["file"], one["folder"], f"{headed(one['name'])}\n\n{part}\n\n", office=office)
    lines = one["lines"]
    drafts = [lines[0], lines[1], f"{lines[1]} {lines[0]}", lines[0][: len(lines[0]) // 2], f"{lines[0]}\n"]
    shown = [s.revise(drafts)]
    s.save()
    who = b.contact(work=True, fresh=False)
    talk = at_work(b, [(who.name, b.say("trouble.how", name=b.context.first))])
    shown += says(b, s, talk, b.say("trouble.writing", part=part, thing=one["name"]))[1:]
    t = b.scene(second)
    t.file(one["file"], one["folder"], "", office=office)
    t.type("\n".join(lines[1:3]) + "\n")
    t.save()
    glad = at_work(b, [(who.name, b.say("trouble.better", part=part))])
    solved = says(b, t, glad, b.say("trouble.wrote", part=part))[1]
    b.minor("working_on", [one["file"], one["name"], part], shown)
    struggles(b, [part, f"{part} {one['name']}"], shown, solved)


def by_support(b: Build) -> None:
    """Written to a help desk, whose answer helps."""
    one = b.stock("support", "thing")
    first, second = b.sessions(2)
    s = b.scene(first)
    address = b.say("address.help", code=str(b.rng.randint(10, 99)))
    keys = writes(b, s, one["org"], address, one["thing"][0], one["ask"])
    subject = b.say("mail.re", subject=one["thing"][0])
    page = letter(b, second, one["org"], address, subject, one["answer"])
    comes(b, b.scene(second, "first"), page)
    t = b.scene(second)
    opens(b, t, page)
    solved = answers(b, t, page, one["done"])
    b.fact("waiting_for", {"thing": [one["org"], *one["thing"]]}, keys, ends=solved, minor=True)
    struggles(b, one["thing"], keys[:2], solved)


def by_issue(b: Build) -> None:
    """Reported to those who make the thing; their answer is tried out."""
    if not b.context.job["terminal"]:
        raise Unsuited("no terminal in this job")
    one = trouble(b, command=True)
    first, second = b.sessions(2)
    tool = one["command"].split()[0]
    code, maker = str(b.rng.randint(100, 9000)), b.stranger()
    s = b.scene(first)
    s.terminal()
    shown = [s.run(one["command"], one["error"], 1)]
    report = b.say("trouble.report", command=one["command"], error=one["error"])
    other = {"author": maker, "text": b.say("issue.template")}
    mine = {"author": b.context.persona.name, "text": report}
    ask = b.page("code.issue", project=tool, number=code, title=one["title"], posts=(other,))
    asked = b.page("code.issue", project=tool, number=code, title=one["title"], posts=(other, mine))
    s.go(ask)
    shown += [s.type(report, "reply"), s.click("comment", asked)]
    answer = {"author": maker, "text": one["answer"]}
    done = b.page("code.issue", project=tool, number=code, title=one["title"], posts=(other, mine, answer))
    t = b.scene(second)
    t.go(done)
    t.read(b.rng.randint(20, 50))
    t.terminal()
    solved = t.run(one["command"], one["done"])
    b.minor("communicating_with", [maker, tool], shown)
    b.minor("uses_for", [tool], shown, purpose=[*one["thing"], one["command"]])
    struggles(
        b,
        [one["command"], *one["thing"]],
        shown,
        solved,
        [one["title"], one["error"].split(": ", 1)[-1][:80]],
    )


def unsolved(b: Build) -> None:
    """Looked up on two days, and nobody has answered by the end."""
    one = trouble(b, command=False)
    first, second = b.sessions(2)
    shown = search(b, b.scene(first), one["query"], one["thing"])
    s = b.scene(second)
    shown += search(b, s, f"{one['thing'][0]} {b.say('search.more')}", one["thing"])
    who = b.contact(work=False, fresh=False)
    subject = one["thing"][0]
    text = b.say("trouble.letter", thing=one["thing"][0], name=who.short)
    shown += writes(b, s, who.name, who.address, subject, text)[:2]
    s.go(INBOX)
    struggles(b, one["thing"], shown, None, [one["query"]])


BLOCKS = (by_command, by_question, by_writing, by_support, by_issue, unsolved)
