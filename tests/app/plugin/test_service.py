"""The service over a real store: each answer within the grant, in the shape that was promised."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar, cast

import pytest
from pydantic import BaseModel

from app.events import Event, Hub
from app.plugin import shapes as p
from app.plugin.acting import Acting
from app.plugin.egress import Egress
from app.plugin.service import Granted, Plugin, PluginParts
from app.shapes import StatusOut
from gum.errors import NotAllowed, NotFound, RequestUnusable
from gum.grants import ClientId, Grant, Part, Right, Scope
from gum.types import SuggestionId
from storage import observations, propositions, suggestions
from storage.db import Database
from storage.search import NO_MEANING, Meaning
from tests.builders import NOON, StillClock, evidence, observation, proposition
from tests.storage.builders import new, suggestion

M = TypeVar("M", bound=BaseModel)
ALL = Scope(rights=frozenset(Right), parts=frozenset(Part))


class Open:
    """In place of the egress (tests/app/plugin/test_egress.py): lets everything out and remembers it."""

    def __init__(self) -> None:
        self.left: list[tuple[str, str, BaseModel]] = []

    async def leave(
        self,
        grant: Grant,
        operation: str,
        query: str,
        answer: M,
        finish: Callable[[M], M] | None = None,
        as_of: int | None = None,
    ) -> M:
        answer = finish(answer) if finish is not None else answer
        self.left.append((operation, query, answer))
        return answer


class Deaf:
    """In place of what acts (tests/app/plugin/test_acting.py)."""

    async def react(self, grant: Grant, suggestion_id: str, verdict: str) -> str | None:
        return f"plan of {suggestion_id}" if verdict == "accept" else None


@dataclass
class House:
    database: Database
    egress: Open = field(default_factory=Open)
    hub: Hub = field(default_factory=Hub)
    clock: StillClock = field(default_factory=StillClock)
    state: str = "observing"
    living: bool = True

    def of(self, scope: Scope) -> Granted:
        async def nearest(query: str, count: int, kinds: Sequence[str]) -> Meaning:
            return NO_MEANING

        async def status() -> StatusOut:
            return StatusOut.model_construct(state=self.state)

        parts = PluginParts(
            "1.0",
            self.clock,
            self.database,
            self.hub,
            cast(Egress, self.egress),
            cast(Acting, Deaf()),
            nearest,
            status,
            lambda: timedelta(seconds=30),
            lambda at: False,
            lambda grant: self.living,
            lambda: 0,
        )
        return Plugin(parts).of(Grant(ClientId("c"), "Claude", scope, NOON))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    db = Database.open(tmp_path / "g.db", None)

    def fill(s):  # type: ignore[no-untyped-def]
        for n in range(5):
            at = NOON - timedelta(minutes=n)
            thing = f"thesis chapter {n}"
            observations.append(s, observation(thing, id=f"o{n}", at=at, app="code", title=f"{thing} - code"))
            claim = proposition(
                f"Has a deadline: {thing}",
                id=f"p{n}",
                type="has_deadline",
                slots={"task": thing, "date": f"day {n}"},
                at=at,
                confidence=0.8,
                valid_until=NOON + timedelta(days=n + 1),
            )
            propositions.commit(s, [new(claim, [evidence(f"o{n}", thing)])])
        suggestions.add(s, replace(suggestion(["p0"]), id=SuggestionId("s0")))

    db.run_sync(fill)
    yield House(db)
    db.close()


def test_a_context_is_claims_and_their_text_and_is_logged_with_both(house: House) -> None:
    made = asyncio.run(house.of(Scope()).context(p.ContextIn(query="what should I finish first?")))
    assert made.items
    assert all(view.text in made.text for view in made.items)
    assert made.tokens <= 600
    assert made.notice == p.NOTICE
    [(operation, query, left)] = house.egress.left
    assert (operation, query, left) == ("context", "what should I finish first?", made)
    assert all(c.quote is None and c.app is None for view in made.items for c in view.citations)


def test_a_search_is_paged_and_new_claims_do_not_shift_it(house: House) -> None:
    me = house.of(Scope())
    seen: list[str] = []
    cursor = None
    while True:
        page = asyncio.run(me.search(p.SearchIn(limit=2, cursor=cursor)))
        seen += [claim.id for claim in page.claims]
        assert page.observations == []
        cursor = page.next
        house.clock.move(timedelta(seconds=1))
        if cursor is None:
            break
    assert seen == [f"p{n}" for n in range(5)]
    assert asyncio.run(house.of(ALL).search(p.SearchIn(q="chapter 3"))).observations
    with pytest.raises(RequestUnusable):
        asyncio.run(me.search(p.SearchIn(cursor="none")))


def test_the_agenda_is_by_date_and_paged(house: House) -> None:
    me = house.of(Scope())
    first = asyncio.run(me.agenda(p.AgendaIn(limit=3)))
    rest = asyncio.run(me.agenda(p.AgendaIn(limit=3, cursor=first.next)))
    assert [i.claim.id for i in (*first.items, *rest.items)] == [f"p{n}" for n in range(5)]
    assert rest.next is None
    assert len(asyncio.run(me.agenda(p.AgendaIn(days=1.5))).items) == 1


def test_a_claim_out_of_scope_is_as_if_it_were_not(house: House) -> None:
    assert asyncio.run(house.of(Scope()).claim("p1")).claim.id == "p1"
    told = []
    for scope, key in ((Scope(apps=frozenset({"signal"})), "p1"), (Scope(), "nobody")):
        with pytest.raises(NotFound) as refused:
            asyncio.run(house.of(scope).claim(key))
        told.append((refused.value.title, refused.value.hint))
    assert told[0] == told[1]


def test_an_answer_says_when_nothing_is_known(house: House) -> None:
    me = house.of(Scope())
    assert "chapter 3" in asyncio.run(me.ask(p.AskIn(question="deadline thesis chapter 3"))).answer
    unknown = asyncio.run(me.ask(p.AskIn(question="zzz qqq")))
    assert not unknown.known
    assert unknown.claims == []


def test_the_moment_names_what_may_be_named(house: House) -> None:
    moment = asyncio.run(house.of(ALL).moment())
    assert (moment.app, moment.title, moment.observing) == ("code", "thesis chapter 0 - code", True)
    activity = replace(ALL, parts=frozenset({Part.ACTIVITY}))
    assert asyncio.run(house.of(activity).moment()).title is None
    elsewhere = replace(ALL, apps=frozenset({"signal"}))
    assert asyncio.run(house.of(elsewhere).moment()).app is None
    house.state = "paused"
    paused = asyncio.run(house.of(ALL).moment())
    assert (paused.app, paused.title, paused.activity) == (None, None, "unknown")


def test_activity_is_stretches_and_paged(house: House) -> None:
    made = asyncio.run(house.of(ALL).activity(p.ActivityIn(minutes=60)))
    assert [(s.app, s.observations) for s in made.items] == [("code", 5)]


def test_an_offer_is_passed_on_and_accepting_it_waits_for_the_person(house: House) -> None:
    me = house.of(ALL)
    assert [s.id for s in asyncio.run(me.suggestions(p.SuggestionsIn())).items] == ["s0"]
    said = asyncio.run(me.feedback("s0", p.FeedbackIn(verdict="accept")))
    assert said.suggestion.plan_id == "plan of s0"
    with pytest.raises(NotFound):
        asyncio.run(me.feedback("s1", p.FeedbackIn(verdict="accept")))
    elsewhere = house.of(replace(ALL, apps=frozenset({"signal"})))
    assert asyncio.run(elsewhere.suggestions(p.SuggestionsIn())).items == []
    with pytest.raises(NotFound):
        asyncio.run(elsewhere.feedback("s0", p.FeedbackIn(verdict="dismiss")))


@pytest.mark.parametrize(
    ("scope", "calls"),
    [
        (Scope(rights=frozenset()), ("context", "search", "claim", "ask", "agenda", "moment", "activity")),
        (Scope(), ("moment", "activity", "suggestions")),
        (replace(ALL, parts=frozenset({Part.ACTIVITY})), ("context", "claim", "ask", "agenda")),
    ],
)
def test_what_was_not_granted_is_refused(house: House, scope: Scope, calls: Sequence[str]) -> None:
    me = house.of(scope)
    given: dict[str, Callable[[], object]] = {
        "context": lambda: me.context(p.ContextIn(query="x")),
        "search": lambda: me.search(p.SearchIn()),
        "claim": lambda: me.claim("p1"),
        "ask": lambda: me.ask(p.AskIn(question="x")),
        "agenda": lambda: me.agenda(p.AgendaIn()),
        "moment": lambda: me.moment(),
        "activity": lambda: me.activity(p.ActivityIn()),
        "suggestions": lambda: me.suggestions(p.SuggestionsIn()),
    }
    for name in calls:
        with pytest.raises(NotAllowed):
            asyncio.run(given[name]())  # type: ignore[arg-type]
    assert house.egress.left == []


async def heard(house: House, scope: Scope, tell: Callable[[], None]) -> list[Event]:
    stream = house.of(scope).events()
    reading = asyncio.ensure_future(_read(stream))
    await asyncio.sleep(0.01)
    tell()
    await asyncio.sleep(0.1)
    house.hub.close()
    return await asyncio.wait_for(reading, 5)


async def _read(stream) -> list[Event]:  # type: ignore[no-untyped-def]
    return [event async for event in stream]


def test_events_are_told_as_far_as_they_are_for_this_client(house: House) -> None:
    def tell() -> None:
        house.hub.publish("proposition", {"id": "p1", "text": "raw text that no client gets"})
        house.hub.publish("proposition", {"id": "gone"})
        house.hub.publish("suggestion", {"id": "s0", "text": "raw text that no client gets"})
        house.hub.publish("pairing", {"code": "123456"})
        house.hub.publish("status", {"state": "paused", "reason": "raw text that no client gets"})

    all_ = asyncio.run(heard(house, replace(ALL, parts=frozenset({Part.CLAIMS})), tell))
    assert [event.name for event in all_] == ["proposition", "suggestion", "status"]
    assert all_[2].data == {"state": "paused"}
    assert "raw text" not in str(all_)
    house.hub = Hub()
    none = asyncio.run(heard(house, Scope(apps=frozenset({"signal"})), tell))
    assert [event.name for event in none] == ["status"]


def test_who_was_shut_out_hears_nothing_more(house: House) -> None:
    def tell() -> None:
        house.living = False
        house.hub.publish("proposition", {"id": "p1"})

    assert asyncio.run(heard(house, ALL, tell)) == []
    assert house.egress.left == []


def test_the_status_tells_what_this_client_may_do(house: House) -> None:
    told = asyncio.run(house.of(Scope()).status())
    assert (told.client, told.rights, told.parts) == ("Claude", ["read"], ["claims"])


def test_who_is_shut_out_while_it_is_answered_gets_no_answer(house: House) -> None:
    house.living = False
    with pytest.raises(NotAllowed):
        asyncio.run(house.of(ALL).search(p.SearchIn()))
