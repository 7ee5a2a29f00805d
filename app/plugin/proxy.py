"""A chat request to the person's own model server, with what is known of the person put in.

What is added is the answer of `Backend.context` to the client that asks: within its scope, audited, logged.
To a server on this machine the rest goes as it came. To another one nothing goes but by the door: every text
of the conversation is audited, names, places and numbers stand under labels, and the answer gets them back,
also piece by piece. What holds no words cannot be judged, so pictures and sound do not go there.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

from app.plugin import shapes as p
from app.plugin.egress import Egress
from app.plugin.ports import Backend
from app.plugin.proxy_shapes import (
    Chat,
    Events,
    Pieces,
    asked,
    fixed_of,
    replaced,
    restored,
    silent,
    texts_of,
)
from app.plugin.upstream import Address, Answer, asking
from gum.errors import GumptionError, ModelUnavailable, NotAllowed, NotFound, RequestUnusable
from gum.grants import Grant, Part, Right, Scope, need

MOST = 16  # chats at a time: each holds a conversation, and a model server does few at once
MOST_EVENT = 1 << 20  # bytes
JSON, STREAM = "application/json", "text/event-stream"
CONTEXT, IDS = "Gumption-Context", "Gumption-Context-Ids"


@dataclass(frozen=True, slots=True)
class Passed:
    """What the caller gets: a body, or pieces of one."""

    kind: str
    body: bytes | AsyncIterator[bytes]
    headers: Mapping[str, str] = field(default_factory=dict)
    close: Callable[[], Awaitable[None]] | None = None  # to be called in any case, where it is there


class Proxy:
    """Called on the event loop."""

    def __init__(
        self,
        address: Address,
        of: Callable[[Grant], Backend],
        egress: Egress,
        holds: Callable[[Grant], bool],
    ) -> None:
        """`of` gives the backend of a grant; `holds`: whether a grant is still as it was given."""
        self._address, self._of, self._egress, self._holds = address, of, egress, holds
        self._open = 0

    async def models(self, grant: Grant) -> Passed:
        """The server's list of models. Raises NotFound, NotAllowed, SettingsInvalid, ModelUnavailable."""
        address = self._ready(grant)
        async with asking(address, "/models") as answer:
            return Passed(JSON, _object(await answer.whole(), address)[0])

    async def chat(self, grant: Grant, raw: bytes, bare: bool = False) -> Passed:
        """An answer to the request in `raw`; `bare`: nothing is added to it.

        Raises as `models`, and RequestUnusable.
        """
        address = self._ready(grant)
        chat = asked(raw)
        if self._open >= MOST:
            raise ModelUnavailable(f"{MOST} chats are going on", "Ask again when one is over.")
        self._open += 1
        async with AsyncExitStack() as stack:
            stack.callback(self._closed)
            chat, headers = await self._told(grant, chat, bare)
            back: Mapping[str, str] | None = None
            if not address.local:
                chat, back = await self._leaving(grant, chat, address)
            answer = await stack.enter_async_context(asking(address, PATH, chat.as_bytes()))
            self._may_still(grant)
            if answer.kind.partition(";")[0].strip().lower() == STREAM:
                return Passed(STREAM, self._pieces(grant, answer, back), headers, stack.pop_all().aclose)
            body, parsed = _object(await answer.whole(), address)
            self._may_still(grant)
            if back:
                body = json.dumps(restored(parsed, back)).encode()
            return Passed(JSON, body, headers)

    def _closed(self) -> None:
        self._open -= 1

    def _ready(self, grant: Grant) -> Address:
        need(grant.scope, Right.READ, Part.CLAIMS)
        if not self._address.url:
            raise NotFound(
                "No model server is set up for the proxy",
                "Set upstream under [plugin] in settings.toml, e.g. to http://127.0.0.1:11434/v1.",
            )
        return self._address.checked()

    def _may_still(self, grant: Grant) -> None:
        """Somebody may have been shown out while the server was thinking."""
        if not self._holds(grant):
            raise NotAllowed("This assistant may not ask any more", "Pair it again with `gumption connect`.")

    async def _told(self, grant: Grant, chat: Chat, bare: bool) -> tuple[Chat, dict[str, str]]:
        """The request with what is known, and the headers that say so."""
        query = chat.query
        if bare or not query:
            return chat, {CONTEXT: "none"}
        found = await self._of(grant).context(p.ContextIn(query=query))
        if not found.text:
            return chat, {CONTEXT: "none"}
        said = f"claims={len(found.items)}; tokens={found.tokens}; withheld={found.withheld}"
        return chat.with_context(found.text), {CONTEXT: said, IDS: ",".join(c.id for c in found.items)}

    async def _leaving(self, grant: Grant, chat: Chat, address: Address) -> tuple[Chat, Mapping[str, str]]:
        """The request as it may go to another machine, and what its labels stand for."""
        kind = silent(chat.body)
        if kind is not None:
            raise RequestUnusable(
                f"A part of the conversation ({kind}) cannot be checked before it leaves this machine",
                "Send text, or use a model server on this machine.",
            )
        texts = texts_of(chat.body)
        fixed = "\n".join(dict.fromkeys(fixed_of(chat.body)))
        name = f"{grant.name}, by way of {address.where}"
        # Whatever this client may see itself, another machine gets no names and nothing sensitive.
        outside = replace(grant, name=name, scope=replace(Scope(), rights=grant.scope.rights))
        left = await self._egress.exchange(outside, "chat", [*texts, fixed])
        if left.texts[-1] != fixed:
            raise NotAllowed(
                f"Something private in the names of fields or tools was not sent to {address.where}",
                "`gumption audit` says what it was, if it was held back; a name there is not replaced.",
            )
        return replaced(chat, left.texts[:-1]), left.back

    async def _pieces(
        self, grant: Grant, answer: Answer, back: Mapping[str, str] | None
    ) -> AsyncIterator[bytes]:
        """A stream as it comes, or with names put back; what goes wrong is its last event."""
        try:
            async for piece in _restored(answer, back) if back else answer.pieces():
                self._may_still(grant)
                yield piece
        except GumptionError as error:
            yield _event(json.dumps({"error": _error(error)}), b"\n\n")


