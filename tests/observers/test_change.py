"""Changes are found, wherever they are; a blinking caret is none."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gum.types import Region
from observers.change import TILE, changed, tiles, union

Picture = NDArray[np.uint8]
places = st.integers(0, 2000)
regions = st.builds(
    Region, st.integers(-50, 500), st.integers(-50, 500), st.integers(1, 500), st.integers(1, 500)
)


def picture(width: int = 200, height: int = 120, seed: int = 1) -> Picture:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)


@given(st.integers(1, 200), st.integers(1, 150), places, places)
@settings(max_examples=60)
def test_a_changed_patch_lies_inside_what_is_found(width: int, height: int, left: int, top: int) -> None:
    region = Region(300, 400, width, height)
    before = picture(width, height)
    left, top = left % width // 2 * 2, top % height // 2 * 2  # every second pixel is looked at
    after = before.copy()
    after[top : top + 2, left : left + 2] ^= 0xFF
    last = tiles(before)
    found = changed(last, tiles(after, last), region)
    assert found is not None and region.intersect(found) == found
    assert found.left <= 300 + left < found.right and found.top <= 400 + top < found.bottom
    assert found.width <= 2 * TILE and found.height <= 2 * TILE


def test_nothing_changed_is_none_and_a_first_or_resized_look_is_everything() -> None:
    region = Region(0, 0, 200, 120)
    last = tiles(picture())
    assert changed(last, tiles(picture(), last), region) is None
    assert changed(None, last, region) == region
    smaller = Region(0, 0, 100, 120)
    assert changed(last, tiles(picture(100), last), smaller) == smaller


def test_letters_that_only_swap_places_are_a_change() -> None:
    before = picture()
    after = before.copy()
    after[40:60, 40:50], after[40:60, 50:60] = before[40:60, 50:60], before[40:60, 40:50]
    last = tiles(before)
    assert changed(last, tiles(after, last), Region(0, 0, 200, 120)) is not None


def test_a_blinking_caret_causes_work_once_only() -> None:
    region = Region(0, 0, 200, 120)
    without = picture()
    with_caret = without.copy()
    with_caret[50:66, 70:72] = 0
    last = tiles(without)
    found = []
    for look in range(20):
        now = tiles(with_caret if look % 2 == 0 else without, last)
        found.append(changed(last, now, region))
        last = now
    assert found[0] is not None and found[1:] == [None] * 19


def test_typing_beside_a_blinking_caret_is_seen() -> None:
    region = Region(0, 0, 200, 120)
    states = []
    for typed in range(6):
        shown = picture()
        shown[50:66, 20 : 20 + 8 * typed] = 7
        shown[50:66, 20 + 8 * typed : 22 + 8 * typed] = 255
        states.append(shown)
    last = tiles(states[0])
    for shown in states[1:]:
        now = tiles(shown, last)
        assert changed(last, now, region) is not None
        last = now


@given(regions, regions)
def test_a_union_holds_both_and_no_more(one: Region, two: Region) -> None:
    both = union(one, two)
    assert both is not None and both.intersect(one) == one and both.intersect(two) == two
    assert union(one, None) == one and union(None, None) is None
    assert both.left in (one.left, two.left) and both.bottom in (one.bottom, two.bottom)
