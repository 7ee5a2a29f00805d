"""The conditions in SQL say of every claim and observation what `gum.grants` says."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from sqlalchemy import text

from gum.grants import Part, Scope, admits_apps, admits_claim, admits_text
from gum.types import Proposition, Sensitivity, Status
from storage import observations, propositions
from storage.db import Database
from storage.within import Conditions, of_claims, of_observations
from tests.builders import NOON, evidence, observation, proposition
from tests.gum.test_grants import SCOPES
from tests.storage.builders import new

APPS = ("firefox", "code", "signal", "")
THINGS = ("thesis", "divorce", "東京旅行", "knitting for the bakery", 'a "quoted" thesis\nin two lines')


def filled(db: Database) -> list[tuple[Proposition, Sequence[str]]]:
    """Claims on every topic, of several ages and types, seen in every mixture of applications."""
    claims: list[tuple[Proposition, Sequence[str]]] = []
    for n in range(60):
        thing = THINGS[n % len(THINGS)]
        private = n % 7 == 0
        kind, slot = (("working_on", "thing"), ("learning", "subject"), ("prefers", "thing"))[n % 3]
        p = proposition(
            f"{kind} {thing} {n}",
            id=f"p{n}",
            type=kind,
            slots={slot: f"{thing} {n}"},
            at=NOON - timedelta(days=2 * n),
        )
        p = replace(p, sensitivity=Sensitivity.SENSITIVE if private else Sensitivity.NORMAL)
        claims.append((p, [app for bit, app in enumerate(APPS) if n & (1 << bit)] or [APPS[n % 3]]))

    def fill(s):  # type: ignore[no-untyped-def]
        for p, apps in claims:
            cited = []
            for app in apps:
                seen = observation(
                    p.text, id=f"{p.id}{app}", app=app, at=p.supported_at, title=f"{app} title"
                )
                observations.append(s, seen)
                cited.append(evidence(seen.id, p.text))
            propositions.commit(s, [new(p, cited)])

    db.run_sync(fill)
    return claims


def found(db: Database, table: str, made: Conditions) -> set[str]:
    where = " AND ".join(f"({each})" for each in (*made.quick, *made.rest)) or "TRUE"
    sql = text(f"SELECT p.id FROM {table} p WHERE {where}")
    return db.read_sync(lambda s: set(s.scalars(sql, made.values)))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scope=SCOPES)
def test_sql_and_the_pure_rule_agree(db: Database, scope: Scope) -> None:
    claims = FILLED.get(id(db)) or FILLED.setdefault(id(db), filled(db))
    wanted = {p.id for p, apps in claims if admits_claim(scope, p, apps, NOON)}
    assert found(db, "propositions", of_claims(scope, NOON)) == wanted
    oldest = scope.oldest(NOON)
    seen = {
        f"{p.id}{app}"
        for p, apps in claims
        for app in apps
        if admits_apps(scope, [app])
        and admits_text(scope, f"{app} title", p.text)
        and (oldest is None or p.supported_at >= oldest)
    }
    assert found(db, "observations", of_observations(scope, NOON)) == seen


FILLED: dict[int, list[tuple[Proposition, Sequence[str]]]] = {}


def test_without_the_part_no_claim_is_there(db: Database) -> None:
    filled(db)
    assert found(db, "propositions", of_claims(Scope(), NOON))
    assert not found(db, "propositions", of_claims(Scope(parts=frozenset({Part.ACTIVITY})), NOON))


def test_names_are_values_and_never_sql(db: Database) -> None:
    filled(db)
    odd = "x') OR 1=1 --"
    for scope in (
        Scope(apps=frozenset({odd})),
        Scope(topics=(odd,)),
        Scope(types=frozenset({odd})),
    ):
        assert not found(db, "propositions", of_claims(scope, NOON))
    everything = found(db, "propositions", of_claims(Scope(), NOON))
    assert found(db, "propositions", of_claims(Scope(no_topics=(odd,)), NOON)) == everything


def test_what_is_over_or_not_believed_is_not_there(db: Database) -> None:
    stale = replace(proposition(id="stale"), status=Status.STALE)
    doubted = proposition("Works on doubts", id="doubted", slots={"thing": "doubts"}, confidence=0.02)

    def fill(s):  # type: ignore[no-untyped-def]
        observations.append(s, observation("notes.txt doubts", id="o"))
        propositions.commit(s, [new(p, [evidence("o", "notes.txt")]) for p in (stale, doubted)])

    db.run_sync(fill)
    assert found(db, "propositions", of_claims(Scope(), NOON)) == set()
