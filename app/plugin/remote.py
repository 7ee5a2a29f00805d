"""The same service over HTTP: what `gumption mcp` asks, in a process of its own that holds nothing.

The daemon's address is read anew for every request, so a daemon that was started again at another port is
found. Nothing is asked twice: what failed is told, and the assistant may try again, with the same key.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from app.client import Client
from app.events import Event
from app.lock import is_held
from app.paths import Paths
from app.plugin import shapes as p
from gum.errors import (
    ActionFailed,
    DaemonUnreachable,
    GumptionError,
    NotAllowed,
    NotFound,
    RequestUnusable,
    StoreLocked,
    StoreUnavailable,
)

A = TypeVar("A", bound=BaseModel)
ANSWER_S = 60.0  # a question may wait for the model that embeds it to be loaded
CONNECT_S = 5.0
KINDS: Mapping[int, type[GumptionError]] = {
    400: RequestUnusable,
    401: NotAllowed,
    403: NotAllowed,
    404: NotFound,
    409: ActionFailed,
    413: RequestUnusable,
    422: RequestUnusable,
    423: StoreLocked,
    503: StoreUnavailable,
}


class Remote:
    """An `app.plugin.ports.Backend` that asks the daemon of `paths` with a client's token.

    `token` is called for every request, so that one that was given later, or renewed, is used. All raise
    what the daemon said, DaemonUnreachable, and what `token` raises.
    """

    def __init__(self, paths: Paths, token: Callable[[], str]) -> None:
        self._daemon, self._lock = Client(paths), paths.lock
        self._token = token
        # A proxy must never see what goes to 127.0.0.1.
        self._http = httpx.AsyncClient(trust_env=False, timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S))

    async def close(self) -> None:
        await self._http.aclose()

    async def context(self, asked: p.ContextIn) -> p.ContextOut:
        return await self._post("/context", asked, p.ContextOut)

    async def search(self, asked: p.SearchIn) -> p.SearchOut:
        return await self._get("/search", p.SearchOut, asked)

    async def claim(self, claim_id: str) -> p.ClaimOut:
        return await self._get(f"/claims/{_part(claim_id)}", p.ClaimOut)

    async def moment(self) -> p.MomentOut:
        return await self._get("/moment", p.MomentOut)

    async def activity(self, asked: p.ActivityIn) -> p.ActivityOut:
        return await self._get("/activity", p.ActivityOut, asked)

    async def agenda(self, asked: p.AgendaIn) -> p.AgendaOut:
        return await self._get("/agenda", p.AgendaOut, asked)

    async def suggestions(self, asked: p.SuggestionsIn) -> p.SuggestionsOut:
        return await self._get("/suggestions", p.SuggestionsOut, asked)

    async def feedback(self, suggestion_id: str, said: p.FeedbackIn) -> p.FeedbackOut:
        return await self._post(f"/suggestions/{_part(suggestion_id)}/feedback", said, p.FeedbackOut)

    async def ask(self, asked: p.AskIn) -> p.AnswerOut:
        return await self._post("/ask", asked, p.AnswerOut)

    async def propose(self, fact: p.FactIn, key: str | None = None) -> p.ProposalOut:
        return await self._post("/facts", fact, p.ProposalOut, key)

    async def forget(self, asked: p.ForgetAskIn, key: str | None = None) -> p.ProposalOut:
        return await self._post("/forget", asked, p.ProposalOut, key)

    async def proposal(self, proposal_id: str) -> p.ProposalOut:
        return await self._get(f"/proposals/{_part(proposal_id)}", p.ProposalOut)

    async def plan(self, asked: p.PlanIn, key: str | None = None) -> p.PlanView:
        return await self._post("/plans", asked, p.PlanView, key)

    async def plan_state(self, plan_id: str) -> p.PlanView:
        return await self._get(f"/plans/{_part(plan_id)}", p.PlanView)

    async def execute(self, plan_id: str, said: p.ExecuteIn) -> p.PlanView:
        return await self._post(f"/plans/{_part(plan_id)}/execute", said, p.PlanView)

    async def status(self) -> p.StatusView:
        return await self._get("/status", p.StatusView)

    async def events(self, last_id: str | None = None) -> AsyncIterator[Event]:
        """What happens, until the daemon ends the stream."""
        headers = self._headers() | ({"Last-Event-ID": last_id} if last_id is not None else {})
        request = self._http.build_request(
            "GET", self._url("/events"), headers=headers, timeout=httpx.Timeout(None, connect=CONNECT_S)
        )
        try:
            answer = await self._http.send(request, stream=True)
            try:
                if not answer.is_success:
                    await answer.aread()
                    raise _problem(answer)
                async for event in _events(answer):
                    yield event
            finally:
                await answer.aclose()
        except httpx.HTTPError as error:
            raise _gone() from error

    async def _get(self, path: str, shape: type[A], asked: BaseModel | None = None) -> A:
        query = asked.model_dump(mode="json", exclude_none=True) if asked is not None else {}
        return await self._call("GET", path, shape, params=query)

    async def _post(self, path: str, body: BaseModel, shape: type[A], key: str | None = None) -> A:
        headers = {"Idempotency-Key": key} if key is not None else {}
        return await self._call("POST", path, shape, content=_body(body), headers=headers)

    async def _call(
        self,
        method: str,
        path: str,
        shape: type[A],
        *,
        params: Mapping[str, str | int | float] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> A:
        try:
            answer = await self._http.request(
                method,
                self._url(path),
                params=params,
                content=content,
                headers=self._headers() | dict(headers or {}),
            )
        except httpx.HTTPError as error:
            raise _gone() from error
        except (ValueError, httpx.InvalidURL) as error:  # signs that no header or address can hold
            raise RequestUnusable("This cannot be asked", "It holds signs that are no text.") from error
        if not answer.is_success:
            raise _problem(answer)
        try:
            return shape.model_validate_json(answer.content)
        except ValidationError as error:
            raise _strange() from error

    def _url(self, path: str) -> str:
        """Raises DaemonUnreachable, also for a daemon that was killed: anybody on this machine may have taken
        its port since, and would be shown the token."""
        address = self._daemon.address()
        if not is_held(self._lock):
            raise _gone()
        return f"{address}/v1{path}"

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token()}", "Content-Type": "application/json"}


def _part(text: str) -> str:
    """`text` as one part of a path, which dots could leave."""
    if text in (".", ".."):
        raise NotFound("There is no such thing", "Look at the id again.")
    return quote(text, safe="")


def _body(asked: BaseModel) -> bytes:
    # Whatever was read from JSON has its signs checked, a lone half of a pair included.
    return asked.model_dump_json(exclude_none=True).encode()


def _problem(answer: httpx.Response) -> GumptionError:
    """The error that a refusal stands for, with the words the daemon said it in."""
    try:
        told = answer.json()
        title, hint = str(told["title"]), str(told.get("hint") or told.get("detail") or "")
    except (ValueError, KeyError, TypeError, AttributeError):
        return _strange()
    return KINDS.get(answer.status_code, GumptionError)(title, hint)


def _gone() -> DaemonUnreachable:
    return DaemonUnreachable("Gumption does not answer", "Start it with `gumption` or `gumption daemon`.")


def _strange() -> DaemonUnreachable:
    return DaemonUnreachable("Something else answers on Gumption's port", "Run `gumption doctor`.")


async def _events(answer: httpx.Response) -> AsyncIterator[Event]:
    """The events of a stream (server-sent events: fields, ended by an empty line; others are comments)."""
    fields: dict[str, list[str]] = {}
    async for line in answer.aiter_lines():
        name, _, value = line.partition(":")
        if name:
            fields.setdefault(name, []).append(value.removeprefix(" "))
        elif not line:
            if "data" in fields:
                yield _event(fields)
            fields = {}


def _event(fields: Mapping[str, list[str]]) -> Event:
    try:
        data = json.loads("\n".join(fields["data"]))
    except ValueError as error:
        raise _strange() from error
    return Event(fields.get("id", [""])[-1], fields.get("event", ["message"])[-1], data)
