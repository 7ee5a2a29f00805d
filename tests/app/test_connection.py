"""Real sockets at a real door; only its patience is shorter."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app import connection
from app.api.guard import SECURE, Receive, Scope, Send
from app.clock import SystemClock
from app.door import Door, listen
from app.paths import Paths

HEAD = b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEADER_S", 0.3)
    monkeypatch.setattr(connection, "BODY_S", 0.3)
    monkeypatch.setattr(connection, "READ_S", 0.3)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    path = scope["path"]
    if path == "/body":
        while (await receive()).get("more_body"):
            pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    if path == "/long":
        for _ in range(8):
            await send({"type": "http.response.body", "body": b"bit", "more_body": True})
            await asyncio.sleep(0.1)
    if path == "/bug":
        raise ValueError("words of the screen")
    while path == "/endless":
        await send({"type": "http.response.body", "body": bytes(100_000), "more_body": True})
        await asyncio.sleep(0)
    await send({"type": "http.response.body", "body": b"done"})


@contextlib.asynccontextmanager
async def opened(tmp_path: Path) -> AsyncIterator[int]:
    paths = Paths(tmp_path / "data", tmp_path / "config", tmp_path / "models").make()
    with listen(0) as sock:
        async with Door(paths, sock, SystemClock()) as door:
            door.show(app)
            yield sock.getsockname()[1]


async def talk(port: int, *said: bytes, pause: float = 0.0) -> bytes:
    """All that is answered until the other side hangs up; nothing where it did so while we spoke."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heard = asyncio.create_task(reader.read())
    try:
        with contextlib.suppress(ConnectionError):
            for part in said:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(pause)
        with contextlib.suppress(ConnectionError):
            return await asyncio.wait_for(heard, 30)
        return b""
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


def test_a_header_that_comes_in_drops_is_not_waited_for(tmp_path: Path) -> None:
    async def live() -> None:
        async with opened(tmp_path) as port:
            drops = [bytes([sign]) for sign in HEAD % b"x"]
            told = await talk(port, *drops, pause=0.05)
            assert told.startswith(b"HTTP/1.1 408 ")
            for name, value in SECURE:
                assert name + b": " + value in told
            assert await talk(port) == b"", "who says nothing hears nothing"

    asyncio.run(live())


def test_neither_is_one_behind_a_request_that_was_answered(tmp_path: Path) -> None:
    async def live() -> None:
        async with opened(tmp_path) as port:
            told = await talk(port, HEAD % b"x" + b"GET", *[b" "] * 20, pause=0.05)
            assert told.count(b"HTTP/1.1 ") == 1 and b"done" in told

    asyncio.run(live())


def test_a_body_that_comes_in_drops_is_not_waited_for(tmp_path: Path) -> None:
    async def live() -> None:
        async with opened(tmp_path) as port:
            for framing in (b"Content-Length: 1000", b"Transfer-Encoding: chunked"):
                head = b"POST /body HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n\r\n"
                told = await talk(port, head, *[b"1"] * 20, pause=0.05)
                assert told.startswith(b"HTTP/1.1 4"), told
            # answered without a look at the body, and still not kept open for it
            head = b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
            told = await talk(port, head, *[b"1"] * 20, pause=0.05)
            assert told.count(b"HTTP/1.1 ") == 1 and b"done" in told

    asyncio.run(live())


def test_a_long_answer_is_not_cut(tmp_path: Path) -> None:
    async def live() -> None:
        async with opened(tmp_path) as port:
            told = await talk(port, b"GET /long HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert told.count(b"bit") == 8 and b"done" in told

    asyncio.run(live())


def test_whoever_does_not_read_is_left(tmp_path: Path) -> None:
    async def live() -> None:
        async with opened(tmp_path) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1000)
            writer.write(HEAD % b"endless")
            await asyncio.sleep(1.5)
            with contextlib.suppress(ConnectionError):
                while await reader.read(1_000_000):
                    pass  # ends, because the other side has ended
            writer.close()

    asyncio.run(asyncio.wait_for(live(), 30))


def test_when_all_places_are_taken_the_oldest_that_waits_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HEADER_S", 60)
    monkeypatch.setattr(connection, "MOST", 5)

    async def live() -> None:
        async with opened(tmp_path) as port:
            long = [asyncio.create_task(talk(port, HEAD % b"long" + b"X")) for _ in range(2)]
            await asyncio.sleep(0.1)
            idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(20)]
            told = await talk(port, b"GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert told.startswith(b"HTTP/1.1 200 ") and b"done" in told
            gone = [each for each, _ in idle if each.at_eof() or each.exception() is not None]
            assert len(gone) >= 15
            for _, writer in idle:
                writer.close()
                with contextlib.suppress(ConnectionError):
                    await writer.wait_closed()
            assert all(b"done" in each for each in await asyncio.gather(*long)), "those were being answered"

    asyncio.run(live())


def test_a_bug_is_logged_without_its_words(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def live() -> None:
        async with opened(tmp_path) as port:
            await talk(port, b"GET /bug HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    asyncio.run(live())
    assert "ValueError" in caplog.text and "test_connection.py" in caplog.text
    assert "words of the screen" not in caplog.text.replace('ValueError("words of the screen")', "")


def test_whose_request_is_not_whole_keeps_nobody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MOST", 2)
    monkeypatch.setattr(connection, "BODY_S", 30)

    async def live() -> None:
        async with opened(tmp_path) as port:
            slow = []
            for framing in (b"Content-Length: 1000", b"Transfer-Encoding: chunked"):
                slow.append(await asyncio.open_connection("127.0.0.1", port))
                slow[-1][1].write(b"POST /body HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n\r\n1")
                await asyncio.sleep(0.1)
            assert b"done" in await talk(port, HEAD % b"x")
            for _, writer in slow:
                writer.close()
                with contextlib.suppress(ConnectionError):
                    await writer.wait_closed()

    asyncio.run(live())


def test_when_all_are_being_answered_the_next_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "MOST", 2)

    async def live() -> None:
        async with opened(tmp_path) as port:
            close = b"GET /long HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            long = [asyncio.create_task(talk(port, close)) for _ in range(2)]
            await asyncio.sleep(0.2)
            assert (await talk(port)).startswith(b"HTTP/1.1 503 ")
            assert all(b"done" in each for each in await asyncio.gather(*long))

    asyncio.run(live())


@pytest.mark.parametrize(
    "said",
    [
        b"\r\n\r\n\x00\x00",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA: \x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x10\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n",
        b"POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 100_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 200_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=range(15),
)
def test_what_is_no_request_is_told_so_and_nothing_of_it_is_said_again(tmp_path: Path, said: bytes) -> None:
    async def live() -> None:
        async with opened(tmp_path) as port:
            told = await talk(port, said)
            if told:  # sending may have failed in the middle, and then reading does
                assert told.startswith(b"HTTP/1.1 400 "), told[:200]
                assert told.count(b"HTTP/1.1 ") == 1
                assert b"nosniff" in told and b"bbbb" not in told and b"aaaa" not in told
            close = b"GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            assert b"done" in await talk(port, close)

    asyncio.run(live())


def test_an_answer_does_not_wait_for_its_header_to_be_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_at_once: list[int] = []

    class Looked(connection.Connection):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            sock = transport.get_extra_info("socket")
            sent_at_once.append(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    monkeypatch.setattr("app.door.Connection", Looked)

    async def main() -> bytes:
        async with opened(tmp_path) as port:
            return await talk(port, HEAD % b"")

    assert b"200 OK" in asyncio.run(main())
    assert sent_at_once and all(sent_at_once)
