"""What stands in front at each step of a desk: which program, which page, and which words one can see.

Every session begins with nothing open. `open` puts a new window in front, `close` brings back the one that
was in front before. Files keep what was typed into them; a page loses it when another one comes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as File

from app.desks.kinds import PAGES
from app.desks.places import Malformed, Path
from app.desks.tables import nearest
from app.desks.types import Desk, Do, Page, Program, Session, Step

BROWSERS = frozenset({Program.BROWSER, Program.PRIVATE})
WRITERS = frozenset({Program.EDITOR, Program.OFFICE})
_WITH = {  # which fields of `open` a program knows
    Program.BROWSER: ("page",),
    Program.PRIVATE: ("page",),
    Program.EDITOR: ("file", "folder", "holds"),
    Program.OFFICE: ("file", "folder", "holds"),
    Program.TERMINAL: ("folder",),
    Program.FILES: ("folder",),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """A step and what is in front when it is done. `texts` can be seen there, or were typed or shown."""

    step: Step
    session: int
    program: Program | None
    page: str | None
    texts: tuple[str, ...]


@dataclass(slots=True, eq=False)
class _Window:
    program: Program
    page: Page | None = None
    cursor: str | None = None  # the field it is in, on a page
    name: str = ""  # path of the file or folder
    content: str = ""  # of a document or a terminal
    typed: dict[str, str] = field(default_factory=dict)  # into the fields of the page

    def go(self, page: Page) -> None:
        """To another page."""
        self.page, self.cursor, self.typed = page, None, {}


@dataclass(slots=True)
class _Desktop:
    """The windows, of which the last is in front, and what outlives a session: files and mails."""

    windows: list[_Window] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    mails: list[Page] = field(default_factory=list)

    @property
    def front(self) -> _Window | None:
        return self.windows[-1] if self.windows else None

    def leave(self, window: _Window) -> None:
        """Closes a window. What was not saved is lost, as both players answer when they are asked."""
        self.windows.remove(window)


def scenes(desk: Desk) -> Iterator[Scene]:
    """Every step in order with what is in front. Raises Malformed where a step cannot be done."""
    desktop = _Desktop()
    for number, session in enumerate(desk.sessions):
        yield from _session(desk, desktop, session, number)
        while desktop.windows:
            desktop.leave(desktop.windows[-1])


def seen(desk: Desk) -> Mapping[str, str]:
    """The words that each step shows or types, by the step's id. Raises Malformed as `scenes` does."""
    return {scene.step.id: "\n".join(scene.texts) for scene in scenes(desk)}


def words_of(page: Page) -> list[str]:
    """All texts of a page, those of its asset included."""
    found = list(_texts(page.fields))
    if page.asset is not None:
        found.append(page.asset.read_text(encoding="utf-8"))
    return found


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _session(desk: Desk, desktop: _Desktop, session: Session, number: int) -> Iterator[Scene]:
    for index, step in enumerate(session.steps):
        path = ("sessions", number, "steps", index)
        said = _do(desk, desktop, step, path)
        front = desktop.front
        shown = _shown(desktop, front) if front is not None and step.do is not Do.IDLE else []
        yield Scene(
            step,
            number,
            front.program if front is not None else None,
            front.page.id if front is not None and front.page is not None else None,
            tuple(said + shown),
        )


def _shown(desktop: _Desktop, window: _Window) -> list[str]:
    """The words in a window."""
    if window.page is None:
        return [one for one in (window.name, window.content) if one]
    found = words_of(window.page)
    if window.page.kind == "mail.inbox":
        for mail in desktop.mails:
            found += [str(mail.fields[name]) for name in ("from", "subject") if name in mail.fields]
    return found + list(window.typed.values())


