"""The CalDAV accounts whose calendars are read: added after a trial, kept in the store, used by the source.

Without an account none of the code that reads calendars is loaded (7 MB), unless the settings name one.
"""

import asyncio
from collections.abc import Callable, Sequence
from threading import Event

from app.calendar_shapes import AccountIn, AccountList, AccountOut
from gum.errors import NotAllowed, NotFound
from gum.login import Login, Standing
from gum.types import new_id
from observers.base import Observer, Subscriber
from observers.gate import Gate
from storage import logins
from storage.db import Database

MOST = 20


class CalendarAccounts:
    """Called on the event loop. `found` are the sources there are, `add_source` takes one more later."""

    def __init__(
        self,
        database: Database,
        gate: Gate,
        found: Sequence[Observer],
        add_source: Callable[[Observer], None],
        encrypted: bool,
    ) -> None:
        self._database, self._gate, self._add_source, self._encrypted = database, gate, add_source, encrypted
        self._source: Subscriber | None = next((one for one in found if isinstance(one, Subscriber)), None)
        self._kept: tuple[Login, ...] = ()
        self._ended = Event()

    async def load(self) -> None:
        """Has the accounts of the store read."""
        self._use(await self._database.read(logins.every))

    def stop(self) -> None:
        """Ends a trial that is under way."""
        self._ended.set()

    async def listed(self) -> AccountList:
        """All accounts, the oldest first."""
        known = self._source.standings() if self._source is not None else {}
        return AccountList(items=[_out(login, known.get(login.id, Standing(()))) for login in self._kept])

    async def add(self, asked: AccountIn) -> AccountOut:
        """Tries the account, and has it read from now on; one of the same address and name is replaced.

        Raises NotAllowed, and CaptureUnavailable for an account that does not work; then it is not kept.
        """
        if not self._encrypted:
            raise NotAllowed(
                "A password is kept in an encrypted store only",
                "Yours is not encrypted, as set. `gumption key encrypt` encrypts it.",
            )
        login = Login(new_id(), asked.address.strip(), asked.user.strip(), asked.password.get_secret_value())
        others = [one for one in self._kept if (one.address, one.user) != (login.address, login.user)]
        if len(others) >= MOST:
            raise NotAllowed(f"There are {MOST} accounts already", "Remove one of them first.")
        from observers.account import names

        found = await asyncio.to_thread(names, login, self._ended.is_set)
        self._use(await self._database.run(lambda s: logins.put(s, login)))
        return _out(login, Standing(found))

    async def remove(self, id_: str) -> None:
        """It is not read any more, and its password is gone. Raises NotFound."""
        if not any(login.id == id_ for login in self._kept):
            raise NotFound("There is no such account", "`gumption calendar list` names them.")
        self._use(await self._database.run(lambda s: logins.remove(s, id_)))

    def _use(self, kept: tuple[Login, ...]) -> None:
        self._kept = kept
        if kept and self._source is None:
            from observers.calendar import Calendars

            source = Calendars((), self._gate)
            source.use(kept)
            self._source = source
            self._add_source(source)
        elif self._source is not None:
            self._source.use(kept)


def _out(login: Login, standing: Standing) -> AccountOut:
    return AccountOut(
        id=login.id,
        address=login.address,
        user=login.user,
        calendars=list(standing.calendars),
        trouble=standing.trouble,
        hint=standing.hint,
    )
