import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.searching import NEAREST, find, wanted
from app.shapes import Found, SearchIn
from app.shaping import proposition_out
from gum.claims import TABLE
from gum.errors import NotAllowed
from gum.types import Sensitivity, Status
from storage import observations, propositions
from storage.db import Database
from storage.search import ANY, EVERY, NO_MEANING, Meaning
from tests.builders import NOON, StillClock, evidence, observation, proposition
from tests.storage.builders import KEY, new


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(tmp_path / "gumption.db", KEY)
    database.run_sync(fill)
    yield database
    database.close()


def fill(s: Session) -> None:
    for n, (key, status) in enumerate(
        (("thesis", Status.ACTIVE), ("budget", Status.ACTIVE), ("garden", Status.HIDDEN))
    ):
        at = NOON + timedelta(days=n)
        observations.append(s, observation(f"{key}.txt", id="o-" + key, at=at, app="vim"))
        p = proposition(f"Works on {key}.txt", id=key, slots={"thing": f"{key}.txt"}, at=at, status=status)
        if key == "budget":
            p = replace(p, sensitivity=Sensitivity.SENSITIVE)
        propositions.commit(s, [new(p, [evidence("o-" + key, f"{key}.txt")])])


def look(db: Database, meaning: Meaning = NO_MEANING, **asked: object) -> Found:
    calls: list[tuple[str, int]] = []

    async def nearest(query: str, count: int) -> Meaning:
        calls.append((query, count))
        return meaning

    def shapes(s: Session, found):  # type: ignore[no-untyped-def]
        return [proposition_out(p, propositions.evidence_of(s, [p.id])[p.id], NOON) for p in found]

    request = SearchIn.model_validate(asked)
    found = asyncio.run(find(request, nearest, db, StillClock(), shapes))
    assert calls == ([(request.q, NEAREST)] if request.q.strip() else [])
    return found


def ids(found: Found) -> list[str]:
    return [p.id for p in found.propositions]


def test_what_is_found_comes_with_evidence_and_a_score(db: Database) -> None:
    found = look(db, q="thesis.txt")
    [claim] = found.propositions
    assert claim.evidence[0].quote == "thesis.txt"
    assert 0 < claim.score < 1
    assert [o.id for o in found.observations] == ["o-thesis"]
    assert ids(look(db, Meaning({"propositions": [("thesis", 0.7)]}), q="dissertation")) == ["thesis"]


def test_only_what_was_asked_for_is_let_through(db: Database) -> None:
    assert ids(look(db)) == ["thesis"]
    assert ids(look(db, sensitive=True)) == ["budget", "thesis"]
    assert ids(look(db, all=True)) == ["garden", "thesis"]
    assert ids(look(db, status="hidden")) == ["garden"]
    assert ids(look(db, all=True, sensitive=True, limit=1)) == ["garden"]
    assert ids(look(db, type="bought")) == []
    assert ids(look(db, app=" Vim")) == ["thesis"]
    assert ids(look(db, app="emacs")) == []
    assert ids(look(db, q="works", until=NOON, sensitive=True)) == ["thesis"]
    assert ids(look(db, q="works", since=NOON + timedelta(hours=1), sensitive=True)) == ["budget"]


def test_with_the_switch_off_nothing_has_faded(db: Database) -> None:
    def old(s: Session) -> None:
        at = NOON - timedelta(days=400)
        observations.append(s, observation("cellar.txt", id="o-cellar", at=at))
        p = proposition("Works on cellar.txt", id="cellar", slots={"thing": "cellar.txt"}, at=at)
        propositions.commit(s, [new(p, [evidence("o-cellar", "cellar.txt")])])

    db.run_sync(old)
    faded, as_new = (look(db, q="works on cellar.txt", fading=on) for on in (True, False))
    assert faded.propositions[0].id == as_new.propositions[0].id == "cellar"
    assert as_new.propositions[0].score > 1.5 * faded.propositions[0].score
    assert as_new.observations[0].score > faded.observations[0].score


def test_a_request_as_it_stands_asks_for_what_is_used() -> None:
    assert wanted(SearchIn()) == ANY
    assert wanted(SearchIn(all=True)).statuses == EVERY
    for kind in TABLE:
        assert wanted(SearchIn(type=kind)).type == kind


@pytest.mark.parametrize("asked", [{"type": "wishes"}, {"status": "deleted"}, {"status": "new"}])
def test_a_filter_that_makes_no_sense_is_refused_with_those_there_are(asked: dict[str, str]) -> None:
    with pytest.raises(NotAllowed) as refused:
        wanted(SearchIn.model_validate(asked))
    assert "There are: " in refused.value.hint


@pytest.mark.parametrize(
    "asked", [{"limit": 0}, {"limit": 201}, {"diversity": 1.5}, {"since": "2026-11-20T12:00:00"}]
)
def test_what_cannot_be_asked_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SearchIn.model_validate(asked)
