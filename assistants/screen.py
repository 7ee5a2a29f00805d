"""Finding things in what the screen shows. Pure; what is found there is data, never instruction."""

from urllib.parse import unquote, urlsplit

from gum.errors import ActionFailed
from gum.ui import Snapshot, UiNode

_DOCUMENTS = ("document web", "document frame")


def addresses(seen: Snapshot) -> list[str]:
    """Addresses of the documents shown in the active window."""
    found = [seen.window.url] if seen.window.url else []
    for node in seen.tree.walk() if seen.tree is not None else ():
        if node.role in _DOCUMENTS:
            found += [v for k, v in node.attributes.items() if k in ("DocURL", "URI", "url") and v]
    return found


def shows_page(seen: Snapshot, address: str) -> str | None:
    """How the page is shown: "exactly", "forwarded" (same site, another page), or None."""
    shown = [urlsplit(a) for a in addresses(seen) if a.startswith(("http://", "https://"))]
    wanted = urlsplit(address)
    # A bare site gains a "/", http may become https, a fragment is not always told.
    if any(
        s.netloc == wanted.netloc
        and unquote(s.path or "/") == unquote(wanted.path or "/")
        and unquote(s.query) == unquote(wanted.query)
        for s in shown
    ):
        return "exactly"
    return "forwarded" if any(_site(s.hostname) == _site(wanted.hostname) for s in shown) else None


def shows_text(seen: Snapshot, text: str) -> bool | None:
    """Whether a node of the active window holds `text`; None when the program shows no tree."""
    if seen.tree is None:
        return None
    return any(text in node.text or text in node.name for node in seen.tree.walk())


def names_file(title: str, name: str) -> bool:
    """Whether a window title names the file."""
    return name.casefold() in title.casefold()


def field(seen: Snapshot, window: str, role: str, name: str) -> UiNode:
    """The one editable field of that role and name in the active window, titled `window`.

    Raises ActionFailed when another window is in front, or there is no such field, or more than one.
    """
    if seen.window.title != window:
        raise ActionFailed("Another window is in front", f"Bring “{window}” to the front and try again.")
    nodes = list(seen.tree.walk()) if seen.tree is not None else []
    named = f"text field “{name}”" if name else "text field without a name"
    hits = [n for n in nodes if n.role == role and n.name == name and "editable" in n.states]
    if not hits:
        raise ActionFailed(f"There is no {named} in that window", "It may have changed since.")
    if len(hits) > 1:
        raise ActionFailed(f"There is more than one {named} in that window", "Nothing was guessed.")
    return hits[0]


def _site(host: str | None) -> str:
    """The host without its "www.": forwarding to that is common."""
    return (host or "").removeprefix("www.")
