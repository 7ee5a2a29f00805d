"""The daemon's JSON as typed values. Knows no Qt and no socket.

Fields the daemon does not send take their defaults; fields it sends and we do not know are ignored,
so that a daemon one version away can still be read.
"""

import functools
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import UTC, datetime
from typing import TypeVar

from gum.errors import DaemonUnreachable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something went wrong: what happened and what to do. `status` 0: the daemon did not answer at all."""

    title: str = "Something went wrong"
    hint: str = ""
    status: int = 0

    @property
    def unreachable(self) -> bool:
        return self.status == 0


@dataclass(frozen=True, slots=True)
class Source:
    name: str
    state: str = "stopped"  # running, unavailable, failing, stopped
    detail: str = ""
    hint: str = ""
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Model:
    name: str
    model: str = ""
    state: str = "off"  # unloaded, loading, ready, failed, off
    detail: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    inbox: int = 0
    perceive: int = 0
    propose: int = 0
    dead: int = 0
    dropped: int = 0
    recycled: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    observations: int = 0
    propositions: int = 0


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether cards may come up, and why not."""

    quiet: bool = False
    reason: str = ""
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    state: str  # observing, paused, excluded, trouble, locked
    reason: str = ""
    paused_until: datetime | None = None
    sources: tuple[Source, ...] = ()
    last_observation_at: datetime | None = None
    last_observation_age_s: float | None = None
    excluded_by: str | None = None
    queue: Queue = field(default_factory=Queue)
    models: tuple[Model, ...] = ()
    counts: Counts = field(default_factory=Counts)
    version: str = ""
    observing_since: datetime | None = None
    learning_until: datetime | None = None
    welcomed: bool = True
    encrypted: bool = True
    unlock_by: str = ""  # of a locked one: passphrase, button
    off_the_record: bool = False
    availability: Availability = field(default_factory=Availability)


@dataclass(frozen=True, slots=True)
class Observation:
    id: str
    source: str = ""
    at: datetime | None = None
    until: datetime | None = None
    app: str = ""
    title: str = ""
    url: str | None = None
    text: str = ""
    trust: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    observation_id: str
    quote: str = ""
    stance: str = "supports"
    weight: float = 0.0
    at: datetime | None = None
    app: str = ""
    title: str = ""
    trust: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    cause: str = ""
    at: datetime | None = None
    reasoning: str = ""
    before_confidence: float | None = None
    after_confidence: float | None = None
    before_text: str | None = None
    after_text: str | None = None