def _do(desk: Desk, desktop: _Desktop, step: Step, path: Path) -> list[str]:
    """Does a step; the words that it shows besides what stands in the window in front."""
    match step.do:
        case Do.OPEN:
            desktop.windows.append(_opened(desk, desktop, step, path))
        case Do.VISIT:
            window = _browser(desktop, step, path)
            window.go(_page(desk, step, path))
        case Do.READ:
            _front(desktop, step, path)
        case Do.TYPE | Do.REVISE:
            return _typed(desktop, step, path)
        case Do.CLICK:
            return _clicked(desk, desktop, step, path)
        case Do.RUN:
            window = _in_front(desktop, step, path, frozenset({Program.TERMINAL}))
            told = [str(step.fields[name]) for name in ("command", "output") if step.fields.get(name)]
            window.content = "\n".join([window.content, *told]).strip("\n")
        case Do.SAVE:
            window = _in_front(desktop, step, path, WRITERS)
            if not window.name:
                raise Malformed(
                    path, "what is in front has no file to be saved in", "Expected `file` where it is opened."
                )
            desktop.files[window.name] = window.content
        case Do.SWITCH | Do.CLOSE:
            _switched(desktop, step, path)
        case Do.MAIL:
            mail = _page(desk, step, path)
            if mail.kind != "mail.message":
                raise Malformed(
                    (*path, "page"), f'"{mail.id}" is a {mail.kind}', "Expected a page of kind mail.message."
                )
            desktop.mails.append(mail)
        case Do.NOTIFY:
            return [str(step.fields[name]) for name in ("app", "title", "text")]
        case Do.IDLE:
            pass
    return []


def program_of(step: Step, path: Path) -> Program:
    """The program that a step names. Raises Malformed."""
    name = str(step.fields["program"])
    if name not in [program.value for program in Program]:
        raise Malformed(
            (*path, "program"), f'there is no program "{name}"', nearest(name, [p.value for p in Program])
        )
    return Program(name)


def _opened(desk: Desk, desktop: _Desktop, step: Step, path: Path) -> _Window:
    program = program_of(step, path)
    for name in step.fields:
        if name != "program" and name not in _WITH[program]:
            raise Malformed(
                (*path, name),
                f'{program} is not opened with "{name}"',
                f"Expected {' or '.join(_WITH[program])}.",
            )
    folder, file = str(step.fields.get("folder", "")), str(step.fields.get("file", ""))
    _below_home(folder, (*path, "folder"))
    if "file" in step.fields and (not file.strip() or "/" in file or file in (".", "..")):
        raise Malformed(
            (*path, "file"), f'"{file}" is not the name of a file', "Expected a name; its place is `folder`."
        )
    if "holds" in step.fields and not file:
        raise Malformed((*path, "holds"), "there is no file that could hold this", "Expected `file` besides.")
    name = "/".join(part for part in (folder.strip("/"), file) if part)
    if program in WRITERS:
        content = str(step.fields.get("holds", desktop.files.get(name, "")))
        return _Window(program, name=name if file else "", content=content)
    page = _page(desk, step, path) if "page" in step.fields else None
    return _Window(program, page, name=name)


def _below_home(folder: str, path: Path) -> None:
    if folder.startswith(("/", "~")) or ".." in File(folder).parts:
        raise Malformed(
            path, f'"{folder}" is not below the home', 'Expected a folder like "Documents/paper".'
        )


def _page(desk: Desk, step: Step, path: Path) -> Page:
    name = str(step.fields["page"])
    if name not in desk.pages:
        raise Malformed((*path, "page"), f'there is no page "{name}"', nearest(name, desk.pages))
    return desk.pages[name]


def _front(desktop: _Desktop, step: Step, path: Path) -> _Window:
    if desktop.front is None:
        raise Malformed(
            path,
            f'"{step.do}" with no window open',
            "Expected a step that opens a program before, in the same session.",
        )
    return desktop.front


