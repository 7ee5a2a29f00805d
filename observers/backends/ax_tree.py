"""A window's tree as macOS' accessibility tells it, turned into ours. Pure; UNTESTED with a running macOS.

The input is plain data as `ax_reading` asks for it, one object a node, keys as the attributes are named
(developer.apple.com, "Accessibility for macOS": AXRole, AXSubrole, AXTitle, AXValue, ...). Roles come out as
AT-SPI's, so that `segment` splits the text by the same rules. A secure field has no value here, whatever is
told.
"""

from collections.abc import Mapping, Sequence

from gum.types import Region
from gum.ui import UiNode
from observers.backends.walk import Json
from observers.labels import is_secret

# What is not listed is a "panel".
_ROLES: Mapping[str, str] = {
    "AXApplication": "application",
    "AXBusyIndicator": "progress bar",
    "AXButton": "push button",
    "AXCell": "table cell",
    "AXCheckBox": "check box",
    "AXComboBox": "entry",  # a field with a list; AXPopUpButton is the list alone
    "AXDateField": "date editor",
    "AXDisclosureTriangle": "push button",
    "AXGroup": "section",
    "AXHeading": "heading",
    "AXHelpTag": "tool tip",
    "AXImage": "image",
    "AXIncrementor": "spin button",
    "AXLink": "link",
    "AXList": "list",
    "AXMenu": "menu",
    "AXMenuBar": "menu bar",
    "AXMenuButton": "push button menu",
    "AXMenuItem": "menu item",
    "AXPopUpButton": "combo box",
    "AXProgressIndicator": "progress bar",
    "AXRadioButton": "radio button",
    "AXRow": "table row",
    "AXScrollBar": "scroll bar",
    "AXSheet": "dialog",
    "AXSlider": "slider",
    "AXSplitter": "separator",
    "AXStaticText": "static",
    "AXTabGroup": "page tab list",
    "AXTable": "table",
    "AXTextArea": "entry",
    "AXTextField": "entry",
    "AXToolbar": "tool bar",
    "AXWebArea": "document web",
    "AXWindow": "frame",
}
_SUBROLES: Mapping[str, str] = {
    "AXApplicationAlert": "alert",
    "AXApplicationAlertDialog": "alert",
    "AXApplicationLog": "log",
    "AXApplicationStatus": "status bar",
    "AXContentList": "list",
    "AXDefinition": "description value",
    "AXDialog": "dialog",
    "AXDocumentArticle": "article",
    "AXDocumentNote": "comment",
    "AXLandmarkForm": "form",
    "AXLandmarkNavigation": "navigation",
    "AXTabButton": "page tab",
    "AXTerm": "description term",
    "AXUserInterfaceTooltip": "tool tip",
}
_FIELDS = frozenset({"AXTextField", "AXTextArea", "AXComboBox"})
VALUED = _FIELDS | {"AXStaticText"}  # what has a value that is told here
SECRET = "AXSecureTextField"
_EDITABLE = frozenset({"editable"})


def holds_secret(role: str, subrole: str, label: str) -> bool:
    """Whether the value of an element must never be asked for: a secure field, or one labelled as one."""
    return SECRET in (role, subrole) or (role in _FIELDS and is_secret("entry", label, _EDITABLE))


def label_of(told: Json) -> str:
    """What an element is called."""
    return _text(told, "AXTitle") or _text(told, "AXDescription")


def node(told: Json) -> UiNode:
    """The tree below one node; what is hidden is left out."""
    kind, subrole = _text(told, "AXRole"), _text(told, "AXSubrole")
    label = label_of(told)
    secret = holds_secret(kind, subrole, label)
    role = _SUBROLES.get(subrole, _ROLES.get(kind, "panel"))
    editable = kind in _FIELDS and not secret and told.get("AXValueSettable") is True
    if kind == "AXStaticText":
        label = _text(told, "AXValue") or label
    classes = told.get("AXDOMClassList")
    attributes = {
        name: value
        for name, value in (
            ("class", " ".join(str(one) for one in classes) if isinstance(classes, list) else ""),
            ("id", _text(told, "AXDOMIdentifier")),
            ("placeholder-text", _text(told, "AXPlaceholderValue")),
            ("url", _text(told, "AXURL") if kind == "AXWebArea" else ""),
        )
        if value
    }
    many = kind == "AXTextArea"
    found = {
        "showing": True,
        "focused": told.get("AXFocused") is True,
        "editable": editable,
        "multi line": editable and many,
        "single line": editable and not many,
    }
    children = told.get("AXChildren")
    parts = [] if secret or not isinstance(children, list) else children
    return UiNode(
        role="password text" if secret else role,
        name=label,
        text=_text(told, "AXValue") if editable else "",
        states=frozenset(name for name, holds in found.items() if holds),
        region=place(told.get("AXFrame")),
        attributes=attributes,
        children=tuple(
            node(part)
            for part in parts
            # A field's own words come again as static text below it.
            if isinstance(part, Mapping) and part.get("AXHidden") is not True and not editable
        ),
    )


def _text(told: Json, key: str) -> str:
    value = told.get(key)
    return value if isinstance(value, str) else ""


def place(value: object, sides: Sequence[str] = ("x", "y", "w", "h")) -> Region | None:
    """A frame is left, top, width, height by these keys, in points of the screen, origin at the top left."""
    get = getattr(value, "get", None)  # a mapping, of pyobjc's too
    told = [get(side) for side in sides] if get is not None else []
    numbers = [round(side) for side in told if isinstance(side, int | float)]
    return Region(*numbers) if len(numbers) == 4 and numbers[2] > 0 and numbers[3] > 0 else None