@dataclass(frozen=True, slots=True)
class Proposition:
    id: str
    text: str
    type: str = ""
    type_label: str = ""
    slots: dict[str, str] = field(default_factory=dict)
    confidence: float = 0.0
    half_life_s: float = 0.0
    half_life: str = ""
    strength: float = 0.0
    status: str = "active"
    sensitivity: str = "normal"
    created_at: datetime | None = None
    supported_at: datetime | None = None
    valid_until: datetime | None = None
    settled: bool = False
    evidence: tuple[Evidence, ...] = ()
    revisions: tuple[Revision, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Is this so?"""

    proposition: Proposition
    why: str = ""
    worth: float = 0.0
    rival_id: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    id: str
    text: str
    kind: str = ""
    why_now: str = ""
    why: tuple[Proposition, ...] = ()
    p_useful: float = 0.0
    benefit: float = 0.0
    cost_shown: float = 0.0
    cost_missed: float = 0.0
    state: str = "new"
    created_at: datetime | None = None
    expires_at: datetime | None = None
    has_plan: bool = False
    plan_id: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    what: str
    kind: str = ""
    where: str = ""
    target: str = ""
    args: dict[str, str] = field(default_factory=dict)
    reversibility: str = "irreversible"  # the careful reading of a daemon that does not say
    risk: str = ""
    expected: str = ""
    undo: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    step_index: int
    ok: bool
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    id: str
    goal: str
    digest: str
    state: str  # waiting, approved (a client's), running, done, failed, denied, undone, expired
    steps: tuple[Step, ...]
    outcomes: tuple[Outcome, ...] = ()
    can_undo: bool = False
    expires_at: datetime | None = None
    client: str = ""  # whose plan it is; "": Gumption's own


@dataclass(frozen=True, slots=True)
class PlanEvent:
    plan_id: str
    state: str
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Exclusion:
    app: str = ""
    rule: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Captured:
    app: str
    site: str | None = None
    observations: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Excluded:
    app: str
    rule_id: str = ""
    rule: str = ""
    count: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Today:
    captured: tuple[Captured, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    database_bytes: int = 0
    observations_total: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A small picture that was kept of an observation."""

    observation_id: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pictures:
    """What an observation was read from, and how that window looked before."""

    state: str = "off"  # kept, gone, none, off
    picture: Picture | None = None
    before: Picture | None = None


@dataclass(frozen=True, slots=True)
class Album:
    """How much room all small pictures take."""

    wanted: bool = False
    count: int = 0
    bytes: int = 0
    budget_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    name: str
    effect: str = "drop"
    app: str | None = None
    title: str | None = None
    url: str | None = None
    private: bool | None = None
    builtin: bool = False
    window_class: str | None = None
    monitor: str | None = None
    full_screen: bool | None = None
    hours: str | None = None
    sharing: bool | None = None
    switchable: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer to "would this be seen?"."""

    allowed: bool
    effect: str = ""
    rule_id: str = ""
    rule: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """Something that was held back or hidden."""

    id: str
    at: datetime | None = None
    stage: str = ""  # draft, store, leave
    decision: str = ""  # hide, withhold
    rule: str = ""
    reason: str = ""
    what: str = ""
    place: str = ""
    count: int = 1
    reversed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Exemption:
    """A kind that the person allowed."""

    id: str
    rule: str = ""
    place: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Forgotten:
    observations: int = 0
    propositions: int = 0


@functools.cache
def _hints(kind: type) -> Mapping[str, object]:
    return typing.get_type_hints(kind)


def read(kind: type[T], data: object) -> T:
    """`data` (parsed JSON) as a `kind`, a dataclass of ours. Raises DaemonUnreachable when it is none."""
    if not isinstance(data, dict):
        raise _unusable(kind.__name__)
    values: dict[str, object] = {}
    hints = _hints(kind)  # type: ignore[arg-type]  # mypy does not take a type[T] for hashable
    for spec in fields(kind):  # type: ignore[arg-type]  # every kind is a dataclass
        if spec.name in data:
            values[spec.name] = _value(hints[spec.name], data[spec.name], spec.name)
        elif spec.default is MISSING and spec.default_factory is MISSING:
            raise _unusable(f"{kind.__name__}.{spec.name}")
    return kind(**values)


def read_list(kind: type[T], data: object, key: str = "items") -> tuple[T, ...]:
    """The list under `key` of the object `data`. Raises DaemonUnreachable when it is not there."""
    items = data.get(key) if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise _unusable(key)
    return tuple(read(kind, item) for item in items)


def _value(hint: object, raw: object, name: str) -> object:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return None if raw is None else _value(typing.get_args(hint)[0], raw, name)
    if typing.get_origin(hint) is tuple and isinstance(raw, list):
        return tuple(_value(typing.get_args(hint)[0], item, name) for item in raw)
    if typing.get_origin(hint) is dict and isinstance(raw, dict):
        if typing.get_args(hint)[1] is object:
            return raw  # a thing of ours that another module reads
        return {str(key): "" if value is None else str(value) for key, value in raw.items()}
    if isinstance(hint, type) and is_dataclass(hint):
        return read(hint, raw)
    return _plain(hint, raw, name)


def _plain(hint: object, raw: object, name: str) -> object:
    if hint is datetime and isinstance(raw, str):
        return _moment(raw, name)
    if hint is float and isinstance(raw, int | float) and not isinstance(raw, bool):
        return float(raw)
    if hint is int and isinstance(raw, bool):
        raise _unusable(name)
    if isinstance(hint, type) and isinstance(raw, hint):
        return raw
    raise _unusable(name)


def _moment(raw: str, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError as error:
        raise _unusable(name) from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _unusable(what: str) -> DaemonUnreachable:
    return DaemonUnreachable(
        f"Gumption's background part answered something that cannot be understood ({what})",
        "It is probably of another version. Quit Gumption and start it again.",
    )
