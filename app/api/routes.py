"""Paths to `app.service.Service`. Nothing is decided here."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Annotated

from fastapi import FastAPI, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from app.api.album_routes import add_album
from app.api.audit_routes import add_audit
from app.api.calendar_routes import add_calendars
from app.api.guard import ForClients, Guard
from app.api.later import Later
from app.api.problems import EVERYWHERE, add_errors, describe, documented
from app.api.proposal_routes import add_proposals
from app.availability_shapes import PauseIn
from app.bounds import Time
from app.service import Service
from app.shapes import (
    AdmissionOut,
    AnswerIn,
    ApproveIn,
    ForgetIn,
    ForgottenOut,
    Found,
    Hello,
    ObservationOut,
    Page,
    PlanOut,
    PropositionList,
    PropositionWithHistory,
    QuestionList,
    ReactionIn,
    RuleIn,
    RuleList,
    RuleOut,
    SearchIn,
    StatusOut,
    SuggestionList,
    SuggestionOut,
    TellIn,
    TimingOut,
    Today,
    ToldOut,
    UnlockIn,
    VerdictIn,
    WelcomeIn,
    WindowIn,
)
from gum.types import PlanId

API_VERSION = 1
PING_S = 15


def create_api(
    service: Service,
    version: str,
    hosts: Callable[[], frozenset[str]],
    token: str,
    clients: ForClients | None = None,
) -> Guard:
    """The guarded API of `service`. `hosts` are the values of `Host` that are ours."""
    api = FastAPI(
        title="Gumption",
        version=version,
        summary="What Gumption knows, on this machine only.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        responses=documented(404, 409, *EVERYWHERE),
    )
    add_errors(api)
    later = Later(("/clients", "/pairings", "/disclosures", "/restore"), lambda api: _clients(api, service))
    describe(api, later.document)
    _knowledge(api, service, version)
    _offers(api, service)
    _talk(api, service)
    _privacy(api, service)
    add_audit(api, service.parts.audit)
    add_calendars(api, service.parts.calendars)
    add_album(api, service.parts.album)
    api.router.routes.append(later)
    add_proposals(api, service.parts.proposals, service.offers.plans)
    _events(api, service)
    return Guard(api, hosts, token, clients)


def _clients(api: FastAPI, service: Service) -> None:
    from app.api.clients_routes import add_clients  # with their shapes, which are half a megabyte
    from app.api.disclosure_routes import add_disclosures

    add_clients(api, service.parts.clients)
    add_disclosures(api, service.parts.disclosures)


def _knowledge(api: FastAPI, service: Service, version: str) -> None:
    @api.get("/hello")
    async def hello() -> Hello:
        """Who answers here. Needs no token."""
        return Hello(name="gumption", version=version, api=API_VERSION)

    @api.get("/status")
    async def status() -> StatusOut:
        return await service.status()

    @api.get("/observations")
    async def observations(
        limit: int = Query(50, ge=1, le=500), before: Time | None = None, app: str | None = None
    ) -> Page:
        return await service.observations(limit, before, app)

    @api.get("/observations/{observation_id}")
    async def observation(observation_id: str) -> ObservationOut:
        return await service.observation(observation_id)

    @api.get("/propositions")
    async def propositions(
        limit: int = Query(100, ge=1, le=1000), status: str = "active", type: str | None = None
    ) -> PropositionList:
        return await service.propositions(limit, status, type)

    @api.get("/propositions/{proposition_id}")
    async def proposition(proposition_id: str) -> PropositionWithHistory:
        return await service.proposition(proposition_id)

    @api.post("/propositions/{proposition_id}/verdict")
    async def verdict(proposition_id: str, body: VerdictIn) -> PropositionWithHistory:
        return await service.verdict(proposition_id, body)

    @api.delete("/propositions/{proposition_id}")
    async def forget_proposition(proposition_id: str) -> ForgottenOut:
        return await service.forget(ForgetIn(proposition_id=proposition_id))

    @api.get("/search")
    async def search(asked: Annotated[SearchIn, Query()]) -> Found:
        """Propositions and observations, best first; an empty `q` means the most recent."""
        return await service.search(asked)

    @api.post("/pause")
    async def pause(body: PauseIn) -> StatusOut:
        return await service.pause(body.minutes, body.off_the_record)

    @api.delete("/pause")
    async def resume() -> StatusOut:
        return await service.resume()

    @api.post("/lock")
    async def lock() -> StatusOut:
        """Closes the store and stops observing until it is unlocked; `status` tells when that is done."""
        return service.lock()

    @api.post("/unlock")
    async def unlock(body: UnlockIn) -> StatusOut:
        """It is not locked: nothing to do."""
        return await service.status()

    @api.post("/shutdown")
    async def shutdown() -> dict[str, str]:
        service.shutdown()
        return {}


def _offers(api: FastAPI, service: Service) -> None:
    @api.get("/suggestions")
    async def suggestions(state: str = "all") -> SuggestionList:
        return await service.offers.list(state)

    @api.post("/suggestions/{suggestion_id}/reaction")
    async def react(suggestion_id: str, body: ReactionIn) -> SuggestionOut:
        """Accepting prepares the plan; it does not run it."""
        return await service.react(suggestion_id, body)

    @api.get("/plans/{plan_id}")
    async def plan(plan_id: str) -> PlanOut:
        return await service.offers.plans.plan(PlanId(plan_id))

    @api.post("/plans/{plan_id}/approve")
    async def approve(plan_id: str, body: ApproveIn) -> PlanOut:
        """Runs exactly the plan whose digest was shown, and answers when it has finished; one that a client
        proposed is approved for that client to run."""
        return await service.offers.plans.approve(PlanId(plan_id), body.digest)

    @api.post("/plans/{plan_id}/deny")
    async def deny(plan_id: str) -> PlanOut:
        return await service.offers.plans.deny(PlanId(plan_id))

    @api.post("/plans/{plan_id}/undo")
    async def undo(plan_id: str) -> PlanOut:
        return await service.offers.plans.undo(PlanId(plan_id))


def _talk(api: FastAPI, service: Service) -> None:
    @api.post("/tell")
    async def tell(body: TellIn) -> ToldOut:
        """What the person says of themself; it is learnt from like what they write elsewhere."""
        return ToldOut(observation_id=await service.telling.tell(body.text))

    @api.post("/welcome")
    async def welcome(body: WelcomeIn) -> dict[str, str]:
        """The answer at the first start; it is not asked again."""
        await service.telling.welcome(body.text)
        return {}

    @api.get("/questions")
    async def questions(sensitive: bool = False) -> QuestionList:
        """What Gumption would like to know today."""
        return await service.asking.questions(sensitive)

    @api.delete("/questions/never")
    async def ask_again() -> QuestionList:
        """Takes back "never ask"; what is open then."""
        return await service.asking.ask_again()

    @api.post("/questions/{proposition_id}")
    async def answer(proposition_id: str, body: AnswerIn) -> QuestionList:
        """Obeys the answer; what is still open."""
        await service.asking.answer(proposition_id, body)
        return await service.asking.questions()

    @api.get("/timing")
    async def timing(minutes: float = Query(120, gt=0, le=10080)) -> TimingOut:
        """Is this a good time for something that takes so long? For agents that would propose it."""
        return await service.asking.timing(minutes)


def _privacy(api: FastAPI, service: Service) -> None:
    @api.get("/privacy/today")
    async def today() -> Today:
        return await service.today()

    @api.get("/privacy/rules")
    async def rules() -> RuleList:
        return service.rules()

    @api.post("/privacy/rules")
    async def add_rule(body: RuleIn) -> RuleOut:
        return await service.add_rule(body)

    @api.delete("/privacy/rules/{rule_id}")
    async def delete_rule(rule_id: str) -> dict[str, str]:
        await service.delete_rule(rule_id)
        return {}

    @api.post("/privacy/test")
    async def would_this_be_seen(body: WindowIn) -> AdmissionOut:
        return await asyncio.to_thread(service.would_be_seen, body)  # it may have to ask for all windows

    @api.post("/forget")
    async def forget(body: ForgetIn) -> ForgottenOut:
        return await service.forget(body)


def _events(api: FastAPI, service: Service) -> None:
    @api.get("/events", response_class=EventSourceResponse)
    async def events(request: Request) -> EventSourceResponse:
        """Server-sent events; `Last-Event-ID` resumes."""

        async def stream() -> AsyncIterator[ServerSentEvent]:
            async for event in service.hub.listen(request.headers.get("last-event-id")):
                data = json.dumps(event.data, ensure_ascii=False)
                yield ServerSentEvent(data, event=event.name, id=event.id)

        return EventSourceResponse(stream(), ping=PING_S)
