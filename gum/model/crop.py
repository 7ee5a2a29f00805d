"""The pixels of one line of text, the same each time, wherever exactly the detector put the edges of its box.

It puts them some pixels off, and elsewhere when the same line has moved: half of the lines of a scrolled
terminal were then new to the cache of lines, cut through their letters or with the feet of the line above. Of
40 looks at 40 lines 0.78 were remembered, 0.94 now (`gumption bench capture`).
"""

from typing import TYPE_CHECKING

import numpy as np

from gum.types import Region

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    """Height, width, 3; blue, green, red."""

INK = 28  # of 255: how far from the background a pixel must be to be ink


def settled(image: "Pixels", box: Region) -> tuple[slice, slice]:
    """Rows and columns of the line that `box` means.

    Rows without ink lie between lines. An edge goes to the outermost of those up to a fifth of the height
    outside: what ends sooner, as the dots of letters, belongs to the line. Where there is none, the next line
    begins within the box, and the edge goes to the first such row inside. A rule, a border of a cell, the end
    of a selection end the line, too. To the sides it goes on through a letter, to where that ends.
    """
    reach = max(3, box.height // 5)
    top, left = max(0, box.top - reach), max(0, box.left - reach)
    # By the box alone: what lies around it may be of another colour.
    paper = _paper(image[box.top : box.bottom, box.left : box.right])
    ink = _ink(image[top : box.bottom + reach, left : box.right + reach], paper)
    inside = ink[:, box.left - left : box.right - left]
    middle = inside[:, reach:-reach] if box.width > 4 * reach else inside  # a border may end within the box
    rows, ruled = np.any(inside, axis=1), np.all(middle, axis=1)
    above, below = box.top - top, box.bottom - top - 1
    if np.count_nonzero(ruled[above : below + 1]) > reach:
        ruled[:] = False  # no rule: all of it lies on several colours
    above = len(rows) - 1 - _edge(rows[::-1], ruled[::-1], len(rows) - 1 - above, reach)
    below = _edge(rows, ruled, below, reach)
    if below <= above:
        return slice(box.top, box.bottom), slice(box.left, box.right)
    line = ink[above : below + 1]
    columns, barred = np.any(line, axis=0), np.all(line, axis=0)
    start, end = box.left - left, box.right - left - 1
    if np.count_nonzero(barred[start : end + 1]) > 2 * reach:
        barred[:] = False
    start = len(columns) - 1 - _side(columns[::-1], barred[::-1], len(columns) - 1 - start, reach)
    end = _side(columns, barred, end, reach)
    if end <= start:
        return slice(box.top, box.bottom), slice(box.left, box.right)
    return slice(top + above, top + below + 1), slice(left + start, left + end + 1)


def _edge(rows: "NDArray[np.bool_]", ruled: "NDArray[np.bool_]", at: int, reach: int) -> int:
    """The last row of a line whose box ends at `at`; the next line lies at higher numbers."""
    rules = np.flatnonzero(ruled[max(0, at - reach) :])
    if len(rules):
        end = max(0, at - reach) + int(rules[0])
        rows, at = rows[:end], min(at, end - 1)
        if at < 0:
            return 0
        reach = len(rows) - at
    blank = np.flatnonzero(~rows[at:])
    if len(blank):
        return at + int(blank[-1])
    if len(rows) - at <= reach:  # the picture ends here
        return len(rows) - 1
    within = max(0, at - len(rows) // 3)
    inside = np.flatnonzero(~rows[within:at])
    return within + int(inside[-1]) if len(inside) else at


def _side(columns: "NDArray[np.bool_]", barred: "NDArray[np.bool_]", at: int, reach: int) -> int:
    """The last column of a line whose box ends at `at`."""
    inside = max(0, at - reach)
    bars = np.flatnonzero(barred[inside:])
    if len(bars):
        columns = columns[: inside + int(bars[0])]
        at = max(0, min(at, len(columns) - 1))
    blank = np.flatnonzero(~columns[at:])
    return at + int(blank[0]) if len(blank) else at


def trimmed(crop: "Pixels") -> "Pixels":
    """The crop cut down to its ink, with an even margin of background: the same line, the same pixels."""
    background = _paper(crop)
    ink = _ink(crop, background)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return np.ascontiguousarray(crop)
    core = crop[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    margin = max(2, core.shape[0] // 6)  # the recogniser was trained on boxes with a little air
    padded = np.empty((core.shape[0] + 2 * margin, core.shape[1] + 2 * margin, 3), dtype=np.uint8)
    padded[:] = background
    padded[margin:-margin, margin:-margin] = core
    return padded


def _paper(part: "Pixels") -> "Pixels":
    """The colour that something is written on (3)."""
    sample = part[::2, ::3].reshape(-1, 3)  # most of it is background: every sixth pixel tells the same
    # Not the median of two colours that are there equally often: nothing is written on the one between them.
    middle = len(sample) // 2
    paper: Pixels = np.partition(sample, middle, axis=0)[middle]
    return paper


def _ink(part: "Pixels", paper: "Pixels") -> "NDArray[np.bool_]":
    """Where something is written (height, width)."""
    far = np.abs(part.astype(np.int16) - paper.astype(np.int16)) > INK
    written: NDArray[np.bool_] = np.any(far, axis=2)
    return written
