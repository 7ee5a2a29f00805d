"""What is forgotten must be gone from the files themselves: the whole folder is read byte by byte."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from gum.types import Cause, Feedback, ObservationId, Proposition, PropositionId, Stance, Verdict
from storage import forget, meta, observations, people, plans, privacy, propositions, suggestions, work
from storage.db import Database
from storage.forget import Forgotten
from storage.index import VectorIndex
from storage.scope import App, Claim, Everything, Scope, Site, Source, Span, Topic
from storage.search import search
from tests.builders import NOON, evidence, observation, proposition
from tests.storage import planted
from tests.storage.builders import change, new, plan, suggestion
from tests.storage.planted import APP, CANARY, MINUTE, SITE, SOURCE, fill, mix


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Database]:
    """Not encrypted, so that a trace can be seen."""
    database = Database.open(tmp_path / "data" / "gumption.db", None)
    database.run_sync(fill)
    yield database
    database.close()


def traces(database: Database, word: str = CANARY) -> list[str]:
    return planted.traces(database.path.parent, word)


def grams_of(database: Database) -> int:
    """How many rows of the data folder's full-text tables hold a piece of the canary."""
    sql = text("SELECT count(*) FROM observations_grams WHERE observations_grams MATCH '\"zanzib\"'")
    return database.read_sync(lambda s: s.scalar(sql)) or 0


def assert_no_trace(database: Database) -> None:
    assert traces(database) == []
    assert traces(database, "zanzib") == []  # pieces in the trigram index and prefixes in the word index
    assert grams_of(database) == 0
    found = database.read_sync(lambda s: search(s, CANARY, (), 10))
    assert found.propositions == []
    assert found.observations == []
    database.check()


