"""How our nouns' values are kept in columns: exact times, durations, vectors, texts and JSON."""

import json
import math
import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import BLOB, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

from gum.types import Vector, utc

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Microseconds since 1970, UTC. Raises ValueError for a naive time."""
    return (utc(moment) - EPOCH) // MICROSECOND


def moment(value: int) -> datetime:
    """The time that `micros` made a number of."""
    return EPOCH + timedelta(microseconds=value)


def pack(vector: Vector) -> bytes:
    """`vector` as little-endian float32. Raises ValueError when a number is not finite."""
    if not all(map(math.isfinite, vector)):
        raise ValueError("a vector with a number that is not finite reached the store")
    return struct.pack(f"<{len(vector)}f", *vector)


def unpack(blob: bytes) -> Vector:
    """The vector that `pack` made bytes of."""
    return struct.unpack(f"<{len(blob) // 4}f", blob)


def storable(text: str) -> str:
    """`text` as SQLite can keep it: no NUL, unpaired surrogates become "?"; screen text may hold both."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


class Time(TypeDecorator[datetime]):
    """An aware time as integer microseconds since 1970, UTC; a naive one is refused with ValueError."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else moment(value)


class Duration(TypeDecorator[timedelta]):
    """A duration as integer microseconds."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else value // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        return None if value is None else timedelta(microseconds=value)


class Words(TypeDecorator[str]):
    """Text that came from outside."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)

    # No process_result_value: SQLAlchemy would call it for every text it reads.


class VectorBlob(TypeDecorator[Vector]):
    """A vector as float32: half the size of float64, and embedders compute in float32 anyway."""

    impl = BLOB
    cache_ok = True

    def process_bind_param(self, value: Vector | None, dialect: Dialect) -> bytes | None:
        return None if value is None else pack(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Vector | None:
        return None if value is None else unpack(value)


class StringMap(TypeDecorator[Mapping[str, str]]):
    """Names and values as a JSON object."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, str] | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(json.dumps(dict(value), ensure_ascii=False))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Mapping[str, str] | None:
        if value is None:
            return None
        loaded: dict[str, str] = json.loads(value)
        return loaded
