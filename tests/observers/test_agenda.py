from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants.event import to_ics
from gum.lasting import lasts
from gum.people import names_in
from gum.types import Observation, Trust
from observers import ics
from observers.agenda import AHEAD, Occasion, coming, going_on, observation, worth_telling

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


def events(*every: Iterable[str]) -> tuple[ics.Event, ...]:
    blocks = ("\n".join(("BEGIN:VEVENT", "UID:u", *lines, "END:VEVENT")) for lines in every)
    return ics.read("\n".join(("BEGIN:VCALENDAR", *blocks)).encode(), date(2026, 10, 1), BERLIN).events


def found(*every: Iterable[str], now: datetime = NOW, here: tzinfo = BERLIN) -> list[Occasion]:
    return coming(events(*every), now, here)


def starts(*every: Iterable[str], now: datetime = NOW) -> list[str]:
    return [o.start.astimezone(BERLIN).strftime("%m-%d %H:%M") for o in found(*every, now=now)]


def told(*lines: str, here: tzinfo = BERLIN, owner: str = "") -> Observation:
    [occasion] = found(("SUMMARY:Thesis talk", *lines), here=here)
    return observation(occasion, NOW, here, owner)


AT_TWO = "DTSTART;TZID=Europe/Berlin:20261127T140000", "DTEND;TZID=Europe/Berlin:20261127T150000"
WEEKLY = "DTSTART;TZID=Europe/Berlin:20261005T100000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY", "SUMMARY:Seminar"
DAILY = "DTSTART;TZID=Europe/Berlin:20261005T091500", "DURATION:PT15M", "RRULE:FREQ=DAILY", "SUMMARY:Stand-up"


def test_a_series_with_one_left_out_and_one_moved() -> None:
    assert starts(WEEKLY) == ["11-23 10:00", "11-30 10:00"]
    assert starts((*WEEKLY, "EXDATE;TZID=Europe/Berlin:20261130T100000")) == ["11-23 10:00"]
    assert starts((*WEEKLY, "EXDATE:20261130T090000Z")) == ["11-23 10:00"]
    assert starts((*WEEKLY, "EXDATE;VALUE=DATE:20261130")) == ["11-23 10:00"]
    moved = ("RECURRENCE-ID;TZID=Europe/Berlin:20261130T100000", "DTSTART;TZID=Europe/Berlin:20261201T160000")
    assert starts(WEEKLY, moved) == ["11-23 10:00", "12-01 16:00"]
    called_off = ("RECURRENCE-ID:20261130T090000Z", "DTSTART:20261130T090000Z", "STATUS:CANCELLED")
    assert starts(WEEKLY, called_off) == ["11-23 10:00"]
    assert starts((*WEEKLY, "RDATE:20261126T120000Z")) == ["11-23 10:00", "11-26 13:00", "11-30 10:00"]


def test_the_clock_on_the_wall_stays_when_the_clock_is_changed() -> None:
    berlin = found(WEEKLY, now=datetime(2026, 10, 19, 7, tzinfo=UTC))
    assert [o.start.hour for o in berlin] == [8, 9]
    assert starts(WEEKLY, now=datetime(2026, 10, 19, 7, tzinfo=UTC)) == ["10-19 10:00", "10-26 10:00"]


def test_an_hour_that_the_clock_jumps_over_is_taken_by_the_rules_before() -> None:
    lines = ("DTSTART;TZID=Europe/Berlin:20270328T023000", "SUMMARY:Night")
    assert starts(lines, now=datetime(2027, 3, 20, tzinfo=UTC)) == ["03-28 03:30"]


def test_what_is_over_or_far_off_or_called_off_is_not_coming() -> None:
    assert starts(("DTSTART:20261123T070000Z", "DTEND:20261123T080000Z")) == []
    assert starts(("DTSTART:20261123T070000Z", "DTEND:20261123T100000Z")) == ["11-23 08:00"]
    assert starts(("DTSTART:20261123T090000Z",)) == ["11-23 10:00"]
    assert starts(("DTSTART:20261207T085900Z",)) == ["12-07 09:59"]
    assert starts(("DTSTART:20261207T090000Z",)) == []
    assert starts((*AT_TWO, "STATUS:CANCELLED")) == []


