"""The windows of a simulated desktop: what is in them, and what X11, the accessible tree and the pixels show.

Each is an `app.desks.eyes.Screen`. They change only by what the person does; time does not pass here.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from app.desks import axtree, pages, screens
from app.desks.types import Desk
from gum.types import Region, WindowInfo
from gum.ui import UiNode

FIRST_ID = 0x1400003  # as an X server numbers windows: a range a program
ID_STEP = 0x200000
SCROLL = 600  # pixels of a page that go by with the space bar, in a window of half a Full HD screen
SCREENS = 40  # of a page; nobody scrolls further
Drawn = dict[object, tuple[pages.Shown, UiNode]]
_MARK = "\ue000"  # stands for a text in a tree that was made before the text was known


class Window(ABC):
    """What all windows have: a number, and the name of their program."""

    app = ""

    def __init__(self, number: int) -> None:
        self._number = number

    @property
    @abstractmethod
    def title(self) -> str:
        """As X11 has it."""

    def info(self) -> WindowInfo:
        """As X11 tells it: of a browser neither private mode nor address."""
        browser = self.app == "chromium"
        return WindowInfo(
            window_id=FIRST_ID + self._number * ID_STEP,
            app=self.app,
            title=self.title,
            pid=2000 + self._number,
            region=Region(10, 10, 960, 1010),
            private=None if browser else False,
            browser=browser,
        )

    def tree(self) -> UiNode | None:
        return None

    def rows(self) -> Sequence[str]:
        return ()


class Browser(Window):
    """A Chromium window. `typed` is what stands in the fields of its page, `cursor` the one with the keys."""

    app = "chromium"

    def __init__(
        self, number: int, desk: Desk, mails: Sequence[str], private: bool, drawn: Drawn | None = None
    ) -> None:
        """`mails` is the desk's list of messages that arrived; it grows while the window is open.

        `drawn`: pages that the desk's windows have drawn so far, to be drawn once.
        """
        super().__init__(number)
        self._desk, self._mails, self.private = desk, mails, private
        self.page: str | None = None
        self.back: list[str] = []  # pages before this one
        self.typed: dict[str, str] = {}
        self.cursor: str | None = None
        self.scrolled = 0
        self.loading = False  # the title of the page is there, and nothing else of it yet
        self._known: tuple[str, ...] = ()  # mails when the page was loaded
        self._titled: tuple[object, str] = (None, "")
        self._drawn: Drawn = {} if drawn is None else drawn
        self._filled: tuple[UiNode, str, UiNode] | None = None

    @property
    def kind(self) -> str:
        """Of the page; "" while there is none."""
        return self._desk.pages[self.page].kind if self.page is not None else ""

    @property
    def title(self) -> str:
        if self._titled[0] != (self.page, self._known):
            self._titled = ((self.page, self._known), f"{self._draw(self.typed)[0].title} - Chromium")
        return self._titled[1]

    @property
    def writing(self) -> str:
        """What stands in the field that has the keys."""
        return self.typed.get(self.cursor or "", "")

    @writing.setter
    def writing(self, text: str) -> None:
        self.typed[self.cursor or ""] = text

    def go(self, page: str) -> None:
        """Another page is loaded; what was typed is gone."""
        if self.page is not None and self.page != page:
            self.back.append(self.page)
        self.page, self.typed, self.cursor, self.scrolled = page, {}, None, 0
        self._known = tuple(self._mails)

    def refresh(self) -> None:
        """The list of messages brings itself up to date."""
        if self.kind == "mail.inbox" and self._known != tuple(self._mails):
            self._known, self.scrolled = tuple(self._mails), 0  # new ones stand at the top

    def tree(self) -> UiNode:
        """The window's tree; the same object until something changes."""
        if self.loading:
            return self._empty()
        text = self.writing
        if not text:
            return self._draw(self.typed)[1]
        # Drawn once for a field, not once for every letter typed into it.
        blank = self._draw({**self.typed, str(self.cursor): _MARK})[1]
        if self._filled is None or self._filled[0] is not blank or self._filled[1] != text:
            self._filled = (blank, text, _fill(blank, text))
        return self._filled[2]

    def stops(self, start: int) -> Iterator[tuple[int, str]]:
        """Scroll positions from `start` to the end of the page, with the words that are new at each."""
        return self._stops(self.typed, start)

    def _stops(self, typed: Mapping[str, str], start: int) -> Iterator[tuple[int, str]]:
        seen = set[str]()
        for to in range(start, start + SCREENS * SCROLL, SCROLL):
            said = words_below(_document(self._draw(typed, to)[1]))
            words = [line for line in said if line not in seen]
            if not words and to != start:
                return
            seen.update(words)
            yield to, " ".join(words)

    def reveal(self) -> None:
        """Scrolls to the field that has the keys, as a browser does; stays where it is when there is none."""
        typed = {
            **self.typed,
            str(self.cursor): self.writing or _MARK,
        }  # as it is drawn while it is typed into
        if not _has_keys(self._draw(typed)[1]):
            places = (to for to, _ in self._stops(typed, 0) if _has_keys(self._draw(typed, to)[1]))
            self.scrolled = next(places, self.scrolled)

    def _empty(self) -> UiNode:
        """The tree of the page before its content is there."""
        key = (self.page, self._known, "loading", self.private)
        if key not in self._drawn:
            shown = replace(self._draw({})[0], html="")
            self._drawn[key] = (shown, axtree.tree(shown, private=self.private))
        return self._drawn[key][1]

    def _draw(self, typed: Mapping[str, str], scrolled: int | None = None) -> tuple[pages.Shown, UiNode]:
        """The page and its tree with these texts in its fields, where it is scrolled to unless told."""
        to = self.scrolled if scrolled is None else scrolled
        key = (self.page, self._known, tuple(sorted(typed.items())), self.cursor, to, self.private)
        if key not in self._drawn:
            shown = self._shown(typed)
            made = axtree.tree(shown, self.cursor, private=self.private, scrolled=to)
            self._drawn[key] = (shown, made)
        return self._drawn[key]

    def _shown(self, typed: Mapping[str, str]) -> pages.Shown:
        if self.page is None:
            name = "New Incognito Tab" if self.private else "New Tab"
            return pages.Shown("chrome://newtab/", name, f"<title>{name}</title><a href='#'>Web Store</a>")
        return pages.show(self._desk, self.page, pages.State(list(self._known), dict(typed)))


