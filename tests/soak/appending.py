"""Killed while observations are stored: in batches of one to seven, some with pixels, some going on."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.inbox import Arrival
from gum.types import FrameId, Observation, ObservationId
from storage import observations, search
from tests.builders import NOON, frame, observation
from tests.soak import sound
from tests.soak.home import Home
from tests.soak.phase import DOUBLED, LOST, TORN, Findings, Phase, Say, acknowledged

LARGEST = 7


def seen(name: str, at: datetime) -> Observation:
    """`name` is turn-batch-number; its word stands in the text alone."""
    word = "word" + name.replace("-", "x")
    return observation(f"some words and {word}", id=name, at=at, title=f"{name}.txt - Editor", app="editor")


def prepare(folder: Path, seed: int) -> None:
    home = Home(folder)
    asyncio.run(home.stop())


def work(folder: Path, seed: int, say: Say) -> None:
    asyncio.run(_work(folder, seed, say))


async def _work(folder: Path, turn: int, say: Say) -> None:
    home, chance = Home(folder), random.Random(turn)
    await home.start()
    say("ready")
    for number in range(10**6):
        size = chance.randint(1, LARGEST)
        at = NOON + timedelta(seconds=number)
        batch = [seen(f"{turn}-{number}-{k}", at) for k in range(size)]
        arrivals = [Arrival(o, frame(64, 48) if k % 3 == 0 else None) for k, o in enumerate(batch)]
        arrivals = [
            a if a.frame is None else replace(a, frame=replace(a.frame, id=FrameId(f"f{a.observation.id}")))
            for a in arrivals
        ]
        say(f"begin {turn}-{number} {size}")
        await home.pipeline.take(arrivals, ())
        say(f"done {turn}-{number} {size}")
        if number % 4 == 3:  # a window that stayed open
            longer = replace(batch[0], until=batch[0].at + timedelta(hours=1))
            await home.pipeline.take([Arrival(longer)], ())
            say(f"extended {longer.id}")


def recover(folder: Path, seed: int) -> None:
    async def go() -> None:
        home = Home(folder)
        await home.recover()
        await home.stop()

    asyncio.run(go())


def check(folder: Path, seed: int, said: Sequence[str], findings: Findings) -> None:
    asyncio.run(_check(folder, said, findings))


async def _check(folder: Path, said: Sequence[str], findings: Findings) -> None:
    home = Home(folder)
    await home.start()
    home.database.read_sync(lambda s: _batches(s, said, findings))
    home.database.read_sync(lambda s: _queue(s, findings))
    sound.look(home, findings)
    await home.stop()


def _batches(s: Session, said: Sequence[str], findings: Findings) -> None:
    there = {o.id: o for o in observations.list_(s, 10**6)}
    done = acknowledged(said, "done")
    for batch, size in done:
        whole = {f"{batch}-{k}" for k in range(int(size))}
        findings.expect(whole <= there.keys(), LOST, f"batch {batch}")
    for batch, size in acknowledged(said, "begin"):
        stored = sum(f"{batch}-{k}" in there for k in range(int(size)))
        findings.expect(stored in (0, int(size)), TORN, f"{stored} of {size} of batch {batch}")
        framed = observations.framed(s, [ObservationId(f"{batch}-{k}") for k in range(int(size))])
        wanted = {f"{batch}-{k}" for k in range(0, int(size), 3)} if stored else set()
        findings.same(set(framed), wanted, LOST, f"pictures of batch {batch}")
    for [key] in acknowledged(said, "extended"):
        o = there.get(ObservationId(key))
        findings.expect(o is not None and o.until - o.at == timedelta(hours=1), LOST, f"the end of {key}")
    for batch, _ in done[-20:]:  # the last ones: a lost transaction would be there
        word = f"word{batch}-0".replace("-", "x")
        found = search.search(s, word, {}, 5).observations
        findings.same([o.id for o, _ in found], [f"{batch}-0"], LOST, f"search for {word}")


def _queue(s: Session, findings: Findings) -> None:
    waiting = s.scalars(text("SELECT observation_id FROM work WHERE kind = 'perceive'")).all()
    stored = s.scalars(text("SELECT id FROM observations")).all()
    findings.same(sorted(waiting), sorted(stored), LOST, "what waits to be perceived")
    findings.same(len(waiting), len(set(waiting)), DOUBLED, "what waits to be perceived")


PHASE = Phase("append", 0.4, prepare, work, recover, check)
