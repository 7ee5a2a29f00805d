"""The service over HTTP: the same answers and errors as without, from a real server with the routes of v1."""

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.lock import InstanceLock
from app.paths import Paths
from app.plugin.mcp_tools import TOOLS
from app.plugin.remote import KINDS, Remote
from gum.errors import (
    ActionFailed,
    DaemonUnreachable,
    GumptionError,
    NotAllowed,
    NotFound,
    RequestUnusable,
    StoreLocked,
    StoreUnavailable,
)
from tests.app.plugin.backends import ARGUMENTS, READER, Made, Stand, stand


@pytest.fixture
def paths(tmp_path: Path) -> Iterator[Paths]:
    made = Paths(tmp_path / "data", tmp_path / "config", tmp_path / "models").make()
    with InstanceLock(made.lock):  # as the daemon does
        yield made


def at_port(paths: Paths, port: int) -> None:
    paths.daemon_file.write_text(json.dumps({"port": port, "pid": 1}))


def asked(paths: Paths, work: Callable[[Remote], Coroutine[Any, Any, None]], token: str = "one") -> None:
    async def run() -> None:
        remote = Remote(paths, lambda: token)
        try:
            await work(remote)
        finally:
            await remote.close()

    asyncio.run(run())


@contextmanager
def served(paths: Paths, made: Made) -> Iterator[Stand]:
    with stand(one=made) as at:
        at_port(paths, at.port)
        yield at


def test_every_tool_gets_over_http_what_it_gets_without(paths: Paths) -> None:
    made = Made(approved=True, text="tea & <b>\u20ac\U0001f375</b> 100%/?#")

    async def work(remote: Remote) -> None:
        for tool in TOOLS.values():
            given = tool.asks.model_validate(ARGUMENTS.get(tool.name, {}))
            assert await tool.call(remote, given) == await tool.call(made, given), tool.name
        found = await TOOLS["search_memory"].call(
            remote, TOOLS["search_memory"].asks.model_validate({"q": "a&b=c #?", "limit": 3})
        )
        assert len(found.model_dump()["claims"]) == 3
        assert "a&b=c #?" in found.model_dump_json()

    with served(paths, made):
        asked(paths, work)


def test_keys_arrive(paths: Paths) -> None:
    made = Made()

    async def work(remote: Remote) -> None:
        tool = TOOLS["propose_fact"]
        await tool.call(remote, tool.asks.model_validate({"text": "I am vegetarian", "key": "k" * 100}))

    with served(paths, made):
        asked(paths, work)
    assert made.keys == ["k" * 100]


def test_events_arrive_and_resume(paths: Paths) -> None:
    async def work(remote: Remote) -> None:
        events = [event async for event in remote.events("r-0")]
        assert [(e.id, e.name) for e in events] == [("r-1", "suggestion"), ("r-2", "moment")]
        assert events[0].data == {"text": "a\nb", "after": "r-0"}

    with served(paths, Made(text="a\nb")):
        asked(paths, work)


@pytest.mark.parametrize(
    "error",
    [
        NotAllowed("No", "Because"),
        NotFound("Not there", ""),
        ActionFailed("Not done", "Again"),
        RequestUnusable("Makes no sense", "Look"),
        StoreLocked("Locked", "Unlock it"),
        StoreUnavailable("Broken", "Mend it"),
    ],
)
def test_an_error_comes_out_as_it_went_in(paths: Paths, error: GumptionError) -> None:
    async def work(remote: Remote) -> None:
        with pytest.raises(GumptionError) as raised:
            await remote.moment()
        assert type(raised.value) is type(error)
        assert (raised.value.title, raised.value.hint) == (error.title, error.hint)

    with served(paths, Made(wrong=error)):
        asked(paths, work)


def test_out_of_scope_is_not_allowed_and_a_bug_is_told_as_one(paths: Paths) -> None:
    async def refused(remote: Remote) -> None:
        with pytest.raises(NotAllowed):
            await remote.moment()

    with served(paths, Made(scope=READER)):
        asked(paths, refused)


def test_an_id_cannot_leave_its_place_in_the_path(paths: Paths) -> None:
    async def work(remote: Remote) -> None:
        for bad in ("../status", "..", ".", "a/b", "a?b", "a%2fb", "x" * 100, "\n"):
            with pytest.raises(GumptionError):
                await remote.claim(bad)

    with served(paths, Made()):
        asked(paths, work)


def test_no_daemon_is_told_and_one_that_comes_later_or_elsewhere_is_found(paths: Paths) -> None:
    async def nobody(remote: Remote) -> None:
        with pytest.raises(DaemonUnreachable, match="not running"):
            await remote.status()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        at_port(paths, port)
        with pytest.raises(DaemonUnreachable, match="does not answer"):
            await remote.status()
        for name in ("first", "second"):
            with stand(one=Made(name=name)) as at:
                at_port(paths, at.port)
                assert (await remote.status()).client == name

    asked(paths, nobody)


def test_a_token_that_no_header_can_hold_is_not_sent(paths: Paths) -> None:
    async def work(remote: Remote) -> None:
        with pytest.raises(GumptionError):
            await remote.status()

    with served(paths, Made()):
        asked(paths, work, token="a\r\nHost: evil")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull",
        b"HTTP/1.1 418 No\r\nContent-Length: 2\r\n\r\n[]",
        b"HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"",
    ],
)
def test_something_else_at_the_port_is_told(paths: Paths, answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        at_port(paths, server.getsockname()[1])

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()

        async def work(remote: Remote) -> None:
            with pytest.raises(DaemonUnreachable):
                await remote.status()

        asked(paths, work)
        thread.join(10)


def test_whoever_took_the_port_of_a_killed_daemon_is_not_shown_the_token(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "data", tmp_path / "config", tmp_path / "models").make()
    with socket.create_server(("127.0.0.1", 0)) as thief:
        with InstanceLock(paths.lock):
            at_port(paths, thief.getsockname()[1])

        async def work(remote: Remote) -> None:
            with pytest.raises(DaemonUnreachable):
                await remote.status()
            with pytest.raises(DaemonUnreachable):
                await anext(remote.events())

        asked(paths, work)
        thief.setblocking(False)
        with pytest.raises(BlockingIOError):
            thief.accept()


def test_every_status_that_the_api_documents_as_an_error_has_its_kind() -> None:
    from app.api.problems import status_of

    for status in (403, 404, 409, 422, 423, 503):
        assert status_of(KINDS[status]("x")) == status
