"""Calendar files (RFC 5545): events as they stand there, what repeats not yet repeated. Pure.

Made for files by anybody. Each event is read for itself, so that a broken one costs only itself. Time zones
are told by their names (IANA's, Windows', with or without somebody's prefix); what a file says of a zone's
own rules is not worked out. One nobody knows is taken for the desk's.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from io import StringIO
from typing import NamedTuple
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import vDuration
from icalendar.parser import Parameters
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from gum.text import clean
from observers.recurrence import Rule, counted_out, parse

MOST = 10_000  # events of one calendar; ten years of a busy one have five thousand
MOST_LINES = 2_000  # of one name in one event: who is invited, one a line
MOST_LINE = 20_000  # characters; a list of 400 left-out days has 7,000
MOST_TIMES = 5_000  # of one calendar that come or go beside the rules, from then on
COUNTING = 200_000  # days of one calendar that are looked at to tell when its counted series end
LONGEST = timedelta(days=62)  # of an event
OLD = LONGEST + timedelta(days=2)

_FOLD = re.compile(rb"\r?\n[ \t]")
_LINE = re.compile(r'[A-Za-z0-9-]+(?P<given>(?:;[^=:;"]+=(?:"[^"]*"|[^":;])*)*):(?P<value>.*)', re.DOTALL)
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NAME = re.compile(r"\s*([A-Za-z0-9-]+)")
_COMPONENT = re.compile(r"^BEGIN:(?!\s*VCALENDAR\s*$)", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"(?:mailto:)?\s*([^\s<>:;,@]+@[^\s<>:;,@]+)", re.IGNORECASE)
_BUSY = "X-MICROSOFT-CDO-BUSYSTATUS"
_WANTED = frozenset(
    {
        *("UID", "SUMMARY", "LOCATION", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE"),
        *("RECURRENCE-ID", "STATUS", "TRANSP", "CLASS", "SEQUENCE", "ORGANIZER", "ATTENDEE", _BUSY),
    }
)
_NOT_AT_WORK = frozenset({"FREE", "OOF", "WORKINGELSEWHERE"})
_THINGS = frozenset({"ROOM", "RESOURCE"})


@dataclass(frozen=True, slots=True)
class When:
    """A time as a calendar says it. Without `clock` the whole day; without `zone` wherever one is."""

    day: date
    clock: time | None = None
    zone: tzinfo | None = None

    def at(self, here: tzinfo) -> datetime:
        """In UTC, for somebody in the zone `here`."""
        return datetime.combine(self.day, self.clock or time(), self.zone or here).astimezone(UTC)


class Person(NamedTuple):
    """Somebody of an event; either may be ""."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Event:
    """One event or one series. `summary` and `place` are a line each; a day without times has whole days."""

    uid: str
    start: When
    length: timedelta
    summary: str
    place: str
    organizer: Person | None  # None also where several are named, or nobody that can be read
    others: bool  # it says that somebody calls it together, whatever can be read of whom
    attendees: tuple[Person, ...]
    blocks: bool  # who has it is taken up by it
    private: bool
    cancelled: bool
    sequence: int
    rule: Rule | None = None  # its count turned into a last day
    also: tuple[When, ...] = ()
    never: tuple[When, ...] = ()
    instead_of: When | None = None  # of a series with this uid


class Calendar(NamedTuple):
    """`owner`: the address it goes by, in lower case; "" when it does not say. `lost`: unreadable events."""

    events: tuple[Event, ...]
    owner: str
    lost: int


_Field = tuple[Mapping[str, str], str]


class _Block(NamedTuple):
    """The lines of an event that are read; `organizers`: how many there are, also in what is in it."""

    lines: list[str]
    organizers: int


class _Series(NamedTuple):
    """What holds for what is moved out of a series, too, unless it says something else itself."""

    private: bool
    others: bool
    organizer: Person | None


