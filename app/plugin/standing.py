"""What texts that leave are looked through with: the names that are known, and what the person allowed."""

import asyncio
import hashlib
import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from sqlalchemy.orm import Session

from gum.aliases import Found, found_in, numbered
from gum.audit import Decision, Exemption
from gum.people import Book, Kind, Person, Spot, strangers_in
from gum.people import numbered as people_numbered
from gum.text import normal
from storage import aliases, decisions, people
from storage.db import Database

T = TypeVar("T")
REMEMBERED = 20_000  # texts of which the decision and the places of names are kept, by a keyed hash
QUICK = 1_000  # characters never looked through before: more take longer (10 ms) than the event loop may
MOST_BEYOND = 20_000  # names for which there was no room in the store


@dataclass(frozen=True, slots=True)
class Standing:
    """What the store knew: names, and what the person allowed. And what was made of it: an answer that began
    with one ends with it, whatever is learnt meanwhile."""

    everyone: tuple[Person, ...] = ()
    allowed: frozenset[Exemption] = frozenset()
    names: frozenset[str] = frozenset()
    book: Book = field(default_factory=lambda: Book(()), compare=False)
    met: OrderedDict[bytes, bool] = field(default_factory=OrderedDict, compare=False)
    decided: OrderedDict[bytes, Decision] = field(default_factory=OrderedDict, compare=False)
    spots: OrderedDict[bytes, list[Spot]] = field(default_factory=OrderedDict, compare=False)


class Names:
    """Called on the event loop; `aside` is where long texts are looked through, one answer at a time."""

    def __init__(self, database: Database, forgotten: Callable[[], int]) -> None:
        self._database, self._forgotten = database, forgotten
        self._cleared = 0
        self._key = os.urandom(16)
        self.aside = ThreadPoolExecutor(1, "egress")
        self.standing = Standing()
        self._beyond: list[Person] = []  # with numbers until something is forgotten, and never none
        self._looked = -1
        self._known = b""

    def key(self, text: str) -> bytes:
        """So that no text outlives its forgetting here."""
        data = text.encode(errors="surrogatepass")
        return hashlib.blake2b(data, key=self._key, digest_size=16).digest()

    def clear(self) -> None:
        """Keeps no decision, and no name: for when something was forgotten."""
        self.standing, self._looked, self._known = Standing(), -1, b""
        self._beyond = []

    async def look(self) -> None:
        """Names and exceptions as they are now; what was decided with others is not used any more."""
        if self._cleared != self._forgotten():
            self._cleared = self._forgotten()
            self.clear()
        while (changes := self._database.changes) != self._looked:
            before = self._known
            found = await self._database.glance(partial(_unless, known=before))
            if self._known == before:
                break  # else it was cleared, or others know more, while this was read
        else:
            return
        if found is not None and found.unnoted:
            unnoted = found.unnoted

            def note(s: Session) -> _Known:
                aliases.note(s, unnoted)
                return _known(s)

            found = await self._database.run(note)
        if found is not None:
            self._stand(found, found.unnoted)
        self._looked = changes

    def _stand(self, found: "_Known", others: Sequence[Found] = (), strangers: Sequence[str] = ()) -> None:
        """From now on this is known. `others`, `strangers`: have numbers even where the store had no room."""
        self._known = found.print
        taken = {(p.kind, p.number) for p in found.everyone} | {(p.kind, p.name) for p in found.everyone}
        beyond = [p for p in self._beyond if not {(p.kind, p.number), (p.kind, p.name)} & taken]
        every = [*found.everyone, *beyond]
        persons = [p for p in every if p.kind is Kind.PERSON]
        there = {p.name for p in persons}
        fresh = [name for name in strangers if normal(name) not in there]
        more = people_numbered(fresh, persons, _highest(persons)) if fresh else []
        more += numbered(others, [*every, *more], _last(every))
        self._beyond = [*beyond, *more] if len(beyond) + len(more) <= MOST_BEYOND else more
        everyone, old = (*found.everyone, *self._beyond), self.standing
        if (everyone, found.allowed) == (old.everyone, old.allowed):
            return
        names = frozenset(p.name for p in everyone if p.kind is Kind.PERSON)
        kept = OrderedDict(old.met) if set(old.everyone) <= set(everyone) else OrderedDict()
        self.standing = Standing(everyone, found.allowed, names, Book(everyone), kept)

    async def meet(self, texts: Sequence[str]) -> None:
        """Gives numbers to who and what is named in texts that were not looked at yet."""
        keys = {self.key(text): text for text in texts}
        while new := {key: text for key, text in keys.items() if key not in self.standing.met}:
            await self._name(list(new.values()))
            for key in new:
                remember(self.standing.met, key, True)
            keys = {} if len(keys) > REMEMBERED else keys

    async def _name(self, texts: Sequence[str]) -> None:
        """Gives numbers to who and what is named in these texts and has none."""

        def look() -> tuple[list[str], list[Found]]:
            return (
                [name for text in texts for name in strangers_in(text)],
                [each for text in texts for each in found_in(text)],
            )

        if sum(map(len, texts)) > QUICK:
            strangers, others = await asyncio.get_running_loop().run_in_executor(self.aside, look)
        else:
            strangers, others = look()
        there = {p.name for p in self.standing.everyone}
        if all(normal(name) in there for name in (*strangers, *(each.shown for each in others))):
            return

        def note(s: Session) -> _Known:
            people.note(s, strangers)
            aliases.note(s, others)
            return _known(s)

        self._stand(await self._database.run(note), others, strangers)


@dataclass(frozen=True, slots=True)
class _Known:
    """Places without a number yet, all names, what is allowed, and the print of all that."""

    unnoted: list[Found]
    everyone: tuple[Person, ...]
    allowed: frozenset[Exemption]
    print: bytes


def _known(s: Session) -> _Known:
    everyone = (*people.known(s), *aliases.known(s))
    names = {p.name for p in everyone}
    fresh = [each for each in aliases.places(s) if normal(each.shown) not in names]
    return _Known(fresh, everyone, decisions.allowed(s), aliases.fingerprint(s))


def _unless(s: Session, known: bytes) -> _Known | None:
    """None where all is as it was when the print was `known`: then nothing of it is read."""
    return _known(s) if aliases.fingerprint(s) != known else None


def _highest(everyone: Sequence[Person]) -> int:
    return max((p.number for p in everyone if p.kind is Kind.PERSON), default=0)


def _last(everyone: Sequence[Person]) -> dict[Kind, int]:
    return {kind: max((p.number for p in everyone if p.kind is kind), default=0) for kind in Kind}


def remember(cache: "OrderedDict[bytes, T]", key: bytes, value: T) -> None:
    cache[key] = value
    if len(cache) > REMEMBERED:
        cache.popitem(last=False)
