import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from gum.model.crop import settled, trimmed
from gum.types import Region

FONT = ImageFont.truetype("DejaVuSansMono.ttf", 15)
LINES = [
    "gypsum quays (jolly)",
    "main.min nix",
    "Äpfel, Übung gq",
    "drwxr-xr-x 2 root",
    "jjj ppp qqq",
    "ccc aaa eee",
]
PITCH, TOP, LEFT = 19, 30, 40


def page(dark: bool, pitch: int = PITCH) -> NDArray[np.uint8]:
    image = Image.new("RGB", (420, TOP + pitch * len(LINES) + 30), (20, 20, 24) if dark else (255, 255, 255))
    draw = ImageDraw.Draw(image)
    for number, text in enumerate(LINES):
        draw.text(
            (LEFT, TOP + number * pitch), text, font=FONT, fill=(230, 230, 230) if dark else (10, 10, 10)
        )
    return np.asarray(image)


def box(number: int) -> Region:
    """Where the line's ink lies."""
    left, top, right, bottom = FONT.getbbox(LINES[number])
    return Region(LEFT + int(left), TOP + number * PITCH + int(top), int(right - left), int(bottom - top))


def shaken(whole: Region, edges: tuple[int, int, int, int]) -> Region:
    top, bottom, left, right = edges
    return Region(whole.left + left, whole.top + top, whole.width - left + right, whole.height - top + bottom)


@given(
    st.integers(0, len(LINES) - 1),
    st.tuples(st.integers(-3, 2), st.integers(-2, 3), st.integers(-4, 2), st.integers(-2, 4)),
    st.booleans(),
)
def test_a_line_is_the_same_wherever_the_edges_of_its_box_were_put(
    number: int, edges: tuple[int, int, int, int], dark: bool
) -> None:
    image, whole = page(dark), box(number)
    found = trimmed(image[settled(image, shaken(whole, edges))])
    assert np.array_equal(found, trimmed(image[settled(image, whole)]))


@pytest.mark.parametrize("number", range(len(LINES)))
def test_all_of_the_line_and_nothing_of_its_neighbours_is_in_it(number: int) -> None:
    alone = Image.new("RGB", (420, 60), (255, 255, 255))
    ImageDraw.Draw(alone).text((LEFT, 20), LINES[number], font=FONT, fill=(10, 10, 10))
    image = page(dark=False)
    assert np.array_equal(trimmed(image[settled(image, box(number))]), trimmed(np.asarray(alone)))


INK, PAPER, OTHER = (250, 250, 250), (51, 102, 204), (255, 255, 255)


def framed(number: int, air: int, around: str) -> NDArray[np.uint8]:
    """One line, white on blue, in a cell with a border or selected on a white page, with `air` about it."""
    whole = box(number)
    image = Image.new("RGB", (420, TOP + PITCH * len(LINES) + 30), PAPER if around == "border" else OTHER)
    draw = ImageDraw.Draw(image)
    edges = (whole.left - air, whole.top - air, whole.right + air - 1, whole.bottom + air - 1)
    draw.rectangle(edges, fill=PAPER, outline=OTHER if around == "border" else None)
    draw.text((LEFT, TOP + number * PITCH), LINES[number], font=FONT, fill=INK)
    return np.asarray(image)


@pytest.mark.parametrize("around", ["border", "selection"])
@pytest.mark.parametrize("number", range(len(LINES)))
@given(st.integers(3, 4), st.tuples(*[st.integers(0, 3)] * 4))
def test_the_border_of_a_cell_or_the_end_of_a_selection_is_not_read_as_a_letter(
    number: int, around: str, air: int, out: tuple[int, int, int, int]
) -> None:
    alone = Image.new("RGB", (420, 60), PAPER)
    ImageDraw.Draw(alone).text((LEFT, 20), LINES[number], font=FONT, fill=INK)
    image = framed(number, air, around)
    top, bottom, left, right = out
    found = trimmed(image[settled(image, shaken(box(number), (-top, bottom, -left, right)))])
    assert np.array_equal(found, trimmed(np.asarray(alone)))


@given(st.integers(0, 400), st.integers(0, 140), st.integers(3, 60), st.integers(5, 40), st.booleans())
def test_a_box_anywhere_gives_a_part_of_the_picture(
    left: int, top: int, width: int, height: int, dark: bool
) -> None:
    image = page(dark)
    inside = Region(left, top, min(width, 420 - left), min(height, image.shape[0] - top))
    rows, columns = settled(image, inside)
    assert 0 <= rows.start < rows.stop <= image.shape[0]
    assert 0 <= columns.start < columns.stop <= image.shape[1]
    assert trimmed(image[rows, columns]).size


def test_trimming_makes_a_crop_independent_of_where_its_edges_were() -> None:
    image = np.full((60, 200, 3), 250, dtype=np.uint8)
    image[20:32, 40:120] = 10
    image[22:30, 50:110] = 250
    tight, wide = trimmed(image[18:34, 38:123]), trimmed(image[12:40, 30:150])
    assert np.array_equal(tight, wide)
