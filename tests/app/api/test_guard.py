import asyncio
import contextlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api import limits
from app.api.guard import (
    BODY_LIMIT,
    SECURE,
    App,
    Face,
    ForClients,
    Guard,
    Receive,
    Scope,
    Send,
    refusal,
)
from gum.grants import ClientId, Grant
from gum.grants import Scope as Given

HOSTS = frozenset({"127.0.0.1:4711", "localhost:4711"})
TOKEN = "t" * 43
GOOD = [(b"host", b"127.0.0.1:4711"), (b"authorization", b"Bearer " + TOKEN.encode())]


def asked(*headers: tuple[bytes, bytes], path: str = "/status") -> str | None:
    return refusal(headers, path, HOSTS, TOKEN)


def test_a_program_with_the_token_may_ask() -> None:
    assert asked(*GOOD) is None


@pytest.mark.parametrize(
    "host", [b"evil.example", b"127.0.0.1", b"127.0.0.1:80", b"127.0.0.1.evil.example:4711", b""]
)
def test_a_rebound_name_is_refused_on_every_route(host: bytes) -> None:
    for path in ("/hello", "/status", "/nothing-here"):
        assert asked((b"host", host), GOOD[1], path=path) == "host"


def test_no_host_or_two_hosts_are_refused() -> None:
    assert asked(GOOD[1]) == "host"
    assert asked(*GOOD, (b"host", b"127.0.0.1:4711")) == "host"


@pytest.mark.parametrize(
    "origin", [b"null", b"https://evil.example", b"http://127.0.0.1:1", b"https://127.0.0.1:4711"]
)
def test_a_web_page_is_refused_even_with_the_token(origin: bytes) -> None:
    assert asked(*GOOD, (b"origin", origin)) == "origin"
    assert asked(*GOOD, (b"origin", origin), path="/hello") == "origin"


@pytest.mark.parametrize("site", [b"cross-site", b"same-site", b"nonsense"])
def test_a_browser_that_says_it_came_from_elsewhere_is_refused(site: bytes) -> None:
    assert asked(*GOOD, (b"sec-fetch-site", site)) == "origin"


@pytest.mark.parametrize(
    "value", [b"", b"Bearer ", b"Bearer wrong", b"bearer " + TOKEN.encode(), TOKEN.encode(), b"\xff"]
)
def test_without_the_exact_token_nothing_but_hello_answers(value: bytes) -> None:
    assert asked(GOOD[0], (b"authorization", value)) == "token"
    assert asked(GOOD[0], (b"authorization", value), path="/hello") is None
    assert asked(GOOD[0]) == "token"
    assert asked(*GOOD, (b"authorization", b"Bearer wrong")) == "token"


# the whole guard, over ASGI

PAGE = "https://chat.example"
CLIENT = (b"authorization", b"Bearer gmp_good")
HOST = GOOD[0]


class House:
    """A guard with a fake application behind each side that says which it is and what it read."""

    def __init__(self, **more: Any) -> None:
        self.reached = 0
        clients = ForClients(self._app("client"), self._verify, 600, (PAGE,))
        self.guard = Guard(self._app("owner"), lambda: HOSTS, TOKEN, clients, now=lambda: 0.0, **more)

    async def _verify(self, text: str) -> Grant | None:
        given = Grant(ClientId("c"), "c", Given(), datetime.now(UTC))
        return given if text == "gmp_good" else None

    def _app(self, name: str) -> App:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            self.reached += 1
            body = b""
            while (message := await receive())["type"] == "http.request":
                body += message.get("body", b"")
                if not message.get("more_body"):
                    break
            granted = "grant" in scope["state"]
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": f"{name} {granted} {len(body)}".encode()})

        return app

    def ask(
        self,
        path: str,
        *headers: tuple[bytes, bytes],
        method: str = "GET",
        body: Sequence[bytes] = (b"",),
        raw_path: bytes | None = None,
        face: Face | None = None,
        http_version: str = "1.1",
    ) -> tuple[int, dict[str, str], str]:
        parts = [{"type": "http.request", "body": p, "more_body": True} for p in body]
        parts[-1]["more_body"] = False
        said: list[Any] = []

        async def receive() -> Any:
            return parts.pop(0) if parts else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            said.append(message)

        scope = {
            "type": "http",
            "path": path,
            "raw_path": path.encode() if raw_path is None else raw_path,
            "method": method,
            "headers": list(headers),
            "http_version": http_version,
            "client": ("127.0.0.1", 1),
            "state": {"face": face} if face else {},
        }
        asyncio.run(self.guard(scope, receive, send))
        names = {name.decode(): value.decode() for name, value in said[0]["headers"]}
        return said[0]["status"], names, b"".join(m.get("body", b"") for m in said[1:]).decode()


