"""Who may ask: the person's own programs with the owner's token, clients with theirs, and no web page.

A web page can send requests to 127.0.0.1, and by DNS rebinding even under a name of its own. So the
`Host` must be ours, an `Origin` must be ours, and `Sec-Fetch-Site` must not say it came from a page
(the order of checks follows what peers were broken by: peers.md in the plan, section 3).

The owner's token (a file that only the person can read) opens everything but what is made for clients; a
client's opens /v1 and /mcp alone. Nothing of a request stands in an answer of the guard.
"""

import hmac
import re
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.api.limits import Inside, Limits, retry_after
from app.api.problems import TYPE, raw
from gum.grants import Grant

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]
Verify = Callable[[str], Awaitable[Grant | None]]
"""The grant of whoever shows this token; None: refused, for whatever reason."""

HEADERS = 100  # names and values of a request; a browser sends some twenty
HEADER_LIMIT = 32 * 1024  # bytes of them
BODY_LIMIT = 256 * 1024  # bytes; the largest request of ours is a rule, far below 2 KB
CHAT_LIMIT = 8 * 1024 * 1024  # bytes; a conversation, with a picture in it
CHAT = "/v1/chat/completions"
TOKEN_LIMIT = 128  # characters; the longest of ours has 64
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_TRICKS = re.compile(rb"//|\\|%2f|%5c|%2e|%00|/\.\.?(/|$)|[^!-~]", re.IGNORECASE)
_PAIR = re.compile(r"/v1/pair(/[^/]+)?", re.ASCII)
HELLO = "/hello"
DOCUMENT = "/v1/openapi.json"

