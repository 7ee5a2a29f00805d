"""Plays a desk as the observations its observers would make, much faster than the person could live it.

`life` is the person, `windows` what is on the screen, `eyes` the observers. Everything follows from the desk
and the seed: same desk and seed, same sights.
"""

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from hashlib import sha256

from app.desks.life import Person
from app.desks.types import Desk, Sight
from gum.types import utc


def sights(desk: Desk, seed: int = 0, noise: float = 0.0) -> list[Sight]:
    """What the observers make of a desk, in the order of `Sight.at`. An id again is the same find going on.

    `noise`: the share of letters misread from pixels, 0..1. Raises ValueError for a step that cannot be done
    (`load` refuses such desks), OSError when an asset is gone.
    """
    if not desk.sessions:
        return []
    return Person(desk, seed, noise).live()


def digest(found: Sequence[Sight]) -> str:
    """SHA-256 over every field of every sight, ids included, in lower-case hexadecimal."""
    told = sha256()
    for sight in found:
        told.update(json.dumps(_plain(sight), ensure_ascii=False, sort_keys=True).encode())
        told.update(b"\n")
    return told.hexdigest()


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, datetime):
        return utc(value).isoformat()
    if isinstance(value, Enum):
        return value.value
    return value
