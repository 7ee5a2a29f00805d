"""The last step of every answer to a client: audited, under other names, logged, and only then given out.

Which texts of an answer are captured its shape says (`app.plugin.shapes`: Captured, Claimed, Said). What may
not leave takes with it the nearest member of a list that it stands in; a text that may be missing becomes
None, one marked to stay is held back line by line, and an answer that is left with nothing is refused. All
texts of an answer, and what was asked, share one set of labels. `finish` makes what is put together of the
claims (a block for a prompt, an answer) of those that may leave, as they leave. Then the answer is written to
the log, several in one transaction where they come together; if that cannot be done, nothing leaves.
"""

import asyncio
import hashlib
import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.plugin.shapes import Words
from app.plugin.walking import about, fields_of, texts_of, with_texts
from gum.aliases import Found, found_in, numbered
from gum.audit import PRIVATE, Decision, Entry, Exemption, Outcome, Question, Stage, judge
from gum.errors import NotAllowed, StoreUnavailable
from gum.exchange import Exchange, labelled_as
from gum.grants import Grant
from gum.outbound import LEFT_OUT
from gum.people import Book, Kind, Person, Spot, strangers_in
from gum.people import numbered as people_numbered
from gum.ports import Clock
from gum.text import MAX_TEXT, normal
from gum.types import ObservationId, PropositionId, Trust
from storage import aliases, decisions, disclosures, observations, people
from storage.db import Database
from storage.disclosures import Disclosure
from storage.many import among
from storage.schema import PropositionRow

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
_TOO_LONG = Decision(
    Outcome.WITHHOLD, "long", "It is too long to be looked through before it leaves.", Stage.LEAVE
)
REMEMBERED = 20_000  # texts of which the decision and the places of names are kept, by a keyed hash


@dataclass(frozen=True, slots=True)
class Standing:
    """What the store knew: names, and what the person allowed."""

    everyone: tuple[Person, ...] = ()
    allowed: frozenset[Exemption] = frozenset()
    names: frozenset[str] = frozenset()
    book: Book = field(default_factory=lambda: Book(()), compare=False)


@dataclass(slots=True)
class _Pass:
    """One answer on its way: what was held back, and about what."""

    grant: Grant
    allowed: frozenset[Exemption]
    as_of: int
    held: list[tuple[Entry, str]] = field(default_factory=list)
    items: int = 0
    withheld: int = 0


@dataclass(slots=True)
class _Waiting:
    """What is to be written before an answer leaves."""

    made: Disclosure
    held: list[tuple[Entry, str]]
    as_of: int
    done: "asyncio.Future[None]"


