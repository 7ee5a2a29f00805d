"""Desks in any number: personas and some of their days, composed from building blocks by a seed.

`splits` says which seeds may be looked at.
"""

from app.desks.generate.compose import make
from app.desks.types import Desk


def desk(seed: int) -> Desk:
    """The desk of a seed, a whole number from 0: equal in every process and on every machine."""
    return make(seed)


def desks(count: int, first: int = 0) -> list[Desk]:
    """The desks of `count` seeds from `first` on."""
    return [desk(seed) for seed in range(first, first + count)]