def assert_the_rest_is_there(database: Database) -> None:
    assert database.read_sync(observations.count) == 100
    assert database.read_sync(propositions.count) == 100
    found = database.read_sync(lambda s: search(s, "ordinary 77", (), 3))
    assert found.observations[0][0].id == "plain77"
    for table in ("observations_words", "observations_grams", "propositions_words", "propositions_grams"):
        check = text(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
        database.run_sync(lambda s, check=check: s.execute(check))


def test_the_canary_is_in_the_files_before(plain: Database) -> None:
    plain.checkpoint_sync()
    assert "gumption.db" in traces(plain)
    assert grams_of(plain) == 10  # those with letters of a script without spaces


SCOPES: list[Scope] = [
    *(App(APP), Site(SITE), Source(SOURCE), Topic(CANARY), Topic(f"{CANARY.upper()} title")),
    *(Span(NOON, NOON + 19 * MINUTE), Span(since=NOON)),
]


@pytest.mark.parametrize("scope", SCOPES, ids=repr)
def test_whatever_the_scope_no_trace_is_left_in_the_data_folder(plain: Database, scope: Scope) -> None:
    counted = plain.read_sync(lambda s: forget.weigh(s, scope))
    gone = plain.run_sync(lambda s: forget.forget(s, scope))
    assert counted == gone
    assert len(gone.observation_ids) == len(gone.proposition_ids) == 20
    assert gone.weakened_ids == ()
    assert_no_trace(plain)
    assert_the_rest_is_there(plain)
    assert plain.read_sync(suggestions.list_) == []
    assert plain.read_sync(suggestions.kinds) == {"remind": (20, 0, 0)}
    assert plain.read_sync(work.counts)["perceive"] == 100
    excluded = plain.read_sync(lambda s: privacy.exclusions(s, NOON))
    assert (excluded == []) == isinstance(scope, App | Span)  # the counts know no more than that
    if isinstance(scope, App):
        assert traces(plain, APP) == []  # its name is gone too
    assert plain.read_sync(lambda s: forget.weigh(s, scope)) == Forgotten()


def test_a_topic_also_goes_from_where_nothing_of_it_was_seen(plain: Database) -> None:
    def elsewhere(s: Session) -> None:
        p = propositions.get(s, PropositionId("p7"))
        assert p is not None
        once = replace(p, text=f"Works on {CANARY}", slots={"thing": CANARY})
        propositions.commit(s, [change(p, once, [], Cause.USER), change(once, p, [], Cause.USER)])
        offer = suggestion(["p7"], text="harmless", at=NOON - timedelta(days=9))
        suggestions.add(s, replace(offer, why_now=f"about {CANARY}"))
        plans.save(
            s, plan("harmless", target=f"/tmp/{CANARY}.txt"), "waiting", NOON, NOON - timedelta(days=9)
        )
        suggestions.add_feedback(s, Feedback("p8", Verdict.EDIT, f"not {CANARY}", NOON))

    plain.run_sync(elsewhere)
    gone = plain.run_sync(lambda s: forget.forget(s, Topic(CANARY)))
    assert len(gone.proposition_ids) == 20
    assert_no_trace(plain)
    assert_the_rest_is_there(plain)
    kept = plain.read_sync(lambda s: propositions.revisions_of(s, PropositionId("p7")))
    assert [(r.cause.value, r.after is None) for r in kept] == [
        ("new", False),
        ("user", True),
        ("user", True),
    ]


def test_a_claim_about_a_topic_is_not_learnt_again_from_what_was_seen_before(db: Database) -> None:
    seen = observation("I like the opera", id="seen")  # the words of the topic are not all in it
    db.run_sync(lambda s: observations.append(s, seen))
    p = proposition("Prefers the opera", id="p", slots={"thing": "the opera"})
    made = [new(p, [evidence("seen", "the opera")])]
    db.run_sync(lambda s: propositions.commit(s, made))
    gone = db.run_sync(lambda s: forget.forget(s, Topic("prefers opera")))
    assert gone == Forgotten((), (p.id,))
    again = proposition("Prefers the opera", id="q", slots={"thing": "the opera"})
    assert db.run_sync(lambda s: propositions.commit(s, [new(again, [evidence("seen", "the opera")])])) == []


def test_a_claim_that_only_something_speaks_against_goes(db: Database) -> None:
    one, two = observation("thesis.tex", id="one", app=APP), observation("no thesis.tex", id="two")
    db.run_sync(lambda s: [observations.append(s, o) for o in (one, two)])
    p = proposition("Works on thesis.tex", id="p", slots={"thing": "thesis.tex"})
    against = replace(evidence("two", "no thesis.tex"), stance=Stance.CONTRADICTS)
    db.run_sync(lambda s: propositions.commit(s, [new(p, [evidence("one", "thesis.tex"), against])]))
    assert db.run_sync(lambda s: forget.forget(s, App(APP))).proposition_ids == (p.id,)


def test_forgetting_everything_leaves_rules_and_settings_only(plain: Database) -> None:
    plain.run_sync(lambda s: meta.put(s, "paused_until", "until-resumed"))
    gone = plain.run_sync(lambda s: forget.forget(s, Everything()))
    assert (len(gone.observation_ids), len(gone.proposition_ids)) == (120, 120)
    assert_no_trace(plain)
    assert traces(plain, "ordinary") == []
    assert plain.read_sync(observations.count) == 0
    assert plain.read_sync(lambda s: meta.get(s, "paused_until")) == "until-resumed"
    plain.run_sync(lambda s: observations.append(s, observation()))  # and it still works
    assert plain.read_sync(observations.count) == 1


def test_forgetting_one_by_one_leaves_no_trace_either(plain: Database) -> None:
    for n in range(20):
        at = NOON + n * MINUTE
        plain.run_sync(lambda s, at=at: forget.forget(s, Span(at, at)))
    plain.run_sync(lambda s: s.execute(text("DELETE FROM exclusions")))
    assert_no_trace(plain)
    assert_the_rest_is_there(plain)


def test_forgetting_a_proposition_leaves_no_trace_of_the_claim_but_what_was_seen(plain: Database) -> None:
    claim = PropositionId("claim3")
    plain.run_sync(lambda s: s.execute(text("UPDATE suggestions SET text = text || 'xunicornx'")))
    gone = plain.run_sync(lambda s: forget.forget(s, Claim(claim)))
    assert gone == Forgotten(proposition_ids=(claim,))
    assert plain.read_sync(lambda s: propositions.get(s, claim)) is None
    assert plain.read_sync(lambda s: propositions.revisions_of(s, claim)) == []
    assert plain.read_sync(lambda s: observations.get(s, ObservationId("secret3"))) is not None
    assert len(plain.read_sync(suggestions.list_)) == 19
    assert plain.run_sync(lambda s: forget.forget(s, Claim(claim))) == Forgotten()


def test_the_tombstone_does_not_tell_what_was_forgotten(plain: Database) -> None:
    for n in range(20):
        plain.run_sync(lambda s, n=n: forget.forget(s, Claim(PropositionId(f"claim{n}"))))
    plain.run_sync(lambda s: forget.forget(s, App(APP)))
    assert_no_trace(plain)


def test_nothing_of_it_is_in_the_vector_index(plain: Database) -> None:
    index = VectorIndex(plain.path.parent / "index", bytes(32))
    vectors = [("observations", f"secret{n}", (0.1 * n, 0.5)) for n in range(20)]
    index.ensure(lambda: vectors)
    gone = plain.run_sync(lambda s: forget.forget(s, App(APP)))
    index.delete("observations", gone.observation_ids)
    assert index.query("observations", (0.5, 0.5), 5) == []
    index.close()
    assert_no_trace(plain)
    assert traces(plain, "secret1") == []


def test_copies_from_before_an_upgrade_are_deleted(plain: Database) -> None:
    copy = plain.path.with_name(plain.path.name + ".before-0000")
    copy.write_bytes(CANARY.encode())
    plain.run_sync(lambda s: forget.forget(s, App(APP)))
    assert not copy.exists()


def support(db: Database, p: Proposition, *quotes: tuple[str, str]) -> None:
    db.run_sync(lambda s: propositions.commit(s, [new(p, [evidence(i, q) for i, q in quotes], CANARY)]))


def test_a_claim_with_other_support_is_weakened_and_keeps_no_word_of_what_was_forgotten(db: Database) -> None:
    one = observation("thesis.tex open", id="one", app="mousepad")
    two = observation(f"thesis.tex and {CANARY}", id="two", app=APP)
    db.run_sync(lambda s: [observations.append(s, o) for o in (one, two)])
    p = proposition("Works on thesis.tex", id="p", slots={"thing": "thesis.tex"})
    support(db, p, ("one", "thesis.tex"), ("two", f"thesis.tex and {CANARY}"))
    fuller = replace(p, slots={"thing": f"thesis.tex and {CANARY}"}, text=f"Works on {CANARY}")
    db.run_sync(
        lambda s: propositions.commit(s, [change(p, fuller, [evidence("two", CANARY)], Cause.REFINE)])
    )
    db.run_sync(lambda s: propositions.commit(s, [change(fuller, p, [], Cause.USER)]))
    gone = db.run_sync(lambda s: forget.forget(s, App(APP)))
    assert gone == Forgotten((two.id,), (), (p.id,))
    assert [r.evidence.quote for r in db.read_sync(lambda s: propositions.evidence_of(s, [p.id]))[p.id]] == [
        "thesis.tex"
    ]
    history = db.read_sync(lambda s: propositions.revisions_of(s, p.id))
    assert len(history) == 3
    assert CANARY not in repr(history)
    assert history[0].after == p


def test_a_claim_whose_words_came_from_what_was_forgotten_goes_too(db: Database) -> None:
    one = observation("thesis.tex open", id="one", app="mousepad")
    two = observation(f"thesis.tex and {CANARY}", id="two", app=APP)
    db.run_sync(lambda s: [observations.append(s, o) for o in (one, two)])
    p = proposition(f"Uses {CANARY} for thesis.tex", id="p", slots={"tool": CANARY, "task": "thesis.tex"})
    support(db, p, ("one", "thesis.tex"), ("two", CANARY))
    gone = db.run_sync(lambda s: forget.forget(s, App(APP)))
    assert gone.proposition_ids == (p.id,)


def test_an_offer_made_while_it_was_on_the_screen_goes_too(db: Database) -> None:
    during = suggestion(text=CANARY, at=NOON + 5 * MINUTE)
    before = suggestion(text="other", at=NOON - 5 * MINUTE)
    db.run_sync(lambda s: observations.append(s, observation(app=APP, lasts=2 * MINUTE)))
    db.run_sync(lambda s: [suggestions.add(s, m) for m in (during, before)])
    db.run_sync(lambda s: forget.forget(s, App(APP)))
    assert db.read_sync(suggestions.list_) == [before]


def test_whatever_overlaps_the_minutes_is_forgotten_and_nothing_else(db: Database) -> None:
    spans = {"before": (-10, 4), "into": (-3, 5), "within": (1, 1), "over": (-9, 30), "after": (11, 1)}
    for key, (start, length) in spans.items():
        o = observation(id=key, at=NOON + start * MINUTE, lasts=length * MINUTE)
        db.run_sync(lambda s, o=o: observations.append(s, o))
    gone = db.run_sync(lambda s: forget.forget(s, Span(NOON, NOON + 10 * MINUTE)))
    assert set(gone.observation_ids) == {"into", "within", "over"}


@pytest.mark.parametrize("everything", [True, False])
def test_a_window_that_stays_open_does_not_bring_itself_back(db: Database, everything: bool) -> None:
    still = observation(CANARY, app=APP)
    db.run_sync(lambda s: observations.append(s, still))
    db.run_sync(lambda s: forget.forget(s, Everything() if everything else App(APP)))
    longer = replace(still, until=NOON + 5 * MINUTE)
    assert not db.run_sync(lambda s: observations.append(s, longer))
    db.run_sync(lambda s: observations.extend(s, still.id, longer.until))
    assert db.read_sync(observations.count) == 0
    assert db.run_sync(lambda s: observations.append(s, observation(app=APP)))


def test_forgetting_what_is_not_there_is_nothing(db: Database) -> None:
    assert db.run_sync(lambda s: forget.forget(s, App("unknown"))) == Forgotten()
    assert db.run_sync(lambda s: forget.forget(s, Everything())) == Forgotten()


def test_where_nothing_was_forgotten_nobody_is_looked_for(db: Database) -> None:
    db.run_sync(lambda s: observations.append(s, observation("plain", id="o", app=APP)))
    db.run_sync(lambda s: people.note(s, ["Nobody Here"]))
    for scope in (Site("nowhere.example"), Source("nobody")):
        assert db.run_sync(lambda s, scope=scope: forget.forget(s, scope)) == Forgotten()
    assert [p.shown for p in db.read_sync(people.known)] == ["Nobody Here"]
    db.run_sync(lambda s: forget.forget(s, App(APP)))
    assert db.read_sync(people.known) == []


def test_a_mixed_claim_keeps_its_clean_history(db: Database) -> None:
    db.run_sync(fill)
    p = db.run_sync(mix)
    gone = db.run_sync(lambda s: forget.forget(s, App(APP)))
    assert gone.weakened_ids == (p.id,)
    history = db.read_sync(lambda s: propositions.revisions_of(s, p.id))
    assert CANARY not in repr(history)
    assert (history[0].after, history[-1].after) == (p, p)