def _in_front(desktop: _Desktop, step: Step, path: Path, programs: frozenset[Program]) -> _Window:
    window = _front(desktop, step, path)
    if window.program not in programs:
        wanted = " or ".join(sorted(programs))
        raise Malformed(
            path,
            f'"{step.do}" with {window.program} in front',
            f"Expected {wanted} in front: open or switch before.",
        )
    return window


def _browser(desktop: _Desktop, step: Step, path: Path) -> _Window:
    return _in_front(desktop, step, path, BROWSERS)


def _typed(desktop: _Desktop, step: Step, path: Path) -> list[str]:
    """What was typed, and rewritten, beside what stands there in the end."""
    window = _in_front(desktop, step, path, BROWSERS | WRITERS)
    written = [str(step.fields["text"])] if step.do is Do.TYPE else list(_texts(step.fields["texts"]))
    name = step.fields.get("field")
    if window.program in WRITERS:
        if name is not None:
            raise Malformed((*path, "field"), f"{window.program} has no fields", "Expected no `field` here.")
        window.content += written[-1]
        return written
    if window.page is None:
        raise Malformed(
            path, f'"{step.do}" with an empty page in front', "Expected a visit to a page before."
        )
    kind = PAGES[window.page.kind]
    forms = list(kind.forms)
    if name is not None:
        if name not in forms and not _on_asset(window.page, str(name)):
            raise Malformed(
                (*path, "field"),
                f'"{window.page.id}", a {window.page.kind}, has no field "{name}"',
                nearest(str(name), forms),
            )
        window.cursor = str(name)
    if window.cursor is None:
        raise Malformed(
            path,
            f'"{step.do}" on "{window.page.id}" does not say where',
            f"Expected `field`, one of: {', '.join(forms) or 'none at all'}.",
        )
    window.typed[window.cursor] = window.typed.get(window.cursor, "") + written[-1]
    return written


def _clicked(desk: Desk, desktop: _Desktop, step: Step, path: Path) -> list[str]:
    """The words clicked on."""
    window = _browser(desktop, step, path)
    if window.page is None:
        raise Malformed(path, '"click" with an empty page in front', "Expected a visit to a page before.")
    name = str(step.fields["name"])
    buttons = PAGES[window.page.kind].buttons
    if name not in buttons:
        _link(desktop, window, step, path)
    if "page" in step.fields:
        window.go(_page(desk, step, path))
    return [name]


def _link(desktop: _Desktop, window: _Window, step: Step, path: Path) -> None:
    """Raises Malformed unless the step clicks on words of the page and says where they lead."""
    page, name = window.page, str(step.fields["name"])
    assert page is not None
    folded = _flat(name)
    if not any(folded in _flat(text) for text in _shown(desktop, window)):
        buttons = PAGES[page.kind].buttons
        raise Malformed(
            (*path, "name"),
            f'"{page.id}", a {page.kind}, has no button or link "{name}"',
            f"Expected words that stand on the page{''.join(f', or {button}' for button in buttons)}.",
        )
    if "page" not in step.fields and page.asset is None:
        raise Malformed(path, f'the link "{name}" leads nowhere', "Expected `page`, the id of a page.")


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).casefold()


def _on_asset(page: Page, name: str) -> bool:
    """Whether a page of its own making has these words, which may be a field's label."""
    return page.asset is not None and any(_flat(name) in _flat(text) for text in words_of(page))


def _switched(desktop: _Desktop, step: Step, path: Path) -> None:
    """Brings the newest window of a program to the front, or closes it."""
    program = program_of(step, path)
    for place in range(len(desktop.windows) - 1, -1, -1):
        if desktop.windows[place].program is program:
            window = desktop.windows[place]
            if step.do is Do.CLOSE:
                desktop.leave(window)
            else:
                desktop.windows.append(desktop.windows.pop(place))
            return
    opened = sorted({window.program.value for window in desktop.windows})
    raise Malformed(
        (*path, "program"),
        f'"{step.do}" with no window of {program} open',
        f"Expected one that this session opened before: {', '.join(opened) or 'nothing is open'}.",
    )
