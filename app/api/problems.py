"""Errors as answers: problem+json (RFC 9457) with a title and a hint for the person."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from gum.errors import (
    ActionFailed,
    GumptionError,
    KeyReused,
    ModelUnavailable,
    NotAllowed,
    NotFound,
    RequestUnusable,
    RuleUnusable,
    StoreLocked,
    StoreUnavailable,
)

TYPE = "application/problem+json"
_PLAIN = {
    404: ("There is nothing at this address", "The OpenAPI document lists every address."),
    405: ("That cannot be done at this address", "The OpenAPI document lists what can."),
}


_NAMES = re.compile(r"[^A-Za-z0-9_.-]")


class Problem(BaseModel):
    """Why something was not done, in words for the person."""

    type: str = Field("about:blank", description="RFC 9457; the status says what kind of problem it is")
    title: str
    status: int
    detail: str = Field(description="what can be done about it")
    hint: str = Field(description="the same as `detail`")


def body(status: int, title: str, hint: str) -> dict[str, object]:
    """A problem as JSON."""
    return {"type": "about:blank", "title": title, "status": status, "detail": hint, "hint": hint}


def problem(status: int, title: str, hint: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse(body(status, title, hint), status, headers=dict(headers or {}), media_type=TYPE)


def raw(status: int, title: str, hint: str) -> bytes:
    """The same for answers that are made without a framework."""
    return json.dumps(body(status, title, hint)).encode()


def status_of(error: GumptionError) -> int:
    """The HTTP status that says what kind of error it is."""
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, KeyReused):
        return 422  # draft-ietf-httpapi-idempotency-key-header-07, section 2.7
    if isinstance(error, NotAllowed):
        return 403
    if isinstance(error, ActionFailed):
        return 409
    if isinstance(error, RuleUnusable | RequestUnusable):
        return 422
    if isinstance(error, StoreLocked):
        return 423
    if isinstance(error, StoreUnavailable | ModelUnavailable):
        return 503
    return 400


def add_errors(api: FastAPI) -> None:
    """Every error becomes a problem with title and hint."""

    @api.exception_handler(GumptionError)
    async def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, GumptionError)
        return problem(status_of(error), error.title, error.hint)

    @api.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        known = _NAMES.sub("", where)[:80]  # a name that is not ours comes from the request
        return problem(422, f"The request's {known} cannot be used", str(first["msg"])[:300])

    @api.exception_handler(HTTPException)
    async def plain(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        title, hint = _PLAIN.get(error.status_code, ("That cannot be answered", "Look at the request again."))
        return problem(error.status_code, title, hint, error.headers)

    @api.exception_handler(Exception)
    async def bug(request: Request, error: Exception) -> Response:
        # The server logs the traceback after this answer; the caller gets no part of it.
        return problem(500, "Gumption made a mistake", "The log (daemon.log in the data folder) says where.")


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that an operation may answer with, for its OpenAPI document (see `describe`)."""
    return {
        status: {"description": _SAYS[status], "content": {TYPE: {"schema": _REF}}} for status in statuses
    }


def describe(api: FastAPI, *others: Callable[[], dict[str, Any]]) -> None:
    """Puts the shape of a problem into the document of `api`: the framework knows it from no route.

    `others`: documents of what else is answered there.
    """
    plain = api.openapi

    def whole() -> dict[str, Any]:
        document = plain()
        parts = document.setdefault("components", {}).setdefault("schemas", {})
        parts["Problem"] = Problem.model_json_schema()
        for other in (make() for make in others):
            document["paths"].update(other["paths"])
            parts.update(other["components"]["schemas"])
        return document

    api.openapi = whole  # type: ignore[method-assign]


_REF = {"$ref": "#/components/schemas/Problem"}
_SAYS = {
    400: "The request cannot be understood.",
    401: "The token is missing or wrong.",
    403: "The person or a rule said no.",
    404: "There is no such thing, or none for this client.",
    405: "Not done at this address.",
    409: "It could not be done.",
    413: "The request is too large.",
    415: "The request is in a form that is not taken.",
    422: "The request makes no sense.",
    423: "Gumption is locked.",
    429: "Too many requests.",
    500: "A mistake of Gumption's.",
    503: "The store or a model cannot be used just now.",
}
EVERYWHERE = (400, 401, 403, 413, 415, 422, 423, 429, 500, 503)
