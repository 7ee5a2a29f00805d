"""ETags: an answer that is byte for byte what the caller has already is not sent again (RFC 9110, 8.8.3)."""

import hashlib

from app.api.guard import App, Message, Receive, Scope, Send

STREAMS = b"text/event-stream"


def matches(wanted: str, tag: str) -> bool:
    """Whether an If-None-Match header names `tag`; weakly, as RFC 9110 13.1.2 says."""
    given = (part.strip().removeprefix("W/") for part in wanted.split(","))
    return any(part in (tag, "*") for part in given)


class ETags:
    """ASGI: tags every good answer to GET, and answers 304 where the caller has it."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        await self._app(scope, receive, _Tagged(send, headers.get(b"if-none-match", b"").decode("latin-1")))


class _Tagged:
    """Holds an answer back until all of it is there; a stream goes through."""

    def __init__(self, send: Send, wanted: str) -> None:
        self._send, self._wanted = send, wanted
        self._start: Message | None = None
        self._parts: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = dict(message["headers"]).get(b"content-type", b"")
            if message["status"] == 200 and not kind.startswith(STREAMS):
                self._start = message
                return
        if self._start is None:
            await self._send(message)
            return
        self._parts.append(message.get("body", b""))
        if message.get("more_body", False):
            return
        await self._finish(self._start, b"".join(self._parts))

    async def _finish(self, start: Message, body: bytes) -> None:
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = [*start["headers"], (b"etag", tag.encode())]
        if self._wanted and matches(self._wanted, tag):
            kept = [
                (name, value) for name, value in headers if name not in (b"content-length", b"content-type")
            ]
            await self._send({**start, "status": 304, "headers": kept})
            await self._send({"type": "http.response.body", "body": b""})
            return
        await self._send({**start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})