def test_the_latest_version_of_an_event_holds() -> None:
    assert starts((*AT_TWO, "SEQUENCE:2"), ("DTSTART:20261124T100000Z", "SEQUENCE:1")) == ["11-27 14:00"]
    assert starts((*AT_TWO, "SEQUENCE:2"), ("DTSTART:20261124T100000Z", "SEQUENCE:2")) == ["11-24 11:00"]


def test_of_a_series_the_next_ones_are_told_and_all_of_it_blocks() -> None:
    every = found(DAILY)
    assert len(every) == 14
    assert [o.start.day for o in worth_telling(every)] == [24, 25]
    assert going_on(every, datetime(2026, 12, 1, 8, 20, tzinfo=UTC))


@pytest.mark.parametrize(
    ("more", "busy"),
    [
        ((), True),
        (("TRANSP:TRANSPARENT",), False),
        (("TRANSP:OPAQUE",), True),
        (("X-MICROSOFT-CDO-BUSYSTATUS:FREE",), False),
        (("STATUS:CANCELLED",), False),
        (("CLASS:PRIVATE",), True),
    ],
)
def test_a_meeting_goes_on(more: tuple[str, ...], busy: bool) -> None:
    every = found((*AT_TWO, *more))
    during = datetime(2026, 11, 27, 13, 30, tzinfo=UTC)
    assert going_on(every, during) is busy
    assert not going_on(every, during + timedelta(minutes=30))
    assert not going_on(every, during - timedelta(minutes=31))


def test_a_day_off_and_hours_of_work_are_no_meeting() -> None:
    during = datetime(2026, 11, 27, 12, tzinfo=UTC)
    assert not going_on(found(("DTSTART:20261127", "SUMMARY:Holiday")), during)
    assert not going_on(found(("DTSTART:20261127T080000Z", "DTEND:20261127T170000Z")), during)


def test_an_own_event_as_it_is_told() -> None:
    seen = told(
        *AT_TWO, "LOCATION:Oslo", "ATTENDEE;CN=Rosa Stone:mailto:rosa@example.org", "ATTENDEE:mailto:t@x.io"
    )
    assert seen.text.split("\n") == [
        "Summary: Thesis talk",
        "When: Friday 27 November 2026 at 14:00 to 15:00",
        "Where: Oslo",
        "To: Rosa Stone; t@x.io",
    ]
    assert (seen.app, seen.source, seen.title) == ("calendar", "calendar", "Thesis talk")
    assert (seen.trust, seen.at, seen.until, seen.url) == (Trust.AUTHORED, NOW, NOW, None)
    assert names_in([seen]) == ["Rosa Stone", "t@x.io"]


def test_whoever_called_it_together_is_who_says_it() -> None:
    line = "ORGANIZER;CN=Ben Kern:mailto:ben@example.org"
    theirs = told(
        *AT_TWO, line, "ATTENDEE;CN=Ben Kern:MAILTO:Ben@example.org", "ATTENDEE;CN=Me:mailto:me@example.org"
    )
    assert theirs.trust is Trust.RECEIVED
    assert theirs.text.endswith("From: Ben Kern <ben@example.org>\nTo: Me")
    assert "Ben Kern" in names_in([theirs])
    mine = told(*AT_TWO, line, "ATTENDEE;CN=Rosa Stone:mailto:rosa@example.org", owner="ben@example.org")
    assert mine.trust is Trust.AUTHORED
    assert mine.text.endswith("To: Rosa Stone")


@pytest.mark.parametrize(
    ("lines", "when"),
    [
        (("DTSTART:20261127",), "Friday 27 November 2026"),
        (("DTSTART:20261127", "DTEND:20261130"), "Friday 27 November 2026 to Sunday 29 November 2026"),
        (("DTSTART:20261127T093000",), "Friday 27 November 2026 at 09:30"),
        (
            ("DTSTART:20261127T210000Z", "DTEND:20261128T010000Z"),
            "Friday 27 November 2026 at 22:00 to Saturday 28 November 2026 at 02:00",
        ),
    ],
)
def test_when_it_is_in_words(lines: tuple[str, ...], when: str) -> None:
    assert f"\nWhen: {when}" in told(*lines).text + "\n"


