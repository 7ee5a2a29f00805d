"""Calendar files (RFC 5545). Pure: text in, bytes out, and back."""

import hashlib
from datetime import UTC, date, datetime, timedelta

from gum.errors import NotAllowed


def to_ics(summary: str, start: str, stamp: str, end: str = "") -> bytes:
    """A calendar of one entry; the same arguments give the same bytes.

    `start` and `end`: ISO date (all day; `end` not included) or ISO time with zone; `stamp`: ISO time
    with zone. Raises NotAllowed for times that are none.
    """
    from icalendar import Calendar, Event  # 7 MB of memory, and seldom wanted

    first = _when(start)
    last = (
        _when(end)
        if end
        else first + (timedelta(hours=1) if isinstance(first, datetime) else timedelta(days=1))
    )
    if isinstance(first, datetime) is not isinstance(last, datetime) or not _before(first, last):
        raise NotAllowed("The entry would end before it begins", "No calendar file was made.")
    made = _when(stamp)
    event = Event()
    event.add("summary", summary)
    event.add("dtstart", first)
    event.add("dtend", last)
    event.add("dtstamp", made)
    event.add("uid", hashlib.sha256(f"{summary}\n{start}\n{stamp}".encode()).hexdigest()[:32] + "@gumption")
    calendar = Calendar()
    calendar.add("prodid", "-//Gumption//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def from_ics(content: bytes) -> list[tuple[str, str]]:
    """(summary, ISO start) of each entry. Raises NotAllowed when it is no calendar."""
    from icalendar import Calendar

    try:
        found = Calendar.from_ical(content)
        return [(str(e["summary"]), e.start.isoformat()) for e in found.events]
    except (ValueError, KeyError, IndexError) as error:
        raise NotAllowed(
            "The calendar file cannot be read back", "It may have been changed by somebody."
        ) from error


def iso(when: str) -> str:
    """The form in which `from_ics` gives back a start."""
    return _when(when).isoformat()


def _when(text: str) -> date | datetime:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotAllowed("That is not a time", "No calendar file was made.") from error
    if moment.tzinfo is None:
        raise NotAllowed("A time without a zone cannot be placed", "No calendar file was made.")
    return moment.astimezone(UTC).replace(microsecond=0)


def _before(first: date | datetime, last: date | datetime) -> bool:
    return first.isoformat() < last.isoformat()  # both dates, or both UTC times: their texts sort alike
