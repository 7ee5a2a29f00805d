"""Paths that are made when somebody first asks for them: each costs 150 kB, and most people need none."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from fastapi import FastAPI
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from app.api.problems import EVERYWHERE, add_errors, documented


class Later(BaseRoute):
    """All paths below `places`, answered by an app that `build` fills on first use."""

    def __init__(self, places: Iterable[str], build: Callable[[FastAPI], None]) -> None:
        self._places, self._build = tuple(places), build
        self._app: FastAPI | None = None
        self._building = asyncio.Lock()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path = str(scope.get("path", ""))
        ours = any(path == place or path.startswith(f"{place}/") for place in self._places)
        return (Match.FULL if ours and scope["type"] == "http" else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._building:
            if self._app is None:
                self._app = await asyncio.to_thread(self._made)
        await self._app(scope, receive, send)

    def document(self) -> dict[str, Any]:
        """The OpenAPI document of these paths; makes them."""
        if self._app is None:
            self._app = self._made()
        return self._app.openapi()

    def _made(self) -> FastAPI:
        api = FastAPI(
            docs_url=None,
            redoc_url=None,
            openapi_url=None,
            redirect_slashes=False,
            generate_unique_id_function=lambda route: route.name,
            responses=documented(404, 409, *EVERYWHERE),
        )
        add_errors(api)
        self._build(api)
        return api
