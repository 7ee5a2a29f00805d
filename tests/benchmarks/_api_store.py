"""Fills the data folder of a daemon with years of a made-up person, for the benchmark of the plugin.

Rows go in as they are. Vectors are those of the hashing embedder under the name of the model that the daemon
loads: its own would take ten minutes to make, and looking among them costs the same.
"""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.bench import SEED
from app.config import Settings
from app.paths import Paths
from app.store import open_store
from gum.model.embedder import MINILM_NAME, HashingEmbedder
from storage import claims
from storage.db import Database
from storage.keys import data_key
from storage.schema import Base
from tests.benchmarks._claims import Learnt, Person
from tests.benchmarks.retrieve import claim_row, evidence_rows, seen_row

AT_ONCE = 1000


def fill(home: Path, settings: Settings, count: int) -> list[str]:
    """Puts `count` claims and what they rest on into the store of `home`; what the claims are about."""
    paths = Paths(home / "data", home / "config", Paths.home().models).make()
    database = open_store(paths, settings, data_key(paths.config, paths.database, keyring_ok=False))
    try:
        return _filled(database, count)
    finally:
        database.checkpoint_sync()
        database.close()


def _filled(database: Database, count: int) -> list[str]:
    person, embedder = Person(SEED), HashingEmbedder()
    salt = database.read_sync(claims.salt)
    named: list[str] = []
    for done in range(0, count, AT_ONCE):
        learnt = list(person.learns(min(AT_ONCE, count - done)))
        named += [next(iter(x.claim.slots.values())) for x in learnt]
        vectors = embedder.embed([x.claim.text for x in learnt])
        rows = [
            {**claim_row(x.claim, salt, v), "model": MINILM_NAME}
            for x, v in zip(learnt, vectors, strict=True)
        ]
        database.run_sync(lambda s, learnt=learnt, rows=rows: _put(s, learnt, rows))  # type: ignore[misc]
    return named


def _put(s: Session, learnt: Sequence[Learnt], rows: Sequence[dict[str, object]]) -> None:
    tables = Base.metadata.tables
    s.execute(insert(tables["observations"]), [seen_row(x) for x in learnt])
    s.execute(insert(tables["propositions"]), rows)
    s.execute(insert(tables["evidence"]), [row for x in learnt for row in evidence_rows(x)])
