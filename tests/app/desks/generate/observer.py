"""A careful observer in the tests: what anybody who watched could truthfully state of each thing seen.

It knows nothing of the plan: it walks the steps, and states of every document, query, letter, order, lesson
or meeting what that shows. Nothing it says may be junk to the judge.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.desks.course import scenes
from app.desks.types import Belief, Desk, Do, Page, Program
from gum.claims import word

Stated = tuple[str, Belief]  # the step, and what is said because of it


def told(desk: Desk) -> Iterator[Stated]:
    """Everything the observer would say, in order."""
    decoys = {step for decoy in desk.decoys for step in decoy.steps}
    for number, scene in enumerate(scenes(desk)):
        step, page = scene.step, desk.pages.get(scene.page or "")
        said: list[tuple[str, dict[str, str]]] = []
        fields = step.fields
        if step.do is Do.OPEN and "file" in fields:
            said.append(("working_on", {"thing": str(fields["file"])}))
            tool = "Mousepad" if fields["program"] == "editor" else "LibreOffice Writer"
            said.append(("uses_for", {"tool": tool, "purpose": str(fields["file"])}))
        if step.do is Do.TYPE and fields.get("field") == "query":
            said.append(("interested_in", {"topic": str(fields["text"])}))
        came = step.do in (Do.OPEN, Do.VISIT, Do.CLICK) and "page" in fields
        if page is not None and came and scene.program is Program.BROWSER:
            said += list(_page(page, desk, shady=step.id in decoys))
        for n, (kind, slots) in enumerate(said):
            yield step.id, Belief(f"{number}.{n}", word(kind, slots), 0.7, kind, slots)


def _page(page: Page, desk: Desk, *, shady: bool) -> Iterator[tuple[str, dict[str, str]]]:
    fields = page.fields
    me = desk.persona.name

    def rows(name: str) -> Iterator[dict[str, str]]:
        value = fields.get(name, ())
        assert isinstance(value, tuple)
        yield from value

    match page.kind:
        case "mail.message" if not shady:
            yield "communicating_with", {"person": str(fields["from"])}
            yield "communicating_with", {"person": str(fields["from"]), "topic": str(fields["subject"])}
        case "mail.sent":
            for row in rows("messages"):
                yield "communicating_with", {"person": row["to"], "topic": row["subject"]}
        case "chat.channel" | "forum.thread" | "code.issue":
            name = "messages" if page.kind == "chat.channel" else "posts"
            authors = {row["author"] for row in rows(name)}
            if me in authors:  # only who takes part is in contact
                for author in sorted(authors - {me}):
                    yield "communicating_with", {"person": author}
            if page.kind != "chat.channel":
                yield "interested_in", {"topic": str(fields["title"])}
        case "shop.order":
            for row in rows("items"):
                yield "bought", {"item": row["name"]}
                yield "bought", {"item": row["name"], "shop": str(fields["shop"])}
        case "shop.product" | "wiki.article" | "news.article" | "video.watch" | "wiki.edit":
            yield "interested_in", {"topic": str(fields.get("title") or fields["name"])}
        case "search.results":
            yield "interested_in", {"topic": str(fields["query"])}
        case "course.lesson":
            yield "learning", {"subject": str(fields["course"])}
            yield "learning", {"subject": str(fields["lesson"])}
        case "travel.booking":
            yield "plans_to_go", {"place": str(fields["to"])}
            yield "bought", {"item": str(fields["reference"])}
            yield "plans_to_go", {"place": str(fields["to"]), "date": str(fields["date"])}
        case "calendar.week":
            for row in rows("events"):
                yield "preparing_for", {"event": row["title"]}
        case "bank.account":
            yield "uses_for", {"tool": str(fields["bank"]), "purpose": "money"}


def soon(desk: Desk, step: str) -> datetime:
    """A moment after the step and before much else: facts begin with their steps."""
    last = desk.sessions[0].begins
    for session in desk.sessions:
        last = max(last, session.begins)
        for one in session.steps:
            last = max(last, one.at or last)
            if one.id == step:
                return last + timedelta(seconds=3)
    raise KeyError(step)
