"""The index of a real store, kept in step by hand."""

import asyncio
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from app.indexing import Indexing
from gum.errors import ModelUnavailable
from gum.model.client import ModelWorker
from gum.types import Cause, ObservationId, Percept, PropositionId, Revision, RevisionId, Status, Vector
from storage import observations, propositions, truth
from storage.db import Database
from storage.forget import Forgotten
from storage.index import VectorIndex
from storage.search import NO_MEANING, Meaning
from tests.app.fakes import FakeWorker
from tests.builders import NOON, observation, proposition
from tests.storage.builders import KEY, new

A, B = PropositionId("a"), PropositionId("b")


class House:
    def __init__(self, folder: Path) -> None:
        self.database = Database.open(folder / "g.db", KEY)
        self.index = VectorIndex(folder / "index", bytes(32))
        self.worker = FakeWorker(folder)
        self.quiet = asyncio.Lock()
        self.indexing = Indexing(self.database, self.index, self.worker, self.quiet)

    def keep(self, key: PropositionId, thing: str) -> None:
        claim = proposition(f"Works on {thing}", id=key, slots={"thing": thing})
        self.database.run_sync(lambda s: propositions.commit(s, [new(claim)]))

    def change(self, key: PropositionId, **fields: object) -> None:
        def write(s: object) -> None:
            before = propositions.get(s, key)  # type: ignore[arg-type]
            assert before is not None
            after = replace(before, **fields)  # type: ignore[arg-type]
            one = Revision(RevisionId(f"r{fields}"), key, Cause.USER, before, after, (), NOON)
            propositions.commit(s, [one])  # type: ignore[arg-type]

        self.database.run_sync(write)

    def found(self, words: str) -> Sequence[str]:
        """The claims nearest to `words`."""
        near = asyncio.run(self.indexing.nearest(words, 9))
        return [key for key, _ in near.hits["propositions"]]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    made.keep(A, "thesis.md")
    made.keep(B, "budget.ods")
    asyncio.run(made.indexing.mend(truth.vectors))
    yield made
    made.index.close()
    made.database.close()


def test_mended_it_holds_what_the_store_holds_and_the_nearest_comes_first(house: House) -> None:
    assert house.found("Works on thesis.md") == [A, B]
    assert house.found("Works on budget.ods") == [B, A]


def test_new_words_get_a_new_vector_and_what_is_over_goes(house: House) -> None:
    house.change(A, text="Works on zeppelins", slots={"thing": "zeppelins"})
    house.change(B, status=Status.HIDDEN)
    asyncio.run(house.indexing.again([A, B]))
    assert house.found("Works on zeppelins") == [A]
    near = asyncio.run(house.indexing.nearest("Works on zeppelins", 1))
    assert math.isclose(near.hits["propositions"][0][1], 1.0, abs_tol=1e-4)


def test_without_a_model_what_is_over_goes_and_new_words_wait_for_the_next_start(house: House) -> None:
    house.change(A, text="Works on zeppelins", slots={"thing": "zeppelins"})
    house.change(B, status=Status.HIDDEN)
    house.worker.broken = 2
    asyncio.run(house.indexing.again([A, B]))
    assert asyncio.run(house.indexing.nearest("zeppelins", 9)) is NO_MEANING
    assert house.index.count("propositions") == 0
    asyncio.run(house.indexing.mend(truth.vectors))
    assert house.found("zeppelins") == [A]


def test_what_was_forgotten_meanwhile_is_not_put_in(house: House) -> None:
    house.database.run_sync(lambda s: observations.append(s, observation(id="there")))
    seen = [Percept(ObservationId(key), (1.0, 0.0), 0.0, "m") for key in ("there", "gone")]
    asyncio.run(house.indexing.perceived(seen))
    asyncio.run(house.indexing.perceived([]))
    assert house.index.count("observations") == 1


def test_nothing_is_put_in_while_somebody_forgets(house: House) -> None:
    async def scenario() -> None:
        async with house.quiet:
            putting = asyncio.create_task(house.indexing.claims([A]))
            await house.indexing.unindex(Forgotten((), (A,), ()))
            await asyncio.sleep(0.1)
            assert not putting.done() and house.index.count("propositions") == 1
        await putting
        await house.indexing.stop()

    asyncio.run(scenario())
    assert house.index.count("propositions") == 2


def test_built_anew_it_is_waited_for(house: House) -> None:
    async def scenario() -> None:
        async with house.quiet:
            await house.indexing.unindex(Forgotten((), (B,), ()), for_good=True)
        house.indexing.renew()
        await house.indexing.stop()

    asyncio.run(scenario())
    assert house.found("Works on thesis.md") == [A, B]  # from the store, which has not forgotten it


class Counting:
    """In place of the model worker: remembers what it was asked together."""

    embedder_name = "counting"

    def __init__(self, error: Exception | None = None) -> None:
        self.batches: list[list[str]] = []
        self._error = error

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        self.batches.append(list(texts))
        time.sleep(0.05)  # so that the others come while it is at work
        if self._error is not None:
            raise self._error
        return [(float(len(text)), 0.0) for text in texts]


class Echo:
    """In place of the index: what is near a vector is named after it."""

    def query(self, kind: str, vector: Vector, count: int) -> list[tuple[str, float]]:
        return [(f"{kind}{vector[0]:.0f}", 1.0)]


def asked_together(worker: Counting, queries: Sequence[str]) -> list[Meaning]:
    async def all_() -> list[Meaning]:
        database, lock = cast(Database, None), asyncio.Lock()
        indexing = Indexing(database, cast(VectorIndex, Echo()), cast(ModelWorker, worker), lock)
        return await asyncio.gather(*(indexing.nearest(q, 5, ("propositions",)) for q in queries))

    return asyncio.run(all_())


def test_questions_that_come_together_are_embedded_together() -> None:
    worker = Counting()
    queries = ["a" * n for n in range(1, 8)]
    found = asked_together(worker, queries)
    assert [m.hits["propositions"][0][0] for m in found] == [f"propositions{n}" for n in range(1, 8)]
    assert len(worker.batches) <= 2
    assert sorted(text for batch in worker.batches for text in batch) == queries


def test_without_a_model_each_of_them_is_searched_by_words() -> None:
    worker = Counting(ModelUnavailable("There is no model", "Fetch it."))
    assert asked_together(worker, ["one", "two", "three"]) == [NO_MEANING] * 3
