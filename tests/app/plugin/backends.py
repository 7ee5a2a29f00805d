"""A made-up `Backend` and a real server around it: what MCP and REST make of answers, without a daemon.

Not the service: its answers are what a test says. Everything else here is real: uvicorn, the routes of v1,
`McpApp`, sockets, and clients of others.
"""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import uvicorn

from app.api.guard import App, Receive, Scope, Send
from app.api.v1 import create_v1
from app.events import Event
from app.plugin import shapes as p
from app.plugin.mcp_http import McpApp
from app.plugin.mcp_tools import TOOLS
from gum import grants
from gum.errors import ActionFailed, GumptionError, NotFound
from gum.grants import ClientId, Grant, Part, Right, need

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DIGEST = "ab" * 32
READER = grants.Scope()
EVERYTHING = grants.Scope(rights=frozenset(Right), parts=frozenset(Part))


def claim(text: str) -> p.ClaimView:
    return p.ClaimView(
        id="clm2abcdefghijkl",
        type="preference",
        text=text,
        confidence=0.82,
        strength=0.9,
        supported_at=AT,
        confirmed=False,
        citations=[p.Citation(observation_id="obs2abcdefghijkl", at=AT, stance="supports", quote=text)],
    )


@dataclass
class Made:
    """Answers with `text` as what was on the screen; `wrong` is raised instead, where it is given."""

    scope: grants.Scope = EVERYTHING
    text: str = "Prefers tea over coffee"
    name: str = "Test"
    wrong: Exception | None = None
    wait_s: float = 0.0
    keys: list[str | None] = field(default_factory=list)
    approved: bool = False

    async def _may(self, right: Right, *parts: Part) -> None:
        await asyncio.sleep(self.wait_s)
        if self.wrong is not None:
            raise self.wrong
        need(self.scope, right, *parts)

    async def context(self, asked: p.ContextIn) -> p.ContextOut:
        await self._may(Right.READ, Part.CLAIMS)
        return p.ContextOut(items=[claim(self.text)], text=f"- {self.text}", tokens=9, withheld=2)

    async def search(self, asked: p.SearchIn) -> p.SearchOut:
        await self._may(Right.READ, Part.CLAIMS, Part.TRANSCRIPTS)
        seen = p.ObservationView(
            id="obs2abcdefghijkl",
            at=AT,
            until=AT,
            app="firefox",
            title=self.text,
            url=None,
            text=self.text,
            trust="received",
        )
        return p.SearchOut(claims=[claim(f"{self.text} {asked.q}")] * asked.limit, observations=[seen])

    async def claim(self, claim_id: str) -> p.ClaimOut:
        await self._may(Right.READ, Part.CLAIMS)
        if claim_id != "clm2abcdefghijkl":
            raise NotFound("There is no such claim", "Search for it again.")
        return p.ClaimOut(claim=claim(self.text))

    async def moment(self) -> p.MomentOut:
        await self._may(Right.READ, Part.ACTIVITY)
        return p.MomentOut(at=AT, activity="typing", interruptibility=0.2, app="firefox", observing=True)

    async def activity(self, asked: p.ActivityIn) -> p.ActivityOut:
        await self._may(Right.READ, Part.ACTIVITY)
        span = p.SpanView(id="s", app="firefox", start=AT, end=AT, observations=3, titles=[self.text])
        return p.ActivityOut(items=[span])

    async def agenda(self, asked: p.AgendaIn) -> p.AgendaOut:
        await self._may(Right.READ, Part.CLAIMS)
        return p.AgendaOut(items=[p.AgendaItem(due=AT, claim=claim(self.text))])

    def _offer(self) -> p.SuggestionView:
        return p.SuggestionView(
            id="sug2abcdefghijkl",
            kind="todo",
            text=self.text,
            why_now="It is due",
            why=[],
            p_useful=0.6,
            state="open",
            created_at=AT,
            expires_at=AT,
            has_plan=False,
        )

    async def suggestions(self, asked: p.SuggestionsIn) -> p.SuggestionsOut:
        await self._may(Right.SUGGEST)
        return p.SuggestionsOut(items=[self._offer()])

    async def feedback(self, suggestion_id: str, said: p.FeedbackIn) -> p.FeedbackOut:
        await self._may(Right.SUGGEST)
        return p.FeedbackOut(suggestion=self._offer())

    async def ask(self, asked: p.AskIn) -> p.AnswerOut:
        await self._may(Right.READ, Part.CLAIMS)
        return p.AnswerOut(known=True, answer=self.text, confidence=0.8, claims=[claim(self.text)])

    async def propose(self, fact: p.FactIn, key: str | None = None) -> p.ProposalOut:
        await self._may(Right.SUGGEST)
        self.keys.append(key)
        return p.ProposalOut(id="pro2abcdefghijkl", kind="fact", state="waiting", at=AT, text=fact.text)

    async def forget(self, asked: p.ForgetAskIn, key: str | None = None) -> p.ProposalOut:
        await self._may(Right.ACT)
        self.keys.append(key)
        return p.ProposalOut(
            id="pro2abcdefghijkl", kind="forget", state="waiting", at=AT, text=asked.topic or ""
        )

    async def proposal(self, proposal_id: str) -> p.ProposalOut:
        await self._may(Right.SUGGEST)
        return p.ProposalOut(id=proposal_id, kind="fact", state="waiting", at=AT, text=self.text)

    def _plan(self, state: str) -> p.PlanView:
        step = p.StepView(what=self.text, where="the to-do list", reversibility="whole", risk="low")
        return p.PlanView(
            id="pla2abcdefghijkl",
            goal="a goal",
            digest=DIGEST,
            state=state,
            steps=[step],
            outcomes=[],
            expires_at=AT,
        )

    async def plan(self, asked: p.PlanIn, key: str | None = None) -> p.PlanView:
        await self._may(Right.ACT)
        self.keys.append(key)
        return self._plan("waiting")

    async def plan_state(self, plan_id: str) -> p.PlanView:
        await self._may(Right.ACT)
        return self._plan("approved" if self.approved else "waiting")

    async def execute(self, plan_id: str, said: p.ExecuteIn) -> p.PlanView:
        await self._may(Right.ACT)
        if not self.approved:
            raise ActionFailed("The person has not approved this plan", "They can, in Gumption's window.")
        return self._plan("done")

    async def status(self) -> p.StatusView:
        if isinstance(self.wrong, GumptionError):
            raise self.wrong
        return p.StatusView(
            version="0",
            state="observing",
            client=self.name,
            rights=sorted(self.scope.rights),
            parts=sorted(self.scope.parts),
        )

    async def events(self, last_id: str | None = None) -> AsyncIterator[Event]:
        yield Event("r-1", "suggestion", {"text": self.text, "after": last_id})
        yield Event("r-2", "moment", {})