OWNER_PATHS = "/status", "/", "/v1x", "/V1/status", "/mcpx", "/v2/status", "/openapi.json", "/events"
CLIENT_PATHS = "/v1", "/v1/", "/v1/status", "/v1/anything/else", "/mcp", "/mcp/", "/v1/pair", "/v1/pair/a/b"


@pytest.mark.parametrize("path", OWNER_PATHS)
def test_a_clients_token_opens_nothing_of_the_owners(path: str) -> None:
    house = House()
    assert house.ask(path, HOST, CLIENT)[0] == 401 and not house.reached
    assert house.ask(path, *GOOD)[2] == "owner False 0"


@pytest.mark.parametrize("path", CLIENT_PATHS)
def test_the_owners_token_opens_nothing_of_the_clients(path: str) -> None:
    house = House()
    assert house.ask(path, *GOOD)[0] == 401 and not house.reached
    assert house.ask(path, HOST, CLIENT)[2] == "client True 0"


def test_whatever_is_wrong_with_a_token_the_answer_is_the_same() -> None:
    answers = {
        str(House().ask("/v1/status", HOST, *more))
        for more in [
            (),
            *[
                ((b"authorization", value),)
                for value in (
                    b"Bearer gmp_bad",
                    b"Bearer " + TOKEN.encode(),
                    b"Basic gmp_good",
                    b"gmp_good",
                    b"\xff\x00",
                    b"Bearer " + b"g" * 10_000,
                    "Bearer gmp_gооd".encode(),
                )
            ],
            (CLIENT, CLIENT),
        ]
    }
    assert len(answers) == 1
    assert "www-authenticate" in answers.pop()


def test_every_answer_has_the_headers_and_says_nothing_of_the_request() -> None:
    house = House()
    mark = b"zebra"
    for path, headers, more in (
        ("/status", GOOD, {}),
        ("/zebra", [(b"host", mark)], {}),
        ("/zebra", [*GOOD, (b"origin", mark)], {}),
        ("/zebra", [HOST, (b"authorization", mark)], {}),
        ("/zebra", GOOD, {"method": "ZEBRA"}),
        ("/zebra//", GOOD, {}),
        ("/zebra", [*GOOD, (b"content-encoding", mark)], {}),
        ("/zebra", [*GOOD, (b"content-length", mark)], {}),
        ("/zebra", [*GOOD, *[(mark, mark)] * 101], {}),
        ("/v1/zebra", [HOST, (b"authorization", b"Bearer zebra")], {}),
    ):
        status, names, said = house.ask(path, *headers, **more)  # type: ignore[arg-type]
        assert {name.decode(): value.decode() for name, value in SECURE}.items() <= names.items(), path
        assert not [name for name in names if name.startswith("access-control")]
        assert "zebra" not in said.lower() + str(names).lower(), (status, path)
        if status != 200:
            told = json.loads(said)
            assert told["status"] == status and told["title"] and told["hint"] == told["detail"]


@pytest.mark.parametrize(
    "raw_path",
    [
        b"//status",
        b"/a//b",
        b"/a%2Fb",
        b"/a%2fb",
        b"/%2e%2e/x",
        b"/../x",
        b"/./x",
        b"/a/..",
        b"/a\\b",
        b"/a%5cb",
        b"/a%00",
        b"http://evil.example/status",
        b"*",
        b"",
        b"/\xc3\xa4",
    ],
)
def test_an_address_that_can_be_read_in_two_ways_is_refused(raw_path: bytes) -> None:
    house = House()
    assert house.ask("/status", *GOOD, raw_path=raw_path)[0] == 400
    assert house.ask("/v1/status", HOST, CLIENT, raw_path=raw_path)[0] == 400
    assert not house.reached


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "get", "DEBUG", ""])
def test_methods_that_nobody_needs_are_refused(method: str) -> None:
    house = House()
    assert house.ask("/status", *GOOD, method=method)[0] == 405 and not house.reached


