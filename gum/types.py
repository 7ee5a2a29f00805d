"""The nouns of the whole program. This module knows no library and no other module of ours.

Every value is a frozen, slotted dataclass; times are aware and in UTC; ids are opaque strings.
Positions and sizes are in screen pixels with the origin at the top left of the virtual screen.
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NewType

FrameId = NewType("FrameId", str)
ObservationId = NewType("ObservationId", str)
PropositionId = NewType("PropositionId", str)
RevisionId = NewType("RevisionId", str)
SuggestionId = NewType("SuggestionId", str)
PlanId = NewType("PlanId", str)
RuleId = NewType("RuleId", str)

Vector = tuple[float, ...]
"""A unit-length embedding; its length is the embedder's `dimension`."""


def new_id() -> str:
    """A fresh opaque id: 16 characters of a-z and 2-7, which are 80 random bits.

    Ten million of them hold two alike with a chance of 4e-11. A claim and its indexes hold some thirty ids,
    so a longer form (a UUID has 32 characters) makes the store a fifth larger.
    """
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


def utc(moment: datetime) -> datetime:
    """`moment` in UTC. Raises ValueError for a naive time, which nobody can place on a clock."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone reached the core")
    return moment.astimezone(UTC)


class Trust(StrEnum):
    """Whose words a text is. Only the first two may assert something about the person."""

    AUTHORED = "authored"  # typed by the person
    ACTED_ON = "acted-on"  # a window they chose, a command they ran, a button they pressed
    READ = "read"  # was on screen, perhaps read
    RECEIVED = "received"  # somebody else's message to the person
    ADVERT = "advert"
    SYSTEM = "system"  # notices of programs and of the desktop


class Status(StrEnum):
    """The life of a proposition; only `active` ones are used."""

    ACTIVE = "active"
    SUPERSEDED = "superseded"
    CONTRADICTED = "contradicted"
    STALE = "stale"
    HIDDEN = "hidden"
    DELETED = "deleted"


class Stance(StrEnum):
    """What an observation says about a proposition."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"


class LinkKind(StrEnum):
    """How a proposition stands to another one."""

    SUPERSEDES = "supersedes"  # it took the other's place: the other was so, and is over
    CONTRADICTS = "contradicts"  # both cannot be so


class Cause(StrEnum):
    """Why a revision was made."""

    NEW = "new"
    REINFORCE = "reinforce"
    REFINE = "refine"
    MERGE = "merge"
    CONTRADICT = "contradict"
    RETRACT = "retract"
    USER = "user"


class Sensitivity(StrEnum):
    """Sensitive propositions are hidden and never used unless the person allows it."""

    NORMAL = "normal"
    SENSITIVE = "sensitive"


class Effect(StrEnum):
    """What a privacy rule does to a window."""

    DROP = "drop"
    BLUR = "blur"
    TEXT_ONLY = "text_only"
    KEEP = "keep"


class Verdict(StrEnum):
    """How the person reacted."""

    ACCEPT = "accept"
    DISMISS = "dismiss"
    IGNORE = "ignore"
    EDIT = "edit"
    NEVER = "never"


class Reversibility(StrEnum):
    """How far a step can be taken back."""

    READ_ONLY = "read-only"
    REVERSIBLE = "reversible"
    IRREVERSIBLE = "irreversible"


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle: left, top, width, height in pixels; never empty."""

    left: int
    top: int
    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width <= 0 or self.height <= 0:
            raise ValueError("a region must have an area")

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    def intersect(self, other: "Region") -> "Region | None":
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Region(left, top, right - left, bottom - top) if right > left and bottom > top else None


@dataclass(frozen=True, slots=True)
class Frame:
    """Pixels of (a part of) the screen. `pixels` is BGRA, row by row, 4 * width * height bytes."""

    id: FrameId
    at: datetime
    display: str
    region: Region  # where on the screen these pixels were
    digest: str  # of the pixels; equal digests mean nothing changed
    pixels: bytes = field(repr=False)
    before: bytes | None = field(default=None, repr=False)  # the same part before it changed; None: unknown
    before_at: datetime | None = None  # since when that was seen; none of it is older


@dataclass(frozen=True, slots=True)
class WindowInfo:
    """What is known of a window before one of its pixels is read. None means unknown."""

    window_id: int
    app: str  # WM_CLASS in lower case, e.g. "chromium"; "" when unknown
    title: str
    pid: int | None
    region: Region | None
    url: str | None = None  # of the document shown, for browsers
    private: bool | None = None  # a private/incognito window; None: could not be told
    browser: bool = False
    instance: str = ""  # the other half of WM_CLASS, in lower case: which of the program's windows
    monitors: tuple[str, ...] = ()  # names of the monitors it lies on, e.g. "HDMI-1"
    full_screen: bool = False
    protected: bool = False  # the program asks that its window not be captured
    owners: "tuple[WindowInfo, ...]" = ()  # of a dialog: the windows it stands over, the nearest first


AT_WINDOWS = frozenset({"window", "ui_tree", "screen"})
"""Sources of observations that tell where the person is; the others tell what came beside it."""
NUMBERS_ONLY = frozenset({"input"})
"""Sources whose observations hold no words of anybody: neither searched nor drafted from."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One piece of what happened, as text.

    `text` is lines joined by newlines. A line of an authored form field reads "Label: value".
    A screen observation is stored before its pixels are read, so its text may be empty at first.
    """

    id: ObservationId
    source: str  # "window", "ui_tree", "screen"
    at: datetime
    until: datetime
    app: str
    title: str
    text: str
    trust: Trust
    url: str | None = None
    frame_id: FrameId | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Something that was NOT observed, and why. Carries no title, address or content."""

    at: datetime
    app: str
    rule_id: RuleId


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text read from pixels; `score` 0..1 is the reader's certainty."""

    text: str
    region: Region
    score: float


