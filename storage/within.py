"""A scope (`gum.grants`) as conditions in SQL, for rows called `p`: what it does not admit is never fetched.

The words of topics are compared by `gum.topic`, through a function that every connection knows (`teach`).
"""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlcipher3 import dbapi2

from gum.claims import LOWEST
from gum.grants import Part, Scope
from gum.text import pieces
from gum.topic import says
from gum.types import Sensitivity
from storage.columns import micros

SAYS = "says_topic"


class Conditions(NamedTuple):
    """Those an index knows, those the row itself must be read for, and their values."""

    quick: list[str]
    rest: list[str]
    values: dict[str, object]


def teach(connection: dbapi2.Connection) -> None:
    """Gives a connection the function that the conditions use."""
    connection.create_function(SAYS, 2, _says, deterministic=True)


def of_claims(scope: Scope, now: datetime) -> Conditions:
    """Which claims may be shown: as `gum.grants.admits_claim`, of those that are used and believed."""
    made = Conditions(["p.status = 'active'"], [f"p.confidence > {LOWEST}"], {})
    if Part.CLAIMS not in scope.parts:
        made.quick.append("FALSE")
    if scope.types:
        made.quick.append("p.type IN (SELECT value FROM json_each(:scope_types))")
        made.values["scope_types"] = json.dumps(sorted(scope.types))
    if (oldest := scope.oldest(now)) is not None:
        made.quick.append("p.supported_at >= :scope_oldest")
        made.values["scope_oldest"] = micros(oldest)
    if not scope.sensitive:
        made.rest.append(f"p.sensitivity = '{Sensitivity.NORMAL}'")
    if scope.by_app:
        evidence = "SELECT 1 FROM evidence e WHERE e.proposition_id = p.id"
        made.rest.append(
            f"EXISTS ({evidence}) AND NOT EXISTS ({evidence} AND NOT ({_app(scope, 'e', made)}))"
        )
    _topics(scope, "p.text || ' ' || p.slots", made)
    return made


def of_observations(scope: Scope, now: datetime) -> Conditions:
    """Which observations may be shown to a client that may read transcripts, or counted for its activity."""
    made = Conditions([], [], {})
    if (oldest := scope.oldest(now)) is not None:
        made.quick.append("p.at >= :scope_oldest")
        made.values["scope_oldest"] = micros(oldest)
    if scope.by_app:
        made.quick.append(_app(scope, "p", made))
    _topics(scope, "p.title || ' ' || coalesce(p.url, '') || ' ' || p.text", made)
    return made


def _app(scope: Scope, row: str, made: Conditions) -> str:
    """That something was seen where it may be shown from; nowhere is no such place."""
    wanted = [f"{row}.app <> ''"]
    for name, apps, sign in (("apps", scope.apps, "IN"), ("no_apps", scope.no_apps, "NOT IN")):
        if apps:
            wanted.append(f"{row}.app {sign} (SELECT value FROM json_each(:scope_{name}))")
            made.values[f"scope_{name}"] = json.dumps(sorted(apps))
    return " AND ".join(wanted)


def _topics(scope: Scope, text: str, made: Conditions) -> None:
    if scope.topics:
        made.rest.append(f"{SAYS}(:scope_topics, {text})")
        made.values["scope_topics"] = json.dumps(scope.topics)
    if scope.no_topics:
        made.rest.append(f"NOT {SAYS}(:scope_no_topics, {text})")
        made.values["scope_no_topics"] = json.dumps(scope.no_topics)


def _says(topics: str, text: str) -> bool:
    return any(says(words, text) for words in _pieces(topics))


@lru_cache(maxsize=256)
def _pieces(topics: str) -> tuple[Sequence[str], ...]:
    return tuple(pieces(topic) for topic in json.loads(topics))
