"""Contexts made at a desk from a store that was filled by hand, and what is counted of them."""

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.desks.contexts import FIGURES, Answered, Asking, by_kind, figures, intervals
from app.desks.requests import IDLE, sayable
from app.desks.types import Decoy, DecoyKind, Desk, Fact, Persona, Session, Sight
from gum.claims import word
from gum.model.embedder import HashingEmbedder
from gum.types import Proposition, Sensitivity, Trust
from storage import propositions
from storage.db import Database
from tests.builders import observation, proposition
from tests.storage.builders import new

BEGINS = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AT = BEGINS + timedelta(days=2)
PLAN, OLD = "orchard survey", "greenhouse budget"


def fact(name: str, kind: str, slot: str, value: str, ends: datetime | None = None) -> Fact:
    return Fact(
        name, word(kind, {slot: value}), kind, {slot: (value,)}, BEGINS, ends, evidence=(f"show-{name}",)
    )


DESK = Desk(
    "robin",
    "",
    Persona("Robin Adler", "hydrologist", 34, ("en",), ZoneInfo("UTC")),
    (
        fact("plan", "working_on", "thing", PLAN),
        fact("old", "working_on", "thing", OLD, BEGINS + timedelta(days=1)),
    ),
    (
        Decoy("ruth", DecoyKind.OTHER_PERSON, "Ruth's novel", (("harbour novel",),), ()),
        Decoy("planted", DecoyKind.INJECTION, "An order to an assistant", (("Zorbex",),), ()),
    ),
    (),
    (),
    (),
    {},
    (Session(BEGINS, ()),),
)
SHOWN = tuple(
    Sight(f"show-{name}", observation(said, title=said, source="window", trust=trust, at=BEGINS))
    for name, said, trust in (("plan", PLAN, Trust.ACTED_ON), ("old", OLD, Trust.READ))
)


def claim(thing: str, *, confidence: float = 0.9, kind: str = "working_on") -> Proposition:
    slot = {"working_on": "thing", "interested_in": "topic"}[kind]
    said = word(kind, {slot: thing})
    return proposition(
        said, type=kind, slots={slot: thing}, confidence=confidence, at=AT - timedelta(hours=2)
    )


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(tmp_path / "desk.db", None)
    yield opened
    opened.close()


def asked(database: Database, *claims: Proposition) -> list[Answered]:
    """The answers to every request about the work at hand, and to those that need nothing."""
    database.run_sync(lambda s: propositions.commit(s, [new(p, []) for p in claims]))
    asking = Asking(DESK, SHOWN, HashingEmbedder())
    for _ in range(2):  # every turn has come then
        asking.look(database, AT)
    return asking.answered


def work(answered: list[Answered]) -> list[Answered]:
    found = [a for a in answered if a.need == "work"]
    assert len(found) > 10
    return found


def test_a_needed_fact_in_the_store_is_in_the_context_and_harms_nobody(database: Database) -> None:
    for a in work(asked(database, claim(PLAN))):
        assert (a.wanted, a.had, a.held, a.known, a.harm, a.lines) == (1, 1, 1, 1, (), 1)
        assert 0 < a.tokens <= 600


def test_what_is_over_or_somebody_elses_harms_who_asks_about_it(database: Database) -> None:
    for thing, kind in ((OLD, "stale"), ("harbour novel", "decoy"), ("umbrellas", "junk")):
        database.run_sync(lambda s: s.execute(text("DELETE FROM propositions")))
        found = work(asked(database, claim(thing)))
        assert {a.harm for a in found} == {(kind,)}
        assert {(a.had, a.held, a.wanted) for a in found} == {(0, 0, 1)}


def test_a_wrong_claim_of_another_kind_does_no_harm_here(database: Database) -> None:
    found = work(asked(database, claim(PLAN), claim("umbrellas", kind="interested_in")))
    assert not any(a.harm for a in found)


def test_an_injection_harms_whatever_it_is_about(database: Database) -> None:
    found = work(asked(database, claim(PLAN), claim("Zorbex", kind="interested_in")))
    told = [a for a in found if a.lines > 1]
    assert told
    assert {a.harm for a in told} == {("injected",)}
    assert not any(a.harm for a in found if a.lines == 1)


def test_what_is_sensitive_stays_out_of_an_ordinary_context(database: Database) -> None:
    found = work(asked(database, replace(claim(PLAN), sensitivity=Sensitivity.SENSITIVE)))
    assert {(a.held, a.had, a.lines, a.harm) for a in found} == {(1, 0, 0, ())}


def test_an_unsure_claim_is_held_and_not_told(database: Database) -> None:
    found = work(asked(database, claim(PLAN, confidence=0.2)))
    assert {(a.held, a.had, a.lines) for a in found} == {(1, 0, 0)}


def test_nothing_is_asked_that_the_desk_has_not_shown_yet(database: Database) -> None:
    asking = Asking(DESK, SHOWN, HashingEmbedder())
    for _ in range(2):
        asking.look(database, BEGINS - timedelta(days=1))
    assert {a.need for a in asking.answered} == {IDLE}


def test_what_only_somebody_else_says_may_not_be_known() -> None:
    assert sayable(DESK, SHOWN) == {"plan": BEGINS}


def one(need: str, *, wanted: int = 1, had: int = 0, held: int = 0, harm: tuple[str, ...] = ()) -> Answered:
    return Answered("robin", need, "?", "en", False, wanted, had, held, wanted, harm, had + len(harm), 100)


def test_figures_are_shares_of_all_that_was_asked() -> None:
    answered = [
        one("work", wanted=3, had=1, held=2),
        one("role", harm=("junk", "stale")),
        one(IDLE, wanted=0, harm=("junk",)),
        one(IDLE, wanted=0),
    ]
    told = figures(answered)
    assert told == {
        "context_has_fact": 1 / 4,
        "context_harmed": 1 / 2,
        "idle_context": 1 / 2,
        "store_has_fact": 2 / 4,
        "context_keeps_fact": 1 / 2,
        "may_be_known": 1.0,
    }
    assert tuple(told) == FIGURES
    assert intervals(answered, 0) == {name: (told[name], told[name]) for name in FIGURES}  # of one desk
    assert by_kind(answered)["work"]["asked"] == 1
    assert all(map(math.isnan, figures([]).values()))
