"""Paths of OpenAI's shape to `app.plugin.proxy`: any chat program asks them instead of its model server."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPBearer
from starlette.types import Receive, Scope, Send

from app.api.problems import EVERYWHERE, documented
from app.plugin.proxy import STREAM, Passed, Proxy, unless_gone

_bearer = HTTPBearer(auto_error=False, description="the token that this client was given")
_HEADERS = {
    "Gumption-Context": {
        "description": "what was added, e.g. claims=3; tokens=214; withheld=1, or none",
        "schema": {"type": "string"},
    },
    "Gumption-Context-Ids": {"description": "the claims that were added", "schema": {"type": "string"}},
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["messages"],
                    "properties": {
                        "messages": {"type": "array", "minItems": 1, "items": {"type": "object"}},
                        "model": {"type": "string"},
                        "stream": {"type": "boolean"},
                    },
                    "additionalProperties": True,
                },
                "example": {
                    "model": "qwen3",
                    "messages": [{"role": "user", "content": "When is my thesis due?"}],
                },
            }
        },
    }
}
_CHAT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The model server's answer.",
        "headers": _HEADERS,
        "content": {
            "application/json": {"schema": {"type": "object"}},
            STREAM: {"schema": {"type": "string"}},
        },
    }
}
_MODELS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The model server's list.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


def add_proxy(api: FastAPI, proxy: Proxy, prefix: str = "/v1") -> None:
    """The two paths. The guard has put the grant of the token into the request's state."""
    problems = documented(*EVERYWHERE, 404)
    more: dict[str, Any] = {"tags": ["proxy"], "dependencies": [Depends(_bearer)]}

    @api.get(f"{prefix}/models", responses={**problems, **_MODELS}, response_class=Response, **more)
    async def models(request: Request) -> Response:
        """The models of the person's own server."""
        return await _answer(request, proxy.models(request.state.grant))

    @api.post(
        f"{prefix}/chat/completions",
        responses={**problems, **_CHAT},
        response_class=Response,
        openapi_extra=_BODY,
        **more,
    )
    async def chat(
        request: Request,
        context: Annotated[
            Literal["on", "off"], Header(alias="Gumption-Context", description="off: nothing is added")
        ] = "on",
    ) -> Response:
        """A chat with the person's own model, to which what is known about them is added."""
        raw = await request.body()
        return await _answer(request, proxy.chat(request.state.grant, raw, context == "off"))


async def _answer(request: Request, work: Coroutine[None, None, Passed]) -> Response:
    """The answer, unless who asks has left: then nobody asks the model server any more either."""

    async def left() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    passed = await unless_gone(asyncio.create_task(work), asyncio.create_task(left()))
    if passed is None:
        return Response(status_code=503)  # for nobody
    if isinstance(passed.body, bytes):
        return Response(passed.body, media_type=passed.kind, headers=dict(passed.headers))
    return _Stream(passed)


class _Stream(StreamingResponse):
    """Ends what it comes from, also where nobody ever read a word of it."""

    def __init__(self, passed: Passed) -> None:
        assert not isinstance(passed.body, bytes)
        super().__init__(passed.body, media_type=passed.kind, headers=dict(passed.headers))
        self._close = passed.close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self._close is not None:
                await self._close()
