import asyncio
from pathlib import Path

from sqlalchemy.orm import Session

from app.judging import Judging
from gum.claims import make
from gum.errors import AnswerUnusable, ModelUnavailable
from gum.judge import Likeness, Pair, Side
from gum.types import Cause, Draft, Evidence, Revision, RevisionId, Trust, new_id
from storage import observations, propositions
from storage.db import Database
from tests.app.fakes import FakeWorker
from tests.builders import NOON, observation, proposition


class FakeJudge:
    """Fake: says `answer`, and keeps what it was asked; `error` is raised instead."""

    def __init__(self, answer: Likeness = Likeness.SAME, error: Exception | None = None) -> None:
        self.answer, self.error = answer, error
        self.asked: list[Pair] = []

    def judge(self, pair: Pair) -> Likeness:
        self.asked.append(pair)
        if self.error is not None:
            raise self.error
        return self.answer


def pair(known: str = "museum guide", new: str = "audio tour") -> Pair:
    return Pair(*(Side("working_on", {"thing": thing}, f"Works on {thing}") for thing in (known, new)))


def test_a_pair_is_asked_about_once() -> None:
    judge = FakeJudge()
    judging = Judging(judge)
    for _ in range(3):
        assert judging.of([pair(), pair()]) == {pair().key: Likeness.SAME}
    assert (len(judge.asked), judging.asked) == (1, 1)


def test_an_odd_answer_means_unrelated_and_is_not_asked_for_again() -> None:
    judge = FakeJudge(error=AnswerUnusable("odd", ""))
    judging = Judging(judge)
    assert judging.of([pair()]) == judging.of([pair()]) == {pair().key: Likeness.UNRELATED}
    assert len(judge.asked) == 1


def test_a_model_that_is_out_is_asked_once_a_batch_and_again_later() -> None:
    judge = FakeJudge(error=ModelUnavailable("out", ""))
    judging = Judging(judge)
    pairs = [pair(), pair(new="sound walk")]
    assert Likeness.SAME not in judging.of(pairs).values()
    assert len(judge.asked) == 1
    judge.error = None
    assert set(judging.of(pairs).values()) == {Likeness.SAME}


def test_without_a_judge_nothing_is_asked() -> None:
    assert Judging(None).of([pair()]) == {pair().key: Likeness.UNRELATED}


def draft(thing: str, number: str) -> Draft:
    seen = observation(thing, id=number)
    return make("working_on", {"thing": thing}, [Evidence(seen.id, thing)], 0.6)


def test_a_batch_is_prepared_with_vectors_answers_and_denials(tmp_path: Path) -> None:
    async def scenario() -> None:
        database = Database.open(tmp_path / "gumption.db", None)
        worker, judge = FakeWorker(tmp_path), FakeJudge()
        seen = observation("audio-guide-Adler.odt", id="o1")
        known = proposition("Works on audio-guide-Adler.odt", slots={"thing": "audio-guide-Adler.odt"})
        cited = (Evidence(seen.id, "audio-guide-Adler.odt"),)

        def learn(s: Session) -> None:
            observations.append(s, seen)
            propositions.commit(
                s, [Revision(RevisionId(new_id()), known.id, Cause.NEW, None, known, cited, NOON)]
            )
            [vector] = worker.embed([known.text])
            propositions.set_vectors(s, {known.id: vector}, worker.embedder_name)

        database.run_sync(learn)
        said = observation("I don't like tea", trust=Trust.AUTHORED)
        new = draft("the museum audio guide", "o2")
        ready = await Judging(judge).prepare(database, worker, [new], [said])
        assert list(ready.vectors) == [new.text]
        assert list(ready.judged.values()) == [Likeness.SAME]
        assert judge.asked[0].known.quotes == ("audio-guide-Adler.odt",)
        assert [h.denial.what for h in ready.heard] == ["tea"]
        quiet = await Judging(None).prepare(database, worker, [new], [])
        assert (quiet.judged, quiet.heard) == ({}, [])
        database.close()

    asyncio.run(scenario())
