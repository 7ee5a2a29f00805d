"""The shapes of the audit's answers."""

from datetime import datetime

from pydantic import BaseModel, Field


class DecisionOut(BaseModel):
    """Something that was hidden or did not go on. `what` is captured text, with real names."""

    id: str
    at: datetime
    stage: str = Field(description="draft: not learnt from; store: kept hidden, or not kept; leave: not sent")
    decision: str = Field(description="hide or withhold")
    rule: str
    reason: str
    what: str
    recipient: str
    place: str = Field(description="the application or recipient that allowing it would be for")
    count: int
    observation_id: str | None
    proposition_id: str | None
    reversed_at: datetime | None


class ExemptionOut(BaseModel):
    """What was allowed from then on."""

    id: str
    rule: str
    place: str
    at: datetime


class AuditOut(BaseModel):
    """What was held back, the newest first, and what is allowed by exception."""

    items: list[DecisionOut]
    allowed: list[ExemptionOut]


class ReverseIn(BaseModel):
    """Whether the kind is allowed from now on; left out: the other way than it is."""

    allow: bool | None = None


class PersonOut(BaseModel):
    """Somebody else, by all names that are known. `real`: outside called by the name, not by the number."""

    number: int
    names: list[str]
    real: bool


class PeopleOut(BaseModel):
    items: list[PersonOut]


class PersonIn(BaseModel):
    real: bool = Field(description="true: use the real name for this one")