class Document(Window):
    """A text in the editor or the office program. `path` is full; "" has no file yet."""

    def __init__(self, number: int, path: str, text: str, untitled: int = 1) -> None:
        super().__init__(number)
        self.path, self.text, self.saved = path, text, text
        self.untouched = True  # nothing was typed since it was opened
        self.first_line: int | None = 0  # of the office window, where it was scrolled to; None: to its end
        self._untitled = f"Untitled {untitled}"
        self._made: tuple[object, UiNode] | None = None

    @property
    def writing(self) -> str:
        """The text with the cursor in it."""
        return self.text

    @writing.setter
    def writing(self, text: str) -> None:
        self.text = text

    def tree(self) -> UiNode:
        key = (self.title, self.text, self.first_line)
        if self._made is None or self._made[0] != key:
            self._made = (key, self._make())
        return self._made[1]

    @abstractmethod
    def _make(self) -> UiNode:
        """The tree as it is now."""


class Editor(Document):
    """A mousepad."""

    app = "mousepad"

    @property
    def title(self) -> str:
        return screens.editor_title(self.path or self._untitled, self.text != self.saved)

    def rows(self) -> Sequence[str]:
        return [screens.MENU["editor"], *self.text.split("\n")]

    def _make(self) -> UiNode:
        return screens.editor(self.title, self.text)


class Office(Document):
    """A LibreOffice Writer."""

    app = "libreoffice-writer"

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2] or self._untitled

    @property
    def title(self) -> str:
        return screens.office_title(self.name)

    def _make(self) -> UiNode:
        return screens.office(self.name, self.text, self.first_line)


class Terminal(Window):
    """An xterm with a shell in `folder`, below the home."""

    app = "xterm"

    def __init__(self, number: int, user: str, folder: str) -> None:
        super().__init__(number)
        self._user, self.folder = user, folder.strip("/")
        self.typed: str | None = ""  # behind the prompt; None while a command runs
        self._lines: list[str] = []

    @property
    def title(self) -> str:
        return screens.terminal_title(self._user, self.folder)

    def rows(self) -> Sequence[str]:
        waiting = [] if self.typed is None else [screens.prompt(self._user, self.folder) + self.typed]
        return screens.terminal_rows([*self._lines[-screens.ROWS :], *waiting])

    def enter(self) -> None:
        """What was typed is run."""
        self._lines.append(screens.prompt(self._user, self.folder) + (self.typed or ""))
        self.typed = None

    def answer(self, output: str) -> None:
        """The command is done and has said this."""
        self._lines += output.strip("\n").split("\n") if output.strip("\n") else []
        self.typed = ""


class Files(Window):
    """A pcmanfm that shows a folder, by its full path."""

    app = "pcmanfm"

    def __init__(self, number: int, path: str, names: Sequence[str]) -> None:
        super().__init__(number)
        self._path, self._names = path, tuple(names)

    @property
    def title(self) -> str:
        return self._path.rpartition("/")[2]

    def rows(self) -> Sequence[str]:
        return screens.files_lines(self._path, self._names)


def words_below(node: UiNode) -> list[str]:
    """What the leaves of a tree say, in reading order."""
    return [said for one in node.walk() if not one.children and (said := (one.text or one.name).strip())]


def _document(tree: UiNode) -> UiNode:
    """The page in a browser's window."""
    return next((node for node in tree.walk() if node.role == "document web"), tree)


def _has_keys(tree: UiNode) -> bool:
    """Whether a field of the page has the keys and is on the screen."""
    inside = (node for child in _document(tree).children for node in child.walk())
    return any("focused" in node.states for node in inside)


def _fill(node: UiNode, text: str) -> UiNode:
    """The tree with `text` where the mark is."""
    if not any(_MARK in part.text or _MARK in part.name for part in node.walk()):
        return node
    return _replaced(node, text)


def _replaced(node: UiNode, text: str) -> UiNode:
    children = tuple(_replaced(child, text) for child in node.children)
    same = all(new is old for new, old in zip(children, node.children, strict=True))
    if same and _MARK not in node.text and _MARK not in node.name:
        return node
    return replace(
        node,
        text=node.text.replace(_MARK, text),
        name=node.name.replace(_MARK, text),
        children=node.children if same else children,
    )
