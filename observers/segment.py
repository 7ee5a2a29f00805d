"""Whose words are on the screen? Splits a window's tree, or lines read from pixels, by trust. Pure.

The source role is the strongest cheap signal there is for what a text may claim about a person, so the
roles are told apart here, from structure: an editable field, a container labelled as an advert, the head
of a message, the kind of a notice. Parts of the program's own dress (menus, tabs, tool bars) are dropped.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gum.types import Line, Trust
from gum.ui import Snapshot, UiNode
from observers.labels import (
    MESSENGERS,
    is_advert_label,
    is_advert_token,
    is_header,
    is_secret,
    looks_like_address,
    mail_like,
)
from observers.terminal import is_terminal, rows, terminal_segments

MAX_CHARS = 6000  # of one segment: about three screens of text; more is the page, not what was seen

_DRESS = frozenset(
    {
        *("menu bar", "menu", "menu item", "check menu item", "radio menu item", "combo box", "spin button"),
        *(
            "tool bar",
            "toolbar",
            "scroll bar",
            "separator",
            "push button",
            "toggle button",
            "slider",
            "image",
        ),
        *(
            "icon",
            "split pane",
            "progress bar",
            "ruler",
            "password text",
            "push button menu",
            "tearoff menu item",
        ),
    }
)
_TABS = frozenset({"page tab list", "page tab"})  # in GTK and Qt the pages stand below their tabs
_SYSTEM = frozenset({"notification", "alert", "tool tip", "info bar", "status bar", "statusbar"})
_INLINE = frozenset({"static", "link", "text", "label", "static text", "subscript", "superscript", "mark"})
_INLINE_MORE = frozenset({"content insertion", "content deletion", "time", "strong", "emphasis", "inline"})
_CONTAINERS = frozenset(
    {
        *("section", "article", "list item", "landmark", "internal frame", "panel", "grouping", "list"),
        *("paragraph", "block quote", "table", "table row", "filler", "comment", "feed"),
    }
)
_MESSAGES = frozenset({"article", "log", "comment", "feed", "message"})
_DOCUMENT = "document "
_BLOCKS = frozenset({"paragraph", "heading", "link", "section", "image", "static", "label"})
_LABELLED = frozenset(
    {"password text", "combo box", "date editor", "spin button", "check box", "radio button"}
)
_BULLET = re.compile(r"^([•◦▪▫‣–·*-]|\(?[0-9a-zA-Z]{1,3}[.)])$")
MAX_PARTS = 4  # of an advert whose box is not in the tree


@dataclass(frozen=True, slots=True)
class Segment:
    """Text of one trust; lines are joined by newlines."""

    trust: Trust
    text: str


@dataclass(slots=True)
class _Found:
    """Lines by trust, in reading order; `fields` are (form, is focused, lines)."""

    fields: list[tuple[int, bool, list[str]]]
    lines: dict[Trust, list[str]]


def segment(snapshot: Snapshot) -> list[Segment]:
    """The texts of a window by trust: authored first, then received, read, adverts and notices.

    Several fields of one form become one authored text, the form with the focus first: a field of one
    line reads "Label: value", one of many lines is given as it is. At most MAX_CHARS each.
    """
    if snapshot.tree is None:
        return []
    window = snapshot.window
    found = _Found([], {trust: [] for trust in Trust})
    letters = window.app in MESSENGERS
    mail = letters or mail_like(window.title, window.url)
    walk = _Walk(found, browser=window.browser, mail=mail, labels=frozenset(_fields(snapshot.tree)))
    start = Trust.RECEIVED if letters else Trust.READ
    walk.visit(snapshot.tree, start, inside=not window.browser, form=0)
    texts = [(Trust.AUTHORED, _authored(found))]
    texts += [
        (trust, found.lines[trust]) for trust in (Trust.RECEIVED, Trust.READ, Trust.ADVERT, Trust.SYSTEM)
    ]
    return [Segment(trust, "\n".join(lines)[:MAX_CHARS]) for trust, lines in texts if lines]


def segment_lines(app: str, lines: Sequence[Line]) -> list[Segment]:
    """The texts of lines read from the pixels of a window of `app` (WM_CLASS in lower case)."""
    sure = [line for line in lines if line.text.strip()]
    texts = rows(sure)
    if is_terminal(app):
        return terminal(texts)
    return [Segment(Trust.READ, "\n".join(texts)[:MAX_CHARS])] if texts else []


def terminal(lines: Sequence[str]) -> list[Segment]:
    """Lines of a terminal: each command that was run with the ends of its output, then what is left over."""
    commands, rest = terminal_segments(lines)
    found = [Segment(Trust.ACTED_ON, text[:MAX_CHARS]) for text in commands]
    return found + ([Segment(Trust.READ, "\n".join(rest)[:MAX_CHARS])] if rest else [])


class _Walk:
    """Goes through a tree once, parents first."""

    def __init__(self, found: _Found, *, browser: bool, mail: bool, labels: frozenset[str]) -> None:
        self._found = found
        self._labels = labels
        self._browser = browser
        self._mail = mail
        self._forms = 0

    def visit(self, node: UiNode, trust: Trust, *, inside: bool, form: int) -> None:
        """Adds what `node` and its children say. `inside`: not the browser's own dress."""
        role = node.role
        if is_secret(role, node.name, node.states):
            return
        if "editable" in node.states:
            self._field(node, inside=inside, form=form)
            return
        if role == "date editor":
            self._date(node, form)
            return
        if role in _DRESS or _is_navigation(node) or (role in _TABS and (self._browser or not node.children)):
            return
        inside = inside or role.startswith(_DOCUMENT)
        if role == "form":
            self._forms += 1
            form = self._forms
        trust = self._trust(node, trust)
        if (inside or trust is Trust.SYSTEM) and _is_line(node):
            self._say(node, trust)
            self._fields_within(node, inside=inside, form=form)
            return
        adverts = _advertised(node.children)
        previous: UiNode | None = None
        for index, child in enumerate(node.children):
            if inside and previous is not None and _is_pair(previous, child):
                self._pair(child, trust)
            else:
                below = Trust.ADVERT if index in adverts else trust
                self.visit(child, below, inside=inside, form=form)
            previous = child

    def _say(self, node: UiNode, trust: Trust) -> None:
        """Adds a line, unless it is a list's bullet or only the label of a field."""
        line = _line(node)
        if line and not _BULLET.match(line) and line.rstrip(":：* ") not in self._labels:
            self._found.lines[trust].append(line)

    def _trust(self, node: UiNode, trust: Trust) -> Trust:
        """What the subtree of `node` is, given what it is part of. An advert stays one all the way down."""
        if trust is Trust.ADVERT or is_advert(node):
            return Trust.ADVERT
        if node.role in _SYSTEM:
            return Trust.SYSTEM
        if trust is Trust.READ and (_is_message(node) or (self._mail and node.role in _MESSAGES)):
            return Trust.RECEIVED
        return trust

    def _field(self, node: UiNode, *, inside: bool, form: int) -> None:
        text = _written(node).strip("\n")
        focused = any("focused" in part.states for part in node.walk())
        if not text.strip() or (not inside and not (focused and not looks_like_address(text))):
            return
        if "multi line" in node.states or "\n" in text:
            lines = [line.rstrip() for line in text.split("\n")]
        else:
            label = (node.name or node.attributes.get("placeholder-text", "")).strip().rstrip(":：*").strip()
            lines = [f"{label}: {text.strip()}" if label else text.strip()]
        self._found.fields.append((form, focused, lines))

    def _date(self, node: UiNode, form: int) -> None:
        """A date or time field, as it shows it: "Date: 12/03/2026"."""
        shown = "".join(part.text or ("" if part.children else part.name) for part in _dates(node))
        if any(part.text for part in node.walk()):
            text = re.sub(r"\s+", " ", shown).strip()
            self._found.fields.append((form, False, [f"{node.name}: {text}" if node.name else text]))

    def _fields_within(self, node: UiNode, *, inside: bool, form: int) -> None:
        for child in node.children:
            if child.role == "date editor":
                self._date(child, form)
            elif "editable" in child.states:
                if not is_secret(child.role, child.name, child.states):
                    self._field(child, inside=inside, form=form)
            else:
                self._fields_within(child, inside=inside, form=form)

    def _pair(self, value: UiNode, trust: Trust) -> None:
        """The value of a term ("Order number" above "4711") joins the term's line."""
        lines = self._found.lines[trust]
        text = _line(value)
        if lines and text:
            lines[-1] = f"{lines[-1].rstrip(':： ')}: {text}"
        elif text:
            lines.append(text)


