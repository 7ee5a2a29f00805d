from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.claims import make
from gum.confidence import score
from gum.revise import deny, retract, revise
from gum.same import Relation
from gum.types import (
    Cause,
    Draft,
    Evidence,
    Link,
    LinkKind,
    ObservationId,
    Proposition,
    PropositionId,
    Revision,
    Sensitivity,
    Stance,
    Status,
    Trust,
)
from gum.zone import HERE
from tests.builders import NOON, proposition
from tests.zones import desk_in

DAY = timedelta(days=1)


def evidence(*ids: str, at: datetime = NOON, sure: float = 0.6) -> list[Evidence]:
    return [
        Evidence(
            ObservationId(i), "quote", drafter="structure", sure=sure, at=at, app="a", trust=Trust.AUTHORED
        )
        for i in ids
    ]


def draft(
    kind: str = "working_on",
    slots: Mapping[str, str] | None = None,
    *ids: str,
    valid_until: datetime | None = None,
    at: datetime = NOON,
) -> Draft:
    cited = evidence(*(ids or ("o1",)), at=at)
    return make(kind, slots or {"thing": "notes.txt"}, cited, 0.6, "", valid_until)


class Store:
    """A fake store: applies revisions as the real one does."""

    def __init__(self, *known: Proposition) -> None:
        self.known = {p.id: p for p in known}
        self.evidence: dict[PropositionId, list[Evidence]] = {}

    def apply(self, draft: Draft, now: datetime = NOON) -> list[Revision]:
        made = revise(draft, list(self.known.values()), lambda i: self.evidence.get(i, []), now)
        for revision in made:
            assert revision.after is not None
            self.known[revision.proposition_id] = revision.after
            self.evidence.setdefault(revision.proposition_id, []).extend(revision.evidence)
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
        when = NOON + n * DAY
        store.apply(draft("working_on", {"thing": "Notes.TXT"}, f"again{n}", at=when), when)
    [only] = store.known.values()
    assert only.confidence > score("working_on", "notes.txt", evidence("o1"))
    assert only.supported_at == NOON + 19 * DAY
    assert only.half_life > draft().half_life


def test_what_says_more_refines_and_what_says_less_supports() -> None:
    store = Store()
    store.apply(draft())
    [refined] = store.apply(draft("working_on", {"thing": "notes.txt", "project": "garden"}, "o2"))
    assert refined.cause is Cause.REFINE
    assert refined.after is not None
    assert refined.after.text == "Works on notes.txt in garden"
    [less] = store.apply(draft("working_on", {"thing": "notes"}, "o3"))
    assert less.cause is Cause.REINFORCE
    assert less.after is not None
    assert less.after.text == "Works on notes.txt in garden"
    assert len(store.known) == 1


def test_another_project_is_another_claim() -> None:
    store = Store()
    store.apply(draft("working_on", {"thing": "main.py", "project": "a"}, "o1"))
    assert store.apply(draft("working_on", {"thing": "main.py", "project": "b"}, "o2"))[0].cause is Cause.NEW


def essay(day: str, in_days: int, observation: str, at: datetime = NOON) -> Draft:
    slots = {"task": "essay", "date": day}
    return draft("has_deadline", slots, observation, valid_until=NOON + in_days * DAY, at=at)


def test_a_date_that_moved_takes_the_place_of_the_old_one_and_the_same_day_in_other_words_does_not() -> None:
    store = Store()
    store.apply(essay("Friday", 1, "o1"))
    assert store.apply(essay("tomorrow", 1, "o2"))[0].cause is Cause.REINFORCE
    moved, over = store.apply(essay("next Monday", 8, "o3", NOON + timedelta(hours=1)))
    assert moved.cause is Cause.NEW
    assert over.before is not None and over.after is not None
    assert (over.cause, over.after.status) == (Cause.CONTRADICT, Status.SUPERSEDED)
    assert over.after.text == over.before.text
    assert moved.links == (Link(over.proposition_id, LinkKind.SUPERSEDES),)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "UTC"])
def test_a_day_and_an_hour_of_it_are_one_date_at_any_desk(zone: str) -> None:
    with desk_in(zone):
        friday = datetime(2026, 11, 27, tzinfo=HERE)
        whole, hour = (friday.replace(hour=h, minute=59).astimezone(UTC) for h in (23, 5))
        store = Store()
        for n, until in enumerate((whole, hour)):
            slots = {"task": "essay", "date": f"Friday {n}"}
            store.apply(draft("has_deadline", slots, f"o{n}", valid_until=until))
        assert [p.status for p in store.known.values()] == [Status.ACTIVE]


