"""The shapes of what is told of the small pictures that were kept."""

from datetime import datetime

from pydantic import BaseModel, Field


class PictureOut(BaseModel):
    """A small picture that is there; `/observations/{observation_id}/thumbnail` has it."""

    observation_id: str
    at: datetime


class PicturesOut(BaseModel):
    """What an observation was read from, and how its window looked in the picture before that one."""

    state: str = Field(
        description="kept; gone: read from pixels, but no picture of it is there; "
        "none: not read from pixels; off: none are kept, as set"
    )
    picture: PictureOut | None = None
    before: PictureOut | None = None


class AlbumOut(BaseModel):
    """How much room the small pictures take. `wanted` false: none are kept, as set."""

    wanted: bool
    count: int
    bytes: int
    budget_bytes: int
