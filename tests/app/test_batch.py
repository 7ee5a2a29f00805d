import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.batch import revisions_for
from gum import claims
from gum.denial import heard
from gum.redact import redact
from gum.types import (
    Cause,
    Draft,
    Evidence,
    Observation,
    ObservationId,
    Revision,
    RevisionId,
    Status,
    Trust,
    new_id,
)
from storage import observations, propositions
from tests.app.fakes import FakeWorker
from tests.app.test_pipeline import at_work, run, worked_on
from tests.benchmarks import _pairs
from tests.builders import NOON, observation, proposition


def draft(observation: str, thing: str = "thesis.md") -> Draft:
    quote = (Evidence(ObservationId(observation), thing),)
    return claims.make("working_on", {"thing": thing}, quote, 0.6)


def test_two_drafts_of_one_claim_in_a_batch_make_one_proposition() -> None:
    made = revisions_for([draft("a"), draft("b")], [], lambda i: (), NOON)
    assert [r.cause for r in made] == [Cause.NEW, Cause.REINFORCE]
    assert len({r.proposition_id for r in made}) == 1


def test_the_same_batch_again_changes_nothing() -> None:
    first = revisions_for([draft("a"), draft("b", "notes.md")], [], lambda i: (), NOON)
    known = [r.after for r in first if r.after is not None]
    cited = {r.proposition_id: r.evidence for r in first}
    again = revisions_for(
        [draft("a"), draft("b", "notes.md")], known, cited.__getitem__, NOON + timedelta(hours=1)
    )
    assert again == []


def test_what_the_person_denied_is_over_even_when_the_same_batch_claimed_it() -> None:
    known = proposition("Prefers tea", type="prefers", slots={"thing": "tea"})
    piece = Evidence(ObservationId("o1"), "I like tea", at=NOON)
    liked = claims.make("prefers", {"thing": "tea"}, [piece], 0.6)
    said = heard([observation("no more tea for me", id="o2", at=NOON + timedelta(minutes=1))])
    made = revisions_for([liked], [known], lambda i: (), NOON, heard=said)
    assert [r.cause for r in made] == [Cause.REINFORCE, Cause.CONTRADICT]
    assert made[-1].after is not None
    assert made[-1].after.status is Status.SUPERSEDED


def test_a_batch_that_cannot_be_written_stops_no_loop_and_is_tried_again(tmp_path: Path) -> None:
    failures = 0

    def failing_once() -> str:
        nonlocal failures
        if failures == 0:
            failures += 1
            raise ZeroDivisionError("no kind of error that anybody thought of")
        return new_id()

    async def scenario() -> None:
        async with at_work(tmp_path, FakeWorker(tmp_path)) as house:
            house.pipeline._fresh_id = failing_once  # called inside the transaction
            house.inbox.put(worked_on("thesis.md"))
            await house.until(lambda: failures == 1)
            for _ in range(20):
                house.clock.move(timedelta(minutes=6))
                await asyncio.sleep(0.1)
                if house.claims():
                    break
            assert house.claims() == ["Works on thesis.md"]
            assert house.queue()["dead"] == 0
            assert not house.pipeline.broken

    run(scenario)


def test_of_the_hand_written_pairs_hardly_any_is_merged_wrongly() -> None:
    found = _pairs.pairs()
    got = [(pair, _pairs.decided(pair)) for pair in found]
    assert len(found) >= 200
    assert sum(outcome == pair.right for pair, outcome in got) >= 0.85 * len(found)
    apart = [outcome for pair, outcome in got if pair.right != _pairs.MERGED]
    assert apart.count(_pairs.MERGED) <= 0.03 * len(apart)


