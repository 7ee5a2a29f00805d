"""The accessible objects of a page as Chromium makes them of html. Pure.

Written after what Chromium 156 exposed over AT-SPI for some hundred small pieces of html, and after the
mapping it follows (w3.org/TR/html-aam-1.0, w3.org/TR/core-aam-1.2).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.desks import layout
from app.desks.axnames import labelled, name_of
from app.desks.axroles import role_of, toggles
from app.desks.dom import Element, parse
from app.desks.flow import Flow, flow
from gum.ui import UiNode

SHOWN = frozenset({"showing", "visible"})
_LANDMARKS = {"main": "main", "nav": "navigation", "search": "search", "aside": "complementary"}
_LANDMARKS |= {"header": "banner", "footer": "contentinfo", "section": "region", "form": "form"}
# Roles that observers.atspi asks for attributes.
_TOLD = frozenset(
    {
        *("spin button", "section", "landmark", "article", "entry", "list item", "internal frame", "panel"),
        *("paragraph", "grouping"),
    }
)
_LEAVES = frozenset({"push button", "page tab"})  # one text inside these is not an object of its own
_CHILDLESS = frozenset(
    {"combo box", "slider", "image", "progress bar", "level bar", "check box", "radio button"}
)
_FIELDS = frozenset({"entry", "spin button", "password text"})
_WITH_KEYS = frozenset(
    {
        *("link", "combo box", "slider", "date editor", "video", "push button", "toggle button", "check box"),
        *("radio button", "page tab"),
    }
)
_MARKERS = {"disc": "• ", "circle": "◦ ", "square": "■ "}


@dataclass(frozen=True, slots=True)
class View:
    """The part of a page that is on the screen, in pixels."""

    width: int
    height: int
    scrolled: int = 0  # how far down its upper edge is


def children_of(html: str, focused: str | None = None, view: View | None = None) -> tuple[UiNode, ...]:
    """The objects below the document's: those in `view`, or all of them.

    `focused`: the `name` or `id` of the element that has the keys; None: the one with `autofocus`, if any.
    """
    made = flow(parse(html))
    seen = layout.place(made, view.width).shown(view.scrolled, view.height) if view else None
    return tuple(_Page(made, _with_keys(made.root, focused), seen).inside(made.root))


def page_height(html: str, width: int) -> int:
    """About how high a page is in a view of that width, in pixels."""
    return round(layout.place(flow(parse(html)), width).height)


def has_focus(html: str, focused: str | None) -> bool:
    """Whether an element of the page has the keys, and not the page itself."""
    return _with_keys(parse(html), focused) is not None


def _with_keys(root: Element, focused: str | None) -> Element | None:
    for element in root.walk():
        if focused is None and "autofocus" in element.attributes:
            return element
        if focused is not None and focused in (element.get("name"), element.get("id")):
            return element
    return None


@dataclass(frozen=True, slots=True)
class _Page:
    """Makes objects of the elements of one document."""

    flow: Flow
    keys: Element | None
    seen: frozenset[object] | None

    # --- what becomes an object ---

    def nodes(self, element: Element, above: Sequence[Element], editable: bool) -> Iterator[UiNode]:
        """The object of an element; what is inside it instead when it is nothing to tell of by itself."""
        if not self.flow.drawn(element) or element.get("aria-hidden") == "true":
            return
        if self.flow.styles[element].hidden and not element.elements:
            return
        if element.tag == "br":
            yield UiNode("static", "\n", text="\n" if editable else "", states=self._editable(editable))
            return
        role = role_of(self.flow, element, above)
        if role == "hidden" or not self._on_screen(element):
            return
        editable = editable or element.get("contenteditable") in ("true", "plaintext-only")
        if not role:
            yield from self.inside(element, above, editable)
            return
        yield self.node(element, role, above, editable)

    def _on_screen(self, element: Element) -> bool:
        return self.seen is None or element in self.seen

    def _editable(self, editable: bool) -> frozenset[str]:
        return SHOWN | {"editable"} if editable else SHOWN

    def inside(
        self, element: Element, above: Sequence[Element] = (), editable: bool = False
    ) -> Iterator[UiNode]:
        """The objects inside an element, texts among them."""
        path = (*above, element)
        if element.tag == "label" and toggles(labelled(self.flow, element)):
            for box in element.elements:  # its words are the name of the box to tick and nothing besides
                yield from self.nodes(box, path, editable)
            return
        if element.tag == "q":
            yield UiNode("static", "“", states=SHOWN)
        for place, child in enumerate(element.children):
            if isinstance(child, Element):
                yield from self.nodes(child, path, editable)
                continue
            text = self.flow.texts.get((element, place), "")
            if not text or (self.seen is not None and (element, place) not in self.seen):
                continue
            if text != " " or not self._beside_box(element, place):
                told = text if editable else ""
                yield UiNode("static", text, text=told, states=self._editable(editable))
        if element.tag == "q":
            yield UiNode("static", "”", states=SHOWN)

    def _beside_box(self, element: Element, place: int) -> bool:
        """Whether a space stands beside a field, a picture or a block: then it separates no words."""
        for beside in (place - 1, place + 1):
            if 0 <= beside < len(element.children):
                other = element.children[beside]
                if isinstance(other, Element) and self.flow.drawn(other) and not self.flow.inline(other):
                    return True
        return False

    # --- what an object says ---

    def node(self, element: Element, role: str, above: Sequence[Element], editable: bool) -> UiNode:
        """The object of an element that has a role."""
        name = name_of(self.flow, element, role, above)
        if role == "date editor":
            children = tuple(_date_parts(element, name))
        elif role == "internal frame":
            children = (_framed(element),)
        elif role in _CHILDLESS or element.tag in ("input", "textarea"):
            children = ()
        else:
            children = (*self._marker(element, above), *self.inside(element, above, editable))
        if role in _LEAVES and len(children) == 1 and children[0].role in ("static", "image"):
            children = ()
        return UiNode(
            role,
            name,
            text=self._content(element, role, editable),
            states=self._states(element, role, editable),
            attributes=_attributes(element, role),
            children=children,
        )

    def _content(self, element: Element, role: str, editable: bool) -> str:
        """What stands in a field, as the accessible object's text."""
        if role in ("entry", "spin button") and element.tag == "input":
            return "" if "readonly" in element.attributes else element.get("value")
        if element.tag == "textarea":
            return element.text.removeprefix("\n")
        if editable:
            return self._own_text(element)
        return ""

    def _own_text(self, element: Element) -> str:
        """Text that stands in an element itself; objects inside it are not part of it."""
        words = []
        for place, child in enumerate(element.children):
            if isinstance(child, str):
                words.append(self.flow.texts.get((element, place), ""))
            elif child.tag == "br":
                words.append("\n")
        return "".join(words)

    def _states(self, element: Element, role: str, editable: bool) -> frozenset[str]:
        found = set(SHOWN)
        disabled = "disabled" in element.attributes
        host = element.get("contenteditable") in ("true", "plaintext-only")
        field = role in _FIELDS
        if (field and "readonly" not in element.attributes) or editable:
            found.add("editable")
        if field or host:
            many = element.tag == "textarea" or host
            found.add("multi line" if many else "single line")
        if (
            field or host or role in _WITH_KEYS or element.get("tabindex").lstrip("-").isdigit()
        ) and not disabled:
            found.add("focusable")
        if element is self.keys:
            found.add("focused")
        if role in ("check box", "radio button"):
            found.add("selectable text")
            found |= {"checked"} if "checked" in element.attributes else set()
        if element.get("aria-current") not in ("", "false"):
            found.add("active")
        if element.get("aria-selected") == "true":
            found.add("selected")
        return frozenset(found)

    def _marker(self, element: Element, above: Sequence[Element]) -> Iterator[UiNode]:
        """The bullet or number of a list item."""
        style = self.flow.styles[element]
        if element.tag != "li" or style.display != "list-item" or style.marker == "none":
            return
        holder = above[-1] if above and above[-1].tag in ("ul", "ol", "menu") else None
        if holder is None:
            return
        deep = sum(one.tag in ("ul", "ol", "menu") for one in above)
        marker = "square" if style.marker == "circle" and deep > 2 else style.marker
        yield UiNode("static", _MARKERS.get(marker) or f"{_count(element, holder)}. ", states=SHOWN)


