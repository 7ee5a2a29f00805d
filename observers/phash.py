"""Do two pieces of a picture look the same? A difference hash. Pure (numpy).

dHash, after N. Krawetz, "Kind of Like That" (The Hacker Factor Blog, 21 January 2013): a picture is shrunk to
9 x 8 grey values; each of the 64 bits says whether a value is brighter than its left neighbour. A tint or a
fade changes every value alike and no bit; letters that come, go or change turn bits over.
"""

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

ROWS, COLUMNS = 8, 9
_GREY = np.array([0.114, 0.587, 0.299], dtype=np.float32)  # of blue, green, red: ITU-R BT.601
# Of 255. On an even ground the sign of a difference is chance: a bit is set only for a step that can be seen.
STEP = 6.0


def dhash(pieces: NDArray[np.uint8], step: float = STEP) -> NDArray[np.bool_]:
    """Hashes of `pieces` (n x rows x columns x 3 or more, BGR): n x 64 bits.

    `step` 0 is the hash as it was published. Raises ValueError for pieces smaller than 9 x 8.
    """
    count, height, width = pieces.shape[:3]
    if height < ROWS or width < COLUMNS:
        raise ValueError("a difference hash needs 9 x 8 pixels")
    # Rows first, then grey, then columns: the same by arithmetic, and most of it on an eighth of the pixels.
    rows = _means(ROWS, height) @ pieces.reshape(count, height, -1).astype(np.float32)
    grey = rows.reshape(count, ROWS, width, -1)[..., :3] @ _GREY
    shrunk = grey @ _means(COLUMNS, width).T
    return (np.diff(shrunk, axis=2) > step).reshape(count, -1)


def distance(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> NDArray[np.int_]:
    """How many bits differ, for each of n pairs of hashes."""
    return np.asarray(np.count_nonzero(one != other, axis=-1))


@cache
def _means(parts: int, length: int) -> NDArray[np.float32]:
    """The matrix (parts x length) that turns values into the means of `parts` nearly equal stretches."""
    edges = np.linspace(0, length, parts + 1).round().astype(np.intp)
    found = np.zeros((parts, length), dtype=np.float32)
    for n, (start, end) in enumerate(pairwise(edges)):
        found[n, start:end] = 1 / (end - start)
    return found
