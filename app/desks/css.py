"""How the elements of a page are laid out, from its own style sheet: the part of css that matters. Pure.

Reads `style` elements and attributes; selectors of tags, classes and ids with descent ("form.fields input").
Rules with any other selector are left out, and so are properties that move nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from app.desks.dom import Element

ROOT_PX = 16.0
# What Chromium does with elements that no page has styled (html standard, section 15.3).
_BROWSER = """
html, body, address, article, aside, blockquote, center, dd, details, dl, dt, fieldset, figcaption, figure,
footer, form, h1, h2, h3, h4, h5, h6, header, hr, legend, main, nav, ol, p, pre, search, section, summary, ul,
div, dialog, hgroup, optgroup, option { display: block }
head, script, style, title, meta, link, template, datalist, noscript, param { display: none }
body { margin: 8px }
li { display: list-item }
table { display: table } tr { display: table-row } td, th { display: table-cell; padding: 1px }
thead, tbody, tfoot { display: table-row-group } caption { display: table-caption }
ul { list-style: disc } ol { list-style: decimal } ul ul, ol ul { list-style: circle }
ul, ol { padding: 0 0 0 40px; margin: 1em 0 } li ul, li ol { margin: 0 }
h1 { font-size: 2em; margin: 0.67em 0 } h2 { font-size: 1.5em; margin: 0.83em 0 }
h3 { font-size: 1.17em; margin: 1em 0 } h4 { margin: 1.33em 0 } h5 { font-size: 0.83em; margin: 1.67em 0 }
h6 { font-size: 0.67em; margin: 2.33em 0 }
p, dl, pre { margin: 1em 0 } blockquote, figure { margin: 1em 40px } dd { margin: 0 0 0 40px }
pre { white-space: pre; font-size: 13px } code, kbd, samp { font-size: 13px } small { font-size: 0.83em }
b, strong, h1, h2, h3, h4, h5, h6, th { font-weight: bold }
button, input, select, textarea, meter, progress { display: inline-block; font-size: 13.33px }
button { padding: 3px 8px } input { padding: 3px; width: 180px }
textarea { padding: 4px; height: 36px; width: 180px }
fieldset { padding: 6px 12px 10px } hr { margin: 8px 0 } iframe { width: 304px; height: 154px }
video { width: 300px; height: 150px }
"""
_HEAVY = frozenset({"bold", "bolder", "600", "700", "800", "900"})
_SIDES = ("top", "right", "bottom", "left")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"^([a-z][a-z0-9]*)?((?:[.#][\w-]+)*)$", re.I)


@dataclass(frozen=True, slots=True)
class Style:
    """What is known of an element's box; lengths in pixels. `width` and `limit` as they are given."""

    display: str = "inline"
    size: float = ROOT_PX  # of the letters
    line: float = 1.18  # height of a line, in `size`
    marker: str = "disc"
    pre: bool = False
    hidden: bool = False
    upper: bool = False
    bold: bool = False
    margin: tuple[float, float, float, float] = (0, 0, 0, 0)  # top, right, bottom, left
    padding: tuple[float, float, float, float] = (0, 0, 0, 0)
    width: str = ""
    limit: str = ""  # the most it may be wide
    height: float | None = None
    least: float = 0.0  # the least it is high
    columns: tuple[str, ...] = ()
    gap: float = 0.0
    fixed: bool = False  # stands still when the page is scrolled


@dataclass(frozen=True, slots=True)
class _Rule:
    parts: tuple[tuple[str, frozenset[str]], ...]  # (tag, ".class" and "#id"), the element itself last
    weight: tuple[int, int, int]
    settings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rules of a page."""

    rules: tuple[_Rule, ...]
    _for: dict[str, tuple[_Rule, ...]] = field(default_factory=dict, compare=False)

    def _about(self, tag: str) -> tuple[_Rule, ...]:
        """The rules whose last part is of that tag or of any, in order."""
        if tag not in self._for:
            self._for[tag] = tuple(r for r in self.rules if r.parts and r.parts[-1][0] in ("", tag))
        return self._for[tag]

    def style(self, path: Sequence[Element], above: Style) -> Style:
        """The style of the last element of `path`, its ancestors before it; `above` is its parent's."""
        element = path[-1]
        found = [rule for rule in self._about(element.tag) if _fits(rule, path)]
        settings = [pair for rule in sorted(found, key=lambda rule: rule.weight) for pair in rule.settings]
        settings += _settings(element.get("style"))
        given = dict(settings)  # the strongest last
        if "hidden" in element.attributes:
            given["display"] = "none"
        return _computed(given, above)


def sheet(document: Element) -> Sheet:
    """The rules of the browser and of the page's `style` elements."""
    texts = tuple(element.text for element in document.walk() if element.tag == "style")
    return _sheet((_BROWSER, *texts))


@lru_cache(maxsize=64)  # the pages of a site share a few
def _sheet(texts: tuple[str, ...]) -> Sheet:
    found: list[_Rule] = []
    for own, text in enumerate(texts):
        for selectors, body in _RULE.findall(re.sub(r"/\*.*?\*/", "", text, flags=re.S)):
            settings = tuple(_settings(body))
            for selector in selectors.split(","):
                if (rule := _rule(selector, settings, own=own > 0)) is not None:
                    found.append(rule)
    return Sheet(tuple(found))


