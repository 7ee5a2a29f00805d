"""The visible part of a window is exactly that: compared pixel by pixel with a painted picture."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gum.types import Region
from observers.geometry import around, largest, moved, visible, within

SIZE = 40
OFF = 10  # the painted field begins at -10, -10: windows and monitors may lie there
sides = st.integers(1, 30)
places = st.integers(-OFF, SIZE - OFF - 1)
regions = st.builds(Region, places, places, sides, sides)


def painted(parts: list[Region] | tuple[Region, ...]) -> NDArray[np.int_]:
    """How often each pixel of the field is covered."""
    field = np.zeros((SIZE + OFF, SIZE + OFF), dtype=np.int_)
    for part in parts:
        top, left = part.top + OFF, part.left + OFF
        field[top : top + part.height, left : left + part.width] += 1
    return field


@given(regions, st.lists(regions, max_size=6), st.lists(regions, max_size=3))
@settings(max_examples=300)
def test_every_visible_pixel_once_and_no_other(
    window: Region, above: list[Region], monitors: list[Region]
) -> None:
    wanted = (painted([window]) > 0) & (painted(above) == 0) & (painted(monitors) > 0)
    found = painted(visible(window, above, monitors))
    assert np.array_equal(found, wanted.astype(np.int_))


@given(regions, st.lists(regions, max_size=5))
def test_the_order_of_what_lies_above_makes_no_difference(window: Region, above: list[Region]) -> None:
    screen = [Region(-OFF, -OFF, SIZE * 2, SIZE * 2)]
    assert visible(window, above, screen) == visible(window, above[::-1], screen)


def test_a_free_window_is_one_rectangle_and_across_two_monitors_too() -> None:
    window = Region(80, 5, 40, 20)
    two = [Region(0, 0, 100, 100), Region(100, 0, 100, 100)]
    assert visible(window, [], two) == (window,)
    assert visible(window, [], two[:1]) == (Region(80, 5, 20, 20),)
    assert visible(window, [], [Region(-200, -100, 100, 100)]) == ()


def test_a_window_at_negative_coordinates_is_seen_on_the_monitor_there() -> None:
    left = Region(-100, -50, 100, 100)
    assert visible(Region(-30, -20, 60, 20), [], [left, Region(0, 0, 50, 50)]) == (Region(-30, -20, 30, 20),)


def test_a_hole_leaves_four_parts() -> None:
    parts = visible(Region(0, 0, 30, 30), [Region(10, 10, 10, 10)], [Region(0, 0, 50, 50)])
    assert parts == (
        Region(0, 0, 30, 10),
        Region(0, 10, 10, 10),
        Region(20, 10, 10, 10),
        Region(0, 20, 30, 10),
    )


@given(st.lists(regions, max_size=8), regions, st.integers(0, 9))
def test_helpers(parts: list[Region], area: Region, count: int) -> None:
    assert np.array_equal(painted(within(parts, area)), painted(parts) * (painted([area]) > 0))
    kept = largest(parts, count)
    assert len(kept) == min(count, len(parts))
    rest = [p.width * p.height for p in parts]
    for part in kept:
        rest.remove(part.width * part.height)
    if kept and rest:
        assert max(rest) <= min(p.width * p.height for p in kept)
    whole = around(parts)
    assert (whole is None) == (not parts)
    if whole is not None:
        assert all(part.intersect(whole) == part for part in parts)
        edges = {p.left for p in parts}, {p.top for p in parts}, {p.right for p in parts}
        assert whole.left in edges[0] and whole.top in edges[1] and whole.right in edges[2]
    assert moved(moved(area, 5, -7), -5, 7) == area