def _attributes(element: Element, role: str) -> dict[str, str]:
    if role not in _TOLD:
        return {}
    found = {key: element.get(key) for key in ("class", "id") if element.get(key)}
    found["tag"] = element.tag
    given = element.get("role").split(" ")[0]
    if given:
        found["xml-roles"] = given
    elif role == "landmark":
        found["xml-roles"] = _LANDMARKS[element.tag]
    if element.tag == "input" and role in ("entry", "spin button"):
        found["text-input-type"] = element.get("type") or "text"
    if role == "spin button":
        found["valuetext"] = element.get("value")
    if live := element.get("aria-live"):
        found["live"] = live
    return found


def _count(item: Element, holder: Element) -> str:
    """The number of an item of a numbered list; a letter where the list says so."""
    first = int(holder.get("start")) if holder.get("start").isdigit() else 1
    place = first + [one for one in holder.elements if one.tag == "li"].index(item)
    return chr(ord(holder.get("type")) + place - 1) if holder.get("type") in ("a", "A") else str(place)


def _framed(frame: Element) -> UiNode:
    """The document inside a frame that carries it with it."""
    inner = parse(frame.get("srcdoc"))
    title = inner.find("title")
    return UiNode(
        "document web",
        " ".join(title.text.split()) if title else "",
        states=SHOWN | {"focusable"},
        attributes={"url": "about:srcdoc" if "srcdoc" in frame.attributes else frame.get("src")},
        children=children_of(frame.get("srcdoc")),
    )