def test_a_meeting_at_another_date_is_another_meeting() -> None:
    store = Store()
    for n in (1, 8):
        slots = {"event": "meeting", "date": f"day {n}"}
        made = store.apply(draft("preparing_for", slots, f"o{n}", valid_until=NOON + n * DAY))
        assert [r.cause for r in made] == [Cause.NEW]


def test_an_old_note_of_another_date_changes_nothing() -> None:
    store = Store()
    store.apply(essay("Friday", 8, "o1"))
    assert store.apply(essay("tomorrow", 1, "o2", NOON - DAY)) == []


def tea(thing: str, over: str, observation: str, at: datetime = NOON) -> Draft:
    return draft("prefers", {"thing": thing, "over": over}, observation, at=at)


def test_a_taste_that_turned_round_takes_the_place_of_the_old_one() -> None:
    store = Store()
    store.apply(tea("tea", "coffee", "o1"))
    now, before = store.apply(tea("coffee", "tea", "o2", NOON + DAY), NOON + DAY)
    assert (now.cause, before.cause) == (Cause.NEW, Cause.CONTRADICT)
    assert now.links == (Link(before.proposition_id, LinkKind.CONTRADICTS),)
    assert before.after is not None and before.after.status is Status.SUPERSEDED
    assert [e.stance for e in before.evidence] == [Stance.CONTRADICTS]


def test_an_earlier_word_to_the_contrary_only_weakens() -> None:
    store = Store()
    store.apply(tea("tea", "coffee", "o1"))
    _, other = store.apply(tea("coffee", "tea", "o2", NOON - DAY))
    assert other.before is not None and other.after is not None
    assert other.after.status is Status.ACTIVE
    assert other.after.confidence < other.before.confidence


def test_two_words_against_it_bring_a_lone_claim_below_a_half() -> None:
    store = Store()
    store.apply(tea("tea", "coffee", "o1"))
    for n in (2, 3):
        store.apply(tea("coffee", "tea", f"o{n}", NOON - n * DAY))
    doubted = next(p for p in store.known.values() if p.slots["thing"] == "tea")
    assert doubted.confidence < 0.5


def test_what_the_person_settled_no_inference_changes() -> None:
    settled = replace(
        proposition("", id="s", type="prefers", slots={"thing": "tea", "over": "coffee"}, confidence=0.98),
        settled=True,
    )
    store = Store(settled)
    store.apply(tea("coffee", "tea", "o1", NOON + DAY))
    assert store.known[settled.id] == settled
    store = Store(
        replace(proposition("Works on x", id="s", slots={"thing": "x"}, confidence=0.98), settled=True)
    )
    [more] = store.apply(draft("working_on", {"thing": "x", "project": "p"}, "o1"))
    assert more.after is not None
    assert (more.after.text, more.after.slots) == ("Works on x", {"thing": "x"})
    date = replace(
        proposition("", id="d", type="has_deadline", slots={"task": "essay", "date": "x"}), settled=True
    )
    assert Store(replace(date, valid_until=NOON + 3 * DAY)).apply(essay("Friday", 1, "o1", NOON + DAY)) == []


def test_a_first_name_of_somebody_known_adds_nothing() -> None:
    store = Store()
    store.apply(draft("communicating_with", {"person": "Ann Lee"}, "o1"))
    assert store.apply(draft("communicating_with", {"person": "Ann"}, "o2")) == []
    assert store.apply(draft("communicating_with", {"person": "Ann Moss"}, "o3"))[0].cause is Cause.NEW
    assert store.apply(draft("communicating_with", {"person": "Lee"}, "o4")) == []


def test_what_says_more_of_the_same_supports_it_and_what_says_less_adds_nothing() -> None:
    store = Store()
    store.apply(draft("interested_in", {"topic": "fermented vegetables"}, "o1"))
    [more] = store.apply(draft("interested_in", {"topic": "fermented vegetables salt"}, "o2"))
    assert more.cause in (Cause.REINFORCE, Cause.REFINE)
    assert store.apply(draft("interested_in", {"topic": "vegetables"}, "o3")) == []
    assert len(store.known) == 1


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


@pytest.mark.parametrize(
    ("fuller", "plain"), [("fermented vegetables", "vegetables"), ("dry stone walling", "walling")]
)
def test_what_says_more_but_is_stale_does_not_swallow_what_is_seen_now(fuller: str, plain: str) -> None:
    hidden = proposition(type="interested_in", slots={"topic": fuller}, status=Status.HIDDEN)
    assert Store(hidden).apply(draft("interested_in", {"topic": plain}, "o1")) == []
    old = proposition(type="interested_in", slots={"topic": fuller}, status=Status.STALE)
    store = Store(old)
    [made] = store.apply(draft("interested_in", {"topic": plain}, "o1"))
    assert made.cause is Cause.NEW
    assert made.after is not None
    assert (made.after.slots, [e.observation_id for e in made.evidence]) == ({"topic": plain}, ["o1"])
    assert store.known[old.id] == old
    assert store.apply(draft("interested_in", {"topic": plain}, "o1")) == []


