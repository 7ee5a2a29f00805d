"""Does the steps of a desk for real: one method a kind of step, windows and pages kept in mind.

What `trace` imagines, this does; both take a desk's words the same way (where text goes, what a session's end
closes), so that the same facts get their evidence.
"""

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from glob import escape
from itertools import pairwise
from pathlib import Path

from app.desks import pages, programs, screens
from app.desks.hands import PRESSABLE, Hands, notify
from app.desks.kinds import PAGES
from app.desks.manner import Place
from app.desks.pages import State
from app.desks.shell import Shell
from app.desks.types import Desk, Do, Program, Step
from gum.errors import ActionFailed, CaptureUnavailable

log = logging.getLogger(__name__)

IDLE_S = 5.0  # longer idling changes nothing that is observed
READ_S = (2.5, 9.0)
RUN_S = 15.0
PAGE_S = 12.0
AFTER_S = 0.9
TYPED_S = 1.4  # what was typed is handed over when it has rested for a second
SHIFT_PX = 36  # a second window of a program stands beside the first
BROWSERS = (Program.BROWSER, Program.PRIVATE)
_DOCUMENTS = (Program.EDITOR, Program.OFFICE)


@dataclass(slots=True)
class Window:
    """An open window: `pages`, `entered` and `typed` of a browser, `file` and `text` of a document.

    `pages` is the way that was gone, `entered` the field of the last page that has the cursor, `typed` what
    stands in its fields; `text` is what should stand in the document. `folder` is below the home.
    """

    id: int
    program: Program
    pages: list[str] = field(default_factory=list)
    entered: str | None = None
    typed: dict[str, str] = field(default_factory=dict)
    file: Path | None = None
    text: str = ""
    folder: str = ""
    untouched: bool = True


