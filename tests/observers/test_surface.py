"""Reading and filling real fields."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from Xlib import X, display

from app.desktop import VirtualDesktop, chromium_argv
from gum.errors import ActionFailed, CaptureUnavailable
from gum.types import Effect, Rule, RuleId
from gum.ui import Snapshot, UiNode
from observers.bus import AccessibilityBus
from observers.surface import Desktop
from observers.window import X11Windows
from tests.observers.recorder import wait_for
from tests.trees import FIXTURES

pytestmark = pytest.mark.desktop


@pytest.fixture
def bus(desktop: VirtualDesktop) -> Iterator[AccessibilityBus]:
    bus = AccessibilityBus(desktop.env["DBUS_SESSION_BUS_ADDRESS"])
    yield bus
    bus.close()


@pytest.fixture
def surface(desktop: VirtualDesktop, bus: AccessibilityBus) -> Iterator[Desktop]:
    surface = Desktop(bus, lambda: (), desktop.display)
    yield surface
    surface.close()


def field(surface: Desktop, role: str, name: str = "") -> UiNode:
    """The editable node of this role and label in the front window."""
    found: list[UiNode] = []

    def look() -> bool:
        taken = surface.snapshot()
        nodes = taken.tree.walk() if taken is not None and taken.tree is not None else []
        found[:] = [n for n in nodes if n.role == role and n.name == name and "editable" in n.states]
        return bool(found)

    assert wait_for(look)
    return found[0]


def open_page(desktop: VirtualDesktop, profile: Path, page: str) -> None:
    desktop.launch(chromium_argv((FIXTURES / "pages" / page).as_uri(), profile))


def test_text_set_in_a_browser_field_is_there_and_can_be_taken_back(
    desktop: VirtualDesktop, surface: Desktop, tmp_path: Path
) -> None:
    open_page(desktop, tmp_path / "profile", "compose.html")
    body = field(surface, "entry", "Message")
    surface.set_text(body.ref, "Olá Maria,\nthe “slides” cost 5 € – see #3.")
    assert field(surface, "entry", "Message").text == "Olá Maria,\nthe “slides” cost 5 € – see #3."
    surface.set_text(body.ref, body.text)
    assert field(surface, "entry", "Message").text == body.text
    surface.set_text(field(surface, "entry", "Subject").ref, "")
    assert field(surface, "entry", "Subject").text == ""


def test_text_set_in_an_editor_is_there(desktop: VirtualDesktop, surface: Desktop, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("old", encoding="utf-8")
    desktop.launch(["mousepad", str(note)])
    desktop.wait_window("*note.txt*")
    surface.set_text(field(surface, "text").ref, "new\nlines – ü")
    assert field(surface, "text").text.rstrip("\n") == "new\nlines – ü"


def test_a_password_field_is_neither_read_nor_filled(
    desktop: VirtualDesktop, surface: Desktop, tmp_path: Path
) -> None:
    open_page(desktop, tmp_path / "profile", "compose.html")
    secret = field(surface, "password text", "Mailbox password")
    assert secret.text == ""
    with pytest.raises(ActionFailed, match="password"):
        surface.set_text(secret.ref, "x")


def test_several_lines_are_refused_for_a_field_of_one(
    desktop: VirtualDesktop, surface: Desktop, tmp_path: Path
) -> None:
    open_page(desktop, tmp_path / "profile", "compose.html")
    with pytest.raises(ActionFailed, match="one line"):
        surface.set_text(field(surface, "entry", "To").ref, "a\nb")


@pytest.mark.parametrize("ref", ["", "nonsense", ":1.9999/org/a11y/atspi/accessible/1"])
def test_a_field_that_is_not_there_is_a_clear_message(surface: Desktop, ref: str) -> None:
    with pytest.raises(ActionFailed) as error:
        surface.set_text(ref, "x")
    assert error.value.hint


def test_a_refused_window_shows_neither_its_tree_nor_its_name(
    desktop: VirtualDesktop, bus: AccessibilityBus, tmp_path: Path
) -> None:
    rule = Rule(RuleId("mine"), "Not that", Effect.DROP, url="*compose.html")
    surface = Desktop(bus, lambda: (rule,), desktop.display)
    open_page(desktop, tmp_path / "profile", "compose.html")
    desktop.wait_window("New message*")
    taken: list[Snapshot | None] = []
    assert not wait_for(lambda: taken.append(surface.snapshot()) or _tells(taken[-1]), seconds=4)
    assert taken and not any("New message" in title for title in surface.windows())
    surface.close()


def _tells(taken: Snapshot | None) -> bool:
    return taken is not None and (taken.tree is not None or taken.window.title != "")


def test_whether_the_screen_saver_is_on_is_told(surface: Desktop, desktop: VirtualDesktop) -> None:
    screen = display.Display(desktop.display)
    try:
        assert not surface.screen_locked()
        screen.force_screen_saver(X.ScreenSaverActive)
        screen.sync()
        assert wait_for(surface.screen_locked)
    finally:
        screen.force_screen_saver(X.ScreenSaverReset)
        screen.sync()
        screen.close()
    assert wait_for(lambda: not surface.screen_locked())


def test_a_connection_that_breaks_is_closed(
    surface: Desktop, desktop: VirtualDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: X11Windows) -> float:
        raise CaptureUnavailable("It broke", "")

    monkeypatch.setattr(X11Windows, "idle_s", broken)
    open_files: list[int] = []
    for _ in range(5):
        with pytest.raises(CaptureUnavailable):
            surface.idle_s()
        open_files.append(len(list(Path("/proc/self/fd").iterdir())))
    assert len(set(open_files)) == 1
