"""What the person is doing now, from the latest observations and the age of the last key or click."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from gum.types import AT_WINDOWS, Moment, Observation, Proposition, Trust

TYPING = timedelta(seconds=5)  # hands on the keys: input this fresh, and own words seen lately
BURST = timedelta(seconds=1.5)  # input this fresh counts as busy hands whatever was seen
AUTHORED_LATELY = timedelta(seconds=30)
IDLE = timedelta(minutes=2)
SWITCHED = timedelta(seconds=15)  # changing programs is a natural break for this long
RECENT = timedelta(minutes=15)
IN_MEETING = 0.2  # at most; not as low as a call that is seen on the screen: a calendar tells only of plans

# Talking to people or presenting: nobody wants a card there.
_TOGETHER = (
    "zoom",
    "teams",
    "webex",
    "jitsi",
    "skype",
    "meet.google",
    "slide show",
    "presentation",
    "impress",
)


def moment(
    recent: Sequence[Observation],
    now: datetime,
    last_input_age: timedelta | None,
    propositions: Sequence[Proposition] = (),
    meeting: bool = False,
) -> Moment:
    """The present moment.

    `recent`: observations in any order; only those of the last 15 minutes are kept. `last_input_age`:
    time since the last key press or pointer movement; None when nobody can tell, then the age of the
    latest observation stands in for it. `meeting`: the calendar says that one goes on.
    """
    kept = sorted((o for o in recent if now - o.until <= RECENT), key=lambda o: (o.until, o.at))
    lately = [o for o in kept if o.source in AT_WINDOWS]
    latest = lately[-1] if lately else None
    age = last_input_age if last_input_age is not None else (now - latest.until if latest else RECENT)
    activity = _activity(lately, now, age)
    free = _interruptibility(lately, now, age, activity)
    return Moment(
        at=now,
        app=latest.app if latest else "",
        title=latest.title if latest else "",
        activity="in a meeting" if meeting and activity != "typing" else activity,
        interruptibility=min(free, IN_MEETING) if meeting else free,
        recent=tuple(kept),
        propositions=tuple(propositions),
        url=latest.url if latest else None,
    )


def _activity(lately: Sequence[Observation], now: datetime, age: timedelta) -> str:
    if age >= IDLE:
        return "idle"
    wrote = any(o.trust is Trust.AUTHORED and now - o.until <= AUTHORED_LATELY for o in lately)
    if age <= BURST or (age <= TYPING and wrote):
        return "typing"
    return "reading"


def _interruptibility(lately: Sequence[Observation], now: datetime, age: timedelta, activity: str) -> float:
    if lately and _together(lately[-1]):
        return 0.05
    if activity == "idle":
        return 1.0
    if activity == "typing":
        return 0.15
    rest = 0.5 + 0.4 * (age / IDLE)  # the longer the hands rest, the less is broken
    return min(1.0, rest + 0.2) if _just_switched(lately, now) else rest


def _together(observation: Observation) -> bool:
    about = f"{observation.app} {observation.title} {observation.url or ''}".casefold()
    return any(word in about for word in _TOGETHER)


def _just_switched(lately: Sequence[Observation], now: datetime) -> bool:
    apps = {o.app for o in lately if now - o.until <= SWITCHED}
    return len(apps) > 1
