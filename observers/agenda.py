"""What a calendar says of the days to come: occasions of its events, and how they are told. Pure.

Of a series the next SERIES occasions are told: the stand-up of every day is no ten things to prepare for.
What belongs to others or may let somebody in is left out: descriptions, and links to meetings.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import NamedTuple

from gum.lasting import lasting_id
from gum.types import Observation, Trust
from observers import recurrence
from observers.ics import Event, Person, When

AHEAD = timedelta(days=14)
SERIES = 2  # of what comes every week that is all of AHEAD
MEETING = timedelta(hours=5)  # who blocks more of a day (working hours, a journey) is not in one meeting
MOST = 2_000  # occasions of series and single events; more is no calendar of a person
PEOPLE = 20  # of those invited
MOST_TITLE, MOST_PLACE = 200, 120
APP = "calendar"
OWN = "@gumption"  # how the uids of events end that Gumption itself made (assistants.event)

_LINK = re.compile(
    # From where a word begins on: looked for at each letter, a long one would cost its square.
    r"(?<!\S)\S*(?:://|www\.)\S*|(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S*",
    re.IGNORECASE,
)
_WAY_IN = re.compile(
    r"\b(?:meeting|conference|konferenz|webinar)[ -]?(?:id|code|nr)\b|\bpass(?:code|word|wort)\b|\bkennwort\b"
    r"|\b(?:access|zugangs?|einwahl|entry|door|tür|kenn)[ -]?codes?\b|\bpwd?\b"
    r"|\bdial[ -]?in\b|\bpin\b\s*(?:[:=]|\d)|\bcode\s*:?\s*\d|\bcode d'accès\b|\bcontraseña\b"
    r"|\+\d[\d ()-]{6,}|\b\d{3}[ -]\d{3,4}[ -]\d{3,4}\b",
    re.IGNORECASE,
)
MEETING_TITLE = "Meeting"  # of what is called by a way in alone
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Occasion(NamedTuple):
    """One time that an event takes place, in UTC. `place`: which of its series, as the series has it."""

    start: datetime
    end: datetime
    event: Event
    place: str  # "" of what does not repeat

    @property
    def repeats(self) -> bool:
        """Whether it comes by a rule or list, and not by itself or moved by somebody."""
        return self.event.rule is not None or bool(self.event.also)


def coming(events: Iterable[Event], now: datetime, here: tzinfo, ahead: timedelta = AHEAD) -> list[Occasion]:
    """What is not over at `now` and begins within `ahead`, soonest first; nothing that is cancelled.

    `events` are those of one calendar: an event that replaces one occasion of a series is told by its uid.
    """
    single: dict[tuple[str, When], Event] = {}
    series: dict[str, Event] = {}
    for event in events:
        if event.instead_of is not None:
            key = (event.uid, event.instead_of)
            if key not in single or event.sequence >= single[key].sequence:
                single[key] = event
        elif event.uid not in series or event.sequence >= series[event.uid].sequence:
            series[event.uid] = event
    moved: defaultdict[str, list[When]] = defaultdict(list)
    for uid, original in single:
        moved[uid].append(original)
    every = (o for e in series.values() for o in _occasions(e, moved[e.uid], now, here, ahead))
    found = list(islice(every, MOST))
    found += [_occasion(e, e.start, here, _stamp(original)) for (_, original), e in single.items()]
    wanted = (o for o in found if not o.event.cancelled and _within(o, now, ahead))
    return sorted(wanted, key=lambda o: (o.start, o.end, o.event.uid, o.place))


def going_on(occasions: Iterable[Occasion], now: datetime) -> bool:
    """Whether a meeting goes on: something with a time of day, of a few hours at most, that blocks."""
    return any(o.event.blocks and o.start <= now < o.end and o.end - o.start <= MEETING for o in occasions)


def worth_telling(occasions: Sequence[Occasion]) -> list[Occasion]:
    """Those of `occasions`, which are in order, that are told: of a series the next ones.

    Nothing that is private, and nothing that Gumption entered itself: that is no evidence of the person.
    """
    seen: defaultdict[str, int] = defaultdict(int)
    found = []
    for occasion in occasions:
        event = occasion.event
        if event.private or event.uid.endswith(OWN) or not _title(event):
            continue
        if occasion.repeats:
            seen[event.uid] += 1
            if seen[event.uid] > SERIES:
                continue
        found.append(occasion)
    return found


def observation(occasion: Occasion, at: datetime, here: tzinfo, owner: str = "") -> Observation:
    """An occasion as it is told. The same words of the same occasion have the same id, for ever.

    The id knows nothing of the desk's zone, in which the text tells the time, nor of the order of the guests.

    `owner`: the address of whose calendar it is, "" where nobody knows. What somebody else called together is
    theirs; what nobody called together the person wrote themself.
    """
    event = occasion.event
    organizer = event.organizer
    own = bool(owner) and organizer is not None and organizer.address == owner
    others = event.others and not own
    title = _title(event)
    said = [f"Summary: {title}", f"When: {_when(occasion, here)}"]
    place = _place(event.place)
    if place:
        said.append(f"Where: {place}")
    caller = _in_full(organizer) if others and organizer is not None else ""
    if caller:
        said.append(f"From: {caller}")
    known = {owner, organizer.address if organizer else ""} - {""}
    guests = {
        p.name or p.address for p in event.attendees if p != organizer and not known & {p.name, p.address}
    }
    invited = sorted(guests)[:PEOPLE]
    if invited:
        said.append(f"To: {'; '.join(invited)}")
    trust = Trust.RECEIVED if others else Trust.AUTHORED
    begin = occasion.place if occasion.repeats else _stamp(event.start)
    length = str(int(event.length.total_seconds()))
    identity = (event.uid, occasion.place, begin, length, title, place, trust.value, caller, *invited)
    return Observation(
        id=lasting_id("calendar", *identity),
        source=APP,
        at=at,
        until=at,
        app=APP,
        title=title,
        text="\n".join(said),
        trust=trust,
    )


def _occasions(
    event: Event, moved: Iterable[When], now: datetime, here: tzinfo, ahead: timedelta
) -> list[Occasion]:
    """Each time a series, or a single event, takes place about then, but for what is left out or moved."""
    zone = event.start.zone or here
    since = (now - event.length).astimezone(zone).date() - timedelta(days=1)
    until = (now + ahead).astimezone(zone).date() + timedelta(days=1)
    if event.rule is not None:
        every = recurrence.days(event.rule, event.start.day, since, until)
    else:
        every = [event.start.day] if since <= event.start.day <= until else []
    begins = [When(day, event.start.clock, event.start.zone) for day in every]
    begins += [_like(when, event.start) for when in event.also if since <= when.day <= until]
    never = _Marks((*event.never, *moved), here)
    repeats = event.rule is not None or bool(event.also)
    found: dict[datetime, Occasion] = {}
    for when in begins:
        if not never.has(when, zone):
            occasion = _occasion(event, when, here, _stamp(when) if repeats else "")
            found.setdefault(occasion.start, occasion)
    return list(found.values())


class _Marks:
    """Times of a series that are not as the series says: by the moment, or whole days of them."""

    def __init__(self, times: Iterable[When], here: tzinfo) -> None:
        self._here = here
        every = list(times)
        self._days = {t.day for t in every if t.clock is None}
        self._moments = {t.at(here) for t in every if t.clock is not None}

    def has(self, when: When, zone: tzinfo) -> bool:
        if not self._days and not self._moments:
            return False
        moment = when.at(self._here)
        return when.day in self._days or moment in self._moments


def _like(when: When, start: When) -> When:
    """A further time of a series: one that names only the day is at the same time as the first."""
    return When(when.day, start.clock, start.zone) if when.clock is None else when


def _occasion(event: Event, when: When, here: tzinfo, place: str) -> Occasion:
    start = when.at(here)
    if when.clock is None:
        return Occasion(start, When(when.day + event.length).at(here), event, place)
    return Occasion(start, start + event.length, event, place)


def _stamp(when: When) -> str:
    """The moment in UTC; of what is wherever one is, as it is written."""
    if when.clock is None:
        return when.day.isoformat()
    if when.zone is None:
        return f"{when.day.isoformat()}T{when.clock.isoformat()}"
    return when.at(UTC).isoformat()


def _within(occasion: Occasion, now: datetime, ahead: timedelta) -> bool:
    return occasion.start < now + ahead and (occasion.end > now or occasion.start >= now)


def _title(event: Event) -> str:
    said = " ".join(_LINK.sub(" ", event.summary).split())
    way_in = _WAY_IN.search(said)
    if way_in is not None:
        said = _up_to(said, way_in.start()) or MEETING_TITLE
    return said[:MOST_TITLE].strip()


def _place(said: str) -> str:
    """Where, without the ways into a meeting on the net; those alone are "online"."""
    ends = [m.start() for m in (_LINK.search(said), _WAY_IN.search(said)) if m is not None]
    if not ends:
        return said.strip(" ,;:-–|/(")[:MOST_PLACE].strip()
    return _up_to(said, min(ends))[:MOST_PLACE].strip() or "online"


def _up_to(said: str, end: int) -> str:
    """What stands before; a bracket that was open there is closed."""
    kept = said[:end].strip(" ,;:-–|/(")
    return kept + ")" if kept.count("(") > kept.count(")") else kept


def _in_full(person: Person) -> str:
    if person.name and person.address:
        return f"{person.name} <{person.address}>"
    return person.name or person.address


def _when(occasion: Occasion, here: tzinfo) -> str:
    """In words that gum.dates reads, in the desk's zone. Not by the locale: claims are in English."""
    start, end = occasion.start.astimezone(here), occasion.end.astimezone(here)
    if occasion.event.start.clock is None:
        last = (occasion.end - timedelta(seconds=1)).astimezone(here).date()
        return _day(start.date()) + (f" to {_day(last)}" if last > start.date() else "")
    first = f"{_day(start.date())} at {_clock(start.time())}"
    if end.date() == start.date():
        return first + (f" to {_clock(end.time())}" if end > start else "")
    return f"{first} to {_day(end.date())} at {_clock(end.time())}"


def _day(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def _clock(clock: time) -> str:
    return f"{clock.hour:02}:{clock.minute:02}"
