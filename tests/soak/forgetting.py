"""Killed while things are forgotten: every scope, the file written anew, full-text indexes, the index.

Each round plants a word of its own for each scope, in every place that can hold words, and forgets it. What
was acknowledged must be in no row, no search, and in no byte of the data folder; what was not must be wholly
there, or wholly gone, and then also out of the files once the next start has finished.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.shapes import ForgetIn
from gum.types import Feedback, ObservationId, Percept, PropositionId, Verdict
from storage import observations, plans, propositions, search, suggestions
from tests.builders import NOON, evidence, observation, proposition
from tests.soak import sound
from tests.soak.appending import recover
from tests.soak.home import MODEL, Home
from tests.soak.indexing import vector
from tests.soak.phase import KEPT, LIVES, LOST, TORN, Findings, Phase, Say, acknowledged
from tests.storage.builders import KEY, change, new, plan, suggestion
from tests.storage.planted import traces

SCOPES = ("app", "site", "source", "span", "minutes", "topic", "claim", "everything")
PLAIN = 150  # ordinary observations around them
PIECES = 25  # of each planted word: more than are taken out of the full-text indexes one by one


@dataclass(frozen=True)
class Planted:
    """One word for one scope in one round; `day` keeps the spans apart."""

    scope: str
    word: str
    day: int

    @property
    def at(self) -> datetime:
        return NOON + timedelta(days=2 + self.day)

    def request(self) -> ForgetIn:
        match self.scope:
            case "app":
                return ForgetIn(app=f"app{self.word}")
            case "site":
                return ForgetIn(site=f"{self.word}.org")
            case "source":
                return ForgetIn(source=f"source{self.word}")
            case "span":
                return ForgetIn(since=self.at, until=self.at + timedelta(hours=1))
            case "minutes":  # the clock stands an hour later
                return ForgetIn(minutes=60)
            case "topic":
                return ForgetIn(topic=self.word)
            case "claim":
                return ForgetIn(proposition_id=f"c{self.day:03}")
            case _:
                return ForgetIn(everything=True)


def round_of(turn: int) -> list[Planted]:
    """What is planted and forgotten in one life. Each run begins with another scope; only its last life has
    everything forgotten, so that the one before leaves something."""
    run, life = divmod(turn, 100)
    first = run % len(SCOPES)
    order = [*SCOPES[first:], *SCOPES[:first]]
    if life < LIVES - 1:
        order.remove("everything")
    # "The last minutes" have no end, so nothing may be later.
    days = [49 if scope == "minutes" else n for n, scope in enumerate(order)]
    return [
        Planted(scope, f"canary{turn}x{n}", 50 * life + day)
        for n, (scope, day) in enumerate(zip(order, days, strict=True))
    ]


def prepare(folder: Path, seed: int) -> None:
    home = Home(folder)
    home.database.run_sync(_plain)
    asyncio.run(home.start())
    asyncio.run(home.stop())


def _plain(s: Session) -> None:
    for n in range(PLAIN):
        o = observation(f"ordinary words number {n} " * 20, id=f"plain{n}", at=NOON, app="editor")
        observations.append(s, o)
        observations.perceived(s, o.id, o.text, Percept(o.id, vector(o.id), 0.5, MODEL))
        if n % 3 == 0:
            p = proposition(f"Works on number {n}", id=f"p{n}", slots={"thing": f"number {n}"})
            propositions.commit(s, [new(p, [evidence(o.id, f"number {n}")])])
            propositions.set_vectors(s, {p.id: vector(p.id)}, MODEL)
    s.execute(text("DELETE FROM work"))


def _plant(s: Session, what: Planted) -> None:
    w = what.word
    for n in range(PIECES if what.scope != "claim" else 0):
        o = observation(
            f"{w} prefix{w}suffix and {w} " * (1 + n),
            id=f"o{what.day}h{n}",
            app=f"app{w}",
            title=f"{w} title",
            url=f"https://www.{w}.org/",
            source=f"source{w}",
            at=what.at + timedelta(minutes=2 * n),
        )
        observations.append(s, o)
        observations.perceived(s, o.id, o.text, Percept(o.id, vector(o.id), 0.5, MODEL))
    rests_on = "plain1" if what.scope == "claim" else f"o{what.day}h0"
    quote = "ordinary" if what.scope == "claim" else w
    p = proposition(f"Works on {w}", id=f"c{what.day:03}", slots={"thing": w}, at=what.at)
    propositions.commit(s, [new(p, [evidence(rests_on, quote)], f"because of {w}")])
    propositions.commit(s, [change(p, replace(p, confidence=0.8), [evidence(rests_on, quote[1:])])])
    propositions.set_vectors(s, {p.id: vector(p.id)}, MODEL)
    if what.scope != "claim":  # a claim that rests on an ordinary thing, too, and stays
        words = f"words number {what.day}"
        mixed = proposition(f"Works on {words}", id=f"m{what.day}", slots={"thing": words})
        both = [evidence(f"plain{what.day}", words), evidence(rests_on, w)]
        propositions.commit(s, [new(mixed, both)])
        propositions.set_vectors(s, {mixed.id: vector(mixed.id)}, MODEL)
    offer = suggestion([p.id], text=f"{w} offer", at=what.at)
    suggestions.add(s, offer)
    plans.save(s, plan(f"{w} goal", offer.id, w), "waiting", what.at + timedelta(days=1), what.at)
    suggestions.add_feedback(s, Feedback(offer.id, Verdict.ACCEPT, f"{w} note", what.at))
    s.execute(text("DELETE FROM work"))


def work(folder: Path, seed: int, say: Say) -> None:
    asyncio.run(_work(folder, seed, say))


async def _work(folder: Path, turn: int, say: Say) -> None:
    home = Home(folder)
    await home.recover()
    say(f"planting {turn}")
    for what in round_of(turn):
        home.database.run_sync(partial(_plant, what=what))
    await home.start()
    say(f"planted {turn}")
    say("ready")
    for number, what in enumerate(round_of(turn)):
        home.clock.at = what.at + timedelta(hours=1)
        say(f"begin {turn} {number} {what.scope}")
        await home.forgetting.forget(what.request())
        say(f"done {turn} {number} {what.scope}")
        if number % 2:
            say(f"begin tidying {turn} {number}")
            await home.forgetting.tidied()
            say(f"tidied {turn} {number}")
    await asyncio.sleep(3600)


def check(folder: Path, seed: int, said: Sequence[str], findings: Findings) -> None:
    asyncio.run(_check(folder, said, findings))


async def _check(folder: Path, said: Sequence[str], findings: Findings) -> None:
    home = Home(folder)
    await home.start()
    gone = home.database.read_sync(lambda s: _rows(s, said, findings))
    sound.look(home, findings)
    await home.stop()
    for word in gone:
        findings.same(traces(home.data, word, KEY), [], KEPT, f"{word} in files")


def _rows(s: Session, said: Sequence[str], findings: Findings) -> list[str]:
    """The words that must be nowhere."""
    begun, done = ({tuple(rest) for rest in acknowledged(said, word)} for word in ("begin", "done"))
    complete = {turn for [turn] in acknowledged(said, "planted")}
    gone: list[str] = []
    for turn in (turn for [turn] in acknowledged(said, "planting")):
        order = round_of(int(turn))
        marks = [(turn, str(n), what.scope) for n, what in enumerate(order)]
        erasing = [mark for mark in begun if mark[2] == "everything" and int(mark[0]) >= int(turn)]
        for mark, what in zip(marks, order, strict=True):
            left, whole = _left(s, what)
            words = f"{left} of {whole} of {what.scope} {what.word}"
            if mark in done or done & set(erasing):
                findings.same(left, 0, KEPT, words)
            elif turn in complete and mark not in begun and not begun & set(erasing):
                findings.same(left, whole, LOST, words)
            else:
                findings.expect(left in (0, whole), TORN, words)
            if left == 0:
                gone.append(what.word)
    erased = any(mark[-1] == "everything" for mark in begun)
    ids = [ObservationId(f"plain{n}") for n in range(PLAIN)]
    ordinary = len(observations.existing(s, ids))
    findings.expect(ordinary == PLAIN or (erased and ordinary == 0), LOST, f"{ordinary} of {PLAIN} ordinary")
    return gone


def _left(s: Session, what: Planted) -> tuple[int, int]:
    """How many things of it are there, and how many there were: observations, the claim, what a search finds,
    offers and plans, and the piece of evidence in a claim that stays."""
    ids = [ObservationId(f"o{what.day}h{n}") for n in range(PIECES)]
    found = search.search(s, what.word, {}, 5)
    count = text(
        "SELECT (SELECT count(*) FROM suggestions WHERE text LIKE :w) + "
        "(SELECT count(*) FROM plans WHERE goal LIKE :w) + (SELECT count(*) FROM evidence WHERE quote = :q)"
    )
    left = (
        len(observations.existing(s, ids))
        + (propositions.get(s, PropositionId(f"c{what.day:03}")) is not None)
        + bool(found.propositions or found.observations)
        + (s.scalar(count, {"w": f"{what.word}%", "q": what.word}) or 0)
    )
    return left, 4 if what.scope == "claim" else PIECES + 6


PHASE = Phase("forget", 1.5, prepare, work, recover, check)
