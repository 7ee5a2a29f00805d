"""Which role an element of a page has, if it is an accessible object at all. Pure.

Written after what Chromium 156 exposed over AT-SPI for some hundred small pieces of html; the mapping it
follows is w3.org/TR/html-aam-1.0 and w3.org/TR/core-aam-1.2.
"""

from collections.abc import Sequence

from app.desks.axnames import aria_label, labelled, nearest
from app.desks.dom import Element
from app.desks.flow import Flow

_ROLES = {  # of tags
    **dict.fromkeys(["h1", "h2", "h3", "h4", "h5", "h6"], "heading"),
    **dict.fromkeys(["strong", "em", "code", "mark", "time", "abbr"], "static"),
    **dict.fromkeys(["ul", "ol", "menu"], "list"),
    **dict.fromkeys(["figure", "address", "details", "fieldset", "hgroup"], "panel"),
    **dict.fromkeys(["figcaption", "caption"], "caption"),
    **dict.fromkeys(["pre", "section", "center", "ruby"], "section"),
    **dict.fromkeys(["main", "nav", "search"], "landmark"),
    **dict.fromkeys(["label", "legend"], "label"),
    **dict.fromkeys(["del", "s"], "content deletion"),
    **dict.fromkeys(["dt", "dfn"], "description term"),
    **dict.fromkeys(["img", "svg"], "image"),
    "p": "paragraph",
    "li": "list item",
    "dl": "description list",
    "dd": "description value",
    "blockquote": "block quote",
    "article": "article",
    "form": "form",
    "summary": "toggle button",
    "hr": "separator",
    "sub": "subscript",
    "sup": "superscript",
    "ins": "content insertion",
    "iframe": "internal frame",
    "video": "video",
    "output": "statusbar",
    "progress": "progress bar",
    "meter": "level bar",
    "select": "combo box",
    "button": "push button",
    "textarea": "entry",
}
_GIVEN = {  # of role attributes
    **dict.fromkeys(["banner", "main", "form", "navigation"], "landmark"),
    **dict.fromkeys(["complementary", "contentinfo", "region", "search"], "landmark"),
    **dict.fromkeys(["group", "feed"], "panel"),
    **dict.fromkeys(["table", "grid"], "table"),
    **dict.fromkeys(["cell", "gridcell"], "table cell"),
    **dict.fromkeys(["none", "presentation", "generic"], ""),
    "alert": "notification",
    "status": "statusbar",
    "dialog": "dialog",
    "alertdialog": "alert",
    "log": "log",
    "list": "list",
    "listitem": "list item",
    "note": "comment",
    "toolbar": "tool bar",
    "article": "article",
    "separator": "separator",
    "tooltip": "tool tip",
    "progressbar": "progress bar",
    "row": "table row",
    "columnheader": "column header",
    "rowheader": "row header",
    "button": "push button",
    "link": "link",
    "heading": "heading",
    "img": "image",
    "textbox": "entry",
    "searchbox": "entry",
    "tab": "page tab",
    "tablist": "page tab list",
    "tabpanel": "scroll pane",
    "checkbox": "check box",
    "menu": "menu",
    "menuitem": "menu item",
}
_INPUTS = {
    "password": "password text",
    "number": "spin button",
    "checkbox": "check box",
    "radio": "radio button",
    "submit": "push button",
    "button": "push button",
    "reset": "push button",
    "image": "push button",
    "file": "push button",
    "range": "slider",
    "date": "date editor",
    "time": "date editor",
    "datetime-local": "date editor",
    "color": "push button",
}
_SECTIONING = frozenset({"article", "aside", "main", "nav", "section"})


def role_of(flow: Flow, element: Element, above: Sequence[Element]) -> str:
    """The role of an element; "" when it is left out of the tree, "hidden" when all below it is too."""
    given = element.get("role").split(" ")[0]
    if element.tag == "input":
        return _input(flow, element)
    if given in _GIVEN and element.tag not in ("tr", "td", "th"):
        return _GIVEN[given] or _plain(flow, element)
    if element.tag == "li" and above and above[-1].get("role") in ("none", "presentation"):
        return ""
    if element.tag == "p" and not _has_lines(flow, element):
        return _plain(flow, element) if "id" in element.attributes else ""
    if element.tag in ("table", "tr", "td", "th", "thead", "tbody", "tfoot"):
        return _in_table(flow, element, above)
    if element.tag == "a":
        return "link" if "href" in element.attributes else _plain(flow, element)
    if element.tag == "label" and toggles(labelled(flow, element)):
        return ""
    if element.tag == "img" and element.attributes.get("alt") == "":
        return "hidden"
    if element.tag in ("header", "footer"):
        inner = any(one.tag in _SECTIONING for one in above)
        return element.tag if inner else "landmark"
    if element.tag == "aside":
        inner = any(one.tag in _SECTIONING - {"main"} for one in above)
        return "section" if inner and not aria_label(flow, element) else "landmark"
    if element.tag in ("section", "form") and aria_label(flow, element):
        return "landmark"
    return _ROLES.get(element.tag) or _plain(flow, element)


def _has_lines(flow: Flow, element: Element) -> bool:
    blocks = [one for one in element.elements if flow.drawn(one) and flow.block(one)]
    return bool(element.children) and not blocks and not flow.lined_up(element)


def _plain(flow: Flow, element: Element) -> str:
    """A box without meaning is told of when it holds lines or has a mark of its own."""
    if element.tag in ("html", "body", "#document"):
        return ""
    marks = ("id", "aria-label", "aria-live", "tabindex", "contenteditable")
    if any(mark in element.attributes for mark in marks):
        return "section"
    if element.tag == "span":
        return "section" if flow.styles[element].display == "inline-block" else ""
    return "section" if not flow.inline(element) and flow.inline_inside(element) else ""


def _input(flow: Flow, element: Element) -> str:
    kind = element.get("type").lower()
    return "hidden" if kind == "hidden" else _INPUTS.get(kind, "entry")


def _in_table(flow: Flow, element: Element, above: Sequence[Element]) -> str:
    table = element if element.tag == "table" else nearest(above, "table")
    if table is None or element.tag in ("thead", "tbody", "tfoot"):
        return ""
    if table.get("role") and table.get("role") not in ("table", "grid"):
        return _plain(flow, element) if element.tag in ("td", "th") else ""
    if not _holds_data(table):
        return "section"
    if element.tag == "th":
        row = nearest(above, "tr")
        mixed = row is not None and any(one.tag == "td" for one in row.elements)
        across = element.get("scope") == "row" or (mixed and element.get("scope") != "col")
        return "row header" if across else "column header"
    return {"table": "table", "tr": "table row", "td": "table cell"}[element.tag]


def toggles(field: Element | None) -> bool:
    """Whether the field of a label is a box to tick."""
    return field is not None and field.get("type") in ("checkbox", "radio")


def _holds_data(table: Element) -> bool:
    """Whether a table is one of data and not of layout, as Chromium guesses it."""
    if table.get("role") in ("table", "grid") or "border" in table.attributes:
        return True
    own = [one for one in table.walk() if one.tag in ("th", "thead", "tfoot", "caption", "tr")]
    return any(one.tag != "tr" for one in own) or sum(one.tag == "tr" for one in own) >= 20
