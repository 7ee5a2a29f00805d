"""What a client may ask, answered within its grant: the one service behind REST, MCP and the proxy.

Three steps, always in this order: `storage.granted` reads what the scope admits, `app.plugin.views` makes
shapes of it, `app.plugin.egress` audits, renames, logs and only then gives the answer out.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.events import Event, Hub
from app.indexing import KINDS
from app.offers import OPEN
from app.plugin import shapes as p
from app.plugin.acting import Acting
from app.plugin.cursors import after, read
from app.plugin.egress import Egress
from app.plugin.views import (
    claim_view,
    observation_view,
    spans,
    suggestion_view,
    with_answer,
    with_text,
)
from app.shapes import StatusOut
from app.shaping import Shape, shape
from assistants.moment import RECENT, moment
from gum.context import chosen, needs
from gum.errors import NotAllowed, NotFound, StoreUnavailable
from gum.grants import Grant, Part, Right, Scope, need
from gum.ports import Clock
from gum.types import Proposition, PropositionId, Suggestion, SuggestionId
from storage import granted, observations
from storage.contexts import candidates
from storage.db import Database
from storage.search import NO_MEANING, Meaning

M = TypeVar("M", bound=BaseModel)
NEAREST = 50  # vector hits that join the word hits
LATELY = 100  # observations that make up the moment
ANSWERS = 3  # claims that make up an answer
FITS = 0.35  # score from which a claim answers a question (gum.retrieve: all its words alone give 0.75)
CLAIMS_ONLY = ("propositions",)


@dataclass(frozen=True, slots=True)
class PluginParts:
    """What the daemon lends. `nearest` asks the index; `meeting` and `input_age` the desktop; `holds` tells
    whether a grant is still as it was given, `forgotten` how often something was forgotten so far."""

    version: str
    clock: Clock
    database: Database
    hub: Hub
    egress: Egress
    acting: Acting
    nearest: Callable[[str, int, Sequence[str]], Awaitable[Meaning]]
    status: Callable[[], Awaitable[StatusOut]]
    input_age: Callable[[], timedelta | None]
    meeting: Callable[[datetime], bool]
    holds: Callable[[Grant], bool]
    forgotten: Callable[[], int]


class Plugin:
    """Called on the event loop."""

    def __init__(self, parts: PluginParts) -> None:
        self._parts = parts

    def of(self, grant: Grant) -> "Granted":
        """What the holder of `grant` may ask."""
        return Granted(self._parts, grant)


class Granted:
    """An `app.plugin.ports.Backend` for one grant and one request."""

    def __init__(self, parts: PluginParts, grant: Grant) -> None:
        self._p = parts
        self._grant = grant
        self._as_of = parts.forgotten()  # before anything is read

    @property
    def _scope(self) -> Scope:
        return self._grant.scope

    # what is known

    async def context(self, asked: p.ContextIn) -> p.ContextOut:
        """What is known that helps with a request, within a budget of tokens."""
        need(self._scope, Right.READ, Part.CLAIMS)
        wanted = needs(asked.query)
        meaning = await self._p.nearest(asked.query, NEAREST, CLAIMS_ONLY)
        now = self._p.clock.now()

        def look(s: Session) -> list[p.ClaimView]:
            found = candidates(s, self._scope, asked.query, meaning, wanted, now)
            picked = chosen(found, wanted, now, asked.budget, asked.limit, asked.diversity)
            return self._views(s, [(c.claim, c.score) for c in picked], now)

        made = p.ContextOut(items=await self._p.database.glance(look), text="", tokens=0)
        return await self._leave("context", asked.query, made, lambda answer: with_text(answer, asked.budget))

    async def search(self, asked: p.SearchIn) -> p.SearchOut:
        """What fits words or a question, or the most recent."""
        need(self._scope, Right.READ, Part.CLAIMS, Part.TRANSCRIPTS)
        now = self._p.clock.now()
        cursor = read(asked.cursor, now)
        kinds = KINDS if Part.TRANSCRIPTS in self._scope.parts else CLAIMS_ONLY
        meaning = await self._p.nearest(asked.q, NEAREST, kinds) if asked.q.strip() else NO_MEANING
        until = min(asked.until, cursor.time) if asked.until is not None else cursor.time

        def look(s: Session) -> p.SearchOut:
            deep = cursor.skip + asked.limit + 1
            found = granted.find(
                s, self._scope, asked.q, meaning, deep, now, type_=asked.type, since=asked.since, until=until
            )
            last = cursor.skip + asked.limit
            more = max(len(found.propositions), len(found.observations)) > last
            return p.SearchOut(
                claims=self._views(s, found.propositions[cursor.skip : last], now),
                observations=[
                    observation_view(o, score) for o, score in found.observations[cursor.skip : last]
                ],
                next=after(cursor, asked.limit, more),
            )

        return await self._leave("search", asked.q, await self._p.database.glance(look))

    async def claim(self, claim_id: str) -> p.ClaimOut:
        """One claim. Raises NotFound, also for one that is not for this client."""
        need(self._scope, Right.READ, Part.CLAIMS)
        now = self._p.clock.now()

        def look(s: Session) -> p.ClaimOut:
            found = granted.claims(s, self._scope, [PropositionId(claim_id)], now)
            if not found:
                raise _no_claim()
            [view] = self._views(s, [(claim, None) for claim in found.values()], now)
            return p.ClaimOut(claim=view)

        return await self._leave("claim", "", await self._p.database.glance(look))

    async def ask(self, asked: p.AskIn) -> p.AnswerOut:
        """An answer made of what is known; none where nothing fits well."""
        need(self._scope, Right.READ, Part.CLAIMS)
        meaning = await self._p.nearest(asked.question, NEAREST, CLAIMS_ONLY)
        now = self._p.clock.now()

        def look(s: Session) -> p.AnswerOut:
            found = granted.find(s, self._scope, asked.question, meaning, ANSWERS, now, diversity=0.3)
            fit = [pair for pair in found.propositions if pair[1] >= FITS]
            return p.AnswerOut(known=False, answer="", confidence=0, claims=self._views(s, fit, now))

        return await self._leave("ask", asked.question, await self._p.database.glance(look), with_answer)

    # what the person does

    async def moment(self) -> p.MomentOut:
        """What the person is doing now."""
        need(self._scope, Right.READ, Part.ACTIVITY)
        now = self._p.clock.now()
        status = await self._p.status()
        observing = status.state == "observing"
        age = self._p.input_age()

        def look(s: Session) -> p.MomentOut:
            lately = observations.between(s, now - RECENT, now, LATELY)
            scene = moment(lately, now, age, meeting=self._p.meeting(now))
            seen = granted.sights(s, self._scope, now - RECENT, now, now)
            last = seen[-1] if seen and observing else None
            return p.MomentOut(
                at=now.replace(microsecond=0),
                activity=scene.activity if observing else "unknown",
                interruptibility=round(scene.interruptibility, 1),
                app=last.app if last is not None else None,
                title=last.title if last is not None else None,
                observing=observing,
            )

        return await self._leave("moment", "", await self._p.database.glance(look))

    async def activity(self, asked: p.ActivityIn) -> p.ActivityOut:
        """Which programs were in use lately."""
        need(self._scope, Right.READ, Part.ACTIVITY)
        now = self._p.clock.now()
        cursor = read(asked.cursor, now)

        def look(s: Session) -> p.ActivityOut:
            since = cursor.time - timedelta(minutes=asked.minutes)
            every = spans(granted.sights(s, self._scope, since, cursor.time, now))
            last = cursor.skip + asked.limit
            return p.ActivityOut(
                items=every[cursor.skip : last], next=after(cursor, asked.limit, len(every) > last)
            )

        return await self._leave("activity", "", await self._p.database.glance(look))

    async def agenda(self, asked: p.AgendaIn) -> p.AgendaOut:
        """What has a date ahead, the nearest first."""
        need(self._scope, Right.READ, Part.CLAIMS)
        now = self._p.clock.now()
        cursor = read(asked.cursor, now)

        def look(s: Session) -> p.AgendaOut:
            until = cursor.time + timedelta(days=asked.days)
            found = granted.due(s, self._scope, cursor.time, until, asked.limit + 1, cursor.skip, now)
            shown = found[: asked.limit]
            views = self._views(s, [(claim, None) for claim in shown], now)
            items = [
                p.AgendaItem(due=claim.valid_until, claim=view)
                for claim, view in zip(shown, views, strict=True)
                if claim.valid_until is not None
            ]
            return p.AgendaOut(items=items, next=after(cursor, asked.limit, len(found) > asked.limit))

        return await self._leave("agenda", "", await self._p.database.glance(look))

    # offers

    async def suggestions(self, asked: p.SuggestionsIn) -> p.SuggestionsOut:
        """Offers of help whose every reason this client may know."""
        need(self._scope, Right.SUGGEST)
        now = self._p.clock.now()
        cursor = read(asked.cursor, now)

        def look(s: Session) -> p.SuggestionsOut:
            states = None if asked.state == "all" else sorted(OPEN)
            last = cursor.skip + asked.limit
            found = granted.offers(s, self._scope, states, last + 1, now)
            items = [self._offer(s, offer, why, now) for offer, why in found[cursor.skip : last]]
            return p.SuggestionsOut(items=items, next=after(cursor, asked.limit, len(found) > last))

        return await self._leave("suggestions", "", await self._p.database.glance(look))

    async def feedback(self, suggestion_id: str, said: p.FeedbackIn) -> p.FeedbackOut:
        """Passes on what the person made of an offer. Accepting puts its plan before them."""
        need(self._scope, Right.SUGGEST)
        now = self._p.clock.now()
        key = SuggestionId(suggestion_id)

        def there(s: Session) -> bool:
            return granted.offer(s, self._scope, key, now) is not None

        if not await self._p.database.glance(there):
            raise _no_suggestion()
        plan_id = await self._p.acting.react(self._grant, suggestion_id, said.verdict)

        def look(s: Session) -> p.FeedbackOut:
            found = granted.offer(s, self._scope, key, now)
            if found is None:
                raise _no_suggestion()
            return p.FeedbackOut(suggestion=self._offer(s, *found, now, plan_id))

        return await self._leave("feedback", "", await self._p.database.glance(look))

    # what waits for the person

    async def propose(self, fact: p.FactIn, key: str | None = None) -> p.ProposalOut:
        return await self._leave("propose", "", await self._p.acting.propose(self._grant, fact, key))

    async def forget(self, asked: p.ForgetAskIn, key: str | None = None) -> p.ProposalOut:
        return await self._leave("forget", "", await self._p.acting.forget(self._grant, asked, key))

    async def proposal(self, proposal_id: str) -> p.ProposalOut:
        return await self._leave("proposal", "", await self._p.acting.proposal(self._grant, proposal_id))

    async def plan(self, asked: p.PlanIn, key: str | None = None) -> p.PlanView:
        return await self._leave("plan", "", await self._p.acting.plan(self._grant, asked, key))

    async def plan_state(self, plan_id: str) -> p.PlanView:
        return await self._leave("plan_state", "", await self._p.acting.plan_state(self._grant, plan_id))

    async def execute(self, plan_id: str, said: p.ExecuteIn) -> p.PlanView:
        return await self._leave("execute", "", await self._p.acting.execute(self._grant, plan_id, said))

    # about itself

    async def status(self) -> p.StatusView:
        """How Gumption is, and what this client may do."""
        told = await self._p.status()
        return p.StatusView(
            version=self._p.version,
            state=told.state,
            client=self._grant.name,
            rights=sorted(self._scope.rights),
            parts=sorted(self._scope.parts),
            until=self._grant.until,
        )

    async def events(self, last_id: str | None = None) -> AsyncIterator[Event]:
        """What happens that this client may know of, until its grant ends. `last_id` resumes."""
        async for event in self._p.hub.listen(last_id):
            if not self._p.holds(self._grant):
                return  # taken back, changed or over: nothing more leaves, whatever is still on its way
            told = await self._told_anew(event)
            if not self._p.holds(self._grant):
                return
            if told is not None:
                yield Event(event.id, event.name, told)

    async def _told_anew(self, event: Event) -> Shape | None:
        """What of an event is for this client, read again when something was forgotten meanwhile."""
        while True:
            now = Granted(self._p, self._grant)
            try:
                return await now._told(event)
            except StoreUnavailable:
                if now._as_of == self._p.forgotten():
                    raise

    async def _told(self, event: Event) -> Shape | None:
        """What of an event is for this client; None: nothing."""
        if event.name == "resync":
            return {}
        data = event.data if isinstance(event.data, Mapping) else {}
        if event.name == "status":
            return {"state": str(data.get("state", ""))}
        try:
            if event.name == "proposition":
                return shape(await self.claim(str(data["id"])))
            if event.name == "suggestion":
                return shape(await self._suggestion(str(data["id"])))
            if event.name == "plan":
                return shape(await self.plan_state(str(data["plan_id"])))
        except (NotAllowed, NotFound):
            return None  # not for this client
        return None

    async def _suggestion(self, suggestion_id: str) -> p.FeedbackOut:
        need(self._scope, Right.SUGGEST)
        now = self._p.clock.now()

        def look(s: Session) -> p.FeedbackOut:
            found = granted.offer(s, self._scope, SuggestionId(suggestion_id), now)
            if found is None:
                raise _no_suggestion()
            return p.FeedbackOut(suggestion=self._offer(s, *found, now))

        return await self._leave("suggestion", "", await self._p.database.glance(look))

    # how

    def _views(
        self, s: Session, found: Sequence[tuple[Proposition, float | None]], now: datetime
    ) -> list[p.ClaimView]:
        cited = granted.cited(s, self._scope, [claim.id for claim, _ in found], now)
        return [claim_view(claim, cited.get(claim.id, ()), now, score) for claim, score in found]

    def _offer(
        self,
        s: Session,
        offer: Suggestion,
        why: Sequence[Proposition],
        now: datetime,
        plan_id: str | None = None,
    ) -> p.SuggestionView:
        reasons = why if Right.READ in self._scope.rights else ()
        return suggestion_view(offer, self._views(s, [(claim, None) for claim in reasons], now), plan_id)

    async def _leave(
        self, operation: str, query: str, answer: M, finish: Callable[[M], M] | None = None
    ) -> M:
        left = await self._p.egress.leave(self._grant, operation, query, answer, finish, self._as_of)
        if not self._p.holds(self._grant):  # taken back while this was made
            raise NotAllowed("This assistant may not ask any more", "It can be paired anew.")
        return left


def _no_claim() -> NotFound:
    return NotFound("There is no such claim", "It may have been forgotten, or be none that you may read.")


def _no_suggestion() -> NotFound:
    return NotFound("There is no such offer", "It may be over, or rest on what you may not read.")
