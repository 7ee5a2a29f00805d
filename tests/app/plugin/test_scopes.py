"""Client, route and field: the whole matrix, and no word from outside a scope in any byte of any answer."""

import asyncio
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gum.grants import Part, Right, Scope, admits_apps, admits_claim, admits_text
from gum.types import Observation, Proposition, Sensitivity, SuggestionId
from storage import disclosures, observations, propositions, suggestions
from storage.db import Database
from tests.app.plugin.house import House
from tests.builders import NOON, evidence, observation, proposition
from tests.storage.builders import new, suggestion

KINDS = (("working_on", "thing"), ("has_deadline", "task"), ("prefers", "thing"))
APPS = ("code", "signal", "firefox")
TOPICS = ("thesis", "divorce", "garden")
Request = tuple[str, str, Mapping[str, object] | None]


@dataclass(frozen=True)
class Planted:
    """A claim, what it rests on, and the words that stand nowhere else."""

    n: int
    claim: Proposition
    seen: tuple[Observation, ...]

    def word(self, kind: str) -> str:
        return f"{kind}canary{self.n:02}x"


def planted() -> list[Planted]:
    made = []
    for n, (topic, app, (kind, slot)) in enumerate(itertools.product(TOPICS, APPS, KINDS)):
        at = NOON - timedelta(days=n * 2, minutes=1)
        thing = f"{topic} claimcanary{n:02}x"
        slots = {slot: thing, **({"date": "friday"} if kind == "has_deadline" else {})}
        claim = replace(
            proposition(
                f"About {thing}",
                id=f"p{n}",
                type=kind,
                slots=slots,
                at=at,
                confidence=0.9,
                half_life=timedelta(days=300),
                valid_until=NOON + timedelta(days=n % 9 + 1),
            ),
            sensitivity=Sensitivity.SENSITIVE if n % 5 == 0 else Sensitivity.NORMAL,
        )
        apps = [app, "signal"] if n % 4 == 0 else [app]
        seen = tuple(
            observation(
                f"{thing} quotecanary{n:02}x\ntextcanary{n:02}x",
                id=f"o{n}{each}",
                at=at if n > 2 else NOON - timedelta(minutes=5 - n),
                app=each,
                title=f"{topic} titlecanary{n:02}x",
            )
            for each in dict.fromkeys(apps)
        )
        made.append(Planted(n, replace(claim, supported_at=seen[0].at), seen))
    return made


PLANTED = planted()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    database = Database.open(tmp_path_factory.mktemp("db") / "g.db", bytes(32))

    def fill(s):  # type: ignore[no-untyped-def]
        for each in PLANTED:
            for o in each.seen:
                observations.append(s, o)
            quote = f"{next(iter(each.claim.slots.values()))} {each.word('quote')}"
            propositions.commit(s, [new(each.claim, [evidence(o.id, quote) for o in each.seen])])
            offer = suggestion([each.claim.id], text=f"Shall I look after {each.word('claim')}?")
            why = f"You look at {each.word('title')}"
            suggestions.add(s, replace(offer, id=SuggestionId(f"s{each.n}"), why_now=why))

    database.run_sync(fill)
    yield House(database)
    database.close()


def requests() -> list[Request]:
    """Every way to ask that needs nobody's approval, with words of every claim."""
    some = [each.word("claim") for each in PLANTED[::4]] + [*TOPICS, "quotecanary", "titlecanary01x"]
    return [
        ("GET", "/v1/status", None),
        ("GET", "/v1/search?limit=100", None),
        *(("GET", f"/v1/search?limit=100&q={q}", None) for q in some),
        *(
            ("POST", "/v1/context", {"query": q, "budget": 8000, "limit": 50})
            for q in ("what should I do?", *some)
        ),
        *(("POST", "/v1/ask", {"question": q}) for q in some),
        *(("GET", f"/v1/claims/{each.claim.id}", None) for each in PLANTED),
        ("GET", "/v1/moment", None),
        ("GET", "/v1/activity?minutes=1000000&limit=100", None),
        ("GET", "/v1/agenda?days=300&limit=100", None),
        ("GET", "/v1/suggestions?limit=100&state=all", None),
        *(("POST", f"/v1/suggestions/s{each.n}/nothing", {}) for each in PLANTED[:1]),
    ]


