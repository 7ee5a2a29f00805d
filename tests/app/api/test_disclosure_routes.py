"""The paths of the log over a real store; who may ask at all is tested with the guard."""

import asyncio
from pathlib import Path

import httpx
from fastapi import FastAPI

from app.api.disclosure_routes import add_disclosures
from app.api.routes import add_errors
from app.disclosures import Disclosures
from storage import disclosures, people
from storage.db import Database
from tests.storage.test_disclosures import disclosure


def test_the_log_is_read_and_a_text_restored(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "gumption.db", None)
    database.run_sync(lambda s: people.note(s, ["Anna Berg"]))
    database.run_sync(lambda s: disclosures.add(s, [disclosure("Person 1")]))
    api = FastAPI()
    add_errors(api)
    add_disclosures(api, Disclosures(database))

    async def scenario() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://here") as client:
            [row] = (await client.get("/disclosures?limit=1")).json()["items"]
            told = (await client.get(f"/disclosures/{row['id']}")).json()
            assert (told["content"], told["with_names"], told["kept"]) == ("Person 1", "Anna Berg", True)
            assert (await client.get("/disclosures/nothing")).status_code == 404
            assert (await client.post("/restore", json={"text": "Person 1"})).json() == {"text": "Anna Berg"}

    asyncio.run(scenario())
    database.close()
