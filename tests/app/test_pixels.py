from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from app.pixels import decode, encode, split
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
