from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from gum.types import Cause, Evidence, ObservationId, Proposition, PropositionId, Revision, Status, Trust
from storage import forget, observations, propositions
from storage.db import Database
from storage.propositions import commit
from storage.scope import Claim
from tests.builders import NOON, evidence, observation, proposition
from tests.storage.builders import change, draft, new

DAY = timedelta(days=1)


@pytest.fixture
def seen(db: Database) -> Database:
    """Two observations, a day apart."""
    for n, at in (("o1", NOON), ("o2", NOON + DAY)):
        db.run_sync(lambda s, n=n, at=at: observations.append(s, observation("notes.txt", id=n, at=at)))
    return db


def store(db: Database, *revisions: Revision) -> list[Revision]:
    return db.run_sync(lambda s: commit(s, revisions))


def get(db: Database, p: Proposition) -> Proposition | None:
    return db.read_sync(lambda s: propositions.get(s, p.id))


def cited(db: Database, p: Proposition) -> list[Evidence]:
    rows = db.read_sync(lambda s: propositions.evidence_of(s, [p.id]))[p.id]
    return [row.evidence for row in rows]


def test_a_proposition_comes_back_as_it_was_with_its_evidence_and_history(seen: Database) -> None:
    p = replace(proposition(valid_until=NOON + DAY), half_life=timedelta(hours=1, microseconds=7))
    made = new(p, [evidence("o1")])
    assert store(seen, made) == [made]
    assert get(seen, p) == p
    [row] = seen.read_sync(lambda s: propositions.evidence_of(s, [p.id]))[p.id]
    full = replace(evidence("o1"), at=NOON, app="mousepad", trust=Trust.AUTHORED)
    assert (row.evidence, row.observation_id, row.at, row.app) == (full, "o1", NOON, "mousepad")
    assert seen.read_sync(lambda s: propositions.revisions_of(s, p.id)) == [made]


def test_committing_twice_changes_nothing_the_second_time(seen: Database) -> None:
    made = new(proposition(), [evidence("o1")])
    assert store(seen, made, made) == [made]
    assert store(seen, made) == []
    assert seen.read_sync(propositions.count) == 1
    assert len(cited(seen, proposition(id=made.proposition_id))) == 1


def test_the_same_quote_counts_once(seen: Database) -> None:
    p = proposition()
    again = replace(p, confidence=0.7)
    store(seen, new(p, [evidence("o1")]), change(p, again, [evidence("o1"), evidence("o2")]))
    assert [e.observation_id for e in cited(seen, p)] == ["o1", "o2"]
    assert get(seen, p) == again


def test_a_new_claim_that_is_known_becomes_evidence_for_the_known_one(seen: Database) -> None:
    p = proposition()
    twin = proposition(slots={"thing": "  NOTES.txt"})
    store(seen, new(p, [evidence("o1")]))
    [joined] = store(seen, new(twin, [evidence("o2")]))
    assert (joined.proposition_id, joined.cause, joined.before) == (p.id, Cause.REINFORCE, p)
    assert seen.read_sync(propositions.count) == 1
    assert get(seen, twin) is None
    kept = get(seen, p)
    assert kept is not None
    assert kept.supported_at == NOON + DAY
    assert len(cited(seen, p)) == 2


def test_this_friday_and_the_next_are_two_claims(seen: Database) -> None:
    slots = {"task": "report", "date": "Friday"}
    one = proposition("a", type="has_deadline", slots=slots, valid_until=NOON + DAY)
    two = proposition("b", type="has_deadline", slots=slots, valid_until=NOON + 8 * DAY)
    store(seen, new(one, [evidence("o1")]), new(two, [evidence("o1")]))
    assert seen.read_sync(propositions.count) == 2


def test_what_cites_a_forgotten_observation_is_not_stored(seen: Database) -> None:
    p = proposition()
    assert store(seen, new(p, [evidence("o1"), evidence("gone")])) == []
    assert get(seen, p) is None


