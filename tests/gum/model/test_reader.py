from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from gum.model.reader import OVERLAP, TILE, RapidReader, reading_order, tiles
from gum.types import Frame, FrameId, Line, Region

TEXTS = (
    "def parse(argv): return Config.load(argv)",
    "tests/test_login.py FAILED assert 3 == 4",
    "Please review chapter three with Maria",
    "Lisbon metro card invoice 2231 total 48.90",
    "Meeting on Friday at 14:30 in room B12",
    "deploy the sandbox key before the weekend",
)
LOOKS = [
    ("#1e1e1e", "#d4d4d4", "DejaVuSansMono", 14),
    ("#ffffff", "#222222", "DejaVuSans", 14),
    ("#282c34", "#98c379", "DejaVuSans", 15),
    ("#f6f6f6", "#0645ad", "DejaVuSerif", 15),
]


def drawn(
    texts: Sequence[str],
    look: tuple[str, str, str, int] = LOOKS[1],
    at: tuple[int, int] = (20, 20),
    origin: tuple[int, int] = (0, 0),
    size: tuple[int, int] = (560, 220),
) -> Frame:
    background, colour, font, points = look
    image = Image.new("RGB", size, background)
    face = ImageFont.truetype(f"/usr/share/fonts/truetype/dejavu/{font}.ttf", points)
    for i, text in enumerate(texts):
        ImageDraw.Draw(image).text((at[0], at[1] + 28 * i), text, font=face, fill=colour)
    red, green, blue = image.split()
    pixels = Image.merge("RGBA", (blue, green, red, Image.new("L", size, 255))).tobytes()
    return Frame(FrameId("f"), datetime.now(UTC), ":0", Region(*origin, *size), "d", pixels)


def recall(lines: Sequence[Line], texts: Sequence[str]) -> float:
    got = " ".join(line.text for line in lines).split()
    want = " ".join(texts).split()
    return sum(word in got for word in want) / len(want)


@pytest.fixture(scope="module")
def reader() -> RapidReader:
    return RapidReader()


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look[2]}-{look[0]}")
def test_small_text_is_read_dark_and_light(reader: RapidReader, look: tuple[str, str, str, int]) -> None:
    lines = reader.read(drawn(TEXTS, look))
    assert len(lines) == len(TEXTS)
    assert recall(lines, TEXTS) >= 0.9


def test_places_are_screen_pixels_and_only_the_region_is_read(reader: RapidReader) -> None:
    frame = drawn(TEXTS, origin=(1000, 300))
    (line,) = reader.read(frame, Region(1000, 300 + 20 + 28 * 2 - 6, 560, 30))
    assert recall([line], [TEXTS[2]]) >= 0.9
    assert abs(line.region.left - 1020) <= 8
    assert abs(line.region.top - (300 + 20 + 28 * 2)) <= 10
    assert line.region.intersect(frame.region) == line.region


def test_a_line_seen_before_costs_no_recognition_even_elsewhere() -> None:
    reader = RapidReader()
    first = reader.read(drawn(TEXTS))
    cost = reader.recognised
    again = reader.read(drawn(TEXTS))
    assert (reader.recognised, reader.remembered) == (cost, cost)
    assert again == first
    moved = reader.read(drawn(TEXTS, at=(20, 27)))  # as after scrolling
    assert [line.text for line in moved] == [line.text for line in first]
    assert reader.recognised == cost


def test_the_memory_of_lines_is_bounded() -> None:
    reader = RapidReader(cache_lines=2)
    reader.read(drawn(TEXTS))
    reader.read(drawn(TEXTS))
    assert reader.recognised > len(TEXTS)


def test_an_empty_screen_has_no_lines(reader: RapidReader) -> None:
    assert reader.read(drawn(())) == []


@pytest.mark.parametrize("size", [(3, 3), (1, 200), (560, 8), (16, 16)])
def test_slivers_of_screen_are_no_trouble(reader: RapidReader, size: tuple[int, int]) -> None:
    assert isinstance(reader.read(drawn(TEXTS, size=size)), list)


def test_a_region_outside_the_frame_has_no_lines(reader: RapidReader) -> None:
    assert reader.read(drawn(TEXTS), Region(5000, 5000, 10, 10)) == []


def test_small_text_at_the_foot_of_a_huge_screen_is_read(reader: RapidReader) -> None:
    frame = drawn(TEXTS, size=(700, 2600), at=(20, 2400))
    assert recall(reader.read(frame), TEXTS) >= 0.9


sides = st.integers(1, 9000)


@given(sides, sides)
def test_tiles_are_small_and_every_line_belongs_to_exactly_one_in_each_column(
    width: int, height: int
) -> None:
    cut = tiles(width, height)
    assert all(0 < t.right - t.left <= TILE and 0 < t.bottom - t.top <= TILE for t in cut)
    for column in {t.left for t in cut}:
        mine = [t for t in cut if t.left == column]
        assert mine[0].keep_from == 0 and mine[-1].keep_to == height
        assert all(a.keep_to == b.keep_from for a, b in pairwise(mine))
        for t in mine:  # a line up to OVERLAP high is whole where its middle is kept
            assert t.top == 0 or t.keep_from - OVERLAP // 2 >= t.top
            assert t.bottom == height or t.keep_to + OVERLAP // 2 <= t.bottom


def line(left: int, top: int, height: int = 20) -> Line:
    return Line(f"{left},{top}", Region(left, top, 50, height), 1.0)


@given(st.permutations([line(10, 10), line(100, 12), line(10, 40), line(90, 38), line(5, 80)]))
def test_reading_order_is_rows_then_columns_however_they_were_found(lines: list[Line]) -> None:
    assert [found.text for found in reading_order(lines)] == ["10,10", "100,12", "10,40", "90,38", "5,80"]
