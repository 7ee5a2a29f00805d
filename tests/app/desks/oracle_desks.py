"""Desks, pieces and sights for the tests of the oracle and of the baselines."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.desks.mind import Piece
from app.desks.types import Decoy, DecoyKind, Desk, Fact, Persona, Secret, SecretKind, Session, Sight
from app.desks.word_runs import read
from gum.types import Exclusion, Observation, ObservationId, RuleId, Trust

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

PAPER = Fact(
    "paper", "Works on the paper", "working_on", {"thing": ("fish-ladder.tex", "fish ladder paper")}, NINE
)
TRAIN = Fact(
    "train",
    "Plans to go to Lyon",
    "plans_to_go",
    {"place": ("Lyon",), "date": ("14 March",)},
    NINE,
    ends=NINE + timedelta(hours=4),
)
TEA = Fact("tea", "Likes green tea", "prefers", {"thing": ("green tea",)}, NINE, also=("interested_in",))
MEAT = Fact("meat", "Does not eat meat", "prefers", {"thing": ("meat",)}, NINE, negative=True)
CRUISE = Decoy("cruise", DecoyKind.ADVERT, "An advert for a cruise", (("cruise", "Madeira"),))


def desk(
    facts: Sequence[Fact] = (PAPER, TRAIN, TEA, MEAT),
    decoys: Sequence[Decoy] = (CRUISE,),
    begins: Sequence[datetime] = (NINE,),
    id: str = "adler",
) -> Desk:
    persona = Persona("Robin Adler", "hydrologist", 34, ("en",), ZoneInfo("Europe/Berlin"))
    secrets = (Secret("hunter2-Tw1st", SecretKind.PASSWORD), Secret("4111 1111 1111 1111", SecretKind.CARD))
    sessions = tuple(Session(at, ()) for at in begins)
    return Desk(id, "A test", persona, tuple(facts), tuple(decoys), secrets, (), (), {}, sessions)


def many(count: int, id: str = "many") -> Desk:
    """A desk of `count` facts, each with words of its own and a second way to say it."""
    facts = [
        Fact(
            f"f{n}",
            f"Works on {_name(n)}",
            "working_on",
            {"thing": (f"{_name(n)}.tex", f"{_name(n)} draft")},
            NINE,
        )
        for n in range(count)
    ]
    return desk(facts, [], id=id)


def _name(n: int) -> str:
    return f"quoxa{n}"


def seen(desk: Desk) -> list[str]:
    """A text about each of the facts of `many`, with words in it that mean nothing."""
    return [
        f"{_name(n)}.tex - Mousepad\nWe measure in spring the flow of rivulets {n}"
        for n in range(len(desk.facts))
    ]


def pieces(*texts: str) -> list[Piece]:
    return [Piece(n, tuple(map(read, text.split("\n")))) for n, text in enumerate(texts, 1)]


def everything(kind: str, number: int) -> bool:
    return True


def observation(
    text: str,
    at: datetime = NINE,
    *,
    title: str = "",
    trust: Trust = Trust.AUTHORED,
    url: str | None = None,
    id: str = "",
) -> Observation:
    name = ObservationId(id or f"o-{at.isoformat()}-{title}-{len(text)}")
    return Observation(name, "ui_tree", at, at, "mousepad", title, text, trust, url)


def sights(
    texts: Sequence[str], every: timedelta = timedelta(minutes=1), since: datetime = NINE
) -> list[Sight]:
    """One a text: its first line is the title."""
    made = []
    for n, text in enumerate(texts):
        title, _, rest = text.partition("\n")
        seen = observation(rest, since + n * every, title=title, id=f"o{n}-{since:%d%H}")
        made.append(Sight(f"s1.{n}", seen))
    return made


def refused(at: datetime) -> Sight:
    return Sight("s1.9", exclusion=Exclusion(at, "chromium", RuleId("private")))


def ended(fact: Fact, at: datetime) -> Fact:
    return replace(fact, ends=at)
