"""How a claim fades: by half of what is left every half-life since evidence last came.

GUM's own decay is inverted (its durable claims vanish first) and runs from creation; gum.md section 4, 1.
Here the clock starts anew with each support, and support that comes after a long time lengthens the
half-life most (the spacing effect: Cepeda et al., Psychological Bulletin 132, 2006).
"""

from datetime import datetime, timedelta

from gum.claims import TABLE, YEARS
from gum.types import Proposition

LASTS = 4  # half-lives without support, after which hardly anything is left (1/16)
LONGEST = 8  # times the half-life of its type, and never beyond YEARS


def strength(supported_at: datetime, half_life: timedelta, now: datetime) -> float:
    """What is left of a claim, 0..1: `2 ** -(age / half_life)`. A clock set back strengthens nothing."""
    age = max(timedelta(), now - supported_at)
    if half_life <= timedelta():
        return 0.0 if age else 1.0
    return float(2.0 ** -min(1000.0, age / half_life))


def present(proposition: Proposition, now: datetime) -> float:
    """Confidence as it stands now; 0 once its date has passed."""
    if proposition.valid_until is not None and proposition.valid_until < now:
        return 0.0
    left = strength(proposition.supported_at, proposition.half_life, now)
    return proposition.confidence * left


def lapsed(proposition: Proposition, now: datetime) -> bool:
    """Whether a claim has become stale: its date has passed, or hardly anything of it is left.

    What the person settled only goes with its date.
    """
    if proposition.valid_until is not None and proposition.valid_until < now:
        return True
    if proposition.settled:
        return False
    return strength(proposition.supported_at, proposition.half_life, now) < 2.0 ** (-LASTS)


def lengthened(kind: str, half_life: timedelta, since: timedelta) -> timedelta:
    """The half-life after support that came `since` after the last: up to half as long again."""
    if half_life <= timedelta():
        return TABLE[kind].half_life
    longest = min(YEARS, LONGEST * TABLE[kind].half_life)
    share = min(1.0, max(timedelta(), since) / half_life)
    return max(half_life, min(longest, half_life * (1 + share / 2)))


_UNITS = (
    (timedelta(days=365), "year"),
    (timedelta(days=30), "month"),
    (timedelta(weeks=1), "week"),
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
)


def human(half_life: timedelta) -> str:
    """In words for people: "about 2 weeks"."""
    for unit, name in _UNITS:
        if half_life >= unit * 0.95:
            count = max(1, round(half_life / unit))
            return f"about {count} {name}{'s' if count > 1 else ''}"
    return "less than an hour"
