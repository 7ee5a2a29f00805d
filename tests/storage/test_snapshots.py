from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gum.types import (
    Evidence,
    Plan,
    Proposition,
    Reversibility,
    Sensitivity,
    Stance,
    Status,
    Step,
)
from storage import snapshots as sn

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
)
STEPS = st.builds(
    Step, TEXT, TEXT, SLOTS, TEXT, TEXT, st.sampled_from(Reversibility), TEXT, TEXT, st.none() | TEXT
)
PLANS = st.builds(Plan, TEXT, TEXT, st.lists(STEPS, max_size=3).map(tuple), st.none() | TEXT)
EVIDENCE = st.builds(Evidence, TEXT, TEXT, st.sampled_from(Stance), st.floats(-9, 9))


@given(st.none() | PROPOSITIONS)
def test_a_proposition_comes_back_as_it_was(p: Proposition | None) -> None:
    assert sn.proposition_from(sn.proposition_json(p)) == p


@given(st.lists(EVIDENCE, max_size=3).map(tuple))
def test_evidence_comes_back_as_it_was(evidence: tuple[Evidence, ...]) -> None:
    assert sn.evidence_from(sn.evidence_json(evidence)) == evidence


@given(st.none() | PLANS)
def test_a_plan_comes_back_as_it_was(plan: Plan | None) -> None:
    assert sn.plan_from(sn.plan_json(plan)) == plan


@given(TIMES)
def test_times_are_written_with_their_zone(at: datetime) -> None:
    assert datetime.fromisoformat(sn._time(at)) == at
