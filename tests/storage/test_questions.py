from datetime import timedelta

from gum.types import PropositionId, Verdict
from storage import questions, suggestions, verdicts
from storage.db import Database
from tests.builders import NOON

A, B = PropositionId("a"), PropositionId("b")
DAY = timedelta(days=1)


def test_what_was_put_off_and_when_last(db: Database) -> None:
    for at in (NOON, NOON + DAY):
        db.run_sync(lambda s, at=at: questions.add(s, A, Verdict.DISMISS, at))
    db.run_sync(lambda s: questions.add(s, B, Verdict.ACCEPT, NOON))
    late = NOON + 9 * DAY
    assert db.read_sync(lambda s: questions.put_off(s, [A, B], late)) == {A: NOON + DAY}
    assert db.read_sync(lambda s: questions.answered(s, NOON, late)) == 3
    assert db.read_sync(lambda s: questions.answered(s, NOON + DAY, late)) == 1
    # What a clock that was ahead wrote silences nobody.
    assert db.read_sync(lambda s: questions.put_off(s, [A, B], NOON)) == {A: NOON}
    assert db.read_sync(lambda s: questions.answered(s, NOON - DAY, NOON)) == 2


def test_never_is_kept(db: Database) -> None:
    assert not db.read_sync(questions.banned)
    db.run_sync(lambda s: questions.add(s, A, Verdict.NEVER, NOON))
    assert db.read_sync(questions.banned)
    db.run_sync(questions.allow)
    assert not db.read_sync(questions.banned)


def test_an_answer_is_no_verdict_and_no_reaction_to_a_kind_of_offer(db: Database) -> None:
    db.run_sync(lambda s: questions.add(s, A, Verdict.NEVER, NOON))
    assert db.read_sync(verdicts.count) == 0
    kinds = {kind for kind, _ in db.read_sync(suggestions.reactions)}
    assert kinds <= {questions.KIND}
