"""On which days something that repeats takes place (RFC 5545, section 3.3.10). Pure.

A day is asked whether it belongs to the rule; nothing is counted off from the first day on. So a rule costs
what the days looked at cost, however mean it is: one that fits no day ever (30 February) keeps a generator
busy until the year 9999, and what repeats every second gives a million times in two weeks.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

MOST_WEEKDAYS = 60  # that a rule may name; the first and the last four of each are 56
LONGEST = 3660  # days: a series with a number of times that goes on for longer is taken as one without
_DAY = timedelta(days=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_EVERY = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_KNOWN = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYDAY", "BYSETPOS", "WKST"}
)


class Nth(NamedTuple):
    """A weekday, Monday is 0: the `nth` of its month or year, from the end if negative; 0: each."""

    nth: int
    weekday: int


@dataclass(frozen=True, slots=True)
class Rule:
    """What repeats, by days. `until` is the last day it may take place, in the zone of its beginning."""

    every: str  # "DAILY", "WEEKLY", "MONTHLY", "YEARLY"
    interval: int = 1
    count: int | None = None
    until: date | None = None
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()  # negative: from the month's end
    year_days: tuple[int, ...] = ()
    weekdays: tuple[Nth, ...] = ()
    positions: tuple[int, ...] = ()  # which of the days that fit in a period
    week_start: int = 0


def parse(text: str) -> Rule | None:
    """The rule as it stands behind RRULE:; its UNTIL is left to the caller, who knows the zone.

    None for one that is malformed or goes by hours, minutes, seconds or weeks of the year: whoever has it
    meets it on its first day only.
    """
    parts = dict(part.split("=", 1) for part in text.strip().upper().split(";") if "=" in part)
    if not parts.keys() <= _KNOWN or parts.get("FREQ") not in _EVERY:
        return None
    try:
        rule = Rule(
            every=parts["FREQ"],
            interval=int(parts.get("INTERVAL", "1")),
            count=int(parts["COUNT"]) if "COUNT" in parts else None,
            months=_numbers(parts.get("BYMONTH", ""), 1, 12),
            month_days=_numbers(parts.get("BYMONTHDAY", ""), -31, 31),
            year_days=_numbers(parts.get("BYYEARDAY", ""), -366, 366),
            weekdays=_weekdays(parts.get("BYDAY", "")),
            positions=_numbers(parts.get("BYSETPOS", ""), -366, 366),
            week_start=_WEEKDAYS.index(parts.get("WKST", "MO")),
        )
    except ValueError:
        return None
    return rule if rule.interval > 0 and (rule.count is None or rule.count > 0) else None


def counted_out(rule: Rule, first: date, most: int = LONGEST) -> tuple[Rule | None, int]:
    """A rule that says until when instead of how often, and how many days were looked at to tell that.

    None: not within `most` days, fewer than LONGEST. One that goes on for longer than that has no end.
    """
    if rule.count is None:
        return rule, 0
    left, looked = rule.count, 0
    for day in _days(first, LONGEST):
        if looked >= most:
            return None, looked
        looked += 1
        left -= day == first or _on(rule, first, day)
        if left <= 0:
            return replace(rule, count=None, until=min(day, rule.until or day)), looked
    return replace(rule, count=None), looked


def days(rule: Rule, first: date, since: date, until: date) -> list[date]:
    """The days from `since` to `until`, both included, on which it takes place; `first` always is one.

    Its `count` is not looked at: see `counted_out`.
    """
    since, until = max(since, first), min(until, rule.until or until)
    length = (until - since).days + 1
    return [day for day in _days(since, length) if day == first or _on(rule, first, day)]


def _days(start: date, length: int) -> Iterator[date]:
    last = min(length, (date.max - start).days + 1)
    return (start + timedelta(days=n) for n in range(last))


def _on(rule: Rule, first: date, day: date) -> bool:
    """Whether `day`, which is not before `first`, belongs to the series."""
    if _period(rule, first, day) % rule.interval or not _fits(rule, first, day):
        return False
    return not rule.positions or day in _chosen(rule, first, *_bounds(rule, day))


def _period(rule: Rule, first: date, day: date) -> int:
    """How many days, weeks, months or years lie between the two."""
    if rule.every == "DAILY":
        return (day - first).days
    if rule.every == "WEEKLY":
        monday = first.toordinal() - (first.weekday() - rule.week_start) % 7
        return (day.toordinal() - monday) // 7
    years = day.year - first.year
    return years if rule.every == "YEARLY" else years * 12 + day.month - first.month


def _bounds(rule: Rule, day: date) -> tuple[date, int]:
    """The first day of the period of `day`, and how many it has."""
    if rule.every == "DAILY":
        return day, 1
    if rule.every == "WEEKLY":
        back = min((day.weekday() - rule.week_start) % 7, day.toordinal() - 1)
        return day - timedelta(days=back), 7
    if rule.every == "MONTHLY":
        return day.replace(day=1), _in_month(day)[1]
    return day.replace(month=1, day=1), _in_year(day)[1]


@lru_cache(maxsize=64)
def _chosen(rule: Rule, first: date, start: date, length: int) -> frozenset[date]:
    """Those days of a period that BYSETPOS picks from all that fit."""
    fitting = [day for day in _days(start, length) if _fits(rule, first, day)]
    places = (p - 1 if p > 0 else p for p in rule.positions)
    return frozenset(fitting[p] for p in places if -len(fitting) <= p < len(fitting))


def _fits(rule: Rule, first: date, day: date) -> bool:
    """Whether `day` is one of those that the BY… parts name; where they name none, one like `first`."""
    named = rule.month_days or rule.year_days or rule.weekdays
    if rule.months and day.month not in rule.months:
        return False
    if not named:
        return _like_first(rule, first, day)
    if rule.month_days and not _among(rule.month_days, *_in_month(day)):
        return False
    if rule.year_days and not _among(rule.year_days, *_in_year(day)):
        return False
    return not rule.weekdays or any(_is_nth(rule, nth, day) for nth in rule.weekdays)


def _like_first(rule: Rule, first: date, day: date) -> bool:
    if rule.every == "WEEKLY":
        return day.weekday() == first.weekday()
    if rule.every == "YEARLY" and not rule.months and day.month != first.month:
        return False
    return rule.every == "DAILY" or day.day == first.day


def _among(numbers: tuple[int, ...], number: int, last: int) -> bool:
    """Whether it is one of `numbers`, which count from the end where they are negative."""
    return number in numbers or number - last - 1 in numbers


def _is_nth(rule: Rule, wanted: Nth, day: date) -> bool:
    if day.weekday() != wanted.weekday:
        return False
    if not wanted.nth or rule.every in ("DAILY", "WEEKLY"):
        return True
    place, last = _in_year(day) if rule.every == "YEARLY" and not rule.months else _in_month(day)
    return wanted.nth == ((place - 1) // 7 + 1 if wanted.nth > 0 else -((last - place) // 7 + 1))


def _in_month(day: date) -> tuple[int, int]:
    """Its number in its month, and the last one there."""
    return day.day, calendar.monthrange(day.year, day.month)[1]


def _in_year(day: date) -> tuple[int, int]:
    return day.timetuple().tm_yday, 365 + calendar.isleap(day.year)


def _numbers(text: str, least: int, most: int) -> tuple[int, ...]:
    """Raises ValueError for what is no list of numbers in these bounds. Zero is none of them."""
    found = tuple(sorted({int(part) for part in text.split(",") if part}))
    if any(not least <= n <= most or n == 0 for n in found):
        raise ValueError("out of bounds")
    return found


def _weekdays(text: str) -> tuple[Nth, ...]:
    found = []
    parts = [part for part in text.split(",") if part]
    if len(parts) > MOST_WEEKDAYS:
        raise ValueError("too many weekdays")
    for part in parts:
        match = _WEEKDAY.fullmatch(part.strip())
        if match is None:
            raise ValueError("no weekday")
        found.append(Nth(int(match[1] or 0), _WEEKDAYS.index(match[2])))
    return tuple(sorted(set(found)))
