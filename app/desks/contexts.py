"""How good the contexts are that assistants get: desks are played, and at them requests are made.

A store is filled as the product fills it, by an oracle that errs at its usual rates. At the end of one
session (drawn by a hash of desk and request, among those at which the desk shows what the request needs)
the context is made as for a client with an ordinary scope, of at most BUDGET tokens. Then code judges, by
the desk's truth:

- context_has_fact: of all (request, needed fact), how many contexts have a line that states the fact.
- context_harmed: of all requests, how many contexts have a line that is false, over, denied or somebody
  else's and bears on the request (`requests.Need.touches`), or one, whatever it is about, that is
  sensitive or repeats an injection.
- store_has_fact: of the needed facts, how many the store holds as a claim in use: no context can have
  more. context_keeps_fact: of these, how many the context states.
- may_be_known: of the needed facts, how many any observation shown by then may say (`requests.sayable`). The
  others stand in nobody's words but somebody else's, as most deadlines do, in mails and forums; by the rules
  of whose words may say what (`gum.roles`) no claim is made of them, and more should not be expected of the
  store. A person needs them all the same: all other figures count them as missed.
- idle_context: of requests that need nothing of the person, how many get any line at all.
"""

import hashlib
import math
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.desks import judge
from app.desks.requests import IDLE, Request, every, needed, sayable, shown
from app.desks.types import Belief, DecoyKind, Desk, Sight
from gum.context import Line, chosen, needs, render
from gum.grants import Scope
from gum.ports import Embedder
from gum.types import Proposition, Sensitivity, Vector
from storage import propositions
from storage.contexts import candidates
from storage.db import Database
from storage.search import Meaning
from storage.truth import vectors

FIGURES = (
    "context_has_fact",
    "context_harmed",
    "idle_context",
    "store_has_fact",
    "context_keeps_fact",
    "may_be_known",
)
PARTS = ("tuning", "test")
BUDGET, LIMIT, DIVERSITY = 600, 20, 0.3
ROUNDS = 2000  # as app.bench
NEAREST = 50  # as app.searching
MOST = 10_000  # claims of one desk
HARMFUL = (judge.Kind.DECOY, judge.Kind.STALE, judge.Kind.DENIED, judge.Kind.JUNK)


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a request at a desk. `wanted`, `had`: how many facts it needs, and the context states."""

    desk: str
    need: str
    request: str
    language: str
    test: bool
    wanted: int
    had: int
    held: int  # of the needed facts, those that a claim in use states
    known: int  # of the needed facts, those that something shown by then may say
    harm: tuple[str, ...]  # kinds of the lines that do harm
    lines: int
    tokens: int


class Asking:
    """Asks at one desk. `look` is told of each session's end, in order, and keeps what it needs of it."""

    def __init__(self, desk: Desk, sights: Sequence[Sight], embedder: Embedder) -> None:
        self._desk, self._sights, self._embedder = desk, sights, embedder
        self._readings: dict[object, judge.Reading] = {}
        self._sayable = sayable(desk, sights)
        self._sessions = len(desk.sessions) + 1  # and the checkpoint after the last
        self._number = 0
        self._waiting = {request: self._turn(request) for request in every()}
        self.answered: list[Answered] = []

    def look(self, database: Database, at: datetime) -> None:
        """Makes the requests whose turn it is: the first end of a session from theirs on with what they need.

        Those that found nothing up to the last end are not made: the desk never showed it then.
        """
        seen = shown(self._sights, at)
        active = database.read_sync(lambda s: propositions.list_(s, status="active", limit=MOST))
        held = {key for p in active for key in self._states(p)}
        due = [r for r, turn in self._waiting.items() if turn <= self._number]
        for request in due:
            facts = needed(request.need, self._desk, seen, at)
            if facts or request.need.id == IDLE:
                del self._waiting[request]
                wanted = {f.id for f in facts}
                known = sum(key in self._sayable and self._sayable[key] <= at for key in wanted)
                told = database.read_sync(partial(self._context, request.text, at))
                self._judge(request, wanted, (len(wanted & held), known), *told, at)
        self._number += 1

    def _turn(self, request: Request) -> int:
        drawn = hashlib.sha256(f"{self._desk.id} {request.text}".encode()).digest()
        return int.from_bytes(drawn[:4], "big") % self._sessions

    def _context(self, query: str, at: datetime, s: Session) -> tuple[list[Proposition], int]:
        wanted = needs(query)
        meaning = _nearest(s, query, self._embedder)
        found = candidates(s, Scope(), query, meaning, wanted, at)
        claims = [c.claim for c in chosen(found, wanted, at, BUDGET, LIMIT, DIVERSITY)]
        made = render(
            [Line(p.text, p.confidence, p.supported_at, p.valid_until, p.settled) for p in claims], BUDGET
        )
        return claims[: made.lines], made.tokens

    def _states(self, p: Proposition) -> set[str]:
        """The facts that a claim states."""
        return {m.fact.id for m in self._reading(_belief(p)).matches if m.agrees}

    def _judge(
        self,
        request: Request,
        wanted: set[str],
        most: tuple[int, int],  # of the wanted: those held, those that may be known
        claims: list[Proposition],
        weight: int,
        at: datetime,
    ) -> None:
        had: set[str] = set()
        harm: list[str] = []
        for p in claims:
            belief = _belief(p)
            reading = self._reading(belief)
            had |= self._states(p) & wanted
            verdict = judge.verdict(belief, reading, self._desk, at)
            injected = any(d.kind is DecoyKind.INJECTION for d, _ in judge.believed(belief, reading, at))
            if p.sensitivity is not Sensitivity.NORMAL or injected:
                harm.append("injected" if injected else "sensitive")
            elif verdict.kind in HARMFUL and request.need.touches(p.type, list(p.slots.values())):
                harm.append(verdict.kind.value)
        self.answered.append(
            Answered(
                self._desk.id,
                request.need.id,
                request.text,
                request.language,
                request.test,
                wanted=len(wanted),
                had=len(had),
                held=most[0],
                known=most[1],
                harm=tuple(harm),
                lines=len(claims),
                tokens=weight,
            )
        )

    def _reading(self, belief: Belief) -> judge.Reading:
        key = (belief.text, belief.type, tuple(sorted(belief.slots.items())))
        if key not in self._readings:
            self._readings[key] = judge.read(belief, self._desk)
        return self._readings[key]


