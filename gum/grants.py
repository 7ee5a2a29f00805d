"""What somebody else's program may know and do: a scope, given by the person to one client. Pure.

Everything is denied that a scope does not name, and what cannot be judged is denied, too: a claim whose
evidence says no longer where it was seen is not shown to a client that may see one application only.
The store asks `admits_claim` and `admits_text` of every row it would hand out (`storage.granted`), so a route
that forgets to ask cannot exist.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from gum.claims import TABLE
from gum.errors import NotAllowed
from gum.text import pieces
from gum.topic import says
from gum.types import Proposition, Sensitivity

ClientId = NewType("ClientId", str)
DAY = timedelta(days=1)
SHORTEST_AGE, LONGEST_AGE = 1 / (24 * 60), 36_525  # days
MOST_WORDS = 50  # topics, or applications, of one scope


class Right(StrEnum):
    """What a client may do. None includes another."""

    READ = "read"  # ask what is known
    SUGGEST = "suggest"  # see offers and pass on reactions; put a fact before the person
    ACT = "act"  # propose plans and forgetting, which the person approves, and run what was approved


class Part(StrEnum):
    """What of the knowledge a client may read."""

    CLAIMS = "claims"  # propositions: sentences of ours, with confidence and dates
    ACTIVITY = "activity"  # which program is in use and how busy the person is, without titles
    QUOTES = "quotes"  # the words of the screen that a claim rests on
    TRANSCRIPTS = "transcripts"  # observations: titles, addresses and text as they stood on the screen


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a client gets. As it stands: ordinary claims of any age, under pseudonyms, and nothing else.

    An empty `types`, `topics` or `apps` bounds nothing; `no_topics` and `no_apps` take away. Topics are words
    as in forgetting (`gum.topic`), applications names as their windows give them, in lower case.
    """

    rights: frozenset[Right] = frozenset({Right.READ})
    parts: frozenset[Part] = frozenset({Part.CLAIMS})
    types: frozenset[str] = frozenset()
    topics: tuple[str, ...] = ()
    no_topics: tuple[str, ...] = ()
    apps: frozenset[str] = frozenset()
    no_apps: frozenset[str] = frozenset()
    sensitive: bool = False
    max_age: timedelta | None = None
    real_names: bool = False

    @property
    def by_app(self) -> bool:
        """Whether it matters where something was seen."""
        return bool(self.apps or self.no_apps)

    @property
    def by_topic(self) -> bool:
        return bool(self.topics or self.no_topics)

    def oldest(self, now: datetime) -> datetime | None:
        """What is from before then is not shown."""
        return now - self.max_age if self.max_age is not None else None


@dataclass(frozen=True, slots=True)
class Grant:
    """A scope that the person gave to a client; None: until they take it back."""

    client: ClientId
    name: str
    scope: Scope
    given_at: datetime
    until: datetime | None = None

    @property
    def recipient(self) -> str:
        """The client in the person's words, as the audit names who receives something."""
        return f"the assistant {self.name}"

    def holds(self, now: datetime) -> bool:
        return self.until is None or now < self.until


def need(scope: Scope, right: Right, *parts: Part) -> None:
    """Raises NotAllowed unless `scope` has the right and one of `parts`, if any is given."""
    if right not in scope.rights:
        raise NotAllowed(f"This assistant was not given the right to {right}", _HOW)
    if parts and not scope.parts & set(parts):
        raise NotAllowed(f"This assistant may not read {parts[0]}", _HOW)


_HOW = "You can give it in Gumption's window, under Assistants."


def admits_apps(scope: Scope, apps: Collection[str]) -> bool:
    """Whether what was seen in all of `apps` may be shown; none at all may, unless places are no matter."""
    if not scope.by_app:
        return True
    if not apps or "" in apps:
        return False
    return (not scope.apps or set(apps) <= scope.apps) and not set(apps) & scope.no_apps


def admits_text(scope: Scope, *texts: str) -> bool:
    """Whether what these say together is about a topic that may be shown, and about none that may not."""
    if not scope.by_topic:
        return True
    whole = " ".join(texts)
    if any(says(pieces(topic), whole) for topic in scope.no_topics):
        return False
    return not scope.topics or any(says(pieces(topic), whole) for topic in scope.topics)


def silent_on(scope: Scope, text: str) -> bool:
    """Whether `text`, shown beside something that may be shown, speaks of no topic that may not."""
    return not any(says(pieces(topic), text) for topic in scope.no_topics)


def admits_claim(scope: Scope, claim: Proposition, apps: Collection[str], now: datetime) -> bool:
    """Whether a claim may be shown. `apps`: those in which any evidence of it was seen."""
    if Part.CLAIMS not in scope.parts or (scope.types and claim.type not in scope.types):
        return False
    if claim.sensitivity is not Sensitivity.NORMAL and not scope.sensitive:
        return False
    oldest = scope.oldest(now)
    if oldest is not None and claim.supported_at < oldest:
        return False
    return admits_apps(scope, apps) and admits_text(scope, claim.text, *claim.slots.values())


