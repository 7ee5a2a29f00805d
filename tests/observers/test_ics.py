from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observers import ics
from observers.ics import Calendar, Event, Person, When, read, zone_of

TODAY = date(2026, 11, 23)
BERLIN = ZoneInfo("Europe/Berlin")

GOOGLE = b"""BEGIN:VCALENDAR\r
PRODID:-//Google Inc//Google Calendar 70.9054//EN\r
VERSION:2.0\r
X-WR-CALNAME:Ada.Klein@example.org\r
X-WR-TIMEZONE:Europe/Berlin\r
BEGIN:VTIMEZONE\r
TZID:Europe/Berlin\r
BEGIN:STANDARD\r
DTSTART:19700101T000000\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0100\r
RRULE:FREQ=SECONDLY\r
END:STANDARD\r
END:VTIMEZONE\r
BEGIN:VEVENT\r
DTSTART;TZID=Europe/Berlin:20261127T140000\r
DTEND;TZID=Europe/Berlin:20261127T153000\r
DTSTAMP:20261101T090000Z\r
ORGANIZER;CN=Ben Kern:mailto:ben.kern@example.org\r
UID:1a2b@google.com\r
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=ada.kle\r
 in@example.org;X-NUM-GUESTS=0:mailto:ada.klein@example.org\r
ATTENDEE;CUTYPE=INDIVIDUAL;CN="Stone, Rosa":mailto:rosa@example.org\r
ATTENDEE;CUTYPE=RESOURCE;CN=Room 4:mailto:room4@resource.example.org\r
DESCRIPTION:Join: https://meet.example.org/abc?pwd=hunter2\\n\\nall of it\r
LOCATION:Hauptstr. 5\\, Berlin\r
SEQUENCE:3\r
STATUS:CONFIRMED\r
SUMMARY:Thesis\\; last talk \xc3\xa4\\nwith all\r
TRANSP:OPAQUE\r
BEGIN:VALARM\r
ACTION:DISPLAY\r
DESCRIPTION:This is an event reminder\r
SUMMARY:not this\r
TRIGGER:-P0DT0H10M0S\r
END:VALARM\r
END:VEVENT\r
END:VCALENDAR\r
"""

OUTLOOK = b"""BEGIN:VCALENDAR
METHOD:PUBLISH
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VEVENT
UID:040000008200E00074C5B7101A82E008
SUMMARY:Weekly
DTSTART;TZID=W. Europe Standard Time:20260907T100000
DTEND;TZID=W. Europe Standard Time:20260907T110000
RRULE:FREQ=WEEKLY;UNTIL=20261214T080000Z;INTERVAL=1;BYDAY=MO;WKST=MO
EXDATE;TZID=W. Europe Standard Time:20261116T100000,20261123T100000
CLASS:PUBLIC
X-MICROSOFT-CDO-BUSYSTATUS:OOF
END:VEVENT
BEGIN:VEVENT
UID:private
CLASS:PRIVATE
SUMMARY:Doctor
DTSTART;VALUE=DATE:20261130
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
"""


def one(*lines: str, today: date = TODAY) -> Event:
    [event] = calendar(*lines, today=today).events
    return event


def calendar(*lines: str, today: date = TODAY) -> Calendar:
    body = "\r\n".join(("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:u", *lines, "END:VEVENT", "END:VCALENDAR"))
    return read(body.encode(), today, UTC)


def test_an_event_as_google_writes_it() -> None:
    found = read(GOOGLE, TODAY, UTC)
    [event] = found.events
    assert (found.owner, found.lost) == ("ada.klein@example.org", 0)
    assert event.start == When(date(2026, 11, 27), time(14), BERLIN)
    assert event.start.at(UTC) == datetime(2026, 11, 27, 13, tzinfo=UTC)
    assert event.length == timedelta(minutes=90)
    assert event.summary == "Thesis; last talk ä with all"
    assert event.place == "Hauptstr. 5, Berlin"
    assert event.organizer == Person("Ben Kern", "ben.kern@example.org")
    assert event.attendees == (Person("", "ada.klein@example.org"), Person("Stone Rosa", "rosa@example.org"))
    assert (event.blocks, event.private, event.cancelled, event.sequence) == (True, False, False, 3)


