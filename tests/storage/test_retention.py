"""What goes by age leaves what was learnt, and no word of what was seen."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from gum.types import Cause, Exclusion, ObservationId, Proposition, PropositionId, RuleId
from storage import (
    aliases,
    decisions,
    disclosures,
    forget,
    full_text,
    observations,
    people,
    plans,
    privacy,
    propositions,
    retention,
    scrub,
    suggestions,
    work,
)
from storage.client_schema import IdempotentRow, ProposalRow
from storage.db import Database
from storage.forget import Forgotten
from storage.scope import App, Claim, Site, Span
from tests.builders import NOON, evidence, frame, observation, proposition
from tests.storage.builders import KEY, change, new, plan, suggestion
from tests.storage.planted import APP, CANARY, fill, traces

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def due(db: Database, now: datetime, shortest: timedelta, kept: retention.Lifetime) -> list[ObservationId]:
    return db.read_sync(lambda s: retention.due(s, now, shortest, kept))


def retire(db: Database, ids: Sequence[str]) -> None:
    for part in retention.portions([ObservationId(i) for i in ids]):
        db.run_sync(lambda s, part=part: retention.retire(s, part))
    asyncio.run(scrub.finish(db))


def test_what_is_over_its_time_is_due_the_oldest_first(db: Database) -> None:
    rows = [observation(id=str(n), at=NOON - n * DAY, app="a" if n % 2 else "b") for n in range(6)]
    db.run_sync(lambda s: [observations.append(s, o) for o in rows])
    assert due(db, NOON, 2 * DAY, lambda *_: 2 * DAY) == ["5", "4", "3"]
    assert due(db, NOON, DAY, lambda app, *_: DAY if app == "a" else None) == ["5", "3"]
    assert due(db, NOON, DAY, lambda app, *_: 9 * DAY if app == "a" else DAY) == ["4", "2"]
    assert due(db, NOON - 9 * DAY, DAY, lambda *_: DAY) == []


def test_no_word_of_what_was_seen_is_left_and_all_that_was_learnt(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "gumption.db", KEY)
    db.run_sync(fill)

    def unlearnt(s: Session) -> None:
        """Without the canary in claims and offers themselves: those are learnt, not seen."""
        for n in range(20):
            p = proposition(f"Works on thing{n}", id=f"fine{n}", slots={"thing": f"title{n}"})
            propositions.commit(s, [new(p, [evidence(f"secret{n}", f"{CANARY} title")])])
            propositions.commit(
                s, [change(p, replace(p, confidence=0.7), [evidence(f"secret{n}", f"{CANARY}{n}")])]
            )

    db.run_sync(unlearnt)
    for n in range(20):
        db.run_sync(lambda s, n=n: forget.forget(s, Claim(PropositionId(f"claim{n}"))))
    db.run_sync(lambda s: s.connection().exec_driver_sql("UPDATE feedback SET note = ''"))
    before = {
        n: db.read_sync(lambda s, n=n: propositions.get(s, PropositionId(f"fine{n}"))) for n in range(20)
    }
    pieces = db.read_sync(lambda s: propositions.evidence_of(s, [PropositionId("fine3")]))["fine3"]
    retire(db, [f"secret{n}" for n in range(20)])
    db.run_sync(lambda s: decisions.retire(s, NOON + timedelta(days=1)))
    db.run_sync(lambda s: people.forget(s, people.unnamed(s)))
    db.run_sync(lambda s: aliases.forget(s, aliases.unnamed(s)))
    # What other programs asked goes by the age of the answers, what they put before the person by its own.
    db.run_sync(lambda s: disclosures.retire(s, NOON + timedelta(days=1)))
    db.run_sync(lambda s: s.execute(delete(ProposalRow)))
    db.run_sync(lambda s: s.execute(delete(IdempotentRow)))
    asyncio.run(db.scrub())
    assert traces(tmp_path, key=KEY) == []
    for n in range(20):
        assert db.read_sync(lambda s, n=n: propositions.get(s, PropositionId(f"fine{n}"))) == before[n]
    left = db.read_sync(lambda s: propositions.evidence_of(s, [PropositionId("fine3")]))["fine3"]
    assert [(r.at, r.app, r.trust, r.evidence.weight, r.evidence.stance) for r in left] == [
        (r.at, r.app, r.trust, r.evidence.weight, r.evidence.stance) for r in pieces
    ]
    assert {(r.observation_id, r.evidence.quote, r.title) for r in left} == {("", "", "")}
    history = db.read_sync(lambda s: propositions.revisions_of(s, PropositionId("fine3")))
    assert [(r.cause.value, [e.quote for e in r.evidence]) for r in history] == [
        ("new", [""]),
        ("reinforce", [""]),
    ]
    assert db.read_sync(work.counts)["perceive"] == 100
    assert db.read_sync(full_text.unmerged) == []
    db.check()
    db.close()


def seen(db: Database, text: str, key: str, app: str, days: float = 0.0) -> None:
    o = observation(text, id=key, app=app, title="", at=NOON - days * DAY)
    db.run_sync(lambda s: observations.append(s, o))


def claim(db: Database, thing: str, *cited: str, key: str = "p") -> Proposition:
    p = proposition(f"Works on {thing}", id=key, slots={"thing": thing})
    db.run_sync(lambda s: propositions.commit(s, [new(p, [evidence(c, thing) for c in cited])]))
    return p


def test_forgetting_an_application_finds_what_had_gone_by_age(db: Database) -> None:
    seen(db, "thesis.tex", "old", APP, 100)
    seen(db, "book.tex", "older", "mousepad", 101)
    gone, kept = claim(db, "thesis.tex", "old"), claim(db, "book.tex", "older", key="q")
    retire(db, ["old", "older"])
    assert db.run_sync(lambda s: forget.forget(s, App(APP))) == Forgotten((), (gone.id,))
    assert db.read_sync(lambda s: propositions.get(s, kept.id)) == kept


def test_forgetting_a_time_finds_what_had_gone_by_age(db: Database) -> None:
    seen(db, "thesis.tex", "old", APP, 100)
    p = claim(db, "thesis.tex", "old")
    retire(db, ["old"])
    assert db.run_sync(lambda s: forget.forget(s, Span(since=NOON))) == Forgotten()
    assert db.run_sync(lambda s: forget.forget(s, Span(until=NOON - 99 * DAY))) == Forgotten((), (p.id,))


def test_a_claim_learnt_long_ago_outlives_the_forgetting_of_what_confirmed_it_since(db: Database) -> None:
    seen(db, "thesis.tex", "old", "mousepad", 100)
    seen(db, "thesis.tex", "new", APP)
    p = claim(db, "thesis.tex", "old")
    db.run_sync(lambda s: propositions.commit(s, [change(p, p, [evidence("new", "thesis.tex")])]))
    retire(db, ["old"])
    assert db.run_sync(lambda s: forget.forget(s, App(APP))) == Forgotten(("new",), (), (p.id,))
    assert db.read_sync(lambda s: propositions.get(s, p.id)) == p
    [left] = db.read_sync(lambda s: propositions.evidence_of(s, [p.id]))[p.id]
    assert (left.app, left.observation_id) == ("mousepad", "")


def test_words_that_came_later_from_what_is_forgotten_are_not_vouched_for_by_age(db: Database) -> None:
    seen(db, "thesis.tex", "old", "mousepad", 100)
    seen(db, f"thesis.tex about {CANARY}", "new", APP)
    p = claim(db, "thesis.tex", "old")
    fuller = replace(
        p, text=f"Works on thesis.tex in {CANARY}", slots={"thing": "thesis.tex", "project": CANARY}
    )
    db.run_sync(
        lambda s: propositions.commit(s, [change(p, fuller, [evidence("new", CANARY)], Cause.REFINE)])
    )
    retire(db, ["old"])
    assert db.run_sync(lambda s: forget.forget(s, App(APP))).proposition_ids == (p.id,)


def test_words_of_an_application_that_went_by_age_go_when_it_is_forgotten(db: Database) -> None:
    seen(db, f"thesis.tex about {CANARY}", "old", APP, 100)
    seen(db, "thesis.tex", "new", "mousepad")
    p = proposition(f"Works on {CANARY}", id="p", slots={"thing": CANARY})
    plain = replace(p, text="Works on thesis.tex", slots={"thing": "thesis.tex"})
    db.run_sync(lambda s: propositions.commit(s, [new(p, [evidence("old", CANARY)])]))
    db.run_sync(lambda s: propositions.commit(s, [change(p, plain, [evidence("new", "thesis.tex")])]))
    retire(db, ["old"])
    assert db.run_sync(lambda s: forget.forget(s, App(APP))) == Forgotten((), (), (p.id,))
    history = db.read_sync(lambda s: propositions.revisions_of(s, p.id))
    assert CANARY not in repr(history)
    assert history[-1].after == plain


def test_what_has_gone_by_age_has_no_site(db: Database) -> None:
    o = observation("thesis.tex", id="old", url="https://example.org/")
    db.run_sync(lambda s: observations.append(s, o))
    p = claim(db, "thesis.tex", "old")
    retire(db, ["old"])
    assert db.run_sync(lambda s: forget.forget(s, Site("example.org"))) == Forgotten()
    assert db.read_sync(lambda s: propositions.get(s, p.id)) == p


def test_a_portion_is_bounded_and_what_is_gone_is_left_out(db: Database) -> None:
    seen(db, "x", "there", "a")
    many = [ObservationId(str(n)) for n in range(retention.PORTION + 1)]
    with pytest.raises(ValueError, match="at most"):
        db.run_sync(lambda s: retention.retire(s, many))
    asked = [ObservationId("there"), ObservationId("gone")]
    assert db.run_sync(lambda s: retention.retire(s, asked)) == ["there"]
    assert [len(part) for part in retention.portions(many)] == [retention.PORTION, 1]


def test_the_oldest_pictures_are_recycled_until_they_weigh_less_than_the_budget(db: Database) -> None:
    for n in range(25):
        shot = replace(frame(), at=NOON + n * MINUTE)
        o = observation("", id=str(n), at=shot.at, source="screen", frame_id=shot.id)
        db.run_sync(lambda s, o=o, shot=shot: observations.append(s, o, bytes(1000), shot))
    assert db.read_sync(retention.frame_bytes) == 25_000
    assert db.run_sync(lambda s: retention.recycle_frames(s, 25_000)) == 0
    counts = [db.run_sync(lambda s: retention.recycle_frames(s, 10_000)) for _ in range(3)]
    assert counts == [10, 6, 0]  # down to nine tenths of the budget
    ids = [ObservationId(str(n)) for n in range(25)]
    assert db.read_sync(lambda s: observations.framed(s, ids)) == {str(n) for n in range(16, 25)}
    assert db.read_sync(observations.count) == 25


def test_old_offers_that_are_over_go_with_their_plans(db: Database) -> None:
    old, still, young = (
        suggestion(text=text, at=NOON - age * DAY, state=state)
        for text, age, state in (("old", 100, "dismissed"), ("still", 100, "shown"), ("young", 1, "expired"))
    )
    db.run_sync(lambda s: [suggestions.add(s, g) for g in (old, still, young)])
    loose = plan("loose")
    for todo, at in ((plan("owned", old.id), NOON), (loose, NOON - 100 * DAY), (plan("new"), NOON)):
        db.run_sync(lambda s, todo=todo, at=at: plans.save(s, todo, "done", at, at))
    assert db.run_sync(lambda s: retention.retire_offers(s, NOON - 90 * DAY)) == 1
    assert {g.text for g in db.read_sync(suggestions.list_)} == {"still", "young"}
    assert [stored.plan.goal for stored in db.read_sync(plans.journal)] == ["new"]
    assert db.run_sync(lambda s: retention.retire_offers(s, NOON - 90 * DAY)) == 0


def test_old_counts_of_exclusions_go(db: Database) -> None:
    for days in (100, 1):
        gone = Exclusion(NOON - days * DAY, "keepassxc", RuleId("r"))
        db.run_sync(lambda s, gone=gone: privacy.add_exclusion(s, gone))
    assert db.run_sync(lambda s: retention.retire_exclusions(s, NOON - 90 * DAY)) == 1
    assert [e.count for e in db.read_sync(lambda s: privacy.exclusions(s, NOON - 200 * DAY))] == [1]