def narrowed(asked: Scope, given: Scope) -> Scope:
    """What both allow: a client asks for something, the person gives something."""
    ages = [age for age in (asked.max_age, given.max_age) if age is not None]
    return Scope(
        rights=asked.rights & given.rights,
        parts=asked.parts & given.parts,
        types=_both(asked.types, given.types),
        topics=given.topics or asked.topics,
        no_topics=tuple(dict.fromkeys((*asked.no_topics, *given.no_topics))),
        apps=_both(asked.apps, given.apps),
        no_apps=asked.no_apps | given.no_apps,
        sensitive=asked.sensitive and given.sensitive,
        max_age=min(ages, default=None),
        real_names=asked.real_names and given.real_names,
    )


NOWHERE = "(none)"  # a name nobody has: two lists without a common entry allow nothing, not everything


def _both(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    if not one or not other:
        return one or other
    return one & other or frozenset({NOWHERE})


def to_json(scope: Scope) -> dict[str, object]:
    """As it is kept and sent: names, lists, and days."""
    made: dict[str, object] = {}
    for each in fields(scope):
        value = getattr(scope, each.name)
        made[each.name] = sorted(value) if isinstance(value, frozenset) else value
    made["topics"], made["no_topics"] = list(scope.topics), list(scope.no_topics)
    made["max_age_days"] = scope.max_age / DAY if scope.max_age is not None else None
    del made["max_age"]
    return made


def from_json(kept: Mapping[str, object]) -> Scope:
    """What `to_json` made, or a person typed. Raises NotAllowed for what is none."""
    try:
        return _checked(kept)
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise NotAllowed("That is not a scope", str(error)) from error


def _checked(kept: Mapping[str, object]) -> Scope:
    known = {each.name for each in fields(Scope)} - {"max_age"} | {"max_age_days"}
    if unknown := set(kept) - known:
        raise ValueError(f"there is nothing called {sorted(unknown)[0]!r} in it")
    days = kept.get("max_age_days")
    if days is not None and not (isinstance(days, int | float) and SHORTEST_AGE <= days <= LONGEST_AGE):
        raise ValueError("max_age_days is a number of days: at least a minute, at most a century")
    types = _words(kept, "types")
    if unknown := set(types) - set(TABLE) - {NOWHERE}:
        raise ValueError(f"there is no type of claim called {sorted(unknown)[0]!r}: {', '.join(TABLE)}")
    topics, no_topics = (_words(kept, name) for name in ("topics", "no_topics"))
    if wordless := [topic for topic in (*topics, *no_topics) if not pieces(topic)]:
        raise ValueError(f"{wordless[0]!r} is no topic: it has no words")
    apps, no_apps = (frozenset(a.strip().lower() for a in _words(kept, name)) for name in ("apps", "no_apps"))
    return Scope(
        rights=frozenset(Right(each) for each in _words(kept, "rights", [Right.READ])),
        parts=frozenset(Part(each) for each in _words(kept, "parts", [Part.CLAIMS])),
        types=frozenset(types),
        topics=tuple(topics),
        no_topics=tuple(no_topics),
        apps=apps,
        no_apps=no_apps,
        sensitive=_bool(kept, "sensitive"),
        max_age=timedelta(days=float(days)) if isinstance(days, int | float) else None,
        real_names=_bool(kept, "real_names"),
    )


def _words(kept: Mapping[str, object], name: str, default: Sequence[str] = ()) -> list[str]:
    value = kept.get(name, default)
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"{name} is a list of words")
    if len(value) > MOST_WORDS or any(not each.strip() or len(each) > 200 for each in value):
        raise ValueError(f"{name} has at most {MOST_WORDS} entries, none of them empty or very long")
    return list(value)


def _bool(kept: Mapping[str, object], name: str) -> bool:
    value = kept.get(name, False)
    if not isinstance(value, bool):
        raise ValueError(f"{name} is true or false")
    return value


@dataclass(frozen=True, slots=True)
class Preset:
    """A scope with a name a person understands."""

    label: str
    what: str
    scope: Scope = field(default_factory=Scope)


_ORDINARY = Scope()
PRESETS: Mapping[str, Preset] = {
    "claims": Preset("What Gumption concluded", "Claims about you that are not sensitive.", _ORDINARY),
    "helper": Preset(
        "Helper",
        "Claims, which program is in use, offers and your reactions; it may put facts before you.",
        replace(
            _ORDINARY,
            rights=frozenset({Right.READ, Right.SUGGEST}),
            parts=frozenset({Part.CLAIMS, Part.ACTIVITY}),
        ),
    ),
    "agent": Preset(
        "Agent",
        "As Helper, with quotes; it may also plan actions, each of which you approve.",
        replace(
            _ORDINARY,
            rights=frozenset(Right),
            parts=frozenset({Part.CLAIMS, Part.ACTIVITY, Part.QUOTES}),
        ),
    ),
}
