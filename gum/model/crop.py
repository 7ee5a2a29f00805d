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
    begins within the box, and the edge goes to the first such row inside. To the sides it goes on through
    a letter.
    """
    reach = max(3, box.height // 5)
    top, left = max(0, box.top - reach), max(0, box.left - reach)
    ink, _ = _ink(image[top : box.bottom + reach, left : box.right + reach])
    rows = np.any(ink[:, box.left - left : box.right - left], axis=1)
    above, below = box.top - top, box.bottom - top - 1
    above, below = _edge(rows[::-1], len(rows) - 1 - above, reach), _edge(rows, below, reach)
    above = len(rows) - 1 - above
    if below <= above:
        return slice(box.top, box.bottom), slice(box.left, box.right)
    columns = np.any(ink[above : below + 1], axis=0)
    start, end = box.left - left, box.right - left - 1
    while start > 0 and columns[start]:
        start -= 1
    while end < len(columns) - 1 and columns[end]:
        end += 1
    return slice(top + above, top + below + 1), slice(left + start, left + end + 1)


def _edge(rows: "NDArray[np.bool_]", at: int, reach: int) -> int:
    """The last row of a line whose box ends at `at`; the next line lies at higher numbers."""
    blank = np.flatnonzero(~rows[at:])
    if len(blank):
        return at + int(blank[-1])
    if len(rows) - at <= reach:  # the picture ends here
        return len(rows) - 1
    within = max(0, at - len(rows) // 3)
    inside = np.flatnonzero(~rows[within:at])
    return within + int(inside[-1]) if len(inside) else at


def trimmed(crop: "Pixels") -> "Pixels":
    """The crop cut down to its ink, with an even margin of background: the same line, the same pixels."""
    ink, background = _ink(crop)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return np.ascontiguousarray(crop)
    core = crop[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    margin = max(2, core.shape[0] // 6)  # the recogniser was trained on boxes with a little air
    padded = np.empty((core.shape[0] + 2 * margin, core.shape[1] + 2 * margin, 3), dtype=np.uint8)
    padded[:] = background
    padded[margin:-margin, margin:-margin] = core
    return padded


def _ink(part: "Pixels") -> "tuple[NDArray[np.bool_], Pixels]":
    """Where something is written (height, width), and the colour it is written on (3)."""
    sample = part[::2, ::3]  # most of it is background: every sixth pixel tells the same
    background: Pixels = np.median(sample.reshape(-1, 3), axis=0).astype(np.uint8)
    far = np.abs(part.astype(np.int16) - background.astype(np.int16)) > INK
    return np.any(far, axis=2), background
