"""REST v1: paths to the `Backend` of whoever asks. Nothing is decided here.

The guard has put the grant of the token into the request's state. What an operation may answer with is said
in its OpenAPI document, which tool servers are imported from (`/v1/openapi.json`).
"""

import json
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, Path, Query, Request
from fastapi.security import HTTPBearer
from sse_starlette import EventSourceResponse, ServerSentEvent

from app.api.problems import EVERYWHERE, add_errors, describe, documented
from app.plugin import shapes as p
from app.plugin.ports import Backend
from gum.grants import Grant

PREFIX = "/v1"
PING_S = 15
SUMMARY = "What Gumption knows about the person, within what they allowed this client. On this machine only."
Id = Annotated[str, Path(min_length=1, max_length=64, description="an id, as an answer gave it")]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=100,
        pattern="^[!-~]+$",
        description="the same key with the same request again: the same answer, and nothing is done twice",
    ),
]


def _me(request: Request) -> Backend:
    """What the holder of the grant that the guard found may ask."""
    backend: Callable[[Grant], Backend] = request.app.state.backend
    return backend(request.state.grant)


Me = Annotated[Backend, Depends(_me)]
_MISSING = documented(404)
_DONE = documented(409)
_bearer = HTTPBearer(auto_error=False, description="the token that this client was given")


def create_v1(backend: Callable[[Grant], Backend], version: str) -> FastAPI:
    """The API for other programs, to be mounted at the root: its paths begin with `/v1`."""
    api = FastAPI(
        title="Gumption for assistants",
        version=version,
        summary=SUMMARY,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    api.state.backend = backend
    add_errors(api)
    routes = APIRouter(
        prefix=PREFIX,
        responses=documented(*EVERYWHERE),
        dependencies=[Depends(_bearer)],
    )
    _reading(routes)
    _doing(routes)
    api.include_router(routes)
    describe(api)
    return api


def _reading(routes: APIRouter) -> None:
    @routes.get("/status")
    async def status(me: Me) -> p.StatusView:
        """How Gumption is, and what this client may do."""
        return await me.status()

    @routes.post("/context")
    async def context(me: Me, asked: p.ContextIn) -> p.ContextOut:
        """What is known about the person that helps to answer their request. Ask this first.

        `text` goes into the prompt as it stands; it fits the budget of tokens.
        """
        return await me.context(asked)

    @routes.get("/search")
    async def search(me: Me, asked: Annotated[p.SearchIn, Query()]) -> p.SearchOut:
        """Claims about the person, best first, by words and by meaning; without words the most recent."""
        return await me.search(asked)

    @routes.get("/claims/{claim_id}", responses=_MISSING)
    async def claim(me: Me, claim_id: Id) -> p.ClaimOut:
        """One claim with what it rests on."""
        return await me.claim(claim_id)

    @routes.get("/moment")
    async def moment(me: Me) -> p.MomentOut:
        """What the person is doing now, and whether they can be spoken to."""
        return await me.moment()

    @routes.get("/activity")
    async def activity(me: Me, asked: Annotated[p.ActivityIn, Query()]) -> p.ActivityOut:
        """Which programs were in use lately, the newest first."""
        return await me.activity(asked)

    @routes.get("/agenda")
    async def agenda(me: Me, asked: Annotated[p.AgendaIn, Query()]) -> p.AgendaOut:
        """Deadlines, events and journeys ahead, the nearest first."""
        return await me.agenda(asked)

    @routes.post("/ask")
    async def ask(me: Me, asked: p.AskIn) -> p.AnswerOut:
        """A question about the person, answered from what is known, or said not to be known."""
        return await me.ask(asked)

    @routes.get("/events", response_class=EventSourceResponse, responses=_STREAM)
    async def events(
        me: Me,
        last: Annotated[
            str | None, Header(alias="Last-Event-ID", max_length=40, description="resumes behind it")
        ] = None,
    ) -> EventSourceResponse:
        """Server-sent events: what changes that this client may know. "resync": too much was missed."""

        async def stream() -> AsyncIterator[ServerSentEvent]:
            async for event in me.events(last):
                data = json.dumps(event.data, ensure_ascii=False)
                yield ServerSentEvent(data, event=event.name, id=event.id)

        return EventSourceResponse(stream(), ping=PING_S)


_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events, each with an id.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


def _doing(routes: APIRouter) -> None:
    @routes.get("/suggestions")
    async def suggestions(me: Me, asked: Annotated[p.SuggestionsIn, Query()]) -> p.SuggestionsOut:
        """What Gumption offers to help with."""
        return await me.suggestions(asked)

    @routes.post("/suggestions/{suggestion_id}/feedback", responses={**_MISSING, **_DONE})
    async def feedback(me: Me, suggestion_id: Id, said: p.FeedbackIn) -> p.FeedbackOut:
        """Passes on what the person made of an offer. Accepting one with a plan asks them for approval."""
        return await me.feedback(suggestion_id, said)

    @routes.post("/facts", status_code=202)
    async def propose(me: Me, fact: p.FactIn, key: Key = None) -> p.ProposalOut:
        """Puts a fact before the person. It is remembered if they say that it is so, and not before."""
        return await me.propose(fact, key)

    @routes.post("/forget", status_code=202, responses=_MISSING)
    async def forget(me: Me, asked: p.ForgetAskIn, key: Key = None) -> p.ProposalOut:
        """Asks the person whether something shall be forgotten for good. Nothing is, until they say so."""
        return await me.forget(asked, key)

    @routes.get("/proposals/{proposal_id}", responses=_MISSING)
    async def proposal(me: Me, proposal_id: Id) -> p.ProposalOut:
        """What became of something that was put before the person."""
        return await me.proposal(proposal_id)

    @routes.post("/plans", status_code=202)
    async def plan(me: Me, asked: p.PlanIn, key: Key = None) -> p.PlanView:
        """Puts a plan before the person. Only they can approve it, on their own screen."""
        return await me.plan(asked, key)

    @routes.get("/plans/{plan_id}", responses=_MISSING)
    async def plan_state(me: Me, plan_id: Id) -> p.PlanView:
        """How a plan of this client stands."""
        return await me.plan_state(plan_id)

    @routes.post("/plans/{plan_id}/execute", responses={**_MISSING, **_DONE})
    async def execute(me: Me, plan_id: Id, said: p.ExecuteIn) -> p.PlanView:
        """Runs a plan that the person approved, once, exactly as it was shown."""
        return await me.execute(plan_id, said)
