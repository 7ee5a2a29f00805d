from datetime import UTC, datetime

import pytest

from gum.extract.deadline import extract
from gum.types import Trust
from tests.builders import observation
from tests.zones import desk_in


def seen(
    text: str, trust: Trust = Trust.AUTHORED, title: str = "notes.md - Mousepad"
) -> list[dict[str, str]]:
    return [dict(d.slots) for d in extract([observation(text, trust=trust, title=title)])]


def test_a_deadline_one_writes_down_is_ones_own_until_its_day() -> None:
    text = (
        "# Report\n\nI have to send the field report to Anna by Friday 27 November 2026.\nCounts are higher."
    )
    [draft] = extract([observation(text)])
    assert dict(draft.slots) == {"task": "send the field report to Anna", "date": "Friday 27 November 2026"}
    assert draft.valid_until is not None
    assert draft.valid_until.astimezone().date().isoformat() == "2026-11-27"
    assert draft.evidence[0].quote in text


@pytest.mark.parametrize(
    ("seen_at", "date", "due"),
    [
        ("2026-03-20T09:00", "5 April 2026", "2026-04-05T21:59:59"),  # seen in winter, due in summer
        ("2026-03-27T09:00", "29 March 2026", "2026-03-29T21:59:59"),  # the day on which the clock changes
        ("2026-03-29T00:30", "29 March 2026", "2026-03-29T21:59:59"),  # seen that day, before it changed
        ("2026-10-20T09:00", "25 October 2026", "2026-10-25T22:59:59"),
        ("2026-10-20T09:00", "5 November 2026, 14:00", "2026-11-05T13:00:00"),
    ],
)
def test_a_deadline_in_the_other_season_ends_with_its_own_day(seen_at: str, date: str, due: str) -> None:
    with desk_in("Europe/Berlin"):
        at = datetime.fromisoformat(seen_at).replace(tzinfo=UTC)
        [draft] = extract([observation(f"I have to send the report to Anna by {date}.", at=at)])
        assert draft.valid_until == datetime.fromisoformat(due).replace(tzinfo=UTC)


@pytest.mark.parametrize("trust", [t for t in Trust if t is not Trust.AUTHORED])
def test_a_deadline_in_other_peoples_words_is_not_the_persons(trust: Trust) -> None:
    assert seen("submit the essay by Friday", trust) == []


@pytest.mark.parametrize(
    "text",
    [
        "> submit the essay by Friday",
        "“We must finish the bridge by Friday,” she said.",
        "submit [document] by Friday",
        "submit {{task}} by Friday",
        "Once upon a time\nthe king had to pay by Friday",
        "lorem ipsum finish by Friday",
    ],
)
def test_quotes_fiction_and_templates_are_no_deadlines(text: str) -> None:
    assert seen(text) == []


def test_a_novel_sets_nobody_a_deadline() -> None:
    assert seen("submit the ransom by Friday", title="My novel.odt - LibreOffice Writer") == []
    assert seen("submit the ransom by Friday")


def test_what_a_mail_asks_of_its_reader_is_not_the_writers() -> None:
    head = "To: Anna Keller <anna@x.test>\nSubject: Essay due Friday\n"
    assert seen(head + "Submit the essay by Friday.") == []
    assert seen(head + "I will submit the essay by Friday.") == [
        {"task": "submit the essay", "date": "Friday"}
    ]


def test_a_form_cites_both_of_its_lines() -> None:
    [draft] = extract([observation("Title: Physics essay\nDue date: 2026-11-28", title="Tasks")])
    assert {e.quote for e in draft.evidence} == {"Title: Physics essay", "Due date: 2026-11-28"}
