"""Desks with believable parts, for tests that care about one or two of them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.desks.types import (
    Belief,
    Busy,
    Checkpoint,
    Decoy,
    DecoyKind,
    Desk,
    Do,
    Fact,
    Persona,
    Played,
    Secret,
    Session,
    Step,
    Want,
)

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # nine o'clock in Berlin
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(hours: float) -> datetime:
    """So many hours after the morning."""
    return MORNING + hours * HOUR


def persona(*languages: str) -> Persona:
    return Persona("Robin Adler", "hydrologist", 34, languages or ("en",), ZoneInfo("Europe/Berlin"))


def fact(
    id: str = "paper",
    type: str = "working_on",
    slots: Mapping[str, Sequence[str]] | None = None,
    *,
    text: str = "",
    begins: datetime = MORNING,
    ends: datetime | None = None,
    also: tuple[str, ...] = (),
    forbidden: tuple[str, ...] = (),
    negative: bool = False,
    minor: bool = False,
    replaces: str | None = None,
) -> Fact:
    """By default: works on fish-ladder.tex, also known as the fish ladder paper."""
    named = slots if slots is not None else {"thing": ("fish-ladder.tex", "fish ladder paper")}
    return Fact(
        id=id,
        text=text or f"What {id} says",
        type=type,
        slots={name: tuple(options) for name, options in named.items()},
        begins=begins,
        ends=ends,
        also=also,
        forbidden=forbidden,
        negative=negative,
        evidence=("s1.1",),
        minor=minor,
        replaces=replaces,
    )


def decoy(
    *groups: Sequence[str], id: str = "cruise", kind: DecoyKind = DecoyKind.ADVERT, text: str = "An advert"
) -> Decoy:
    return Decoy(id, kind, text, tuple(tuple(group) for group in groups) or (("Madeira",),), ("s1.1",))


def want(
    id: str = "help",
    kind: str = "find",
    begins: float = 0.0,
    ends: float = 1.0,
    *,
    benefit: float = 6.0,
    cost_false: float = 3.0,
    fact: str | None = None,
) -> Want:
    """From and until so many hours after the morning."""
    return Want(id, kind, f"Wants {id}", at(begins), at(ends), benefit, cost_false, fact)


def busy(begins: float, ends: float) -> Busy:
    return Busy(at(begins), at(ends), "a call")


def desk(
    *,
    id: str = "robin",
    facts: Sequence[Fact] = (),
    decoys: Sequence[Decoy] = (),
    secrets: Sequence[Secret] = (),
    wants: Sequence[Want] = (),
    busy: Sequence[Busy] = (),
    languages: Sequence[str] = ("en",),
    sessions: int = 1,
) -> Desk:
    """`sessions` of one step, a day apart."""
    days = [
        Session(MORNING + n * DAY, (Step(f"s{n + 1}.1", Do.READ, {"seconds": 60}),)) for n in range(sessions)
    ]
    return Desk(
        id=id,
        about="A hydrologist.",
        persona=persona(*languages),
        facts=tuple(facts),
        decoys=tuple(decoys),
        secrets=tuple(secrets),
        wants=tuple(wants),
        busy=tuple(busy),
        pages={},
        sessions=tuple(days),
    )


def belief(
    text: str = "Works on fish-ladder.tex",
    confidence: float = 0.9,
    type: str | None = None,
    slots: Mapping[str, str] | None = None,
    *,
    id: str = "",
) -> Belief:
    return Belief(id or f"b:{text}", text, confidence, type, dict(slots or {}))


def checkpoint(hours: float, *beliefs: Belief) -> Checkpoint:
    return Checkpoint(at(hours), beliefs)


def played(
    *checkpoints: Checkpoint,
    desk: str = "robin",
    arm: str = "gumption",
    secrets: tuple[str, ...] = (),
    hours: float = 1.0,
    tokens: int = 0,
) -> Played:
    return Played(desk, arm, checkpoints, secrets, hours, tokens, model_s=0.0, wall_s=0.1)