def _date_parts(field: Element, name: str) -> Iterator[UiNode]:
    """What a field for a date or a time consists of, in the order of an English (US) interface."""
    value, kind = field.get("value"), field.get("type")
    date = re.match(r"(\d{4})-(\d\d)-(\d\d)", value)
    time = re.search(r"(\d\d):(\d\d)", value)
    parts: list[tuple[str, str]] = []
    if kind.startswith("date"):
        year, month, day = date.groups() if date else ("", "", "")
        parts += [("Month", month), ("", "/"), ("Day", day), ("", "/"), ("Year", year)]
    if kind != "date":
        hours, minutes = time.groups() if time else ("", "")
        shown = f"{(int(hours) + 11) % 12 + 1:02d}" if hours else ""
        half = ("PM" if int(hours) >= 12 else "AM") if hours else ""
        parts += [("", ", ")] if kind == "datetime-local" else []
        parts += [("Hours", shown), ("", ":"), ("Minutes", minutes), ("", "\u202f"), ("AM/PM", half)]
    spun = {"tag": "span", "xml-roles": "spinbutton"}
    shown_parts = tuple(
        UiNode("spin button", f"{what} {name}", text, SHOWN | {"focusable"}, attributes=spun)
        if what
        else UiNode("static", text, states=SHOWN)
        for what, text in parts
    )
    inner = UiNode("section", states=SHOWN, attributes={"tag": "div"}, children=shown_parts)
    edit = {"id": "date-time-edit", "tag": "div"}
    yield UiNode("section", states=SHOWN, attributes=edit, children=(inner,))
    picker = "time" if kind == "time" else "date"
    yield UiNode("push button", f"Show {picker} picker {name}", states=SHOWN | {"focusable"})