def share(length: str, whole: float, size: float) -> float | None:
    """A length ("12px", "2em", "50%") in pixels; None for "auto" and what is not understood."""
    found = re.fullmatch(r"(-?\d*\.?\d+)(px|em|rem|%|)", length.strip())
    if found is None:
        return None
    value = float(found.group(1))
    return value * {"em": size, "rem": ROOT_PX, "%": whole / 100}.get(found.group(2), 1.0)


def _rule(selector: str, settings: tuple[tuple[str, str], ...], *, own: bool) -> _Rule | None:
    parts: list[tuple[str, frozenset[str]]] = []
    for word in selector.split():
        found = _SIMPLE.match("" if word == "*" else word)
        if found is None:
            return None
        parts.append(((found.group(1) or "").lower(), frozenset(re.findall(r"[.#][\w-]+", found.group(2)))))
    marks = [mark for _, these in parts for mark in these]
    names = sum(mark.startswith(".") for mark in marks) + (1000 if own else 0)  # a page outdoes the browser
    tags = sum(bool(tag) for tag, _ in parts)
    return _Rule(tuple(parts), (len(marks) - sum(m.startswith(".") for m in marks), names, tags), settings)


def _settings(body: str) -> list[tuple[str, str]]:
    pairs = [line.partition(":") for line in body.split(";") if ":" in line]
    return [(name.strip().lower(), value.strip()) for name, _, value in pairs]


def _fits(rule: _Rule, path: Sequence[Element]) -> bool:
    if not rule.parts or not _is(path[-1], rule.parts[-1]):
        return False
    left = list(rule.parts[:-1])
    for element in reversed(path[:-1]):
        if left and _is(element, left[-1]):
            left.pop()
    return not left


def _is(element: Element, part: tuple[str, frozenset[str]]) -> bool:
    tag, marks = part
    if tag and tag != element.tag:
        return False
    if not marks:
        return True
    return marks <= _marks(element.get("class"), element.get("id"))


@lru_cache(maxsize=4096)
def _marks(classes: str, name: str) -> frozenset[str]:
    return frozenset({f".{one}" for one in classes.split()} | {f"#{name}"})


def _computed(given: Mapping[str, str], above: Style) -> Style:
    size = _size(given, above)
    width, limit = given.get("width", ""), given.get("max-width", "")
    marker = given.get("list-style", given.get("list-style-type", ""))
    space = given.get("white-space", "")
    display, position = given.get("display", "inline"), given.get("position", "")
    if position in ("fixed", "absolute") and display == "inline":
        display = "block"
    return replace(
        Style(),
        display=display,
        size=size,
        line=_line(given, above, size),
        marker=marker.split()[0] if marker else above.marker,
        pre=space.startswith("pre") if space else above.pre,
        hidden=given["visibility"] == "hidden" if "visibility" in given else above.hidden,
        upper=given["text-transform"] == "uppercase" if "text-transform" in given else above.upper,
        bold=given["font-weight"] in _HEAVY if "font-weight" in given else above.bold,
        margin=_box(given, "margin", size),
        padding=_box(given, "padding", size),
        width=width,
        limit=limit,
        height=share(given.get("height", ""), 0, size) if not given.get("height", "").endswith("%") else None,
        least=share(given.get("min-height", ""), 0, size) or 0.0,
        columns=tuple(given.get("grid-template-columns", "").split()),
        gap=share(given.get("gap", "").partition(" ")[0], 0, size) or 0.0,
        fixed=position == "fixed",
    )


def _size(given: Mapping[str, str], above: Style) -> float:
    short = re.search(r"([\d.]+(?:px|em|rem|%))(?:/|\s)", given.get("font", ""))
    length = given.get("font-size") or (short.group(1) if short else "")
    if given.get("font", "") == "inherit":
        length = "1em"
    return share(length, above.size, above.size) or above.size


def _line(given: Mapping[str, str], above: Style, size: float) -> float:
    short = re.search(r"/([\d.]+)\s", given.get("font", ""))
    found = given.get("line-height") or (short.group(1) if short else "")
    try:
        return float(found)
    except ValueError:
        length = share(found, size, size)
        return length / size if length else above.line


def _box(given: Mapping[str, str], name: str, size: float) -> tuple[float, float, float, float]:
    words = given.get(name, "0").split()
    spread = {1: (0, 0, 0, 0), 2: (0, 1, 0, 1), 3: (0, 1, 2, 1), 4: (0, 1, 2, 3)}.get(len(words), (0,) * 4)
    values = [share(words[place], 0, size) or 0.0 for place in spread] if words else [0.0] * 4
    for place, side in enumerate(_SIDES):
        if f"{name}-{side}" in given:
            values[place] = share(given[f"{name}-{side}"], 0, size) or 0.0
    if name == "padding" and any(key.startswith("border") for key in given) and given.get("border") != "0":
        values = [value + 1 for value in values]  # a hair line all round
    top, right, bottom, left = values
    return top, right, bottom, left
