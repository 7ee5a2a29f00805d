"""The shapes of what the person is shown of the log of answers."""

from datetime import datetime

from pydantic import BaseModel, Field


class DisclosureOut(BaseModel):
    """That a program was answered. What was asked stands under the names under which it was kept."""

    id: str
    at: datetime
    client_id: str
    client: str
    operation: str
    query: str
    items: int
    withheld: int
    size: int = Field(description="bytes of the answer; 0 when it is not kept any more")
    kept: bool = Field(description="false: what stood in it was forgotten, or it was too old")


class DisclosureList(BaseModel):
    """The newest first. `next`: `before` of the next page; None: that was the last."""

    items: list[DisclosureOut]
    next: int | None


class DisclosureContent(DisclosureOut):
    content: str | None = Field(description="what was sent, to the byte; None when it is not kept any more")
    with_names: str | None = Field(description="the same with the real names, for the person's eyes")


class TextIn(BaseModel):
    text: str = Field(max_length=1_000_000)


class TextOut(BaseModel):
    text: str
