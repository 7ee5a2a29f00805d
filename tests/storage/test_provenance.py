from dataclasses import replace

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from gum.types import Cause, Proposition, PropositionId, Revision
from storage import observations, propositions
from storage.db import Database
from storage.provenance import Provenance, outlive
from storage.scope import App, Gone, Source
from tests.builders import NOON, evidence, observation, proposition
from tests.storage.builders import change, new

Sorted = tuple[list[PropositionId], list[PropositionId]]
HERE, THERE = "mousepad", "secretapp"


def gone(*ids: str) -> Gone:
    return Gone(frozenset(ids), App(THERE))


@pytest.fixture
def seen(db: Database) -> Database:
    """`a` and `b` name the thesis, `c` names the book."""
    for key, text, app in (
        ("a", "thesis.tex", HERE),
        ("b", "my thesis.tex", THERE),
        ("c", "book.tex", THERE),
    ):
        o = observation(text, id=key, app=app, title="")
        db.run_sync(lambda s, o=o: observations.append(s, o))
    return db


def claim(db: Database, *made: Revision) -> Proposition:
    db.run_sync(lambda s: propositions.commit(s, made))
    p = made[0].after
    assert p is not None
    return p


def sort(db: Database, p: Proposition, what: Gone) -> Sorted:
    return db.read_sync(lambda s: Provenance(s, what).sort([p.id]))


def clean(db: Database, p: Proposition, what: Gone) -> None:
    def settle(s: Session) -> None:
        claims = Provenance(s, what)
        claims.sort([p.id])
        claims.clean([p.id])

    db.run_sync(settle)


THESIS = proposition("Works on thesis.tex", id="p", slots={"thing": "thesis.tex"})
BOTH = replace(THESIS, slots={"thing": "thesis.tex", "project": "book.tex"}, text="Works on both")


@pytest.mark.parametrize(
    ("cited", "taken", "stays"),
    [
        (("a", "b"), ("a",), True),  # the other one names it as well
        (("a", "b"), ("b",), True),
        (("a",), ("a",), False),
        (("b",), (), True),
    ],
)
def test_a_claim_stays_while_something_is_left_that_says_it(
    seen: Database, cited: tuple[str, ...], taken: tuple[str, ...], stays: bool
) -> None:
    p = claim(seen, new(THESIS, [evidence(key, "thesis.tex") for key in cited]))
    assert sort(seen, p, gone(*taken)) == (([], [p.id]) if stays else ([p.id], []))
    touched = seen.read_sync(lambda s: Provenance(s, gone(*taken)).touched())
    assert touched == ([p.id] if taken else [])


def test_a_claim_one_of_whose_slots_nothing_left_says_goes(seen: Database) -> None:
    p = claim(
        seen,
        new(THESIS, [evidence("a", "thesis.tex")]),
        change(THESIS, BOTH, [evidence("c", "book.tex")], Cause.REFINE),
    )
    assert sort(seen, p, gone("c")) == ([p.id], [])
    assert sort(seen, p, gone("a")) == ([p.id], [])


def test_history_loses_pieces_reasons_and_wordings_of_what_is_gone_and_nothing_else(seen: Database) -> None:
    p = claim(
        seen,
        new(THESIS, [evidence("a", "thesis.tex")], "the title"),
        change(THESIS, BOTH, [evidence("c", "book.tex")], Cause.REFINE),
        change(BOTH, THESIS, [], Cause.USER),
    )
    clean(seen, p, gone("c"))
    first, second, third = seen.read_sync(lambda s: propositions.revisions_of(s, p.id))
    assert (first.after, first.reasoning, [e.quote for e in first.evidence]) == (
        THESIS,
        "the title",
        ["thesis.tex"],
    )
    assert (second.before, second.after, second.reasoning, second.evidence) == (THESIS, None, "", ())
    assert (third.before, third.after, third.reasoning) == (None, THESIS, "again")
    again = seen.read_sync(lambda s: propositions.revisions_of(s, p.id))
    clean(seen, p, gone())
    assert seen.read_sync(lambda s: propositions.revisions_of(s, p.id)) == again


def test_only_the_revisions_that_cite_it_are_read_and_written(seen: Database) -> None:
    p = claim(seen, new(THESIS, [evidence("a", "thesis.tex"), evidence("b", "thesis.tex")]))
    for n in range(5):
        weaker = replace(p, confidence=0.5 - n / 50)
        claim(seen, change(p, weaker, [evidence("c", f"book {n}")]))
    before = seen.read_sync(lambda s: propositions.revisions_of(s, p.id))
    rows: list[object] = []

    def settle(s: Session) -> None:
        @event.listens_for(s.connection(), "before_cursor_execute")
        def _(_c: object, _r: object, statement: str, given: object, *_: object) -> None:
            if statement.startswith("UPDATE"):
                rows.append(given)

        outlive(s, p.id, {"b": (THERE, NOON), "nowhere": (THERE, NOON)})

    seen.run_sync(settle)
    assert len(rows) == 1
    after = seen.read_sync(lambda s: propositions.revisions_of(s, p.id))
    assert after[1:] == before[1:] and len(after) == 6
    assert [e.quote for e in after[0].evidence] == ["thesis.tex", ""]


def test_what_has_outlived_its_observation_keeps_no_quote_and_is_found_by_its_application(
    seen: Database,
) -> None:
    p = claim(seen, new(THESIS, [evidence("a", "thesis.tex"), evidence("b", "thesis.tex")]))
    seen.run_sync(lambda s: outlive(s, p.id, {"b": (THERE, NOON)}))
    [made] = seen.read_sync(lambda s: propositions.revisions_of(s, p.id))
    assert [(e.observation_id, e.quote, e.weight) for e in made.evidence] == [
        ("a", "thesis.tex", 1),
        ("b", "", 1),
    ]
    clean(seen, p, gone())  # of THERE, though by its id it is not named
    [made] = seen.read_sync(lambda s: propositions.revisions_of(s, p.id))
    assert [e.observation_id for e in made.evidence] == ["a"]
    clean(seen, p, Gone(frozenset(), Source("screen")))
    assert len(seen.read_sync(lambda s: propositions.revisions_of(s, p.id))[0].evidence) == 1


def test_of_many_sources_no_more_are_read_than_needed(db: Database) -> None:
    for n in range(200):
        o = observation(f"thesis.tex {n}", id=f"o{n}", title="")
        db.run_sync(lambda s, o=o: observations.append(s, o))
    cited = [evidence(f"o{n}", "thesis.tex") for n in range(200)]
    p = claim(db, new(THESIS, cited[:1]), *(change(THESIS, THESIS, [piece]) for piece in cited[1:]))
    fetched: list[str] = []

    def look(s: Session) -> Sorted:
        def note(*args: object) -> None:
            fetched.append(str(args[2]))

        event.listen(s.connection(), "before_cursor_execute", note)
        return Provenance(s, gone("o0")).sort([p.id])

    assert db.read_sync(look) == ([], [p.id])
    assert sum("observations.text" in sql for sql in fetched) == 1
