"""The paths of clients and of pairing, with real requests over a real store."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app.api.clients_routes import add_clients, add_pairing
from app.api.problems import add_errors
from app.clients import Clients
from app.events import Hub
from app.pairing import OPEN
from storage.db import Database

KEY = bytes(range(32))
Scenario = Callable[[httpx.AsyncClient, Clients], Awaitable[None]]


class Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(tmp_path / "data" / "gumption.db", KEY)
    yield opened
    opened.close()


def run(database: Database, scenario: Scenario) -> None:
    async def whole() -> None:
        api = FastAPI()
        add_errors(api)
        clients = Clients(database, Hub(), Clock())
        add_clients(api, clients)
        add_pairing(api, clients)
        transport = httpx.ASGITransport(api)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as asks:
            await scenario(asks, clients)
        await clients.stop()

    asyncio.run(whole())


def test_the_person_lets_in_changes_and_revokes(database: Database) -> None:
    async def scenario(asks: httpx.AsyncClient, clients: Clients) -> None:
        assert (await asks.get("/clients")).json() == {"items": []}
        made = (await asks.post("/clients", json={"name": "Chat", "preset": "helper", "days": 0})).json()
        id_ = made["client"]["id"]
        assert made["client"]["until"] is None and made["client"]["scope"]["rights"] == ["read", "suggest"]
        scope = {**made["client"]["scope"], "topics": ["thesis"], "max_age_days": 30}
        until = (Clock().now() + timedelta(days=1)).isoformat()
        changed = await asks.patch(f"/clients/{id_}", json={"scope": scope, "until": until})
        [item] = changed.json()["items"]
        assert (item["scope"]["topics"], item["scope"]["max_age_days"]) == (["thesis"], 30)
        assert datetime.fromisoformat(item["until"]) == Clock().now() + timedelta(days=1)
        assert set(item) == {
            "id", "name", "scope", "given_at", "until", "last_used_at", "revoked_at", "reads_today",
        }  # fmt: skip
        assert await clients.verify(made["token"]) is not None
        [item] = (await asks.delete(f"/clients/{id_}")).json()["items"]
        assert item["revoked_at"] is not None
        assert await clients.verify(made["token"]) is None
        assert (await asks.delete(f"/clients/{id_}")).status_code == 404

    run(database, scenario)


def test_a_program_asks_and_gives_the_code(database: Database) -> None:
    async def scenario(asks: httpx.AsyncClient, clients: Clients) -> None:
        begun = await asks.post("/v1/pair", json={"name": "Chat"})
        assert begun.status_code == 202 and set(begun.json()) == {"id", "secret", "expires_at"}
        id_, secret = begun.json()["id"], begun.json()["secret"]
        [card] = (await asks.get("/pairings")).json()["items"]
        assert card["code"] not in begun.text
        narrowed = await asks.post(f"/pairings/{id_}", json={"scope": {"topics": ["thesis"]}})
        assert narrowed.json()["items"][0]["given"]["topics"] == ["thesis"]
        bad = {"secret": secret, "code": "12"}
        assert (await asks.post(f"/v1/pair/{id_}", json=bad)).status_code == 403
        done = await asks.post(f"/v1/pair/{id_}", json={"secret": secret, "code": card["code"]})
        assert done.status_code == 200 and done.json()["scope"]["topics"] == ["thesis"]
        assert await clients.verify(done.json()["token"]) is not None
        assert (await asks.get("/pairings")).json() == {"items": []}

    run(database, scenario)


def test_every_failure_is_answered_alike(database: Database) -> None:
    async def scenario(asks: httpx.AsyncClient, clients: Clients) -> None:
        begun = (await asks.post("/v1/pair", json={"name": "Chat"})).json()
        [card] = (await asks.get("/pairings")).json()["items"]
        tries = [
            (begun["id"], begun["secret"], "x"),
            (begun["id"], "x", card["code"]),
            ("nobody", begun["secret"], card["code"]),
        ]
        said = []
        for id_, secret, code in tries:
            said.append(await asks.post(f"/v1/pair/{id_}", json={"secret": secret, "code": code}))
        assert (await asks.delete(f"/pairings/{begun['id']}")).json() == {"items": []}
        right = {"secret": begun["secret"], "code": card["code"]}
        said.append(await asks.post(f"/v1/pair/{begun['id']}", json=right))
        assert {(each.status_code, each.content) for each in said} == {(403, said[0].content)}

    run(database, scenario)


def test_too_many_are_told_when_to_come_again(database: Database) -> None:
    async def scenario(asks: httpx.AsyncClient, clients: Clients) -> None:
        for n in range(OPEN):
            assert (await asks.post("/v1/pair", json={"name": f"Chat {n}"})).status_code == 202
        refused = await asks.post("/v1/pair", json={"name": "One more"})
        assert refused.status_code == 429 and int(refused.headers["retry-after"]) > 0
        assert refused.headers["content-type"] == "application/problem+json"

    run(database, scenario)


@pytest.mark.parametrize(
    "body",
    [
        {"name": "\u202e"},
        {"name": ""},
        {"name": "Gumption"},
        {"name": "x", "scope": {"rights": ["rule"]}},
        {"name": "x", "scope": {"topics": ["?!"]}},
        {"name": "x", "scope": {"types": ["magic"]}},
        {"name": "x", "scope": {"max_age_days": 0}},
        {"name": "x", "more": 1},
        {},
    ],
)
def test_what_makes_no_sense_is_not_put_before_the_person(database: Database, body: object) -> None:
    async def scenario(asks: httpx.AsyncClient, clients: Clients) -> None:
        refused = await asks.post("/v1/pair", json=body)
        assert refused.status_code == 422 and refused.json()["title"]
        assert clients.pairings().items == []

    run(database, scenario)
