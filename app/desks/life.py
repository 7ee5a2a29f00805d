"""A desk's person at work: opens, reads, types, errs and waits, by the rhythm of the seed.

Everything is done in the desk's own time, on windows of `windows`, in front of the observers of `eyes`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from app.desks import screens
from app.desks.eyes import Eyes, seconds
from app.desks.rhythm import UNDO, WRONG_CLICK, WRONG_WINDOW, Change, Rhythm, words_in
from app.desks.types import Desk, Do, Program, Session, Sight, Step
from app.desks.windows import Browser, Document, Drawn, Editor, Files, Office, Terminal, Window, words_below
from gum.types import utc

LOCK_S = 600.0  # untouched for so long, an X server blanks its screen (XSetScreenSaver)
LOAD_S = (0.3, 1.2)  # until a page is there
STARTS_S = {
    Program.BROWSER: (1.0, 2.5),
    Program.PRIVATE: (0.8, 1.6),
    Program.EDITOR: (0.4, 1.0),
    Program.TERMINAL: (0.3, 0.8),
    Program.OFFICE: (2.0, 5.0),
    Program.FILES: (0.4, 1.0),
}
SLOW_PAGE = 0.1  # how often; 2 of 17 pages with the real browser and observers
SOON = 4  # changes to look ahead: a line break or two, and the letter behind them
T = TypeVar("T")
_SHOWN = (Do.OPEN, Do.VISIT, Do.CLICK, Do.SWITCH, Do.RUN)  # after these there is something new to look at


class Person:
    """Somebody at their desk. `_windows` are those open, the one in front last."""

    def __init__(self, desk: Desk, seed: int, noise: float) -> None:
        name = f"{desk.id}\n{seed}"
        self._desk = desk
        self._rhythm = Rhythm(name, desk.persona.age)
        self._eyes = Eyes(name, utc(desk.sessions[0].begins), noise)
        self._user = screens.user_of(desk.persona.name)
        self._home = screens.home_of(self._user)
        self._windows: list[Window] = []
        self._opened = 0
        self._files = dict(_files_of(desk, self._home))
        self._mails: list[str] = []
        self._drawn: Drawn = {}

    def live(self) -> list[Sight]:
        for session in self._desk.sessions:
            self._eyes.wait(utc(session.begins))
            self._sit(session)
            self._eyes.look_at(None)  # locks the screen and leaves; the next session begins with nothing open
            self._windows.clear()
        return self._eyes.sights

    def _sit(self, session: Session) -> None:
        for step, after in _with_next(session.steps):
            if step.at is not None:
                self._rest_until(utc(step.at))
            self._eyes.begin(step.id)
            self._do(step)
            self._linger(step, after)
        self._pass(self._rhythm.between(2.0, 6.0))

    def _do(self, step: Step) -> None:
        match step.do:
            case Do.OPEN:
                self._open(step)
            case Do.VISIT:
                self._visit(str(step.fields["page"]))
            case Do.READ:
                self._read(step)
            case Do.TYPE:
                self._type([str(step.fields["text"])], step)
            case Do.REVISE:
                texts = step.fields["texts"]
                assert isinstance(texts, Sequence)
                self._type([str(text) for text in texts], step)
            case Do.CLICK:
                self._click(step)
            case Do.RUN:
                self._run(step)
            case Do.SAVE:
                self._save()
            case Do.SWITCH:
                self._switch(step)
            case Do.MAIL:
                self._mail(str(step.fields["page"]))
            case Do.NOTIFY:
                self._pass(self._rhythm.between(1.0, 4.0))  # no observer sees notices today
            case Do.IDLE:
                given = step.fields.get("seconds")
                self._rest(float(str(given)) if given is not None else self._rhythm.idle())
            case Do.CLOSE:
                self._close(step)

    # --- time -------------------------------------------------------------------------------------

    def _pass(self, count: float) -> None:
        """Seconds in which the person is busy."""
        self._eyes.wait(self._eyes.now + seconds(count))

    def _rest(self, count: float) -> None:
        """Seconds in which nobody touches anything; then the screen locks itself."""
        if count <= LOCK_S:
            self._pass(count)
            return
        self._pass(LOCK_S)
        self._eyes.lock()
        self._pass(count - LOCK_S)
        self._eyes.look_at(self._front)

    def _rest_until(self, at: datetime) -> None:
        """Time only goes forward: a step whose time has gone by is done at once."""
        left = (at - self._eyes.now).total_seconds()
        if left > 0:
            self._rest(left)

    def _linger(self, step: Step, after: Step | None) -> None:
        """Takes in what has come up: reads some of it, unless reading is what comes next."""
        if step.do not in _SHOWN or (step.do is Do.CLICK and "page" not in step.fields):
            return
        if after is not None and after.do in (Do.READ, Do.IDLE):
            count = self._rhythm.between(1.5, 2.5)
        else:
            count = self._rhythm.glance(words_in(self._visible()))
        if after is not None and after.at is not None:
            count = min(count, max(0.0, (utc(after.at) - self._eyes.now).total_seconds()))
        self._pass(count)

    # --- windows ----------------------------------------------------------------------------------

    @property
    def _front(self) -> Window | None:
        return self._windows[-1] if self._windows else None

    def _browser(self) -> Browser:
        if not isinstance(self._front, Browser):
            raise ValueError("there is no browser in front")
        return self._front

    def _look(self) -> None:
        self._eyes.look_at(self._front)

    def _open(self, step: Step) -> None:
        program = Program(str(step.fields["program"]))
        self._pass(self._rhythm.think() + self._rhythm.between(*STARTS_S[program]))
        window = self._made(program, step)
        self._windows.append(window)
        if isinstance(window, Browser):
            self._appear(window)
        else:
            self._look()

    def _made(self, program: Program, step: Step) -> Window:
        self._opened += 1
        number = self._opened
        folder, file = str(step.fields.get("folder", "")), str(step.fields.get("file", ""))
        if program in (Program.BROWSER, Program.PRIVATE):
            window = Browser(number, self._desk, self._mails, program is Program.PRIVATE, self._drawn)
            if "page" in step.fields:
                window.go(str(step.fields["page"]))
            return window
        if program is Program.TERMINAL:
            return Terminal(number, self._user, folder)
        path = screens.below(self._home, folder, file)
        if program is Program.FILES:
            return Files(number, path, _names_in(path, self._files))
        text = str(step.fields.get("holds", self._files.get(path, "")))
        kind = Editor if program is Program.EDITOR else Office
        if file:
            self._files.setdefault(path, text)
        untitled = 1 + sum(isinstance(one, kind) and not one.path for one in self._windows)
        return kind(number, path if file else "", text, untitled)

    def _place(self, step: Step) -> int:
        """Where the newest window of a program is among those open."""
        program = Program(str(step.fields["program"]))
        for place in range(len(self._windows) - 1, -1, -1):
            if _program(self._windows[place]) is program:
                return place
        raise ValueError(f"no window of {program} is open")

    def _switch(self, step: Step) -> None:
        place = self._place(step)
        self._pass(self._rhythm.think() + self._rhythm.between(0.3, 1.0))
        others = [one for at, one in enumerate(self._windows[:-1]) if at != place]
        if others and self._rhythm.chance(WRONG_WINDOW):
            self._eyes.look_at(others[-1])
            self._pass(self._rhythm.between(0.4, 1.6))
        self._windows.append(self._windows.pop(place))
        self._look()

    def _close(self, step: Step) -> None:
        place = self._place(step)
        self._pass(self._rhythm.think() + self._rhythm.pointing())
        self._windows.pop(place)
        self._look()

    # --- pages ------------------------------------------------------------------------------------

    def _visit(self, page: str) -> None:
        browser = self._browser()
        letters = self._rhythm.between(4, 14)  # the browser knows the rest of the address
        self._pass(self._rhythm.think() + self._rhythm.keys(round(letters)))
        self._load(browser, page)

    def _load(self, browser: Browser, page: str) -> None:
        self._pass(self._rhythm.between(*LOAD_S))
        browser.go(page)
        self._appear(browser)

    def _appear(self, browser: Browser) -> None:
        """The page comes up, now and then so slowly that it is looked at before."""
        browser.loading = self._rhythm.chance(SLOW_PAGE)
        self._look()
        if browser.loading:
            self._pass(self._rhythm.between(0.35, 0.9))
            browser.loading = False
            self._eyes.changed()

    def _click(self, step: Step) -> None:
        browser = self._browser()
        self._pass(self._rhythm.think() + self._rhythm.pointing())
        page, back = browser.page, browser.back
        if page and back and not browser.typed and self._rhythm.chance(WRONG_CLICK):
            self._click_wrong(browser, page)
        if "page" in step.fields:
            self._load(browser, str(step.fields["page"]))
        else:
            self._pass(self._rhythm.between(0.5, 1.5))

    def _click_wrong(self, browser: Browser, page: str) -> None:
        """On the arrow back instead of what lies below it, and forward again."""
        self._load(browser, browser.back.pop())
        self._pass(self._rhythm.between(0.8, 2.5) + self._rhythm.pointing())
        browser.back.pop()
        self._load(browser, page)
        self._pass(self._rhythm.pointing())

    def _mail(self, page: str) -> None:
        self._mails.append(page)
        before = self._front.title if self._front is not None else ""
        for window in self._windows:
            if isinstance(window, Browser):
                window.refresh()
        if self._front is not None and self._front.title != before:
            self._look()
        else:
            self._eyes.changed(heard=False)
        self._pass(self._rhythm.between(1.0, 4.0))

    # --- reading ----------------------------------------------------------------------------------

    def _visible(self) -> str:
        """The words in the window in front."""
        if self._front is None:
            return ""
        tree = self._front.tree()
        return "\n".join(self._front.rows()) if tree is None else " ".join(words_below(tree))

    def _read(self, step: Step) -> None:
        window, given = self._front, step.fields.get("seconds")
        stops = list(self._stops(window))
        counts = [words_in(text) for _, text in stops]
        whole = float(str(given)) if given is not None else self._rhythm.reading(sum(counts))
        kept = max(1, min(len(stops), int(whole / 3)))  # a screen gets three seconds at least
        for place in range(kept):
            self._scroll(window, stops[place][0])
            self._pass(whole * (counts[place] + 1) / (sum(counts[:kept]) + kept))

    def _stops(self, window: Window | None) -> Iterator[tuple[int, str]]:
        """How far down the window can be scrolled, from where it is now, and the words to be seen there."""
        if isinstance(window, Browser):
            yield from window.stops(window.scrolled)
        elif isinstance(window, Office):
            last = max(0, screens.office_lines(window.text) - screens.PAGE_LINES)
            tops = [*range(0, last, screens.PAGE_LINES - 5), last]
            lines = window.text.split("\n")
            share = -(-len(lines) // len(tops))
            for place, top in enumerate(tops):
                yield top, "\n".join(lines[place * share : (place + 1) * share])
        else:
            yield 0, self._visible()

    def _scroll(self, window: Window | None, to: int) -> None:
        if isinstance(window, Browser) and window.scrolled != to:
            window.scrolled = to
        elif isinstance(window, Office) and window.first_line != to:
            window.first_line = to
        else:
            return
        self._eyes.changed(heard=False)

    # --- writing ----------------------------------------------------------------------------------

    def _type(self, texts: Sequence[str], step: Step) -> None:
        """Types the first of `texts`, then makes it into the next, until the last stands."""
        window = self._front
        self._pass(self._rhythm.think())
        if isinstance(window, Browser):
            self._enter_field(window, step.fields.get("field"))
        elif isinstance(window, Document):
            before = window.text
            if isinstance(window, Office):
                window.first_line = None  # the text scrolls to where it is written
            if window.untouched and before and not (before.endswith("\n") or texts[0].startswith("\n")):
                texts = [f"\n{text}" for text in texts]  # goes to the end, and begins a line there
            window.untouched = False
        else:
            raise ValueError("nothing in front can be typed into")
        before = at_rest = window.writing
        for number, text in enumerate(texts):
            if number:
                self._strike(window, self._rhythm.rewritten(at_rest, before + text))
            else:
                self._strike(window, self._rhythm.typed(before, text))
            at_rest = before + text
        self._pass(self._rhythm.between(0.5, 1.5))
        if isinstance(window, Document) and self._rhythm.chance(UNDO):
            self._undo_something(window)

    def _undo_something(self, window: Document) -> None:
        """Deletes the last line by mistake, and takes that back."""
        whole = window.writing
        for text in (whole.rpartition("\n")[0], whole):
            window.writing = text
            self._look()
            self._pass(self._rhythm.between(0.5, 1.8))

    def _enter_field(self, browser: Browser, name: object) -> None:
        """Clicks into a field, after scrolling to it; without a name the cursor is there already."""
        if name is None or name == browser.cursor:
            if browser.cursor is None:
                raise ValueError("the cursor is in no field")
            return
        self._pass(self._rhythm.pointing())
        browser.cursor = str(name)
        browser.reveal()
        self._eyes.changed()

    def _strike(self, window: Browser | Document, changes: Iterable[Change]) -> None:
        left = list(changes)
        for place, change in enumerate(left):
            self._pass(change.after)
            before, title = window.writing, window.title
            window.writing = change.text
            if window.title != title:
                self._look()  # from now on it says that it is not saved
            elif change.text.rstrip() != before.rstrip():  # a space at the end cannot be seen
                self._eyes.changed(grows_at=self._grows_at(change, left[place + 1 :][:SOON]))

    def _grows_at(self, change: Change, soon: Sequence[Change]) -> datetime | None:
        """When the text becomes longer by something one can see; None when it does not, or not soon."""
        at = self._eyes.now
        for one in soon:
            at += seconds(one.after)
            if one.text.rstrip() != change.text.rstrip():
                return at if len(one.text) > len(change.text) else None
        return None

    def _save(self) -> None:
        window = self._front
        if not isinstance(window, Document):
            raise ValueError("there is no document in front")
        self._pass(self._rhythm.think() + self._rhythm.between(0.2, 0.6))
        window.saved = window.text
        if window.path:
            self._files[window.path] = window.text
        self._look()

    # --- terminal ---------------------------------------------------------------------------------

    def _run(self, step: Step) -> None:
        terminal = self._front
        if not isinstance(terminal, Terminal):
            raise ValueError("there is no terminal in front")
        folder = str(step.fields.get("folder", terminal.folder)).strip("/")
        if folder != terminal.folder:
            self._command(terminal, f"cd {screens.at_home(folder)}", "", 0.05)
            terminal.folder = folder
            self._look()
        command, output = str(step.fields["command"]), str(step.fields.get("output", ""))
        self._command(terminal, command, output, self._rhythm.working(command))

    def _command(self, terminal: Terminal, command: str, output: str, takes: float) -> None:
        self._pass(self._rhythm.think())
        for change in self._rhythm.typed("", command):
            self._pass(change.after)
            terminal.typed = change.text
            self._eyes.changed()
        self._pass(self._rhythm.between(0.1, 0.8))
        terminal.enter()
        self._eyes.changed()
        self._pass(takes)
        terminal.answer(output)
        self._eyes.changed()


def _with_next(items: Iterable[T]) -> Iterator[tuple[T, T | None]]:
    """Every item with the one after it; None after the last."""
    last: list[T] = []
    for item in items:
        if last:
            yield last[0], item
        last = [item]
    if last:
        yield last[0], None


def _program(window: Window) -> Program:
    if isinstance(window, Browser):
        return Program.PRIVATE if window.private else Program.BROWSER
    kinds = {Editor: Program.EDITOR, Office: Program.OFFICE, Terminal: Program.TERMINAL, Files: Program.FILES}
    return kinds[type(window)]


def _files_of(desk: Desk, home: str) -> Iterator[tuple[str, str]]:
    """Full paths and texts of the files that are there before anything is done."""
    for session in desk.sessions:
        for step in session.steps:
            if step.do is Do.OPEN and "holds" in step.fields:
                folder, file = str(step.fields.get("folder", "")), str(step.fields.get("file", ""))
                yield screens.below(home, folder, file), str(step.fields["holds"])


def _names_in(folder: str, files: Iterable[str]) -> list[str]:
    """What lies in a folder: folders first, then files, each by name."""
    inside = [path.removeprefix(f"{folder}/") for path in files if path.startswith(f"{folder}/")]
    folders = sorted({path.partition("/")[0] for path in inside if "/" in path}, key=str.casefold)
    return folders + sorted((path for path in inside if "/" not in path), key=str.casefold)
