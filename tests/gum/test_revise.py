from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.claims import make
from gum.revise import retract, revise
from gum.types import (
    Cause,
    Draft,
    Evidence,
    ObservationId,
    Proposition,
    PropositionId,
    Revision,
    Sensitivity,
    Stance,
    Status,
)
from tests.builders import NOON, proposition

DAY = timedelta(days=1)


def evidence(*ids: str, weight: float = 1.0) -> list[Evidence]:
    return [Evidence(ObservationId(i), "quote", weight=weight) for i in ids]


def draft(
    kind: str = "working_on",
    slots: Mapping[str, str] | None = None,
    *ids: str,
    valid_until: datetime | None = None,
) -> Draft:
    return make(kind, slots or {"thing": "notes.txt"}, evidence(*(ids or ("o1",))), 0.6, "", valid_until)


class Store:
    """A fake store: applies revisions as the real one does."""

    def __init__(self, *known: Proposition) -> None:
        self.known = {p.id: p for p in known}
        self.evidence: dict[PropositionId, set[ObservationId]] = {p.id: set() for p in known}

    def apply(self, draft: Draft, now: datetime = NOON) -> list[Revision]:
        made = revise(draft, list(self.known.values()), self.evidence, now)
        for revision in made:
            assert revision.after is not None
            self.known[revision.proposition_id] = revision.after
            cited = self.evidence.setdefault(revision.proposition_id, set())
            cited |= {e.observation_id for e in revision.evidence}
        return made


DRAFTS = st.lists(
    st.builds(
        lambda thing, project, ids: draft(
            "working_on", {"thing": thing} | ({"project": project} if project else {}), *ids
        ),
        st.sampled_from(["a", "b", "ab"]),
        st.sampled_from(["", "p", "q", "pq"]),
        st.lists(st.sampled_from(["o1", "o2", "o3"]), min_size=1, max_size=3, unique=True),
    ),
    max_size=6,
)


@given(DRAFTS)
def test_applying_a_draft_twice_changes_nothing_the_second_time(drafts: list[Draft]) -> None:
    store = Store()
    for each in drafts:
        store.apply(each)
        assert store.apply(each) == []


@given(DRAFTS)
def test_evidence_never_lowers_a_confidence_and_every_change_tells_before_and_after(
    drafts: list[Draft],
) -> None:
    store = Store()
    for each in drafts:
        earlier = dict(store.known)
        for revision in store.apply(each):
            assert revision.before == earlier.get(revision.proposition_id)
            assert revision.after is not None
            assert revision.evidence
            if revision.before is not None:
                assert revision.after.confidence >= revision.before.confidence
                assert revision.after.half_life >= revision.before.half_life
                assert revision.after.created_at == revision.before.created_at


def test_the_same_claim_again_reinforces_and_makes_no_duplicate() -> None:
    store = Store()
    store.apply(draft())
    for n in range(20):
        store.apply(draft("working_on", {"thing": "Notes.TXT"}, f"again{n}"), NOON + n * DAY)
    [only] = store.known.values()
    assert only.confidence > 0.9
    assert only.supported_at == NOON + 19 * DAY
    assert only.half_life > draft().half_life


def test_what_says_more_refines_and_what_says_less_supports_by_half() -> None:
    store = Store()
    store.apply(draft())
    [refined] = store.apply(draft("working_on", {"thing": "notes.txt", "project": "garden"}, "o2"))
    assert refined.cause is Cause.REFINE
    assert refined.after is not None
    assert refined.after.text == "Works on notes.txt in garden"
    [less] = store.apply(draft("working_on", {"thing": "notes.txt"}, "o3"))
    assert less.cause is Cause.REINFORCE
    assert [e.weight for e in less.evidence] == [0.5]
    assert len(store.known) == 1


