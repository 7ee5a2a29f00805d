"""The accessible tree of a Chromium window that shows a page, made from html. Pure.

It has the shape that `observers.atspi` reads from the real one (Chromium 156, interface in English).
"""

from app.desks import axpage
from app.desks.axpage import SHOWN, View
from app.desks.pages import Shown
from gum.ui import UiNode

FOCUSABLE = SHOWN | {"focusable"}
WINDOW = (945, 1060)  # what Chromium opens on a screen of 1920x1080
_EDGES = (8, 91)  # of the window, that the page does not have


def tree(
    shown: Shown,
    focused: str | None = None,
    *,
    private: bool = False,
    scrolled: int = 0,
    window: tuple[int, int] = WINDOW,
) -> UiNode:
    """The whole window: frame, tool bars, the page.

    `focused` is the form name (`kinds.PageKind.forms`) that has the keys; None: what the page itself focuses.
    The frame's name is "Title - Chromium", with " (Incognito)" for a `private` window. Only what would be on
    the screen in a `window` of that size, when the page is scrolled down by `scrolled` pixels, is in the
    tree, as with the real one (by an estimate of the layout that is some pixels off). Regions are None.
    """
    across, down = view_size(window)
    page = UiNode(
        "document web",
        shown.title,
        states=FOCUSABLE if axpage.has_focus(shown.html, focused) else FOCUSABLE | {"focused"},
        attributes={"url": shown.url},
        children=axpage.children_of(shown.html, focused, View(across, down, scrolled)),
    )
    view = _panel(
        "BrowserView",
        _panel("TopContainerView", _tool_bar(shown.url, private)),
        _panel(
            "MultiContentsView",
            _panel("ContentsContainerView", _panel("View"), page),
            _panel("ContentsSeparator"),
        ),
        _tabs(shown.title),
        _panel("View"),
    )
    buttons = (_button("Minimize"), _button("Maximize"), _button("Close"))
    inside = _panel("NonClientView", _panel("BrowserFrameViewLinux", *buttons, view))
    name = f"{shown.title} - Chromium{' (Incognito)' if private else ''}"
    return UiNode("frame", name, states=SHOWN | {"active"}, children=(inside,))


def view_size(window: tuple[int, int] = WINDOW) -> tuple[int, int]:
    """Width and height of the page's part of a window, in pixels. Page Down scrolls by 7/8 of the height."""
    return window[0] - _EDGES[0], window[1] - _EDGES[1]


def height(shown: Shown, window: tuple[int, int] = WINDOW) -> int:
    """About how high a page is in a window of that size, in pixels: how far one could scroll and read."""
    return axpage.page_height(shown.html, view_size(window)[0])


def _panel(kind: str, *children: UiNode) -> UiNode:
    return UiNode("panel", states=SHOWN, attributes={"class": kind}, children=children)


def _button(name: str, states: frozenset[str] = FOCUSABLE) -> UiNode:
    return UiNode("push button", name, states=states)


def _tool_bar(url: str, private: bool) -> UiNode:
    secure = {"http": "Not secure", "file": "File"}.get(url.partition(":")[0], "View site information")
    entry = UiNode(
        "entry",
        "Address and search bar",
        text=elided(url),
        states=FOCUSABLE | {"editable", "single line"},
        attributes={"class": "OmniboxViewViews", "id": "view_1012"},
    )
    actions = _panel("PageActionContainerView", _button("Bookmark this tab"))
    return UiNode(
        "tool bar",
        states=SHOWN,
        children=(
            _button("Back", SHOWN),
            _button("Forward", SHOWN),
            _button("Reload"),
            _panel("LocationBarView", _button(secure), entry, actions),
            _button("Incognito" if private else "You"),
            _button("Chromium"),
        ),
    )


def elided(url: str) -> str:
    """An address as the address bar shows it: without "http://", "www." and a last, lonely "/"."""
    scheme, mark, rest = url.partition("://")
    if scheme not in ("http", "https") or not mark:
        return url
    host, slash, path = rest.partition("/")
    return host.removeprefix("www.") + (f"{slash}{path}" if path else "")


def _tabs(title: str) -> UiNode:
    tab = UiNode("page tab", title, states=FOCUSABLE | {"selected"}, children=(_button("Close"),))
    strip = UiNode(
        "panel",
        states=SHOWN,
        attributes={"class": "TabStrip", "id": "view_21"},
        children=(
            UiNode("page tab list", states=SHOWN, children=(tab,)),
            _panel("TabStrip::TabDragContextImpl"),
        ),
    )
    return _panel(
        "HorizontalTabStripRegionViewOld",
        _panel("TabStripComboButton", _button("Tab search")),
        strip,
        _button("New Tab"),
        _panel("FrameGrabHandle"),
    )
