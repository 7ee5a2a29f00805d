"""Killed while observations become claims: perceived, drafted, revised, committed, indexed, judged."""

import asyncio
import random
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.inbox import Arrival
from app.shapes import VerdictIn
from gum.types import Observation, ObservationId, PropositionId, Status, Trust
from storage import observations, propositions
from storage import work as queue
from storage.schema import RevisionRow
from tests.builders import observation
from tests.soak import sound
from tests.soak.appending import prepare, recover
from tests.soak.home import Home
from tests.soak.phase import DOUBLED, LOST, Findings, Phase, Say, acknowledged

FILES = 12  # the same claims again and again: a duplicate would show


def worked_on(home: Home, number: int, key: str) -> Observation:
    title = f"chapter{number}.md - Mousepad"
    return observation(title, id=key, title=title, at=home.clock.now(), source="window", trust=Trust.ACTED_ON)


def work(folder: Path, seed: int, say: Say) -> None:
    asyncio.run(_work(folder, seed, say))


async def _work(folder: Path, turn: int, say: Say) -> None:
    home, chance = Home(folder, say), random.Random(turn)
    home.clock.move(timedelta(days=turn % 100))  # a later life is a later day
    await home.start()
    say("ready")
    for number in range(10**6):
        home.clock.move(timedelta(minutes=chance.randint(1, 300)))
        batch = [worked_on(home, chance.randrange(FILES), f"{turn}-{number}-{k}") for k in range(3)]
        say(f"begin batch {turn}-{number}")
        await home.pipeline.take([Arrival(o) for o in batch], ())
        say(f"stored {turn}-{number}")
        await home.pipeline.work_off()
        say(f"done batch {turn}-{number}")
        if number % 5 == 4:
            known = home.database.read_sync(propositions.list_)
            one = known[chance.randrange(len(known))]
            verdict = chance.choice(("right", "wrong"))
            say(f"begin verdict {one.id} {verdict}")
            await home.verdicts.take(one.id, VerdictIn(verdict=verdict, slots=None))
            say(f"judged {one.id} {verdict}")


def check(folder: Path, seed: int, said: Sequence[str], findings: Findings) -> None:
    asyncio.run(_check(folder, said, findings))


async def _check(folder: Path, said: Sequence[str], findings: Findings) -> None:
    home = Home(folder)
    home.clock.move(timedelta(days=200))
    await home.start()
    home.database.read_sync(lambda s: _kept(s, said, findings))
    sound.look(home, findings)
    await home.pipeline.work_off()  # what was interrupted is done again, once
    home.database.read_sync(lambda s: _worked_off(s, findings))
    sound.look(home, findings)
    await home.stop()


def _kept(s: Session, said: Sequence[str], findings: Findings) -> None:
    wanted = {f"{batch}-{k}" for [batch] in acknowledged(said, "stored") for k in range(3)}
    there = observations.existing(s, [ObservationId(key) for key in wanted])
    findings.same(wanted - there, set(), LOST, "observations")
    for [_, batch] in (rest for rest in acknowledged(said, "begin") if rest[0] == "batch"):
        found = observations.existing(s, [ObservationId(f"{batch}-{k}") for k in range(3)])
        findings.expect(len(found) in (0, 3), "torn", f"{len(found)} of 3 of batch {batch}")
    for key, claim in acknowledged(said, "revised"):
        row = s.query(RevisionRow).filter(RevisionRow.id == key).all()
        findings.same([r.proposition_id for r in row], [claim], LOST, f"revision {key}")
    last = dict(acknowledged(said, "judged"))
    begun = {rest[1] for rest in acknowledged(said, "begin") if rest[0] == "verdict"}
    for key, verdict in last.items():
        p = propositions.get(s, PropositionId(key))
        findings.expect(p is not None and p.settled, LOST, f"the verdict on {key}")
        if p is not None and verdict == "wrong" and len(begun & {key}) == 1:
            findings.expect(p.status is not Status.ACTIVE or p.confidence < 0.5, LOST, f"{key} was wrong")


def _worked_off(s: Session, findings: Findings) -> None:
    findings.same(queue.counts(s), {"perceive": 0, "propose": 0, "dead": 0}, LOST, "the queue at the end")
    titles = s.scalars(text("SELECT DISTINCT title FROM observations")).all()
    things = s.scalars(text("SELECT json_extract(slots, '$.thing') FROM propositions")).all()
    wanted = sorted(str(title).removesuffix(" - Mousepad") for title in titles)
    findings.same(sorted(set(map(str, things))), wanted, LOST, "a claim for each file")
    findings.same(len(things), len(set(things)), DOUBLED, "claims")


PHASE = Phase("commit", 0.8, prepare, work, recover, check)
