"""A window's tree as Windows' UI Automation tells it, turned into ours. Pure; UNTESTED on Windows.

The input is plain data as `uia_reading` asks for it, one object a node, keys as UI Automation names its
properties (learn.microsoft.com, "UI Automation Property Identifiers"). Roles come out as AT-SPI's, so that
`segment` splits the text of both by the same rules. A password field has no value here, whatever is told.
"""

from collections.abc import Mapping

from gum.types import Region
from gum.ui import UiNode
from observers.backends.walk import Json
from observers.labels import is_secret

# "Control Type Identifiers"; what is not listed is a "panel".
_ROLES: Mapping[int, str] = {
    50000: "push button",
    50002: "check box",
    50003: "combo box",
    50004: "entry",
    50005: "link",
    50006: "image",
    50007: "list item",
    50008: "list",
    50009: "menu",
    50010: "menu bar",
    50011: "menu item",
    50012: "progress bar",
    50013: "radio button",
    50014: "scroll bar",
    50015: "slider",
    50016: "spin button",
    50017: "status bar",
    50018: "page tab list",
    50019: "page tab",
    50020: "static",
    50021: "tool bar",
    50022: "tool tip",
    50023: "tree",
    50024: "tree item",
    50026: "section",
    50027: "scroll bar",  # the thumb of one
    50028: "table",
    50029: "table row",
    50030: "document frame",
    50031: "push button menu",
    50032: "frame",
    50035: "column header",
    50036: "table",
    50037: "tool bar",  # the title bar: its title is the window's
    50038: "separator",
    50040: "tool bar",
}
_EDIT, _DOCUMENT, _COMBO = 50004, 50030, 50003
_FIELDS = (_EDIT, _COMBO)
VALUED = (_EDIT, _DOCUMENT, _COMBO)  # what has a value that is told here: a text, or a page's address
_EDITABLE = frozenset({"editable"})
# What a page says of itself goes before the control type (AriaRole).
_ARIA: Mapping[str, str] = {
    "article": "article",
    "alert": "alert",
    "cell": "table cell",
    "columnheader": "column header",
    "comment": "comment",
    "definition": "description value",
    "feed": "feed",
    "form": "form",
    "gridcell": "table cell",
    "heading": "heading",
    "log": "log",
    "navigation": "navigation",
    "note": "comment",
    "paragraph": "paragraph",
    "row": "table row",
    "rowheader": "row header",
    "status": "status bar",
    "term": "description term",
    "tooltip": "tool tip",
}
_WEB = frozenset({"chrome", "gecko", "webview", "edge"})  # FrameworkId of those who show pages


def node(told: Json, page: bool = False) -> UiNode:
    """The tree below one node; what is off the screen is left out. `page`: it stands in a page's document."""
    kind = told.get("ControlType")
    number = kind if isinstance(kind, int) else 0
    web = number == _DOCUMENT and _text(told, "FrameworkId").lower() in _WEB
    role = "document web" if web else _ROLES.get(number, "panel")
    aria = _text(told, "AriaRole").lower()
    if page and not web:
        role = _ARIA.get(aria, role)
    secret = holds_secret(told)
    writable = number in VALUED and not web and told.get("ValueIsReadOnly") is False
    states = _states(told, editable=writable and not secret, many=number == _DOCUMENT)
    attributes = {
        name: value
        for name, value in (
            ("class", _text(told, "ClassName") if page else ""),
            ("id", _text(told, "AutomationId")),
            ("xml-roles", aria),
            ("url", _text(told, "Value") if web else ""),
        )
        if value
    }
    children = told.get("Children")
    parts = [] if secret or not isinstance(children, list) else children
    return UiNode(
        role="password text" if secret else role,
        name=_text(told, "Name"),
        text=_text(told, "Value") if writable and not secret else "",
        states=states,
        region=_region(told.get("BoundingRectangle")),
        attributes=attributes,
        children=tuple(
            node(part, page or web)
            for part in parts
            if isinstance(part, Mapping) and part.get("IsOffscreen") is not True
        ),
    )


def holds_secret(told: Json) -> bool:
    """Whether the value must never be asked for: a password, a field labelled as one, or nobody says."""
    labelled = told.get("ControlType") in _FIELDS and is_secret("entry", _text(told, "Name"), _EDITABLE)
    return told.get("IsPassword") is not False or labelled


def _states(told: Json, *, editable: bool, many: bool) -> frozenset[str]:
    lines = "multiline=true" in _text(told, "AriaProperties") or many
    found = {
        "showing": True,
        "focused": told.get("HasKeyboardFocus") is True,
        "focusable": told.get("IsKeyboardFocusable") is True,
        "editable": editable,
        "multi line": editable and lines,
        "single line": editable and not lines,
    }
    return frozenset(name for name, holds in found.items() if holds)


def _text(told: Json, key: str) -> str:
    value = told.get(key)
    return value if isinstance(value, str) else ""


def _region(value: object) -> Region | None:
    """A rectangle is left, top, right, bottom in screen pixels."""
    sides = (
        [round(side) for side in value if isinstance(side, int | float)] if isinstance(value, list) else []
    )
    if len(sides) != 4 or sides[2] <= sides[0] or sides[3] <= sides[1]:
        return None
    return Region(sides[0], sides[1], sides[2] - sides[0], sides[3] - sides[1])
