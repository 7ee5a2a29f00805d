from datetime import timedelta

import pytest

from gum.audit import Decision, Entry, Exemption, Outcome, Question, Stage
from gum.errors import NotAllowed, NotFound
from gum.types import ObservationId, PropositionId
from storage import decisions, export, forget, observations, people, propositions
from storage.db import Database
from storage.decisions import Allowed, Logged
from storage.scope import App, Claim, Everything, Span, Topic
from tests.builders import NOON, evidence, observation, proposition
from tests.storage.builders import new

DAY = timedelta(days=1)


def entry(
    text: str = "Anna Berg is ill",
    stage: Stage = Stage.DRAFT,
    seen: str | None = "seen",
    app: str = "mail",
    rule: str = "other-health",
    recipient: str = "Gumption",
) -> Entry:
    q = Question(stage, text, recipient, app, observation_id=ObservationId(seen) if seen else None)
    return Entry(q, Decision(Outcome.WITHHOLD, rule, "It tells of somebody else's health.", stage))


@pytest.fixture
def full(db: Database) -> Database:
    for key, app in (("seen", "mail"), ("again", "mail"), ("chat", "chat")):
        o = observation("Anna Berg is ill. The rest is work", id=key, app=app, title="")
        db.run_sync(lambda s, o=o: observations.append(s, o))  # type: ignore[misc]
    db.run_sync(lambda s: people.note(s, ["Anna Berg"]))
    return db


def add(db: Database, *entries: Entry, day: int = 0, claim: str | None = None) -> None:
    key = PropositionId(claim) if claim else None
    at = NOON + day * DAY
    db.run_sync(lambda s: decisions.add(s, [(e, key) for e in entries], people.known(s), at))


def rows(db: Database) -> list[Logged]:
    return db.read_sync(lambda s: decisions.list_(s, people.known(s)))


def test_a_decision_is_kept_under_pseudonyms_and_told_with_names(full: Database) -> None:
    add(full, entry())
    [row] = rows(full)
    assert (row.what, row.rule, row.place, row.stage, row.decision, row.count) == (
        *("Anna Berg is ill", "other-health", "mail", "draft", "withhold", 1),
    )
    [raw] = full.read_sync(lambda s: decisions.list_(s, ()))
    assert raw.what == "Person 1 is ill"


def test_the_same_decision_of_a_day_is_counted_and_not_repeated(full: Database) -> None:
    add(full, entry(), entry(), entry(seen="again"))
    assert [(r.count, r.observation_id) for r in rows(full)] == [(2, "again")]
    add(full, entry(), entry("Bo is ill"), entry(app="chat"), day=2)
    assert [r.count for r in rows(full)] == [1, 1, 1, 2]


def test_the_log_is_bounded(full: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decisions, "MOST", 3)
    for n in range(6):
        add(full, entry(f"Nobody {n} is ill"), day=n)
    assert [r.what for r in rows(full)] == ["Nobody 5 is ill", "Nobody 4 is ill", "Nobody 3 is ill"]


def test_allowing_a_kind_lasts_and_can_be_taken_back(full: Database) -> None:
    add(full, entry(), entry("Bo is ill", seen="again"), entry(app="chat", seen="chat"))
    first = next(r for r in rows(full) if r.place == "mail")
    found = full.read_sync(lambda s: decisions.find(s, first.id[:6]))
    assert isinstance(found, Logged)
    lifted = full.run_sync(lambda s: decisions.allow(s, found.rule, found.place, NOON))
    assert {r.observation_id for r in lifted} == {"seen", "again"}
    assert full.read_sync(decisions.allowed) == {Exemption("other-health", "mail")}
    assert full.run_sync(lambda s: decisions.allow(s, found.rule, found.place, NOON)) == []
    [exemption] = full.read_sync(decisions.exemptions)
    assert isinstance(full.read_sync(lambda s: decisions.find(s, exemption.id)), Allowed)
    assert [r.reversed_at is None for r in rows(full) if r.place == "mail"] == [False, False]
    full.run_sync(lambda s: decisions.disallow(s, exemption.rule, exemption.place))
    assert full.read_sync(decisions.allowed) == frozenset()
    assert all(r.reversed_at is None for r in rows(full))


