"""A process that is to be killed: stores, perceives, proposes and indexes as fast as it can.

Says "stored N" once observation N is durable and "made N" once its proposition is. Run by test_kill.py.
"""

from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from gum.types import ObservationId, Percept
from storage import observations, propositions, truth, work
from storage.db import Database
from storage.index import VectorIndex
from tests.builders import NOON, evidence, observation, proposition
from tests.forks import sayer
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


def work_on(folder: Path, said: Path, start: int) -> None:
    """Until it is killed, with numbers from `start` on; what is durable is said into the file `said`."""
    say = sayer(said)
    database = Database.open(folder / "gumption.db", KEY)
    database.run_sync(work.release_all)
    index = VectorIndex(folder / "index", KEY)
    index.ensure(lambda: database.read_sync(lambda s: list(truth.vectors(s, MODEL))))
    say("ready")
    for n in range(start, start + 1_000_000):
        key = ObservationId(str(n))
        database.run_sync(lambda s, n=n: observations.append(s, observation(id=str(n), at=NOON)))
        say(f"stored {n}")
        database.run_sync(lambda s, n=n: perceive(s, n))
        index.upsert("observations", {key: vector(n)})
        for done in propose(database):
            say(f"made {done}")
