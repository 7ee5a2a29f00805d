"""The API of a locked daemon: who it is, that it is locked, unlocking and ending. Nothing else is there."""

from collections.abc import Callable
from typing import Protocol

from fastapi import FastAPI, Request, Response

from app.api.guard import Guard
from app.api.problems import add_errors, problem
from app.api.routes import API_VERSION
from app.shapes import Hello, StatusOut, UnlockIn

METHODS = ["GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS"]


class Lockable(Protocol):
    """What answers while the store is locked."""

    version: str

    def status(self) -> StatusOut: ...
    def shutdown(self) -> None: ...
    async def unlock(self, passphrase: str | None) -> StatusOut: ...


def create_locked_api(locked: Lockable, hosts: Callable[[], frozenset[str]], token: str) -> Guard:
    """The guarded API of `locked`. `hosts` are the values of `Host` that are ours."""
    api = FastAPI(title="Gumption, locked", version=locked.version, docs_url=None, redoc_url=None)
    add_errors(api)

    @api.get("/hello")
    async def hello() -> Hello:
        """Who answers here. Needs no token."""
        return Hello(name="gumption", version=locked.version, api=API_VERSION)

    @api.get("/status")
    async def status() -> StatusOut:
        return locked.status()

    @api.post("/unlock")
    async def unlock(body: UnlockIn) -> StatusOut:
        """Opens the store; answers when the daemon is at work again."""
        return await locked.unlock(body.passphrase.get_secret_value() if body.passphrase else None)

    @api.post("/lock")
    async def lock() -> StatusOut:
        return locked.status()

    @api.post("/shutdown")
    async def shutdown() -> dict[str, str]:
        locked.shutdown()
        return {}

    @api.api_route("/{path:path}", methods=METHODS, include_in_schema=False)
    async def nothing_else(request: Request, path: str) -> Response:
        return problem(423, "Gumption is locked", "Unlock it in the tray app, or type `gumption key unlock`.")

    return Guard(api, hosts, token, locked=True)