def read(data: bytes, today: date, here: tzinfo) -> Calendar:
    """The events of a file that may be of use on `today` or later. Raises ValueError for what is none."""
    text = _FOLD.sub(b"", data).decode("utf-8-sig", "replace")
    if "BEGIN:VCALENDAR" not in text[:10_000].upper():
        raise ValueError("no calendar")
    found: list[Event] = []
    open_ones: set[int] = set()  # of `found`, those that say themselves how private they are
    series: dict[str, _Series] = {}
    lost, left, times = 0, COUNTING, MOST_TIMES
    old = today - OLD
    for block in _blocks(text):
        if _long_past(block.lines, old):
            continue
        if len(found) >= MOST:
            lost += 1
            continue
        try:
            fields = _fields(block.lines)
            event = _event(fields, here, block.organizers, old, times)
        except (ValueError, OverflowError):
            lost += 1
            continue
        times -= len(event.also) + len(event.never)
        if event.rule is not None:
            rule, looked = counted_out(event.rule, event.start.day, left)
            left -= looked
            event = replace(event, rule=rule)
        if event.instead_of is None:
            series[event.uid] = _with(series.get(event.uid), event)
        if not _over(event, old):
            if "CLASS" in fields:
                open_ones.add(len(found))
            found.append(event)
    every = (_moved(event, series, n in open_ones) for n, event in enumerate(found))
    return Calendar(tuple(every), _owner(text), lost)


def _with(before: _Series | None, event: Event) -> _Series:
    """Of several versions of a series the most careful of what they say."""
    if before is None:
        return _Series(event.private, event.others, event.organizer)
    same = event.organizer if event.organizer == before.organizer else None
    return _Series(before.private or event.private, before.others or event.others, same)


def _moved(event: Event, series: Mapping[str, _Series], says: bool) -> Event:
    """An occasion that was moved, with what its series says of it. `says`: it has a class of its own."""
    if event.instead_of is None or (of := series.get(event.uid)) is None:
        return event
    private = event.private or (of.private and not says)
    if event.others:
        return replace(event, private=private)
    return replace(event, private=private, others=of.others, organizer=of.organizer)


def _long_past(block: list[str], before: date) -> bool:
    """Whether an event surely is over, at first sight: most are, and to read one costs 0.2 ms."""
    day = ""
    for line in block:
        begin = line[:7].upper()
        if begin == "DTSTART":
            day = line.rpartition(":")[2].strip()[:8]
        elif begin.startswith(("RRULE", "RDATE", "RECURRE")):
            return False
    return re.fullmatch("[0-9]{8}", day) is not None and day < f"{before:%Y%m%d}"


def _over(event: Event, before: date) -> bool:
    """Whether it is past, as far as one can tell without working out a series."""
    if event.rule is not None:
        return event.rule.until is not None and event.rule.until < before and not event.also
    instead = event.instead_of
    return event.start.day < before and not event.also and (instead is None or instead.day < before)


def _blocks(text: str) -> Iterator[_Block]:
    """The lines of each event that are of use, without those of the alarms in it."""
    counts: dict[str, int] | None = None
    lines: list[str] = []
    inside = 0
    for raw in StringIO(text, "\n"):
        line = raw.rstrip("\r\n")
        marked = line[:6].upper()
        if marked == "BEGIN:":
            if line[6:].strip().upper() == "VEVENT":
                counts, lines, inside = {}, [], 0  # one that never ended is given up
            else:
                inside += 1
        elif marked.startswith("END:"):
            if inside:
                inside -= 1
            elif counts is not None:
                yield _Block(lines, counts.get("ORGANIZER", 0))
                counts = None
        elif counts is not None and (match := _NAME.match(line)):
            name = match[1].upper()
            # Each name for itself: a long list of guests hides neither who invites nor that it is private.
            # Somebody who invites counts wherever the line is, and whatever is wrong with the rest of it.
            if name.startswith("ORGANIZER"):
                name = "ORGANIZER"
            elif inside or name not in _WANTED:
                continue
            counts[name] = counts.get(name, 0) + 1
            if not inside and counts[name] <= MOST_LINES:
                lines.append(line[:MOST_LINE])