PATH = "/chat/completions"


async def _restored(answer: Answer, back: Mapping[str, str]) -> AsyncIterator[bytes]:
    events, pieces = Events(MOST_EVENT), Pieces(back)
    try:
        async for piece in answer.pieces():
            for data in events.feed(piece):
                for each in pieces.feed(data):
                    yield _event(each)
        for each in pieces.end():
            yield _event(each)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelUnavailable(
            "The model server's answer could not be read",
            "Check that upstream is an OpenAI-compatible server.",
        ) from error


def _event(data: str, before: bytes = b"") -> bytes:
    return before + b"data: " + data.encode() + b"\n\n"


def _error(error: GumptionError) -> dict[str, object]:
    """As chat programs expect it in a stream, with what a problem has besides."""
    return {
        "message": f"{error.title}. {error.hint}",
        "type": "gumption",
        "title": error.title,
        "hint": error.hint,
    }


def _object(data: bytes, address: Address) -> tuple[bytes, object]:
    """A JSON object, and what it says. Raises ModelUnavailable."""
    try:
        parsed = json.loads(data)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        raise ModelUnavailable(
            f"The model server at {address.where} answered something that is not a chat answer",
            "Check that upstream ends in /v1 and belongs to an OpenAI-compatible server.",
        )
    return data, parsed


async def unless_gone(work: "asyncio.Task[Passed]", gone: "asyncio.Task[None]") -> Passed | None:
    """What `work` comes to; None, with the work cancelled, where `gone` is over first."""
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        return await work if work.done() else None
    finally:
        for task in (work, gone):
            task.cancel()
        await asyncio.gather(work, gone, return_exceptions=True)
