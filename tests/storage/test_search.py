from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gum.types import Sensitivity, Status, Trust, Vector
from storage import observations, propositions
from storage.db import Database
from storage.search import ANY, EVERY, Found, Meaning, Wanted, search
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


def test_how_much_was_typed_does_not_come_before_what_was_seen(full: Database) -> None:
    typed = observation("typed some 120 keys", title="Is learning Go", source="input", trust=Trust.SYSTEM)
    full.run_sync(lambda s: observations.append(s, typed))
    for query in ("learning go", "typed keys", "typed", ""):
        assert all(o.source != "input" for o, _ in look(full, query).observations), query
    assert [o.id for o, _ in look(full, "learning go").observations] == ["o-go"]


def look(db: Database, query: str, hits: object = (), wanted: Wanted = ANY, **how: object) -> Found:
    return db.read_sync(lambda s: search(s, query, hits, 10, wanted, **how))  # type: ignore[arg-type]


def ids(db: Database, query: str, hits: object = (), wanted: Wanted = ANY, **how: object) -> list[str]:
    return [p.id for p, _ in look(db, query, hits, wanted, **how).propositions]


def scores(db: Database, query: str, hits: object = (), **how: object) -> dict[str, float]:
    return {p.id: score for p, score in look(db, query, hits, **how).propositions}


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


def test_scores_fall_and_mean_the_same_for_every_question(full: Database) -> None:
    found = look(full, "report", [("go", 0.9)])
    for told in ([s for _, s in found.propositions], [s for _, s in found.observations]):
        assert told == sorted(told, reverse=True)
        assert all(0 < score < 1 for score in told)
    # All are 0.6 sure, which leaves 0.8 of what fits.
    assert scores(full, "report")["report"] == pytest.approx(0.75 * 0.8)
    assert scores(full, "report zebras")["report"] < 0.75 * 0.8 / 2
    assert scores(full, "zzz", [("go", 0.9)])["go"] == pytest.approx(0.85 * 0.8)


def test_the_cosine_counts_for_what_words_found_too(full: Database) -> None:
    def vectors(s):  # type: ignore[no-untyped-def]
        same: Vector = (1.0, 0.0)
        propositions.set_vectors(s, {"deadline": same, "report": (0.0, 1.0)}, "m")  # type: ignore[dict-item]

    full.run_sync(vectors)
    assert ids(full, "report", Meaning({}, (0.0, 1.0), "m")) == ["report", "deadline"]
    assert ids(full, "report", Meaning({}, (1.0, 0.0), "m")) == ["deadline", "report"]
    assert scores(full, "report", Meaning({}, (1.0, 0.0), "another")) == scores(full, "report")


def test_what_has_faded_and_what_is_doubted_comes_later(db: Database) -> None:
    def fill(s):  # type: ignore[no-untyped-def]
        for key, confidence, days in (("old", 0.6, 8), ("doubted", 0.2, 0), ("good", 0.6, 0)):
            p = proposition(
                f"Works on {key} plans",
                id=key,
                slots={"thing": f"{key} plans"},
                confidence=confidence,
                at=NOON - timedelta(days=days),
            )
            propositions.commit(s, [new(p)])

    db.run_sync(fill)
    assert ids(db, "plans", now=NOON) == ["good", "doubted", "old"]
    told = scores(db, "plans", now=NOON)
    assert told["old"] == pytest.approx(0.75 * (1 - 0.5 * 0.75) * 0.8)  # two half-lives: a quarter is left
    assert told["doubted"] == pytest.approx(0.75 * 0.6)
    assert ids(db, "", now=NOON) == ["good", "doubted", "old"]


def test_a_full_name_counts_more_than_its_parts(db: Database) -> None:
    def fill(s):  # type: ignore[no-untyped-def]
        for n, name in enumerate(("Anna", "Anna Meyer", "Meyer Anna", "Anna Schulz")):
            text = f"Is in contact with {name} about money"
            p = proposition(text, id=str(n), type="communicating_with", slots={"person": name})
            propositions.commit(s, [new(p)])

    db.run_sync(fill)
    assert ids(db, "when did Anna Meyer write")[:1] == ["1"]
    assert ids(db, "when did Anna Meyer write", diversity=0.5)[:1] == ["1"]


