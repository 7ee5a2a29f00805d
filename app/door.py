"""The daemon's port: answers from the first moment to the last, whatever stands behind it just then."""

import asyncio
import json
import os
import secrets
import signal
import socket
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import TracebackType

import uvicorn

from app.api.guard import HEADER_LIMIT, App, Face, Receive, Scope, Send
from app.config import PluginSettings
from app.connection import HEADER_S, Connection, Room
from app.listeners import Listener, listeners
from app.paths import Paths
from gum.errors import PortTaken, StoreReadOnly
from gum.ports import Clock

BACKLOG = 256  # connections that the kernel holds until they are taken


def listen(port: int) -> socket.socket:
    """A socket on 127.0.0.1; port 0 takes a free one. Raises PortTaken."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("127.0.0.1", port))
        sock.listen(64)
    except OSError as error:
        sock.close()
        raise PortTaken(
            f"Port {port} is in use by another program",
            "Set GUMPTION_API__PORT, or port under [api] in settings.toml, to another one; 0 is any.",
        ) from error
    return sock


def write_private(file: Path, text: str) -> None:
    """Replaces `file` in one step; only the person can read it. Raises StoreReadOnly."""
    part = file.with_name(file.name + ".part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(text)
        part.replace(file)
    except OSError as error:
        raise StoreReadOnly(f"{file} cannot be written", f"{error.strerror}.") from error


def new_token(file: Path) -> str:
    """A fresh token, in `file` for whoever may read it. Raises StoreReadOnly.

    New at every start: one that was sent to the port of a killed daemon, which anybody may have taken
    since, opens nothing.
    """
    token = secrets.token_urlsafe(32)
    write_private(file, token + "\n")
    return token


class _Server(uvicorn.Server):
    """At several sockets at once, and without the look, ten times a second, whether it is to end."""

    def __init__(self, config: uvicorn.Config, listeners: Sequence[Listener]) -> None:
        super().__init__(config)
        self._listeners = listeners
        self._room = Room()
        self._told = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.servers = []
        for each in self._listeners:
            # a second handle: the server closes the one it gets, and a daemon that locks itself keeps it
            server = await asyncio.get_running_loop().create_server(
                partial(Connection, self.config, self.server_state, self._room, each.face),
                sock=each.sock.dup(),
                ssl=each.context,
                backlog=BACKLOG,
                ssl_handshake_timeout=HEADER_S if each.context is not None else None,
            )
            self.servers.append(server)
        self.started = True

    def end(self) -> None:
        """Ends `serve`; from the event loop."""
        self.should_exit = True
        self._told.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)  # the headers of all answers
        await self._told.wait()


class Door:
    """Answers on `sock` from `__aenter__` to `__aexit__` with what `show` was given last.

    So it does where `plugin` asks for it, too. Raises SettingsInvalid and PortTaken when made.

    `ended` is set by SIGTERM, SIGINT and when the server stops by itself. `stays` keeps the address file:
    a daemon that locks itself goes on at the same address.
    """

    def __init__(
        self, paths: Paths, sock: socket.socket, clock: Clock, plugin: PluginSettings | None = None
    ) -> None:
        self._paths, self._clock = paths, clock
        port = sock.getsockname()[1]
        self._port = port
        self.hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self._more = listeners(plugin or PluginSettings(), paths.data, self.hosts, clock.now())
        self.every_host = self.hosts.union(*(each.face.hosts for each in self._more))
        self.token = ""
        self.ended = asyncio.Event()
        self.stays = False
        self._app: App | None = None
        self._server = _Server(
            uvicorn.Config(
                self._answer,
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,  # it is made anew every second
                lifespan="off",
                interface="asgi3",  # a bound method is not recognised as one
                timeout_graceful_shutdown=2,
                h11_max_incomplete_event_size=HEADER_LIMIT,
                http=Connection,  # not looked at: `startup` makes them
                ws="none",
            ),
            [Listener(sock, Face(self.hosts)), *self._more],
        )
        self._server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        self._answering: asyncio.Task[None] | None = None

    def show(self, app: App) -> None:
        """From now on `app` answers; the first one opens the door."""
        self._app = app
        if self._answering is None:
            self._answering = asyncio.create_task(self._server.serve())
            self._answering.add_done_callback(lambda _: self.ended.set())
            told = {"port": self._port, "pid": os.getpid(), "started_at": self._clock.now().isoformat()}
            write_private(self._paths.daemon_file, json.dumps(told))

    async def until(self, *others: asyncio.Event) -> None:
        """Returns when it has ended, or one of `others` is set."""
        waiting = [asyncio.create_task(event.wait()) for event in (self.ended, *others)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for each in waiting:
            each.cancel()

    async def __aenter__(self) -> "Door":
        self.token = new_token(self._paths.token_file)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.ended.set)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.end()
        if self._answering is not None:
            await self._answering
        for each in self._more:
            each.close()
        if not self.stays:
            self._paths.daemon_file.unlink(missing_ok=True)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._app is not None
        await self._app(scope, receive, send)
