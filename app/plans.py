"""Step 13 of the chain: plan, approve, act, undo; of Gumption's own plans and of those that clients propose.

A plan of Gumption's own runs when the person approves it. A client's does not: the approval waits some
minutes for the same client to run it, once. Approvals are in memory alone: a restart is a no to all of them.
"""

import asyncio
import logging
import shlex
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app.config import SuggestSettings
from app.events import Hub
from app.own import Deed, deed_of
from app.shapes import PlanOut
from app.shaping import plan_out, shape
from assistants.act import Executor
from assistants.approve import Approval, Approvals
from assistants.guard import Folders
from assistants.handed import LASTS, Handed
from assistants.launch import DESKTOP, Launcher
from assistants.plan import digest
from assistants.windows import Windows
from gum.errors import ActionFailed, NotAllowed, NotFound
from gum.grants import ClientId
from gum.ports import Clock, Surface
from gum.types import Outcome, Plan, PlanId
from observers.availability import Availability
from storage import plans as kept
from storage import suggestions
from storage.db import Database
from storage.plans import StoredPlan

log = logging.getLogger(__name__)

BY = "tray"
DEEDS = 100  # the latest plans whose doings are told apart from the person's
ASKED = timedelta(minutes=10)  # so long a client's plan waits: the person may be in the middle of something
MOST_WAITING = 3  # plans of one client
MOST_REFUSED = 3  # within QUIET: then the client is heard again later
QUIET = timedelta(minutes=10)
ENDING_S = 10.0  # for a plan that is at work when the daemon ends; then it counts as failed at the next start


def folders_of(settings: SuggestSettings) -> Folders:
    """Where actions may reach: the folders of the to-do file and of calendar files."""
    todo, calendar = Path(settings.todo_file).expanduser(), Path(settings.calendar_folder).expanduser()
    return Folders(tuple(dict.fromkeys((todo.parent, calendar))), todo, calendar, settings.search_url)


def launcher_of(settings: SuggestSettings) -> Launcher:
    """The commands that open things."""
    return Launcher(shlex.split(settings.browser) or DESKTOP, shlex.split(settings.editor) or DESKTOP)


