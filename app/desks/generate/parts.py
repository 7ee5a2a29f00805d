"""What a desk is composed of: acts in places, runs of acts that belong together, and what they show.

A block gives a `Contribution`; `weave` puts those of all blocks in order, which gives its acts their times.
Until then a moment is a time or the key of the act that makes it so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.desks.types import DecoyKind, Do, Fields, Page, Persona, Program, SecretKind

When = datetime | str  # a time, or the key of an act: the moment of the step that it becomes
Stock = Mapping[str, Any]  # a table of the stocks, as its TOML has it


class Unsuited(Exception):
    """A block cannot be built for this desk: a stock is used up, the job has no such thing."""


@dataclass(frozen=True, slots=True)
class Country:
    """How a country writes, and where its people live."""

    code: str
    language: str
    zones: tuple[str, ...]
    towns: tuple[str, ...]
    names: tuple[str, ...]  # name stocks, the commonest first
    money: str  # "{} EUR": where the amount goes
    comma: bool  # 12,50 instead of 12.50
    month_first: bool  # 3/13/2026
    scale: float  # of prices: how much of its money a pound or a euro is, about


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody the person really has to do with."""

    name: str
    short: str  # how they are called and how they sign
    address: str
    work: bool


@dataclass(frozen=True, slots=True)
class Context:
    """What a block may know of the desk it is for. Times are aware and in the persona's zone."""

    persona: Persona
    country: Country
    language: str  # of this block's texts, one of the persona's
    job: Stock
    town: str
    client: str
    first: str  # the person's own short name
    address: str  # and mail address
    contacts: tuple[Contact, ...]
    others: tuple[str, ...]  # names of people the person does not know
    begins: tuple[datetime, ...]  # of the sessions
    load: tuple[int, ...]  # acts planned in each of them so far
    used: frozenset[str]  # things of the stocks that other blocks have taken


@dataclass(frozen=True, slots=True)
class Place:
    """Where an act is done. Two acts at equal places need no way between them."""

    program: Program
    page: str = ""  # id of the page that a browser must show
    file: str = ""
    folder: str = ""
    holds: str = ""  # what stands in the file when it is first opened


@dataclass(frozen=True, slots=True)
class Act:
    """A step to be, or only a way: `do` is None where the person just goes to `place`.

    `place` None: wherever they are, as when a mail comes. `leads`: the place that a click leads to.
    """

    key: str
    do: Do | None
    fields: Fields
    place: Place | None
    leads: Place | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """Acts that belong together, in one session. `when`: "first" or "last" in it, or "any"."""

    session: int
    acts: tuple[Act, ...]
    when: str = "any"

    @property
    def arrival(self) -> bool:
        """Whether it only happens to the person, who may be doing something else."""
        return all(act.place is None for act in self.acts)


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact to be. Evidence is keys of acts; without `begins` it holds from the first of them."""

    id: str
    text: str
    type: str
    slots: Mapping[str, tuple[str, ...]]
    evidence: tuple[str, ...]
    begins: When | None = None
    ends: When | None = None
    also: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    negative: bool = False
    half_life: str = "weeks"
    minor: bool = False
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Lure:
    """A decoy to be."""

    id: str
    kind: DecoyKind
    text: str
    words: tuple[tuple[str, ...], ...]
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hidden:
    """A secret to be."""

    text: str
    kind: SecretKind
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Help:
    """A want to be, not before `after`. One in whose time there is no session comes to nothing."""

    id: str
    kind: str
    text: str
    begins: When
    ends: When
    benefit: int
    cost_false: int
    fact: str | None
    after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """A busy time to be: from the beginning of one act to the beginning of what comes after it."""

    act: str
    why: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """All that one block adds to a desk."""

    block: str
    scenes: tuple[Scene, ...] = ()
    pages: tuple[Page, ...] = ()
    claims: tuple[Claim, ...] = ()
    lures: tuple[Lure, ...] = ()
    secrets: tuple[Hidden, ...] = ()
    wants: tuple[Help, ...] = ()
    busy: tuple[Closed, ...] = ()
    used: frozenset[str] = frozenset()

    @property
    def acts(self) -> int:
        return sum(len(scene.acts) for scene in self.scenes)
