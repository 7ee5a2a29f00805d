"""Steps 11 and 12 of the chain: suggest, weigh, show; then hear what the person makes of it.

An offer is made of stored propositions and the present moment, kept in the store with the person's
reaction, and acted on only by a plan whose digest a person approved in time (`app.plans`).
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import burn_in
from app.config import SuggestSettings
from app.events import Hub
from app.plans import Plans
from app.shapes import PlanOut, PropositionOut, SuggestionList, SuggestionOut
from app.shaping import proposition_out, shape, suggestion_out
from assistants.interrupt import worth
from assistants.learn import learn
from assistants.moment import RECENT, moment
from assistants.suggest import suggest
from assistants.windows import Windows
from gum.errors import NotAllowed, NotFound, StoreUnavailable
from gum.ports import Clock, Surface
from gum.types import (
    Feedback,
    Moment,
    PlanId,
    Proposition,
    PropositionId,
    Suggestion,
    SuggestionId,
    Verdict,
    new_id,
)
from gum.zone import HERE, midnight
from observers.availability import Availability
from storage import observations, propositions, suggestions
from storage.db import Database

log = logging.getLogger(__name__)

OPEN = frozenset({"new", "shown"})
TYPED_S = 3.0  # what typing put off is looked at again so soon
AWAY = timedelta(minutes=15)  # without a key or the pointer
REMEMBERED = timedelta(days=21)  # an offer refused so lately is not made again
CLAIMS = 500  # the newest active propositions that may be offered about
LATELY = 100  # observations that make up the moment

Doubted = Callable[[Session, Sequence[Proposition], datetime], Collection[PropositionId]]
"""Which of these claims the person is asked about first."""


def nobody(s: Session, claims: Sequence[Proposition], now: datetime) -> Collection[PropositionId]:
    """No claim is in doubt."""
    return ()


class Offers:
    """Suggestions. Called on the event loop; what blocks runs beside it."""

    def __init__(
        self,
        settings: SuggestSettings,
        database: Database,
        hub: Hub,
        clock: Clock,
        surface: Surface,
        windows: Windows | None,
        input_age: Callable[[], timedelta | None],
        paused: Callable[[], bool],
        doubted: Doubted = nobody,
        meeting: Callable[[datetime], bool] = lambda _: False,
        availability: Callable[[], Availability] = Availability,
    ) -> None:
        """`doubted`: claims out of character, of which nothing is offered before the person was asked.

        `meeting`: whether one goes on then. `availability`: whether the person may be spoken to; may block.
        """
        self._doubted, self._meeting, self._availability = doubted, meeting, availability
        self._learning_until: datetime | None = None
        self._settings = settings
        self._database = database
        self._hub = hub
        self._clock = clock
        self._input_age = input_age
        self._paused = paused
        self.plans = Plans(settings, database, hub, clock, surface, windows, availability)
        self._looking = asyncio.Lock()
        self._look_due = False
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def learning_until(self) -> datetime | None:
        """Until when Gumption only learns; None when that is over."""
        if self._learning_until is None:
            return None
        now, longest = self._clock.now(), timedelta(hours=self._settings.burn_in_h)
        # A clock that was set back must not make a year of the first day.
        self._learning_until = min(self._learning_until, now + longest)
        return self._learning_until if self._learning_until > now else None

    async def start(self) -> None:
        """Takes up what an earlier run left."""
        now = self._clock.now()
        began = await self._database.run(lambda s: burn_in.begun(s, now))
        self._learning_until = burn_in.over_at(began, self._settings.burn_in_h, now)
        await self.plans.start()

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.plans.stop()

    # suggest, weigh, show

    def consider(self, changed: Collection[PropositionId]) -> None:
        """Looks for an offer now, because these propositions are new or changed."""
        if changed:
            self._begin(0.0)

    def _begin(self, after_s: float) -> None:
        """Looks after so many seconds, unless a look that has not begun yet will see the same."""
        if self._look_due:
            return
        self._look_due = True

        async def look() -> None:
            await asyncio.sleep(after_s)
            await self.look()

        task = asyncio.get_running_loop().create_task(look())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def look(self) -> None:
        """Makes the offers that the moment and the propositions give, and shows what is worth it."""
        if not self._settings.enabled or self._paused() or self.learning_until is not None:
            self._look_due = False
            return
        try:
            async with self._looking:
                self._look_due = False
                await self._look()
        except StoreUnavailable as error:
            log.error("no offers can be made: %s", error.title)

    async def _look(self) -> None:
        now = self._clock.now()
        await self._expire(now)
        age = await asyncio.to_thread(self._input_age)  # asks the desktop, which may take its time
        if age is not None and age > AWAY:
            return  # nobody is there; the first look after they are back makes what is due
        scene, fresh, quotes = await self._fresh(now, age)
        waiting = await self._database.read(lambda s: suggestions.list_(s, ["new"]))
        if not (fresh or waiting):
            return
        available = await asyncio.to_thread(self._availability)
        if available.typing_now:
            self._begin(TYPED_S)
        for suggestion in fresh:
            await self._weigh(suggestion, scene, now, quotes, available)
        for suggestion in waiting:
            await self._weigh(suggestion, scene, now, None, available)

    async def _fresh(
        self, now: datetime, age: timedelta | None
    ) -> tuple[Moment, list[Suggestion], Mapping[PropositionId, str]]:
        """The moment, the offers it gives, and the quote of each claim that an offer may show.

        Mostly there is none, and then nobody needs to know what is doubted: finding that out takes longer.
        """

        def look(s: Session) -> tuple[Moment, list[Suggestion], Mapping[PropositionId, str]]:
            known = propositions.list_(s, status="active", type_=None, limit=CLAIMS)
            lately = observations.between(s, now - RECENT, now, LATELY)
            scene = moment(lately, now, age, known, self._meeting(now))
            already = suggestions.since(s, now - REMEMBERED)
            habits = learn(suggestions.reactions(s))
            if not suggest(scene, known, already, now, habits, folders=self.plans.folders, zone=HERE):
                return scene, [], {}
            doubted = set(self._doubted(s, known, now))
            claims = [p for p in known if p.id not in doubted]
            rows = propositions.evidence_of(s, [p.id for p in claims], newest=1)
            quotes = {key: cited[-1].evidence.quote for key, cited in rows.items() if cited}
            made = suggest(
                scene, claims, already, now, habits, folders=self.plans.folders, zone=HERE, quotes=quotes
            )
            return scene, made, quotes

        return await self._database.read(look)

    async def _weigh(
        self,
        suggestion: Suggestion,
        scene: Moment,
        now: datetime,
        quotes: Mapping[PropositionId, str] | None,
        available: Availability,
    ) -> None:
        """Stores or shows it, if that is worth it. `quotes`: what a fresh one was made of."""
        today = midnight(now)
        shown, last = await self._database.read(
            lambda s: (suggestions.shown_today(s, today), suggestions.last_shown(s))
        )
        gap = timedelta(seconds=self._settings.gap_s)
        quiet = available.quiet or available.typing_now
        budget, because = self._settings.daily_budget, available.reason
        decision = worth(suggestion, scene, shown, budget, quiet, last, gap, because)
        log.info("suggestion of kind %s: %s", suggestion.kind, decision.do)
        if decision.do == "silent":
            return
        show = decision.do in ("show", "ask")

        def keep(s: Session) -> bool:
            if any(propositions.get(s, key) is None for key in suggestion.why):
                return False  # forgotten while the offer was made
            if quotes is not None:
                said = [(key, quotes[key]) for key in suggestion.why if key in quotes]
                if not propositions.quoted(s, said):
                    return False  # what it would quote was forgotten meanwhile
                suggestions.add(s, suggestion)
            if show:
                suggestions.set_state(s, suggestion.id, "shown", now)
            return True

        if await self._database.run(keep) and show:
            self._hub.publish("suggestion", shape(await self._shown(suggestion.id)))

    async def _expire(self, now: datetime) -> None:
        def expire(s: Session) -> None:
            for old in suggestions.list_(s, list(OPEN)):
                if old.expires_at <= now:
                    if old.state == "shown":
                        suggestions.add_feedback(s, Feedback(old.id, Verdict.IGNORE, "", now), old.kind)
                    suggestions.set_state(s, old.id, "expired", now)

        await self._database.run(expire)

    # what the API asks

    async def list(self, state: str) -> SuggestionList:
        """Suggestions by state: "open", "all" or one of the states."""
        wanted = None if state == "all" else list(OPEN) if state == "open" else [state]

        def look(s: Session) -> SuggestionList:
            return SuggestionList(items=[self._shape(s, x) for x in suggestions.list_(s, wanted)])

        return await self._database.read(look)

    async def react(self, suggestion_id: str, verdict: str) -> SuggestionOut:
        """Keeps the reaction; accepting an offer with a plan puts the question of approval.

        Raises NotFound, NotAllowed for an offer that is over.
        """
        suggestion = await self.one(suggestion_id)
        now = self._clock.now()
        again = verdict == "accept" and suggestion.state in ("accepted", "failed", "undone")
        if suggestion.state not in OPEN and not again:
            raise NotAllowed("That offer is over", "A new one is made when there is reason to.")
        state = {"accept": "accepted", "dismiss": "dismissed", "never": "never"}[verdict]
        plan = replace(suggestion.plan, id=PlanId(new_id())) if suggestion.plan else None

        def keep(s: Session) -> None:
            if not again:
                suggestions.add_feedback(
                    s, Feedback(suggestion.id, Verdict(verdict), "", now), suggestion.kind
                )
            suggestions.set_state(s, suggestion.id, state, now)
            if verdict == "never":
                for other in suggestions.list_(s, list(OPEN)):
                    if other.kind == suggestion.kind:
                        suggestions.set_state(s, other.id, "never", now)

        await self._database.run(keep)
        if verdict != "accept" or plan is None:
            return await self._shown(suggestion.id)
        return await self._shown(suggestion.id, await self.plans.ask(plan))

    async def one(self, suggestion_id: str) -> Suggestion:
        """Raises NotFound."""
        found = await self._database.read(lambda s: suggestions.get(s, SuggestionId(suggestion_id)))
        if found is None:
            raise NotFound("There is no such suggestion", "It may have been forgotten.")
        return found

    async def _shown(self, suggestion_id: str, plan: PlanOut | None = None) -> SuggestionOut:
        suggestion = await self.one(suggestion_id)
        out = await self._database.read(lambda s: self._shape(s, suggestion))
        return out if plan is None else out.model_copy(update={"plan": plan, "plan_id": plan.id})

    def _shape(self, s: Session, suggestion: Suggestion) -> SuggestionOut:
        cited = [p for p in (propositions.get(s, key) for key in suggestion.why) if p is not None]
        rows = propositions.evidence_of(s, [p.id for p in cited], newest=3)
        now = self._clock.now()
        why: list[PropositionOut] = [proposition_out(p, rows.get(p.id, []), now) for p in cited]
        return suggestion_out(suggestion, why)
