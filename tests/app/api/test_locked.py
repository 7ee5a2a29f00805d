"""The locked API, asked as an ASGI application; the daemon behind it is a labelled fake."""

import asyncio
from typing import Any

import httpx
import pytest

from app.api.locked import METHODS, create_locked_api
from app.clock import SystemClock
from app.locked import locked_status
from app.shapes import StatusOut
from gum.errors import StoreLocked

TOKEN = {"Authorization": "Bearer t", "Host": "here"}


class Fake:
    """Fake: a locked store that opens at "sesame"."""

    version = "0"

    def __init__(self) -> None:
        self.ended = False

    def status(self) -> StatusOut:
        return locked_status(SystemClock(), "0", True)

    def shutdown(self) -> None:
        self.ended = True

    async def unlock(self, passphrase: str | None) -> StatusOut:
        if passphrase != "sesame":
            raise StoreLocked("That is not it", "Try again.")
        return self.status()


def ask(method: str, path: str, headers: dict[str, str] = TOKEN, body: Any = None) -> httpx.Response:
    api = create_locked_api(Fake(), lambda: frozenset({"here"}), "t")

    async def one() -> httpx.Response:
        transport = httpx.ASGITransport(api)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.request(method, path, headers=headers, json=body)

    return asyncio.run(one())


def test_it_says_who_and_how_it_is() -> None:
    assert ask("GET", "/hello", {"Host": "here"}).json()["name"] == "gumption"
    told = ask("GET", "/status").json()
    assert (told["state"], told["unlock_by"], told["counts"]["observations"]) == ("locked", "passphrase", 0)
    assert ask("POST", "/lock").json()["state"] == "locked"
    assert ask("POST", "/shutdown").json() == {}


def test_a_passphrase_is_taken_and_a_wrong_one_told_as_a_problem() -> None:
    assert ask("POST", "/unlock", body={"passphrase": "sesame"}).status_code == 200
    wrong = ask("POST", "/unlock", body={"passphrase": "other"})
    assert (wrong.status_code, wrong.json()["title"], wrong.json()["hint"]) == (
        423,
        "That is not it",
        "Try again.",
    )
    for body in ({"passphrase": "x" * 1025}, {"passphrase": 7}, [], None):
        refused = ask("POST", "/unlock", body=body)
        assert refused.status_code == 422
        assert "xxx" not in refused.text


@pytest.mark.parametrize("method", METHODS)
def test_nothing_else_is_answered(method: str) -> None:
    for path in ("/", "/propositions", "/search?q=x", "/events", "/forget", "/observations/o1/x"):
        assert ask(method, path).status_code == 423, path


def test_it_is_guarded_like_the_open_one() -> None:
    for method, path in (("GET", "/status"), ("POST", "/unlock"), ("POST", "/shutdown"), ("GET", "/x")):
        assert ask(method, path, {"Host": "here"}).status_code == 401
        assert ask(method, path, {**TOKEN, "Host": "evil.example"}).status_code == 403
        assert ask(method, path, {**TOKEN, "Origin": "https://evil.example"}).status_code == 403