def test_bodies_in_pieces_are_for_clients_and_bounded() -> None:
    house = House()
    chunked = (b"transfer-encoding", b"chunked")
    assert house.ask("/status", *GOOD, chunked)[0] == 413
    assert house.ask("/v1/x", HOST, CLIENT, chunked, body=[b"a" * 1000] * 5)[2] == "client True 5000"
    assert house.ask("/v1/x", HOST, CLIENT, chunked, body=[b"a" * 1000] * 262)[2] == "client True 262000"
    assert house.reached == 2
    assert house.ask("/v1/x", HOST, CLIENT, chunked, body=[b"a" * 1000] * 263)[0] == 413
    assert house.ask("/v1/x", HOST, CLIENT, chunked, http_version="1.0")[0] == 400
    assert house.ask("/v1/x", HOST, CLIENT, chunked, (b"content-length", b"3"))[0] == 400
    assert house.reached == 2


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([(b"content-length", b"3"), (b"content-length", b"3")], 400),
        ([(b"content-length", b"-1")], 413),
        ([(b"content-length", b"1e3")], 413),
        ([(b"content-length", b"\xb2")], 413),  # a superscript two is a digit, too
        ([(b"content-length", b"9" * 5000)], 413),
        ([(b"content-length", str(BODY_LIMIT + 1).encode())], 413),
        ([(b"content-length", str(BODY_LIMIT).encode())], 200),
        ([(b"content-encoding", b"gzip")], 415),
        ([(b"content-encoding", b"identity")], 200),
        ([(b"x", b"y")] * 200, 431),
        ([(b"x", b"y" * 40_000)], 431),
    ],
)
def test_lengths_and_encodings(headers: list[tuple[bytes, bytes]], status: int) -> None:
    assert House().ask("/status", *GOOD, *headers)[0] == status
    assert House().ask("/v1/x", HOST, CLIENT, *headers)[0] == status


def test_a_page_that_the_person_let_in_may_ask_what_is_for_clients() -> None:
    house = House()
    origin = (b"origin", PAGE.encode())
    site = (b"sec-fetch-site", b"cross-site")
    wanted = (b"access-control-request-method", b"POST")
    status, names, _ = house.ask("/v1/x", HOST, origin, site, wanted, method="OPTIONS")
    assert (status, names["access-control-allow-origin"], names["vary"]) == (204, PAGE, "Origin")
    assert "access-control-allow-credentials" not in names
    assert "access-control-allow-private-network" not in names
    private = (b"access-control-request-private-network", b"true")
    names = house.ask("/v1/x", HOST, origin, wanted, private, method="OPTIONS")[1]
    assert names["access-control-allow-private-network"] == "true"
    assert not house.reached
    for headers, expected in (([CLIENT], 200), ([], 401)):
        status, names, _ = house.ask("/v1/x", HOST, origin, site, *headers)
        assert (status, names["access-control-allow-origin"]) == (expected, PAGE)
    for path, host, page in (
        ("/status", HOST, PAGE),
        ("/hello", HOST, PAGE),
        ("/v1/x", HOST, "https://chat.example.evil"),
        ("/v1/x", HOST, "http://chat.example"),
        ("/v1/x", HOST, "null"),
        ("/v1/x", HOST, "HTTPS://CHAT.EXAMPLE"),
        ("/v1/x", (b"host", b"evil.example"), PAGE),
    ):
        for method in ("OPTIONS", "GET", "POST"):
            status, names, _ = house.ask(
                path, host, (b"origin", page.encode()), site, wanted, private, GOOD[1], method=method
            )
            assert status == 403, (path, page, method)
            assert not [name for name in names if name.startswith("access-control")]


