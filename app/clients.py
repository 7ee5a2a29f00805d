"""The programs that were let in: who one is by its token, letting in, changing, taking back.

Every request of a client asks `verify`, so what is known of clients is held in memory: no database is read,
and what the person takes back is taken back with the next request.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.client_names import unlike
from app.events import Hub
from app.pairing import Pairing, Pairings, Refused
from gum import tokens
from gum.errors import NotAllowed, NotFound, StoreUnavailable
from gum.grants import ClientId, Grant, Scope, to_json
from gum.ports import Clock
from gum.zone import midnight
from storage import clients
from storage.clients import Known
from storage.db import Database

if TYPE_CHECKING:  # half a megabyte, and who has no assistant never needs it
    from app.clients_shapes import (
        ClientIn,
        ClientList,
        ClientMade,
        ClientOut,
        ClientPatch,
        PairCodeIn,
        PairedOut,
        PairIn,
        PairingChoiceIn,
        PairingList,
        PairingOut,
        PairOut,
        ScopeShape,
    )

log = logging.getLogger(__name__)

MOST = 100  # that may ask at the same time
LASTS = timedelta(days=365)  # where nobody says how long: who forgot a client need not remember to revoke it
NOTED_EVERY = timedelta(minutes=1)
KEPT_REVOKED = timedelta(days=90)


class Clients:
    """Called on the event loop."""

    def __init__(
        self,
        database: Database,
        hub: Hub,
        clock: Clock,
        ended: Callable[[ClientId], Awaitable[None]] | None = None,
    ) -> None:
        """`ended` is told of a client that was shut out: what it had put before the person goes."""
        self._database, self._hub, self._clock = database, hub, clock
        self._ended_client = ended
        self._pairings = Pairings(clock)
        self._known: dict[ClientId, Known] = {}
        self._noted: dict[ClientId, datetime] = {}  # when the last use was written down
        self._revoked: set[ClientId] = set()  # in force before it is stored, and also where it cannot be
        self._unstored: dict[ClientId, Known] = {}  # revoked, and not stored yet
        self._changing = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def load(self) -> None:
        """Reads who was let in, and drops those that were revoked long ago."""
        async with self._changing:
            before = set(self._known)
            old = self._clock.now() - KEPT_REVOKED
            found = await self._database.read(clients.every)
            if any(each.revoked_at is not None and each.revoked_at < old for each in found):
                await self._database.run(lambda s: clients.purge(s, old))
            self._known = {each.client: each for each in found if self._may_live(each)}
        if before - set(self._known):
            self._tell()

    def _may_live(self, known: Known) -> bool:
        return known.revoked_at is None and known.client not in self._revoked

    async def stop(self) -> None:
        """Waits for what is being written down."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # who asks

    async def verify(self, text: str) -> Grant | None:
        """The grant of whoever shows this token; None: unknown, revoked or expired, nobody is told which."""
        found = tokens.parsed(text)
        client, secret = found if found is not None else (ClientId(""), "")
        known = self._known.get(client)
        right = tokens.fits(known.token_hash if known is not None else tokens.DUMMY, secret)
        now = self._clock.now()
        if known is None or not right or not known.lives(now):
            return None
        self._note(known.client, now)
        return known.grant

    def holds(self, grant: Grant) -> bool:
        """Whether it is still as it was given: whoever answers for long asks before each part."""
        known = self._known.get(grant.client)
        return known is not None and known.lives(self._clock.now()) and known.grant == grant

    def _note(self, client: ClientId, now: datetime) -> None:
        last = self._noted.get(client)
        if last is not None and abs(now - last) < NOTED_EVERY:
            return
        self._noted[client] = now
        self._known[client] = replace(self._known[client], last_used_at=now)
        self._begin(self._write_use(client, now))

    async def _write_use(self, client: ClientId, now: datetime) -> None:
        try:
            await self._database.run(lambda s: clients.touch(s, {client: now}))
        except StoreUnavailable as error:
            log.warning("the last use of a client is not noted: %s", error.title)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # the person's

    async def listed(self) -> "ClientList":
        """All of them, also those that were revoked lately, the oldest first."""
        since = midnight(self._clock.now())
        found, reads = await self._database.read(lambda s: (clients.every(s), clients.reads(s, since)))
        from app.clients_shapes import ClientList

        return ClientList(items=[self._out(each, reads.get(each.client, 0)) for each in found])

    async def add(self, asked: "ClientIn") -> "ClientMade":
        """Lets one in that the person names themself. Raises NotAllowed."""
        known, text = await self._let_in(asked.name, asked.wanted(), self._end(asked.days))
        from app.clients_shapes import ClientMade

        return ClientMade(client=self._out(known, 0), token=text)

    async def change(self, client: str, said: "ClientPatch") -> "ClientList":
        """Another scope, another end; in force when this returns. Raises NotFound."""
        async with self._changing:
            known = self._living(client)
            scope = said.scope.scope() if said.scope is not None else known.scope
            until = said.until if "until" in said.model_fields_set else known.until
            await self._database.run(lambda s: clients.set_scope(s, known.client, scope, until))
            held = self._known.get(known.client)
            if held is not None:
                self._known[known.client] = replace(held, scope=scope, until=until)
        self._tell()
        return await self.listed()

    async def revoke(self, client: str) -> "ClientList":
        """It may not ask any more, from this moment on, also where that cannot be stored. Raises NotFound.

        Where it could not be stored it is tried again by asking again: the next start would let it in.
        """
        known = self._unstored.get(ClientId(client)) or self._living(client)
        self._known.pop(known.client, None)
        self._revoked.add(known.client)
        self._unstored[known.client] = known
        self._noted.pop(known.client, None)
        self._tell()
        now = self._clock.now()
        await self._database.run(lambda s: clients.revoke(s, known.client, now))
        self._unstored.pop(known.client, None)
        if self._ended_client is not None:
            await self._ended_client(known.client)
        return await self.listed()

    def pairings(self) -> "PairingList":
        """The programs that wait for their code."""
        from app.clients_shapes import PairingList

        return PairingList(items=[_pairing_out(each) for each in self._pairings.waiting()])

    def choose(self, pairing: str, said: "PairingChoiceIn") -> "PairingList":
        """What the person gives of what was asked. Raises NotFound."""
        scope = said.scope.scope() if said.scope is not None else None
        found = next((each for each in self._pairings.waiting() if each.id == pairing), None)
        kept = found.until if found is not None else None
        self._told(self._pairings.choose(pairing, scope, kept if said.days is None else self._end(said.days)))
        return self.pairings()

    def refuse(self, pairing: str) -> "PairingList":
        """The person said no. Raises NotFound."""
        self._ended(self._pairings.refuse(pairing), "refused")
        return self.pairings()

    # the client's

    def begin(self, asked: "PairIn") -> "PairOut":
        """A program asks to be let in; the person is shown a code. Raises Busy, NotAllowed."""
        self._room()
        name = unlike(asked.name, [*self._names(), *(each.name for each in self._pairings.waiting())])
        made, secret = self._pairings.begin(name, asked.asked(), self._end(None))
        self._told(made)
        from app.clients_shapes import PairOut

        return PairOut(id=made.id, secret=secret, expires_at=made.expires_at)

    async def finish(self, pairing: str, said: "PairCodeIn") -> "PairedOut":
        """It is let in by its code. Raises Refused, NotAllowed."""
        waiting = {each.id: each for each in self._pairings.waiting()}
        try:
            found = self._pairings.finish(pairing, said.secret, said.code)
        except Refused:
            left = {each.id for each in self._pairings.waiting()}
            if pairing in waiting and pairing not in left:
                self._ended(waiting[pairing], "failed")
            raise
        self._ended(found, "given")
        known, text = await self._let_in(found.name, found.given, found.until)
        from app.clients_shapes import PairedOut

        return PairedOut(token=text, scope=_shape(known.scope), until=known.until)

    # inside

    async def _let_in(self, name: str, scope: Scope, until: datetime | None) -> tuple[Known, str]:
        async with self._changing:
            self._room()
            token = tokens.made()
            known = Known(
                client=token.client,
                name=unlike(name, self._names()),
                scope=scope,
                given_at=self._clock.now(),
                token_hash=token.hash,
                until=until,
            )
            await self._database.run(lambda s: clients.add(s, known))
            self._known[known.client] = known
        self._tell()
        return known, token.text

    def _room(self) -> None:
        if len(self._known) >= MOST:
            raise NotAllowed(f"{MOST} assistants were let in already", "Take one of them back first.")

    def _names(self) -> list[str]:
        return [each.name for each in self._known.values()]

    def _living(self, client: str) -> Known:
        known = self._known.get(ClientId(client))
        if known is None:
            raise NotFound("There is no such assistant", "It may have been revoked already.")
        return known

    def _end(self, days: float | None) -> datetime | None:
        if days == 0:
            return None
        return self._clock.now() + (timedelta(days=days) if days is not None else LASTS)

    def _told(self, pairing: Pairing) -> None:
        self._hub.publish("pairing", _pairing_out(pairing).model_dump(mode="json"))

    def _ended(self, pairing: Pairing, how: str) -> None:
        """Its card goes: it was given, refused, or failed by wrong codes. One that runs out just ends."""
        self._hub.publish("pairing_ended", {"id": pairing.id, "how": how})

    def _tell(self) -> None:
        self._hub.publish("clients", {})

    def _out(self, known: Known, reads: int) -> "ClientOut":
        held = self._known.get(known.client, known)  # it knows of a use that is being written down
        from app.clients_shapes import ClientOut

        return ClientOut(
            id=known.client,
            name=known.name,
            scope=_shape(known.scope),
            given_at=known.given_at,
            until=known.until,
            last_used_at=held.last_used_at,
            revoked_at=known.revoked_at,
            reads_today=reads,
        )


def _shape(scope: Scope) -> "ScopeShape":
    from app.clients_shapes import ScopeShape

    return ScopeShape.model_validate(to_json(scope))


def _pairing_out(pairing: Pairing) -> "PairingOut":
    from app.clients_shapes import PairingOut

    return PairingOut(
        id=pairing.id,
        name=pairing.name,
        asked=_shape(pairing.asked),
        given=_shape(pairing.given),
        code=pairing.code,
        expires_at=pairing.expires_at,
        until=pairing.until,
    )
