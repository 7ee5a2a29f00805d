"""How long it takes to forget one application out of 100,000 observations in an encrypted store.

5 % of the observations are the application's, in stretches of ten, with 30 to 80 words each; 10,000 claims
rest on three observations each, so some 500 go and some 700 are scored again. forget_app_100k_s: from the
request until the store is clean: rows, full-text indexes, vectors taken out of their index, file and log
scrubbed. forget_app_answer_100k_s: until the answer, from when on nothing of it can be found.
forget_app_index_s: until the index of vectors has been built anew besides, for what Chroma keeps of deleted
ones. retire_longest_ms: the longest that letting a thousand observations go by age holds the writer. A sample
is a whole run on a fresh copy. Goal on two cores: 2 s with scrubbing.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from sqlalchemy import text
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from app.bench import SEED, Result, interval, median
from app.clock import SystemClock
from app.config import PipelineSettings, Settings
from app.events import Hub
from app.forgetting import Forgetting
from app.inbox import Inbox
from app.pipeline import Committed, Pipeline
from app.shapes import ForgetIn
from gum.model.client import ModelWorker
from gum.propose import StructureDrafter
from gum.types import Cause, ObservationId, PropositionId, Revision, RevisionId, Vector, new_id
from storage import observations, propositions, retention, truth
from storage.db import Database
from storage.index import VectorIndex
from storage.schema import PerceptRow
from tests.benchmarks._claims import Learnt, Person

FIGURES = (
    "forget_app_100k_s",
    "forget_app_answer_100k_s",
    "forget_app_index_s",
    "retire_longest_ms",
)
KEY = bytes(range(32))
APP = "secretapp"
COUNT = 100_000
CLAIM_EVERY = 10
BATCH = 500
DIMENSION, CLUSTERS = 384, 50
ROUNDS = 3
RETIRED = 1000


def run(settings: Settings, count: int = COUNT, rounds: int = ROUNDS) -> Result:
    """Measures in a folder of its own; filling the store takes most of the time."""
    with tempfile.TemporaryDirectory(prefix="gumption-bench-") as folder:
        full, copy = Path(folder) / "full", Path(folder) / "copy"
        size = _fill(full, count)
        measured = []
        for _ in range(rounds):
            shutil.copytree(full, copy)
            measured.append(asyncio.run(_forget(copy, count)))
            shutil.rmtree(copy)
        held = asyncio.run(_retire(full))
    samples = dict(zip(FIGURES, (*zip(*measured, strict=True), held), strict=True))
    figures = {name: median(values) for name, values in samples.items()}
    figures["retire_longest_ms"] = max(held)
    intervals = {name: interval(values) for name, values in samples.items()}
    intervals["retire_longest_ms"] = interval(held, max)
    return Result(
        figures,
        intervals,
        {"observations": count, "share_pct": 5, "rounds": rounds, "file_mb": round(size / 1e6)},
        (SEED,),
    )


def _fill(folder: Path, count: int) -> int:
    """A store and its index; the size of the file in bytes."""
    database = Database.open(folder / "gumption.db", KEY)
    person = Person(SEED)
    vectors = _vectors()
    done = 0
    while done < count:
        learnt = [_of_app(each, done + n) for n, each in enumerate(person.learns(BATCH))]
        some = [next(vectors) for _ in learnt]
        database.run_sync(partial(_add, learnt=learnt, vectors=some, first=done))
        done += BATCH
    database.run_sync(lambda s: s.execute(text("DELETE FROM work")))
    index = VectorIndex(folder / "index", KEY)
    index.ensure(lambda: database.read_sync(lambda s: list(truth.vectors(s, _MODEL))), _MODEL)
    index.close()
    database.close()
    return database.path.stat().st_size


_MODEL = ModelWorker(Path()).embedder_name


def _of_app(learnt: Learnt, number: int) -> Learnt:
    """Ten of every two hundred in the application."""
    if (number // 10) % 20 != 7:
        return learnt
    return replace(learnt, seen=replace(learnt.seen, app=APP, url=None))


def _vectors() -> Iterator[Vector]:
    """Unit vectors around the middles of clusters, as texts about the same thing give."""
    chance = np.random.default_rng(SEED)
    middles = chance.standard_normal((CLUSTERS, DIMENSION))
    while True:
        vector = middles[chance.integers(CLUSTERS)] + chance.standard_normal(DIMENSION)
        yield tuple((vector / np.linalg.norm(vector)).tolist())


def _add(s: Session, learnt: Sequence[Learnt], vectors: Sequence[Vector], first: int) -> None:
    for each in learnt:
        observations.append(s, each.seen)
    rows = [
        {"observation_id": each.seen.id, "vector": vector, "surprise": 0.5, "model": _MODEL}
        for each, vector in zip(learnt, vectors, strict=True)
    ]
    s.execute(insert(PerceptRow), rows)
    claims = [each for n, each in enumerate(learnt) if (first + n) % CLAIM_EVERY == CLAIM_EVERY - 1]
    made = [
        Revision(RevisionId(new_id()), c.claim.id, Cause.NEW, None, c.claim, c.evidence, c.claim.created_at)
        for c in claims
    ]
    propositions.commit(s, made)
    kept = {c.claim.id: vector for c, vector in zip(claims, vectors, strict=False)}
    propositions.set_vectors(s, kept, _MODEL)


async def _forget(folder: Path, count: int) -> tuple[float, float, float]:
    """Seconds until the store is clean, until the answer, and until the index has been built anew."""
    database = Database.open(folder / "gumption.db", KEY)
    index = VectorIndex(folder / "index", KEY)
    clock, inbox, hub, worker = SystemClock(), Inbox(), Hub(), ModelWorker(folder)
    pipeline = Pipeline(
        PipelineSettings(),
        inbox,
        database,
        index,
        worker,
        StructureDrafter(),
        None,
        hub,
        clock,
        _committed,
    )
    forgetting = Forgetting(clock, database, pipeline, inbox, hub, worker, _nothing, _nobody)
    await pipeline.indexing.mend(truth.vectors)
    start = time.perf_counter()
    gone = await forgetting.forget(ForgetIn(app=APP))
    answered = time.perf_counter() - start
    assert gone.forgotten.observations == count // 20
    assert gone.forgotten.propositions > 0
    await forgetting.tidied()
    scrubbed = time.perf_counter() - start
    await pipeline.stop()
    done = time.perf_counter() - start
    worker.close()
    index.close()
    database.close()
    return scrubbed, answered, done


async def _retire(folder: Path) -> list[float]:
    """Milliseconds of each transaction that lets a portion go by age."""
    database = Database.open(folder / "gumption.db", KEY)
    wanted = text(f"SELECT id FROM observations ORDER BY until LIMIT {RETIRED}")
    ids = await database.read(lambda s: [ObservationId(key) for key in s.scalars(wanted)])
    held = []
    for part in retention.portions(ids):
        start = time.perf_counter()
        await database.run(partial(retention.retire, ids=part))
        held.append((time.perf_counter() - start) * 1000)
    database.close()
    return held


async def _committed(done: Committed) -> None: ...


async def _nothing() -> None: ...


async def _nobody(ids: Sequence[PropositionId]) -> None: ...
