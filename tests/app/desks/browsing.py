"""A real Chromium on a private desktop, and the trees it exposes. Also records them: see `main`."""

import contextlib
import difflib
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from app.desks.pages import Shown, State
from app.desks.server import SiteServer
from app.desks.types import Desk
from app.desktop import VirtualDesktop, chromium_argv
from gum.types import WindowInfo
from gum.ui import Snapshot, UiNode
from observers.atspi import Walk, probe
from observers.bus import AccessibilityBus, Calls
from observers.window import X11Windows
from tests.app.desks import sample_site

SCREEN = (1280, 1600)
WINDOW = ("--window-size=1200,1560", "--window-position=10,10")  # high: nothing is below the fold


class Browser:
    """Chromium with the pages of a desk."""

    def __init__(self, desktop: VirtualDesktop, bus: AccessibilityBus, windows: X11Windows) -> None:
        self.desktop, self._bus, self._windows = desktop, bus, windows

    def go(self, url: str) -> None:
        """Types an address into the address bar."""
        self.desktop.key("ctrl+l")
        self.desktop.type_text(url, delay_ms=2)
        self.desktop.key("Delete", "Return")  # what the address bar adds of its own goes

    def snapshot(self) -> Snapshot | None:
        """The front window and its whole tree; None while there is none."""
        window = self._windows.active()
        frame = self._bus.ask(lambda calls: probe(calls, window)).frame if window else None
        if window is None or frame is None:
            return None

        async def walk(calls: Calls) -> UiNode | None:
            return await Walk(calls, nodes=20_000, seconds=20).read(frame)

        return Snapshot(window, self._bus.ask(walk))

    def visit(self, shown: Shown) -> Snapshot:
        """Goes to a page and waits for it; types the address again where a key was lost."""
        for seconds in (15.0, 15.0):
            self.go(shown.url)
            with contextlib.suppress(AssertionError):
                return self.loaded(shown, seconds)
        self.go(shown.url)
        return self.loaded(shown)

    def loaded(self, shown: Shown, seconds: float = 40.0) -> Snapshot:
        """The window when it shows that page and its tree has been the same twice."""
        last: Snapshot | None = None
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            taken = self.snapshot()
            page = document(taken.tree) if taken and taken.tree else None
            if taken and page and page.attributes.get("url") == shown.url and page.children:
                if last is not None and last.tree == taken.tree:
                    return taken
                last = taken
            time.sleep(0.2)
        there = last or self.snapshot()
        raise AssertionError(f"{shown.url} did not come up; there is {there and there.window.title}")


@contextmanager
def browser(desk: Desk, state: State, url: str, options: Sequence[str] = WINDOW) -> Iterator[Browser]:
    """Chromium that shows a page of the desk and can go to all others."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        desktop = stack.enter_context(VirtualDesktop(size=SCREEN, tray=False))
        site = stack.enter_context(SiteServer(desk, state))
        bus = AccessibilityBus(desktop.env["DBUS_SESSION_BUS_ADDRESS"])
        stack.callback(bus.close)
        windows = X11Windows(desktop.display)
        stack.callback(windows.close)
        desktop.launch(chromium_argv(url, Path(folder) / "profile", site.rules, *options))
        yield Browser(desktop, bus, windows)


def document(tree: UiNode) -> UiNode | None:
    """The outermost document of a window."""
    return next((node for node in tree.walk() if node.role == "document web"), None)


def outline(node: UiNode, depth: int = 0) -> list[str]:
    """A tree as lines: everything of each object but where it is on the screen."""
    states = " ".join(sorted(node.states - {"showing", "visible"}))
    marks = " ".join(f"{key}={value}" for key, value in sorted(node.attributes.items()) if key != "url")
    line = f"{'  ' * depth}{node.role} {node.name!r} {node.text!r} [{states}] {marks}".rstrip()
    return [line, *(below for child in node.children for below in outline(child, depth + 1))]


def difference(real: UiNode, ours: UiNode) -> str:
    """What is only in one of two trees; "" when they are the same."""
    return "\n".join(difflib.unified_diff(outline(real), outline(ours), "real", "ours", lineterm="", n=1))


def size(window: WindowInfo) -> tuple[int, int]:
    """Width and height of a window."""
    assert window.region is not None
    return window.region.width, window.region.height


def main() -> None:
    """Records the trees of the pages in `pieces` anew: `python -m tests.app.desks.browsing`."""
    from app.desks.pages import show

    for path in sorted(sample_site.PIECES.glob("*.html")):
        desk, state = sample_site.desk(asset=path.name), State()
        shown = show(desk, "own", state)
        with browser(desk, state, shown.url) as opened:
            tree = opened.loaded(shown).tree
            page = document(tree) if tree else None
            assert page is not None
            lines = outline(page)
            path.with_suffix(".txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
            print(path.name, len(lines))


if __name__ == "__main__":
    main()
