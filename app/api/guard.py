"""Who may ask: programs on this machine that can read the token file, and no web page.

A web page can send requests to 127.0.0.1, and by DNS rebinding even under a name of its own. So the
`Host` must be ours, an `Origin` must be ours, and `Sec-Fetch-Site` must not say it came from a page
(the order of checks follows what peers were broken by: peers.md in the plan, section 3).
"""

import hmac
import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

OPEN_PATHS = frozenset({"/hello"})
BODY_LIMIT = 256 * 1024  # bytes; the largest request of ours is a rule, far below 2 KB


def refusal(
    headers: Iterable[tuple[bytes, bytes]], path: str, hosts: frozenset[str], token: str
) -> str | None:
    """Why a request is refused, or None. Pure. Header names are lower case, as ASGI gives them."""
    seen: dict[str, list[str]] = {}
    for name, value in headers:
        seen.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
    host = seen.get("host", [])
    if len(host) != 1 or host[0].lower() not in hosts:
        return "host"
    if any(origin.lower() not in {f"http://{h}" for h in hosts} for origin in seen.get("origin", [])):
        return "origin"
    if any(site not in ("same-origin", "none") for site in seen.get("sec-fetch-site", [])):
        return "origin"
    if path in OPEN_PATHS:
        return None
    given = seen.get("authorization", [""])
    if len(given) != 1 or not hmac.compare_digest(given[0].encode(), f"Bearer {token}".encode()):
        return "token"
    return None


REFUSALS = {
    "host": (403, "This address is not Gumption's", "Ask 127.0.0.1 with its port, by that name."),
    "origin": (403, "Web pages may not ask Gumption", "Use a program that sends no Origin header."),
    "token": (
        401,
        "The token is missing or wrong",
        "Send the token file's line as 'Authorization: Bearer …'.",
    ),
    "size": (413, "The request is too large", f"At most {BODY_LIMIT} bytes are taken."),
}


class Guard:
    """ASGI middleware around the whole API, also around paths that do not exist."""

    def __init__(self, app: App, hosts: Callable[[], frozenset[str]], token: str) -> None:
        self._app = app
        self._hosts = hosts
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no web sockets here
            return
        headers = list(scope["headers"])
        why = refusal(headers, str(scope["path"]), self._hosts(), self._token)
        length = next((v for n, v in headers if n == b"content-length"), b"0")
        chunked = any(n == b"transfer-encoding" for n, _ in headers)
        if why is None and (chunked or not length.isdigit() or int(length) > BODY_LIMIT):
            why = "size"
        if why is not None:
            await _refuse(send, *REFUSALS[why])
            return
        await self._app(scope, receive, send)


async def _refuse(send: Send, status: int, title: str, hint: str) -> None:
    body = json.dumps({"title": title, "hint": hint, "status": status}).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
