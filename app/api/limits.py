"""How much one may ask: token buckets, and which there are at the door. Pure: the time is an argument.

A bucket holds `burst` and fills by `per_s` a second; what is asked takes one out. There is room for so many
names, and who finds none shares one bucket with all others who found none: memory is bounded, and nobody gets
a full bucket by coming under ever new names.
"""

import math
from collections import Counter
from dataclasses import dataclass

AT_ONCE, ALL_AT_ONCE = 64, 150  # of one client, of all; the rest of the connections is the owner's
REST = ""  # the bucket of all who found no room; nobody is called so


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second for long, and so many at once."""

    per_s: float
    burst: float

    @classmethod
    def a_minute(cls, count: float, burst: float) -> "Rate":
        return cls(count / 60, burst)


class Buckets:
    """One bucket for each name."""

    def __init__(self, rate: Rate, most: int = 256) -> None:
        self._rate, self._most = rate, most
        self._left: dict[str, tuple[float, float]] = {}  # name: what was left, and when

    def __len__(self) -> int:
        return len(self._left)

    def take(self, name: str, now: float) -> float:
        """0 when there was one to take; else after how many seconds there will be. `now`: s, of one clock."""
        if name not in self._left and len(self._left) >= self._most:
            self._clear(now)
            if len(self._left) >= self._most:
                name = REST
        left, now = self._at(name, now)
        if left >= 1:
            self._left[name] = left - 1, now
            return 0.0
        self._left[name] = left, now
        return (1 - left) / self._rate.per_s

    def _at(self, name: str, now: float) -> tuple[float, float]:
        """What is in a bucket by now; a clock that went back has stood still."""
        left, then = self._left.get(name, (self._rate.burst, now))
        now = max(now, then)
        return min(self._rate.burst, left + (now - then) * self._rate.per_s), now

    def _clear(self, now: float) -> None:
        """A bucket that has filled is like one that was never there."""
        for name in [name for name in self._left if self._at(name, now)[0] >= self._rate.burst]:
            del self._left[name]


def retry_after(wait_s: float) -> int:
    """Whole seconds, as a header says them: at least one, and never too few."""
    return max(1, math.ceil(wait_s))


WRONG = Rate(1, 300)
"""Wrong tokens of one source. Of 2^256 nobody guesses one; this bounds the work they make."""
PAIRING = Rate.a_minute(20, 20)
"""Requests without a token that begin a pairing, or try its code (three wrong ones end it in any case)."""
OPEN = Rate(5, 60)
"""Other requests that need no token."""


class Limits:
    """The buckets of the door. A source is an address; all programs on this machine are one."""

    def __init__(self, requests_per_minute: float = 600) -> None:
        self._clients = Buckets(Rate.a_minute(requests_per_minute, max(20, requests_per_minute / 6)))
        self._wrong, self._pairing, self._open = Buckets(WRONG), Buckets(PAIRING), Buckets(OPEN)

    def asked(self, client: str, now: float) -> float:
        """A client whose token is right asks; seconds it must wait, 0: none."""
        return self._clients.take(client, now)

    def wrong(self, source: str, now: float) -> float:
        """A token was wrong. Only wrong ones are counted and told to wait: who has a right one gets in."""
        return self._wrong.take(source, now)

    def opened(self, source: str, pairing: bool, now: float) -> float:
        """Something that needs no token was asked."""
        return (self._pairing if pairing else self._open).take(source, now)


class Inside:
    """How many requests of clients are being answered: a stream of events is one for as long as it lasts."""

    def __init__(self) -> None:
        self._each: Counter[str] = Counter()

    def enter(self, client: str) -> bool:
        """Whether there is a place for one more; then it is taken until `leave`."""
        if self._each[client] >= AT_ONCE or self._each.total() >= ALL_AT_ONCE:
            return False
        self._each[client] += 1
        return True

    def leave(self, client: str) -> None:
        self._each[client] -= 1
        if not self._each[client]:
            del self._each[client]