REQUESTS = requests()


def allowed(scope: Scope) -> set[str]:
    """The words that this scope may see, by the pure rules alone."""
    words: set[str] = set()
    for each in PLANTED:
        shown = admits_claim(scope, each.claim, [o.app for o in each.seen], NOON)
        reads, suggests = Right.READ in scope.rights, Right.SUGGEST in scope.rights
        oldest = scope.oldest(NOON)
        seen = [
            o
            for o in each.seen
            if admits_apps(scope, [o.app])
            and admits_text(scope, o.title, o.text)
            and (oldest is None or o.at >= oldest)
        ]
        if shown and (reads or suggests):
            words.add(each.word("claim"))
        if shown and reads and Part.QUOTES in scope.parts:
            words.add(each.word("quote"))
        if reads and Part.TRANSCRIPTS in scope.parts and seen:
            words |= {each.word(kind) for kind in ("claim", "quote", "title", "text")}
        if shown and suggests and Part.TRANSCRIPTS in scope.parts:
            words.add(each.word("title"))  # "why now"
    return words


EVERY = {each.word(kind) for each in PLANTED for kind in ("claim", "quote", "title", "text")}


def said(answers: list[httpx.Response]) -> set[str]:
    whole = "\n".join(f"{a.headers}\n{a.text}" for a in answers)
    return {word for word in EVERY if word in whole}


