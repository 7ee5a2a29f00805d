"""The shapes of: may the person be spoken to, and do they want to be observed?"""

from pydantic import BaseModel, Field

from app.bounds import Minutes
from observers.availability import Availability


class AvailabilityOut(BaseModel):
    """Whether the person may be spoken to now, and why not."""

    quiet: bool = Field(False, description="no card comes up: a call, full screen, do not disturb")
    typing_now: bool = Field(False, description="a card is put off for some seconds")
    reason: str = ""
    unknown: list[str] = Field([], description="what nobody can tell here; no reason either way")
    idle_s: float | None = Field(None, description="since the last key or move of the pointer")


class PauseIn(BaseModel):
    """None pauses until the person resumes."""

    minutes: Minutes | None = None
    off_the_record: bool = Field(False, description="forget the last minute, too")


def availability_out(found: Availability) -> AvailabilityOut:
    """`found` as it leaves the daemon."""
    return AvailabilityOut(
        quiet=found.quiet,
        typing_now=found.typing_now,
        reason=found.reason,
        unknown=list(found.unknown),
        idle_s=found.idle_s,
    )
