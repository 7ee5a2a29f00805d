"""MCP at /mcp of the daemon's own port: every request for itself, answered as JSON, nothing kept between two.

Behind our guard, which knows who asks. The SDK's own look at `Host` and `Origin` stands behind it as a second
one. There is no stream to listen to and no session to end, so GET and DELETE are answered with 405, as the
protocol has it for servers without them.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Collection

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings

from app.api.guard import Face, Receive, Scope, Send
from app.plugin.mcp_server import create_mcp
from app.plugin.ports import Backend
from gum.errors import NotAllowed
from gum.grants import Grant

log = logging.getLogger(__name__)

MOST_BYTES = 256 * 1024  # of a request, as everywhere at our port
_INVALID_REQUEST = -32600
_UNAVAILABLE = -32603


class McpApp:
    """An ASGI app for the path /mcp, ready at its first request; `close` ends what still runs.

    `of` gives the backend of a grant, `hosts` the values of `Host` that are ours, `origins` the web pages
    that may ask, if any.
    """

    def __init__(
        self,
        of: Callable[[Grant], Backend],
        version: str,
        hosts: Callable[[], Collection[str]],
        origins: Collection[str] = (),
    ) -> None:
        self._of = of
        self._version = version
        self._hosts = hosts
        self._security = TransportSecuritySettings(allowed_origins=list(origins))
        self._manager: StreamableHTTPSessionManager | None = None
        self._runner: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._end = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if not isinstance(scope.get("state", {}).get("grant"), Grant):
            await _refuse(send, 401, _INVALID_REQUEST, "This assistant is not known. Pair it first.")
        elif scope["method"] != "POST":
            await _refuse(send, 405, _INVALID_REQUEST, "There is no stream and no session here: only POST.")
        elif self._end.is_set():
            await _refuse(send, 503, _UNAVAILABLE, "Gumption is ending. Try again in a moment.")
        else:
            manager = await self._started()
            self._take_hosts(scope)
            await manager.handle_request(scope, receive, send)

    async def close(self) -> None:
        """Ends all requests that still run. After it, requests are answered with 503."""
        self._end.set()
        if self._runner is not None:
            await self._runner

    async def _started(self) -> StreamableHTTPSessionManager:
        if self._manager is None:
            self._manager = StreamableHTTPSessionManager(
                create_mcp(self._backend, self._version),
                json_response=True,
                stateless=True,
                security_settings=self._security,
                max_request_body_size=MOST_BYTES,
            )
            self._runner = asyncio.create_task(self._run(self._manager), name="mcp")
        await self._ready.wait()
        return self._manager

    def _take_hosts(self, scope: Scope) -> None:
        """Tells the SDK the names of the listener a request came in by, as the guard wrote it down.

        It has one list for all listeners; which name is right at which, the guard has seen to before.
        """
        face = scope["state"].get("face")
        for host in face.hosts if isinstance(face, Face) else self._hosts():
            if host not in self._security.allowed_hosts:
                self._security.allowed_hosts.append(host)
                self._security.allowed_origins += [f"{scheme}://{host}" for scheme in _SCHEMES]

    async def _run(self, manager: StreamableHTTPSessionManager) -> None:
        """Its task group must be entered and left by one task, which no request is."""
        async with manager.run():
            self._ready.set()
            await self._end.wait()

    def _backend(self, grant: Grant | None) -> Backend:
        if grant is None:
            raise NotAllowed("This assistant is not known", "Pair it with `gumption connect`.")
        return self._of(grant)


_SCHEMES = ("http", "https")


async def _refuse(send: Send, status: int, code: int, message: str) -> None:
    error = {"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": message}}
    body = json.dumps(error).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *([(b"allow", b"POST")] if status == 405 else []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
