"""Cursors: where a page of a list ends, as text that means nothing to anybody else. Pure.

A cursor is no secret and opens nothing: whatever it says, a list shows what the client may see.
"""

import base64
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from gum.errors import RequestUnusable

DEEPEST = 2000  # items that can be paged through


@dataclass(frozen=True, slots=True)
class Cursor:
    """`skip` items of the list as it was `at` (microseconds since 1970, UTC)."""

    skip: int
    at: int

    @property
    def time(self) -> datetime:
        return datetime.fromtimestamp(self.at / 1e6, UTC)


def first(now: datetime) -> Cursor:
    """That of a first page."""
    return Cursor(0, round(now.timestamp() * 1e6))


def read(text: str | None, now: datetime) -> Cursor:
    """The cursor that `text` is; without one that of a first page. Raises RequestUnusable."""
    if text is None:
        return first(now)
    try:
        told = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
        cursor = Cursor(told["skip"], told["at"])
        known = isinstance(cursor.skip, int) and isinstance(cursor.at, int) and type(told["skip"]) is int
        if not known or not 0 <= cursor.skip <= DEEPEST or not 0 <= cursor.at <= first(now).at:
            raise ValueError("out of bounds")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RequestUnusable("That cursor cannot be used", "Take `next` of a page as it came.") from error
    return cursor


def after(cursor: Cursor, shown: int, more: bool) -> str | None:
    """The cursor of the page behind one of `shown` items; None where there is no more, or it is too deep."""
    skip = cursor.skip + shown
    if not more or skip > DEEPEST:
        return None
    whole = json.dumps(asdict(Cursor(skip, cursor.at)), separators=(",", ":"))
    return base64.urlsafe_b64encode(whole.encode()).decode()
