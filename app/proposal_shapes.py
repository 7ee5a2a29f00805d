"""What clients put before the person, as the person is shown it."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from app.shapes import PlanOut

State = Literal["waiting", "accepted", "rejected", "expired", "all"]


class ProposalItem(BaseModel):
    """For the person's eyes: `text` may tell more than the client that asks is allowed to know."""

    id: str
    client_id: str
    client: str = Field(description="the assistant's name, as it was when it asked")
    kind: str = Field(description="fact: to be remembered in your words; forget")
    text: str = Field(description="the fact, or what would go; empty when it is over")
    state: str = Field(description="waiting, accepted, rejected or expired")
    at: datetime
    expires_at: datetime = Field(description="when no answer has become a no")


class ProposalItems(BaseModel):
    items: list[ProposalItem]


class DecisionIn(BaseModel):
    """The person's answer."""

    accept: bool


class PlanItems(BaseModel):
    """Plans of clients that wait for the person, or for the client after a yes; the oldest first."""

    items: list[PlanOut]
