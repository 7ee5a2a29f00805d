"""Asking for many ids at once.

They travel as one JSON array: SQLAlchemy spends 0.1 ms on each value of a long IN list, SQLite a microsecond
on each of an array, and an array has no longest length.
"""

import json
from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute


def among(
    column: "InstrumentedAttribute[str] | InstrumentedAttribute[str | None] | InstrumentedAttribute[int]",
    values: "Iterable[str] | Iterable[int]",
) -> ColumnElement[bool]:
    """Whether `column` is one of `values`."""
    listed = func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(select(listed.c.value))
