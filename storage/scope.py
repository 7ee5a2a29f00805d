"""What a person may point at to have it forgotten, and which rows that is.

A scope names observations; a topic and a proposition also name claims by themselves. Evidence outlives its
observation when that goes by age (`storage.retention`): such a piece still says when and in which program it
was seen, so spans and applications find it, and nothing else does.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from gum.types import ObservationId, PropositionId
from storage import topic
from storage.observations import site_of
from storage.schema import EvidenceRow, ObservationRow


@dataclass(frozen=True, slots=True)
class Span:
    """What was on screen at any moment of [since, until]; None: from the beginning, or to the end."""

    since: datetime | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        if self.since is None and self.until is None:
            raise ValueError("a span without ends would be everything")


@dataclass(frozen=True, slots=True)
class App:
    """What was seen in one application, by the name its windows give themselves."""

    app: str


@dataclass(frozen=True, slots=True)
class Site:
    """What was seen of one host and of the hosts under it."""

    host: str

    @classmethod
    def of(cls, typed: str) -> "Site | None":
        """From a host or an address as a person writes it; None when there is no host in it."""
        given = typed.strip()
        host = site_of(given if "//" in given else f"//{given}")
        return cls(host.rstrip(".").lower()) if host and host.strip(".") else None


@dataclass(frozen=True, slots=True)
class Source:
    """What one observer brought: "window", "ui_tree" or "screen"; or what was said: "told", "feedback"."""

    source: str


@dataclass(frozen=True, slots=True)
class Topic:
    """What has all these words, whether it was seen or concluded."""

    words: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One proposition with its history; what was seen stays."""

    proposition_id: PropositionId


@dataclass(frozen=True, slots=True)
class Everything:
    """All but the person's own rules and settings."""


Scope = Span | App | Site | Source | Topic | Claim | Everything


def observations(s: Session, scope: Scope) -> list[ObservationId]:
    """The observations that `scope` names."""
    if isinstance(scope, Claim):
        return []
    if isinstance(scope, Topic):
        return topic.observations(s, scope.words)
    wanted = select(ObservationRow.id).where(*_where(scope))
    return [ObservationId(key) for key in s.scalars(wanted)]


def _where(scope: Span | App | Site | Source | Everything) -> Sequence[ColumnElement[bool]]:
    o = ObservationRow
    if isinstance(scope, Span):
        after = [] if scope.since is None else [o.until >= scope.since]
        return after if scope.until is None else [*after, o.at <= scope.until]
    if isinstance(scope, App):
        return [o.app == scope.app]
    if isinstance(scope, Source):
        return [o.source == scope.source]
    if isinstance(scope, Site):
        return [or_(*(_under(host) for host in _spellings(scope.host)))]
    return []


def _under(host: str) -> ColumnElement[bool]:
    return or_(ObservationRow.site == host, ObservationRow.site.endswith(f".{host}", autoescape=True))


def _spellings(host: str) -> list[str]:
    """`host` and its other form: an address bar may show "münchen.de" or "xn--mnchen-3ya.de"."""
    forms = [host]
    with suppress(UnicodeError):  # no name of the domain system, e.g. an over-long label
        forms.append(host.encode("idna").decode())
    with suppress(UnicodeError):  # not in its ASCII form
        forms.append(host.encode("ascii").decode("idna"))
    return list(dict.fromkeys(forms))


def propositions(s: Session, scope: Scope) -> list[PropositionId]:
    """The propositions that `scope` names by themselves, whatever they rest on."""
    if isinstance(scope, Claim):
        return [scope.proposition_id]
    return topic.propositions(s, scope.words) if isinstance(scope, Topic) else []


@dataclass(frozen=True, slots=True)
class Gone:
    """What is about to be forgotten: observations, and evidence that has outlived its observation."""

    ids: frozenset[str]
    scope: Scope

    @property
    def outlived(self) -> ColumnElement[bool] | None:
        """The evidence rows without observation that go too; None: none do."""
        e = EvidenceRow
        if isinstance(self.scope, App):
            return and_(e.observation_id.is_(None), e.app == self.scope.app)
        if isinstance(self.scope, Span):
            ends = [] if self.scope.since is None else [e.at >= self.scope.since]
            ends += [] if self.scope.until is None else [e.at <= self.scope.until]
            return and_(e.observation_id.is_(None), *ends)
        return None

    def takes(self, observation_id: str, app: str, at: datetime | None) -> bool:
        """Whether a piece of evidence goes; app and time count when its observation is gone already."""
        if observation_id and observation_id in self.ids:
            return True
        if at is None:
            return False
        if isinstance(self.scope, App):
            return app == self.scope.app
        if isinstance(self.scope, Span):
            return (self.scope.since is None or at >= self.scope.since) and (
                self.scope.until is None or at <= self.scope.until
            )
        return False