def test_a_change_to_a_forgotten_proposition_does_not_bring_it_back(seen: Database) -> None:
    p = proposition()
    store(seen, new(p, [evidence("o1")]))
    seen.run_sync(lambda s: forget.forget(s, Claim(p.id)))
    assert store(seen, change(p, replace(p, confidence=0.9), [evidence("o2")])) == []
    assert get(seen, p) is None


def test_a_forgotten_claim_is_not_learnt_again_from_old_observations_but_from_new_ones(
    seen: Database,
) -> None:
    p = proposition()
    store(seen, new(p, [evidence("o1")]))
    seen.run_sync(lambda s: forget.forget(s, Claim(p.id)))
    old = proposition()
    assert seen.run_sync(lambda s: propositions.without_forgotten(s, [draft(old, [evidence("o1")])])) == []
    assert store(seen, new(old, [evidence("o1"), evidence("o2")])) == []
    other = proposition(slots={"thing": "another"})
    assert store(seen, new(other, [evidence("o1")]))
    later = forget_time(seen) + DAY
    seen.run_sync(lambda s: observations.append(s, observation(id="o3", at=later)))
    both = [evidence("o1"), evidence("o3")]
    [kept] = seen.run_sync(lambda s: propositions.without_forgotten(s, [draft(old, both)]))
    assert [e.observation_id for e in kept.evidence] == ["o3"]
    [learnt] = store(seen, new(old, both))
    assert [e.observation_id for e in learnt.evidence] == ["o3"]


def forget_time(db: Database):  # type: ignore[no-untyped-def]
    from sqlalchemy import select

    from storage.schema import TombstoneRow

    return db.read_sync(lambda s: s.scalar(select(TombstoneRow.at)))


def test_a_revision_without_after_deletes_but_keeps_the_history(seen: Database) -> None:
    p = proposition()
    store(seen, new(p, [evidence("o1")]))
    gone = Revision(new(p).id, p.id, Cause.USER, p, None, (), NOON)
    assert store(seen, gone) == [gone]
    kept = get(seen, p)
    assert kept is not None
    assert kept.status is Status.DELETED
    assert len(seen.read_sync(lambda s: propositions.revisions_of(s, p.id))) == 2


def test_a_failed_batch_leaves_nothing(seen: Database) -> None:
    def broken(s: Session) -> None:
        commit(s, [new(proposition(), [evidence("o1")])])
        raise KeyError("killed here")

    with pytest.raises(KeyError):
        seen.run_sync(broken)
    assert seen.read_sync(propositions.count) == 0


def test_vectors_are_kept_by_model_and_dropped_with_the_wording(seen: Database) -> None:
    p = proposition()
    store(seen, new(p, [evidence("o1")]))
    assert seen.read_sync(lambda s: propositions.stale_vectors(s, "m")) == [(p.id, p.text)]
    unknown = PropositionId("unknown")
    seen.run_sync(lambda s: propositions.set_vectors(s, {p.id: (0.5, 0.5), unknown: (1.0, 0.0)}, "m"))
    assert seen.read_sync(lambda s: propositions.vectors_of(s, [p.id, unknown], "m")) == {p.id: (0.5, 0.5)}
    assert seen.read_sync(lambda s: propositions.stale_vectors(s, "m")) == []
    assert seen.read_sync(lambda s: propositions.stale_vectors(s, "n")) == [(p.id, p.text)]
    store(seen, change(p, replace(p, confidence=0.7)))
    assert seen.read_sync(lambda s: propositions.stale_vectors(s, "m")) == []
    store(seen, change(p, replace(p, text="Works on other things")))
    assert seen.read_sync(lambda s: propositions.stale_vectors(s, "m")) == [(p.id, "Works on other things")]


