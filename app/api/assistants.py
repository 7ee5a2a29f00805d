"""The door for other programs, `/v1` and `/mcp`: made when somebody first asks.

The SDK of MCP alone weighs some 20 MB and takes a second to import; a daemon that no other program asks
carries nothing of it. So what is behind it is imported by `make` alone, in a thread (`app.plugged`).
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.api.guard import App, Receive, Scope, Send

MCP = "/mcp"


@dataclass(frozen=True, slots=True)
class Doors:
    """What answers for each, and what ends it."""

    rest: App
    mcp: App
    close: Callable[[], Awaitable[None]]


class Assistants:
    """ASGI: hands a request of a client on, after the first one has had everything made."""

    def __init__(self, make: Callable[[], Doors]) -> None:
        """`make` is called once, in a thread."""
        self._make = make
        self._doors: asyncio.Future[Doors] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._doors is None or (self._doors.done() and self._doors.exception() is not None):
            self._doors = asyncio.ensure_future(asyncio.to_thread(self._make))
        # A caller that hangs up must not take the making with it: others wait for it, too.
        doors = await asyncio.shield(self._doors)
        answer = doors.mcp if str(scope["path"]) == MCP else doors.rest
        await answer(scope, receive, send)

    async def close(self) -> None:
        """Ends what was made."""
        if self._doors is None:
            return
        await asyncio.wait([self._doors])
        if self._doors.exception() is None:
            await self._doors.result().close()
