"""The whole door for other programs in one process: real store, service, egress and routes; no daemon."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import httpx

from app.api.etags import ETags
from app.api.guard import App, Receive, Scope, Send
from app.api.v1 import create_v1
from app.events import Hub
from app.plugin.acting import Acting
from app.plugin.egress import Egress
from app.plugin.service import Plugin, PluginParts
from app.shapes import StatusOut
from gum import grants
from gum.grants import ClientId, Grant
from storage.db import Database
from storage.search import NO_MEANING, Meaning
from tests.builders import NOON, StillClock


@dataclass
class House:
    """`acting` None: nothing can be set going."""

    database: Database
    acting: Acting | None = None
    hub: Hub = field(default_factory=Hub)
    clock: StillClock = field(default_factory=StillClock)

    def __post_init__(self) -> None:
        self.egress = Egress(self.database, self.clock)
        self.plugin = Plugin(
            PluginParts(
                "1.0",
                self.clock,
                self.database,
                self.hub,
                self.egress,
                cast(Acting, self.acting),
                _nearest,
                _status,
                lambda: timedelta(seconds=30),
                _no_meeting,
                lambda grant: True,
                lambda: 0,
            )
        )
        self.api: App = ETags(create_v1(self.plugin.of, "1.0"))

    def grant(self, scope: grants.Scope, name: str = "Claude") -> Grant:
        return Grant(ClientId(name.lower()), name, scope, NOON)

    async def ask(
        self,
        grant: Grant,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One request by the holder of `grant`, as the guard would hand it on."""

        async def known(scope: Scope, receive: Receive, send: Send) -> None:
            scope["state"] = {"grant": grant}
            await self.api(scope, receive, send)

        transport = httpx.ASGITransport(
            cast("httpx._transports.asgi._ASGIApp", known), raise_app_exceptions=False
        )
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, json=body, headers=headers)

    def asks(
        self, grant: Grant, requests: Sequence[tuple[str, str, Mapping[str, object] | None]]
    ) -> list[httpx.Response]:
        """Several, one after the other."""

        async def all_() -> list[httpx.Response]:
            return [await self.ask(grant, *request) for request in requests]

        return asyncio.run(all_())


async def _nearest(query: str, count: int, kinds: Sequence[str]) -> Meaning:
    return NO_MEANING


async def _status() -> StatusOut:
    return StatusOut.model_construct(state="observing")


def _no_meeting(at: datetime) -> bool:
    return False
