"""The underspecified requests of `requests.toml`, and which of a desk's facts each of them needs.

Half of them are for tuning and half for the test, by a hash of their text: fixed before anything was tuned.
"""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from app.desks.judge import holds
from app.desks.match import marked, run
from app.desks.types import Desk, Fact, Sight
from gum.claims import TABLE
from gum.roles import eligible
from gum.types import Observation

FILE = Path(__file__).parent / "requests.toml"
IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Need:
    """What a good answer rests on: facts of `types`, whose main slot has one of `about`, if there is any.

    `nearest`: of these the one that ends first; else each of them.
    """

    id: str
    types: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    nearest: bool = False

    def touches(self, type_: str | None, texts: Sequence[str]) -> bool:
        """Whether a claim or fact with these slots' texts bears on such a request.

        Unlike anywhere else in the judge accents count: "thé" is no "the", nor "té" a "te".
        """
        if type_ not in self.types:
            return False
        told = [(marked(text), text.casefold()) for text in texts]
        return not self.about or any(
            run(word).search(text) and word in plain for word in self.about for text, plain in told
        )


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for, in a language, and the need behind it (of id IDLE: none)."""

    text: str
    language: str
    need: Need

    @property
    def test(self) -> bool:
        """Whether it is of the test part, which nothing is tuned on."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 1


@cache
def every() -> tuple[Request, ...]:
    """All of them, in the order of the file."""
    told = tomllib.loads(FILE.read_text())
    made: list[Request] = []
    for row in told["needs"]:
        need = Need(row["id"], tuple(row["types"]), tuple(row.get("about", ())), row.get("pick") == "nearest")
        made += _of(need, row["requests"])
    return (*made, *_of(Need(IDLE), told[IDLE]))


def _of(need: Need, texts: Mapping[str, Sequence[str]]) -> list[Request]:
    return [Request(text, language, need) for language, listed in texts.items() for text in listed]


def needed(need: Need, desk: Desk, seen: frozenset[str], at: datetime) -> list[Fact]:
    """The facts that such a request needs at a time: those that hold and of which some evidence was shown.

    `seen`: the steps during which something was observed until then. Minor facts are asked for by nobody.
    """
    found = [
        fact
        for fact in desk.facts
        if not fact.minor
        and not fact.negative
        and holds(fact, at)
        and need.touches(fact.type, _main(fact))
        and seen & set(fact.evidence)
    ]
    if need.nearest:
        return sorted((f for f in found if f.ends is not None), key=lambda f: (f.ends or at, f.id))[:1]
    return found


def _main(fact: Fact) -> tuple[str, ...]:
    return fact.slots.get(TABLE[fact.type].main, ()) if fact.type in TABLE else ()


def sayable(desk: Desk, sights: Sequence[Sight]) -> dict[str, datetime]:
    """Since when something shown may say a fact, by its id: one observation has words for all of its slots,
    and may by itself support a claim of one of its types (`gum.roles`). Those that nothing may are not in it.
    """
    left = {f.id: f for f in desk.facts if not f.negative}
    found: dict[str, datetime] = {}
    for sight in sights:
        seen = sight.observation
        if seen is None:
            continue
        text = marked("\n".join((seen.title, seen.text)))
        for key in [key for key, fact in left.items() if _may_say(seen, text, fact)]:
            found[key] = sight.at
            del left[key]
    return found


def _may_say(seen: Observation, text: str, fact: Fact) -> bool:
    there = [[word for word in options if run(word).search(text)] for options in fact.slots.values()]
    return all(there) and any(
        eligible(seen, kind, word) for kind in (fact.type, *fact.also) for words in there for word in words
    )


def shown(sights: Sequence[Sight], at: datetime) -> frozenset[str]:
    """The steps of which something was observed until a time."""
    return frozenset(sight.step for sight in sights if sight.observation is not None and sight.at <= at)