class Player:
    """One person at one desk. `step` does the next one; `leave` ends a session."""

    def __init__(self, desk: Desk, hands: Hands, state: State, shell: Shell, dice: random.Random) -> None:
        self._desk, self._hands, self._state, self._shell, self._dice = desk, hands, state, shell, dice
        self._desktop = hands.desktop
        self._home = Path(self._desktop.env["HOME"])
        self._user = screens.user_of(desk.persona.name)
        self._windows: list[Window] = []
        self._texts: dict[Path, str] = {}  # of files, as they should be
        self._do: Mapping[Do, Callable[[Step], None]] = {
            Do.OPEN: self._open,
            Do.VISIT: lambda step: self._visit(_text(step, "page")),
            Do.READ: self._read,
            Do.TYPE: lambda step: self._type(step, [_text(step, "text")]),
            Do.REVISE: lambda step: self._type(step, _texts(step)),
            Do.CLICK: self._click,
            Do.RUN: self._run,
            Do.SAVE: lambda step: self._save(),
            Do.SWITCH: lambda step: self._hands.show(self._of(step).id),
            Do.MAIL: self._mail,
            Do.NOTIFY: self._notify,
            Do.IDLE: lambda step: self._hands.rest(min(IDLE_S, _seconds(step, IDLE_S))),
            Do.CLOSE: self._close,
        }

    def furnish(self) -> None:
        """Puts the files that the person has already."""
        for session in self._desk.sessions:
            for step in session.steps:
                if step.do is Do.OPEN and "holds" in step.fields and _text(step, "file"):
                    self._put(self._path(step), _text(step, "holds"))

    def step(self, step: Step) -> None:
        """Does one step and rests. Raises ActionFailed or CaptureUnavailable."""
        self._do[step.do](step)
        if step.do is not Do.IDLE:
            self._hands.rest(TYPED_S if step.do in (Do.TYPE, Do.REVISE) else AFTER_S)

    def leave(self) -> None:
        """Closes all windows: the next session begins with nothing open."""
        self._hands.show_desktop()
        self._hands.leave([window.id for window in self._windows])
        self._windows.clear()

    # --- windows ------------------------------------------------------------------------------------

    def _front(self) -> Window:
        """The window with the keys. Raises ActionFailed when it is none of the person's."""
        front = self._desktop.active_window()
        for window in self._windows:
            if window.id == front:
                return window
        if not self._windows:
            raise ActionFailed("No window is open", "The desk's steps must open a program first.")
        self._hands.show(self._windows[-1].id)  # a bubble or dialog had the keys
        return self._windows[-1]

    def _browser(self) -> Window:
        window = self._front()
        if window.program not in BROWSERS:
            raise ActionFailed("There is no browser in front", "The desk's steps must switch to it first.")
        return window

    def _of(self, step: Step) -> Window:
        """The newest window of the step's program; from now on it counts as the newest of all."""
        program = Program(_text(step, "program"))
        for window in reversed(self._windows):
            if window.program is program:
                self._windows.remove(window)
                self._windows.append(window)
                return window
        raise ActionFailed(f"No window of the {program} is open", "The desk's steps must open it first.")

    def _open(self, step: Step) -> None:
        program = Program(_text(step, "program"))
        made = Window(0, program, folder=_text(step, "folder").strip("/"))
        page = _text(step, "page")
        if page:
            made.pages.append(page)
        if program in _DOCUMENTS and _text(step, "file"):
            made.file = self._path(step)
            if "holds" in step.fields or not made.file.exists():
                self._put(made.file, _text(step, "holds"))
            made.text = self._texts.get(made.file, "")
        elif program not in BROWSERS:
            (self._home / made.folder).mkdir(parents=True, exist_ok=True)
        prompts = len(self._shell.statuses())
        made.id = self._hands.open(self._launch(made, page), self._place(program))
        self._windows.append(made)
        if program is Program.TERMINAL:
            self._prompted(prompts)
        if page and not self._hands.wait_title(self._titled(page), PAGE_S):
            log.warning("%s: the page did not appear; its address is typed", step.id)
            self._visit(page)

    def _launch(self, window: Window, page: str) -> programs.Launch:
        if window.program is Program.EDITOR:
            return programs.editor(window.file)
        if window.program is Program.OFFICE:
            return programs.office(window.file)
        if window.program is Program.FILES:
            return programs.files(self._home / window.folder)
        if window.program is Program.TERMINAL:
            return programs.terminal(self._hands.manner, self._shell, self._user, self._home / window.folder)
        private = ("--incognito",) if window.program is Program.PRIVATE else ()
        url = pages.address(self._desk, page) if page else "chrome://newtab/"
        look = programs.browser_options(self._hands.manner)
        return programs.Launch(
            tuple(self._hands.person.browser(url, "--new-window", *private, *look)), "* - Chromium*"
        )

    def _place(self, program: Program) -> Place:
        left, top, width, height = self._hands.manner.places[program]
        shift = SHIFT_PX * sum(window.program is program for window in self._windows)
        across, down = self._desktop.size
        return min(left + shift, across - width), min(top + shift, down - height), width, height

    def _put(self, file: Path, text: str) -> None:
        programs.put(file, text)
        self._texts[file] = text

    def _path(self, step: Step) -> Path:
        return self._home / _text(step, "folder").strip("/") / _text(step, "file")

    def _close(self, step: Step) -> None:
        window = self._of(step)
        self._windows.remove(window)
        self._hands.leave([window.id])

    # --- pages --------------------------------------------------------------------------------------

    def _titled(self, page: str) -> str:
        """A glob for the title of the window that shows a page."""
        return escape(pages.show(self._desk, page, self._state).title) + "*"

    def _visit(self, page: str) -> None:
        window = self._browser()
        self._arrive(window, page)
        address, title = pages.address(self._desk, page), self._titled(page)
        try:
            self._hands.person.visit(address, title)
        except CaptureUnavailable:  # something had the keys, or the browser was not ready
            self._hands.show(window.id)
            self._hands.person.visit(address, title)

    def _arrive(self, window: Window, page: str) -> None:
        """What was typed on the page before is gone."""
        window.typed, window.entered = {}, None
        if window.pages[-1:] != [page]:
            window.pages.append(page)

    def _click(self, step: Step) -> None:
        window, page = self._browser(), _text(step, "page")
        if self._dice.random() < self._hands.manner.slips:
            self._click_wrong(window)
        kind = self._desk.pages[window.pages[-1]].kind if window.pages else ""
        name = _text(step, "name")
        if kind and name in (*PAGES[kind].buttons, *PAGES[kind].forms):
            name = pages.label(self._desk, name, kind)
        try:
            thing = self._hands.find(name, PRESSABLE)
        except ActionFailed:
            if not page:
                raise
            log.warning("%s: nothing is called “%s”; its address is typed", step.id, name)
            self._visit(page)
            return
        self._state.next = page or None
        self._hands.press(thing)
        window.entered = None  # the cursor is on what was clicked
        if page and not self._hands.wait_title(self._titled(page), PAGE_S):
            log.warning("%s: the click on “%s” led nowhere; the address is typed", step.id, name)
            self._state.next = None
            self._visit(page)
        elif page:
            self._state.next = None
            self._arrive(window, page)
            self._hands.rest(0.6)

    def _click_wrong(self, window: Window) -> None:
        """On another link, which leads to where the person has been before, and back."""
        earlier = [page for page in window.pages[:-1] if page != window.pages[-1]]
        if not earlier or window.typed or PAGES[self._desk.pages[earlier[-1]].kind].secret:
            return
        links = [seen for seen in self._hands.seen("link") if seen.enabled and seen.name.strip()]
        if not links:
            return
        self._state.next = earlier[-1]
        self._hands.press(self._dice.choice(links))
        if self._hands.wait_title(self._titled(earlier[-1]), 3.0):
            self._hands.rest(0.7)
            self._desktop.key("alt+Left")
            self._hands.wait_title(self._titled(window.pages[-1]), PAGE_S)
        self._state.next = None
        self._hands.rest(0.6)

    def _mail(self, step: Step) -> None:
        self._state.mails.append(_text(step, "page"))
        if not self._windows:
            return
        window = self._front()
        if window.pages and self._desk.pages[window.pages[-1]].kind == "mail.inbox":
            self._desktop.key("F5")
            self._hands.rest(1.0)

    def _notify(self, step: Step) -> None:
        bus = self._desktop.env["DBUS_SESSION_BUS_ADDRESS"]
        shown = notify(bus, _text(step, "app"), _text(step, "title"), _text(step, "text"))
        log.info("%s: a notice was sent; %s", step.id, "shown" if shown else "nobody shows notices here")
        self._hands.rest(1.0)

    def _read(self, step: Step) -> None:
        window = self._front()
        given = _seconds(step, self._dice.uniform(*READ_S))
        wanted = min(READ_S[1], max(READ_S[0], given))
        if window.program in BROWSERS and self._dice.random() < self._hands.manner.slips:
            self._click_wrong(window)
        if window.program in (*BROWSERS, *_DOCUMENTS):
            self._hands.read(wanted)
        else:
            self._hands.rest(wanted)

    # --- writing ------------------------------------------------------------------------------------

    def _type(self, step: Step, texts: Sequence[str]) -> None:
        """Types the first text, then makes it into the next, until the last stands."""
        window = self._front()
        if window.program in BROWSERS:
            texts = [text.replace("\t", "    ") for text in texts]  # the tab key leaves a field
            name = _text(step, "field")
            if name and name != window.entered:
                self._enter(window, name)
            before = window.typed.get(window.entered or "", "")
        elif window.program in _DOCUMENTS:
            texts = self._begin(window, texts)
            before = window.text
        else:
            raise ActionFailed("Nothing in front can be typed into", f"In front is “{self._hands.title()}”.")
        self._hands.write(texts[0], before=before, careful=self._is_secret(texts[0]))
        for old, new in pairwise(texts):
            self._hands.rest(TYPED_S)
            self._hands.revise(old, new)
        if window.program in BROWSERS:
            window.typed[window.entered or ""] = before + texts[-1]
        else:
            window.text = before + texts[-1]
            self._undo_something(window)

    def _is_secret(self, text: str) -> bool:
        return any(secret.text in text or text in secret.text for secret in self._desk.secrets)

    def _enter(self, window: Window, name: str) -> None:
        """Clicks into a field of the page."""
        kind = self._desk.pages[window.pages[-1]].kind if window.pages else ""
        try:
            shown = pages.label(self._desk, name, kind)
        except KeyError:
            shown = name  # of a page that the desk brought along
        self._hands.enter(shown)
        window.entered = name

    def _begin(self, window: Window, texts: Sequence[str]) -> Sequence[str]:
        """Goes to the end of a document that holds something, and begins a line there."""
        if window.untouched and window.text:
            self._desktop.key("ctrl+End")
            if not (window.text.endswith("\n") or texts[0].startswith("\n")):
                texts = [f"\n{text}" for text in texts]
        window.untouched = False
        return texts

    def _undo_something(self, window: Window) -> None:
        """Now and then deletes the last line by mistake, and takes that back."""
        last = window.text.rpartition("\n")[2]
        if window.program is not Program.EDITOR or not last.strip():
            return
        if self._dice.random() < self._hands.manner.slips:
            self._desktop.key("shift+Home", "Delete")
            self._hands.rest(0.4)
            self._desktop.key("ctrl+z", "ctrl+End")

    def _save(self) -> None:
        window = self._front()
        if window.program not in _DOCUMENTS:
            raise ActionFailed("There is no document in front", "The desk's steps must switch to it first.")
        self._desktop.key("ctrl+s")
        self._hands.rest(0.8)
        if window.file is None:  # it asks for a name
            ending = ".odt" if window.program is Program.OFFICE else ".txt"
            window.file = self._home / f"untitled-{window.id}{ending}"
            self._hands.write(f"{window.file}\n", careful=True)
            self._hands.rest(0.8)
        self._texts[window.file] = window.text

    # --- terminal -----------------------------------------------------------------------------------

    def _run(self, step: Step) -> None:
        window = self._front()
        if window.program is not Program.TERMINAL:
            raise ActionFailed("There is no terminal in front", "The desk's steps must switch to it first.")
        wanted = _text(step, "folder").strip("/") if "folder" in step.fields else window.folder
        if wanted != window.folder:
            self._command(window, f"cd {screens.at_home(wanted)}", "", 0)
        status = step.fields.get("status", 0)
        self._command(window, _text(step, "command"), _text(step, "output"), int(str(status)))

    def _command(self, window: Window, command: str, output: str, status: int) -> None:
        prompts = len(self._shell.statuses())
        window.folder = self._shell.expect(command, output, status, window.folder)
        self._hands.write(command.replace("\t", " "))
        self._hands.rest(0.3)
        self._desktop.key("Return")
        self._prompted(prompts)
        self._hands.rest(1.0)

    def _prompted(self, prompts: int) -> None:
        """Waits for the next prompt of the shell. Raises ActionFailed."""
        if not self._hands.person.until(lambda: len(self._shell.statuses()) > prompts, RUN_S):
            raise ActionFailed("The terminal does not come back", "Does the command end?")


def _text(step: Step, name: str) -> str:
    return str(step.fields.get(name, ""))


def _texts(step: Step) -> list[str]:
    texts = step.fields["texts"]
    assert isinstance(texts, Sequence) and not isinstance(texts, str)
    return [str(text) for text in texts]


def _seconds(step: Step, otherwise: float) -> float:
    given = step.fields.get("seconds")
    return otherwise if given is None else float(str(given))