def _fields(lines: list[str]) -> dict[str, list[_Field]]:
    found: dict[str, list[_Field]] = {}
    for line in lines:
        name = re.split("[;:]", line, maxsplit=1)[0].strip().upper()
        if name in _WANTED and (match := _LINE.match(line.strip())):
            found.setdefault(name, []).append((_given(match["given"]), match["value"]))
    return found


def _given(text: str) -> dict[str, str]:
    """The parameters of a line; none where they are broken."""
    if not text:
        return {}
    try:
        found = Parameters.from_ical(text[1:])  # type: ignore[no-untyped-call]
    except ValueError:
        return {}
    return {
        str(key).upper(): value if isinstance(value, str) else ", ".join(map(str, value))
        for key, value in found.items()
    }


def _event(fields: Mapping[str, list[_Field]], here: tzinfo, organizers: int, old: date, most: int) -> Event:
    """`organizers`: lines that name one; `most` times beside its rule, none of them before `old`.

    Raises ValueError where it does not say when, or which it is.
    """
    start = _when(*_first(fields, "DTSTART"))
    uid = _first(fields, "UID")[1].strip()
    invited = [
        _person(*f) for f in fields.get("ATTENDEE", ()) if f[0].get("CUTYPE", "").upper() not in _THINGS
    ]
    calling = [_organizer(*f) for f in fields.get("ORGANIZER", ())]
    replaced = fields.get("RECURRENCE-ID", ())
    also = _times(fields, "RDATE", start, old, most)
    rules = fields.get("RRULE", ())
    busy = _word(fields, _BUSY) not in _NOT_AT_WORK
    return Event(
        uid=uid[:1000],
        start=start,
        length=_length(fields, start, here),
        summary=_line(fields, "SUMMARY"),
        place=_line(fields, "LOCATION"),
        organizer=calling[0] if calling and organizers == 1 else None,
        others=organizers > 0,
        attendees=tuple(person for person in invited if person is not None),
        blocks=start.clock is not None and busy and _word(fields, "TRANSP") != "TRANSPARENT",
        private=_word(fields, "CLASS") not in ("", "PUBLIC"),
        cancelled=_word(fields, "STATUS") == "CANCELLED",
        sequence=_number(_word(fields, "SEQUENCE")),
        rule=_rule(rules[0][1], start, here) if rules else None,
        also=also,
        never=_times(fields, "EXDATE", start, old, most - len(also)),
        instead_of=_when(*replaced[0]) if replaced else None,
    )


def _first(fields: Mapping[str, list[_Field]], name: str) -> _Field:
    found = fields.get(name)
    if not found:
        raise ValueError(f"an event without {name}")
    return found[0]


def _word(fields: Mapping[str, list[_Field]], name: str) -> str:
    return fields[name][0][1].strip().upper() if name in fields else ""


def _line(fields: Mapping[str, list[_Field]], name: str) -> str:
    return _plain(fields[name][0][1]) if name in fields else ""


def _plain(value: str) -> str:
    """A TEXT value (section 3.3.11) as one line: nobody's summary may look like a line of ours."""
    said = _ESCAPED.sub(lambda m: " " if m[1] in "nN" else m[1], value[:2000])
    return " ".join(clean(said).split())


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def _when(given: Mapping[str, str], value: str) -> When:
    """Raises ValueError for what is no time of these centuries."""
    match = _STAMP.fullmatch(value.strip())
    if match is None or not 1900 <= int(match[1]) <= 2200:
        raise ValueError("no time")
    day = date(int(match[1]), int(match[2]), int(match[3]))
    if match[4] is None:
        return When(day)
    clock = time(int(match[4]), int(match[5]), min(59, int(match[6] or 0)))  # 60 is a leap second
    return When(day, clock, UTC if match[7] else zone_of(given.get("TZID", "")))


