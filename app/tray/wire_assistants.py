"""The daemon's JSON about other programs as typed values: who may ask, what they read, what they ask for.

Read with `wire.read`. A scope stays as it came until `scope_of` reads it: one that this version does not
understand must not be shown as something it is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.tray.wire import Plan, read
from gum.errors import NotAllowed
from gum.grants import Scope, from_json

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Assistant:
    """A program that the person let in; `name` is what it calls itself."""

    id: str
    name: str
    scope: Json = field(default_factory=dict)
    given_at: datetime | None = None
    until: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    reads_today: int = 0

    def holds(self, now: datetime | None = None) -> bool:
        """Whether it may still ask."""
        return self.revoked_at is None and (self.until is None or (now or datetime.now(UTC)) < self.until)


@dataclass(frozen=True, slots=True)
class Pairing:
    """A program that asks to be let in, the code that lets it in, and what it gets then."""

    id: str
    name: str
    asked: Json = field(default_factory=dict)
    given: Json = field(default_factory=dict)
    code: str = ""
    expires_at: datetime | None = None
    until: datetime | None = None
    state: str = "waiting"  # given, refused, failed, ended


def pairing_ended(data: object) -> Pairing:
    """One that waits no more, of which its id and how it ended is told: "given", "refused" or "failed"."""
    told = data if isinstance(data, dict) else {}
    return Pairing(str(told.get("id") or ""), "", state=str(told.get("how") or "ended"))


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """A plan that an assistant put before the person. `quiet`: not now, it waits in the list."""

    plan: Plan
    by: str = ""
    quiet: bool = False


def plan_request(data: object) -> PlanRequest:
    """Raises DaemonUnreachable for what is none."""
    told = data if isinstance(data, dict) else {}
    return PlanRequest(read(Plan, data), str(told.get("by") or ""), bool(told.get("quiet")))


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One answer that left. `kept`: whether its content is still there."""

    id: str
    at: datetime | None = None
    client_id: str = ""
    client: str = ""
    operation: str = ""
    query: str = ""
    items: int = 0
    withheld: int = 0
    size: int = 0
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What left, to the letter; and the same with pseudonyms put back, for the person's eyes."""

    id: str
    kept: bool = True
    content: str | None = None
    with_names: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an assistant put before the person: a fact, or something to forget."""

    id: str
    client: str = ""
    kind: str = ""  # fact, forget
    text: str = ""
    state: str = "waiting"
    at: datetime | None = None


def scope_of(kept: Mapping[str, object]) -> Scope | None:
    """The scope in `kept`; None when this version does not understand it."""
    try:
        return from_json(kept)
    except NotAllowed:
        return None