def test_listing_is_by_status_and_type_the_last_supported_first(seen: Database) -> None:
    made = [
        proposition(id="a", slots={"thing": "a"}),
        proposition(id="b", slots={"thing": "b"}, at=NOON + DAY),
        proposition(id="c", slots={"thing": "c"}, type="prefers"),
        proposition(id="d", slots={"thing": "d"}, status=Status.HIDDEN),
    ]
    store(seen, *(new(p, [evidence("o1")]) for p in made))

    def ids(status: str | None = "active", type_: str | None = None) -> list[str]:
        return [p.id for p in seen.read_sync(lambda s: propositions.list_(s, status, type_, 10))]

    assert ids() == ["b", "c", "a"]
    assert ids(type_="prefers") == ["c"]
    assert ids("hidden") == ["d"]
    assert len(ids(None)) == 4
    assert seen.read_sync(propositions.count) == 3


def test_neighbours_share_a_type_words_or_the_claim_itself(seen: Database) -> None:
    made = [
        proposition("Works on x", id="type", slots={"thing": "x"}),
        proposition(
            "Prefers the quarterly report", id="words", type="prefers", slots={"thing": "quarterly report"}
        ),
        proposition("Is learning Go", id="far", type="learning", slots={"thing": "Go"}),
        proposition("Works on thesis", id="deleted", slots={"thing": "thesis"}, status=Status.DELETED),
        proposition("Works on dust", id="other", slots={"thing": "dust"}, status=Status.DELETED),
    ]
    store(seen, *(new(p, [evidence("o1")]) for p in made))
    drafts = [
        draft(proposition(slots={"thing": 'Quarterly "report" OR'}), [evidence("o1")]),
        draft(proposition(slots={"thing": "Thesis"}), [evidence("o1")]),
    ]
    found = seen.run_sync(lambda s: propositions.neighbours(s, drafts))
    assert {p.id for p in found} == {"type", "words", "deleted"}
    assert seen.run_sync(lambda s: propositions.neighbours(s, [])) == []
    [spoken] = seen.run_sync(lambda s: propositions.neighbours(s, [], ["quarterly"]))
    assert spoken.id == "words"


def test_however_much_is_spoken_of_neighbours_are_found_within_bounds(seen: Database) -> None:
    made = [proposition(f"Works on plan {n}", id=f"p{n}", slots={"thing": f"plan {n}"}) for n in range(30)]
    store(seen, *(new(p, [evidence("o1")]) for p in made))
    searched: list[str] = []

    def look(s: Session) -> list[Proposition]:
        def note(
            connection: object, cursor: object, sql: str, given: Sequence[object], *more: object
        ) -> None:
            assert len(given) < 1000
            searched.append(sql)

        event.listen(s.connection(), "before_cursor_execute", note)
        return propositions.neighbours(s, [], [f"plan {n % 60}" for n in range(40_000)])

    assert len(seen.run_sync(look)) == 30
    assert sum("MATCH" in sql for sql in searched) == propositions.SPOKEN_AT_MOST


def test_evidence_of_nothing_is_nothing(seen: Database) -> None:
    assert seen.read_sync(lambda s: propositions.evidence_of(s, [])) == {}
    unknown = PropositionId("x")
    assert seen.read_sync(lambda s: propositions.evidence_of(s, [unknown])) == {unknown: []}
    assert seen.read_sync(lambda s: observations.get(s, ObservationId("x"))) is None


def test_the_newest_pieces_of_each_claim_come_oldest_first(seen: Database) -> None:
    pieces = {"p": ["a", "b", "c"], "q": ["d"], "none": []}
    for key, quotes in pieces.items():
        p = proposition(key, id=key, slots={"thing": key})
        store(seen, new(p, [evidence("o1", quote) for quote in quotes]))
    ids = [PropositionId(key) for key in pieces]
    found = seen.read_sync(lambda s: propositions.evidence_of(s, ids, newest=2))
    assert {key: [row.evidence.quote for row in rows] for key, rows in found.items()} == {
        "p": ["b", "c"],
        "q": ["d"],
        "none": [],
    }
    assert all(row.title and row.app for rows in found.values() for row in rows)
