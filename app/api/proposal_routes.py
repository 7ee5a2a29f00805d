"""Paths to `app.proposals` and to plans of clients, for the person alone. Nothing is decided here."""

from fastapi import FastAPI

from app.plans import Plans
from app.proposal_shapes import DecisionIn, PlanItems, ProposalItem, ProposalItems, State
from app.proposals import Proposals


def add_proposals(api: FastAPI, proposals: Proposals, plans: Plans) -> None:
    """The paths of what clients put before the person."""

    @api.get("/proposals")
    async def proposals_(state: State = "waiting") -> ProposalItems:
        """What assistants would have remembered or forgotten."""
        return await proposals.list(state)

    @api.post("/proposals/{proposal_id}")
    async def decide(proposal_id: str, body: DecisionIn) -> ProposalItem:
        """The person's answer, once; answers when it is done."""
        return await proposals.decide(proposal_id, body.accept)

    @api.get("/plans")
    async def plans_() -> PlanItems:
        """The plans of assistants that wait, e.g. for a tray that starts after they were made."""
        return PlanItems(items=await plans.asked())
