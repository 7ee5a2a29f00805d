import io
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from app.pixels import decode, encode, encode_before, split
from gum.types import Frame, FrameId, Region, Trust
from observers.segment import Segment
from storage.observations import StoredFrame
from tests.builders import NOON, observation


@given(st.integers(1, 20), st.integers(1, 20), st.data())
def test_a_stored_frame_is_the_frame(width: int, height: int, data: st.DataObject) -> None:
    grey = data.draw(st.lists(st.integers(0, 255), min_size=width * height * 3, max_size=width * height * 3))
    pixels = b"".join(bytes([*grey[i : i + 3], 255]) for i in range(0, len(grey), 3))
    shot = Frame(FrameId("f"), NOON, ":1", Region(5, 6, width, height), "d", pixels)
    stored = StoredFrame(shot.id, shot.at, shot.display, shot.region, shot.digest, encode(shot))
    assert decode(stored) == shot


@given(st.integers(1, 20), st.integers(1, 20), st.binary(min_size=1, max_size=9))
def test_so_is_what_was_there_before(width: int, height: int, some: bytes) -> None:
    def picture(of: bytes) -> bytes:
        every = (of * (width * height * 3))[: width * height * 3]
        return b"".join(bytes([*every[i : i + 3], 255]) for i in range(0, len(every), 3))

    place = Region(5, 6, width, height)
    shot = Frame(FrameId("f"), NOON, ":1", place, "d", picture(b"a"), picture(some))
    stored = StoredFrame(
        shot.id, shot.at, shot.display, place, shot.digest, encode(shot), encode_before(shot)
    )
    assert decode(stored) == shot
    assert encode_before(replace(shot, before=None)) is None


def test_a_frame_that_an_older_gumption_left_unread_is_still_a_frame() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (30, 40, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    out = io.BytesIO()
    Image.fromarray(pixels[..., 2::-1].copy()).save(out, "png")
    stored = StoredFrame(FrameId("f"), NOON, ":1", Region(0, 0, 40, 30), "d", out.getvalue())
    assert decode(stored).pixels == pixels.tobytes()


def test_a_page_of_text_is_packed_well() -> None:
    shown = Image.new("RGB", (800, 600), "white")
    for line in range(0, 600, 20):
        ImageDraw.Draw(shown).text(
            (5, line), "The meeting about the budget is tomorrow at ten. " * 3, "black"
        )
    raw = shown.convert("RGBA").tobytes("raw", "BGRA")
    shot = Frame(FrameId("f"), NOON, ":1", Region(0, 0, 800, 600), "d", raw)
    assert len(encode(shot)) < len(raw) / 20


@given(st.lists(st.tuples(st.sampled_from(list(Trust)), st.text(min_size=1, max_size=5)), max_size=5))
def test_reading_the_same_pixels_twice_gives_the_same_ids(parts: Sequence[tuple[Trust, str]]) -> None:
    parent = observation("", id="p")
    segments = [Segment(trust, text) for trust, text in parts]
    first, rest = split(parent, segments)
    assert (first, rest) == split(parent, segments)
    made = [first, *rest] if segments else []
    assert [(o.trust, o.text) for o in made] == [tuple(p) for p in parts]
    assert len({o.id for o in made}) == len(made)
    assert first.id == parent.id
