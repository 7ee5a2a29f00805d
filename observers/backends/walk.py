"""Reading a tree of somebody else's objects as plain data, within AT-SPI's budget of nodes and time."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from observers.atspi import MAX_NODES, MAX_SECONDS

DEEPEST = 200  # levels; a tree that bites its own tail must not fill Python's stack in what is made of it
T = TypeVar("T")
Json = Mapping[str, object]
Look = Callable[[T], tuple[dict[str, object], Iterable[T]] | None]


def walk(root: T, look: Look[T], below: str) -> tuple[Json | None, bool]:
    """The tree under `root`, and whether all of it was read; None when `root` itself is gone.

    `look` gives an object as plain data, with the objects under it (asked for one by one, as far as the
    budget goes); None when it is gone. What stands under it is put under the key `below`. Broad before deep,
    as AT-SPI's is read: what is cut off are details.
    """
    left, deadline = MAX_NODES, time.monotonic() + MAX_SECONDS
    top: list[dict[str, object]] = []
    level = [(root, top)]
    for _ in range(DEEPEST):
        deeper: list[tuple[T, list[dict[str, object]]]] = []
        for part, beside in level:
            if not left or time.monotonic() > deadline:
                return (top[0] if top else None), False
            left -= 1
            seen = look(part)
            if seen is None:
                continue
            found, children = seen
            beside.append(found)
            under: list[dict[str, object]] = []
            found[below] = under
            for child in children:
                deeper.append((child, under))
                if len(deeper) > left or time.monotonic() > deadline:
                    break  # the rest is not read; the next round notices, having that one too many
        level = deeper
    return (top[0] if top else None), not level