def _advertised(children: Sequence[UiNode]) -> frozenset[int]:
    """Places of siblings that a label among them ("Anzeige") marks as an advert, the label included.

    Browsers leave plain boxes out of the tree, so an advert's parts may stand beside its label. They end
    at the next heading or larger structure, after MAX_PARTS at the latest.
    """
    found: set[int] = set()
    for index, child in enumerate(children):
        if child.role not in _BLOCKS or not _is_line(child) or not is_advert_label(_line(child)):
            continue
        found.add(index)
        for place in range(index + 1, min(index + 1 + MAX_PARTS, len(children))):
            role = children[place].role
            if role not in _BLOCKS or (role == "heading" and place > index + 1):
                break
            found.add(place)
    return frozenset(found)


def _fields(node: UiNode) -> Iterator[str]:
    """Labels of all fields below a node."""
    for part in node.walk():
        if part.name and ("editable" in part.states or part.role in _LABELLED):
            yield part.name.strip().rstrip(":：* ")


def _dates(node: UiNode) -> Iterator[UiNode]:
    """The parts of a date field that show something: numbers and the signs between them."""
    return (part for part in node.walk() if part.role in ("spin button", "static"))


def is_advert(node: UiNode) -> bool:
    """Whether a container is labelled as an advert: by name, by class or id, or by its first words."""
    if node.role not in _CONTAINERS:
        return False
    tokens = f"{node.attributes.get('class', '')} {node.attributes.get('id', '')}".split()
    if is_advert_label(node.name) or any(is_advert_token(token) for token in tokens):
        return True
    leaves = _first_leaves(node)
    if len(leaves) < 2 or not is_advert_label(leaves[0]):
        return False
    holder = next((child for child in node.children if _first_leaves(child)), None)
    return holder is not None and len(_first_leaves(holder)) < 2  # else a smaller container says it


