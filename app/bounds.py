"""Numbers and times of requests that the rest can work with: finite, and in a century or two of now.

JSON as Python reads it knows NaN and Infinity, and a number may stand for more days than a calendar has. What
is beyond these bounds is refused with 422 and a reason; it must not come out as an overflow further in.
"""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

CENTURY_DAYS = 36_525
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2300, 1, 1, tzinfo=UTC)


def _near(at: datetime) -> datetime:
    if not EARLIEST <= at <= LATEST:  # compares what no zone could turn into another one
        raise ValueError(f"a time between {EARLIEST:%Y} and {LATEST:%Y} is wanted")
    return at


Time = Annotated[AwareDatetime, AfterValidator(_near)]
"""With a zone, between EARLIEST and LATEST."""
Minutes = Annotated[float, Field(gt=0, le=CENTURY_DAYS * 24 * 60, allow_inf_nan=False)]
"""More than none, and at most a century."""
Days = Annotated[float, Field(gt=0, le=CENTURY_DAYS, allow_inf_nan=False)]
"""Likewise."""
