import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants.event import from_ics, to_ics
from assistants.words import one_line
from gum.errors import NotAllowed

STAMP = "2026-11-20T12:00:00+00:00"


@given(st.text(min_size=1))
def test_whatever_the_words_the_file_holds_one_entry_with_exactly_them(words: str) -> None:
    summary = one_line(words)
    if summary:
        assert from_ics(to_ics(summary, "2026-11-27", STAMP)) == [(summary, "2026-11-27")]


def test_words_that_look_like_calendar_lines_stay_words() -> None:
    evil = r"Talk;ATTENDEE:mailto:x@evil.example END:VEVENT BEGIN:VALARM \n TRIGGER:-PT1H"
    made = to_ics(evil, "2026-11-27", STAMP)
    assert from_ics(made) == [(evil, "2026-11-27")]
    folded = made.replace(b"\r\n ", b"").decode().split("\r\n")
    assert [line for line in folded if line.startswith(("ATTENDEE", "BEGIN:VALARM"))] == []
    assert sum(line.startswith("BEGIN:VEVENT") for line in folded) == 1


def test_the_same_entry_is_the_same_bytes() -> None:
    assert to_ics("a", "2026-11-27", STAMP) == to_ics("a", "2026-11-27", STAMP)


def test_a_time_keeps_its_instant_and_lasts_an_hour() -> None:
    made = to_ics("a", "2026-11-27T10:00:00+02:00", STAMP)
    assert from_ics(made) == [("a", "2026-11-27T08:00:00+00:00")]
    assert b"DTEND:20261127T090000Z" in made


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("soon", ""),
        ("2026-11-27T10:00:00", ""),
        ("2026-11-27", "2026-11-26"),
        ("2026-11-27", "2026-11-27T10:00:00+00:00"),
        ("2026-13-01", ""),
    ],
)
def test_times_that_are_none_are_refused(start: str, end: str) -> None:
    with pytest.raises(NotAllowed):
        to_ics("a", start, STAMP, end)


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\n", b"\xff\xfe"]
)
def test_what_is_no_calendar_is_told(content: bytes) -> None:
    with pytest.raises(NotAllowed):
        from_ics(content)
