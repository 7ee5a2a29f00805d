"""Paths that are made on first use, over real HTTP messages."""

import asyncio

import httpx
from fastapi import FastAPI

from app.api.later import Later
from gum.errors import NotFound


def test_they_are_made_once_when_they_are_first_asked_for() -> None:
    made: list[FastAPI] = []

    def build(api: FastAPI) -> None:
        made.append(api)

        @api.get("/things/{name}")
        async def thing(name: str) -> dict[str, str]:
            if name == "none":
                raise NotFound("There is none", "Look elsewhere.")
            return {"name": name}

    api = FastAPI()

    @api.get("/thingsandmore")
    async def other() -> dict[str, str]:
        return {"name": "other"}

    api.router.routes.append(Later(["/things"], build))

    async def scenario() -> None:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(api), base_url="http://127.0.0.1"
        ) as client:
            assert (await client.get("/thingsandmore")).json() == {"name": "other"}
            assert (await client.get("/thing")).status_code == 404
            assert made == []
            answers = await asyncio.gather(*(client.get(f"/things/{n}") for n in range(5)))
            assert [each.json()["name"] for each in answers] == ["0", "1", "2", "3", "4"]
            assert len(made) == 1
            refused = await client.get("/things/none")
            assert (refused.status_code, refused.json()["title"]) == (404, "There is none")
            assert (await client.post("/things/x")).status_code == 405
            assert (await client.get("/things")).status_code == 404

    asyncio.run(scenario())