def test_it_is_told_in_the_zone_of_the_desk() -> None:
    assert "at 08:00 to 09:00" in told(*AT_TWO, here=NEW_YORK).text
    assert "at 14:00" in told("DTSTART:20261127T140000", here=NEW_YORK).text  # wherever one is


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("Oslo", "Oslo"),
        ("https://zoom.example/j/1?pwd=hunter2", "online"),
        ("Room 4 (https://zoom.example/j/1?pwd=hunter2) hunter2", "Room 4"),
        ("Teams Meeting ID: 123 hunter2", "Teams"),
        ("Hall; Passcode: hunter2", "Hall"),
        ("+49 30 1234567, PIN: hunter2", "online"),
        ("Pin Mill", "Pin Mill"),
        ("www.hunter2.example", "online"),
    ],
)
def test_ways_into_a_meeting_are_left_out(said: str, place: str) -> None:
    text = told(*AT_TWO, f"LOCATION:{said}", "DESCRIPTION:hunter2", "URL:https://hunter2.example").text
    assert text.split("\n")[-1] == f"Where: {place}"
    assert "hunter2" not in text


def test_what_is_private_or_says_nothing_is_not_told() -> None:
    assert worth_telling(found((*AT_TWO, "SUMMARY:Doctor", "CLASS:PRIVATE"))) == []
    assert worth_telling(found((*AT_TWO, "SUMMARY:Doctor", "CLASS:CONFIDENTIAL"))) == []
    assert worth_telling(found(AT_TWO)) == []
    assert worth_telling(found((*AT_TWO, "SUMMARY:https://example.org/x"))) == []


def test_what_gumption_entered_itself_is_no_evidence() -> None:
    made = to_ics("Thesis talk", "2026-11-27T14:00:00+01:00", "2026-11-20T10:00:00+00:00")
    every = coming(ics.read(made, date(2026, 11, 23), BERLIN).events, NOW, BERLIN)
    assert len(every) == 1
    assert worth_telling(every) == []


def test_the_same_has_the_same_id_and_what_changed_another() -> None:
    first = told(*AT_TWO)
    assert first.id == told(*AT_TWO, "DTSTAMP:20261120T100000Z", "SEQUENCE:7").id
    others = {
        told("DTSTART:20261127T140000Z").id,
        told(*AT_TWO, "LOCATION:Oslo").id,
        told(*AT_TWO, "ORGANIZER:mailto:ben@example.org").id,
    }
    assert len(others | {first.id}) == 4
    one, other = (observation(o, NOW, BERLIN) for o in found(WEEKLY))
    assert one.id != other.id
    assert lasts(first.id)  # forgotten, it does not come back while the calendar still has it


@given(
    st.datetimes(datetime(2026, 11, 20), datetime(2026, 12, 10)),  # noqa: DTZ001 - the zone is added below
    st.integers(0, 100_000),
    st.sampled_from(["", "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY;BYDAY=MO,SU", "RDATE:20261126T120000"]),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Nowhere"]),
    st.sampled_from([UTC, BERLIN, NEW_YORK, ZoneInfo("Pacific/Niue")]),
)
def test_all_that_comes_is_in_time_in_order_and_there_once(
    begin: datetime, seconds: int, rule: str, zone: str, here: tzinfo
) -> None:
    lines = (f"DTSTART;TZID={zone}:{begin:%Y%m%dT%H%M%S}", f"DURATION:PT{seconds}S", rule, "SUMMARY:x")
    every = found(lines, here=here)
    assert every == sorted(every, key=lambda o: o.start)
    assert len({o.start for o in every}) == len(every)
    assert all(
        o.end >= NOW and o.start < NOW + AHEAD and o.end - o.start == timedelta(seconds=seconds)
        for o in every
    )
    assert len({observation(o, NOW, here).id for o in every}) == len(every)


@pytest.mark.parametrize(
    "line",
    [
        "ORGANIZER;CUTYPE=RESOURCE:mailto:m@example.org",
        "ORGANIZER:MAILTO: m@example.org",
        "ORGANIZER:invalid:nomail",
        "ORGANIZER:urn:uuid:5b0f2d0e",
        'ORGANIZER;CN=Foo"x:mailto:m@example.org',
        "ORGANIZER;CN=Bob;SENT-BY:mailto:m@example.org",
        "ORGANIZER:mailto:mallory%40example.org",
        "ORGANIZER;CN=ada@example.org:invalid:nomail",
        'ORGANIZER;SENT-BY="mailto:m@example.org":mailto:ada@example.org',
        "ORGANIZER:mailto:ada@example.org\nORGANIZER:mailto:m@example.org",
        "BEGIN:X\nORGANIZER:mailto:m@example.org\nEND:X",
        "\n".join((*(f"ATTENDEE:mailto:a{n}@example.org" for n in range(2000)), "ORGANIZER:mailto:m@x.io")),
    ],
)
def test_whoever_calls_it_together_it_is_theirs_however_it_is_written(line: str) -> None:
    assert told(*AT_TWO, line, owner="ada@example.org").trust is Trust.RECEIVED


