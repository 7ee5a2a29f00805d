"""Monitors: where windows lie, and that what is plugged in or out is noticed."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from Xlib.display import Display
from Xlib.protocol import rq

from app.desktop import VirtualDesktop
from gum.types import Region
from observers.monitors import Monitor, fills, lying_on
from observers.window import X11Windows
from tests.observers.recorder import wait_for

LEFT, RIGHT = Monitor("LEFT", Region(0, 0, 640, 900)), Monitor("RIGHT", Region(640, 0, 640, 900))
numbers = st.integers(-50, 1500)
regions = st.builds(Region, numbers, numbers, st.integers(1, 1500), st.integers(1, 1500))


def test_a_window_lies_on_each_monitor_that_shows_some_of_it() -> None:
    assert lying_on(Region(10, 10, 100, 100), (LEFT, RIGHT)) == ("LEFT",)
    assert lying_on(Region(600, 10, 100, 100), (LEFT, RIGHT)) == ("LEFT", "RIGHT")
    assert lying_on(Region(640, 0, 1, 1), (LEFT, RIGHT)) == ("RIGHT",)
    assert lying_on(Region(2000, 0, 10, 10), (LEFT, RIGHT)) == ()
    assert lying_on(None, (LEFT, RIGHT)) == ()


@given(regions)
def test_what_fills_a_monitor_lies_on_it(region: Region) -> None:
    assert fills(region, [Monitor("own", region), RIGHT])
    assert "own" in lying_on(region, [Monitor("own", region)])
    assert fills(region, (LEFT,)) == (region == LEFT.region)


@pytest.mark.desktop
def test_monitors_come_and_go_and_windows_know_theirs(desktop: VirtualDesktop) -> None:
    windows = X11Windows(desktop.display)
    try:
        [(whole, place)] = windows.monitors().items()
        assert place == windows.screen()
        desktop.launch(["xterm", "-T", "here"])
        here = desktop.wait_window("here")
        desktop.place(here, 100, 100, 300, 200)
        assert wait_for(lambda: _monitors(windows) == (whole,))
        with _two_monitors(desktop):
            assert wait_for(lambda: {"LEFT", "RIGHT"} <= set(windows.monitors()))
            assert windows.monitors()["RIGHT"] == RIGHT.region
            assert wait_for(lambda: _monitors(windows) == ("LEFT",))
            desktop.place(here, 600, 100, 300, 200)
            assert wait_for(lambda: _monitors(windows) == ("LEFT", "RIGHT"))
            desktop.place(here, 800, 100, 300, 200)
            assert wait_for(lambda: _monitors(windows) == ("RIGHT",))
        assert wait_for(lambda: list(windows.monitors()) == [whole])
        assert wait_for(lambda: _monitors(windows) == (whole,))
    finally:
        windows.close()


def _monitors(windows: X11Windows) -> tuple[str, ...] | None:
    front = windows.active()
    return front.monitors if front else None


@contextmanager
def _two_monitors(desktop: VirtualDesktop) -> Iterator[None]:
    """LEFT and RIGHT instead of the one screen, as `xrandr --setmonitor` would make them."""
    display = Display(desktop.display)
    root = display.screen().root
    [screen] = root.xrandr_get_monitors().monitors
    names = [display.intern_atom(monitor.name) for monitor in (LEFT, RIGHT)]
    for name, monitor, outputs in zip(names, (LEFT, RIGHT), (list(screen.crtcs), []), strict=True):
        place = monitor.region
        _SetMonitor(
            display=display.display, opcode=display.display.get_extension_major("RANDR"), window=root,
            name=name, primary=0, automatic=0, x=place.left, y=place.top,
            width=place.width, height=place.height, width_mm=200, height_mm=200, outputs=outputs,
        )  # fmt: skip
    display.sync()
    yield
    for name in names:
        root.xrandr_delete_monitor(name)
    display.sync()
    display.close()


class _SetMonitor(rq.Request):
    """RRSetMonitor, which python-xlib has, but cannot pack."""

    _request = rq.Struct(
        rq.Card8("opcode"), rq.Opcode(43), rq.RequestLength(), rq.Window("window"), rq.Card32("name"),
        rq.Bool("primary"), rq.Bool("automatic"), rq.LengthOf("outputs", 2), rq.Int16("x"), rq.Int16("y"),
        rq.Card16("width"), rq.Card16("height"), rq.Card32("width_mm"), rq.Card32("height_mm"),
        rq.List("outputs", rq.Card32Obj),
    )  # fmt: skip
