import json
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.errors import ImportRefused
from gum.types import Effect, Feedback, Link, LinkKind, PropositionId, Rule, RuleId, Verdict
from storage import export, forget, observations, plans, privacy, propositions, search, suggestions
from storage.db import Database
from storage.scope import Claim
from tests.builders import NOON, evidence, observation, proposition
from tests.storage.builders import KEY, new, plan, suggestion


def lines(db: Database) -> list[str]:
    return db.read_sync(lambda s: list(export.export(s)))


def filled(db: Database) -> None:
    """Something of every kind."""
    seen = observation(
        "Café ☕ “quoted”\nsecond line", id="seen", url="https://x.test/a?b=c", lasts=timedelta(minutes=3)
    )
    gone = observation("to be forgotten", id="gone")
    claim = proposition("Works on thesis.tex", id="claim", slots={"thing": "thesis.tex"})
    other = proposition("Works on secret.tex", id="other", slots={"thing": "secret.tex"})
    heir = proposition("Works on book.tex", id="heir", slots={"thing": "book.tex"}, settled=True)
    tie = Link(PropositionId("claim"), LinkKind.SUPERSEDES)
    offer = suggestion(["claim"])
    made = plan(owner=offer.id)
    rule = Rule(
        RuleId("r"), "no bank", Effect.DROP, url="*bank*", retention=timedelta(days=2),
        window_class="x", monitor="HDMI-1", full_screen=True, hours="sat-sun", sharing=False,
    )  # fmt: skip
    for fill in (
        lambda s: observations.append(s, seen),
        lambda s: observations.append(s, gone),
        lambda s: propositions.commit(s, [new(claim, [evidence("seen", "Café")])]),
        lambda s: propositions.commit(s, [new(other, [evidence("gone", "forgotten")])]),
        lambda s: propositions.set_vectors(s, {PropositionId("claim"): (0.6, 0.8)}, "m"),
        lambda s: forget.forget(s, Claim(PropositionId("other"))),
        lambda s: suggestions.add(s, offer),
        lambda s: suggestions.add_feedback(s, Feedback(offer.id, Verdict.DISMISS, "later", NOON), offer.kind),
        lambda s: propositions.commit(s, [new(heir, [evidence("seen", "quoted")], links=[tie])]),
        lambda s: plans.save(s, made, "waiting", NOON, NOON),
        lambda s: privacy.add_rule(s, rule),
    ):
        db.run_sync(fill)  # type: ignore[arg-type]


@pytest.fixture
def empty(tmp_path: Path) -> Database:
    return Database.open(tmp_path / "empty" / "gumption.db", KEY)


def test_what_comes_out_goes_in_and_comes_out_the_same(db: Database, empty: Database) -> None:
    filled(db)
    told = lines(db)
    counts = empty.run_sync(lambda s: export.restore(s, told))
    assert lines(empty) == told
    assert counts["observations"] == 2
    assert sum(counts.values()) == len(told) - 1
    empty.close()


def test_what_was_taken_in_is_found_and_what_was_forgotten_stays_forgotten(
    db: Database, empty: Database
) -> None:
    filled(db)
    told = lines(db)
    empty.run_sync(lambda s: export.restore(s, told))
    found = empty.read_sync(lambda s: search.search(s, "cafe thesis", {}, 5))
    assert [p.text for p, _ in found.propositions] == ["Works on thesis.tex"]
    assert [o.id for o, _ in found.observations] == ["seen"]
    again = proposition("Works on secret.tex", id="again", slots={"thing": "secret.tex"})
    empty.run_sync(lambda s: propositions.commit(s, [new(again, [evidence("gone", "forgotten")])]))
    assert empty.read_sync(lambda s: propositions.get(s, again.id)) is None
    empty.close()


def test_every_table_is_exported_or_named_as_left_out() -> None:
    from storage.schema import Base

    left_out = {"frames", "thumbnails", "work"}
    left_out |= {"clients", "disclosed", "disclosures", "disclosed_about", "proposals", "idempotent"}
    assert set(export.TABLES) | left_out == set(Base.metadata.tables)