def test_over_the_network_the_owners_side_is_not_there() -> None:
    house = House()
    face = Face(frozenset({"10.0.0.1:9"}), "https", owner=False)
    host = (b"host", b"10.0.0.1:9")
    for path in OWNER_PATHS:
        assert house.ask(path, host, GOOD[1], face=face)[0] == 403
    assert house.ask("/v1/x", host, GOOD[1], face=face)[0] == 401
    assert not house.reached
    assert house.ask("/v1/x", HOST, CLIENT, face=face)[0] == 403
    assert house.ask("/v1/x", host, CLIENT, face=face)[0] == 200
    assert house.ask("/hello", host, face=face)[0] == 200


def test_wrong_tokens_are_slowed_and_right_ones_never() -> None:
    house = House()
    answers = [house.ask("/v1/x", HOST)[0] for _ in range(400)]
    assert answers[0] == 401 and answers[-1] == 429
    status, names, _ = house.ask("/status", HOST)
    assert status == 429 and int(names["retry-after"]) >= 1
    assert house.ask("/status", *GOOD)[0] == 200
    assert house.ask("/v1/x", HOST, CLIENT)[0] == 200


def test_pairing_needs_no_token_and_is_slow() -> None:
    house = House()
    assert [house.ask(f"/v1/pair/{n}", HOST, method="POST")[0] for n in range(30)].count(200) == 20
    assert house.ask("/v1/pair", HOST, method="POST")[0] == 429
    assert house.ask("/v1/openapi.json", HOST)[0] == 200
    assert house.ask("/v1/pair", HOST)[0] == 401
    assert house.ask("/v1/pair", (b"host", b"evil.example"), method="POST")[0] == 403


def test_a_client_that_asks_too_much_waits_and_the_owner_does_not() -> None:
    house = House()
    answers = [house.ask("/v1/x", HOST, CLIENT)[0] for _ in range(150)]
    assert answers.count(200) == 100 and answers[-1] == 429
    assert all(house.ask("/status", *GOOD)[0] == 200 for _ in range(150))


def test_a_client_that_keeps_all_its_places_taken_gets_no_more_until_one_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "AT_ONCE", 1)

    async def live() -> None:
        go_on = asyncio.Event()

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            await go_on.wait()
            raise ValueError("places are left after a bug, too")

        guard = Guard(slow, lambda: HOSTS, TOKEN, ForClients(slow, House()._verify))

        async def ask() -> int:
            said: list[Any] = []

            async def send(message: Any) -> None:
                said.append(message)

            async def receive() -> Any:
                return {"type": "http.request", "body": b"", "more_body": False}

            scope = {"type": "http", "path": "/v1/x", "method": "GET", "headers": [HOST, CLIENT]}
            with contextlib.suppress(ValueError):
                await guard(scope, receive, send)
            return int(said[0]["status"]) if said else 0

        first = asyncio.create_task(ask())
        await asyncio.sleep(0)
        assert await ask() == 429
        go_on.set()
        assert (await first, await ask()) == (0, 0)

    asyncio.run(live())


def test_while_it_is_locked_clients_are_told_so() -> None:
    house = House(locked=True)
    assert house.ask("/v1/x", HOST, CLIENT)[0] == 423
    assert house.ask("/v1/pair", HOST, method="POST")[0] == 423
    assert house.ask("/v1/x", (b"host", b"evil.example"))[0] == 403
    assert not house.reached


@given(st.binary(max_size=60), st.sampled_from(["/status", "/hello", "/v1/status", "/v1/pair"]))
def test_no_other_host_is_ours(host: bytes, path: str) -> None:
    if host.decode("latin-1").lower() not in HOSTS:
        assert asked((b"host", host), GOOD[1], path=path) == "host"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1.:4711",
        "localhost.:4711",
        "ｌocalhost:4711",
        "127。0。0。1:4711",
        "127.1:4711",
        "2130706433:4711",
        "[::1]:4711",
        "localhost:04711",
        "a@localhost:4711",
        "localhost:4711,evil.example",
        "localhost:4711 ",
        "0.0.0.0:4711",
        "[::ffff:127.0.0.1]:4711",
        "localhost\x00:4711",
        "ⓛocalhost:4711",
        "loc\u200balhost:4711",
    ],
)
def test_other_spellings_of_our_name_are_refused(host: str) -> None:
    assert asked((b"host", host.encode()), GOOD[1]) == "host"
    assert asked((b"host", b"LOCALHOST:4711"), GOOD[1]) is None
