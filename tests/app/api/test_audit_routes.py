"""The audit's paths over a real log; who may ask at all is tested with the guard."""

from pathlib import Path

import httpx
from fastapi import FastAPI

from app.api.audit_routes import add_audit
from app.api.problems import add_errors
from tests.app.auditing_house import House, at_home
from tests.builders import observation


def test_the_log_is_read_and_reversed_and_people_are_named(tmp_path: Path) -> None:
    async def scenario(house: House) -> None:
        api = FastAPI()
        add_errors(api)
        add_audit(api, house.log)
        await house.see(observation("To: Anna Berg\nMy sister has cancer", app="mail", title="Compose"))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://here") as client:
            [row] = (await client.get("/audit")).json()["items"]
            assert row["reason"] == "It tells of somebody else's health."
            told = (await client.post(f"/audit/{row['id']}/reverse", json={})).json()
            assert told["allowed"][0]["place"] == "mail"
            told = (await client.post(f"/audit/{row['id']}/reverse", json={"allow": False})).json()
            assert told["allowed"] == []
            assert (await client.get("/people")).json()["items"] == [
                {"number": 1, "names": ["Anna Berg"], "real": False}
            ]
            assert (await client.post("/people/1", json={"real": True})).json()["items"][0]["real"]
            for path, body in (("/people/9", {"real": True}), ("/audit/nothing/reverse", {})):
                answer = await client.post(path, json=body)
                assert answer.status_code == 404 and answer.json()["title"]
            assert (await client.post("/people/1", json={})).status_code == 422

    at_home(tmp_path, scenario)
