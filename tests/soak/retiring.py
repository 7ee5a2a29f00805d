"""Killed while what is old goes by age: observations in portions, offers, counts, pictures without room.

Every claim rests on an old and on a new observation. Whatever was killed, it is as sure as before, has two
pieces of evidence of the same weight, and a piece has its quote for just as long as its observation is there.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from gum.types import FrameId, ObservationId, Percept
from storage import observations, propositions, search, suggestions
from tests.builders import NOON, evidence, frame, observation, proposition
from tests.soak import sound
from tests.soak.appending import recover
from tests.soak.home import MODEL, RETAINED_DAYS, Home
from tests.soak.indexing import vector
from tests.soak.phase import KEPT, LOST, TORN, Findings, Phase, Say, acknowledged
from tests.storage.builders import new, suggestion

OLD, NEW = 250, 40
LONG_AGO = NOON - timedelta(days=RETAINED_DAYS + 10)
WEIGHT = 0.75


def prepare(folder: Path, seed: int) -> None:
    home = Home(folder)
    home.database.run_sync(lambda s: _fill(s, "0"))
    asyncio.run(home.start())
    asyncio.run(home.stop())


def _fill(s: Session, turn: str) -> None:
    for n in range(OLD + NEW):
        age = "old" if n < OLD else "new"
        key = f"{age}{turn}x{n}"
        at = (LONG_AGO if age == "old" else NOON) + timedelta(seconds=n)
        o = observation(f"text of word{key}", id=key, at=at, app="editor")
        pixels = replace(frame(32, 32), id=FrameId(f"f{key}")) if n % 10 == 0 else None
        observations.append(s, o, bytes(500) if pixels else None, pixels)
        if n % 10:
            observations.perceived(s, o.id, o.text, Percept(o.id, vector(key), 0.5, MODEL))
    for n in range(NEW):
        p = proposition(f"Works on thing{turn}x{n}", id=f"p{turn}x{n}", slots={"thing": f"thing{turn}x{n}"})
        pieces = [evidence(f"old{turn}x{n}", f"wordold{turn}x{n}", WEIGHT)]
        pieces.append(evidence(f"new{turn}x{OLD + n}", f"wordnew{turn}x{OLD + n}", WEIGHT))
        propositions.commit(s, [new(p, pieces)])
        propositions.set_vectors(s, {p.id: vector(p.id)}, MODEL)
        suggestions.add(s, suggestion([p.id], at=LONG_AGO, state="done"))
    s.execute(text("DELETE FROM work"))


def work(folder: Path, seed: int, say: Say) -> None:
    asyncio.run(_work(folder, seed, say))


async def _work(folder: Path, turn: int, say: Say) -> None:
    home = Home(folder)
    await home.recover()
    say("ready")
    for number in range(10**6):
        say("begin pictures")
        await home.retention.spare_disk()
        say("done pictures")
        say("begin age")
        await home.retention.apply()
        await home.forgetting.tidied()
        say("done age")
        name = f"{turn}r{number}"
        home.database.run_sync(lambda s, name=name: _fill(s, name))
        say(f"filled {name}")


def check(folder: Path, seed: int, said: Sequence[str], findings: Findings) -> None:
    asyncio.run(_check(folder, said, findings))


async def _check(folder: Path, said: Sequence[str], findings: Findings) -> None:
    home = Home(folder)
    await home.start()
    fills = ["0", *(name for [name] in acknowledged(said, "filled"))]
    home.database.read_sync(lambda s: _pieces(s, fills, findings))
    if said and said[-1] == "done age":
        home.database.read_sync(lambda s: _gone(s, fills, findings))
    sound.look(home, findings)
    await home.retention.spare_disk()
    await home.retention.apply()  # an interrupted one goes on
    await home.forgetting.tidied()
    home.database.read_sync(lambda s: _pieces(s, fills, findings))
    home.database.read_sync(lambda s: _gone(s, fills, findings))
    sound.look(home, findings)
    await home.stop()


def _pieces(s: Session, fills: Sequence[str], findings: Findings) -> None:
    for fill in fills:
        for n in range(NEW):
            key = f"p{fill}x{n}"
            rows = s.execute(
                text("SELECT observation_id, quote, weight FROM evidence WHERE proposition_id = :p"),
                {"p": key},
            ).all()
            findings.same([r.weight for r in rows], [WEIGHT] * 2, LOST, f"evidence of {key}")
            bare = [r.observation_id is None for r in rows]
            findings.same([r.quote == "" for r in rows], bare, TORN, f"quotes of {key}")
        there = observations.existing(s, [ObservationId(f"new{fill}x{n}") for n in range(OLD, OLD + NEW)])
        findings.same(len(there), NEW, LOST, f"new observations of {fill}")


def _gone(s: Session, fills: Sequence[str], findings: Findings) -> None:
    left = s.scalar(text("SELECT count(*) FROM observations WHERE id LIKE 'old%'"))
    findings.same(left, 0, KEPT, "old observations")
    for fill in fills[-2:]:
        for n in range(1, OLD, 40):
            found = search.search(s, f"wordold{fill}x{n}", {}, 5).observations
            findings.same(found, [], KEPT, f"words of old{fill}x{n}")


PHASE = Phase("retire", 1.2, prepare, work, recover, check)
