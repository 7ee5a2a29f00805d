"""What changed in a window since it was last looked at? Tile by tile of its picture. numpy; no X11.

Three questions, the cheap ones first. Are a tile's pixels the same as before? Most are, and nothing else is
asked. Is its sum the one it had before its last change? A caret that blinks flips a tile between two values
for ever: going back does not count. Does it look the same? Noise, a shadow under the pointer or the same
picture encoded anew changes no pixel by more than NOISE of 255 and hardly a bit of the tile's difference
hash (`observers.phash`).

Words always pass: one pixel that changed by more than NOISE is enough, and a letter that became another one
has such a pixel down to sizes and contrasts that nobody can read (tests/observers/test_change.py).
What looks the same is compared with what was last believed, not with the last look, so that a slow fade adds
up until it counts.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gum.types import Frame, Region
from observers.geometry import within
from observers.phash import dhash, distance

TILE = 32  # pixels; about two words of text
# Of 255. The least that told two letters apart was 16: a full stop and a comma, 9 pixels high, 1.8 : 1.
NOISE = 12
SAME_BITS = 10  # of 64: from there on two pictures are "probably" others (N. Krawetz, "Looks Like It", 2011)
_COLOURS = np.uint32(0x00FFFFFF)  # the fourth byte of a pixel is undefined
# Odd factors keep every change of a single pixel visible modulo 2**32; fixed places tell moved letters.
_WEIGHTS = (np.random.default_rng(20260101).integers(0, 2**31, (TILE, TILE), dtype=np.uint32) << 1) | 1


def pixels(frame: Frame) -> NDArray[np.uint8]:
    """The frame's pixels as rows x columns x 4 (BGRA), without copying."""
    return np.frombuffer(frame.pixels, dtype=np.uint8).reshape(frame.region.height, frame.region.width, 4)