@lru_cache(maxsize=256)
def zone_of(name: str) -> tzinfo | None:
    """The zone of that name: IANA's, Windows', or one of IANA's with a prefix. None: nobody knows it."""
    bare = name.strip().strip('"').strip("/")
    pieces = bare.split("/")
    guesses = (bare, WINDOWS_TO_OLSON.get(bare, ""), "/".join(pieces[-2:]), "/".join(pieces[-3:]))
    for guess in filter(None, guesses):
        try:
            return ZoneInfo(guess)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of zones
            continue
    return None


def _length(fields: Mapping[str, list[_Field]], start: When, here: tzinfo) -> timedelta:
    """From its beginning to its end; where nothing says so, a day is a day and a time is a moment."""
    length = timedelta(days=1) if start.clock is None else timedelta()
    if "DTEND" in fields:
        end = _when(*fields["DTEND"][0])
        length = end.day - start.day if start.clock is None else end.at(here) - start.at(here)
    elif "DURATION" in fields:
        length = vDuration.from_ical(fields["DURATION"][0][1].strip())  # type: ignore[no-untyped-call]
    least = timedelta(days=1) if start.clock is None else timedelta()
    return min(LONGEST, max(least, length))


def _rule(value: str, start: When, here: tzinfo) -> Rule | None:
    rule = parse(value)
    match = re.search(r"(?:^|;)UNTIL=([^;]*)", value, re.IGNORECASE)
    return rule if rule is None or match is None else replace(rule, until=_last_day(match[1], start, here))


def _last_day(value: str, start: When, here: tzinfo) -> date:
    """The last day on which something that starts at such a time may start."""
    until = _when({}, value)
    if start.clock is None or until.clock is None:
        return until.day
    zone = start.zone or here
    moment = until.at(zone).astimezone(zone)
    return moment.date() if start.clock <= moment.time() else moment.date() - timedelta(days=1)


def _times(
    fields: Mapping[str, list[_Field]], name: str, start: When, old: date, most: int
) -> tuple[When, ...]:
    """At most `most` times that come or go beside a rule, none before `old`; of periods, their beginning."""
    found: list[When] = []
    first = f"{old:%Y%m%d}"
    for given, values in fields.get(name, ()):
        for value in values.split(","):
            if len(found) >= most:
                return tuple(found)
            if value.strip()[:8] < first:
                continue
            when = _when(given, value.split("/")[0])
            # A day that is left out of a series with a time of day, or the other way round.
            found.append(replace(when, clock=None, zone=None) if start.clock is None else when)
    return tuple(found)


def _person(given: Mapping[str, str], value: str) -> Person | None:
    """Somebody by name and address; None where it says neither. A name that is an address proves nothing."""
    said = value.strip()
    match = _ADDRESS.fullmatch(said) or _ADDRESS.fullmatch(clean(unquote(said)))
    address = match[1].lower() if match else ""
    name = " ".join(re.sub(r"[;,<>]", " ", _plain(given.get("CN", ""))).split())[:100]
    if "@" in name:
        name = "" if address else name.lower()
    return Person(name, address) if name or address else None


def _organizer(given: Mapping[str, str], value: str) -> Person | None:
    """Who calls it together, by name alone where somebody else sent it for them: the words are that one's."""
    person = _person(given, value)
    if person is None or "SENT-BY" not in given:
        return person
    sender = _person({}, given["SENT-BY"])
    return person if sender and sender.address == person.address else _person(given, "")


def _owner(text: str) -> str:
    """Some services call a calendar by the address of who has it. What stands in an event is anybody's."""
    head = text[:10_000]
    if found := _COMPONENT.search(head):
        head = head[: found.start()]
    match = re.search(r"^X-WR-CALNAME[^:\n]*:([^\r\n]*)", head, re.IGNORECASE | re.MULTILINE)
    named = _ADDRESS.fullmatch(match[1].strip()) if match else None
    return named[1].lower() if named else ""
