"""What the extractors make of observations recorded from real programs (tests/fixtures/observations)."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from gum.propose import StructureDrafter, propose
from gum.types import Observation, ObservationId, Trust

RECORDED = Path(__file__).parents[2] / "fixtures" / "observations"


def recorded(name: str) -> list[Observation]:
    rows = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))
    return [
        Observation(
            id=ObservationId(row["id"]),
            source=row["source"],
            at=datetime.fromisoformat(row["at"]),
            until=datetime.fromisoformat(row["until"]),
            app=row["app"],
            title=row["title"],
            text=row["text"],
            trust=Trust(row["trust"]),
            url=row["url"],
        )
        for row in rows
    ]


def said(name: str, *languages: str) -> set[tuple[str, ...]]:
    drafts = propose(recorded(name), [], [], StructureDrafter(languages)).drafts
    return {(d.type, *d.slots.values()) for d in drafts}


def test_a_mail_written_in_a_browser() -> None:
    assert said("chromium_compose") == {
        ("communicating_with", "maria.silva@example.org", "Slides for the Lisbon workshop"),
        ("has_deadline", "send you the slides", "Friday 27 November"),
    }


def test_a_mail_received_in_a_browser() -> None:
    assert said("chromium_message") == {("communicating_with", "Anna Keller")}


def test_a_book_order() -> None:
    assert said("chromium_order") == {
        ("bought", "Designing Data-Intensive Applications", "Tandem Books"),
        ("bought", "Portuguese in Three Months", "Tandem Books"),
    }


def test_a_calendar_entry_whose_numbers_need_a_language() -> None:
    assert said("chromium_calendar") == {("preparing_for", "Dentist Dr. Hoffmann")}
    assert said("chromium_calendar", "en-US") == {("preparing_for", "Dentist Dr. Hoffmann", "12/03/2026")}


def test_one_search_is_not_yet_an_interest() -> None:
    assert said("chromium_search") == set()


def test_a_document_in_an_editor() -> None:
    assert said("mousepad_document") == {
        ("working_on", "garden.txt"),
        ("has_deadline", "Buy tulip bulbs", "Saturday 28 November"),
    }


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.json")), ids=lambda path: path.stem)
def test_adverts_on_recorded_pages_leave_no_trace(path: Path) -> None:
    observations = recorded(path.stem)
    adverts = {o.id for o in observations if o.trust in (Trust.ADVERT, Trust.SYSTEM)}
    for draft in propose(observations, [], [], StructureDrafter()).drafts:
        assert adverts.isdisjoint(e.observation_id for e in draft.evidence)