def test_diversity_puts_the_second_wording_behind_another_thing(db: Database) -> None:
    def fill(s):  # type: ignore[no-untyped-def]
        for key, text, vector in (
            ("first", "Works on thesis.md", (1.0, 0.0)),
            ("again", "Works on thesis.md in Vim", (0.99, 0.141)),
            ("other", "Waits for the print of the thesis", (0.0, 1.0)),
        ):
            propositions.commit(s, [new(proposition(text, id=key, slots={"thing": text}))])
            propositions.set_vectors(s, {key: vector}, "m")

    db.run_sync(fill)
    near = Meaning({"propositions": [("first", 0.6), ("again", 0.5)]})
    assert ids(db, "thesis", near, diversity=0.0) == ["first", "again", "other"]
    assert ids(db, "thesis", near, diversity=0.4) == ["first", "other", "again"]


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.ACTIVE])
def test_only_active_propositions_are_found_unless_asked_for(db: Database, status: Status) -> None:
    db.run_sync(lambda s: propositions.commit(s, [new(proposition("hidden canary", id="p", status=status))]))
    assert ids(db, "canary", [("p", 1.0)]) == []
    assert ids(db, "") == []
    there = [] if status is Status.DELETED else ["p"]
    for query in ("canary", ""):
        assert ids(db, query, wanted=Wanted(statuses=EVERY)) == there
        assert ids(db, query, wanted=Wanted(statuses=frozenset({status}))) == there
        assert ids(db, query, wanted=Wanted(statuses=frozenset())) == []


def test_sensitive_propositions_are_found_only_when_asked_for(db: Database) -> None:
    p = replace(proposition("private canary", id="p"), sensitivity=Sensitivity.SENSITIVE)
    db.run_sync(lambda s: propositions.commit(s, [new(p)]))
    for query in ("canary", ""):
        assert ids(db, query) == []
        assert ids(db, query, wanted=Wanted(sensitive=True)) == ["p"]


def test_what_nobody_believes_is_found_only_when_asked_for(db: Database) -> None:
    db.run_sync(lambda s: propositions.commit(s, [new(proposition("a canary", id="p", confidence=0.02))]))
    for query in ("canary", ""):
        assert ids(db, query) == []
        assert ids(db, query, wanted=Wanted(doubtful=True)) == ["p"]


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("query", ["report deadline", "resume", "deadline", ""])
@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (Wanted(type="bought"), ["deadline"]),
        (Wanted(since=NOON + MINUTE), ["deadline", "report"]),
        (Wanted(until=NOON), ["resume"]),
        (Wanted(since=NOON + MINUTE, until=NOON + MINUTE), ["deadline"]),
        (Wanted(app="vim"), ["report", "resume"]),
        (Wanted(app="vim", since=NOON + MINUTE), ["report"]),
        (Wanted(app="vim", type="bought"), []),
    ],
)
def test_filters_let_through_what_they_say(db: Database, query: str, wanted: Wanted, left: list[str]) -> None:
    rows = {
        "resume": ("vim", "working_on"),
        "deadline": ("mousepad", "bought"),
        "report": ("vim", "working_on"),
    }

    def fill(s):  # type: ignore[no-untyped-def]
        for n, (key, (app, kind)) in enumerate(rows.items()):
            at = NOON + n * MINUTE
            text = f"{TEXTS[key]} {n}"
            observations.append(s, observation(text, id="o-" + key, at=at, app=app))
            p = proposition(text, id=key, type=kind, slots={"thing": text}, at=at)
            propositions.commit(s, [new(p, [evidence("o-" + key, text)])])

    db.run_sync(fill)
    every = set(ids(db, query))
    near = [(key, 0.9) for key in rows]
    assert set(ids(db, query, wanted=wanted)) == every & set(left)
    assert set(ids(db, query or "zzz", near, wanted)) == set(left)
    seen = {o.id for o, _ in look(db, query, wanted=wanted).observations}
    assert seen == (set() if wanted.type else {"o-" + key for key in every & set(left)})


def test_a_filter_that_lets_few_through_still_finds_them(db: Database) -> None:
    def fill(s):  # type: ignore[no-untyped-def]
        for n in range(300):
            kind = "bought" if n in (3, 7) else "working_on"
            p = proposition(f"Works on report {n}", id=f"p{n}", type=kind, slots={"thing": f"report {n}"})
            propositions.commit(s, [new(p)])

    db.run_sync(fill)
    assert set(ids(db, "report", wanted=Wanted(type="bought"))) == {"p3", "p7"}
    assert set(ids(db, "", wanted=Wanted(type="bought"))) == {"p3", "p7"}


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
    found = look(full, query, now=NOON, diversity=0.3)
    assert len(found.propositions) <= 10
    assert all(0 <= score <= 1 for _, score in [*found.propositions, *found.observations])
