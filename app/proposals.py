"""What clients would have remembered or forgotten, put before the person; and doing what they say to it.

The text that is shown here is for the person alone. It tells how much a forgetting would take, also of what
the client that asks for it may not know of (`app.plugin.acting` makes the text that the client gets).
"""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.events import Hub
from app.forgetting import Forgetting
from app.proposal_shapes import ProposalItem, ProposalItems
from app.shapes import ForgetIn, ForgottenCounts
from app.shaping import shape
from app.telling import Telling
from assistants.words import day
from gum.errors import NotAllowed, NotFound
from gum.grants import ClientId
from gum.ports import Clock
from gum.types import PropositionId
from gum.zone import HERE
from storage import proposals as kept
from storage import propositions
from storage.db import Database
from storage.proposals import Proposal


def scope_of(proposal: Proposal) -> ForgetIn:
    """What a proposal of kind forget names. The last minutes are those before it was asked, not answered."""
    what = proposal.what
    if "claim_id" in what:
        return ForgetIn(proposition_id=what["claim_id"])
    if "topic" in what:
        return ForgetIn(topic=what["topic"])
    return ForgetIn(since=proposal.at - timedelta(minutes=float(what["minutes"])), until=proposal.at)


def told(proposal: Proposal, claim: str | None, would_go: ForgottenCounts | None) -> str:
    """What the person is asked, in plain text. `claim`: the words of the one that is named.

    `would_go`: None when that is gone already.
    """
    if proposal.state != kept.WAITING:
        return ""
    what = proposal.what
    if proposal.kind == kept.FACT:
        return what["text"]
    if "claim_id" in what:
        about = f"the claim “{claim}”" if claim is not None else "a claim"
    elif "topic" in what:
        about = f"everything about “{what['topic']}”"
    else:
        scope = scope_of(proposal)
        assert scope.since is not None
        about = f"everything from {_time(scope.since)} to {_time(proposal.at)}"
    if would_go is None:
        return f"Forget {about}. It is gone already."
    gone = (would_go.observations, "observation"), (would_go.propositions, "claim")
    counted = " and ".join(f"{n} {noun}{'' if n == 1 else 's'}" for n, noun in gone)
    less = f"; {would_go.weakened} more would lose some of their evidence" if would_go.weakened else ""
    return f"Forget {about}, for good: {counted} would go{less}."


def _time(at: datetime) -> str:
    return f"{at.astimezone(HERE):%H:%M} on {day(at, HERE)}"


class Proposals:
    """The person's side. Called on the event loop."""

    def __init__(
        self, database: Database, clock: Clock, hub: Hub, telling: Telling, forgetting: Forgetting
    ) -> None:
        self._database, self._clock, self._hub = database, clock, hub
        self._telling, self._forgetting = telling, forgetting
        self._deciding = asyncio.Lock()

    async def list(self, state: str = kept.WAITING) -> ProposalItems:
        """Those in that state, or "all"; the newest first, with what they would take counted anew."""
        now = self._clock.now()

        def look(s: Session) -> list[Proposal]:
            kept.expire(s, now)
            return kept.list_(s, now, None if state == "all" else state)

        return ProposalItems(items=[await self._item(p) for p in await self._database.run(look)])

    async def announce(self, proposal: Proposal) -> None:
        """Tells the person's screen that something waits, or was decided."""
        self._hub.publish("proposal", shape(await self._item(proposal)))

    async def decide(self, proposal_id: str, accept: bool) -> ProposalItem:
        """Does what the person says, once. Raises NotFound, NotAllowed when it is over, StoreUnavailable.

        It is done before it is noted: killed in between, the person is asked again, which harms nothing; the
        other way round they would read that it was done.
        """
        async with self._deciding:
            now = self._clock.now()
            found = await self._database.read(lambda s: kept.get(s, proposal_id))
            if found is None:
                raise NotFound("There is no such proposal", "It may have been forgotten, or taken back.")
            if found.state != kept.WAITING or found.expires_at <= now:
                raise NotAllowed("That is over", "It was answered before, or nobody answered in a week.")
            if accept:
                await self._do(found)
            state = kept.ACCEPTED if accept else kept.REJECTED
            await self._database.run(lambda s: kept.decide(s, found, state, now))
        over = Proposal(found.id, found.client_id, found.client, found.kind, {}, state, found.at, now)
        await self.announce(over)
        return await self._item(over)

    async def revoked(self, client: ClientId) -> None:
        """What a client put before the person goes with it."""
        await self._database.run(lambda s: kept.drop_of_client(s, client))
        self._hub.publish("proposal", {"client_id": client})

    async def _do(self, proposal: Proposal) -> None:
        if proposal.kind == kept.FACT:
            await self._telling.tell(proposal.what["text"])
            return
        try:
            await self._forgetting.forget(scope_of(proposal))
        except NotFound:  # gone meanwhile, which is what was asked for
            return

    async def _item(self, proposal: Proposal) -> ProposalItem:
        claim, would_go = await self._looked(proposal)
        return ProposalItem(
            id=proposal.id,
            client_id=proposal.client_id,
            client=proposal.client,
            kind=proposal.kind,
            text=told(proposal, claim, would_go),
            state=proposal.state,
            at=proposal.at,
            expires_at=proposal.expires_at,
        )

    async def _looked(self, proposal: Proposal) -> tuple[str | None, ForgottenCounts | None]:
        """The words of the claim it names, and what would go now."""
        if proposal.kind != kept.FORGET or proposal.state != kept.WAITING:
            return None, None
        key = PropositionId(proposal.what.get("claim_id", ""))
        claim = await self._database.read(lambda s: propositions.get(s, key)) if key else None
        try:
            weighed = await self._forgetting.forget(scope_of(proposal).model_copy(update={"dry_run": True}))
        except NotFound:
            return None, None
        return claim.text if claim is not None else None, weighed.forgotten
