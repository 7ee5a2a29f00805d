"""How the hands were at work: keys, clicks and scrolls grouped into bursts. Pure; the caller brings the time.

What comes in says that there was a key, never which. A burst ends after GAP_S without anything, after
LONGEST_S, or when the person goes to another window.

What goes out is coarser than what came in, for the number of keys in a burst may be the length of a password
and the pauses between them tell something of its letters (Song, Wagner, Tian: Timing analysis of keystrokes
and timing attacks on SSH, USENIX Security 2001). So keys are told in full twenties, most passwords and every
code are "fewer than 20", and a rhythm is told of 20 keys or more, as one median and a number of pauses.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

GAP_S = 5.0
LONGEST_S = 120.0
PAUSE_S = 1.0
STEP = 20  # keys are told in multiples of it
TICK_MS = 10  # what the median is rounded to


class Hand(StrEnum):
    """What a hand did. A turn of the wheel and two fingers on a pad are scrolls alike."""

    KEY = "key"
    CLICK = "click"
    SCROLL = "scroll"


@dataclass(frozen=True, slots=True)
class Burst:
    """One burst, as it may be told. `keys` is a multiple of STEP; `few_keys`: some, but fewer than STEP.

    `gap_ms` and `pauses` (longer than PAUSE_S, between two keys): None unless STEP keys were pressed.
    """

    at: datetime
    until: datetime
    keys: int
    few_keys: bool
    clicks: int
    scrolls: int
    gap_ms: int | None
    pauses: int | None

    def text(self) -> str:
        """E.g. "typed some 120 keys, 3 clicks, 12 scrolls; 180 ms between keys, 4 pauses"."""
        typed = f"typed some {self.keys} keys" if self.keys else f"typed fewer than {STEP} keys"
        said = [typed] if self.keys or self.few_keys else []
        said += [_many(self.clicks, "click")] if self.clicks else []
        said += [_many(self.scrolls, "scroll")] if self.scrolls else []
        rhythm = []
        if self.gap_ms is not None:
            rhythm = [f"{self.gap_ms} ms between keys", _many(self.pauses or 0, "pause")]
        return "; ".join(", ".join(part) for part in (said, rhythm) if part)


@dataclass(slots=True)
class _Open:
    at: datetime
    until: datetime
    clicks: int = 0
    scrolls: int = 0
    keys: list[datetime] = field(default_factory=list)


class Bursts:
    """Groups what one person does in one window after another."""

    def __init__(self) -> None:
        self._open: _Open | None = None

    def add(self, hand: Hand, at: datetime) -> Burst | None:
        """Something was done at `at`; the burst that was over before, if there is one."""
        done = self.rest(at)
        if self._open is None:
            self._open = _Open(at, at)
        now = self._open
        now.until = max(now.until, at)
        if hand is Hand.KEY:
            now.keys.append(at)
        elif hand is Hand.CLICK:
            now.clicks += 1
        else:
            now.scrolls += 1
        return done

    def rest(self, at: datetime) -> Burst | None:
        """The open burst, if it is over at `at`. A clock that was set back ends it."""
        now = self._open
        if now is None:
            return None
        still = timedelta() <= at - now.until < timedelta(seconds=GAP_S)
        return None if still and at - now.at < timedelta(seconds=LONGEST_S) else self.leave()

    def leave(self) -> Burst | None:
        """The open burst: the person has gone to another window."""
        now, self._open = self._open, None
        return _told(now) if now is not None else None

    def forget(self) -> None:
        """Drops the open burst: observing was paused, or the window is not to be seen."""
        self._open = None

    @property
    def open(self) -> bool:
        return self._open is not None


def _told(found: _Open) -> Burst:
    count = len(found.keys)
    keys = count // STEP * STEP
    between = [(b - a).total_seconds() for a, b in zip(found.keys, found.keys[1:], strict=False)]
    gap = round(median(between) * 1000 / TICK_MS) * TICK_MS if keys else None
    pauses = sum(1 for s in between if s > PAUSE_S) if keys else None
    return Burst(found.at, found.until, keys, 0 < count < STEP, found.clicks, found.scrolls, gap, pauses)


def _many(count: int, one: str) -> str:
    return f"{count} {one if count == 1 else one + 's'}"
