"""The accessible names of a page's elements: labels, legends, the words inside. Pure.

Follows w3.org/TR/accname-1.2 as far as Chromium does.
"""

import re
from collections.abc import Sequence

from app.desks.dom import Element
from app.desks.flow import Flow

_NAMED_BY_CONTENT = frozenset(
    {
        *("heading", "link", "push button", "toggle button", "page tab", "description term", "tool tip"),
        *("table cell", "row header", "column header", "check box", "radio button"),
    }
)


def name_of(flow: Flow, element: Element, role: str, above: Sequence[Element]) -> str:
    """The name of an element that has this role; `above` are its ancestors, the outermost first."""
    label = aria_label(flow, element)
    if element.tag == "input" and element.get("type") == "file":
        return f"{label or _named_by_label(flow, element)}: No file chosen"
    if label:
        return label
    if element.tag in ("input", "select", "textarea", "progress", "meter"):
        return _field_name(flow, element, role)
    if element.tag == "fieldset":
        legend = next((one for one in element.elements if one.tag == "legend"), None)
        return words(flow, legend) if legend else ""
    if element.tag == "table":
        caption = next((one for one in element.elements if one.tag == "caption"), None)
        return words(flow, caption) if caption else ""
    if element.tag in ("img", "iframe", "abbr"):
        return element.get("alt") or element.get("title")
    table = nearest(above, "table")
    kind = table.get("role") if table is not None else None  # "" for a table without a role of its own
    in_grid = role == "table row" and kind == "grid"
    laid_out = role == "section" and element.tag in ("td", "th") and kind == ""
    return words(flow, element) if role in _NAMED_BY_CONTENT or in_grid or laid_out else ""


def aria_label(flow: Flow, element: Element) -> str:
    """The name that aria attributes give."""
    ids = element.get("aria-labelledby").split()
    if ids:
        found = {one.get("id"): one for one in flow.root.walk() if one.get("id") in ids}
        return " ".join(words(flow, found[one]) for one in ids if one in found).strip()
    return " ".join(element.get("aria-label").split())


def _field_name(flow: Flow, element: Element, role: str) -> str:
    if role == "push button":
        return element.get("value") or {"submit": "Submit", "reset": "Reset"}.get(element.get("type"), "")
    named = _named_by_label(flow, element)
    return named or element.get("title") or " ".join(element.get("placeholder").split())


def _named_by_label(flow: Flow, element: Element) -> str:
    labels = [one for one in flow.root.walk() if labelled(flow, one) is element]
    return " ".join(words(flow, one, without=element) for one in labels).strip()


def labelled(flow: Flow, label: Element) -> Element | None:
    """The field that a label is for."""
    if label.tag != "label":
        return None
    if target := label.get("for"):
        return next((one for one in flow.root.walk() if one.get("id") == target), None)
    return next((one for one in label.walk() if one.tag in ("input", "select", "textarea")), None)


def words(flow: Flow, element: Element, without: Element | None = None) -> str:
    """The words of an element on one line; blocks are held apart by spaces."""
    return re.sub(r"[ \t\n\r]+", " ", _spoken(flow, element, without)).strip()


def _spoken(flow: Flow, element: Element, without: Element | None) -> str:
    if element is without or not flow.drawn(element) or element.get("aria-hidden") == "true":
        return " "
    if element.tag == "br":
        return " "
    if label := aria_label(flow, element):
        return f" {label} "
    if element.tag in ("img", "input", "select", "textarea", "iframe"):
        return f" {element.get('alt') or element.get('title')} " if element.tag == "img" else " "
    apart = not flow.inline(element)
    parts = []
    for place, child in enumerate(element.children):
        if isinstance(child, Element):
            parts.append(_spoken(flow, child, without))
        else:
            text = flow.texts.get((element, place), "")
            parts.append(f" {text} " if flow.lined_up(element) else text)
    return f" {''.join(parts)} " if apart else "".join(parts)


def nearest(above: Sequence[Element], tag: str) -> Element | None:
    """The innermost of some ancestors that has this tag."""
    return next((one for one in reversed(above) if one.tag == tag), None)
