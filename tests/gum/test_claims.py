import pickle
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.claims import HIGHEST, LOWEST, TABLE, grown, key, make, stem, word
from gum.types import Evidence, ObservationId, Sensitivity

SEEN = [Evidence(ObservationId("o"), "x")]
SLOT = st.text(min_size=1, max_size=40).filter(lambda s: any(c.isalnum() for c in s))
FRIDAY = datetime(2026, 11, 27, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("kind", TABLE)
def test_every_row_words_itself_with_and_without_its_optional_slots(kind: str) -> None:
    row = TABLE[kind]
    full = word(kind, {name: f"<{name}>" for name in row.slots})
    scant = word(kind, {name: f"<{name}>" for name in row.required})
    assert all(f"<{name}>" in full for name in row.slots)
    assert all(f"<{name}>" in scant for name in row.required)
    assert not any(sign in full + scant for sign in "{}[]")
    assert row.main in row.required
    assert timedelta(hours=1) <= row.half_life <= timedelta(days=730)


@given(st.dictionaries(st.sampled_from(["thing", "project"]), SLOT), st.floats())
def test_make_gives_a_bounded_confidence_or_refuses(slots: dict[str, str], confidence: float) -> None:
    try:
        draft = make("working_on", slots, SEEN, confidence)
    except ValueError:
        return
    assert LOWEST <= draft.confidence <= HIGHEST
    assert "thing" in draft.slots


@pytest.mark.parametrize(
    ("kind", "slots"),
    [
        ("rules_the_world", {"thing": "x"}),
        ("working_on", {"thing": "x", "colour": "red"}),
        ("working_on", {"project": "x"}),
        ("working_on", {"thing": "…!"}),
        ("working_on", {"thing": "x" * 200}),
    ],
)
def test_a_draft_that_is_not_of_the_table_is_refused(kind: str, slots: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        make(kind, slots, SEEN, 0.5)


def test_a_draft_needs_evidence_and_a_number() -> None:
    with pytest.raises(ValueError, match="evidence"):
        make("learning", {"subject": "x"}, [], 0.5)
    with pytest.raises(ValueError, match="number"):
        make("learning", {"subject": "x"}, SEEN, float("nan"))


def test_braces_in_a_slot_are_only_text() -> None:
    assert word("working_on", {"thing": "{project}", "project": "p"}) == "Works on {project} in p"


def test_the_day_stands_beside_a_phrase_that_does_not_name_it() -> None:
    slots = {"task": "essay", "date": "Friday"}
    assert word("has_deadline", slots, FRIDAY).startswith("Has a deadline: essay by Friday (2")
    named = {"task": "essay", "date": f"{FRIDAY.astimezone().day} November 2026"}
    assert "(" not in word("has_deadline", named, FRIDAY)


def test_a_private_matter_makes_a_sensitive_draft() -> None:
    assert make("interested_in", {"topic": "pregnancy"}, SEEN, 0.5).sensitivity is Sensitivity.SENSITIVE
    assert make("interested_in", {"topic": "gardening"}, SEEN, 0.5).sensitivity is Sensitivity.NORMAL


def test_case_spaces_and_punctuation_make_no_other_claim_and_the_day_decides_about_dates() -> None:
    assert key("learning", {"subject": "Old  Norse!"}) == key("learning", {"subject": "old norse"})
    this = key("has_deadline", {"task": "essay", "date": "Friday"}, FRIDAY)
    assert this == key("has_deadline", {"task": "Essay", "date": "27 November"}, FRIDAY)
    assert this != key("has_deadline", {"task": "essay", "date": "Friday"}, FRIDAY + timedelta(days=7))
    assert stem("has_deadline", {"task": "Essay", "date": "x"}) == stem("has_deadline", {"task": "essay"})


def test_only_what_was_cut_off_has_grown() -> None:
    anna = {"person": "Anna", "topic": "Sli"}
    assert grown("communicating_with", anna, {"person": "Anna", "topic": "Slides for Oslo"})
    assert not grown("communicating_with", anna, {"person": "Bea", "topic": "Slides"})
    assert not grown("communicating_with", anna, anna)
    assert not grown("learning", {"subject": "piano"}, {"subject": "piano tuning"})
    assert grown("learning", {"subject": "pia"}, {"subject": "piano tuning"})


def test_drafts_travel_between_processes() -> None:
    draft = make("learning", {"subject": "x"}, SEEN, 0.5)
    assert pickle.loads(pickle.dumps(draft)) == draft
