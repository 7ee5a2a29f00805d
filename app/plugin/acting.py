"""What a client may set going: nothing without the person.

It puts a fact, a forgetting or a plan before them, and may run a plan that they approved on their own screen.
No function here approves, accepts or decides anything; that is `app.plans` and `app.proposals`, whose callers
hold the person's own token.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.offers import OPEN, Offers
from app.plans import Plans
from app.plugin import shapes as p
from app.plugin.steps import plan_of, plan_view
from app.proposals import Proposals
from assistants.words import one_line
from gum.about import sentences
from gum.errors import NotAllowed, NotFound, RequestUnusable
from gum.grants import Grant, Part, Right, need
from gum.ports import Clock
from gum.quarantine import quarantined
from gum.redact import redacted
from gum.text import pieces
from gum.types import PlanId, PropositionId
from storage import granted, idempotent
from storage import proposals as kept
from storage.db import Database
from storage.proposals import Proposal


def fact_of(text: str) -> str:
    """The one sentence that the person is asked about. Raises RequestUnusable, NotAllowed.

    An instruction would come back later as the person's own word, and a secret would be kept.
    """
    said = one_line(text)
    if not any(sign.isalpha() for sign in said):
        raise RequestUnusable("Nothing was said", "Say one fact about the person in one sentence.")
    if quarantined(text) or quarantined(said):
        raise NotAllowed(
            "That reads as an instruction to an assistant",
            "Word it as the person would say it of themself: “I am vegetarian”.",
        )
    if redacted(text) != text or redacted(said) != said:
        raise NotAllowed("That holds a secret", "Passwords, codes and numbers of cards are not kept.")
    if len(sentences(said)) > 1:
        raise RequestUnusable("That is more than one sentence", "Propose one fact at a time.")
    return said


def forget_of(asked: p.ForgetAskIn) -> Mapping[str, str]:
    """The one thing to be forgotten. Raises RequestUnusable."""
    asks: dict[str, str | float | None] = {
        "claim_id": asked.claim_id,
        "topic": asked.topic,
        "minutes": asked.minutes,
    }
    named = {name: value for name, value in asks.items() if value is not None}
    if len(named) != 1:
        raise RequestUnusable("Say exactly one thing to forget", "claim_id, topic or minutes.")
    [(name, value)] = named.items()
    said = one_line(value) if isinstance(value, str) else repr(value)
    if not said or (name == "topic" and not pieces(said)):
        raise RequestUnusable("What to forget has no name", "Nothing was proposed. Name it in full.")
    return {name: said}


def told(kind: str, what: Mapping[str, str]) -> str:
    """What the client is told that the person is asked: its own words, not what that would take."""
    if kind == kept.FACT:
        return what["text"]
    if "claim_id" in what:
        return f"Forget the claim {what['claim_id']}."
    if "topic" in what:
        return f"Forget everything about “{what['topic']}”."
    return f"Forget everything of the {float(what['minutes']):g} minutes before this was asked."


class Acting:
    """For the grant that it is called with. On the event loop."""

    def __init__(
        self, database: Database, clock: Clock, proposals: Proposals, offers: Offers, plans: Plans
    ) -> None:
        self._database, self._clock = database, clock
        self._proposals, self._offers, self._plans = proposals, offers, plans
        self._reacting = asyncio.Lock()

    # proposals

    async def propose(self, grant: Grant, fact: p.FactIn, key: str | None = None) -> p.ProposalOut:
        """Puts a fact before the person. Raises RequestUnusable, NotAllowed."""
        self._need(grant, Right.SUGGEST)
        return await self._put(grant, kept.FACT, {"text": fact_of(fact.text)}, "propose", fact, key)

    async def forget(self, grant: Grant, asked: p.ForgetAskIn, key: str | None = None) -> p.ProposalOut:
        """Asks the person to forget. Raises as `propose`; NotFound for what it may not read."""
        self._need(grant, Right.ACT)
        what = forget_of(asked)
        if "claim_id" in what:
            await self._see(grant, PropositionId(what["claim_id"]))
        if "minutes" in what:  # the last ten minutes are others each time
            what = {**what, "before": self._clock.now().isoformat()}
        return await self._put(grant, kept.FORGET, what, "forget", asked, key)

    async def proposal(self, grant: Grant, proposal_id: str) -> p.ProposalOut:
        """How a proposal of this client stands. Raises NotFound, also for another's."""
        self._need(grant, Right.SUGGEST, Right.ACT)
        return await self._stands(grant, proposal_id)

    # plans

    async def plan(self, grant: Grant, asked: p.PlanIn, key: str | None = None) -> p.PlanView:
        """Puts a plan before the person; nothing of it happens. Raises RequestUnusable, NotAllowed."""
        self._need(grant, Right.ACT)
        made = plan_of(asked, self._plans.folders, self._clock.now())

        def put(s: Session) -> str:
            self._plans.put(s, grant.client, made)
            return made.id

        plan_id, fresh = await self._once(grant, "plan", asked, key, put)
        if fresh:
            return plan_view(await self._plans.announce(made.id))
        return plan_view(await self._plans.of(grant.client, PlanId(plan_id)))

    async def plan_state(self, grant: Grant, plan_id: str) -> p.PlanView:
        """How a plan of this client stands. Raises NotFound, also for another's and Gumption's own."""
        self._need(grant, Right.ACT)
        return plan_view(await self._plans.of(grant.client, PlanId(plan_id)))

    async def execute(self, grant: Grant, plan_id: str, said: p.ExecuteIn) -> p.PlanView:
        """Runs a plan of this client that the person approved, once. Raises NotFound, NotAllowed."""
        self._need(grant, Right.ACT)
        return plan_view(await self._plans.execute(grant.client, PlanId(plan_id), said.digest))

    # offers

    async def react(self, grant: Grant, suggestion_id: str, verdict: str) -> str | None:
        """Passes on a reaction to an offer that this client may see; the plan that the person is asked about.

        Raises NotFound, NotAllowed when the offer is over: only the person takes it up again.
        """
        self._need(grant, Right.SUGGEST)
        if verdict not in ("accept", "dismiss"):
            raise RequestUnusable("That is no reaction to an offer", "accept or dismiss")
        async with self._reacting:  # else two at once would both find it open, and ask the person twice
            if (await self._offers.one(suggestion_id)).state not in OPEN:
                raise NotAllowed("That offer is over", "A new one is made when there is reason to.")
            shown = await self._offers.react(suggestion_id, verdict)
        if shown.plan is None:
            return None
        await self._plans.tell(shown.plan, grant.name)
        return shown.plan.id

    # how

    def _need(self, grant: Grant, right: Right, *others: Right) -> None:
        """Raises NotAllowed unless the grant holds still and has one of these rights."""
        if not grant.holds(self._clock.now()):
            raise NotAllowed("This assistant's grant is over", "It can be paired anew.")
        if not grant.scope.rights & set(others):
            need(grant.scope, right)

    async def _see(self, grant: Grant, claim: PropositionId) -> None:
        """Raises NotFound unless the client may read that claim."""
        now, scope = self._clock.now(), grant.scope
        seen = Right.READ in scope.rights and Part.CLAIMS in scope.parts
        if not seen or not await self._database.glance(lambda s: granted.claims(s, scope, [claim], now)):
            raise NotFound("There is no such claim", "It may have been forgotten.")

    async def _put(
        self,
        grant: Grant,
        kind: str,
        what: Mapping[str, str],
        operation: str,
        asked: BaseModel,
        key: str | None,
    ) -> p.ProposalOut:
        now = self._clock.now()
        new: list[Proposal] = []

        def put(s: Session) -> str:
            made, fresh = kept.add(s, grant.client, grant.name, kind, what, now)
            new[:] = [made] if fresh else []
            return made.id

        proposal_id, _ = await self._once(grant, operation, asked, key, put)
        for made in new:
            await self._proposals.announce(made)
        return await self._stands(grant, proposal_id)

    async def _stands(self, grant: Grant, proposal_id: str) -> p.ProposalOut:
        found = await self._database.glance(lambda s: kept.get(s, proposal_id, grant.client))
        if found is None:
            raise NotFound("There is no such proposal", "It may have been forgotten, or taken back.")
        late = found.state == kept.WAITING and found.expires_at <= self._clock.now()
        return _proposal_out(replace(found, state=kept.EXPIRED) if late else found)

    async def _once(
        self, grant: Grant, operation: str, asked: BaseModel, key: str | None, make: Callable[[Session], str]
    ) -> tuple[str, bool]:
        """The id of what `make` made, now (True) or when this very request came before."""
        now = self._clock.now()
        request = idempotent.digest(operation, json.dumps(asked.model_dump(mode="json"), sort_keys=True))

        def once(s: Session) -> tuple[str, bool]:
            if key is not None and (known := idempotent.recall(s, grant.client, key, request, now)):
                return known, False
            made = make(s)
            if key is not None:
                idempotent.remember(s, grant.client, key, request, made, now)
            return made, True

        return await self._database.run(once)


def _proposal_out(found: Proposal) -> p.ProposalOut:
    text = told(found.kind, found.what) if found.state == kept.WAITING else ""
    kind: Literal["fact", "forget"] = "fact" if found.kind == kept.FACT else "forget"
    return p.ProposalOut(id=found.id, kind=kind, state=found.state, at=found.at, text=text)