class Egress:
    """Called on the event loop."""

    def __init__(self, database: Database, clock: Clock, forgotten: Callable[[], int] = lambda: 0) -> None:
        """`forgotten`: how often something was forgotten so far; it grows before anything goes."""
        self._database = database
        self._clock = clock
        self._forgotten = forgotten
        self._cleared = 0
        self._key = os.urandom(16)
        self._standing = Standing()
        self._decided: OrderedDict[bytes, Decision] = OrderedDict()
        self._spots: OrderedDict[bytes, list[Spot]] = OrderedDict()
        self._looked = -1
        self._own = 0  # rows that the log itself changed
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def leave(
        self,
        grant: Grant,
        operation: str,
        query: str,
        answer: M,
        finish: Callable[[M], M] | None = None,
        as_of: int | None = None,
    ) -> M:
        """`answer` as it may leave, logged by then. `as_of`: what `forgotten` said before it was read.

        Raises NotAllowed where nothing of it may; StoreUnavailable, also when something was forgotten since.
        """
        await self._look()
        await self._meet([*texts_of(answer), query])
        on = _Pass(grant, self._allowed(grant), self._forgotten() if as_of is None else as_of)
        left = self._audited(answer, on)
        if left is None:
            await self._keep(grant, operation, query, on, b"", frozenset())
            raise NotAllowed(
                f"Something private was not told to {grant.recipient}", "`gumption audit` says what it was."
            )
        texts = [*texts_of(left), query]
        exchange = self._masked(texts, grant)
        masked = iter(exchange.texts)
        left = with_texts(left, masked)
        asked = next(masked)
        if "withheld" in type(left).model_fields:
            left = left.model_copy(update={"withheld": on.withheld})
        if finish is not None:
            left = finish(left)
        await self._keep(grant, operation, asked, on, left.model_dump_json().encode(), about(left))
        return left

    async def exchange(self, grant: Grant, operation: str, texts: Sequence[str]) -> Exchange:
        """Texts of a request to a model, line by line as they may leave, with what undoes it in the answer.

        For the proxy; logged as an answer is. Raises NotAllowed, StoreUnavailable.
        """
        await self._look()
        await self._meet(texts)
        on = _Pass(grant, self._allowed(grant), self._forgotten())
        passed = [self._by_lines(text, Words(in_place=True), on, "") for text in texts]
        exchange = self._masked(passed, grant)
        await self._keep(grant, operation, "", on, "\n\n".join(exchange.texts).encode(), frozenset())
        return exchange

    def clear(self) -> None:
        """Keeps no decision, and no name: for when something was forgotten."""
        self._standing, self._looked = Standing(), -1
        self._decided.clear()
        self._spots.clear()

    # what is known

    async def _look(self) -> None:
        """Names and exceptions as they are now; what was decided with others is not used any more."""
        if self._cleared != self._forgotten():
            self._cleared = self._forgotten()
            self.clear()
        changes = self._database.changes - self._own
        if changes == self._looked:
            return
        unnoted, everyone, allowed = await self._database.read(_known)
        if unnoted:

            def note(s: Session) -> tuple[list[Found], tuple[Person, ...], frozenset[Exemption]]:
                aliases.note(s, unnoted)
                return _known(s)

            unnoted, everyone, allowed = await self._database.run(note)
        everyone = (*everyone, *numbered(unnoted, everyone, _last(everyone)))
        self._looked = changes
        self._stand(everyone, allowed)

    def _stand(self, everyone: Sequence[Person], allowed: frozenset[Exemption]) -> None:
        every = tuple(everyone)
        if (every, allowed) == (self._standing.everyone, self._standing.allowed):
            return
        names = frozenset(p.name for p in every if p.kind is Kind.PERSON)
        self._standing = Standing(every, allowed, names, Book(every))
        self._decided.clear()
        self._spots.clear()

    def _allowed(self, grant: Grant) -> frozenset[Exemption]:
        if not grant.scope.sensitive:
            return self._standing.allowed
        own = (Exemption(f"own-{kind.value}", grant.recipient) for kind in PRIVATE)
        return self._standing.allowed | frozenset(own)

    # what may leave

    def _audited(self, model: M, on: _Pass) -> M | None:
        """`model` without what may not leave; None: nothing of it may."""
        update: dict[str, object] = {}
        for name, mark, optional, many in fields_of(type(model)):
            value = getattr(model, name)
            if value is None:
                continue
            left: object
            if mark is not None:
                left = (
                    [text for each in value if (text := self._passed(each, mark, model, on)) is not None]
                    if many
                    else self._passed(value, mark, model, on)
                )
            elif many:
                kept = [each for one in value if (each := self._audited(one, on)) is not None]
                on.withheld += len(value) - len(kept)
                on.items += len(kept)
                left = kept
            else:
                left = self._audited(value, on)
            if left is None and not optional:
                return None
            if left is not value:
                update[name] = left
        return model.model_copy(update=update) if update else model

    def _passed(self, text: str, mark: Words, model: BaseModel, on: _Pass) -> str | None:
        subject = str(getattr(model, "id", getattr(model, "observation_id", "")))
        if mark.in_place:
            return self._by_lines(text, mark, on, subject)
        return text if self._may(text, mark, on, subject) else None

    def _by_lines(self, text: str, mark: Words, on: _Pass, subject: str) -> str:
        if self._decision(text, mark, on).outcome is Outcome.ALLOW:
            return text
        lines = [line if self._may(line, mark, on, subject) else LEFT_OUT for line in text.split("\n")]
        on.withheld += LEFT_OUT in lines
        left = "\n".join(lines)
        return left if self._may(left, mark, on, subject) else LEFT_OUT

    def _may(self, text: str, mark: Words, on: _Pass, subject: str) -> bool:
        decision = self._decision(text, mark, on)
        if decision.outcome is not Outcome.ALLOW:
            on.held.append((Entry(self._question(text, mark, on), decision), subject))
        return decision.outcome is Outcome.ALLOW

    def _decision(self, text: str, mark: Words, on: _Pass) -> Decision:
        if len(text) > MAX_TEXT:
            return _TOO_LONG
        about = f"{on.grant.recipient}\0{on.grant.scope.sensitive}\0{mark.own}\0{text}"
        key = self._hash(about)
        if (known := self._decided.get(key)) is None:
            known = judge(self._question(text, mark, on), self._standing.names, on.allowed)
            _remember(self._decided, key, known)
        return known

    def _question(self, text: str, mark: Words, on: _Pass) -> Question:
        trust = Trust.AUTHORED if mark.own else Trust.READ
        return Question(Stage.LEAVE, text, on.grant.recipient, trust=trust)

    def _hash(self, text: str) -> bytes:
        """So that no text outlives its forgetting here."""
        data = text.encode(errors="surrogatepass")
        return hashlib.blake2b(data, key=self._key, digest_size=16).digest()

    # under which names

    def _masked(self, texts: Sequence[str], grant: Grant) -> Exchange:
        if grant.scope.real_names:
            return Exchange(tuple(texts))
        spots = []
        for text in texts:
            key = self._hash(text)
            if (there := self._spots.get(key)) is None:
                there = self._standing.book.spots(text)
                _remember(self._spots, key, there)
            spots.append(there)
        return labelled_as(spots, texts)

    async def _meet(self, texts: Sequence[str]) -> None:
        """Gives numbers to who and what is named in texts that were not looked at yet."""
        if new := [text for text in texts if self._hash(text) not in self._spots]:
            await self._name(new)

    async def _name(self, texts: Sequence[str]) -> None:
        """Gives numbers to who and what is named in these texts and has none."""
        strangers = [name for text in texts for name in strangers_in(text)]
        others = [each for text in texts for each in found_in(text)]
        there = {p.name for p in self._standing.everyone}
        if all(normal(name) in there for name in (*strangers, *(each.shown for each in others))):
            return

        def note(s: Session) -> tuple[list[Found], tuple[Person, ...], frozenset[Exemption]]:
            people.note(s, strangers)
            aliases.note(s, others)
            return _known(s)

        _, everyone, allowed = await self._database.run(note)
        persons = [p for p in everyone if p.kind is Kind.PERSON]
        # Beyond the most that are kept they have numbers while nothing changes, and never none.
        more = people_numbered(strangers, persons, _highest(persons))
        more += numbered(others, [*everyone, *more], _last(everyone))
        self._stand((*everyone, *more), allowed)

    # the log

    async def _keep(
        self, grant: Grant, operation: str, query: str, on: _Pass, content: bytes, subjects: frozenset[str]
    ) -> None:
        made = Disclosure(
            self._clock.now(),
            str(grant.client),
            grant.name,
            operation,
            query,
            on.items,
            on.withheld,
            content,
            subjects,
        )
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(made, on.held, on.as_of, future))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await future

    async def _write(self) -> None:
        """Writes all that waits, in one transaction each time."""
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                late = await self._database.run(lambda s, batch=batch: self._add(s, batch))  # type: ignore[misc]
            except Exception as error:  # noqa: BLE001 - each of those who wait is told
                for each in batch:
                    if not each.done.done():
                        each.done.set_exception(error)
                continue
            for each in batch:
                if each.done.done():  # whoever asked has gone
                    continue
                if each in late:
                    each.done.set_exception(_forgotten())
                else:
                    each.done.set_result(None)

    def _add(self, s: Session, batch: Sequence[_Waiting]) -> list[_Waiting]:
        """Writes the log; those that are too late, and were not written: something was forgotten meanwhile.

        In the writer's thread. A forgetting that is through has counted before; one that comes later takes
        what is written here.
        """
        raw = s.connection().connection.dbapi_connection
        before = raw.total_changes  # type: ignore[union-attr]
        now = self._forgotten()
        kept = [each for each in batch if each.as_of == now]
        disclosures.add(s, [each.made for each in kept])
        if held := [entry for each in kept for entry in each.held]:
            _log(s, held, self._standing.everyone, self._clock.now())
        s.flush()
        self._own += raw.total_changes - before  # type: ignore[union-attr]
        return [each for each in batch if each.as_of != now]