def test_a_setting_that_is_set_anew_ends_the_taste_that_was_taken_from_it(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with at_work(tmp_path, FakeWorker(tmp_path)) as house:
            line = "$ git config --global core.editor {}"
            was = observation(line.format("vim"), id="was", app="xterm", trust=Trust.ACTED_ON)
            taste = proposition("Prefers vim", type="prefers", slots={"thing": "vim"})
            house.database.run_sync(lambda s: observations.append(s, was))
            cited = (Evidence(was.id, was.text),)
            first = Revision(RevisionId(new_id()), taste.id, Cause.NEW, None, taste, cited, NOON)
            house.database.run_sync(lambda s: propositions.commit(s, [first]))
            later = house.clock.now() + timedelta(seconds=1)
            text = line.format("nano")
            house.inbox.put(observation(text, id="now", app="xterm", trust=Trust.ACTED_ON, at=later))

            def status() -> Status:
                kept = house.database.read_sync(lambda s: propositions.get(s, taste.id))
                return kept.status if kept else Status.DELETED

            await house.until(lambda: status() is Status.SUPERSEDED)
            [*_, last] = house.database.read_sync(lambda s: propositions.revisions_of(s, taste.id))
            assert [(e.observation_id, e.quote) for e in last.evidence] == [("now", text)]

    run(scenario)


def test_a_mistake_after_the_commit_ends_no_loop(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with at_work(tmp_path, FakeWorker(tmp_path)) as house:
            house.mistakes = 1
            house.inbox.put(worked_on("thesis.md"))
            await house.until(lambda: house.mistakes == 0)
            house.inbox.put(worked_on("budget.ods", id="o2"))
            await house.until(lambda: bool(house.done))
            assert sorted(house.claims()) == ["Works on budget.ods", "Works on thesis.md"]
            assert not house.pipeline.broken
            assert sum(house.queue().values()) == 0

    run(scenario)


def test_a_mistake_before_the_draft_is_counted_against_the_work_and_ends_no_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        real = observations.between

        def between(*given: object) -> list[Observation]:
            if wrong:
                raise LookupError(wrong.pop())
            return list(real(*given))  # type: ignore[arg-type]

        wrong = ["a mistake"]
        monkeypatch.setattr(observations, "between", between)
        async with at_work(tmp_path, FakeWorker(tmp_path)) as house:
            house.inbox.put(worked_on("thesis.md"))
            await house.until(lambda: not wrong)
            for _ in range(8):  # past every back-off
                house.clock.move(timedelta(minutes=6))
                await asyncio.sleep(0.6)
                if house.claims():
                    break
            assert house.claims() == ["Works on thesis.md"]
            assert not house.pipeline.broken

    run(scenario)


def test_what_somebody_else_committed_is_told_and_indexed_if_that_is_asked_for(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with at_work(tmp_path, FakeWorker(tmp_path)) as house:
            house.inbox.put(worked_on("thesis.md"))
            await house.until(lambda: bool(house.done))
            [claim] = house.database.read_sync(propositions.list_)
            await house.until(lambda: house.index.count("propositions") == 1)
            await house.pipeline.tell([], [])
            assert len(house.done) == 1
            over = replace(claim, status=Status.HIDDEN)
            made = [Revision(RevisionId("r"), claim.id, Cause.USER, claim, over, (), NOON)]
            house.database.run_sync(lambda s: propositions.commit(s, made))
            await house.pipeline.tell(made)
            assert house.done[-1].changed == (claim.id,)
            assert house.index.count("propositions") == 1
            await house.pipeline.tell(made, [claim.id])
            assert house.index.count("propositions") == 0

    run(scenario)


def test_what_comes_beside_the_windows_does_not_count_as_seen_at_them(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with at_work(tmp_path, FakeWorker(tmp_path)) as house:
            house.inbox.put(replace(worked_on("song.mp3", id="n"), source="notices"))
            await house.until(lambda: house.database.read_sync(observations.count) == 1)
            assert house.pipeline.stored_at is None
            house.inbox.put(worked_on("thesis.md"))
            await house.until(lambda: house.pipeline.stored_at is not None)

    run(scenario)


def test_a_find_that_cannot_be_stored_is_given_up_and_counted_and_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clean(seen: Observation) -> Observation:
        if seen.id == "poison":
            raise LookupError("a mistake")
        return redact(seen)

    async def scenario() -> None:
        async with at_work(tmp_path, FakeWorker(tmp_path)) as house:
            monkeypatch.setattr(house.pipeline, "_clean", clean)
            for name in ("before", "poison", "behind"):
                house.inbox.put(worked_on(f"{name}.md", id=name))
            await house.until(lambda: len(house.claims()) == 2)
            assert sorted(house.claims()) == ["Works on before.md", "Works on behind.md"]
            assert house.inbox.dropped == 1
            assert not house.pipeline.broken
            assert house.pipeline.stored_at == house.clock.now()

    run(scenario)