SECURE: Sequence[Header] = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""On every answer, also on those of the protocol itself."""


@dataclass(frozen=True, slots=True)
class Face:
    """A side of the door: under which values of `Host` it is asked there, and whether by the owner, too."""

    hosts: frozenset[str]
    scheme: str = "http"
    owner: bool = True


def is_clients(path: str) -> bool:
    """Whether an address is for clients, and not for the owner."""
    return path in ("/v1", "/mcp") or path.startswith(("/v1/", "/mcp/"))


def is_open(method: str, path: str) -> bool:
    """Whether something is answered without a token; what it tells is no secret, or pairing guards it."""
    if path == HELLO:
        return True
    return (method == "POST" and _PAIR.fullmatch(path) is not None) or (method == "GET" and path == DOCUMENT)


def _by_name(headers: Iterable[Header]) -> dict[str, list[str]]:
    seen: dict[str, list[str]] = {}
    for name, value in headers:
        seen.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
    return seen


def refusal(
    headers: Iterable[Header],
    path: str,
    hosts: frozenset[str],
    token: str,
    origins: frozenset[str] = frozenset(),
    scheme: str = "http",
) -> str | None:
    """Why a request is refused, or None. Pure. Header names are lower case, as ASGI gives them.

    `origins`: pages that may ask what is for clients. A client's token is not looked at here.
    """
    seen = _by_name(headers)
    host = seen.get("host", [])
    if len(host) != 1 or host[0].lower() not in hosts:
        return "host"
    if _welcome(seen, path, origins) is None:
        if any(each.lower() not in {f"{scheme}://{h}" for h in hosts} for each in seen.get("origin", [])):
            return "origin"
        if any(site not in ("same-origin", "none") for site in seen.get("sec-fetch-site", [])):
            return "origin"
    if path == HELLO or is_clients(path):
        return None
    given = seen.get("authorization", [""])
    if len(given) != 1 or not hmac.compare_digest(given[0].encode(), f"Bearer {token}".encode()):
        return "token"
    return None


def _welcome(seen: dict[str, list[str]], path: str, origins: frozenset[str]) -> str | None:
    """The page's origin, if it is one of those that the person let in; clients' addresses only."""
    given = seen.get("origin", [])
    if is_clients(path) and len(given) == 1 and given[0] in origins:
        return given[0]
    return None


def shapeless(method: str, raw_path: bytes) -> str | None:
    """Why what is asked for cannot be meant, or None: an address that can be read in two ways. Pure."""
    if method not in METHODS:
        return "method"
    if not raw_path.startswith(b"/") or _TRICKS.search(raw_path):
        return "address"
    return None


def limit_of(path: str) -> int:
    """How many bytes a request to an address may have."""
    return CHAT_LIMIT if path == CHAT else BODY_LIMIT


def overweight(headers: Iterable[Header], path: str, http_version: str = "1.1") -> str | None:
    """Why a body is not taken, or None. Pure."""
    seen = _by_name(headers)
    if any(value.lower() != "identity" for value in seen.get("content-encoding", [])):
        return "encoding"
    lengths, chunked = seen.get("content-length", []), "transfer-encoding" in seen
    if len(lengths) > 1 or (chunked and (lengths or http_version == "1.0")):
        return "framing"  # two readers, two lengths: how requests are smuggled
    if chunked and not is_clients(path):
        return "size"
    length = lengths[0] if lengths else "0"
    if not (length.isascii() and length.isdigit()) or len(length) > 12 or int(length) > limit_of(path):
        return "size"
    return None


REFUSALS = {
    "host": (403, "This address is not Gumption's", "Ask 127.0.0.1 with its port, by that name."),
    "origin": (403, "Web pages may not ask Gumption", "Use a program that sends no Origin header."),
    "token": (
        401,
        "The token is missing or wrong",
        "Send the token file's line as 'Authorization: Bearer …'.",
    ),
    "client": (
        401,
        "The token is missing or wrong",
        "Send the token of this assistant as 'Authorization: Bearer …'; `gumption connect` makes a new one.",
    ),
    "outside": (403, "This is not answered over the network", "Ask on the computer itself."),
    "locked": (423, "Gumption is locked", "Unlock it in the tray app, or type `gumption key unlock`."),
    "busy": (429, "Too many requests", "Wait as long as Retry-After says."),
    "method": (405, "That cannot be done at any address", "Use GET, POST, PUT, PATCH or DELETE."),
    "address": (
        400,
        "This is no address of Gumption's",
        "Write it without //, \\, and encoded signs of paths.",
    ),
    "header": (431, "The request's header is too large", f"At most {HEADERS} fields are taken."),
    "framing": (400, "The length of the request is not clear", "Send one Content-Length, or chunks."),
    "encoding": (415, "Compressed requests are not taken", "Send the body as it is."),
    "size": (
        413,
        "The request is too large",
        f"At most {BODY_LIMIT} bytes are taken, of a chat {CHAT_LIMIT}.",
    ),
}
_ALSO: dict[str, tuple[Header, ...]] = {
    "token": ((b"www-authenticate", b"Bearer"),),
    "client": ((b"www-authenticate", b"Bearer"),),
    "method": ((b"allow", ", ".join(sorted(METHODS)).encode()),),
}
_PREFLIGHT: Sequence[Header] = (
    (b"access-control-allow-methods", b"GET, POST, DELETE"),
    (
        b"access-control-allow-headers",
        b"authorization, content-type, gumption-context, idempotency-key, if-none-match, last-event-id, "
        b"mcp-protocol-version, mcp-session-id",
    ),
    (b"access-control-max-age", b"600"),
)


@dataclass(frozen=True, slots=True)
class ForClients:
    """What stands behind /v1 and /mcp, and who may ask it. `origins`: pages that may, too."""

    app: App
    verify: Verify
    requests_per_minute: float = 600
    origins: tuple[str, ...] = ()


class Guard:
    """ASGI middleware around the whole API, also around paths that do not exist.

    `clients` None: no client is let in. With `locked` none can be known, and each is told why.
    """

    def __init__(
        self,
        app: App,
        hosts: Callable[[], frozenset[str]],
        token: str,
        clients: ForClients | None = None,
        locked: bool = False,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._hosts, self._token, self._clients = app, hosts, token, clients
        self._limits = Limits(clients.requests_per_minute if clients is not None else 1)
        self._inside = Inside()
        self._origins = frozenset(clients.origins if clients is not None else ())
        self._locked = locked
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no web sockets here
            return
        headers, path, method = list(scope["headers"]), str(scope["path"]), str(scope["method"])
        face = scope.setdefault("state", {}).get("face") or Face(self._hosts())
        if len(headers) > HEADERS or sum(len(n) + len(v) for n, v in headers) > HEADER_LIMIT:
            await _refuse(_secured(send, None), "header")
            return
        why = refusal(headers, path, face.hosts, self._token, self._origins, face.scheme)
        page = None if why == "host" else _welcome(_by_name(headers), path, self._origins)
        send = _secured(send, page)
        if page is not None and why is None and _is_preflight(method, headers):
            await _allow(send, headers)
            return
        wait = 0.0
        if why in (None, "token"):
            shape = shapeless(method, path.encode() if scope.get("raw_path") is None else scope["raw_path"])
            why, wait = (shape, 0.0) if shape else await self._known(scope, face, why, headers)
        grant = scope["state"].get("grant")
        if why is not None or grant is None:
            await self._answer(scope, receive, send, headers, why, wait)
        elif self._inside.enter(grant.client):
            try:
                await self._answer(scope, receive, send, headers, None, 0.0)
            finally:
                self._inside.leave(grant.client)
        else:
            await _refuse(send, "busy", 1.0)

    async def _answer(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        headers: Sequence[Header],
        why: str | None,
        wait: float,
    ) -> None:
        """What stands behind answers, unless there is a reason `why` not."""
        path = str(scope["path"])
        if why is None:
            why = overweight(headers, path, str(scope.get("http_version", "1.1")))
        if why is None and any(name == b"transfer-encoding" for name, _ in headers):
            body = await _whole(receive, limit_of(path))
            if body is None:
                why = "size"
            else:
                receive = _again(body, receive)
        if why is not None:
            await _refuse(send, why, wait)
            return
        behind = self._clients.app if self._clients is not None and is_clients(path) else self._app
        await behind(scope, receive, send)

    async def _known(
        self, scope: Scope, face: Face, why: str | None, headers: Sequence[Header]
    ) -> tuple[str | None, float]:
        """Whether whoever asks may ask this, and is not too fast: why not, and how long to wait."""
        path, method = str(scope["path"]), str(scope["method"])
        clients = is_clients(path)
        source = str((scope.get("client") or ("",))[0])
        if not face.owner and not clients and path != HELLO:
            return "outside", 0.0
        if clients and self._locked:
            return "locked", 0.0
        if is_open(method, path):
            pairing = method == "POST" and path != HELLO
            wait = 0.0 if path == HELLO else self._limits.opened(source, pairing, self._now())
            return ("busy", wait) if wait else (None, 0.0)
        if clients:
            grant = await self._grant(headers)
            if grant is not None:
                scope["state"]["grant"] = grant
                wait = self._limits.asked(grant.client, self._now())
                return ("busy", wait) if wait else (None, 0.0)
            why = "client"
        if why is not None:
            wait = self._limits.wrong(source, self._now())
            return ("busy", wait) if wait else (why, 0.0)
        return None, 0.0

    async def _grant(self, headers: Sequence[Header]) -> Grant | None:
        given = [value for name, value in headers if name == b"authorization"]
        if self._clients is None or len(given) != 1:
            return None
        kind, _, text = given[0].decode("latin-1").partition(" ")
        if kind.lower() != "bearer" or len(text) > TOKEN_LIMIT:
            return None
        return await self._clients.verify(text)


def _is_preflight(method: str, headers: Iterable[Header]) -> bool:
    return method == "OPTIONS" and any(name == b"access-control-request-method" for name, _ in headers)


async def _allow(send: Send, headers: Iterable[Header]) -> None:
    """Answers the question of a browser whether a page that the person let in may ask."""
    private = (b"access-control-request-private-network", b"true") in list(headers)
    more = [(b"access-control-allow-private-network", b"true")] if private else []
    await send({"type": "http.response.start", "status": 204, "headers": [*_PREFLIGHT, *more]})
    await send({"type": "http.response.body", "body": b""})


async def _whole(receive: Receive, limit: int) -> bytes | None:
    """A body that comes in pieces, counted as they come; None: it is too large, or whoever sent it left."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > limit:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """A body that was read, for the application to read."""
    told = False

    async def first() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return first


def _secured(send: Send, page: str | None) -> Send:
    """Adds the headers that no answer goes without, and those that let `page` read it."""
    cors: list[Header] = []
    if page is not None:
        cors = [
            (b"access-control-allow-origin", page.encode()),
            (
                b"access-control-expose-headers",
                b"etag, gumption-context, gumption-context-ids, mcp-session-id, retry-after",
            ),
            (b"vary", b"Origin"),
        ]

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            said = list(message.get("headers", []))
            names = {name.lower() for name, _ in said}
            missing = [header for header in SECURE if header[0] not in names]
            message = {**message, "headers": [*said, *missing, *cors]}
        await send(message)

    return with_headers


async def _refuse(send: Send, why: str, wait_s: float = 0.0) -> None:
    body = raw(*REFUSALS[why])
    headers = [
        (b"content-type", TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        *_ALSO.get(why, ()),
    ]
    if wait_s:
        headers.append((b"retry-after", str(retry_after(wait_s)).encode()))
    await send({"type": "http.response.start", "status": REFUSALS[why][0], "headers": headers})
    await send({"type": "http.response.body", "body": body})
