"""Killed while vectors are put into and taken out of the index, and while it is built anew.

`index` changes a small one in place; `rebuild` has one that is large enough to be built by a process of its
own (`storage.build`), which outlives a killed parent for a moment.
"""

import asyncio
import random
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from gum.model.client import ModelWorker
from gum.types import ObservationId, PropositionId, Vector
from storage import forget, observations, propositions, truth
from storage.index import MANY
from storage.schema import PerceptRow
from storage.scope import Claim
from tests.builders import NOON, evidence, observation, proposition
from tests.soak import sound
from tests.soak.appending import recover
from tests.soak.home import MODEL, Home
from tests.soak.phase import KEPT, LOST, Findings, Phase, Say, acknowledged
from tests.storage.builders import new

SMALL = 120
CLAIMS = 40
DIMENSION = ModelWorker(Path()).dimension


def vector(name: str) -> Vector:
    """A direction of its own for each name."""
    chance = random.Random(name)
    return tuple(chance.gauss(0, 1) for _ in range(DIMENSION))


def add(s: Session, names: Sequence[str]) -> None:
    """Observations with their vectors, as perception leaves them."""
    for name in names:
        observations.append(s, observation(f"words of {name}", id=name, at=NOON))
    rows = [
        {"observation_id": name, "vector": vector(name), "surprise": 0.5, "model": MODEL} for name in names
    ]
    s.execute(insert(PerceptRow), rows)


def claim(s: Session, name: str, rests_on: str) -> None:
    """A claim with its vector."""
    p = proposition(f"Works on {name}", id=name, slots={"thing": name})
    propositions.commit(s, [new(p, [evidence(rests_on, "words")])])
    propositions.set_vectors(s, {p.id: vector(name)}, MODEL)


def _prepare(folder: Path, seed: int, count: int) -> None:
    home = Home(folder)
    home.database.run_sync(lambda s: add(s, [f"o{n}" for n in range(count)]))
    home.database.run_sync(lambda s: [claim(s, f"p{n}", f"o{n}") for n in range(CLAIMS)] and None)
    if count < MANY:
        asyncio.run(home.start())
    asyncio.run(home.stop())


def work(folder: Path, seed: int, say: Say) -> None:
    asyncio.run(_work(folder, seed, say))


async def _work(folder: Path, turn: int, say: Say) -> None:
    home = Home(folder)
    await home.start()
    say("ready")
    for number in range(10**6):
        names = [f"o{turn}-{number}-{k}" for k in range(5)]
        say(f"begin put {turn}-{number}")
        home.database.run_sync(partial(add, names=names))
        home.index.upsert("observations", {name: vector(name) for name in names})
        one = f"p{turn}-{number}"
        home.database.run_sync(lambda s, one=one, on=names[0]: claim(s, one, on))
        home.index.upsert("propositions", {one: vector(one)})
        say(f"done put {turn}-{number}")
        if number % 3 == 2:
            say(f"begin drop {one}")
            scope = Claim(PropositionId(one))
            home.database.run_sync(lambda s, scope=scope: forget.forget(s, scope) and None)
            home.index.delete("propositions", [one])
            say(f"dropped {one}")
        if number % 7 == 6:
            say("begin renew")
            home.index.renew()
            say("done renew")


async def _rebuild(folder: Path, turn: int, say: Say) -> None:
    home = Home(folder)
    say("ready")
    say("begin ensure")
    await home.start()
    say("done ensure")
    for number in range(10**6):
        say("begin renew")
        home.index.renew()
        say("done renew")
        add_ = partial(add, names=[f"o{turn}-{number}-0"])
        home.database.run_sync(add_)
        home.index.upsert("observations", {f"o{turn}-{number}-0": vector(f"o{turn}-{number}-0")})
        say(f"done put {turn}-{number}")


def rebuild(folder: Path, seed: int, say: Say) -> None:
    asyncio.run(_rebuild(folder, seed, say))


def check(folder: Path, seed: int, said: Sequence[str], findings: Findings) -> None:
    asyncio.run(_check(folder, said, findings))


async def _check(folder: Path, said: Sequence[str], findings: Findings) -> None:
    home = Home(folder)
    await home.start()
    sound.look(home, findings)
    held = {(kind, key) for kind, key, _ in home.database.read_sync(lambda s: list(truth.vectors(s, MODEL)))}
    dropped = {key for [key] in acknowledged(said, "dropped")}
    begun = {rest[1] for rest in acknowledged(said, "begin") if rest[0] == "drop"}
    put = [rest[1] for rest in acknowledged(said, "done") if rest[0] == "put"]
    for batch in put:
        findings.expect(("observations", f"o{batch}-0") in held, LOST, f"observations of {batch}")
        key = f"p{batch}"
        if key not in begun and ("propositions", key) not in held:
            findings.expect(home.database.read_sync(lambda s, b=batch: _only_observations(s, b)), LOST, key)
    for key in dropped:
        findings.expect(("propositions", key) not in held, KEPT, key)
        near = [hit for hit, _ in home.index.query("propositions", vector(key), 3)]
        findings.expect(key not in near, KEPT, f"{key} in the index")
    await home.stop()


def _only_observations(s: Session, batch: str) -> bool:
    """A batch of `rebuild`, which makes no claims."""
    return observations.get(s, ObservationId(f"o{batch}-1")) is None


INDEX = Phase("index", 0.8, partial(_prepare, count=SMALL), work, recover, check)
REBUILD = Phase("rebuild", 4.0, partial(_prepare, count=MANY + 500), rebuild, recover, check)
