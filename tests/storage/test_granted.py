"""Reading under a grant: what is out of scope is not there, whatever is asked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gum.grants import Part, Scope
from gum.types import Proposition, PropositionId, Suggestion, SuggestionId
from storage import granted, observations, propositions, suggestions
from storage.db import Database
from storage.search import NO_MEANING
from tests.builders import NOON, evidence, observation, proposition
from tests.storage.builders import new, suggestion

ALL = frozenset(Part)
EVERY = Scope(parts=ALL)
CODE = replace(EVERY, apps=frozenset({"code"}))
SECRET = "zebracanary"


def named(why: list[str], key: str) -> Suggestion:
    return replace(suggestion(why), id=SuggestionId(key))


@pytest.fixture
def full(db: Database) -> Database:
    """A claim seen in code, one seen in signal, one seen in both; each with a date ahead."""

    def fill(s):  # type: ignore[no-untyped-def]
        for n, (name, apps) in enumerate({"a": ["code"], "b": ["signal"], "c": ["code", "signal"]}.items()):
            thing = f"thesis {name}" if name == "a" else f"{SECRET} {name}"
            cited = []
            for app in apps:
                at = NOON - timedelta(minutes=10 - n)
                seen = observation(
                    f"{thing} quote", id=f"{name}-{app}", app=app, at=at, title=f"{thing} title"
                )
                observations.append(s, seen)
                cited.append(evidence(seen.id, f"{thing} quote"))
            p = proposition(
                f"Works on {thing}", id=name, slots={"thing": thing}, valid_until=NOON + timedelta(days=n + 1)
            )
            propositions.commit(s, [new(p, cited)])
        for name in ("a", "b", "c"):
            suggestions.add(s, named([name], f"s{name}"))
        suggestions.add(s, named([], "s0"))
        suggestions.add(s, named(["a", "b"], "sab"))

    db.run_sync(fill)
    return db


def test_a_search_finds_what_the_scope_admits(full: Database) -> None:
    def look(scope: Scope, query: str) -> tuple[list[str], list[str]]:
        found = full.read_sync(lambda s: granted.find(s, scope, query, NO_MEANING, 10, NOON))
        return sorted(p.id for p, _ in found.propositions), sorted(o.id for o, _ in found.observations)

    for query in ("", "works on", "quote", SECRET, "thesis"):
        claims, seen = look(CODE, query)
        assert set(claims) <= {"a"}, query
        assert set(seen) <= {"a-code", "c-code"}, query  # what was seen in code, of whatever claim
    assert look(EVERY, "")[0] == ["a", "b", "c"]
    assert look(replace(EVERY, parts=frozenset({Part.CLAIMS})), "")[1] == []
    no_secret = replace(EVERY, no_topics=(SECRET,))
    assert look(no_secret, "") == (["a"], ["a-code"])
    assert look(no_secret, SECRET) == ([], [])


def test_the_newest_of_several_types_are_those_of_a_search_for_each(full: Database) -> None:
    def fill(s):  # type: ignore[no-untyped-def]
        for n in range(4):
            p = proposition(f"Likes tea {n}", id=f"t{n}", type="prefers", slots={"thing": f"tea {n}"})
            propositions.commit(s, [new(replace(p, supported_at=NOON - timedelta(hours=n)), [])])

    full.run_sync(fill)
    types = ["prefers", "working_on", "nothing_has_this"]

    def newest(scope: Scope, limit: int) -> list[Proposition]:
        return full.read_sync(lambda s: granted.newest(s, scope, types, limit, NOON))

    def search(scope: Scope, limit: int, type_: str) -> list[Proposition]:
        found = full.read_sync(lambda s: granted.find(s, scope, "", NO_MEANING, limit, NOON, type_=type_))
        return [p for p, _ in found.propositions]

    likes = replace(EVERY, types=frozenset({"prefers"}))
    for scope in (EVERY, CODE, replace(EVERY, no_topics=(SECRET,)), likes):
        for limit in (1, 2, 10):
            assert newest(scope, limit) == [p for type_ in types for p in search(scope, limit, type_)]
    assert full.read_sync(lambda s: granted.newest(s, EVERY, [], 10, NOON)) == []
    assert {p.id for p in newest(CODE, 10)} >= {"a"}


def test_a_claim_is_looked_up_only_in_scope(full: Database) -> None:
    ids = [PropositionId(key) for key in ("a", "b", "c", "nobody", "' OR 1=1 --")]
    assert set(full.read_sync(lambda s: granted.claims(s, EVERY, ids, NOON))) == {"a", "b", "c"}
    assert set(full.read_sync(lambda s: granted.claims(s, CODE, ids, NOON))) == {"a"}
    assert full.read_sync(lambda s: granted.claims(s, CODE, [], NOON)) == {}


def test_what_is_due_comes_in_order_and_in_portions(full: Database) -> None:
    end = NOON + timedelta(days=10)

    def due(scope: Scope, limit: int = 10, skip: int = 0) -> list[str]:
        return [p.id for p in full.read_sync(lambda s: granted.due(s, scope, NOON, end, limit, skip, NOON))]

    assert due(EVERY) == ["a", "b", "c"]
    assert due(EVERY, 2, 1) == ["b", "c"]
    assert due(CODE) == ["a"]


def test_quotes_and_places_are_told_to_those_alone_who_may_read_them(full: Database) -> None:
    def cited(scope: Scope, key: str = "a") -> list[granted.Cited]:
        return list(
            full.read_sync(lambda s: granted.cited(s, scope, [PropositionId(key)], NOON))[PropositionId(key)]
        )

    [bare] = cited(Scope())
    assert (bare.quote, bare.app) == (None, None)
    [quoted] = cited(replace(EVERY, parts=frozenset({Part.CLAIMS, Part.QUOTES})))
    assert (quoted.quote, quoted.app) == ("thesis a quote", None)
    [placed] = cited(replace(EVERY, parts=frozenset({Part.CLAIMS, Part.ACTIVITY})))
    assert (placed.quote, placed.app) == (None, "code")
    assert [c.quote for c in cited(replace(EVERY, no_topics=("quote",)))] == [None]
    assert cited(replace(EVERY, max_age=timedelta(minutes=1))) == []


def test_out_of_scope_work_has_no_name(full: Database) -> None:
    def look(scope: Scope) -> list[tuple[str | None, str | None]]:
        found = full.read_sync(lambda s: granted.sights(s, scope, NOON - timedelta(hours=1), NOON, NOON))
        return [(sight.app, sight.title) for sight in found]

    assert look(EVERY)[0] == ("code", "thesis a title")
    assert {app for app, _ in look(EVERY)} == {"code", "signal"}
    assert {app for app, _ in look(CODE)} == {"code", None}
    assert all(title is None for app, title in look(CODE) if app is None)
    assert all(title is None for _, title in look(replace(CODE, parts=frozenset({Part.ACTIVITY}))))
    assert look(replace(EVERY, parts=frozenset({Part.CLAIMS}))) == []
    assert look(replace(EVERY, max_age=timedelta(seconds=1))) == []


def test_an_offer_is_shown_when_every_reason_may_be(full: Database) -> None:
    def look(scope: Scope) -> set[str]:
        return {g.id for g, _ in full.read_sync(lambda s: granted.offers(s, scope, None, 10, NOON))}

    assert look(EVERY) == {"sa", "sb", "sc", "s0", "sab"}
    assert look(CODE) == {"sa"}
    assert look(replace(EVERY, no_topics=(SECRET,))) == {"sa"}
    one = full.read_sync(lambda s: granted.offer(s, CODE, SuggestionId("sab"), NOON))
    assert one is None
    # The newer ones, which are out of scope, do not hide it.
    assert [g.id for g, _ in full.read_sync(lambda s: granted.offers(s, CODE, None, 1, NOON))] == ["sa"]


def test_why_now_tells_of_the_screen_and_stays_here(full: Database) -> None:
    def why(scope: Scope) -> str:
        found = full.read_sync(lambda s: granted.offer(s, scope, SuggestionId("sa"), NOON))
        assert found is not None
        return found[0].why_now

    assert why(EVERY) != ""
    assert why(Scope()) == ""