ARGUMENTS: Mapping[str, dict[str, object]] = {
    "get_context": {"query": "what does the person drink"},
    "get_claim": {"claim_id": "clm2abcdefghijkl"},
    "react_to_suggestion": {"suggestion_id": "sug2abcdefghijkl", "verdict": "dismiss"},
    "ask_memory": {"question": "Tea or coffee?"},
    "propose_fact": {"text": "I am vegetarian"},
    "request_forget": {"topic": "coffee"},
    "get_proposal": {"proposal_id": "pro2abcdefghijkl"},
    "plan_action": {"goal": "read it", "steps": [{"kind": "add_todo", "words": "read"}]},
    "get_plan": {"plan_id": "pla2abcdefghijkl"},
    "execute_plan": {"plan_id": "pla2abcdefghijkl", "digest": DIGEST},
}
assert set(ARGUMENTS) <= set(TOOLS)


@dataclass
class Stand:
    """A server on 127.0.0.1; a token is the name of one of its backends."""

    port: int
    backends: dict[str, Made]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def mcp(self) -> str:
        return f"{self.address}/mcp"


@contextmanager
def stand(**backends: Made) -> Iterator[Stand]:
    """Serves v1 and MCP to holders of `backends`' names as tokens, in the place of the guard and clients."""
    sock = socket.create_server(("127.0.0.1", 0))
    port = sock.getsockname()[1]
    host = f"127.0.0.1:{port}"
    made = dict(backends)

    def of(grant: Grant) -> Made:
        return made[grant.client]

    mcp = McpApp(of, "0", lambda: frozenset({host}))
    app = _known(create_v1(of, "0"), mcp, made)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=3))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
        yield Stand(port, made)
    finally:
        server.should_exit = True
        thread.join(20)
        sock.close()
    assert not thread.is_alive()


def _known(v1: App, mcp: McpApp, backends: Mapping[str, Made]) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send, mcp.close)
            return
        given = dict(scope["headers"]).get(b"authorization", b"").decode().removeprefix("Bearer ")
        state = scope.setdefault("state", {})
        if given in backends:
            state["grant"] = Grant(ClientId(given), given, backends[given].scope, AT)
        await (mcp if scope["path"] == "/mcp" else v1)(scope, receive, send)

    return app


async def _lifespan(receive: Receive, send: Send, close: Callable[[], Awaitable[None]]) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await close()
    await send({"type": "lifespan.shutdown.complete"})