def test_another_project_or_another_day_is_another_claim() -> None:
    store = Store()
    store.apply(draft("working_on", {"thing": "main.py", "project": "a"}, "o1"))
    assert store.apply(draft("working_on", {"thing": "main.py", "project": "b"}, "o2"))[0].cause is Cause.NEW
    essay = {"task": "essay", "date": "Friday"}
    store.apply(draft("has_deadline", essay, "o1", valid_until=NOON + DAY))
    [later] = store.apply(draft("has_deadline", essay, "o2", valid_until=NOON + 8 * DAY))
    assert later.cause is Cause.NEW
    [same] = store.apply(
        draft("has_deadline", {"task": "essay", "date": "tomorrow"}, "o3", valid_until=NOON + DAY)
    )
    assert same.cause is Cause.REINFORCE


def test_a_subject_still_being_typed_becomes_the_whole_one_but_not_an_hour_later() -> None:
    begun = {"person": "Anna", "topic": "Sli"}
    whole = {"person": "Anna", "topic": "Slides for Oslo"}
    for wait, cause in ((timedelta(seconds=5), Cause.REFINE), (timedelta(hours=1), Cause.NEW)):
        store = Store()
        store.apply(draft("communicating_with", begun, "o1"))
        [revision] = store.apply(draft("communicating_with", whole, "o2"), NOON + wait)
        assert revision.cause is cause
        assert revision.after is not None
        assert revision.after.slots == whole


@pytest.mark.parametrize("status", [Status.DELETED, Status.CONTRADICTED])
def test_what_a_person_refused_does_not_come_back_by_inference(status: Status) -> None:
    refused = proposition(slots={"thing": "notes.txt"}, status=status)
    assert Store(refused).apply(draft()) == []


def test_a_stale_claim_that_is_seen_again_is_active_and_a_hidden_one_stays_hidden() -> None:
    for before, after in ((Status.STALE, Status.ACTIVE), (Status.HIDDEN, Status.HIDDEN)):
        [revision] = Store(proposition(slots={"thing": "notes.txt"}, status=before)).apply(draft())
        assert revision.after is not None
        assert revision.after.status is after


def test_a_draft_whose_day_is_over_is_nothing() -> None:
    over = draft("has_deadline", {"task": "essay", "date": "Friday"}, valid_until=NOON - DAY)
    assert Store().apply(over) == []


def test_a_contradicting_piece_lowers_and_does_not_refresh() -> None:
    store = Store(proposition(slots={"thing": "notes.txt"}, confidence=0.8))
    against = replace(draft(), evidence=(Evidence(ObservationId("x"), "q", Stance.CONTRADICTS, 1.0),))
    [revision] = store.apply(against, NOON + DAY)
    assert revision.after is not None
    assert revision.after.confidence < 0.8
    assert revision.after.supported_at == NOON


def test_a_claim_once_sensitive_stays_so() -> None:
    private = replace(proposition(slots={"thing": "notes.txt"}), sensitivity=Sensitivity.SENSITIVE)
    [revision] = Store(private).apply(draft("working_on", {"thing": "notes.txt", "project": "p"}))
    assert revision.after is not None
    assert revision.after.sensitivity is Sensitivity.SENSITIVE


def test_a_claim_that_lost_all_its_evidence_goes_and_one_that_lost_some_weakens() -> None:
    claim = proposition(confidence=0.9)
    [gone] = retract(claim, [], NOON)
    assert (gone.cause, gone.before, gone.after) == (Cause.RETRACT, claim, None)
    [weaker] = retract(claim, evidence("o1"), NOON)
    assert weaker.after is not None
    assert weaker.after.confidence < 0.9
    assert retract(weaker.after, evidence("o1"), NOON) == []


@given(st.floats(0.02, 0.98), st.lists(st.floats(0, 5), min_size=1, max_size=5))
def test_forgetting_never_makes_surer(confidence: float, weights: list[float]) -> None:
    left = [Evidence(ObservationId(str(i)), "q", weight=w) for i, w in enumerate(weights)]
    for revision in retract(proposition(confidence=confidence), left, NOON):
        assert revision.after is not None
        assert revision.after.confidence <= confidence
