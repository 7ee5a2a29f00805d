import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gum.types import (
    Evidence,
    Plan,
    Proposition,
    PropositionId,
    Reversibility,
    Sensitivity,
    Stance,
    Status,
    Step,
)
from storage import snapshots as sn
from tests.builders import NOON, proposition

TEXT = st.text(max_size=20)
TIMES = st.datetimes(timezones=st.just(UTC))
SLOTS = st.dictionaries(TEXT, TEXT, max_size=3)
PROPOSITIONS = st.builds(
    Proposition,
    id=TEXT,
    type=TEXT,
    slots=SLOTS,
    text=TEXT,
    subject=TEXT,
    confidence=st.floats(0, 1),
    half_life=st.timedeltas(timedelta(0), timedelta(days=4000)),
    sensitivity=st.sampled_from(Sensitivity),
    status=st.sampled_from(Status),
    valid_from=TIMES,
    valid_until=st.none() | TIMES,
    created_at=TIMES,
    supported_at=TIMES,
    settled=st.booleans(),
)
STEPS = st.builds(
    Step, TEXT, TEXT, SLOTS, TEXT, TEXT, st.sampled_from(Reversibility), TEXT, TEXT, st.none() | TEXT
)
PLANS = st.builds(Plan, TEXT, TEXT, st.lists(STEPS, max_size=3).map(tuple), st.none() | TEXT)
EVIDENCE = st.builds(Evidence, TEXT, TEXT, st.sampled_from(Stance), st.floats(-9, 9))


@given(st.none() | PROPOSITIONS, st.none() | PROPOSITIONS)
def test_a_change_comes_back_as_it_was(before: Proposition | None, after: Proposition | None) -> None:
    key = PropositionId("p")
    before, after = (replace(p, id=key) if p is not None else None for p in (before, after))
    assert sn.change_from(key, *sn.change_json(before, after)) == (before, after)


@given(PROPOSITIONS, PROPOSITIONS, st.floats(0, 1), st.sampled_from(Status))
def test_a_change_of_one_claim_comes_back_and_tells_no_word_twice(
    p: Proposition, other: Proposition, confidence: float, status: Status
) -> None:
    after = replace(p, confidence=confidence, status=status, supported_at=other.supported_at)
    was, became = sn.change_json(p, after)
    assert sn.change_from(p.id, was, became) == (p, after)
    assert was is not None
    assert became is not None
    assert json.loads(was)["slots"] == json.loads(became)["slots"] == p.slots
    assert "text" not in json.loads(was)


def test_a_usual_proposition_takes_little_room() -> None:
    p = proposition("Works on thesis.md", slots={"thing": "thesis.md"})
    later = replace(p, confidence=0.7, supported_at=NOON + timedelta(hours=1))
    was, became = sn.change_json(p, later)
    assert json.loads(was or "") == {
        "slots": {"thing": "thesis.md"},
        "confidence": 0.6,
        "supported_at": "2026-11-20T12:00:00Z",
    }
    assert set(json.loads(became or "")) == {
        *("type", "slots", "text", "confidence", "half_life", "valid_from", "supported_at")
    }


def test_what_was_written_in_full_before_is_still_read() -> None:
    old = (
        '{"id":"p","type":"working_on","slots":{"thing":"a"},"text":"Works on a","subject":"user",'
        '"confidence":0.5,"half_life":1000000,"sensitivity":"normal","status":"hidden",'
        '"valid_from":"2026-11-20T12:00:00+00:00","valid_until":null,"created_at":"2026-11-20T13:00:00+00:00",'
        '"supported_at":"2026-11-20T14:00:00+00:00"}'
    )
    before, after = sn.change_from(PropositionId("p"), old, old.replace("hidden", "active"))
    assert before == replace(after, status=Status.HIDDEN) if after is not None else False
    assert before is not None
    assert before.supported_at - before.created_at == timedelta(hours=1)


def test_what_was_cannot_be_told_when_what_it_became_was_forgotten() -> None:
    p = proposition("Works on thesis.md", slots={"thing": "thesis.md"})
    was, _ = sn.change_json(p, replace(p, confidence=0.7))
    assert sn.change_from(p.id, was, None) == (None, None)


@given(st.lists(EVIDENCE, max_size=3).map(tuple))
def test_evidence_comes_back_as_it_was(evidence: tuple[Evidence, ...]) -> None:
    assert sn.evidence_from(sn.evidence_json(evidence)) == evidence


@given(st.none() | PLANS)
def test_a_plan_comes_back_as_it_was(plan: Plan | None) -> None:
    assert sn.plan_from(sn.plan_json(plan)) == plan


@given(TIMES)
def test_times_are_written_with_their_zone(at: datetime) -> None:
    assert datetime.fromisoformat(sn._time(at)) == at
