"""How fast the encrypted store takes observations, and how large it grows.

append_batched_per_s: 50 observations a transaction, as when a person is busy; append_single_per_s: each in
a transaction of its own, on the disk before the next. Both in a store that holds some already; a sample is
the rate of one transaction, or of 50. bytes_per_proposition: how much the file grows by a claim with 3
pieces of evidence and 2 revisions, written as the pipeline does, without vectors and without the
observations; a sample is 500 claims. Goals on two cores: 1000, 150, 2500.
"""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app.bench import SEED, Result, interval, median
from app.config import Settings
from gum.types import Cause, Observation, Revision, RevisionId, new_id
from storage import observations, propositions
from storage.db import Database
from tests.benchmarks._claims import Learnt, Person

FIGURES = ("append_batched_per_s", "append_single_per_s", "bytes_per_proposition")
KEY = bytes(range(32))
BEFORE = 2000  # observations that are there already
BATCH = 50
BATCHES = 100
SINGLES = 600
CLAIMS = 500  # a sample of bytes_per_proposition
GROWTHS = 8


def run(settings: Settings) -> Result:
    """Measures in a folder of its own."""
    person = Person(SEED)
    with tempfile.TemporaryDirectory(prefix="gumption-bench-") as folder:
        database = Database.open(Path(folder) / "gumption.db", KEY)
        try:
            _append(database, [learnt.seen for learnt in person.learns(BEFORE)])
            batched = [_rate(database, [x.seen for x in person.learns(BATCH)], BATCH) for _ in range(BATCHES)]
            singles = [
                _rate(database, [x.seen for x in person.learns(BATCH)], 1) for _ in range(SINGLES // BATCH)
            ]
            sizes = [_growth(database, list(person.learns(CLAIMS))) for _ in range(GROWTHS)]
        finally:
            database.close()
    samples = dict(zip(FIGURES, (batched, singles, sizes), strict=True))
    return Result(
        {name: median(values) for name, values in samples.items()},
        {name: interval(values) for name, values in samples.items()},
        {
            "before": BEFORE,
            "batch": BATCH,
            "batches": BATCHES,
            "singles": SINGLES,
            "claims": CLAIMS * GROWTHS,
        },
        (SEED,),
    )


def _append(database: Database, seen: Sequence[Observation]) -> None:
    def append(s: Session) -> None:
        for observation in seen:
            observations.append(s, observation)

    database.run_sync(append)


def _rate(database: Database, seen: Sequence[Observation], at_once: int) -> float:
    start = time.perf_counter()
    for first in range(0, len(seen), at_once):
        _append(database, seen[first : first + at_once])
    return len(seen) / (time.perf_counter() - start)


def _growth(database: Database, learnt: Sequence[Learnt]) -> float:
    """Bytes a claim. Evidence may cite what an earlier sample brought: all observations come first."""
    _append(database, [x.seen for x in learnt])
    before = _used(database)

    def commit(s: Session) -> None:
        for x in learnt:
            propositions.commit(s, _revisions(x))

    database.run_sync(commit)
    return (_used(database) - before) / len(learnt)


def _revisions(x: Learnt) -> list[Revision]:
    """First seen, and seen twice more a day later."""
    later = x.claim.created_at + timedelta(days=1)
    surer = replace(x.claim, confidence=min(0.98, x.claim.confidence + 0.1), supported_at=later)
    first = Revision(
        RevisionId(new_id()), x.claim.id, Cause.NEW, None, x.claim, x.evidence[:1], x.claim.created_at, "seen"
    )
    again = Revision(
        RevisionId(new_id()), x.claim.id, Cause.REINFORCE, x.claim, surer, x.evidence[1:], later, "seen again"
    )
    return [first, again]


def _used(database: Database) -> int:
    """Bytes of the pages in use."""

    def look(s: Session) -> int:
        ask = s.connection().exec_driver_sql
        pages, free, size = (
            int(ask(f"PRAGMA {name}").scalar() or 0) for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size

    return database.read_sync(look)