def test_a_store_with_something_in_it_takes_no_import(db: Database, empty: Database) -> None:
    filled(db)
    told = lines(db)
    with pytest.raises(ImportRefused, match="something in this store"):
        db.run_sync(lambda s: export.restore(s, told))
    assert lines(db) == told
    empty.close()


SEEN = json.loads(
    '{"table":"observations","id":"a","source":"s","at":"2026-01-01T00:00:00+00:00",'
    '"until":"2026-01-01T00:00:00+00:00","app":"","title":"","text":"","trust":"read",'
    '"url":null,"site":null,"frame_id":null}'
)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "null",
        '{"table": "sqlite_master"}',
        '{"table": "work", "n": 1}',
        json.dumps({**SEEN, "extra": 1}),
        json.dumps({k: v for k, v in SEEN.items() if k != "text"}),
        json.dumps({**SEEN, "at": "2026-01-01T00:00:00"}),  # no zone
        json.dumps({**SEEN, "at": 3}),
        json.dumps({**SEEN, "text": ["a"]}),
        json.dumps({**SEEN, "title": None}),
        '{"table":"percepts","observation_id":"nobody","vector":[1],"surprise":0.5,"model":"m"}',
        '{"table":"percepts","observation_id":"nobody","vector":[NaN],"surprise":0.5,"model":"m"}',
        '{"table":"percepts","observation_id":"a","vector":[1e308],"surprise":0.5,"model":"m"}',
        '{"table":"percepts","observation_id":"a","vector":[1' + "0" * 400 + '],"surprise":0.5,"model":"m"}',
        '{"table":"percepts","observation_id":"a","vector":[1],"surprise":Infinity,"model":"m"}',
        json.dumps(SEEN),  # the same id twice
        json.dumps({**SEEN, "id": "b", "trust": "whatever"}),
        json.dumps({**SEEN, "id": "b", "at": "0001-01-01T00:00:00+14:00"}),
        '{"table":"rules","id":"r","name":"x","effect":"explode","app":null,"title":null,"url":null,'
        '"private":null,"retention":null}',
        '{"table":"meta","key":"x","value":{}}',
        "x" * (export.LONGEST + 1),
    ],
)
def test_a_line_that_does_not_fit_is_refused_with_its_number_and_nothing_stays(
    empty: Database, line: str
) -> None:
    head = json.dumps({"gumption": 1, "schema": "0002"})
    with pytest.raises(ImportRefused, match=r"^Line 3 "):
        empty.run_sync(lambda s: export.restore(s, [head, json.dumps(SEEN), line]))
    assert empty.read_sync(observations.count) == 0
    empty.close()


def test_an_export_of_an_older_schema_is_taken_with_what_it_lacked(db: Database, empty: Database) -> None:
    filled(db)
    later = {"settled", "at", "app", "trust", "drafter", "sure"}
    told = [json.loads(line) for line in lines(db)]
    old = [{"gumption": 1, "schema": "0002"}] + [
        {k: v for k, v in row.items() if k not in later} if row["table"] == "evidence" else row
        for row in told[1:]
    ]
    empty.run_sync(lambda s: export.restore(s, [json.dumps(row) for row in old]))
    [piece] = empty.read_sync(lambda s: propositions.evidence_of(s, [PropositionId("claim")]))["claim"]
    assert (piece.app, piece.trust) == ("mousepad", "authored")
    assert piece.evidence.drafter == "" and piece.evidence.sure == 0.5
    empty.close()


@pytest.mark.parametrize(
    "head", ["", "{}", "hello", '{"gumption": 2, "schema": "0001"}', '{"gumption": 1, "schema": "9"}']
)
def test_what_is_no_export_is_refused(empty: Database, head: str) -> None:
    with pytest.raises(ImportRefused):
        empty.run_sync(lambda s: export.restore(s, [head]))
    empty.close()


@given(st.text(), st.text())
def test_any_text_survives(fresh: Path, text: str, title: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first, second = (Database.open(shutil.copy(fresh, Path(folder) / name), None) for name in "ab")
        first.run_sync(lambda s: observations.append(s, observation(text, title=title)))
        told = lines(first)
        second.run_sync(lambda s: export.restore(s, told))
        assert lines(second) == told
        first.close()
        second.close()