SCOPES = st.builds(
    Scope,
    rights=st.frozensets(st.sampled_from(Right)),
    parts=st.frozensets(st.sampled_from(Part)),
    types=st.frozensets(st.sampled_from([kind for kind, _ in KINDS]), max_size=2),
    topics=st.lists(st.sampled_from(TOPICS), max_size=2).map(tuple),
    no_topics=st.lists(st.sampled_from(TOPICS), max_size=1).map(tuple),
    apps=st.frozensets(st.sampled_from(APPS), max_size=2),
    no_apps=st.frozensets(st.sampled_from(APPS), max_size=1),
    sensitive=st.booleans(),
    max_age=st.none() | st.integers(1, 60).map(lambda days: timedelta(days=days)),
    real_names=st.booleans(),
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(scope=SCOPES)
def test_no_word_from_outside_the_scope_is_in_any_byte(house: House, scope: Scope) -> None:
    assert said(house.asks(house.grant(scope), REQUESTS)) <= allowed(scope)


def test_the_check_can_fail(house: House) -> None:
    """With everything granted nearly everything is said: the words above are not out of reach anyway."""
    whole = Scope(rights=frozenset(Right), parts=frozenset(Part), sensitive=True, real_names=True)
    told = said(house.asks(house.grant(whole), REQUESTS))
    assert len(told) > 0.8 * len(EVERY)


PARTS_OF = {
    "/v1/search": {Part.CLAIMS, Part.TRANSCRIPTS},
    "/v1/context": {Part.CLAIMS},
    "/v1/ask": {Part.CLAIMS},
    "/v1/agenda": {Part.CLAIMS},
    "/v1/claims": {Part.CLAIMS},
    "/v1/moment": {Part.ACTIVITY},
    "/v1/activity": {Part.ACTIVITY},
}
"""The parts of which a client needs one, besides the right to read."""
MATRIX: list[Request] = [
    ("GET", "/v1/status", None),
    ("GET", "/v1/search", None),
    ("POST", "/v1/context", {"query": "thesis"}),
    ("POST", "/v1/ask", {"question": "thesis"}),
    ("GET", "/v1/agenda", None),
    ("GET", "/v1/claims/p1", None),
    ("GET", "/v1/moment", None),
    ("GET", "/v1/activity", None),
    ("GET", "/v1/suggestions", None),
]


def expected(scope: Scope, path: str) -> int:
    if path == "/v1/status":
        return 200
    if path == "/v1/suggestions":
        return 200 if Right.SUGGEST in scope.rights else 403
    base = "/".join(path.split("/")[:3])
    fits = Right.READ in scope.rights and bool(PARTS_OF[base] & scope.parts)
    return 200 if fits else 403


def subsets(kind):  # type: ignore[no-untyped-def]
    every = list(kind)
    return [frozenset(some) for n in range(len(every) + 1) for some in itertools.combinations(every, n)]


@pytest.mark.parametrize("rights", subsets(Right), ids=lambda some: "+".join(sorted(some)) or "none")
def test_the_matrix_of_rights_parts_and_routes_is_whole(house: House, rights: frozenset[Right]) -> None:
    for parts in subsets(Part):
        scope = Scope(rights=rights, parts=parts)
        for request, answer in zip(MATRIX, house.asks(house.grant(scope), MATRIX), strict=True):
            assert answer.status_code == expected(scope, request[1]), (request[1], parts)
            if answer.status_code == 200 and request[1] != "/v1/status":
                fields(scope, answer.json())
            elif answer.status_code == 403:
                assert set(answer.json()) == {"type", "title", "status", "detail", "hint"}


def fields(scope: Scope, told: object) -> None:
    """No field of an answer holds what its part was not given for."""
    if isinstance(told, list):
        for each in told:
            fields(scope, each)
    if not isinstance(told, dict):
        return
    if Part.QUOTES not in scope.parts:
        assert told.get("quote") is None
    if Part.ACTIVITY not in scope.parts and "trust" not in told:  # an observation tells where it was seen
        assert told.get("app") is None
    if Part.TRANSCRIPTS not in scope.parts:
        assert not told.get("observations") or isinstance(told["observations"], int)
        assert not told.get("title")
        assert not told.get("titles")
        assert not told.get("why_now")
    if "notice" in told:
        assert "never instructions" in told["notice"]
    for each in told.values():
        fields(scope, each)


def test_the_matrix_has_every_route(house: House) -> None:
    """A route that is added must come into the matrix, or be named here with the test that tries it."""
    elsewhere = {
        "events": "tests/app/plugin/test_service.py",
        "feedback": "tests/app/plugin/test_service.py",
        "propose": "tests/app/plugin/test_acting.py",
        "forget": "tests/app/plugin/test_acting.py",
        "proposal": "tests/app/plugin/test_acting.py",
        "plan": "tests/app/plugin/test_acting.py",
        "plan_state": "tests/app/plugin/test_acting.py",
        "execute": "tests/app/plugin/test_acting.py",
    }
    answer = asyncio.run(house.ask(house.grant(Scope()), "GET", "/v1/openapi.json"))
    every = {op["operationId"] for ops in answer.json()["paths"].values() for op in ops.values()}
    tried = {path.split("/")[2].removesuffix("s") for _, path, _ in MATRIX}
    assert {name.removesuffix("s") for name in every - set(elsewhere)} == tried


def test_what_is_sent_is_in_the_log_to_the_byte(house: House) -> None:
    whole = house.grant(Scope(rights=frozenset(Right), parts=frozenset(Part), sensitive=True), "Byte")
    sent = {a.content for a in house.asks(whole, MATRIX) if a.status_code == 200 and "notice" in a.json()}

    def logged(s):  # type: ignore[no-untyped-def]
        rows = disclosures.list_(s, 50, client_id="byte")
        return {disclosures.content(s, row.id)[1] for row in rows}

    assert len(sent) == len(MATRIX) - 1  # all but the status, which tells nothing of the person
    assert sent == house.database.read_sync(logged)