def test_a_series_as_outlook_writes_it() -> None:
    weekly, private = read(OUTLOOK, TODAY, UTC).events
    assert weekly.start.zone == BERLIN
    assert weekly.rule is not None
    assert weekly.rule.until == date(2026, 12, 13)  # on the 14th it would begin an hour later
    assert [when.day.day for when in weekly.never] == [16, 23]
    assert not weekly.blocks
    assert (private.private, private.blocks, private.length) == (True, False, timedelta(days=1))


def test_what_is_described_is_never_read() -> None:
    assert "hunter2" not in repr(read(GOOGLE, TODAY, UTC))


def test_a_rule_of_a_zone_in_the_file_is_not_worked_out() -> None:
    event = one("DTSTART;TZID=Customized Time Zone:20261127T140000", "SUMMARY:x")
    assert event.start.zone is None
    assert event.start.at(BERLIN) == datetime(2026, 11, 27, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"),
        ("/citadel.org/20210210_1/America/Argentina/Salta", "America/Argentina/Salta"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ('"Eastern Standard Time"', "America/New_York"),
        ("UTC", "UTC"),
    ],
)
def test_zones_by_the_names_that_are_in_use(name: str, key: str) -> None:
    assert str(zone_of(name)) == key


@pytest.mark.parametrize(
    "name", ["", "Nowhere", "Europe", "../../etc/passwd", "/etc/passwd", "a\0b", "x" * 9999]
)
def test_a_name_nobody_knows_is_no_zone(name: str) -> None:
    assert zone_of(name) is None


@pytest.mark.parametrize(
    ("lines", "length"),
    [
        (("DTSTART:20261127T140000Z", "DURATION:PT45M"), timedelta(minutes=45)),
        (("DTSTART:20261127T140000Z",), timedelta()),
        (("DTSTART:20261127T140000Z", "DTEND:20261127T130000Z"), timedelta()),
        (("DTSTART:20261127", "DTEND:20261129"), timedelta(days=2)),
        (("DTSTART:20261127", "DTEND:20261127"), timedelta(days=1)),
        (("DTSTART:20261127T140000Z", "DTEND:22001127T130000Z"), ics.LONGEST),
        # Over the night in which the clock goes back.
        (
            ("DTSTART;TZID=Europe/Berlin:20261024T220000", "DTEND;TZID=Europe/Berlin:20261025T060000"),
            timedelta(hours=9),
        ),
    ],
)
def test_how_long_it_lasts(lines: tuple[str, ...], length: timedelta) -> None:
    assert one(*lines, today=date(2026, 10, 20)).length == length


@pytest.mark.parametrize(
    "lines",
    [
        ("SUMMARY:no time",),
        ("DTSTART:tomorrow",),
        ("DTSTART:20261131",),
        ("DTSTART:22010101",),
        ("DTSTART:99991231T235959Z",),
        ("DTSTART:20261127T140000Z", "DTEND:never"),
        ("DTSTART:20261127T140000Z", "DURATION:long"),
        ("DTSTART:20261127T140000Z", "DURATION:P99999999999999W"),
    ],
)
def test_a_broken_event_costs_only_itself(lines: tuple[str, ...]) -> None:
    fine = b"BEGIN:VEVENT\nUID:f\nDTSTART:20261127\nSUMMARY:fine\nEND:VEVENT\n"
    bad = "\n".join(("BEGIN:VEVENT", "UID:b", *lines, "END:VEVENT", "")).encode()
    found = read(b"BEGIN:VCALENDAR\n" + bad + fine + b"BEGIN:VEVENT\nUID:never ends\n" + fine, TODAY, UTC)
    assert [event.summary for event in found.events] == ["fine", "fine"]
    assert found.lost == 1