def test_what_is_moved_out_of_a_series_is_as_private_and_as_much_theirs() -> None:
    moved = ("SUMMARY:Moved", "RECURRENCE-ID:20261130T090000Z", "DTSTART:20261201T150000Z")
    assert worth_telling(found((*WEEKLY, "CLASS:PRIVATE"), moved)) == []
    assert len(worth_telling(found((*WEEKLY, "CLASS:PRIVATE"), (*moved, "CLASS:PUBLIC")))) == 1
    [*_, last] = found((*WEEKLY, "ORGANIZER;CN=Ben:mailto:ben@example.org"), moved)
    assert observation(last, NOW, BERLIN).trust is Trust.RECEIVED
    assert "From: Ben" in observation(last, NOW, BERLIN).text


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("zoom.us/j/98765?pwd=SECRETpw1", "online"),
        ("Room 4 (zoom.us/j/98765?pwd=SECRETpw1)", "Room 4"),
        ("meet.google.com/abc-defg-hij", "online"),
        ("Zoom 845 1234 5678, pw: Xy7q", "Zoom"),
        ("Zoom, Zugangscode 4711", "Zoom"),
        ("Office, access code 123456", "Office"),
        ("Room 3/4", "Room 3/4"),
        ("Building A/B", "Building A/B"),
        ("Dr. Kern/Hr. Roe", "Dr. Kern/Hr. Roe"),
    ],
)
def test_other_ways_in_are_left_out_of_places_and_what_is_none_stays(said: str, kept: str) -> None:
    assert f"Where: {kept}" in told(*AT_TWO, f"LOCATION:{said}").text.split("\n")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Jour fixe (Zoom 845 1234 5678 Kenncode: 9Xy7Q)", "Jour fixe (Zoom)"),
        ("Sync - Meeting ID 84512345678 Passcode 9Xy7Q", "Sync"),
        ("Call +49 30 12345678 PIN 4711", "Call"),
        ("Passcode 9Xy7Q", "Meeting"),
        ("Sync zoom.us/j/98765?pwd=SECRETpw1", "Sync"),
        *((same, same) for same in ("Pin Mill walk", "Code review", "Review A/B (Dr. Kern/Hr. Roe)")),
        *((same, same) for same in ("Q3/Q4 planning - 2026-11-27", "1:1 Ben / Rosa", "Lunch (late)")),
    ],
)
def test_ways_in_are_left_out_of_titles_and_what_is_none_stays(said: str, kept: str) -> None:
    [occasion] = worth_telling(found((*AT_TWO, f"SUMMARY:{said}")))
    seen = observation(occasion, NOW, BERLIN)
    assert seen.title == kept
    assert seen.text.startswith(f"Summary: {kept}\n")


@pytest.mark.parametrize(
    "lines",
    [
        AT_TWO,
        ("DTSTART:20261127",),
        ("DTSTART:20261127T093000",),
        ("DTSTART:20261127T093000", "RRULE:FREQ=WEEKLY"),
        ("DTSTART:20261127T140000Z", "RRULE:FREQ=WEEKLY"),
    ],
)
def test_the_id_knows_neither_the_zone_of_the_desk_nor_the_order_of_the_guests(lines: Iterable[str]) -> None:
    one, other = "ATTENDEE;CN=Rosa:mailto:r@x.io", "ATTENDEE;CN=Ben:mailto:b@x.io"

    def first(here: tzinfo, *guests: str) -> Observation:
        return observation(found(("SUMMARY:Talk", *lines, *guests), here=here)[0], NOW, here)

    assert first(BERLIN, one, other).id == first(NEW_YORK, other, one).id
    assert first(BERLIN, one, other).text == first(BERLIN, other, one).text
    assert first(BERLIN, one).id != first(BERLIN, one, other).id
