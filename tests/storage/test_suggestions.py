from datetime import timedelta

from gum.types import Feedback, SuggestionId, Verdict
from storage import suggestions
from storage.db import Database
from tests.builders import NOON
from tests.storage.builders import suggestion

HOUR = timedelta(hours=1)


def test_a_suggestion_comes_back_as_it_was(db: Database) -> None:
    made = suggestion(["p2", "p1"])
    db.run_sync(lambda s: [suggestions.add(s, made), suggestions.add(s, made)])
    assert db.read_sync(lambda s: suggestions.get(s, made.id)) == made
    assert db.read_sync(suggestions.list_) == [made]
    assert db.read_sync(lambda s: suggestions.get(s, SuggestionId("x"))) is None


def test_suggestions_are_listed_by_state_the_newest_first(db: Database) -> None:
    made = [suggestion(state=state, at=NOON + n * HOUR) for n, state in enumerate(["new", "shown", "never"])]
    db.run_sync(lambda s: [suggestions.add(s, m) for m in made])
    assert db.read_sync(lambda s: suggestions.list_(s, ["new", "shown"])) == made[1::-1]
    assert db.read_sync(lambda s: suggestions.list_(s, [])) == []
    assert db.read_sync(lambda s: suggestions.since(s, NOON + HOUR)) == made[:0:-1]


def test_the_budget_counts_what_was_shown_whatever_became_of_it(db: Database) -> None:
    made = [suggestion(at=NOON - 10 * HOUR) for _ in range(3)]
    db.run_sync(lambda s: [suggestions.add(s, m) for m in made])
    assert db.read_sync(suggestions.last_shown) is None
    for n, m in enumerate(made):
        assert db.run_sync(lambda s, m=m, n=n: suggestions.set_state(s, m.id, "shown", NOON - n * HOUR))
    db.run_sync(lambda s: suggestions.set_state(s, made[0].id, "dismissed", NOON))
    assert db.read_sync(lambda s: suggestions.shown_today(s, NOON - HOUR)) == 2
    assert db.read_sync(suggestions.last_shown) == NOON
    assert not db.run_sync(lambda s: suggestions.set_state(s, SuggestionId("x"), "shown", NOON))


def test_reactions_are_counted_by_kind(db: Database) -> None:
    remind, find = suggestion(kind="remind"), suggestion(kind="find")
    db.run_sync(lambda s: [suggestions.add(s, m) for m in (remind, find)])
    given = [
        (remind, Verdict.ACCEPT),
        (remind, Verdict.DISMISS),
        (remind, Verdict.ACCEPT),
        (find, Verdict.NEVER),
    ]
    given.append((find, Verdict.IGNORE))
    for m, verdict in given:
        db.run_sync(lambda s, m=m, v=verdict: suggestions.add_feedback(s, Feedback(m.id, v, "note", NOON)))
    db.run_sync(lambda s: suggestions.add_feedback(s, Feedback("a-proposition", Verdict.EDIT, "", NOON)))
    assert db.read_sync(suggestions.kinds) == {"remind": (2, 1, 0), "find": (0, 0, 1)}
    assert db.read_sync(suggestions.reactions) == [(m.kind, v) for m, v in given]
    [only] = db.read_sync(lambda s: suggestions.feedback_on(s, "a-proposition"))
    assert only == Feedback("a-proposition", Verdict.EDIT, "", NOON)
