"""About how far down a page each of its elements and texts stands: what is on the screen, what must be
scrolled to. Pure.

Follows how css stacks boxes (block and inline layout, rows of flex and grid, tables) with the widths of
DejaVu Sans; floats and positions other than "fixed" are not known. Real pages differ by some pixels.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.desks.css import Style, share
from app.desks.dom import Element
from app.desks.flow import REPLACED, Flow

Key = Element | tuple[Element, int]
# Advance widths of DejaVu Sans in its letters' size; what is missing is as wide as an "e".
_WIDTHS = {
    **dict.fromkeys("ijl|.,:;'!I ", 0.30),
    **dict.fromkeys("frt()[]-/\\", 0.39),
    **dict.fromkeys("mwMW@%—", 0.92),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ", 0.70),
}
_BOLD = 1.11  # how much wider bold letters are
_LEAST_CELL = 30.0
_BOX = 18.0  # a box to tick, with its margins


@dataclass(slots=True)
class Box:
    """A box; `above` and `below` are its margins, `parts` lie at their distance from its upper edge."""

    key: Key | None
    height: float
    above: float = 0.0
    below: float = 0.0
    fixed: bool = False
    parts: list[tuple[float, "Box"]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Placed:
    """Upper and lower edges in pixels from the top of the page, and what stands still when it is scrolled."""

    edges: dict[Key, tuple[float, float]]
    fixed: frozenset[Key]
    height: float

    def shown(self, scrolled: float, height: float) -> frozenset[object]:
        """What is at least partly seen when `height` pixels are, from `scrolled` on."""
        seen = {
            key for key, (top, bottom) in self.edges.items() if bottom > scrolled and top < scrolled + height
        }
        empty = {key for key, (top, bottom) in self.edges.items() if bottom <= top}
        return frozenset(seen | empty | self.fixed)


def place(made: Flow, width: float) -> Placed:
    """Lays out a page in a view that is `width` pixels wide."""
    layout = _Layout(made)
    box = layout.block(made.root, width)
    edges: dict[Key, tuple[float, float]] = {}
    fixed: set[Key] = set()
    _note(box, 0.0, edges, fixed, still=False)
    return Placed(edges, frozenset(fixed), box.height)


def _note(
    box: Box, top: float, edges: dict[Key, tuple[float, float]], fixed: set[Key], *, still: bool
) -> None:
    still = still or box.fixed
    if box.key is not None:
        edges[box.key] = (top, top + box.height)
        if still:
            fixed.add(box.key)
    for distance, part in box.parts:
        _note(part, top + distance, edges, fixed, still=still)


def text_width(text: str, size: float, *, bold: bool) -> float:
    """How wide words are in a line, in pixels."""
    wide = sum(
        1.0 if unicodedata.east_asian_width(letter) in ("W", "F") else _WIDTHS.get(letter, 0.60)
        for letter in text
    )
    return wide * size * (_BOLD if bold else 1.0)


@dataclass(frozen=True, slots=True)
class _Layout:
    flow: Flow

    def block(self, element: Element, space: float) -> Box:
        """The box of an element with `space` pixels across for it."""
        style = self.flow.styles[element]
        top, bottom = style.padding[0], style.padding[2]
        inner = self._across(style, space)
        if element.tag in REPLACED and element.tag != "button":
            return Box(element, self._replaced(element, style), style.margin[0], style.margin[2], style.fixed)
        box = Box(element, 0.0, style.margin[0], style.margin[2], style.fixed)
        if style.display in ("flex", "inline-flex"):
            height = self._row(box, element, inner, style.gap, top)
        elif style.display in ("grid", "inline-grid"):
            height = self._grid(box, element, inner, style, top)
        elif element.tag == "table":
            height = self._table(box, element, inner, top)
        else:
            height = self._stack(box, element, inner, style)
        box.height = max(style.height if style.height is not None else height + top + bottom, style.least)
        return box

    def _across(self, style: Style, space: float) -> float:
        """How wide what is in a box may be."""
        outer = share(style.width, space, style.size) or space - style.margin[1] - style.margin[3]
        limit = share(style.limit, space, style.size)
        outer = min(outer, limit) if limit else outer
        return max(outer - style.padding[1] - style.padding[3], 20.0)

    def _replaced(self, element: Element, style: Style) -> float:
        if style.height is not None:
            return style.height
        if element.tag in ("svg", "img"):
            given = element.get("height")
            return float(given) if given.isdigit() else style.size
        if element.get("type") in ("checkbox", "radio"):
            return _BOX
        return style.size * style.line + style.padding[0] + style.padding[2]

    # --- below each other ---

    def _stack(self, box: Box, element: Element, width: float, style: Style) -> float:
        """Lines and blocks from top to bottom; neighbouring margins are one. Returns the height inside."""
        at = style.padding[0]
        owed: float | None = None if _open_above(element, style) else 0.0
        for piece in self._pieces(element):
            if isinstance(piece, Element):
                part = self.block(piece, width)
                if part.fixed:
                    box.parts.append((0.0, part))
                    continue
                if owed is None:  # its margin reaches out of this box
                    box.above = max(box.above, part.above)
                else:
                    at += max(owed, part.above)
                box.parts.append((at, part))
                at, owed = at + part.height, part.below
            else:
                at += owed or 0.0
                lines = _Lines(self, width, style)
                for one in piece:
                    lines.add(element, one)
                box.parts += [(at + distance, part) for distance, part in lines.parts()]
                at, owed = at + lines.height, 0.0
        if _open_above(element, style) and owed is not None:
            box.below = max(box.below, owed)
        else:
            at += owed or 0.0
        return at - style.padding[0]

    def _pieces(self, element: Element) -> Iterable[Element | list[int]]:
        """Blocks, and between them the places of children that make lines."""
        line: list[int] = []
        for place_, child in enumerate(element.children):
            if isinstance(child, Element):
                if not self.flow.drawn(child):
                    continue
                if self.flow.block(child) or self._breaks(child):
                    if line:
                        yield line
                    line = []
                    yield child
                    continue
            elif not self.flow.texts.get((element, place_)):
                continue
            line.append(place_)
        if line:
            yield line

    def _breaks(self, element: Element) -> bool:
        """Whether an element of a line holds a block, which then takes whole lines."""
        return self.flow.inline(element) and any(
            self.flow.drawn(one) and (self.flow.block(one) or self._breaks(one)) for one in element.elements
        )

    # --- beside each other ---

    def _row(self, box: Box, element: Element, width: float, gap: float, top: float) -> float:
        items = [one for one in element.elements if self.flow.drawn(one)]
        wanted = [self.natural(one) for one in items]
        room = width - gap * max(len(items) - 1, 0)
        shrink = min(1.0, room / sum(wanted)) if sum(wanted) else 1.0
        parts = [self.block(one, max(wish * shrink, 20.0)) for one, wish in zip(items, wanted, strict=True)]
        height = max((part.above + part.height + part.below for part in parts), default=0.0)
        texts = [place_ for place_, one in enumerate(element.children) if isinstance(one, str)]
        lines = _Lines(self, width, self.flow.styles[element])
        for place_ in texts:
            lines.add(element, place_)
        box.parts += [(top + distance, part) for distance, part in lines.parts()]
        height = max(height, lines.height)
        for part in parts:  # in the middle, as all bars of our sites have it
            box.parts.append((top + (height - part.above - part.height - part.below) / 2 + part.above, part))
        return height

    def _grid(self, box: Box, element: Element, width: float, style: Style, top: float) -> float:
        items = [one for one in element.elements if self.flow.drawn(one)]
        tracks = _tracks(style.columns, width, style.gap) or [width]
        at = top
        for first in range(0, len(items), len(tracks)):
            row = [self.block(one, track) for one, track in zip(items[first:], tracks, strict=False)]
            at += style.gap if first else 0.0
            for part in row:
                box.parts.append((at + part.above, part))
            at += max(part.above + part.height + part.below for part in row)
        return at - top

    def _table(self, box: Box, table: Element, width: float, top: float) -> float:
        rows = [one for one in table.walk() if one.tag == "tr" and self.flow.drawn(one)]
        caption = next((one for one in table.elements if one.tag == "caption"), None)
        at = top
        if caption is not None:
            part = self.block(caption, width)
            box.parts.append((at, part))
            at += part.height
        columns = self._columns(rows, width)
        groups: dict[Element, list[tuple[float, Box]]] = {}
        for row in rows:
            cells = [one for one in row.elements if self.flow.drawn(one)]
            parts = [self.block(one, across) for one, across in zip(cells, columns, strict=False)]
            height = max((part.height for part in parts), default=0.0)
            for part in parts:
                part.height = height
            made = Box(row, height, parts=[(0.0, part) for part in parts])
            holder = next((one for one in table.elements if row in one.elements), table)
            groups.setdefault(holder, []).append((at, made))
            at += height
        for holder, made_rows in groups.items():
            box.parts += made_rows
            if holder is not table:
                first, last = made_rows[0], made_rows[-1]
                box.parts.append((first[0], Box(holder, last[0] + last[1].height - first[0])))
        return at - top

    def _columns(self, rows: Sequence[Element], width: float) -> list[float]:
        """Widths of columns: by the widest line of each, made to fit."""
        wanted: list[float] = []
        for row in rows:
            for place_, cell in enumerate(one for one in row.elements if self.flow.drawn(one)):
                wish = max(self.natural(cell), _LEAST_CELL)
                if place_ < len(wanted):
                    wanted[place_] = max(wanted[place_], wish)
                else:
                    wanted.append(wish)
        total = sum(wanted)
        return [wish * width / total for wish in wanted] if total else wanted

    # --- how wide things would like to be ---

    def natural(self, element: Element) -> float:
        """Width of an element if nothing made its lines break."""
        style = self.flow.styles[element]
        sides = style.padding[1] + style.padding[3]
        if (given := share(style.width, 0, style.size)) and not style.width.endswith("%"):
            return given
        if style.width == "100%":
            return 10_000.0
        if element.tag in REPLACED and element.tag != "button":
            return _BOX if element.get("type") in ("checkbox", "radio") else 40.0
        children = [
            self.natural(one)
            if isinstance(one, Element)
            else text_width(self.flow.texts.get((element, place_), ""), style.size, bold=style.bold)
            for place_, one in enumerate(element.children)
            if isinstance(one, str) or self.flow.drawn(one)
        ]
        if style.display == "flex":
            return sum(children) + style.gap * max(len(children) - 1, 0) + sides
        side_by_side = self.flow.inline_inside(element) or self.flow.inline(element)
        return (sum(children) if side_by_side else max(children, default=0.0)) + sides


@dataclass(slots=True)
class _Lines:
    """Lines being filled from left to right."""

    layout: _Layout
    width: float
    style: Style
    _at: float = 0.0  # from the left
    _top: float = 0.0  # of the line
    _high: float = 0.0  # the line
    _found: list[tuple[Key, float, float]] = field(default_factory=list)
    _boxes: list[tuple[float, Box]] = field(default_factory=list)

    @property
    def height(self) -> float:
        return self._top + self._high

    def add(self, element: Element, place_: int) -> None:
        """Adds a child of `element`: a text, or an element with what is in it."""
        child = element.children[place_]
        flow = self.layout.flow
        if isinstance(child, str):
            self._text(element, place_)
            return
        if not flow.drawn(child):
            return
        if child.tag == "br":
            self._high = self._high or self._line(self.style)
            self._next()
            return
        if flow.atomic(child):
            style = flow.styles[child]
            wide = min(self.layout.natural(child), self.width)
            if share(style.width, self.width, style.size):
                wide = share(style.width, self.width, style.size) or wide
            box = self.layout.block(child, wide)
            self._fit(wide + style.margin[1] + style.margin[3])
            self._boxes.append((self._top + box.above, box))
            self._high = max(self._high, box.above + box.height + box.below, self._line(self.style))
            return
        start = self._top
        for inner in range(len(child.children)):
            self.add(child, inner)
        self._found.append((child, start, self._top + self._high))

    def _text(self, element: Element, place_: int) -> None:
        text = self.layout.flow.texts.get((element, place_), "")
        if not text:
            return
        style = self.layout.flow.styles[element]
        start: float | None = None
        for number, line in enumerate(text.split("\n") if style.pre else [text]):
            if number:
                self._next()
            for word in _words(line):
                self._fit(
                    text_width(word, style.size, bold=style.bold),
                    hang=text_width(" ", style.size, bold=style.bold),
                )
                self._high = max(self._high, self._line(style))
                start = self._top if start is None else start
            self._high = max(self._high, self._line(style))
        self._found.append(((element, place_), self._top if start is None else start, self._top + self._high))

    def _line(self, style: Style) -> float:
        return style.size * style.line

    def _fit(self, wide: float, hang: float = 0.0) -> None:
        """Room for something, on the next line if need be. `hang` may stand over the edge."""
        if self._at and self._at + wide - hang > self.width:
            self._next()
        self._at += wide

    def _next(self) -> None:
        self._top += self._high
        self._at = self._high = 0.0

    def parts(self) -> list[tuple[float, Box]]:
        return self._boxes + [(top, Box(key, bottom - top)) for key, top, bottom in self._found]


def _words(line: str) -> list[str]:
    """Pieces between which a line may break: words with the space behind them, letters of full width."""
    found: list[str] = []
    for word in line.replace(" ", " \n").split("\n"):
        wide = [letter for letter in word if unicodedata.east_asian_width(letter) in ("W", "F")]
        found += list(word) if wide else [word]
    return [word for word in found if word]


def _open_above(element: Element, style: Style) -> bool:
    """Whether margins of what is inside reach out of the box."""
    flows = style.display in ("block", "list-item") and element.tag not in ("#document", "html")
    return flows and not style.padding[0]


def _tracks(columns: Sequence[str], width: float, gap: float) -> list[float]:
    """Widths of a grid's columns ("190px 1fr")."""
    room = width - gap * max(len(columns) - 1, 0)
    shares = sum(float(one.removesuffix("fr")) for one in columns if one.endswith("fr"))
    fixed = sum(share(one, room, 16.0) or 0.0 for one in columns if not one.endswith("fr"))
    left = max(room - fixed, 0.0)
    return [
        left * float(one.removesuffix("fr")) / shares if one.endswith("fr") else share(one, room, 16.0) or 0.0
        for one in columns
    ]
