"""A process that is to be killed: stores, perceives, proposes and indexes as fast as it can.

Prints "stored N" once observation N is durable and "made N" once its proposition is. Run by test_kill.py.
"""

import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from gum.types import ObservationId, Percept
from storage import observations, propositions, truth, work
from storage.db import Database
from storage.index import VectorIndex
from tests.builders import NOON, evidence, observation, proposition
from tests.storage.builders import KEY, new

MODEL = "m"
LEASE = timedelta(minutes=1)


def vector(n: int) -> tuple[float, ...]:
    return (1.0, (n % 97) / 97, (n % 89) / 89, (n % 7) / 7, n / 100_000)


def perceive(s: Session, n: int) -> None:
    for item in work.lease(s, "perceive", 5, NOON, LEASE):
        seen = Percept(item.observation_id, vector(n), 0.5, MODEL)
        observations.perceived(s, item.observation_id, f"read {item.observation_id}", seen)
        work.ack(s, [item.id])


def propose(database: Database) -> list[str]:
    """Leases in one transaction and commits in another, as the program does around a model."""
    items = database.run_sync(lambda s: work.lease(s, "propose", 3, NOON, LEASE))

    def commit(s: Session) -> list[str]:
        done = []
        for item in items:
            key = item.observation_id
            p = proposition(f"Works on {key}", slots={"thing": key})  # a fresh id every time
            propositions.commit(s, [new(p, [evidence(key, key)])])
            propositions.set_vectors(s, {p.id: vector(int(key))}, MODEL)
            work.ack(s, [item.id])
            done.append(key)
        return done

    return database.run_sync(commit)


def main(folder: Path, start: int) -> None:
    database = Database.open(folder / "gumption.db", KEY)
    database.run_sync(work.release_all)
    index = VectorIndex(folder / "index", KEY)
    index.ensure(lambda: database.read_sync(lambda s: list(truth.vectors(s, MODEL))))
    print("ready", flush=True)
    for n in range(start, start + 1_000_000):
        key = ObservationId(str(n))
        database.run_sync(lambda s, n=n: observations.append(s, observation(id=str(n), at=NOON)))
        print(f"stored {n}", flush=True)
        database.run_sync(lambda s, n=n: perceive(s, n))
        index.upsert("observations", {key: vector(n)})
        for done in propose(database):
            print(f"made {done}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
