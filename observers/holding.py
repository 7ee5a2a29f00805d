"""Which rules hold now: some only at certain hours, some only while the screen is being shared. Pure.

Hours are spans with commas between them: `22:00-07:00`, `mon-fri 09:00-17:30`, `sat-sun`. They are meant by
the clock of the desk; a span that goes over midnight belongs to the day on which it begins. Where it cannot
be told whether a rule holds, it does: rules only ever take away.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from gum.errors import RuleUnusable
from gum.types import Rule

HOURS_HINT = (
    "Write hours like “22:00-07:00”, “mon-fri 09:00-17:30” or “sat-sun”, several with commas between."
)
MOMENT_HINT = "Write a time like “22:30” or “sat 22:30”."

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_MIN = 24 * 60
_CLOCK = r"(\d{1,2}):(\d{2})"
_SPAN = re.compile(rf"(?:([a-z]+)(?:-([a-z]+))?)?\s*(?:{_CLOCK}-{_CLOCK})?")
_MOMENT = re.compile(rf"(?:([a-z]+)\s+)?{_CLOCK}")


@dataclass(frozen=True, slots=True)
class Span:
    """From minute `start` to before `end` of these days (0 is Monday); `end` may lie on the next day."""

    days: frozenset[int]
    start: int
    end: int

    def holds(self, day: int, minute: int) -> bool:
        over = self.end - _DAY_MIN
        yesterday = (day - 1) % 7 in self.days and minute < over
        return yesterday or (day in self.days and self.start <= minute < self.end)


@lru_cache(maxsize=256)
def spans(hours: str) -> tuple[Span, ...]:
    """What `hours` says. Raises RuleUnusable."""
    return tuple(_span(part) for part in hours.split(","))


def within(hours: str, at_local: datetime) -> bool:
    """Whether the clock of the desk, showing `at_local`, is in `hours`. Raises RuleUnusable."""
    minute = at_local.hour * 60 + at_local.minute
    return any(span.holds(at_local.weekday(), minute) for span in spans(hours))


def holding(rules: Sequence[Rule], at_local: datetime, sharing: bool | None) -> tuple[Rule, ...]:
    """Those of `rules` that are in force then; `sharing`: is the screen shared, None: nobody can tell."""
    return tuple(rule for rule in rules if _holds(rule, lambda: at_local, lambda: sharing))


def in_force_now(
    rules: Callable[[], Sequence[Rule]], clock: Callable[[], datetime], sharing: Callable[[], bool | None]
) -> Callable[[], Sequence[Rule]]:
    """`rules`, as they hold whenever they are asked for. `sharing` is asked only if a rule wants to know."""
    return lambda: tuple(rule for rule in rules() if _holds(rule, clock, sharing))


def moment(text: str, now_local: datetime) -> datetime:
    """The time that "22:30" means on the day of `now_local`, or "sat 22:30" on that day or the next such one.

    Raises RuleUnusable.
    """
    found = _MOMENT.fullmatch(" ".join(text.casefold().split()))
    if found is None:
        raise RuleUnusable(f"“{text[:40]}” is no time of day", MOMENT_HINT)
    minute = _minute(found[2], found[3], text, MOMENT_HINT)
    if minute == _DAY_MIN:
        raise RuleUnusable(f"“{text[:40]}” is no time of day", MOMENT_HINT)
    days = (_day(found[1], text, MOMENT_HINT) - now_local.weekday()) % 7 if found[1] else 0
    day = now_local + timedelta(days=days)
    return day.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)


def _holds(rule: Rule, clock: Callable[[], datetime], sharing: Callable[[], bool | None]) -> bool:
    if rule.hours is not None:
        try:
            if not within(rule.hours, clock()):
                return False
        except RuleUnusable:  # stored by another version, or in an imported file
            return True
    return rule.sharing is None or sharing() in (rule.sharing, None)


def _span(part: str) -> Span:
    found = _SPAN.fullmatch(" ".join(re.sub(r"\s*[-–—]\s*", "-", part.casefold()).split()))
    if found is None or not found[0]:
        raise RuleUnusable(f"“{part.strip()[:40]}” are no hours", HOURS_HINT)
    first, last, *clock = found.groups()
    days = frozenset(range(7))
    if first is not None:
        begin = _day(first, part, HOURS_HINT)
        length = (_day(last, part, HOURS_HINT) - begin) % 7 if last else 0
        days = frozenset((begin + n) % 7 for n in range(length + 1))
    if clock[0] is None:
        return Span(days, 0, _DAY_MIN)
    start, end = _minute(clock[0], clock[1], part, HOURS_HINT), _minute(clock[2], clock[3], part, HOURS_HINT)
    if start in (end, _DAY_MIN):
        raise RuleUnusable(f"“{part.strip()[:40]}” has no length", "For the whole day write 00:00-24:00.")
    return Span(days, start, end if end > start else end + _DAY_MIN)


def _day(name: str, text: str, hint: str) -> int:
    if name in _DAYS:
        return _DAYS.index(name)
    if name in _NAMES:
        return _NAMES.index(name)
    raise RuleUnusable(f"“{text.strip()[:40]}” names no day of the week", hint)


def _minute(hour: str, minute: str, text: str, hint: str) -> int:
    found = int(hour) * 60 + int(minute)
    if int(minute) > 59 or found > _DAY_MIN:
        raise RuleUnusable(f"“{text.strip()[:40]}” has a time that no clock shows", hint)
    return found