@pytest.mark.parametrize("typed", ["", "abc", "zzzzzzzz"])
def test_what_is_no_id_is_refused(full: Database, typed: str) -> None:
    with pytest.raises(NotFound):
        full.read_sync(lambda s: decisions.find(s, typed))


def test_an_id_that_could_be_two_is_refused(full: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decisions, "new_id", iter(["abcd1", "abcd2"]).__next__)
    add(full, entry(), entry("Bo is ill"))
    with pytest.raises(NotAllowed):
        full.read_sync(lambda s: decisions.find(s, "abcd"))


def test_old_ones_go_by_age(full: Database) -> None:
    add(full, entry())
    add(full, entry("Bo is ill"), day=9)
    assert full.run_sync(lambda s: decisions.retire(s, NOON + DAY)) == 1
    assert [r.what for r in rows(full)] == ["Bo is ill"]
    assert full.run_sync(lambda s: decisions.retire(s, NOON + DAY)) == 0


# --- forgetting ---------------------------------------------------------------------------------


def test_a_row_goes_with_its_observation(full: Database) -> None:
    add(full, entry(), entry(app="chat", seen="chat"))
    full.run_sync(lambda s: forget.forget(s, App("chat")))
    assert [r.place for r in rows(full)] == ["mail"]


def test_a_row_goes_with_its_claim(full: Database) -> None:
    claim = proposition("Is interested in therapy", id="claim", slots={"topic": "therapy"})
    full.run_sync(lambda s: propositions.commit(s, [new(claim, [evidence("seen", "work")])]))
    add(full, entry("therapy", Stage.STORE, rule="own-health"), claim="claim")
    full.run_sync(lambda s: forget.forget(s, Claim(PropositionId("claim"))))
    assert rows(full) == []


def test_a_topic_takes_rows_by_the_names_behind_the_pseudonyms(full: Database) -> None:
    add(full, entry(seen=None, stage=Stage.LEAVE, recipient="the server"))
    full.run_sync(lambda s: forget.forget(s, Topic("anna berg")))
    assert rows(full) == []


def test_what_left_is_forgotten_when_no_observation_says_it_any_more(full: Database) -> None:
    sent = entry(seen=None, stage=Stage.LEAVE, recipient="the server")
    other = entry("The rest is work", seen=None, stage=Stage.LEAVE, recipient="the server")
    add(full, sent, other)
    full.run_sync(lambda s: forget.forget(s, App("chat")))
    assert len(rows(full)) == 2
    full.run_sync(lambda s: forget.forget(s, App("mail")))
    assert rows(full) == []


def test_a_span_takes_what_was_decided_then_and_an_application_its_exceptions(full: Database) -> None:
    add(full, entry("The rest is work", seen=None, stage=Stage.LEAVE))
    add(full, entry("is work", seen=None, stage=Stage.LEAVE), day=5)
    full.run_sync(lambda s: decisions.allow(s, "other-mood", "mail", NOON))
    full.run_sync(lambda s: forget.forget(s, Span(NOON + 4 * DAY, None)))
    assert [r.what for r in rows(full)] == ["The rest is work"]
    full.run_sync(lambda s: forget.forget(s, App("mail")))
    assert full.read_sync(decisions.allowed) == frozenset()
    full.run_sync(lambda s: forget.forget(s, Everything()))
    assert rows(full) == []


def test_it_is_exported_and_taken_in_whole(full: Database, tmp_path_factory: pytest.TempPathFactory) -> None:
    add(full, entry(), entry("work", seen=None, stage=Stage.LEAVE, recipient="the server"))
    full.run_sync(lambda s: decisions.allow(s, "other-health", "mail", NOON))
    told = full.read_sync(lambda s: list(export.export(s)))
    empty = Database.open(tmp_path_factory.mktemp("empty") / "gumption.db", None)
    empty.run_sync(lambda s: export.restore(s, told))
    assert empty.read_sync(lambda s: list(export.export(s))) == told
    assert rows(empty) == rows(full)
    empty.run_sync(lambda s: people.note(s, ["Bo"]))
    assert [p.number for p in empty.read_sync(people.known)] == [1, 2]
    empty.close()