def test_an_event_without_a_uid_is_lost() -> None:
    found = read(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261127\nEND:VEVENT\nEND:VCALENDAR", TODAY, UTC)
    assert (found.events, found.lost) == ((), 1)


def test_what_is_over_is_not_kept() -> None:
    assert calendar("DTSTART:20250101T100000Z").events == ()
    assert calendar("DTSTART:20250101T100000Z", "RRULE:FREQ=DAILY;COUNT=5").events == ()
    assert calendar("DTSTART:20250101T100000Z", "RRULE:FREQ=DAILY;UNTIL=20250601").events == ()
    assert calendar("DTSTART:20250101T100000Z", "RRULE:FREQ=DAILY").events


@pytest.mark.parametrize("data", [b"", b"<html>Log in</html>", b"\xff\xfe\x00", b"BEGIN:VCARD\nEND:VCARD"])
def test_what_is_no_calendar_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(ValueError, match="no calendar"):
        read(data, TODAY, UTC)


def test_a_file_may_begin_with_a_mark_and_fold_within_a_letter() -> None:
    data = "\ufeffBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261127\r\nSUMMARY:Gr".encode()
    data += b"\xc3\r\n \xbcn\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    [event] = read(data, TODAY, UTC).events
    assert event.summary == "Grün"


def test_there_is_an_end_to_events() -> None:
    line = "BEGIN:VEVENT\nUID:{0}\nDTSTART:20261127\nEND:VEVENT\n"
    body = "".join(line.format(n) for n in range(ics.MOST + 5))
    found = read(f"BEGIN:VCALENDAR\n{body}".encode(), TODAY, UTC)
    assert (len(found.events), found.lost) == (ics.MOST, 5)


def test_there_is_an_end_to_counting() -> None:
    line = "BEGIN:VEVENT\nUID:{0}\nDTSTART:20200101\nRRULE:FREQ=YEARLY;COUNT=9999\nEND:VEVENT\n"
    body = "".join(line.format(n) for n in range(300))
    # Of those that were not counted out only the first day is known, and that is over.
    assert len(read(f"BEGIN:VCALENDAR\n{body}".encode(), TODAY, UTC).events) < 200


@given(
    st.binary(max_size=300),
    st.lists(st.sampled_from(GOOGLE.split(b"\r\n") + OUTLOOK.split(b"\n")), max_size=60),
)
def test_whatever_stands_there_it_is_read_or_is_no_calendar(noise: bytes, lines: list[bytes]) -> None:
    read(b"BEGIN:VCALENDAR\n" + noise + b"\n" + b"\n".join(lines), TODAY, BERLIN)


@given(st.text(max_size=200), st.text(max_size=100))
def test_nothing_in_a_summary_or_a_name_makes_a_line_of_its_own(said: str, name: str) -> None:
    folded = said.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "")
    quoted = "".join(c for c in name if c.isprintable() and c != '"')
    event = one("DTSTART:20261127", f"SUMMARY:{folded}", f'ORGANIZER;CN="{quoted}":mailto:a@example.org')
    assert len(event.summary.splitlines()) <= 1
    assert event.organizer is not None
    assert ";" not in event.organizer.name


def test_a_name_in_an_event_says_not_whose_the_calendar_is() -> None:
    assert calendar("DTSTART:20261127", "X-WR-CALNAME:mallory@example.org").owner == ""
    zone = b"BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nX-WR-CALNAME:mallory@example.org\nEND:VTIMEZONE\n"
    assert read(zone, TODAY, UTC).owner == ""


def test_a_long_list_of_guests_hides_nothing() -> None:
    guests = [f"ATTENDEE:mailto:a{n}@example.org" for n in range(ics.MOST_LINES + 10)]
    event = one(*guests, "DTSTART:20261127", "CLASS:PRIVATE", "ORGANIZER:mailto:ben%40example.org")
    assert (event.private, event.others, event.organizer) == (True, True, Person("", "ben@example.org"))
    assert len(event.attendees) == ics.MOST_LINES
    assert not one("DTSTART:20261127").others


def test_there_is_an_end_to_times_beside_the_rules() -> None:
    def series(uid: str, name: str) -> str:
        days = [f"{month:02}{day:02}" for month in range(1, 13) for day in range(1, 29)]
        lists = [f"{name}:" + ",".join(f"{year}{day}" for day in days) for year in range(2026, 2037)]
        rule = ("DTSTART:20260101", "RRULE:FREQ=DAILY")
        return "\n".join(("BEGIN:VEVENT", f"UID:{uid}", *rule, *lists, "END:VEVENT", ""))

    body = series("a", "EXDATE") + series("b", "RDATE")
    first, second = read(f"BEGIN:VCALENDAR\n{body}".encode(), TODAY, UTC).events
    assert first.never[0].day >= TODAY - ics.OLD  # what is over is of no use
    assert len(first.never) + len(second.also) == ics.MOST_TIMES
