"""What the X server tells of drawing and of windows, on a real server."""

import threading
import time
from collections.abc import Iterator

import pytest
from Xlib.display import Display
from Xlib.ext import shape

from app.desktop import VirtualDesktop
from gum.errors import CaptureUnavailable
from gum.types import Region
from observers.bell import Bell
from observers.damage import Changes, News

pytestmark = pytest.mark.desktop


@pytest.fixture
def x(desktop: VirtualDesktop) -> Iterator[Display]:
    display = Display(desktop.display)
    yield display
    display.close()


@pytest.fixture
def changes(desktop: VirtualDesktop) -> Iterator[Changes]:
    found = Changes(desktop.display)
    yield found
    found.close()


def window_of(x: Display, left: int, top: int, width: int = 300, height: int = 200):  # type: ignore[no-untyped-def]
    """A mapped window that no window manager touches."""
    made = x.screen().root.create_window(
        left, top, width, height, 0, x.screen().root_depth, override_redirect=True, background_pixel=0
    )
    made.map()
    x.sync()
    return made


def draw(x: Display, window, part: Region) -> None:  # type: ignore[no-untyped-def]
    window.fill_rectangle(window.create_gc(foreground=0xFFFFFF), part.left, part.top, part.width, part.height)
    x.sync()


def test_what_is_drawn_is_told_once_and_by_its_place_in_the_window(x: Display, changes: Changes) -> None:
    window = window_of(x, 50, 60)
    changes.follow(window.id)
    changes.take()
    assert changes.told and changes.take() == News()
    draw(x, window, Region(10, 20, 30, 40))
    draw(x, window, Region(100, 20, 5, 5))
    assert changes.take() == News(Region(10, 20, 95, 40))
    assert changes.take() == News()
    draw(x, window, Region(10, 20, 30, 40))  # the same pixels again are drawing all the same
    assert changes.take().drawn == Region(10, 20, 30, 40)


def test_what_is_drawn_inside_of_it_counts_and_what_is_drawn_above_or_beside_does_not(
    x: Display, changes: Changes
) -> None:
    window = window_of(x, 50, 60)
    child = window.create_window(40, 50, 100, 100, 0, x.screen().root_depth, background_pixel=0)
    child.map()
    above, beside = window_of(x, 60, 70, 50, 50), window_of(x, 500, 60)
    changes.follow(window.id)
    changes.take()
    draw(x, above, Region(0, 0, 50, 50))
    draw(x, beside, Region(0, 0, 50, 50))
    assert changes.take() == News()
    draw(x, child, Region(20, 30, 10, 10))
    assert changes.take() == News(Region(60, 80, 10, 10))


def test_only_the_window_that_is_followed_is_told_of(x: Display, changes: Changes) -> None:
    one, other = window_of(x, 50, 60), window_of(x, 500, 60)
    changes.follow(one.id)
    changes.follow(other.id)
    changes.take()
    draw(x, one, Region(0, 0, 9, 9))
    assert changes.take().drawn is None
    draw(x, other, Region(0, 0, 9, 9))
    assert changes.take().drawn == Region(0, 0, 9, 9)
    changes.follow(None)
    draw(x, other, Region(0, 0, 9, 9))
    assert changes.take() == News()


def test_windows_that_come_move_and_go_are_told_also_for_a_moment_only(x: Display, changes: Changes) -> None:
    changes.take()
    assert not changes.moved()
    made = window_of(x, 50, 60)
    assert changes.moved() and changes.moved()
    assert changes.take().moved
    assert not changes.take().moved
    made.configure(x=200)
    x.sync()
    assert changes.take().moved
    made.unmap()
    made.map()
    made.unmap()
    x.sync()
    assert changes.moved()  # a flash between two looks would be missed by comparing lists


def test_a_hole_in_the_window_that_is_followed_is_told_like_a_window_above(
    x: Display, changes: Changes
) -> None:
    window, other = window_of(x, 50, 60), window_of(x, 500, 60)
    changes.follow(window.id)
    changes.take()
    other.shape_rectangles(shape.SO.Set, shape.SK.Bounding, 0, 0, 0, [(0, 0, 9, 9)])
    x.sync()
    assert not changes.moved()
    window.shape_rectangles(shape.SO.Set, shape.SK.Bounding, 0, 0, 0, [(0, 0, 9, 9)])
    x.sync()
    assert changes.moved()


def test_a_window_that_is_gone_is_no_trouble(x: Display, changes: Changes) -> None:
    window = window_of(x, 50, 60)
    changes.follow(window.id)
    window.destroy()
    x.sync()
    assert changes.take().moved
    changes.follow(window.id + 77)  # there never was one
    changes.follow(None)
    assert changes.take() == News()


def test_what_nobody_takes_does_not_pile_up(x: Display, changes: Changes) -> None:
    """The source rests for hours while an application tells its text."""
    made = window_of(x, 50, 60)
    changes.take()
    for n in range(500):
        made.configure(x=n)
    x.sync()
    changes.wait(Bell(), 0, heeding=False)
    assert not changes._display.pending_events()
    assert changes.take().moved  # and it is not lost


def test_a_compositor_is_known_by_what_it_owns(x: Display, changes: Changes) -> None:
    assert not changes.composited()
    made = window_of(x, 50, 60)
    made.set_selection_owner(x.intern_atom(f"_NET_WM_CM_S{x.get_default_screen()}"), 0)
    x.sync()
    assert changes.composited()
    made.destroy()
    x.sync()
    assert not changes.composited()


def test_a_wait_ends_by_drawing_by_the_bell_or_by_time(x: Display, changes: Changes) -> None:
    window, bell = window_of(x, 50, 60), Bell()
    changes.follow(window.id)
    changes.take()

    def waited(heeding: bool, limit: float = 20.0) -> float:
        start = time.monotonic()
        changes.wait(bell, limit, heeding)
        return time.monotonic() - start

    assert 0.2 <= waited(True, 0.2) < 15
    draw(x, window, Region(0, 0, 5, 5))
    assert waited(True) < 15 and waited(False, 0.2) >= 0.2
    changes.take()
    threading.Timer(0.1, bell.set).start()
    assert waited(True) < 15 and bell.is_set()
    assert waited(True) < 15  # it still rings
    bell.clear()
    assert waited(True, 0.2) >= 0.2


def test_no_display_is_said() -> None:
    with pytest.raises(CaptureUnavailable):
        Changes(":987")
