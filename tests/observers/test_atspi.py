"""The accessibility bus and the trees behind it, with a real program."""

import os
import signal
from pathlib import Path

import pytest

from app.desktop import VirtualDesktop, chromium_argv
from gum.errors import AccessibilityUnavailable
from gum.types import WindowInfo
from observers.atspi import Walk, parse_ref, probe, ref_text, still
from observers.bus import AccessibilityBus, Calls
from observers.window import X11Windows
from tests.observers.recorder import wait_for
from tests.trees import FIXTURES

pytestmark = pytest.mark.desktop


def test_a_probe_reads_no_content_and_a_walk_keeps_its_budget(
    desktop: VirtualDesktop, tmp_path: Path
) -> None:
    address = (FIXTURES / "pages" / "order.html").as_uri()
    desktop.launch(chromium_argv(address, tmp_path / "profile"))
    desktop.wait_window("Order confirmed*")
    windows, bus = X11Windows(desktop.display), AccessibilityBus(desktop.env["DBUS_SESSION_BUS_ADDRESS"])
    try:
        assert wait_for(lambda: (front := windows.active()) and bus.ask(lambda c: probe(c, front)).urls)
        front = windows.active()
        assert front is not None
        found = bus.ask(lambda calls: probe(calls, front))
        assert found.urls == (address,) and found.frame_names == (front.title,)
        assert "TB-20417" not in repr(found)
        assert bus.ask(lambda calls: still(calls, found))
        frame = found.frame
        assert frame is not None

        async def short(calls: Calls) -> tuple[int, bool]:
            walk = Walk(calls, nodes=20, seconds=5)
            tree = await walk.read(frame)
            return (len(list(tree.walk())) if tree else 0), walk.complete

        count, complete = bus.ask(short)
        assert 0 < count <= 20 and not complete
    finally:
        windows.close()
        bus.close()


def test_a_program_that_hangs_does_not_hang_us(desktop: VirtualDesktop, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    process = desktop.launch(["mousepad", str(tmp_path / "a.txt")])
    desktop.wait_window("*a.txt*")
    windows, bus = X11Windows(desktop.display), AccessibilityBus(desktop.env["DBUS_SESSION_BUS_ADDRESS"])
    try:
        assert wait_for(lambda: (front := windows.active()) and bus.ask(lambda c: probe(c, front)).frame)
        front = windows.active()
        assert front is not None
        os.kill(process.pid, signal.SIGSTOP)
        try:
            assert bus.ask(lambda calls: probe(calls, front)).frame is None
        finally:
            os.kill(process.pid, signal.SIGCONT)
        assert wait_for(lambda: bus.ask(lambda calls: probe(calls, front)).frame)
    finally:
        windows.close()
        bus.close()


@pytest.mark.parametrize("address", ["unix:path=/nonexistent/bus", "nonsense"])
def test_no_bus_is_a_clear_message(address: str) -> None:
    bus = AccessibilityBus(address)
    window = WindowInfo(1, "mousepad", "x", 1, None)
    with pytest.raises(AccessibilityUnavailable) as error:
        bus.ask(lambda calls: probe(calls, window))
    assert "at-spi2-core" in error.value.hint
    bus.close()


def test_a_lost_bus_is_found_again(tmp_path: Path) -> None:
    window = WindowInfo(1, "mousepad", "x", 1, None)
    with VirtualDesktop(size=(640, 480), tray=False) as own:
        bus = AccessibilityBus(own.env["DBUS_SESSION_BUS_ADDRESS"])
        assert bus.ask(lambda calls: probe(calls, window)).frame is None
    with pytest.raises(AccessibilityUnavailable):
        bus.ask(lambda calls: probe(calls, window))
    bus.close()


def test_references_survive_being_written_down() -> None:
    ref = (":1.42", "/org/a11y/atspi/accessible/7")
    assert parse_ref(ref_text(ref)) == ref
    for broken in ("", "/only/path", "only-name"):
        with pytest.raises(ValueError, match="not a reference"):
            parse_ref(broken)
