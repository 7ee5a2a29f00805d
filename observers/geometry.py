"""Which part of a window can be seen? Rectangles only. Pure.

Nothing else may be grabbed: a pixel of another window that never enters the process needs no blurring. A
region is kept as an X server keeps one (bands from top to bottom, in each the stretches from left to right),
so that the same area always comes out as the same few rectangles.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from gum.types import Region

_Stretch = tuple[int, int]  # left, right


def visible(window: Region, above: Sequence[Region], monitors: Sequence[Region]) -> tuple[Region, ...]:
    """The parts of `window` that lie on a monitor and under nothing: disjoint, in reading order.

    `monitors` may overlap (mirrored screens) and leave gaps; none of them: nothing can be seen.
    """
    shown = [part for screen in monitors if (part := window.intersect(screen)) is not None]
    hidden = [part for other in above if (part := window.intersect(other)) is not None]
    lines = sorted({line for part in (*shown, *hidden) for line in (part.top, part.bottom)})
    found: list[Region] = []
    band: tuple[int, int, list[_Stretch]] | None = None
    for top, bottom in pairwise(lines):
        free = _without(_joined(_across(shown, top)), _joined(_across(hidden, top)))
        if band is not None and band[1] == top and band[2] == free:
            band = (band[0], bottom, free)  # the same stretches go on: one taller band
            continue
        found += _rectangles(band)
        band = (top, bottom, free)
    return (*found, *_rectangles(band))


def within(parts: Iterable[Region], area: Region) -> list[Region]:
    """What of `parts` lies in `area`."""
    return [part for each in parts if (part := each.intersect(area)) is not None]


def around(parts: Iterable[Region]) -> Region | None:
    """The smallest rectangle that holds all of `parts`; None: there are none."""
    every = list(parts)
    if not every:
        return None
    left, top = min(p.left for p in every), min(p.top for p in every)
    return Region(left, top, max(p.right for p in every) - left, max(p.bottom for p in every) - top)


def largest(parts: Sequence[Region], count: int) -> tuple[Region, ...]:
    """The `count` largest of `parts`, in their order: what is left out is not seen."""
    by_area = sorted(range(len(parts)), key=lambda n: parts[n].width * parts[n].height, reverse=True)
    kept = set(by_area[:count])
    return tuple(part for n, part in enumerate(parts) if n in kept)


def moved(part: Region, left: int, top: int) -> Region:
    """`part`, so many pixels further right and down."""
    return Region(part.left + left, part.top + top, part.width, part.height)


def _across(parts: Iterable[Region], line: int) -> list[_Stretch]:
    return sorted((part.left, part.right) for part in parts if part.top <= line < part.bottom)


def _joined(stretches: Iterable[_Stretch]) -> list[_Stretch]:
    """Sorted stretches with those that touch made one."""
    found: list[_Stretch] = []
    for left, right in stretches:
        if found and left <= found[-1][1]:
            found[-1] = (found[-1][0], max(right, found[-1][1]))
        else:
            found.append((left, right))
    return found


def _without(stretches: Iterable[_Stretch], holes: Sequence[_Stretch]) -> list[_Stretch]:
    found: list[_Stretch] = []
    for left, right in stretches:
        for start, end in holes:
            if end <= left or start >= right:
                continue
            if start > left:
                found.append((left, start))
            left = end
            if left >= right:
                break
        if left < right:
            found.append((left, right))
    return found


def _rectangles(band: tuple[int, int, list[_Stretch]] | None) -> list[Region]:
    if band is None:
        return []
    top, bottom, stretches = band
    return [Region(left, top, right - left, bottom - top) for left, right in stretches]
