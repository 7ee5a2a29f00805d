"""Nouns with believable fields, for tests that care about one or two of them."""

from datetime import UTC, datetime, timedelta

from gum.types import (
    Evidence,
    Frame,
    FrameId,
    Observation,
    ObservationId,
    Proposition,
    PropositionId,
    Region,
    Sensitivity,
    Status,
    Trust,
    new_id,
)

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class StillClock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


def observation(
    text: str = "the quick brown fox",
    *,
    id: str = "",
    at: datetime = NOON,
    app: str = "mousepad",
    title: str = "notes.txt - Mousepad",
    source: str = "ui_tree",
    trust: Trust = Trust.AUTHORED,
    url: str | None = None,
    lasts: timedelta = timedelta(),
    frame_id: str | None = None,
) -> Observation:
    return Observation(
        id=ObservationId(id or new_id()),
        source=source,
        at=at,
        until=at + lasts,
        app=app,
        title=title,
        text=text,
        trust=trust,
        url=url,
        frame_id=FrameId(frame_id) if frame_id else None,
    )


def frame(width: int = 4, height: int = 3, left: int = 0, top: int = 0, grey: int = 128) -> Frame:
    pixels = bytes([grey, grey, grey, 255]) * (width * height)
    return Frame(FrameId(new_id()), NOON, ":1", Region(left, top, width, height), new_id(), pixels)


def proposition(
    text: str = "Works on notes.txt",
    *,
    id: str = "",
    type: str = "working_on",
    slots: dict[str, str] | None = None,
    confidence: float = 0.6,
    half_life: timedelta = timedelta(days=4),
    at: datetime = NOON,
    status: Status = Status.ACTIVE,
    valid_until: datetime | None = None,
    settled: bool = False,
) -> Proposition:
    return Proposition(
        id=PropositionId(id or new_id()),
        type=type,
        slots=slots if slots is not None else {"thing": "notes.txt"},
        text=text,
        subject="user",
        confidence=confidence,
        half_life=half_life,
        sensitivity=Sensitivity.NORMAL,
        status=status,
        valid_from=at,
        valid_until=valid_until,
        created_at=at,
        supported_at=at,
        settled=settled,
    )


def evidence(observation_id: str, quote: str = "notes.txt", weight: float = 1.0) -> Evidence:
    return Evidence(ObservationId(observation_id), quote, weight=weight)
