from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gum.types import Sensitivity, Status
from storage import observations, propositions
from storage.db import Database
from storage.search import Found, fuse, search
from tests.builders import NOON, evidence, observation, proposition
from tests.storage.builders import new

TEXTS = {
    "resume": "Is updating their Résumé",
    "deadline": "Has a deadline for the quarterly report",
    "report": "Reads the report of the weather",
    "tokyo": "東京旅行計画を立てている",
    "go": "Is learning Go",
    "iphone": "Bought an iPhone",
    "thai": "เรียนภาษาไทย",
}


@pytest.fixture
def full(db: Database) -> Database:
    """A proposition and an observation for each text."""

    def fill(s):  # type: ignore[no-untyped-def]
        for n, (key, text) in enumerate(TEXTS.items()):
            at = NOON + n * timedelta(minutes=1)
            observations.append(s, observation(text, id="o-" + key, at=at, url=f"https://{key}.example.org/"))
            p = proposition(text, id=key, slots={"thing": text}, at=at)
            propositions.commit(s, [new(p, [evidence("o-" + key, text)])])

    db.run_sync(fill)
    return db


def look(db: Database, query: str, hits: object = (), **how: bool) -> Found:
    return db.read_sync(lambda s: search(s, query, hits, 10, **how))  # type: ignore[arg-type]


def ids(db: Database, query: str, hits: object = (), **how: bool) -> list[str]:
    return [p.id for p, _ in look(db, query, hits, **how).propositions]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("resume", "resume"),
        ("RÉSUMÉ", "resume"),
        ("quarterly reports deadline", "deadline"),
        ("旅行", "tokyo"),
        ("旅行計画", "tokyo"),
        ("東京に旅行計画", "tokyo"),
        ("京", "tokyo"),
        ("Go", "go"),
        ("phone", "iphone"),
        ("ภาษา", "thai"),
    ],
)
def test_words_are_found_in_every_script(full: Database, query: str, first: str) -> None:
    assert ids(full, query)[:1] == [first]
    assert look(full, query).observations[0][0].id == "o-" + first


def test_rows_with_every_word_come_before_rows_with_some(full: Database) -> None:
    assert ids(full, "report deadline") == ["deadline", "report"]


def test_addresses_and_titles_of_observations_are_found(full: Database) -> None:
    assert [o.id for o, _ in look(full, "iphone.example.org").observations] == ["o-iphone"]


def test_an_empty_query_means_the_most_recent(full: Database) -> None:
    assert ids(full, "  ") == list(TEXTS)[::-1]
    assert look(full, "").observations[0][0].id == "o-thai"


def test_meaning_joins_words(full: Database) -> None:
    near = {
        "propositions": [("go", 0.9), ("report", 0.5), ("thai", 0.1), ("unknown", 1.0)],
        "observations": [],
    }
    assert ids(full, "report", near) == ["report", "go", "deadline"]
    assert ids(full, "zzz", near) == ["go", "report"]
    assert ids(full, "zzz", [("go", 0.9), ("o-thai", 0.9)]) == ["go"]
    assert [o.id for o, _ in look(full, "zzz", [("o-thai", 0.9)]).observations] == ["o-thai"]


def test_scores_fall(full: Database) -> None:
    scores = [score for _, score in look(full, "report", [("go", 0.9)]).propositions]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score < 0.06 for score in scores)


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.ACTIVE])
def test_only_active_propositions_are_found(db: Database, status: Status) -> None:
    db.run_sync(lambda s: propositions.commit(s, [new(proposition("hidden canary", id="p", status=status))]))
    assert ids(db, "canary", [("p", 1.0)]) == []
    assert ids(db, "") == []


def test_sensitive_propositions_are_found_only_when_asked_for(db: Database) -> None:
    p = replace(proposition("private canary", id="p"), sensitivity=Sensitivity.SENSITIVE)
    db.run_sync(lambda s: propositions.commit(s, [new(p)]))
    assert ids(db, "canary") == []
    assert ids(db, "canary", sensitive=True) == ["p"]


def test_a_word_that_everything_contains_does_not_hide_the_telling_one(db: Database) -> None:
    def fill(s):  # type: ignore[no-untyped-def]
        for n in range(150):
            p = proposition(f"The user is number {n}", id=f"p{n}", slots={"thing": str(n)})
            propositions.commit(s, [new(p)])
        propositions.commit(
            s, [new(proposition("Reads about zebras", id="zebra", slots={"thing": "zebras"}))]
        )

    db.run_sync(fill)
    assert ids(db, "what does the user know of zebras") == ["zebra"]
    assert len(ids(db, "the user is")) == 10


def test_new_wordings_are_found_and_old_ones_are_not(full: Database) -> None:
    go = full.read_sync(lambda s: propositions.get(s, propositions.list_(s)[2].id))
    assert go is not None
    assert go.id == "go"
    later = replace(go, text="Is learning Rust")
    full.run_sync(lambda s: propositions.commit(s, [replace(new(later), before=go)]))
    full.run_sync(lambda s: observations.perceived(s, observation(id="o-go").id, "Rust book", None))
    assert ids(full, "Go") == []
    assert ids(full, "Rust") == ["go"]
    assert [o.id for o, _ in look(full, "Rust").observations] == ["o-go"]
    assert "o-go" not in [o.id for o, _ in look(full, "learning").observations]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=30))
def test_any_query_is_answered(full: Database, query: str) -> None:
    found = look(full, query)
    assert len(found.propositions) <= 10


@given(st.lists(st.lists(st.integers(0, 20), unique=True), max_size=4))
def test_what_more_ways_of_looking_rank_first_comes_first(rankings: list[list[int]]) -> None:
    fused = list(fuse(rankings).items())
    assert {n for n, _ in fused} == {n for r in rankings for n in r}
    assert [s for _, s in fused] == sorted((s for _, s in fused), reverse=True)
    if rankings and rankings[0] and all(r[:1] == rankings[0][:1] for r in rankings):
        assert fused[0][0] == rankings[0][0]
