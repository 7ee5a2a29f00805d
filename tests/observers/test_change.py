"""Changes are found, wherever they are; a blinking caret, noise and shadows are none, words always are."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from gum.types import Region
from observers.change import NOISE, TILE, Seen
from observers.geometry import moved

Picture = NDArray[np.uint8]
places = st.integers(0, 2000)
ALL = Region(0, 0, 200, 120)


def picture(width: int = 200, height: int = 120, seed: int = 1) -> Picture:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)


def seen(shown: Picture, pairs: bool = False) -> Seen:
    """A window that was looked at once."""
    height, width = shown.shape[:2]
    found = Seen(width, height, pairs)
    found.look(Region(0, 0, width, height), shown)
    return found


def at(shown: Picture, part: Region) -> Picture:
    return shown[part.top : part.bottom, part.left : part.right]


@given(st.integers(1, 200), st.integers(1, 150), places, places)
@settings(max_examples=60)
def test_a_changed_pixel_lies_inside_what_is_found(width: int, height: int, left: int, top: int) -> None:
    whole = Region(0, 0, width, height)
    before = picture(width, height)
    left, top = left % width, top % height
    after = before.copy()
    after[top, left] ^= 0xFF
    found = seen(before).look(whole, after)
    assert found is not None and whole.intersect(found) == found
    assert found.left <= left < found.right and found.top <= top < found.bottom
    assert found.width <= TILE and found.height <= TILE


@given(st.data())
@settings(max_examples=60)
def test_looking_at_parts_finds_what_looking_at_all_finds(data: st.DataObject) -> None:
    """Of parts that hold every change, however they lie; what is outside them stays as it was believed."""
    lefts, tops = st.integers(0, 190), st.integers(0, 110)
    part = data.draw(st.builds(Region, lefts, tops, st.integers(1, 10), st.integers(1, 10)))
    before, after = picture(), picture()
    after[part.top : part.bottom, part.left : part.right] = picture(part.width, part.height, seed=2)
    whole, partly = seen(before), seen(before)
    assert partly.look(part, at(after, part)) == whole.look(ALL, after)
    assert partly.cut(ALL) == whole.cut(ALL) == (after.tobytes(), None)


def test_nothing_changed_is_none_and_a_first_look_is_everything() -> None:
    fresh = Seen(200, 120)
    assert fresh.look(ALL, picture()) == ALL
    assert fresh.look(ALL, picture()) is None
    assert Seen(200, 120).look(ALL, np.zeros((120, 200, 4), np.uint8)) == ALL  # also of a black window


def test_letters_that_only_swap_places_are_a_change() -> None:
    before = picture()
    after = before.copy()
    after[40:60, 40:50], after[40:60, 50:60] = before[40:60, 50:60], before[40:60, 40:50]
    assert seen(before).look(ALL, after) is not None


def test_a_blinking_caret_causes_work_once_only() -> None:
    without = picture()
    with_caret = without.copy()
    with_caret[50:66, 70:71] = 0  # one pixel wide, in an even or an odd column
    window = seen(without)
    found = [window.look(ALL, with_caret if look % 2 == 0 else without) for look in range(20)]
    assert found[0] is not None and found[1:] == [None] * 19


def test_typing_beside_a_blinking_caret_is_seen() -> None:
    states = []
    for typed in range(6):
        shown = picture()
        shown[50:66, 20 : 20 + 8 * typed] = 7
        shown[50:66, 20 + 8 * typed : 22 + 8 * typed] = 255
        states.append(shown)
    window = seen(states[0])
    for shown in states[1:]:
        assert window.look(ALL, shown) is not None


def test_the_fourth_byte_of_a_pixel_means_nothing() -> None:
    after = picture()
    after[..., 3] ^= 0xFF
    assert seen(picture()).look(ALL, after) is None


@given(st.integers(1, NOISE - 1), st.integers(0, 5))
@settings(max_examples=20)
def test_noise_and_tints_look_the_same(strength: int, seed: int) -> None:
    ground = np.full((120, 200, 4), 120, np.uint8)
    ground[30:50, 40:160] = 30
    noise = np.random.default_rng(seed).integers(-strength // 2, strength // 2 + 1, ground.shape)
    assert seen(ground).look(ALL, (ground + noise).astype(np.uint8)) is None
    tinted = ground.copy()
    tinted[8:70, 10:100] += np.uint8(strength)  # the shadow of a pointer over a row
    assert seen(ground).look(ALL, tinted) is None


def test_a_photograph_that_is_encoded_anew_looks_the_same() -> None:
    down, across = np.mgrid[0:120, 0:200]
    waves = 128 + 60 * np.sin(across / 23.0) + 50 * np.cos(down / 17.0)
    photo = np.repeat(waves.astype(np.uint8)[..., None], 4, axis=2)
    once = io.BytesIO()
    Image.fromarray(photo[..., 0]).save(once, "jpeg", quality=90)
    again = np.repeat(np.asarray(Image.open(once))[..., None], 4, axis=2).astype(np.uint8)
    assert 0 < np.abs(again.astype(int) - photo).max() <= NOISE
    assert seen(photo).look(ALL, again) is None


def test_a_slow_fade_counts_when_it_has_added_up() -> None:
    ground = np.full((120, 200, 4), 255, np.uint8)
    window, found = seen(ground), []
    for step in range(12):
        shown = ground.copy()
        shown[40:60, 40:160:3] -= np.uint8(step * 10)
        found.append(window.look(ALL, shown))
    assert [each is not None for each in found] == [False, False, True, False] + [True, False] * 4


INKS = {
    "black on white": (0, 255),
    "grey on white, 2.3 : 1": (170, 255),
    "a hint in a field, 1.6 : 1": (204, 255),
    "light on dark": (200, 30),
    "dim on dark, 1.8 : 1": (80, 40),
}


@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("size", [9, 11, 14, 24])
def test_a_changed_letter_always_passes(ink: str, size: int) -> None:
    """Each letter of a line becomes another one, small, thin and faint as letters come."""
    colour, ground = INKS[ink]
    line = "The meeting is at 10:15, i.e. in l5 min. (ill)"
    swaps = {"i": "l", ".": ",", ":": ";", "1": "l", "5": "6", "e": "c", " ": ".", "(": "["}
    before = written(line, size, colour, ground)
    whole = Region(0, 0, before.shape[1], before.shape[0])
    for place, letter in enumerate(line):
        other = line[:place] + swaps.get(letter, "o") + line[place + 1 :]
        if other != line:
            found = seen(before).look(whole, written(other, size, colour, ground))
            assert found is not None, (letter, other[place])


def written(line: str, size: int, colour: int, ground: int) -> Picture:
    shown = Image.new("L", (size * len(line), size * 2), ground)
    ImageDraw.Draw(shown).text((3, 3), line, fill=colour, font=ImageFont.load_default(size))
    return np.repeat(np.asarray(shown)[..., None], 4, axis=2).copy()


def test_what_was_hidden_is_cut_out_black_and_was_never_looked_at() -> None:
    shown = picture()
    window = Seen(200, 120)
    visible = [Region(0, 0, 200, 40), Region(0, 40, 70, 80)]
    for part in visible:
        window.look(part, at(shown, part))
    held = np.frombuffer(window.cut(ALL)[0], np.uint8).reshape(120, 200, 4)
    assert not held[40:, 70:].any() and np.array_equal(held[:40], shown[:40])
    # Shown for a while, then covered: it is not handed over although it is still known.
    window.look(ALL, shown)
    dark = Region(100, 50, 50, 30)
    inner = Region(90, 45, 70, 60)
    held = np.frombuffer(window.cut(inner, [dark])[0], np.uint8).reshape(60, 70, 4)
    wanted = at(shown, inner).copy()
    there = moved(dark, -inner.left, -inner.top)
    wanted[there.top : there.bottom, there.left : there.right] = 0
    assert np.array_equal(held, wanted)


def test_a_pair_is_what_was_handed_over_before_and_what_is_there_now() -> None:
    first, second = picture(seed=1), picture(seed=2)
    window = seen(first, pairs=True)
    assert window.cut(ALL) == (first.tobytes(), None)
    part = Region(20, 30, 64, 40)
    window.look(ALL, second)
    assert window.cut(part) == (at(second, part).tobytes(), at(first, part).tobytes())
    assert window.cut(part) == (at(second, part).tobytes(), at(second, part).tobytes())
    assert window.cut(ALL)[1] != first.tobytes()