def test_a_draft_whose_day_is_over_is_nothing() -> None:
    over = draft("has_deadline", {"task": "essay", "date": "Friday"}, valid_until=NOON - DAY)
    assert Store().apply(over) == []


def test_a_contradicting_piece_lowers_and_does_not_refresh() -> None:
    store = Store(proposition(slots={"thing": "notes.txt"}, confidence=0.8))
    against = replace(draft(), evidence=(replace(evidence("x")[0], stance=Stance.CONTRADICTS),))
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
    [weaker] = retract(claim, evidence("o1", sure=0.1), NOON)
    assert weaker.after is not None
    assert weaker.after.confidence < 0.9
    assert retract(weaker.after, evidence("o1", sure=0.1), NOON) == []


def test_what_the_person_settled_does_not_weaken_with_its_evidence_but_goes_with_the_last_of_it() -> None:
    settled = replace(proposition(confidence=0.98), settled=True)
    assert retract(settled, evidence("o1", sure=0.1), NOON) == []
    [gone] = retract(settled, [], NOON)
    assert gone.after is None


@given(st.floats(0.02, 0.98), st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_forgetting_never_makes_surer(confidence: float, sure: list[float]) -> None:
    left = [evidence(str(i), sure=value)[0] for i, value in enumerate(sure)]
    for revision in retract(proposition(confidence=confidence), left, NOON):
        assert revision.after is not None
        assert revision.after.confidence <= confidence


@given(DRAFTS, st.lists(st.timedeltas(-400 * DAY, 400 * DAY), min_size=6, max_size=6))
def test_whichever_way_the_clock_goes_support_never_goes_back(
    drafts: list[Draft], jumps: list[timedelta]
) -> None:
    store = Store()
    for each, jump in zip(drafts, jumps, strict=False):
        before = dict(store.known)
        for revision in store.apply(each, NOON + jump):
            was = before.get(revision.proposition_id)
            if was is not None and revision.after is not None:
                assert revision.after.supported_at >= was.supported_at
                assert revision.after.half_life >= was.half_life
                assert revision.after.created_at == was.created_at


def against(*ids: str, at: datetime = NOON) -> list[Evidence]:
    return [replace(e, stance=Stance.CONTRADICTS) for e in evidence(*ids, at=at)]


def test_a_denial_after_all_that_speaks_for_a_claim_ends_it_and_keeps_it() -> None:
    old = proposition(confidence=0.9)
    [told] = deny(old, against("no", at=NOON + DAY), lambda i: evidence("yes"), NOON + DAY)
    assert (told.cause, told.before) == (Cause.CONTRADICT, old)
    assert told.after is not None
    assert told.after.status is Status.SUPERSEDED
    assert told.after.confidence < old.confidence
    assert told.evidence == tuple(against("no", at=NOON + DAY))


def test_a_denial_before_what_speaks_for_a_claim_only_lowers_it() -> None:
    seen = evidence("later", at=NOON + DAY)
    [told] = deny(proposition(confidence=0.9), against("no"), lambda i: seen, NOON + DAY)
    assert told.after is not None
    assert (told.after.status, told.after.confidence < 0.9) == (Status.ACTIVE, True)


def test_a_denial_counts_once_and_never_against_what_the_person_settled() -> None:
    said = against("no", at=NOON + DAY)
    assert deny(proposition(), said, lambda i: [*evidence("yes"), *said], NOON + DAY) == []
    assert deny(proposition(settled=True), said, lambda i: evidence("yes"), NOON + DAY) == []
    assert deny(proposition(status=Status.DELETED), said, lambda i: evidence("yes"), NOON + DAY) == []


@pytest.mark.parametrize(
    ("answer", "causes"),
    [
        (Relation.SAME, [Cause.REINFORCE]),
        (Relation.OPPOSITE, [Cause.NEW, Cause.CONTRADICT]),
        (Relation.UNRELATED, [Cause.NEW]),
    ],
)
def test_somebody_else_may_say_how_claims_stand_to_each_other(answer: Relation, causes: list[Cause]) -> None:
    known = proposition(slots={"thing": "museum guide"})
    new = draft("working_on", {"thing": "audio tour"}, "o2", at=NOON + DAY)
    made = revise(new, [known], lambda i: evidence("o1"), NOON + DAY, compare=lambda d, p: answer)
    assert [r.cause for r in made] == causes
