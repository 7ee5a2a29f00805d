"""The paths of calendar accounts over a real store and server; who may ask is tested with the guard."""

import asyncio
from pathlib import Path

import httpx
from fastapi import FastAPI

from app.api.calendar_routes import add_calendars
from app.api.problems import add_errors
from app.calendar_accounts import CalendarAccounts
from observers.gate import Gate
from storage.db import Database
from tests.observers.caldav_server import PASSWORD, USER, radicale
from tests.observers.recorder import Recorder


def test_an_account_is_added_listed_and_removed(tmp_path: Path) -> None:
    async def scenario(address: str, database: Database) -> None:
        api = FastAPI()
        add_errors(api)
        gate = Gate(Recorder(), lambda: (), lambda: False)
        add_calendars(api, CalendarAccounts(database, gate, [], lambda source: None, True))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://here") as client:
            body = {"address": address, "user": USER, "password": "s3cret-of-ada"}
            refused = await client.post("/calendars", json=body)
            assert refused.status_code == 400 and "did not accept" in refused.json()["title"]
            made = await client.post("/calendars", json={**body, "password": PASSWORD})
            assert made.json()["calendars"] == ["Work"]
            listed = await client.get("/calendars")
            assert [item["id"] for item in listed.json()["items"]] == [made.json()["id"]]
            for answer in (refused, made, listed):
                assert PASSWORD not in answer.text and "s3cret" not in answer.text
            for wrong in ({**body, "password": ["s3cret-of-ada"]}, {"password": "s3cret-of-ada"}):
                answer = await client.post("/calendars", json=wrong)
                assert answer.status_code == 422 and "s3cret" not in answer.text
            assert (await client.delete(f"/calendars/{made.json()['id']}")).status_code == 200
            assert (await client.delete(f"/calendars/{made.json()['id']}")).status_code == 404
            assert (await client.get("/calendars")).json()["items"] == []

    with radicale(tmp_path / "radicale") as server:
        server.make(f"/{USER}/work/", "Work")
        database = Database.open(tmp_path / "data" / "gumption.db", bytes(range(32)))
        try:
            asyncio.run(scenario(server.address, database))
        finally:
            database.close()
