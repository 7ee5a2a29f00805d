import asyncio
import json
import os
import signal
from pathlib import Path

import httpx
import pytest

from app.api.guard import App, Receive, Scope, Send
from app.clock import SystemClock
from app.door import Door, listen, new_token, write_private
from app.paths import Paths
from gum.errors import PortTaken, StoreReadOnly


def says(word: str) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": word.encode()})

    return app


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "data", tmp_path / "config", tmp_path / "models").make()


async def heard(port: int) -> str:
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.get(f"http://127.0.0.1:{port}/")).text


def test_who_stands_behind_it_changes_and_the_address_does_not(paths: Paths) -> None:
    async def live() -> None:
        with listen(0) as sock:
            port = sock.getsockname()[1]
            async with Door(paths, sock, SystemClock()) as door:
                assert door.hosts == {f"127.0.0.1:{port}", f"localhost:{port}"}
                assert paths.token_file.read_text().strip() == door.token
                door.show(says("locked"))
                told = json.loads(paths.daemon_file.read_text())
                assert (told["port"], told["pid"]) == (port, os.getpid())
                assert await heard(port) == "locked"
                door.show(says("open"))
                assert await heard(port) == "open"
            assert not paths.daemon_file.exists()
            assert sock.fileno() >= 0  # the port is still ours, to be handed over
            with pytest.raises(PortTaken):
                listen(port)

    asyncio.run(live())


def test_it_waits_for_its_own_end_or_another(paths: Paths) -> None:
    async def live() -> None:
        with listen(0) as sock:
            async with Door(paths, sock, SystemClock()) as door:
                one, other = asyncio.Event(), asyncio.Event()
                waiting = asyncio.create_task(door.until(one, other))
                await asyncio.sleep(0)
                assert not waiting.done()
                other.set()
                await waiting
                assert not one.is_set() and not door.ended.is_set()
                waiting = asyncio.create_task(door.until(one))
                door.ended.set()
                await waiting

    asyncio.run(live())


def test_a_daemon_that_goes_on_at_the_same_address_leaves_it_written_down(paths: Paths) -> None:
    async def live() -> None:
        with listen(0) as sock:
            async with Door(paths, sock, SystemClock()) as door:
                door.show(says("x"))
                door.stays = True

    asyncio.run(live())
    assert paths.daemon_file.exists()


def test_a_signal_ends_it(paths: Paths) -> None:
    async def live() -> None:
        with listen(0) as sock:
            async with Door(paths, sock, SystemClock()) as door:
                door.show(says("x"))
                os.kill(os.getpid(), signal.SIGTERM)
                await asyncio.wait_for(door.ended.wait(), 30)

    asyncio.run(live())


def test_a_token_is_new_every_time_and_for_the_person_alone(tmp_path: Path) -> None:
    file = tmp_path / "token"
    assert new_token(file) != new_token(file)
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(StoreReadOnly):
        write_private(tmp_path / "no" / "folder", "x")
