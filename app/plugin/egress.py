"""The last step of every answer to a client: audited, under other names, logged, and only then given out.

Which texts of an answer are captured its shape says (`app.plugin.shapes`: Captured, Claimed, Said). What may
not leave takes with it the nearest member of a list that it stands in; a text that may be missing becomes
None, one marked to stay is held back line by line, and an answer that is left with nothing is refused. All
texts of an answer, and what was asked, share one set of labels. `finish` makes what is put together of the
claims (a block for a prompt, an answer) of those that may leave, as they leave. Then the answer is written to
the log, several in one transaction where they come together; if that cannot be done, nothing leaves.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.plugin.shapes import Words
from app.plugin.standing import QUICK, Names, Standing, remember
from app.plugin.walking import about, fields_of, texts_of, with_texts
from gum.audit import PRIVATE, Decision, Entry, Exemption, Outcome, Question, Stage, judge
from gum.errors import NotAllowed, StoreUnavailable
from gum.exchange import Exchange, labelled_as
from gum.grants import Grant
from gum.outbound import LEFT_OUT
from gum.people import Person
from gum.ports import Clock
from gum.text import MAX_TEXT
from gum.types import ObservationId, PropositionId, Trust
from storage import decisions, disclosures, observations
from storage.db import Database
from storage.disclosures import Disclosure
from storage.many import among
from storage.schema import PropositionRow

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
_TOO_LONG = Decision(
    Outcome.WITHHOLD, "long", "It is too long to be looked through before it leaves.", Stage.LEAVE
)


@dataclass(slots=True)
class _Pass:
    """One answer on its way: what was held back, and about what."""

    grant: Grant
    standing: Standing
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
    """Called on the event loop; texts that take long are looked through beside it, one answer at a time."""

    def __init__(self, database: Database, clock: Clock, forgotten: Callable[[], int] = lambda: 0) -> None:
        """`forgotten`: how often something was forgotten so far; it grows before anything goes."""
        self._database = database
        self._clock = clock
        self._forgotten = forgotten
        self._names = Names(database, forgotten)
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
        as_of = self._forgotten() if as_of is None else as_of
        await self._names.look()
        # Not what was asked: it stays here, and a client could fill the store with names of nobody.
        await self._names.meet(texts_of(answer))
        on = self._pass(grant, as_of)
        left, asked = await self._beside(
            on, [*texts_of(answer), query], partial(self._renamed, answer, query, on)
        )
        if left is None:
            await self._keep(grant, operation, asked, on, b"", frozenset())
            raise NotAllowed(
                f"Something private was not told to {grant.recipient}", "`gumption audit` says what it was."
            )
        if "withheld" in type(left).model_fields:
            # Where words were asked for, the number would tell that they stand in something private.
            left = left.model_copy(update={"withheld": on.withheld if not query else 0})
        if finish is not None:
            left = finish(left)
        await self._keep(grant, operation, asked, on, left.model_dump_json().encode(), about(left))
        return left

    async def exchange(self, grant: Grant, operation: str, texts: Sequence[str]) -> Exchange:
        """Texts of a request to a model, line by line as they may leave, with what undoes it in the answer.

        For the proxy; logged as an answer is. Raises NotAllowed, StoreUnavailable.
        """
        as_of = self._forgotten()
        await self._names.look()
        await self._names.meet(texts)
        on = self._pass(grant, as_of)

        def passed() -> Exchange:
            return self._masked([self._by_lines(text, Words(in_place=True), on, "") for text in texts], on)

        exchange = await self._beside(on, texts, passed)
        await self._keep(grant, operation, "", on, "\n\n".join(exchange.texts).encode(), frozenset())
        return exchange

    def _pass(self, grant: Grant, as_of: int) -> _Pass:
        return _Pass(grant, self._names.standing, self._allowed(grant), as_of)

    def _renamed(self, answer: M, query: str, on: _Pass) -> tuple[M | None, str]:
        """What may leave of an answer, and what was asked, under other names."""
        left = self._audited(answer, on)
        masked = iter(self._masked([*(texts_of(left) if left is not None else ()), query], on).texts)
        return (with_texts(left, masked) if left is not None else None), next(masked)

    async def _beside(self, on: _Pass, texts: Sequence[str], work: Callable[[], T]) -> T:
        """Does `work` on `texts`: here when they are short or known, else where it holds up nothing."""
        fresh = sum(len(text) for text in texts if self._names.key(text) not in on.standing.spots)
        if fresh <= QUICK:
            return work()
        return await asyncio.get_running_loop().run_in_executor(self._names.aside, work)

    def _allowed(self, grant: Grant) -> frozenset[Exemption]:
        if not grant.scope.sensitive:
            return self._names.standing.allowed
        own = (Exemption(f"own-{kind.value}", grant.recipient) for kind in PRIVATE)
        return self._names.standing.allowed | frozenset(own)

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
        key = self._names.key(about)
        if (known := on.standing.decided.get(key)) is None:
            known = judge(self._question(text, mark, on), on.standing.names, on.allowed)
            remember(on.standing.decided, key, known)
        return known

    def _question(self, text: str, mark: Words, on: _Pass) -> Question:
        trust = Trust.AUTHORED if mark.own else Trust.READ
        return Question(Stage.LEAVE, text, on.grant.recipient, trust=trust)

    # under which names

    def _masked(self, texts: Sequence[str], on: _Pass) -> Exchange:
        if on.grant.scope.real_names:
            return Exchange(tuple(texts))
        spots = []
        for text in texts:
            key = self._names.key(text)
            if (there := on.standing.spots.get(key)) is None:
                there = on.standing.book.spots(text)
                remember(on.standing.spots, key, there)
            spots.append(there)
        return labelled_as(spots, texts)

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
                late = await self._database.run(partial(self._add, batch=batch), beside=True)
            except Exception as error:  # noqa: BLE001 - each of those who wait is told
                for each in batch:
                    if not each.done.done():
                        each.done.set_exception(error)
                continue
            for each in batch:
                if each.done.done():  # whoever asked has gone
                    continue
                if late(each):
                    each.done.set_exception(_forgotten())
                else:
                    each.done.set_result(None)

    def _add(self, s: Session, batch: Sequence[_Waiting]) -> Callable[[_Waiting], bool]:
        """Writes the log; who is too late, and was not written: something was forgotten meanwhile.

        In the writer's thread. A forgetting that is through has counted before; one that comes later takes
        what is written here.
        """
        now = self._forgotten()
        kept = [each for each in batch if each.as_of == now]
        disclosures.add(s, [each.made for each in kept])
        if held := [entry for each in kept for entry in each.held]:
            _log(s, held, self._names.standing.everyone, self._clock.now())
        return lambda each: each.as_of != now


def _forgotten() -> StoreUnavailable:
    return StoreUnavailable(
        "Something was forgotten while this was answered", "Ask again: the answer may hold what is gone."
    )


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
