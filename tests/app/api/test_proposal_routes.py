"""The person's paths over real parts; who may ask is tested with the guard."""

import asyncio
from pathlib import Path

import httpx
from fastapi import FastAPI

from app.api.problems import add_errors
from app.api.proposal_routes import add_proposals
from app.plugin.shapes import FactIn, ForgetAskIn
from tests.app.plugin.test_acting import ADA, MILK, TEA, house


def test_what_waits_is_listed_and_answered_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with house(tmp_path) as h:
            api = FastAPI()
            add_errors(api)
            add_proposals(api, h.room.proposals, h.plans)
            fact = await h.acting.propose(ADA, TEA)
            html = await h.acting.propose(ADA, FactIn(text="I am <img src=x onerror=alert(1)>"))
            gone = await h.acting.forget(ADA, ForgetAskIn(topic="tea"))
            plan = await h.acting.plan(ADA, MILK)
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(api), base_url="http://here"
            ) as client:
                listed = (await client.get("/proposals")).json()["items"]
                assert [(i["id"], i["kind"], i["client"]) for i in listed] == [
                    (gone.id, "forget", "Ada's helper"),
                    (html.id, "fact", "Ada's helper"),
                    (fact.id, "fact", "Ada's helper"),
                ]
                assert listed[1]["text"] == "I am <img src=x onerror=alert(1)>"  # as it is: plain text
                done = await client.post(f"/proposals/{fact.id}", json={"accept": True})
                assert done.json()["state"] == "accepted"
                assert (await client.post(f"/proposals/{fact.id}", json={"accept": False})).status_code == 403
                assert (await client.post("/proposals/nothing", json={"accept": True})).status_code == 404
                assert (await client.post(f"/proposals/{html.id}", json={})).status_code == 422
                await client.post(f"/proposals/{html.id}", json={"accept": False})
                states = {
                    i["id"]: i["state"] for i in (await client.get("/proposals?state=all")).json()["items"]
                }
                assert states == {fact.id: "accepted", html.id: "rejected", gone.id: "waiting"}
                assert (await client.get("/proposals?state=sideways")).status_code == 422
                [waits] = (await client.get("/plans")).json()["items"]
                assert (waits["id"], waits["state"], waits["digest"]) == (plan.id, "waiting", plan.digest)

    asyncio.run(scenario())
