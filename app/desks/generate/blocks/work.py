"""Blocks that show what the person works on."""

from app.desks.generate import stocks
from app.desks.generate.build import Build, Strip
from app.desks.generate.moves import appends, article, at_work, reads, says, search
from app.desks.generate.names import forms, headed
from app.desks.generate.parts import Stock, Unsuited


def project(b: Build) -> Stock:
    """A project of the person's job that no other block has."""
    options = [stocks.fill(one, b.words) for one in b.context.job["projects"]]
    return b.fresh("project", options, lambda one: str(one["name"]))


def opened(b: Build, s: Strip, one: Stock) -> str:
    """Its file is brought to the front; a heading stands in it already."""
    office = str(one["file"]).endswith(".odt")
    if b.chance(0.25):
        s.folder(one["folder"])
        s.read(b.rng.randint(3, 8))
    return s.file(one["file"], one["folder"], f"{headed(one['name'])}\n\n", office=office)


def names(one: Stock, *, file: bool = True) -> tuple[str, ...]:
    """How a statement may call the project; `file`: as what it was mainly seen."""
    return forms(one["file"], one["name"]) if file else forms(one["name"], one["file"])


def written(b: Build) -> None:
    """Writes on a document in two sessions, and once looks something up for it."""
    one = project(b)
    first, second = b.sessions(2)
    lines = [*one["lines"]]
    cut = b.rng.randint(1, len(lines) - 1)
    s = b.scene(first)
    shown = [opened(b, s, one), appends(b, s, lines[:cut])]
    t = b.scene(second)
    if b.chance(0.5):
        page = article(b, *one["article"])
        keys = search(b, t, one["topic"], [one["topic"]], [(one["article"][0], b.say("search.text"), page)])
        reads(b, t, page, [one["topic"]], way=False)
        b.minor("interested_in learning working_on", [one["topic"], one["article"][0]], keys)
    shown += [opened(b, t, one), appends(b, t, lines[cut:])]
    b.fact("working_on", {"thing": names(one)}, shown, begins=b.ago(2, 20))


def committed(b: Build) -> None:
    """Commits and pushes what was done; the file itself is seen only in passing."""
    if not b.context.job["terminal"]:
        raise Unsuited("no terminal in this job")
    options = [p for p in b.context.job["projects"] if p.get("commits")]
    one = b.fresh("project", [stocks.fill(p, b.words) for p in options], lambda p: str(p["name"]))
    folder, branch = one["folder"], one["topic"].replace(" ", "-")
    shown: list[str] = []
    for session, message in zip(b.sessions(2), one["commits"], strict=False):
        s = b.scene(session)
        s.terminal()
        shown.append(
            s.run("git status -sb", f"## {branch}\n M {one['file']}", folder=folder)
            if b.chance(0.6)
            else s.run(
                f"git diff --stat {one['file']}",
                f" {one['file']} | {b.rng.randint(3, 60)} ++--",
                folder=folder,
            )
        )
        said = f"[{branch} {b.rng.getrandbits(28):07x}] {message}\n"
        said += f" 1 file changed, {b.rng.randint(2, 40)} insertions(+)"
        shown.append(s.run(f'git commit -am "{message}"', said, folder=folder))
        if b.chance(0.5):
            s.run("git push", f"To git.{folder.split('/')[-1]}.test\n   {branch} -> {branch}", folder=folder)
    named = [*names(one), one["topic"], branch, folder.split("/")[-1], *one["commits"]]
    b.fact("working_on", {"thing": named}, shown, begins=b.ago(2, 30))
    b.minor("uses_for", ["git"], shown, purpose=[*names(one), "version control", *one["commits"]])


def on_wiki(b: Build) -> None:
    """Writes a page of the team's wiki."""
    one = project(b)
    wiki = b.context.job["wiki"]
    title = headed(one["name"])
    lines = list(one["lines"])
    s = b.scene(b.sessions(1)[0])
    edit = b.page("wiki.edit", title=title, wiki=wiki)
    shown = [s.go(edit)]
    text = "\n".join(lines)
    shown.append(s.revise(["\n".join(lines[:2]), text], "text") if b.chance(0.4) else s.type(text, "text"))
    done = b.page("wiki.article", title=title, body="\n\n".join(lines), wiki=wiki)
    shown.append(s.click("save", done))
    b.fact("working_on", {"thing": names(one, file=False)}, shown, begins=b.ago(1, 10))
    b.minor("interested_in", [title, wiki], shown)
    b.minor("uses_for", [wiki], shown, purpose=[title, *names(one), b.say("writing")])


def told(b: Build) -> None:
    """Says in the team's chat what is on; opens the file only to look at it."""
    one = project(b)
    who = b.contact(work=True, fresh=False)
    first, second = b.sessions(2)
    s = b.scene(first)
    talk = at_work(b, [(who.name, b.say("work.ask", name=b.context.first))])
    shown = says(b, s, talk, b.say("work.tell", thing=one["name"]))[1:]
    t = b.scene(second)
    shown.append(opened(b, t, one))
    t.read(b.rng.randint(20, 60))
    b.fact("working_on", {"thing": names(one, file=False)}, shown, begins=b.ago(1, 14))


def reviewed(b: Build) -> None:
    """Says in an issue what they are doing about it, then does it in the file."""
    one = project(b)
    code = str(b.rng.randint(12, 480))
    who = b.contact(work=True, fresh=False)
    about = b.say("issue.title", thing=one["name"])
    asked = {"author": who.name, "text": b.say("issue.post", thing=one["name"])}
    text = b.say("issue.take", thing=one["name"])
    mine = {"author": b.context.persona.name, "text": text}
    board = b.context.job["team"]
    first = b.page("code.issue", project=board, number=code, title=about, posts=(asked,))
    after = b.page("code.issue", project=board, number=code, title=about, posts=(asked, mine))
    i, k = b.sessions(2)
    s = b.scene(i)
    shown = [s.go(first), s.type(text, "reply"), s.click("comment", after)]
    t = b.scene(k)
    shown += [opened(b, t, one), appends(b, t, one["lines"][:2])]
    b.fact("working_on", {"thing": names(one, file=False)}, shown, begins=shown[0])
    b.minor("communicating_with", [who.name, who.short], shown, topic=[about, one["name"]])
    b.minor("working_on interested_in", [about, one["name"], board], shown)


BLOCKS = (written, committed, on_wiki, told, reviewed)
