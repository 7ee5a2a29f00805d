from dataclasses import replace
from pathlib import Path

import pytest

from app.desks.lessons import Lesson, kinds, lessons
from app.desks.types import Belief, Checkpoint, Desk, Played
from gum.types import Evidence, ObservationId
from tests.app.desks.small_desk import small_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return small_desk(tmp_path)


def played(desk: Desk, *beliefs: Belief, evidence: dict[str, tuple[Evidence, ...]]) -> Played:
    at = max(session.begins for session in desk.sessions)
    return Played(desk.id, "gumption", (Checkpoint(at, beliefs),), (), 1.0, evidence=evidence)


def test_a_lesson_is_a_claim_its_evidence_and_whether_it_is_so(desk: Desk) -> None:
    fact = next(f for f in desk.facts if f.ends is None)
    words = {slot: options[0] for slot, options in fact.slots.items()}
    cited = (Evidence(ObservationId("o"), "q"),)
    right = Belief("a", " ".join(words.values()), 0.5, fact.type, words)
    wrong = replace(
        right, id="b", text="Is interested in zeppelins", type="interested_in", slots={"topic": "zeppelins"}
    )
    bare = replace(wrong, id="c")
    found = lessons(desk, played(desk, right, wrong, bare, evidence={"a": cited, "b": cited}))
    assert found == [
        Lesson(desk.id, fact.type, next(iter(words.values())), cited, True),
        Lesson(desk.id, "interested_in", "zeppelins", cited, False),
    ]
    assert kinds(found) == (
        {fact.type: 2} if fact.type == "interested_in" else {fact.type: 1, "interested_in": 1}
    )


def test_nothing_was_learnt_where_nothing_was_believed(desk: Desk) -> None:
    assert lessons(desk, Played(desk.id, "gumption", (), (), 1.0)) == []