def _is_message(node: UiNode) -> bool:
    """Whether this is the smallest container that holds the head of a message and its body."""
    if node.role not in _CONTAINERS and not node.role.startswith(_DOCUMENT):
        return False
    return _has_head(node) and not any(_has_head(child) for child in node.children)


def _has_head(node: UiNode) -> bool:
    lines = list(_lines(node))
    heads = {kind for line in lines if (kind := is_header(line))}
    body = [line for line in lines if not is_header(line)]
    return len(heads) >= 2 and "from" in heads and len(" ".join(body)) > 20


def _is_navigation(node: UiNode) -> bool:
    roles = node.attributes.get("xml-roles", "")
    return node.role == "navigation" or "navigation" in roles or "menubar" in roles


def _is_line(node: UiNode) -> bool:
    """Whether all that is below `node` stands on one line of text."""
    if node.role in _INLINE | _INLINE_MORE or node.role in ("heading", "table row", "description term"):
        return True
    if not node.children:
        return True
    return node.role in (
        "paragraph",
        "list item",
        "label",
        "section",
        "table cell",
        "description value",
    ) and all(
        child.role in _INLINE | _INLINE_MORE | _DRESS or "editable" in child.states for child in node.children
    )


def _is_pair(first: UiNode, second: UiNode) -> bool:
    return first.role == "description term" and second.role == "description value"


def _line(node: UiNode) -> str:
    """The words below a node on one line. Cells of a row: "Label: value", or joined by " | "."""
    if node.role == "table row":
        cells = [text for child in node.children if (text := _line(child))]
        head = node.children[0].role if node.children else ""
        if len(cells) == 2 and (head.endswith("header") or cells[0].endswith((":", "："))):
            return f"{cells[0].rstrip(':： ')}: {cells[1]}"
        return " | ".join(cells)
    return re.sub(r"\s+", " ", " ".join(_leaves(node))).strip()


def _leaves(node: UiNode) -> Iterator[str]:
    """Words at the leaves, without fields, buttons and other dress."""
    if "editable" in node.states or node.role in _DRESS or node.role == "date editor":
        return
    below = [word for child in node.children for word in _leaves(child)]
    if below:
        yield from below
    elif own := (node.text or node.name).strip():
        yield own


def _first_leaves(node: UiNode) -> list[str]:
    """The first two words or runs of words below a node."""
    found: list[str] = []
    for leaf in _leaves(node):
        found.append(leaf)
        if len(found) == 2:
            break
    return found


def _lines(node: UiNode) -> Iterator[str]:
    """All lines below a node, whatever their trust."""
    if _is_line(node):
        if line := _line(node):
            yield line
        elif "editable" in node.states:
            yield from (text for child in node.children if (text := _plain(child)))
        return
    for child in node.children:
        if "editable" in child.states:
            yield _plain(child)
        else:
            yield from _lines(child)


def _written(node: UiNode) -> str:
    """What stands in a field. The text of a rich one is its first line; later lines are boxes in it."""
    if any(child.role not in _INLINE | _INLINE_MORE for child in node.children):
        return "\n".join(_rows(node))
    return node.text or "\n".join(_lines(node))


def _rows(node: UiNode) -> Iterator[str]:
    """The lines of a rich field: inline parts that follow each other are one, a box is one or more."""
    row: list[str] = []
    for child in node.children:
        if child.role in _INLINE | _INLINE_MORE:
            row.append(_plain(child))
            continue
        if row:
            yield " ".join(row)
            row = []
        yield from _rows(child)
    if row or not node.children:
        yield " ".join(row) or _plain(node)


def _plain(node: UiNode) -> str:
    """The words of an editable part."""
    parts = [_plain(child) for child in node.children]
    return re.sub(r"\s+", " ", " ".join(part for part in parts if part) or node.text or node.name).strip()


def _authored(found: _Found) -> list[str]:
    """Lines of all fields; the form that has the focus first."""
    first = next((form for form, focused, _ in found.fields if focused), None)
    ordered = sorted(found.fields, key=lambda entry: entry[0] != first)
    return [line for _, _, lines in ordered for line in lines]