def _belief(p: Proposition) -> Belief:
    return Belief(p.id, p.text, p.confidence, p.type, dict(p.slots))


_asked: dict[tuple[str, str], Vector] = {}  # of requests: the same at every desk


def _nearest(s: Session, query: str, embedder: Embedder) -> Meaning:
    """As the index answers, but exact: a desk has few claims."""
    name = embedder.name
    if (name, query) not in _asked:
        [_asked[name, query]] = embedder.embed([query])
    asked = _asked[name, query]
    near = [(key, _dot(asked, vector)) for kind, key, vector in vectors(s, name) if kind == "propositions"]
    near.sort(key=lambda pair: (-pair[1], pair[0]))
    return Meaning({"propositions": near[:NEAREST], "observations": ()}, asked, name)


def _dot(one: Sequence[float], other: Sequence[float] | NDArray[np.float32]) -> float:
    return float(np.asarray(one, np.float32) @ np.asarray(other, np.float32))


# --- figures --------------------------------------------------------------------------------------


def figures(answered: Sequence[Answered]) -> dict[str, float]:
    """Each of FIGURES; NaN where nothing was asked."""
    sums = _sums(answered)
    return {
        name: part / whole if whole else math.nan
        for name, part, whole in zip(FIGURES, sums[::2], sums[1::2], strict=True)
    }


def intervals(answered: Sequence[Answered], seed: int) -> dict[str, tuple[float, float]]:
    """The 95% interval of each figure by the percentile bootstrap over desks. Same seed, same answer."""
    by_desk: dict[str, list[Answered]] = defaultdict(list)
    for a in answered:
        by_desk[a.desk].append(a)
    sums = [_sums(by_desk[name]) for name in sorted(by_desk)]
    chance = random.Random(f"contexts/{seed}")
    values: dict[str, list[float]] = {name: [] for name in FIGURES}
    for _ in range(ROUNDS if sums else 0):
        drawn = [math.fsum(column) for column in zip(*chance.choices(sums, k=len(sums)), strict=True)]
        for name, part, whole in zip(FIGURES, drawn[::2], drawn[1::2], strict=True):
            if whole:
                values[name].append(part / whole)
    return {name: _middle(sorted(found)) for name, found in values.items()}


def _sums(answered: Sequence[Answered]) -> list[int]:
    """Part and whole of each of FIGURES, in their order."""
    asked = [a for a in answered if a.need != IDLE]
    idle = [a for a in answered if a.need == IDLE]
    wanted, had, held = sum(a.wanted for a in asked), sum(a.had for a in asked), sum(a.held for a in asked)
    pairs = (
        (had, wanted),
        (sum(bool(a.harm) for a in asked), len(asked)),
        (sum(a.lines > 0 for a in idle), len(idle)),
        (held, wanted),
        (had, held),
        (sum(a.known for a in asked), wanted),
    )
    return [n for pair in pairs for n in pair]


def _middle(ordered: Sequence[float]) -> tuple[float, float]:
    if not ordered:
        return math.nan, math.nan
    return ordered[int(0.025 * len(ordered))], ordered[max(0, int(0.975 * len(ordered)) - 1)]


def by_kind(answered: Sequence[Answered]) -> dict[str, Mapping[str, float]]:
    """The figures of each need and of each language, with how many requests they rest on."""
    groups: dict[str, list[Answered]] = defaultdict(list)
    for a in answered:
        groups[a.need].append(a)
        groups[f"language {a.language}"].append(a)
    return {name: {"asked": len(found), **figures(found)} for name, found in sorted(groups.items())}