def _forgotten() -> StoreUnavailable:
    return StoreUnavailable(
        "Something was forgotten while this was answered", "Ask again: the answer may hold what is gone."
    )


def _known(s: Session) -> tuple[list[Found], tuple[Person, ...], frozenset[Exemption]]:
    """Places without a number yet, all names, and what is allowed."""
    everyone = (*people.known(s), *aliases.known(s))
    names = {p.name for p in everyone}
    fresh = [each for each in aliases.places(s) if normal(each.shown) not in names]
    return fresh, everyone, decisions.allowed(s)


def _highest(everyone: Sequence[Person]) -> int:
    return max((p.number for p in everyone if p.kind is Kind.PERSON), default=0)


def _last(everyone: Sequence[Person]) -> dict[Kind, int]:
    return {kind: max((p.number for p in everyone if p.kind is kind), default=0) for kind in Kind}


def _remember(cache: "OrderedDict[bytes, T]", key: bytes, value: T) -> None:
    cache[key] = value
    if len(cache) > REMEMBERED:
        cache.popitem(last=False)


def _log(s: Session, held: Sequence[tuple[Entry, str]], everyone: Sequence[Person], now: datetime) -> None:
    """Logs what was held back, with the claim or observation it stood in where that is one."""
    subjects = {subject for _, subject in held}
    seen = observations.existing(s, [ObservationId(key) for key in subjects])
    p = PropositionRow
    known = set(s.scalars(select(p.id).where(among(p.id, subjects))))

    def of(key: str) -> ObservationId | None:
        return ObservationId(key) if key in seen else None

    told = [
        (
            replace(e, question=replace(e.question, observation_id=of(key))),
            PropositionId(key) if key in known else None,
        )
        for e, key in held
    ]
    decisions.add(s, told, everyone, now)
