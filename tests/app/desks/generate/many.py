"""The first desks, composed once for all tests. Seeds that may be looked at, or that belong to nobody."""

from functools import cache

from app.desks.generate import desks
from app.desks.generate.splits import HELD_OUT
from app.desks.types import Desk, Fact

COUNT = 250


@cache
def many() -> tuple[Desk, ...]:
    assert HELD_OUT.start >= COUNT
    return tuple(desks(COUNT))


def facts(desk: Desk) -> list[Fact]:
    """Those that are to be found out."""
    return [fact for fact in desk.facts if not fact.minor]


def block_of(fact: Fact) -> str:
    return fact.id.rsplit(".", 1)[0]
