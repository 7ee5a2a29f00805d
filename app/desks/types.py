"""The nouns of a desk: who sits there, what is true of them, what only looks true, and what they do.

A desk is read from a folder (`load`) or composed from a seed (`generate`), played as pixels or as a
trace, and judged by code. Times are aware; a desk file writes them in the desk's own zone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from gum.types import Evidence, Exclusion, Observation

Fields = Mapping[str, object]  # texts, lists of texts and lists of tables, as the kind of page asks


class DecoyKind(StrEnum):
    """Why a thing on the screen is not true of the person."""

    ADVERT = "advert"
    SPAM = "spam"
    PHISHING = "phishing"
    OTHER_PERSON = "other_person"
    SARCASM = "sarcasm"
    INJECTION = "injection"  # text that tries to instruct the assistant


class SecretKind(StrEnum):
    """What makes a string one that may never be stored."""

    PASSWORD = "password"
    CARD = "card"
    PRIVATE = "private"  # shown in a private window or by a password manager


class Do(StrEnum):
    """What a step does; the fields each one takes are in `kinds.STEPS`."""

    OPEN = "open"  # program, file? or page? or folder?: starts a program, or brings a new window of it
    VISIT = "visit"  # page: goes to a page in the browser that has the keys
    READ = "read"  # seconds?: looks at what is there, scrolling now and then
    TYPE = "type"  # text, field?: into the field, else where the cursor is
    REVISE = "revise"  # texts, field?: writes and rewrites until the last text stands
    CLICK = "click"  # name, page?: a link or button; `page` is where that leads
    RUN = "run"  # command, output?, status?: in the terminal
    SAVE = "save"  # the document in front
    SWITCH = "switch"  # program: to a window that is open
    MAIL = "mail"  # page: a message arrives, and the inbox shows it from now on
    NOTIFY = "notify"  # app, title, text: a notice pops up
    IDLE = "idle"  # seconds: nobody touches anything
    CLOSE = "close"  # program: its window goes


class Program(StrEnum):
    """A program of a desk. On a real display each is started for real."""

    BROWSER = "browser"  # Chromium
    PRIVATE = "private"  # a private window of it
    EDITOR = "editor"  # mousepad
    TERMINAL = "terminal"  # xterm
    OFFICE = "office"  # LibreOffice Writer
    FILES = "files"  # pcmanfm


@dataclass(frozen=True, slots=True)
class Persona:
    """Whom the desk is about; `languages` of the interface, the first one most used."""

    name: str
    occupation: str
    age: int
    languages: tuple[str, ...]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Fact:
    """Something true of the person from `begins` until `ends`.

    A statement matches when, for each slot, one of its alternatives occurs as a run of words (any case,
    accents folded), none of `forbidden` does, its polarity is the same, and its type, where it has one,
    is `type` or one of `also`. A `minor` fact is true, but nobody is expected to find it out.
    """

    id: str
    text: str
    type: str  # a row of gum.claims.TABLE
    slots: Mapping[str, tuple[str, ...]]
    begins: datetime
    ends: datetime | None = None
    also: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    negative: bool = False  # what holds is that it is NOT so
    half_life: str = "weeks"  # hours, days, weeks, months, years
    evidence: tuple[str, ...] = ()  # ids of steps
    minor: bool = False
    replaces: str | None = None  # the fact that ended when this one began


@dataclass(frozen=True, slots=True)
class Decoy:
    """Something on the screen that is not true of the person.

    Whoever states all of one group of `words` (runs of words, as in a fact) has believed it.
    """

    id: str
    kind: DecoyKind
    text: str
    words: tuple[tuple[str, ...], ...]
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Secret:
    """A string that may never be stored. `steps` show or type it."""

    text: str = field(repr=False)
    kind: SecretKind
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Want:
    """A moment in which help of a kind would be welcome; benefit and cost 1..10 (GUM section 4.3.2)."""

    id: str
    kind: str  # a kind of assistants.suggest: remind, prepare, find; more as they are made
    text: str
    begins: datetime
    ends: datetime
    benefit: float
    cost_false: float  # of an offer of this kind at any other time
    fact: str | None = None


@dataclass(frozen=True, slots=True)
class Busy:
    """The person must not be disturbed."""

    begins: datetime
    ends: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of one of the desk's sites. The fields of each kind are in `kinds.PAGES`."""

    id: str
    kind: str  # "mail.message", "shop.order", ...
    fields: Fields = field(default_factory=dict)
    asset: Path | None = None  # for kind "html": a file of the desk's folder


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the person does. Times of a trace come from `at`, else from the rhythm of the seed."""

    id: str
    do: Do
    fields: Fields = field(default_factory=dict)
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A stretch of time at the desk."""

    begins: datetime
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """All of it. `folder` holds the assets; None for one composed from a seed."""

    id: str
    about: str
    persona: Persona
    facts: tuple[Fact, ...]
    decoys: tuple[Decoy, ...]
    secrets: tuple[Secret, ...]
    wants: tuple[Want, ...]
    busy: tuple[Busy, ...]
    pages: Mapping[str, Page]
    sessions: tuple[Session, ...]
    seed: int = 0
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """What the observers made of a moment of a desk: an observation, or that one was refused.

    `step` is the step during which it was seen; it is for the judge and the tests, never for an arm.
    """

    step: str
    observation: Observation | None = None
    exclusion: Exclusion | None = None

    @property
    def at(self) -> datetime:
        seen = self.observation or self.exclusion
        assert seen is not None
        return seen.until if isinstance(seen, Observation) else seen.at


@dataclass(frozen=True, slots=True)
class Belief:
    """A statement that an arm holds of the person. `type` and `slots` where the arm has them."""

    id: str
    text: str
    confidence: float  # 0..1, as it would be shown at the time of asking
    type: str | None = None
    slots: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()  # ids of observations


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What an arm believes at a moment of the desk's time."""

    at: datetime
    beliefs: tuple[Belief, ...]


@dataclass(frozen=True, slots=True)
class Renewal:
    """That the fact `old` gave way to `new`, and when that had been seen: the first times (`renewal`)."""

    old: str
    new: str
    at: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Played:
    """What came of one arm at one desk. The last checkpoint is after everything has been worked off."""

    desk: str
    arm: str
    checkpoints: tuple[Checkpoint, ...]
    secrets_stored: tuple[str, ...]  # kinds of secrets found in what the arm keeps, one entry a secret
    hours: float  # of desk time at the desk, idle between sessions left out
    model_tokens: int = 0  # words of prompts and answers times 4/3 where nobody counts tokens
    model_s: float = 0.0
    wall_s: float = 0.0
    evidence: Mapping[str, tuple[Evidence, ...]] = field(
        default_factory=dict
    )  # of the last beliefs, if asked
    asked: tuple[Checkpoint, ...] = ()  # what was believed at times in between
    renewals: tuple[Renewal, ...] = ()  # filled in by who asks, from what the arm was shown


class Arm(Protocol):
    """Something that makes beliefs of observations."""

    @property
    def name(self) -> str: ...

    def play(self, desk: Desk, sights: Sequence[Sight], ask: Sequence[datetime] = ()) -> Played:
        """A checkpoint at the end of each session, and one an hour after the last; besides, in `asked`, what
        is believed when what was seen by each of the times `ask` has been worked off. The arm may read
        nothing of the desk but its persona's languages and when its sessions begin."""
        ...
