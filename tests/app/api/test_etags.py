"""The same answer is not sent twice, and a stream is not held back."""

import asyncio
from collections.abc import Sequence

import pytest

from app.api.etags import ETags, matches
from app.api.guard import Message, Receive, Scope, Send


def asked(
    parts: Sequence[bytes], kind: bytes = b"application/json", status: int = 200, **how: str
) -> list[Message]:
    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]})
        for n, part in enumerate(parts):
            await send({"type": "http.response.body", "body": part, "more_body": n < len(parts) - 1})

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {}

    headers = [(b"if-none-match", how["tag"].encode())] if "tag" in how else []
    scope: Scope = {"type": "http", "method": how.get("method", "GET"), "headers": headers}
    asyncio.run(ETags(inner)(scope, receive, send))
    return sent


def tag_of(sent: list[Message]) -> str | None:
    value = dict(sent[0]["headers"]).get(b"etag")
    return value.decode() if value is not None else None


def test_what_the_caller_has_is_answered_with_304_and_no_body() -> None:
    first = asked([b"one", b"two"])
    tag = tag_of(first)
    assert tag is not None
    assert b"".join(m.get("body", b"") for m in first) == b"onetwo"
    again = asked([b"onetwo"], tag=tag)
    assert again[0]["status"] == 304
    assert b"".join(m.get("body", b"") for m in again) == b""
    assert tag_of(again) == tag
    assert asked([b"other"], tag=tag)[0]["status"] == 200


@pytest.mark.parametrize(
    ("how", "kind", "status"),
    [
        ({"method": "POST"}, b"application/json", 200),
        ({}, b"text/event-stream", 200),
        ({}, b"application/json", 404),
    ],
)
def test_streams_errors_and_what_changes_things_have_no_tag(
    how: dict[str, str], kind: bytes, status: int
) -> None:
    sent = asked([b"a", b"b"], kind, status, **how)
    assert tag_of(sent) is None
    assert len(sent) == 3  # part by part, as they came


def test_a_header_may_name_several_tags_or_any() -> None:
    assert matches('"a", W/"b"', '"b"')
    assert matches("*", '"b"')
    assert not matches('"bb"', '"b"')
