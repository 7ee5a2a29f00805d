"""What must go for the rest to fit a budget of bytes. Pure."""

from collections.abc import Iterable

HEADROOM = 0.9  # of the budget: so that not every new one pushes out an old one


def first_to_go(oldest: Iterable[tuple[str, int]], all_: int, budget: int) -> list[str]:
    """The keys that must go until what weighs `all_` bytes fits `budget`, with HEADROOM.

    `oldest`: keys and bytes, in the order in which they go; where they do not suffice, all of them.
    """
    over, gone = all_ - int(budget * HEADROOM), []
    for key, size in oldest:
        if over <= 0:
            break
        gone.append(key)
        over -= size
    return gone
