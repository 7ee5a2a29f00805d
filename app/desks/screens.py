"""What the windows of an editor, an office program, a file manager and a terminal show. Pure.

Trees as mousepad 0.5.10 and LibreOffice Writer 7.4 give them over AT-SPI, without what nobody reads of them
(tool bars); xterm and pcmanfm give none, so of them it is the lines that stand on the screen. All recorded on
a virtual desktop in the languages these programs come in there: English.
"""

import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath

from gum.ui import UiNode

COLUMNS, ROWS = 80, 24  # of an xterm that nobody has resized
PAGE_LINES, PAGE_COLUMNS = 40, 95  # of an office page that fit into a window of half a Full HD screen
PAGE_WORDS = 420  # words on a sheet of paper, about

_SHOWING = frozenset({"showing", "visible"})
_EDITED = _SHOWING | {"editable", "multi line"}
MENU = {
    "editor": "File Edit Search View Document Help",
    "files": "File Edit View Bookmarks Go Tools Help",
}


def user_of(name: str) -> str:
    """The person's name on their machine: the first one in plain letters, "me" when it has none."""
    plain = unicodedata.normalize("NFKD", name.split()[0] if name.split() else "")
    return "".join(c for c in plain.lower() if c.isascii() and c.isalnum()) or "me"


def home_of(user: str) -> str:
    return f"/home/{user}"


def below(home: str, *parts: str) -> str:
    """The full path of something below the home; the home itself for no parts."""
    return str(PurePosixPath(home, *(part.strip("/") for part in parts if part)))


# --- editor --------------------------------------------------------------------------------------------


def editor_title(path: str, changed: bool) -> str:
    """As mousepad shows it; `path` is full, or "Untitled 1"."""
    return f"{'*' if changed else ''}{path} - Mousepad"


def editor(title: str, text: str) -> UiNode:
    """The window of a mousepad that shows `text`, all of it, with the cursor in it."""
    field = UiNode("text", text=text, states=_EDITED | {"focused"})
    pane = UiNode("scroll pane", states=_SHOWING, children=(field,))
    tab = UiNode("page tab", states=_SHOWING | {"selected"}, children=(pane,))
    menu = UiNode("filler", states=_SHOWING, children=(UiNode("menu bar", states=_SHOWING),))
    tabs = UiNode("page tab list", states=_SHOWING, children=(tab,))
    box = UiNode("filler", states=_SHOWING, children=(menu, tabs))
    return UiNode("frame", title, states=_SHOWING | {"active"}, children=(box,))


# --- office --------------------------------------------------------------------------------------------


def office_title(name: str) -> str:
    """As LibreOffice Writer shows it; `name` is that of the file without its folder, or "Untitled 1"."""
    return f"{name} - LibreOffice Writer"


def office(name: str, text: str, first_line: int | None = None) -> UiNode:
    """The window of a LibreOffice Writer that shows `text`, a paragraph a line.

    Only paragraphs on the screen are in it: those from `first_line` (lines as they wrap, from 0) on; None:
    those around the end, where the cursor is.
    """
    paragraphs = text.split("\n")
    heights = [max(1, -(-len(one) // PAGE_COLUMNS)) for one in paragraphs]
    top = max(0, sum(heights) - PAGE_LINES) if first_line is None else first_line
    shown, line = [], 0
    for place, (one, height) in enumerate(zip(paragraphs, heights, strict=True)):
        if top < line + height and line < top + PAGE_LINES:
            states = _EDITED | {"focused"} if place == len(paragraphs) - 1 else _EDITED
            shown.append(UiNode("paragraph", text=one, states=states))
        line += height
    stem = PurePosixPath(name).stem if "." in name else name
    document = UiNode(
        "document text",
        f"{stem} - LibreOffice Document",
        states=_SHOWING | {"editable"},
        attributes={"url": ""},
        children=tuple(shown),
    )
    scroll = UiNode("scroll pane", states=_SHOWING, children=(document,))
    body = UiNode("panel", states=_SHOWING, children=(scroll,))
    root = UiNode("root pane", office_title(name), states=_SHOWING, children=(body, _status(text)))
    panel = UiNode("panel", states=_SHOWING, children=(root,))
    return UiNode("frame", office_title(name), states=_SHOWING | {"active"}, children=(panel,))


def office_lines(text: str) -> int:
    """How many lines a text is on an office page, as it wraps."""
    return sum(max(1, -(-len(one) // PAGE_COLUMNS)) for one in text.split("\n"))


def _status(text: str) -> UiNode:
    words, letters = len(text.split()), len(text.replace("\n", ""))
    sheets = 1 + words // PAGE_WORDS
    said = (
        f"Page {sheets} of {sheets}",
        f"{words:,} word{'' if words == 1 else 's'}, {letters:,} character{'' if letters == 1 else 's'}",
        "Default Page Style",
        "English (USA)",
        "100%",
    )
    labels = tuple(UiNode("label", text=one, states=_SHOWING) for one in said)
    return UiNode("statusbar", states=_SHOWING, children=labels)


# --- files ---------------------------------------------------------------------------------------------


def files_lines(path: str, names: Sequence[str]) -> list[str]:
    """The lines of a pcmanfm window that shows a folder, as they stand from top to bottom."""
    grid = [" ".join(names[start : start + 5]) for start in range(0, len(names), 5)]
    count = f"{len(names)} item{'' if len(names) == 1 else 's'}"
    return [
        MENU["files"],
        path,
        "Places",
        "Home Folder",
        *grid,
        f"{count} Free space: 70.8 GiB (Total: 252.0 GiB)",
    ]


# --- terminal ------------------------------------------------------------------------------------------


def prompt(user: str, folder: str) -> str:
    """As Debian's bash has it; `folder` is below the home, "" is the home itself."""
    return f"{user}@desk:{at_home(folder)}$ "


def terminal_title(user: str, folder: str) -> str:
    """As Debian's bash sets it."""
    return f"{user}@desk: {at_home(folder)}"


def at_home(folder: str) -> str:
    """A folder below the home as a shell shows it: "~/Documents"."""
    return f"~/{folder.strip('/')}" if folder.strip("/") else "~"


def terminal_rows(lines: Sequence[str]) -> list[str]:
    """The rows of the screen that the last of `lines` leave, wrapped where the window ends."""
    rows: list[str] = []
    for line in lines[-ROWS:]:
        rows += _wrapped(line)
    return rows[-ROWS:]


def _wrapped(line: str) -> list[str]:
    rows, row, width = [], "", 0
    for letter in line.expandtabs(8):
        takes = 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if width + takes > COLUMNS:
            rows.append(row)
            row, width = "", 0
        row, width = row + letter, width + takes
    return [*rows, row]