class Seen:
    """A window's picture as it was last believed, `width` x `height` pixels, black where it was never seen.

    Everything counts as changed the first time it is seen. `pairs`: keeps what each part was when it was last
    handed over, too. Holds 4 bytes a pixel, 8 with `pairs`. Regions are counted from its top left corner.
    """

    def __init__(self, width: int, height: int, pairs: bool = False) -> None:
        self.width, self.height = width, height
        rows, columns = -(-height // TILE), -(-width // TILE)
        self._told: NDArray[np.uint32] = np.zeros((rows * TILE, columns * TILE), dtype=np.uint32)
        self._was = np.zeros_like(self._told) if pairs else None
        self._handed = False
        self._weights = np.tile(_WEIGHTS, columns)
        self._known = np.zeros((rows, columns), dtype=np.bool_)
        self._sums = np.zeros((rows, columns), dtype=np.uint32)
        self._before = np.zeros((rows, columns), dtype=np.uint32)

    def look(self, part: Region, shown: NDArray[np.uint8]) -> Region | None:
        """Takes in what is shown at `part` (rows x columns x 4, BGRA); the rectangle around what changed.

        4 ms for 1920 x 1080 where everything changed, 1 ms where nothing did, 0.1 ms for a line of text.
        """
        fresh = np.ascontiguousarray(shown).view(np.uint32)[..., 0]
        first, last = part.left // TILE, -(-part.right // TILE)
        inside = slice(part.left - first * TILE, part.right - first * TILE)
        moved: list[tuple[int, int, int]] = []
        for row in range(part.top // TILE, -(-part.bottom // TILE)):
            told = self._told[row * TILE : (row + 1) * TILE, first * TILE : last * TILE]
            # What lies outside the part was not looked at: it stays as it is, and so changes nothing.
            top, bottom = max(part.top - row * TILE, 0), min(part.bottom - row * TILE, TILE)
            rows = fresh[row * TILE + top - part.top : row * TILE + bottom - part.top]
            if self._known[row, first:last].all() and np.array_equal(rows, told[top:bottom, inside]):
                continue
            now = told.copy()
            now[top:bottom, inside] = rows
            found = np.flatnonzero(self._row(row, slice(first, last), told, now))
            if len(found):
                moved.append((row, first + int(found[0]), first + int(found[-1])))
        return self._around(moved)

    def cut(self, part: Region, hidden: Sequence[Region] = ()) -> tuple[bytes, bytes | None]:
        """The pixels of `part` and, with pairs, what it was when it was last cut out; black where `hidden`.

        None: it was not cut out before, or pairs are not kept.
        """
        now = self._piece(self._told, part, hidden)
        if self._was is None:
            return now, None
        before = self._piece(self._was, part, hidden) if self._handed else None
        rows, columns = slice(part.top, part.bottom), slice(part.left, part.right)
        self._was[rows, columns] = self._told[rows, columns]
        self._handed = True
        return now, before

    def _row(
        self, row: int, columns: slice, told: NDArray[np.uint32], now: NDArray[np.uint32]
    ) -> NDArray[np.bool_]:
        """Which tiles of a row of them changed; takes those over."""
        known = self._known[row, columns].copy()
        count = len(known)
        peak = _peaks(told, now, count)
        sums = self._summed(now, count)
        other = (peak > 0) & known
        back = other & (sums == self._before[row, columns])
        faint = np.flatnonzero(other & ~back & (peak <= NOISE))
        moved: NDArray[np.bool_] = (other & ~back) | ~known
        if len(faint):
            far = distance(dhash(_tiles(told, faint)), dhash(_tiles(now, faint)))
            moved[faint] = far >= SAME_BITS
        taken = moved | back
        self._before[row, columns] = np.where(
            taken & known, self._sums[row, columns], np.where(known, self._before[row, columns], sums)
        )
        self._sums[row, columns] = np.where(taken, sums, self._sums[row, columns])
        self._known[row, columns] = True
        if taken.all():
            told[:] = now
        else:
            np.copyto(told, now, where=np.repeat(taken, TILE))
        return moved

    def _summed(self, now: NDArray[np.uint32], count: int) -> NDArray[np.uint32]:
        """The weighed sums of `count` tiles side by side."""
        weighed = (now & _COLOURS) * self._weights[:, : count * TILE]
        across: NDArray[np.uint32] = weighed.sum(axis=0, dtype=np.uint32)
        sums: NDArray[np.uint32] = across.reshape(count, TILE).sum(axis=1, dtype=np.uint32)
        return sums

    def _piece(self, whole: NDArray[np.uint32], part: Region, hidden: Sequence[Region]) -> bytes:
        piece = whole[part.top : part.bottom, part.left : part.right]
        dark = within(hidden, part)
        if dark:
            piece = piece.copy()
        for each in dark:
            rows = slice(each.top - part.top, each.bottom - part.top)
            piece[rows, each.left - part.left : each.right - part.left] = 0
        return piece.tobytes()

    def _around(self, moved: Sequence[tuple[int, int, int]]) -> Region | None:
        if not moved:
            return None
        left, right = min(m[1] for m in moved) * TILE, (max(m[2] for m in moved) + 1) * TILE
        top, bottom = moved[0][0] * TILE, (moved[-1][0] + 1) * TILE
        return Region(left, top, min(right, self.width) - left, min(bottom, self.height) - top)


def _peaks(told: NDArray[np.uint32], now: NDArray[np.uint32], count: int) -> NDArray[np.uint8]:
    """The largest difference of any colour of any pixel, for each of `count` tiles side by side."""
    one = np.ascontiguousarray(told).view(np.uint8)
    other = now.view(np.uint8)
    apart = np.maximum(one, other) - np.minimum(one, other)
    peaks: NDArray[np.uint8] = apart.max(axis=0).reshape(count, TILE, 4)[..., :3].max(axis=(1, 2))
    return peaks


def _tiles(row: NDArray[np.uint32], which: NDArray[np.intp]) -> NDArray[np.uint8]:
    """Tiles of a row of them, n x TILE x TILE x 4."""
    bytes_ = np.ascontiguousarray(row).view(np.uint8).reshape(TILE, -1, TILE, 4)
    return np.ascontiguousarray(bytes_[:, which].transpose(1, 0, 2, 3))
