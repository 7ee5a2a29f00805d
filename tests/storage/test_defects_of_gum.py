"""Each weakness of GUM's store and retrieval that ours must not have, on a real encrypted database.

Numbers as in the dossier's list; see tests/gum/test_defects_of_gum.py.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gum.claims import LOWEST
from gum.types import Cause, Evidence, ObservationId, Proposition, PropositionId, Revision, RevisionId, new_id
from storage import claims, forget, observations, propositions, search, work
from storage.db import Database
from storage.retention import retire
from storage.scope import App
from tests.builders import NOON, evidence, frame, observation, proposition
from tests.storage import planted
from tests.storage.builders import KEY, change, new

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SECRET = "zanzibarcanary"


def learn(s: Session, key: str, words: str, **more: object) -> Proposition:
    seen = observation(words, id=f"o-{key}")
    observations.append(s, seen)
    p = replace(proposition(f"Works on {words}", id=key, slots={"thing": words}), **more)  # type: ignore[arg-type]
    propositions.commit(s, [new(p, [evidence(seen.id, words)])])
    return p


def found(db: Database, query: str, **how: object) -> list[tuple[str, float]]:
    told = db.read_sync(lambda s: search.search(s, query, (), 10, **how))  # type: ignore[arg-type]
    return [(p.id, score) for p, score in told.propositions]


def test_defect_03_what_fails_half_way_leaves_nothing_behind_and_a_second_try_nothing_twice(
    db: Database,
) -> None:
    def batch(s: Session, fails: bool) -> None:
        learn(s, "a", "thesis")
        if fails:
            raise RuntimeError("the model's answer was cut off")
        learn(s, "b", "budget")

    for _ in range(3):
        with pytest.raises(RuntimeError):
            db.run_sync(lambda s: batch(s, True))
        assert db.read_sync(observations.count) == db.read_sync(propositions.count) == 0
    for _ in range(2):
        db.run_sync(lambda s: batch(s, False))
    assert db.read_sync(observations.count) == db.read_sync(propositions.count) == 2


def test_defect_03_a_row_that_points_nowhere_is_refused(db: Database) -> None:
    link = "INSERT INTO percepts (observation_id, vector, surprise, model) VALUES ('nobody', x'00', 0, 'm')"
    with pytest.raises(IntegrityError):
        db.run_sync(lambda s: s.execute(text(link)))


def test_defect_06_what_a_killed_process_held_is_done_once_and_what_it_finished_is_not_done_again(
    tmp_path: Path,
) -> None:
    file = tmp_path / "g.db"
    database = Database.open(file, KEY)
    for n in range(4):
        database.run_sync(lambda s, n=n: observations.append(s, observation(id=f"o{n}")))  # type: ignore[misc]

    def lease(s: Session) -> list[work.WorkItem]:
        return work.lease(s, "perceive", 2, NOON + MINUTE, MINUTE)

    done, held = database.run_sync(lease), database.run_sync(lease)
    database.run_sync(lambda s: work.ack(s, [item.id for item in done]))
    database.close()  # with two pieces of work in the hands of a process that is no more
    again = Database.open(file, KEY)
    again.run_sync(work.release_all)
    again.run_sync(lambda s: observations.append(s, observation(id="o9")))  # one put in between loses nothing
    left = again.run_sync(lambda s: work.lease(s, "perceive", 9, NOON + DAY, MINUTE))
    assert [item.observation_id for item in left] == [*(item.observation_id for item in held), "o9"]
    again.close()


def test_defect_07_the_time_of_capture_is_kept_to_the_evidence(db: Database) -> None:
    captured = NOON - 3 * DAY
    seen = observation("thesis", id="o", at=captured, lasts=MINUTE)
    db.run_sync(lambda s: observations.append(s, seen))
    p = proposition("Works on thesis", id="p", slots={"thing": "thesis"}, at=NOON)
    db.run_sync(lambda s: propositions.commit(s, [new(p, [evidence("o", "thesis")])]))
    stored = db.read_sync(lambda s: observations.get(s, seen.id))
    assert stored is not None and (stored.at, stored.until) == (captured, captured + MINUTE)
    [row] = db.read_sync(lambda s: propositions.evidence_of(s, [p.id]))[p.id]
    assert row.at == captured


def test_defect_11_history_is_kept_with_what_was_before_and_after(db: Database) -> None:
    p = db.run_sync(lambda s: learn(s, "p", "thesis", confidence=0.5))
    words = ("thesis draft", "thesis draft two", "thesis draft three")
    for n, said in enumerate(words):
        fuller = replace(p, slots={"thing": said}, text=f"Works on {said}", confidence=0.6 + n / 10)
        before = p
        db.run_sync(lambda s, b=before, a=fuller: propositions.commit(s, [change(b, a, cause=Cause.REFINE)]))
        p = fuller
    history = db.read_sync(lambda s: propositions.revisions_of(s, PropositionId("p")))
    assert [r.after.text for r in history if r.after] == [
        "Works on thesis",
        *(f"Works on {w}" for w in words),
    ]
    assert [r.before.confidence for r in history if r.before] == [0.5, 0.6, 0.7]
    assert db.read_sync(propositions.count) == 1


def test_defect_12_a_claim_whose_observation_is_not_there_is_not_kept(db: Database) -> None:
    made = new(proposition(id="p"), [evidence("nobody saw it")])
    assert db.run_sync(lambda s: propositions.commit(s, [made])) == []
    assert db.read_sync(propositions.count) == 0


def test_defect_13_what_is_not_believed_is_found_only_by_who_asks_for_it(db: Database) -> None:
    db.run_sync(lambda s: learn(s, "nil", "thesis", confidence=LOWEST))
    assert found(db, "thesis") == found(db, "") == []
    asked = search.Wanted(doubtful=True)
    assert [key for key, _ in found(db, "thesis", wanted=asked)] == ["nil"]


def test_defect_16_little_words_find_nothing_and_the_rest_of_the_question_decides(db: Database) -> None:
    def fill(s: Session) -> None:
        for n in range(300):
            learn(s, f"noise{n}", f"the list of the things in the house {n}")
        learn(s, "wanted", "quarterly budget")

    db.run_sync(fill)
    best, *rest = found(db, "what is the state of the quarterly budget")
    assert best[0] == "wanted"
    assert all(score < best[1] / 3 for _, score in rest)


def test_defect_16_of_two_that_fit_alike_the_fresh_one_comes_first_even_among_many(db: Database) -> None:
    def fill(s: Session) -> None:
        for n in range(60):  # more than are looked at closely, all older
            learn(s, f"old{n}", f"budget plan {n}", supported_at=NOON - 40 * DAY)
        learn(s, "fresh", "budget plan 99")

    db.run_sync(fill)
    assert found(db, "budget plan", now=NOON)[0][0] == "fresh"


@pytest.mark.parametrize(
    ("asked", "words"),
    [("resume", "Résumé"), ("旅行", "東京旅行計画"), ("phone", "iPhone"), ("report", "reports")],
)
def test_defect_17_accents_scripts_without_spaces_and_longer_forms_do_not_hide_a_claim(
    db: Database, asked: str, words: str
) -> None:
    db.run_sync(lambda s: learn(s, "p", words))
    assert [key for key, _ in found(db, asked)] == ["p"]


def test_defect_17_another_word_for_the_same_is_found_by_meaning(db: Database) -> None:
    db.run_sync(lambda s: learn(s, "p", "automobile"))
    assert found(db, "car") == []
    near = search.Meaning({"propositions": [("p", 0.8)]})
    told = db.read_sync(lambda s: search.search(s, "car", near, 10))
    assert [p.id for p, _ in told.propositions] == ["p"]


def test_defect_18_a_score_does_not_hang_on_what_else_was_found(db: Database) -> None:
    db.run_sync(lambda s: learn(s, "p", "quarterly budget"))
    alone = dict(found(db, "quarterly budget"))["p"]
    weak = dict(found(db, "quarterly zebra stripes unicorn"))["p"]
    db.run_sync(lambda s: learn(s, "q", "quarterly report"))
    assert dict(found(db, "quarterly budget"))["p"] == pytest.approx(alone)
    assert weak < alone / 2  # the best of a poor answer is still poor


def test_defect_18_an_empty_question_means_the_most_recent(db: Database) -> None:
    for n in (2, 0, 1):
        db.run_sync(lambda s, n=n: learn(s, f"p{n}", f"file{n}", supported_at=NOON + n * DAY))  # type: ignore[misc]
    assert [key for key, _ in found(db, "")] == ["p2", "p1", "p0"]


def test_defect_19_a_claim_of_many_sights_is_shown_with_its_newest_few_and_without_transcripts(
    db: Database,
) -> None:
    def fill(s: Session) -> None:
        learn(s, "p", "thesis")
        pieces = []
        for n in range(200):
            observations.append(s, observation("thesis " * 500, id=f"s{n}", at=NOON + n * MINUTE))
            pieces.append(evidence(f"s{n}", "thesis"))
        p = propositions.get(s, PropositionId("p"))
        assert p is not None
        propositions.commit(
            s, [Revision(RevisionId(new_id()), p.id, Cause.REINFORCE, p, p, tuple(pieces), NOON)]
        )

    db.run_sync(fill)
    rows = db.read_sync(lambda s: propositions.evidence_of(s, [PropositionId("p")], newest=5))["p"]  # type: ignore[index]
    assert [row.observation_id for row in rows] == [f"s{n}" for n in range(195, 200)]
    assert max(len(row.evidence.quote) + len(row.title) for row in rows) < 100


def test_defect_21_no_word_stands_in_the_files_in_the_clear(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "data" / "g.db", KEY)
    database.run_sync(lambda s: learn(s, "p", SECRET))
    shot = replace(frame(), digest=SECRET)
    seen = observation(SECRET, id="shot", frame_id=shot.id)
    database.run_sync(lambda s: observations.append(s, seen, SECRET.encode() * 50, shot))
    assert planted.traces(tmp_path, SECRET) == []
    assert database.read_sync(observations.count) == 2
    database.close()


def test_defect_21_a_picture_is_gone_once_it_was_read_and_what_is_old_goes_by_age(db: Database) -> None:
    shot = frame()
    seen = observation("", id="shot", frame_id=shot.id)
    db.run_sync(lambda s: observations.append(s, seen, b"pixels", shot))
    assert db.read_sync(lambda s: observations.frame_of(s, seen.id)) is not None
    db.run_sync(lambda s: observations.perceived(s, seen.id, "what it said", None))
    assert db.read_sync(lambda s: observations.frame_of(s, seen.id)) is None
    p = db.run_sync(lambda s: learn(s, "p", "thesis"))
    db.run_sync(lambda s: retire(s, [seen.id, ObservationId("o-p")]))
    assert db.read_sync(observations.count) == 0
    assert db.read_sync(lambda s: propositions.get(s, p.id)) == p  # what was learnt stays


def test_defect_22_one_thing_is_forgotten_from_rows_search_and_queue_and_the_rest_stays(
    tmp_path: Path,
) -> None:
    database = Database.open(tmp_path / "data" / "g.db", None)  # in the clear, so that a trace can be seen
    database.run_sync(planted.fill)
    assert planted.traces(tmp_path) != []
    queued = database.read_sync(work.counts)["perceive"]
    database.run_sync(lambda s: forget.forget(s, App(planted.APP)))
    assert planted.traces(tmp_path) == []
    assert found(database, planted.CANARY) == []
    assert database.read_sync(work.counts)["perceive"] < queued
    assert database.read_sync(propositions.count) == 100
    database.close()


def test_defect_22_what_was_forgotten_by_name_is_not_learnt_again_from_what_was_seen_before(
    db: Database,
) -> None:
    p = db.run_sync(lambda s: learn(s, "p", "thesis"))
    db.run_sync(lambda s: claims.bury(s, _claim(s, p), NOON + DAY))
    db.run_sync(lambda s: s.execute(text("DELETE FROM propositions")))
    cited = [Evidence(ObservationId("o-p"), "thesis")]
    again = new(replace(p, id=PropositionId("again")), cited)
    assert db.run_sync(lambda s: propositions.commit(s, [again])) == []


def _claim(s: Session, p: Proposition) -> str:
    return claims.fingerprint(claims.salt(s), p.type, p.slots, p.valid_until)
