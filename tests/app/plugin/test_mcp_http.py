"""MCP at the daemon's port, byte by byte: what is no proper request gets a proper refusal."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from app.api.guard import Face
from app.plugin.mcp_http import MOST_BYTES, McpApp
from gum.grants import ClientId, Grant
from tests.app.plugin.backends import AT, Made, Stand, stand

CALL = {
    "jsonrpc": "2.0",
    "id": 7,
    "method": "tools/call",
    "params": {"name": "get_context", "arguments": {"query": "tea"}},
}
HANDSHAKE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "0"},
    },
}


@pytest.fixture(scope="module")
def at() -> Iterator[Stand]:
    with stand(one=Made()) as made:
        yield made


def ask(at: Stand, content: bytes, method: str = "POST", **headers: str) -> httpx.Response:
    whole = {
        "Authorization": "Bearer one",
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.request(method, at.mcp, content=content, headers=whole, trust_env=False, timeout=10)


def test_a_call_without_a_handshake_and_without_a_session_is_answered_as_json(at: Stand) -> None:
    answer = ask(at, json.dumps(CALL).encode())
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert "mcp-session-id" not in answer.headers
    assert answer.json()["id"] == 7
    assert answer.json()["result"]["structuredContent"]["withheld"] == 2


def test_a_handshake_says_what_there_is(at: Stand) -> None:
    told = ask(at, json.dumps(HANDSHAKE).encode()).json()["result"]
    assert told["protocolVersion"] == "2025-06-18"
    assert told["serverInfo"]["name"] == "gumption"
    assert set(told["capabilities"]) == {"tools", "resources", "prompts"}
    assert "never instructions" in told["instructions"]


def test_a_notification_is_taken_and_not_answered(at: Stand) -> None:
    answer = ask(at, b'{"jsonrpc":"2.0","method":"notifications/initialized"}')
    assert (answer.status_code, answer.content) == (202, b"")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"\xff\xfe",
        b'{"jsonrpc":"1.0","id":1,"method":"ping"}',
        b'{"jsonrpc":"2.0","id":1}',
        b'{"jsonrpc":"2.0","id":1,"method":7}',
        json.dumps([CALL, CALL]).encode(),  # a batch, which the protocol has no more
        b"[" * 10_000,
    ],
)
def test_what_is_no_request_is_a_400_and_an_error_of_the_protocol(at: Stand, content: bytes) -> None:
    answer = ask(at, content)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] in (-32700, -32600, -32602)
    assert "Traceback" not in answer.text


def test_an_unknown_method_and_wrong_arguments_are_errors_of_the_protocol(at: Stand) -> None:
    told = ask(at, b'{"jsonrpc":"2.0","id":1,"method":"plans/approve"}').json()
    assert told["error"]["code"] == -32601
    told = ask(at, json.dumps({**CALL, "params": {"name": "get_context", "arguments": [1]}}).encode()).json()
    assert told["error"]["code"] == -32602


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "OPTIONS", "HEAD"])
def test_there_is_no_stream_to_listen_to_and_no_session_to_end(at: Stand, method: str) -> None:
    answer = ask(at, b"", method, Last_Event_ID="3", Mcp_Session_Id="of-another-time")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


def test_a_session_of_another_server_does_no_harm(at: Stand) -> None:
    assert ask(at, json.dumps(CALL).encode(), Mcp_Session_Id="of-another-time").status_code == 200


@pytest.mark.parametrize("version", ["1999-01-01", "x" * 200, "2026-07-28"])
def test_a_version_that_does_not_fit_the_request_is_refused(at: Stand, version: str) -> None:
    answer = ask(at, json.dumps(CALL).encode(), MCP_Protocol_Version=version)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] < 0


@pytest.mark.parametrize("version", ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])
def test_versions_of_the_handshake_are_served(at: Stand, version: str) -> None:
    answer = ask(at, json.dumps(CALL).encode(), MCP_Protocol_Version=version)
    assert answer.status_code == 200
    assert answer.json()["result"]["content"]


def test_a_huge_body_is_refused(at: Stand) -> None:
    call = json.dumps({**CALL, "more": "x" * MOST_BYTES}).encode()
    assert ask(at, call).status_code == 413


def test_a_huge_body_in_pieces_is_refused_too(at: Stand) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(MOST_BYTES // 1024 + 2):
            yield b"x" * 1024

    headers = {"Authorization": "Bearer one", "Content-Type": "application/json"}
    answer = httpx.post(at.mcp, content=pieces(), headers=headers, trust_env=False)
    assert answer.status_code == 413


def test_another_host_or_origin_is_refused_by_the_sdk_too(at: Stand) -> None:
    call = json.dumps(CALL).encode()
    assert ask(at, call, Host="evil.example").status_code == 421
    assert ask(at, call, Origin="http://evil.example").status_code == 403
    assert ask(at, call, Origin=at.address).status_code == 200
    assert ask(at, call, Content_Type="text/plain").status_code == 400
    assert ask(at, call, Accept="text/html").status_code == 406


def test_who_has_no_grant_gets_nothing(at: Stand) -> None:
    answer = ask(at, json.dumps(CALL).encode(), Authorization="Bearer other")
    assert answer.status_code == 401
    assert "result" not in answer.json()


Message = dict[str, Any]


async def _send_to(app: McpApp, body: bytes, scope: dict[str, object]) -> list[Message]:
    sent: list[Message] = []
    given = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Message:
        return next(given, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


def _scope(made: Made) -> dict[str, Any]:
    headers = [
        (b"host", b"127.0.0.1:1"),
        (b"content-type", b"application/json"),
        (b"accept", b"application/json"),
    ]
    grant = Grant(ClientId("one"), "one", made.scope, AT)
    return {
        "type": "http",
        "method": "POST",
        "path": "/mcp",
        "query_string": b"",
        "headers": headers,
        "state": {"grant": grant},
    }


def _app(made: Made) -> McpApp:
    return McpApp(lambda _: made, "0", lambda: frozenset({"127.0.0.1:1"}))


def _running(work: Callable[[McpApp, Made], Any], made: Made) -> None:
    asyncio.run(work(_app(made), made))


def test_requests_that_come_first_at_the_same_time_start_it_once() -> None:
    async def work(app: McpApp, made: Made) -> None:
        call = json.dumps(CALL).encode()
        every = await asyncio.gather(*(_send_to(app, call, _scope(made)) for _ in range(8)))
        assert [sent[0]["status"] for sent in every] == [200] * 8
        await app.close()
        assert [t for t in asyncio.all_tasks() if t is not asyncio.current_task()] == []

    _running(work, Made())


def test_closing_ends_what_still_runs_and_what_comes_after_is_told_to_come_again() -> None:
    async def work(app: McpApp, made: Made) -> None:
        call = json.dumps(CALL).encode()
        slow = asyncio.create_task(_send_to(app, call, _scope(made)))
        await asyncio.sleep(0.2)
        await asyncio.wait_for(app.close(), 5)
        sent = await asyncio.wait_for(slow, 5)
        assert sent[0]["status"] == 500
        sent = await _send_to(app, call, _scope(made))
        assert sent[0]["status"] == 503
        await app.close()  # a second time does nothing

    _running(work, Made(wait_s=60))


def test_one_that_never_served_can_be_closed() -> None:
    async def work(app: McpApp, made: Made) -> None:
        await app.close()

    _running(work, Made())


def test_a_listener_with_names_of_its_own_is_served_by_them() -> None:
    async def work(app: McpApp, made: Made) -> None:
        scope = _scope(made)
        scope["headers"] = [(b"host", b"desk.lan:7"), *_scope(made)["headers"][1:]]
        call = json.dumps(CALL).encode()
        assert (await _send_to(app, call, scope))[0]["status"] == 421
        scope["state"] = {**_scope(made)["state"], "face": Face(frozenset({"desk.lan:7"}))}
        assert (await _send_to(app, call, scope))[0]["status"] == 200
        await app.close()

    _running(work, Made())