@dataclass(frozen=True, slots=True)
class Percept:
    """What a model made of an observation. `surprise` 0..1: how unlike the recent past it is."""

    observation_id: ObservationId
    vector: Vector
    surprise: float
    model: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote, copied from the observation's text, title or address, and what it speaks for."""

    observation_id: ObservationId
    quote: str
    stance: Stance = Stance.SUPPORTS
    weight: float = 1.0  # log-odds that it adds where it is the only piece
    drafter: str = ""  # who read it there: the drafter's name
    sure: float = 0.5  # 0..1, as that one said of itself
    at: datetime | None = None  # when, where and by whose words it was seen: the observation's
    app: str = ""
    trust: Trust = Trust.READ


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim somebody might make of the person. Slots are copied from observed text."""

    type: str  # a row of gum.claims.TABLE
    slots: Mapping[str, str]
    text: str
    reasoning: str
    confidence: float
    half_life: timedelta
    evidence: tuple[Evidence, ...]
    valid_until: datetime | None = None
    sensitivity: Sensitivity = Sensitivity.NORMAL


@dataclass(frozen=True, slots=True)
class Proposition:
    """A claim about the person with confidence 0..1 and a half-life."""

    id: PropositionId
    type: str
    slots: Mapping[str, str]
    text: str
    subject: str  # "user" unless it is about somebody else
    confidence: float
    half_life: timedelta
    sensitivity: Sensitivity
    status: Status
    valid_from: datetime
    valid_until: datetime | None
    created_at: datetime
    supported_at: datetime  # last time evidence came
    settled: bool = False  # the person confirmed or edited it: no inference changes it


@dataclass(frozen=True, slots=True)
class Link:
    """That a proposition supersedes or contradicts another one."""

    other: PropositionId
    kind: LinkKind


@dataclass(frozen=True, slots=True)
class Revision:
    """One change of one proposition; revisions are only ever appended."""

    id: RevisionId
    proposition_id: PropositionId
    cause: Cause
    before: Proposition | None
    after: Proposition | None
    evidence: tuple[Evidence, ...]
    at: datetime
    reasoning: str = ""
    links: tuple[Link, ...] = ()  # to the propositions this one came from or speaks against


@dataclass(frozen=True, slots=True)
class Moment:
    """What the person is doing now. `interruptibility` 0 (do not disturb) .. 1 (idle hands)."""

    at: datetime
    app: str
    title: str
    activity: str  # "typing", "reading", "idle", "in a meeting"
    interruptibility: float
    recent: tuple[Observation, ...] = ()
    propositions: tuple[Proposition, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan. `expected` is what must be seen afterwards for it to count as done."""

    kind: str  # "open_page", "open_path", "put_text", "add_todo", "make_event"
    target: str  # the address, path or field
    args: Mapping[str, str]
    what: str  # one plain sentence: exactly what will happen
    where: str  # exactly where
    reversibility: Reversibility
    risk: str  # one plain sentence, "" when there is none
    expected: str
    undo: str | None  # one plain sentence saying how it is taken back; None when it cannot be


@dataclass(frozen=True, slots=True)
class Plan:
    """Typed steps towards one goal. Nothing of it happens before a person approves its digest."""

    id: PlanId
    goal: str
    steps: tuple[Step, ...]
    suggestion_id: SuggestionId | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step; `seen` is what was found on the screen or on disk afterwards."""

    step_index: int
    ok: bool
    seen: str
    undo_token: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An offer of help. Shown only when its expected utility says so (GUM section 4.3.2)."""

    id: SuggestionId
    kind: str  # "remind", "prepare", "find"
    text: str
    why_now: str
    why: tuple[PropositionId, ...]
    p_useful: float
    benefit: float
    cost_shown: float  # of a false alarm
    cost_missed: float
    plan: Plan | None
    created_at: datetime
    expires_at: datetime
    state: str = "new"  # new, shown, accepted, dismissed, never, expired, done, undone, failed


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a suggestion: "show", "ask", "digest" or "silent", and the reason."""

    do: str
    reason: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """A reaction of the person to a suggestion or proposition."""

    subject_id: str
    verdict: Verdict
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """A privacy rule. A field that is None matches everything; patterns are case-insensitive globs.

    Besides, `url` may be `site:HOST` and `title` `|a whole part of it|` (`observers.patterns`). `hours` and
    `sharing` say when the rule holds at all, whatever the window is (`observers.holding`).
    """

    id: RuleId
    name: str
    effect: Effect
    app: str | None = None
    title: str | None = None
    url: str | None = None
    private: bool | None = None
    retention: timedelta | None = None
    builtin: bool = False
    window_class: str | None = None  # of either half of WM_CLASS: instance or class
    monitor: str | None = None  # of the name of a monitor that the window lies on, also in part
    full_screen: bool | None = None
    hours: str | None = None  # e.g. "mon-fri 09:00-17:30, sat", by the clock of the desk
    sharing: bool | None = None  # whether the screen is being shared or recorded


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a window may be observed, and which rule said so."""

    allowed: bool
    effect: Effect
    rule_id: RuleId
    reason: str


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source is doing: "running", "unavailable", "failing" or "stopped"."""

    name: str
    state: str
    detail: str
    hint: str
    last_at: datetime | None
