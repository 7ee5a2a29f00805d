"""The time zone of the person's desk, with its rules for other days.

`moment.astimezone()` gives the zone only as the difference to UTC that holds at that moment. A date read from
a text that was seen in summer would then be an hour off in winter, and a day that ends at 23:59:59 would end
on the next or an hour early.
"""

from datetime import UTC, datetime, timedelta, tzinfo


class _Here(tzinfo):
    """The system's zone, asked anew for every time. One that comes twice is the first, unless it folds; one
    that the clock jumps over is taken by the rules before the jump."""

    def utcoffset(self, when: datetime | None) -> timedelta | None:
        if when is None:
            return None
        try:
            return when.replace(tzinfo=None).astimezone().utcoffset()
        except (OverflowError, ValueError, OSError):  # the first or last day of all: no clock knows its rules
            return timedelta()

    def dst(self, when: datetime | None) -> timedelta | None:
        return None

    def tzname(self, when: datetime | None) -> str | None:
        return None

    def fromutc(self, when: datetime) -> datetime:
        try:
            shown = when.replace(tzinfo=UTC).astimezone()
            # `astimezone` gives a fixed difference to UTC, which has no hour that comes twice.
            again = shown.replace(tzinfo=None).astimezone().utcoffset() != shown.utcoffset()
            return shown.replace(tzinfo=self, fold=int(again))
        except (OverflowError, ValueError, OSError):
            return when

    def __repr__(self) -> str:
        return "HERE"


HERE: tzinfo = _Here()


def midnight(now: datetime) -> datetime:
    """When the day of `now` began at the person's desk: the first time that its clock showed midnight."""
    return now.astimezone(HERE).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
