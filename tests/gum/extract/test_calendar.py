import pytest

from gum.extract.calendar import extract
from gum.types import Trust
from tests.builders import observation


def seen(
    text: str, trust: Trust = Trust.AUTHORED, title: str = "New event - Calendar"
) -> dict[str, dict[str, str]]:
    return {
        d.type: dict(d.slots) for d in extract([observation(text, trust=trust, title=title, app="chromium")])
    }


@pytest.mark.parametrize(
    ("text", "event", "date"),
    [
        ("Title: Thesis defence\nStart date: 2026-12-03\nStart time: 10:00", "Thesis defence", "2026-12-03"),
        ("Add title: Dentist\nWhen: Friday 27 November", "Dentist", "Friday 27 November"),
        ("Titel: Abschlussfeier\nBeginn: 28.11.2026", "Abschlussfeier", "28.11.2026"),
        ("Titre : Soutenance\nDébut : 3 décembre", "Soutenance", "3 décembre"),
        ("Título: Boda de Ana\nFecha: 28 de noviembre", "Boda de Ana", "28 de noviembre"),
        ("タイトル: 発表会\n日付: 11月28日", "発表会", "11月28日"),
    ],
)
def test_a_calendar_entry_is_something_to_prepare_for(text: str, event: str, date: str) -> None:
    assert seen(text) == {"preparing_for": {"event": event, "date": date}}


def test_a_far_place_is_a_journey_and_a_room_or_call_is_not() -> None:
    form = "Title: Rivers congress\nDate: 2026-12-03\nLocation: "
    assert seen(form + "Oslo")["plans_to_go"] == {"place": "Oslo", "date": "2026-12-03"}
    for place in ("Room 12", "https://meet.test/x", "Zoom", "home"):
        assert "plans_to_go" not in seen(form + place)


def test_the_claim_lapses_with_its_day() -> None:
    [draft] = extract([observation("Title: Fair\nDate: 2026-12-03", title="Calendar")])
    assert draft.valid_until is not None
    assert draft.valid_until.astimezone().date().isoformat() == "2026-12-03"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Title: My post\nDate: 2026-12-03", "New post - Blog"),
        ("Title: Fair\nDate: some day", "Calendar"),
        ("Title: Fair\nDate: 2020-12-03", "Calendar"),
        ("Title: F\nDate: 2026-12-03", "Calendar"),
        ("Date: 2026-12-03", "Calendar"),
    ],
)
def test_other_forms_and_days_gone_by_are_none(text: str, title: str) -> None:
    assert seen(text, title=title) == {}


def test_somebody_elses_entry_is_none() -> None:
    assert seen("Title: Fair\nDate: 2026-12-03", Trust.READ) == {}
