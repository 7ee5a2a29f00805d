"""The words of a page as a browser shows them, and which elements make boxes. Pure.

Follows css text level 3, section 4: white space is folded, and dropped at the ends of lines and between
letters of scripts that have no spaces.
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace

from app.desks.css import Sheet, Style, sheet
from app.desks.dom import Element

REPLACED = frozenset(
    {
        *("img", "svg", "iframe", "video", "input", "select", "textarea", "button", "meter", "progress"),
        *("canvas", "audio"),
    }
)
_OPAQUE = REPLACED - {"button"}  # what is inside these is not text of the page
_SPACE = re.compile(r"[ \t\n\r\f]+")
_LINED = frozenset({"flex", "grid", "inline-flex", "inline-grid"})


@dataclass(slots=True)
class Flow:
    """A document with the style of every element that is drawn; texts by (element, place of child)."""

    root: Element
    styles: dict[Element, Style] = field(default_factory=dict)
    texts: dict[tuple[Element, int], str] = field(default_factory=dict)

    def drawn(self, element: Element) -> bool:
        return element in self.styles

    def block(self, element: Element) -> bool:
        """Whether it takes whole lines of its parent, or a cell of it."""
        return not self.inline(element) and not self.atomic(element)

    def inline(self, element: Element) -> bool:
        """Whether its content stands in its parent's lines."""
        return self.styles[element].display in ("inline", "contents") and element.tag not in REPLACED

    def atomic(self, element: Element) -> bool:
        """Whether it stands in a line as if it were a letter."""
        display = self.styles[element].display
        return display.startswith("inline-") or (display == "inline" and element.tag in REPLACED)

    def lined_up(self, element: Element) -> bool:
        """Whether its children are boxes side by side or below each other, texts as well."""
        return self.styles[element].display in _LINED

    def inline_inside(self, element: Element) -> bool:
        """Whether what it holds are lines: some text or the like, and no block."""
        if self.lined_up(element):
            return False
        some = False
        for place, child in enumerate(element.children):
            if isinstance(child, str):
                some = some or bool(self.texts.get((element, place)))
            elif self.drawn(child):
                if self.block(child):
                    return False
                some = some or child.tag == "br" or self.atomic(child) or bool(child.children)
        return some


def flow(document: Element) -> Flow:
    """Styles and texts of a parsed page."""
    made = Flow(document)
    _style(made, sheet(document), [document], Style(display="block"))
    writer = _Writer(made)
    writer.visit(document)
    writer.end_line()
    return made


def _style(made: Flow, rules: Sheet, path: list[Element], style: Style) -> None:
    element = path[-1]
    made.styles[element] = style
    if element.tag in _OPAQUE:
        return
    shut = element.tag == "details" and "open" not in element.attributes
    for child in element.elements:
        below = rules.style([*path, child], style)
        if made.lined_up(element) and below.display == "inline":
            below = replace(below, display="block")
        if below.display != "none" and not (shut and child.tag != "summary"):
            _style(made, rules, [*path, child], below)


class _Writer:
    """Goes through a document once and notes its texts."""

    def __init__(self, made: Flow) -> None:
        self._made = made
        self._after_space = True  # at the start of a line too
        self._last: tuple[Element, int] | None = None  # the text that ends the line so far

    def visit(self, element: Element) -> None:
        made = self._made
        if not made.drawn(element):
            return
        if element.tag == "br":
            self.end_line()
            return
        if made.atomic(element):
            inner = _Writer(made)
            inner._children(element)
            inner.end_line()
            self._after_space, self._last = False, None
            return
        if made.block(element):
            self.end_line()
        self._children(element)
        if made.block(element):
            self.end_line()

    def _children(self, element: Element) -> None:
        if element.tag in _OPAQUE:
            return
        lined = self._made.lined_up(element)
        for place, child in enumerate(element.children):
            if lined:
                self.end_line()
            if isinstance(child, str):
                self._text(element, place, child)
            else:
                self.visit(child)
        if lined:
            self.end_line()

    def _text(self, element: Element, place: int, data: str) -> None:
        style = self._made.styles[element]
        if style.hidden:
            return
        if style.pre:
            text = data.removeprefix("\n") if place == 0 and element.tag == "pre" else data
            self._after_space, self._last = False, None
        else:
            text = _folded(data)
            text = text.removeprefix(" ") if self._after_space else text
            if text:
                self._after_space = text.endswith(" ")
                self._last = (element, place)
        if text:
            self._made.texts[element, place] = text.upper() if style.upper else text

    def end_line(self) -> None:
        if self._last is not None and self._after_space:
            text = self._made.texts[self._last].removesuffix(" ")
            if text:
                self._made.texts[self._last] = text
            else:
                del self._made.texts[self._last]
        self._after_space, self._last = True, None


def _folded(data: str) -> str:
    return _SPACE.sub(lambda found: _gap(data, found), data)


def _gap(data: str, found: re.Match[str]) -> str:
    """One space, or nothing where a line of the file ends between two letters of full width."""
    before, after = data[: found.start()][-1:], data[found.end() :][:1]
    return "" if "\n" in found.group() and _full(before) and _full(after) else " "


def _full(letter: str) -> bool:
    return bool(letter) and unicodedata.east_asian_width(letter) in ("W", "F", "H")