class Plans:
    """Called on the event loop; what blocks runs beside it."""

    def __init__(
        self,
        settings: SuggestSettings,
        database: Database,
        hub: Hub,
        clock: Clock,
        surface: Surface,
        windows: Windows | None,
        availability: Callable[[], Availability] = Availability,
    ) -> None:
        """`availability`: whether the person may be spoken to; may block."""
        self._settings = settings
        self._database, self._hub, self._clock = database, hub, clock
        self._surface, self._windows, self._availability = surface, windows, availability
        self.folders = folders_of(settings)
        self._own = Approvals(clock)
        self._asked = Approvals(clock, ASKED, LASTS)
        self._handed = Handed(clock)
        self._executor: Executor | None = None
        self._deeds: tuple[Deed, ...] = ()
        self._at_work: set[asyncio.Task[PlanOut]] = set()

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """What plans did on this computer lately."""
        return self._deeds

    async def reload(self) -> None:
        """Reads anew what plans did lately: some of it may have been forgotten."""
        ran = await self._database.read(kept.journal)
        self._deeds = tuple(deed_of(stored.plan, stored.changed_at) for stored in ran)

    async def start(self) -> None:
        """Takes up what an earlier run left: what it was in the middle of failed, what it asked is a no."""
        now = self._clock.now()

        def look(s: Session) -> list[Plan]:
            kept.lapse(s, now)
            return kept.recover(s, now)

        spent = await self._database.run(look)
        await self.reload()
        self._executor = Executor(
            self._surface,
            self.folders,
            self._clock,
            launcher_of(self._settings),
            self._windows,
            spent=[digest(plan) for plan in spent],
        )

    async def stop(self) -> None:
        """Lets what is at work come to its end."""
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=ENDING_S)

    # Gumption's own

    async def ask(self, plan: Plan) -> PlanOut:
        """Puts the question whether Gumption may do this."""
        now = self._clock.now()
        request = self._own.ask(plan)
        await self._database.run(lambda s: kept.save(s, plan, "waiting", request.expires_at, now))
        return plan_out(plan, request.digest, "waiting", [], request.expires_at)

    # a client's

    def put(self, s: Session, client: ClientId, plan: Plan) -> None:
        """Stores a client's plan in a transaction of the caller, who then calls `announce`.

        Raises NotAllowed when the person has enough of that client's plans before them.
        """
        now = self._clock.now()
        if kept.waiting(s, now, client) >= MOST_WAITING:
            raise NotAllowed(
                f"{MOST_WAITING} plans wait for the person already", "Wait until they have answered."
            )
        if kept.refused(s, now - QUIET, now, client) >= MOST_REFUSED:
            raise NotAllowed(
                f"The person did not want the last {MOST_REFUSED} plans", "Ask them what they want instead."
            )
        kept.save(s, plan, "waiting", now + ASKED, now, client)

    async def announce(self, plan_id: PlanId) -> PlanOut:
        """Puts the question whether the client may do this, on the person's screen."""
        stored = await self._stored(plan_id)
        self._asked.ask(stored.plan)
        await self.tell(out := self._out(stored), stored.client or "")
        return out

    async def tell(self, plan: PlanOut, client: str) -> None:
        """Shows the person a plan that waits for them. `client`: the name of who brought it up.

        `quiet`: they may not be spoken to now, so that it waits without a card.
        """
        available = await asyncio.to_thread(self._availability)
        self._hub.publish("plan_request", {**shape(plan), "by": client, "quiet": available.quiet})

    async def asked(self) -> list[PlanOut]:
        """The plans of clients that wait for the person, or for the client after a yes."""
        now = self._clock.now()
        found = await self._database.read(lambda s: kept.open_of_clients(s, now))
        return [self._out(stored) for stored in found if self._state(stored) in kept.OPEN]

    async def of(self, client: ClientId, plan_id: PlanId) -> PlanOut:
        """A plan of that client; there are no others for it. Raises NotFound."""
        return self._out(await self._mine(client, plan_id))

    async def execute(self, client: ClientId, plan_id: PlanId, shown_digest: str) -> PlanOut:
        """Runs a client's plan that the person approved. Raises NotFound, NotAllowed: nothing was done."""
        stored = await self._mine(client, plan_id)
        if self._state(stored) != kept.APPROVED:
            raise NotAllowed("The person has not approved that plan", "Nothing was done. Only they can.")
        approval = self._handed.take(plan_id, shown_digest, client)
        return await self._perform(stored, approval, kept.APPROVED)

    async def revoked(self, client: ClientId) -> None:
        """A client that may do nothing any more has nothing open either."""
        self._handed.withdraw_of(client)  # before anything is awaited
        now = self._clock.now()
        for plan_id in await self._database.run(lambda s: kept.end_of_client(s, client, now)):
            self._asked.deny(plan_id)
            self._handed.withdraw(plan_id)  # approved while the store was asked
            with suppress(NotFound):  # forgotten meanwhile
                await self._say(plan_id)

    # what the person says

    async def plan(self, plan_id: PlanId) -> PlanOut:
        """One as it is now. Raises NotFound."""
        return self._out(await self._stored(plan_id))

    async def approve(self, plan_id: PlanId, shown_digest: str) -> PlanOut:
        """The person's yes to the plan whose digest was shown: runs it, or lets the client that proposed it.

        Raises NotFound, NotAllowed: late, denied, run before, not the same.
        """
        stored = await self._stored(plan_id)
        if stored.client_id is None:
            return await self._perform(stored, self._own.approve(plan_id, shown_digest, BY), kept.WAITING)
        approval = self._asked.approve(plan_id, shown_digest, BY)
        until = self._handed.give(plan_id, approval, stored.client_id)
        now = self._clock.now()
        if not await self._database.run(
            lambda s: kept.set_state(s, plan_id, kept.APPROVED, now, only_from=kept.WAITING, expires_at=until)
        ):
            self._handed.withdraw(plan_id)
            raise NotAllowed("That plan is over", "Nothing was done.")
        return await self._say(plan_id)

    async def deny(self, plan_id: PlanId) -> PlanOut:
        """The person's no, also after a yes that nobody has used yet. Raises NotFound."""
        self._handed.withdraw(plan_id)
        stored = await self._stored(plan_id)
        (self._own if stored.client_id is None else self._asked).deny(plan_id)
        now = self._clock.now()
        no = lambda s: kept.set_state(s, plan_id, kept.DENIED, now, only_from=stored.state)  # noqa: E731
        if stored.state not in kept.OPEN or not await self._database.run(no):
            return self._out(await self._stored(plan_id))
        return await self._say(plan_id)

    async def undo(self, plan_id: PlanId) -> PlanOut:
        """Takes back what the plan did, last step first. Raises NotAllowed when there is nothing to undo."""
        stored = await self._stored(plan_id)
        plan, outcomes = stored.plan, stored.outcomes
        if stored.state not in ("done", "failed") or not outcomes:
            raise NotAllowed("There is nothing to take back", "Only what was done can be undone.")
        assert self._executor is not None
        undone = await asyncio.to_thread(self._executor.undo, plan, outcomes)
        if not all(o.ok for o in undone):  # the outcomes of the run stay, for another try
            missed = next(o for o in undone if not o.ok)
            raise ActionFailed(
                f"Not everything could be taken back: {missed.seen}", "Mend that and try again."
            )
        return await self._plan_is(stored, "undone", undone)

    async def _perform(self, stored: StoredPlan, approval: Approval, only_from: str) -> PlanOut:
        """Runs it to its end, also when whoever asked for it goes away: what was done must be known."""
        task = asyncio.create_task(self._run(stored, approval, only_from))
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)
        return await asyncio.shield(task)

    async def _run(self, stored: StoredPlan, approval: Approval, only_from: str) -> PlanOut:
        plan, now = stored.plan, self._clock.now()
        running = lambda s: kept.set_state(s, plan.id, kept.RUNNING, now, only_from=only_from)  # noqa: E731
        if not await self._database.run(running):
            raise NotAllowed("That plan is over", "Nothing was done.")
        self._deeds = (*self._deeds[-DEEDS:], deed_of(plan, now))
        self._publish(stored, kept.RUNNING, [])
        assert self._executor is not None
        try:
            outcomes = await asyncio.to_thread(self._executor.run, plan, approval)
        except NotAllowed:
            await self._plan_is(stored, kept.FAILED, [])
            raise
        done = len(outcomes) == len(plan.steps) and all(o.ok for o in outcomes)
        return await self._plan_is(stored, "done" if done else kept.FAILED, outcomes)

    async def _plan_is(self, stored: StoredPlan, state: str, outcomes: Sequence[Outcome]) -> PlanOut:
        plan, now = stored.plan, self._clock.now()

        def keep(s: Session) -> None:
            kept.set_state(s, plan.id, state, now)
            kept.add_outcomes(s, plan.id, outcomes, now)
            if plan.suggestion_id is not None and state in ("done", "failed", "undone"):
                suggestions.set_state(s, plan.suggestion_id, state, now)

        await self._database.run(keep)
        return self._publish(stored, state, outcomes)

    async def _say(self, plan_id: PlanId) -> PlanOut:
        stored = await self._stored(plan_id)
        return self._publish(stored, stored.state, stored.outcomes)

    def _publish(self, stored: StoredPlan, state: str, outcomes: Sequence[Outcome]) -> PlanOut:
        out = _out(stored, state, outcomes, stored.expires_at)
        seen = [o.model_dump() for o in out.outcomes]
        told = {"plan_id": out.id, "state": state, "outcomes": seen, "client_id": stored.client_id}
        self._hub.publish("plan", told)
        return out

    def _out(self, stored: StoredPlan) -> PlanOut:
        return _out(stored, self._state(stored), stored.outcomes, stored.expires_at)

    def _state(self, stored: StoredPlan) -> str:
        """No answer in time, or to an earlier run of the daemon, is a no; so is a yes that nobody used."""
        key, asked = stored.plan.id, self._own if stored.client_id is None else self._asked
        if stored.state == kept.WAITING:
            return stored.state if asked.state(key) == "waiting" else kept.EXPIRED
        if stored.state == kept.APPROVED:
            return stored.state if self._handed.waits(key) else kept.EXPIRED
        return stored.state

    async def _mine(self, client: ClientId, plan_id: PlanId) -> StoredPlan:
        stored = await self._stored(plan_id)
        if stored.client_id != client:
            raise NotFound(*_NO_SUCH)  # word for word as for one that there is not
        return stored

    async def _stored(self, plan_id: PlanId) -> StoredPlan:
        found = await self._database.read(lambda s: kept.get(s, plan_id))
        if found is None:
            raise NotFound(*_NO_SUCH)
        return found


_NO_SUCH = ("There is no such plan", "It may have been forgotten. A new one can be made.")


def _out(stored: StoredPlan, state: str, outcomes: Sequence[Outcome], expires_at: datetime) -> PlanOut:
    plan = stored.plan
    out = plan_out(plan, digest(plan), state, outcomes, expires_at)
    return out.model_copy(update={"client": stored.client or ""})
