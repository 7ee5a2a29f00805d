"""What the daemon can be asked: one method a question, over the store, the watch and the pipeline."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app.album import Album
from app.asking import Asking
from app.audit_log import AuditLog
from app.availability_shapes import availability_out
from app.calendar_accounts import CalendarAccounts
from app.clients import Clients
from app.disclosures import Disclosures
from app.events import Hub
from app.fading import fade
from app.forgetting import Forgetting
from app.inbox import Inbox
from app.offers import Offers
from app.pause import Pause
from app.pipeline import Pipeline
from app.proposals import Proposals
from app.retention import Retention
from app.searching import find
from app.shapes import (
    AdmissionOut,
    CapturedOut,
    Counts,
    ExcludedOut,
    ForgetIn,
    ForgottenOut,
    Found,
    ModelOut,
    ObservationOut,
    Page,
    PropositionList,
    PropositionOut,
    PropositionWithHistory,
    QueueOut,
    ReactionIn,
    RuleIn,
    RuleList,
    RuleOut,
    SearchIn,
    StatusOut,
    SuggestionOut,
    Today,
    VerdictIn,
    WindowIn,
)
from app.shaping import (
    link_out,
    observation_out,
    proposition_out,
    revision_out,
    rule_of,
    rule_out,
    shape,
    source_out,
)
from app.telling import Telling, welcomed
from app.verdicts import Verdicts
from app.watchdog import Watchdog
from gum.errors import NotAllowed, NotFound
from gum.model.client import ModelWorker
from gum.ports import Clock
from gum.types import ObservationId, Proposition, PropositionId, Rule, RuleId, SourceHealth, new_id
from gum.zone import HERE, midnight
from observers.holding import in_force_now, moment
from observers.presets import switched_off
from observers.privacy import DEFAULT_RULES, admit, in_force, rule_name
from observers.watch import Watch
from storage import links, observations, privacy, propositions, short_ids, work
from storage.db import Database
from storage.index import VectorIndex
from storage.rescoring import some

SHOWN_EVIDENCE = 20
OFF_THE_RECORD_MIN = 1  # forgotten when the person goes off the record: what they saw coming, and what waits


@dataclass(frozen=True, slots=True)
class Parts:
    """What `app.daemon` has put together."""

    version: str
    clock: Clock
    database: Database
    database_file: Path
    index: VectorIndex
    worker: ModelWorker
    watch: Watch
    inbox: Inbox
    pipeline: Pipeline
    pause: Pause
    watchdog: Watchdog
    offers: Offers
    forgetting: Forgetting
    verdicts: Verdicts
    telling: Telling
    asking: Asking
    audit: AuditLog
    calendars: CalendarAccounts
    clients: Clients
    proposals: Proposals
    disclosures: Disclosures
    album: Album
    retention: Retention
    ask_details: bool
    hub: Hub
    shutdown: Callable[[], None]
    lock: Callable[[], StatusOut]
    encrypted: bool
    presets_off: Sequence[str] = ()


def state_of(
    paused: bool,
    store_error: str | None,
    sources: Sequence[SourceHealth],
    excluded_by: str | None,
    off_the_record: bool = False,
    screen_locked: bool = False,
) -> tuple[str, str]:
    """The tray's one word and its reason. Pure. A trouble is never hidden behind "observing"."""
    if paused:
        return "paused", f"{'Off the record' if off_the_record else 'Paused'}: nothing is observed."
    if store_error is not None:
        return "trouble", store_error
    window = next((s for s in sources if s.name == "window"), None)
    if window is None or window.state != "running":
        return "trouble", (
            window.detail if window and window.detail else "The active window is not observed."
        )
    failing = [s for s in sources if s.state == "failing"]
    if failing:
        return "trouble", f"{failing[0].name}: {failing[0].detail}"
    if screen_locked:
        return "excluded", "The screen is locked: nothing is observed."
    if excluded_by is not None:
        return "excluded", f"This window is not observed: {excluded_by}."
    return "observing", "Observing."


_Stored = tuple[datetime | None, dict[str, int], Counts, bool]


class Service:
    """The daemon's answers. Called on the event loop."""

    def __init__(self, parts: Parts) -> None:
        self._p = parts
        self._user_rules: tuple[Rule, ...] = ()
        self._switched_off = switched_off(parts.presets_off)
        self._since = parts.clock.now()
        self._stored: tuple[int, _Stored] | None = None  # what the store said, and at which of its changes

    @property
    def parts(self) -> Parts:
        """What answers for itself, with paths of its own."""
        return self._p

    @property
    def hub(self) -> Hub:
        return self._p.hub

    @property
    def offers(self) -> Offers:
        return self._p.offers

    @property
    def asking(self) -> Asking:
        return self._p.asking

    @property
    def telling(self) -> Telling:
        return self._p.telling

    def shutdown(self) -> None:
        """Ends the daemon."""
        self._p.shutdown()

    def lock(self) -> StatusOut:
        """Begins to close the store, until somebody unlocks it."""
        return self._p.lock()

    # what it is doing

    async def status(self) -> StatusOut:
        p = self._p
        now = p.clock.now()

        def look(s: Session) -> _Stored:
            counts = Counts(observations=observations.count(s), propositions=propositions.count(s))
            return observations.latest_at(s), work.counts(s), counts, welcomed(s)

        changes = p.database.changes
        if self._stored is None or self._stored[0] != changes:
            self._stored = changes, await p.database.read(look)
        latest, queue, counts, asked = self._stored[1]
        sources = p.watch.health()
        excluded = self._excluded_by()
        store_error = p.pipeline.store_error
        wrong = store_error.title if store_error else None
        if p.pipeline.broken:
            wrong = "A part of Gumption has stopped by a mistake; start it anew. Its log says where."
        available, locked, silent = await asyncio.to_thread(  # they ask the desktop, which may take its time
            lambda: (p.watch.availability(), p.watch.screen_locked(), p.watchdog.look())
        )
        off = p.pause.off_the_record
        state, reason = state_of(p.pause.active, wrong or silent, sources, excluded, off, locked)
        return StatusOut(
            state=state,
            reason=reason,
            paused_until=p.pause.until,
            sources=[source_out(s) for s in sources],
            last_observation_at=latest,
            last_observation_age_s=(now - latest).total_seconds() if latest else None,
            excluded_by=excluded,
            queue=QueueOut(
                inbox=p.inbox.size,
                perceive=queue.get("perceive", 0),
                propose=queue.get("propose", 0),
                deepen=queue.get("deepen", 0),
                dead=queue.get("dead", 0),
                dropped=p.inbox.dropped,
                recycled=p.retention.recycled,
            ),
            models=[
                ModelOut(name=m.name, model=m.model, state=m.state, detail=m.detail, hint=m.hint)
                for m in p.worker.states()
            ],
            counts=counts,
            version=p.version,
            observing_since=self._since,
            learning_until=p.offers.learning_until,
            welcomed=asked or not p.ask_details,
            encrypted=p.encrypted,
            off_the_record=off,
            availability=availability_out(available),
        )

    def _excluded_by(self) -> str | None:
        current = self._p.watch.current()
        if current is None or current[1].allowed:
            return None
        return self._rule_name(current[1].rule_id)

    @property
    def paused(self) -> bool:
        return self._p.pause.active

    @property
    def off_the_record(self) -> bool:
        return self._p.pause.off_the_record

    async def pause(self, minutes: float | None, off_the_record: bool = False) -> StatusOut:
        """Stops observing, for `minutes` or until resumed. What waits unstored is thrown away.

        Off the record, what was seen within the last OFF_THE_RECORD_MIN is forgotten as well.
        """
        try:
            await self._p.pause.start(timedelta(minutes=minutes) if minutes else None, off_the_record)
        finally:  # also where it could not be stored: it is in force
            self._p.inbox.clear()
        if off_the_record:  # at once, whatever becomes of the telling
            await asyncio.gather(self.forget(ForgetIn(minutes=OFF_THE_RECORD_MIN)), self._tell_status())
        return await self._tell_status()

    async def resume(self) -> StatusOut:
        await self._p.pause.end()
        return await self._tell_status()

    async def _tell_status(self) -> StatusOut:
        status = await self.status()
        self._p.hub.publish("status", shape(status))
        return status

    # what is known

    async def observations(self, limit: int, before: datetime | None, app: str | None) -> Page:
        named = app.strip().lower() if app is not None else None
        found = await self._p.database.read(lambda s: observations.list_(s, limit, before, named))
        more = found[-1].at if len(found) == limit else None
        return Page(items=[observation_out(o) for o in found], next=more)

    async def observation(self, observation_id: str) -> ObservationOut:
        key = ObservationId(observation_id)
        found = await self._p.database.read(lambda s: observations.get(s, key))
        if found is None:
            raise NotFound("There is no such observation", "It may have been forgotten.")
        return observation_out(found)

    async def propositions(self, limit: int, status: str, type_: str | None) -> PropositionList:
        def look(s: Session) -> list[PropositionOut]:
            found = propositions.list_(s, status=status, type_=type_, limit=limit)
            return self.shapes_of(s, found)

        return PropositionList(items=await self._p.database.read(look))

    def shapes_of(self, s: Session, found: Sequence[Proposition]) -> list[PropositionOut]:
        """`found` with its newest evidence; a claim of a year may rest on thousands of pieces."""
        evidence = propositions.evidence_of(s, [p.id for p in found], newest=SHOWN_EVIDENCE)
        now = self._p.clock.now()
        return [proposition_out(p, evidence.get(p.id, []), now) for p in found]

    async def changed(self, ids: Sequence[PropositionId]) -> list[PropositionOut]:
        """Those of `ids` that are still there, as they are now, in that order."""

        def look(s: Session) -> list[PropositionOut]:
            there = {p.id: p for p in some(s, ids)}
            return self.shapes_of(s, [there[key] for key in ids if key in there])

        return await self._p.database.read(look)

    async def proposition(self, proposition_id: str) -> PropositionWithHistory:
        """One with its history; the beginning of an id will do. Raises NotFound, NotAllowed."""

        def look(s: Session) -> PropositionWithHistory:
            key = short_ids.proposition(s, proposition_id)
            [found] = self.shapes_of(s, [p for p in [propositions.get(s, key)] if p is not None])
            history = [revision_out(r) for r in propositions.revisions_of(s, key)]
            ties = [link_out(tie) for tie in links.of(s, key)]
            return PropositionWithHistory(**found.model_dump(), revisions=history, links=ties)

        return await self._p.database.read(look)

    async def search(self, asked: SearchIn) -> Found:
        p = self._p
        return await find(asked, p.pipeline.indexing.nearest, p.database, p.clock, self.shapes_of)

    async def verdict(self, proposition_id: str, said: VerdictIn) -> PropositionWithHistory:
        """Obeys and learns from what the person says of a claim (`app.verdicts`)."""
        key = await self._p.verdicts.take(proposition_id, said)
        await self._p.telling.note(said.note)
        return await self.proposition(key)

    async def react(self, suggestion_id: str, said: ReactionIn) -> SuggestionOut:
        """Obeys a reaction to an offer, and learns from what the person adds to it."""
        shown = await self._p.offers.react(suggestion_id, said.verdict)
        await self._p.telling.note(said.note)
        return shown

    # privacy

    async def today(self) -> Today:
        began = midnight(self._p.clock.now())

        def look(s: Session) -> Today:
            captured = [
                CapturedOut(app=r.app, site=r.site, observations=r.observations, last_at=r.last_at)
                for r in observations.today(s, began)
            ]
            excluded = [
                ExcludedOut(
                    app=r.app,
                    rule_id=r.rule_id,
                    rule=self._rule_name(r.rule_id),
                    count=r.count,
                    last_at=r.last_at,
                )
                for r in privacy.exclusions(s, began)
            ]
            return Today(
                captured=captured,
                excluded=excluded,
                database_bytes=self._p.database_file.stat().st_size,
                observations_total=observations.count(s),
            )

        return await self._p.database.read(look)

    async def load_rules(self) -> None:
        """Reads the person's rules; they are in force from then on."""
        self._user_rules = tuple(await self._p.database.read(privacy.rules))
        self._p.watch.rules_changed()

    def own_rules(self) -> tuple[Rule, ...]:
        """The person's rules and what they switched off; what is shipped holds besides.

        Called from the observer threads, which ask `Watch.rules` which of them hold now.
        """
        return (*self._switched_off, *self._user_rules)

    def rules(self) -> RuleList:
        return RuleList(items=[rule_out(r) for r in in_force(self.own_rules())])

    async def add_rule(self, body: RuleIn) -> RuleOut:
        rule = rule_of(body, RuleId(new_id()))
        await self._p.database.run(lambda s: privacy.add_rule(s, rule))
        await self.load_rules()
        return rule_out(rule)

    async def delete_rule(self, rule_id: str) -> None:
        if any(r.id == rule_id for r in DEFAULT_RULES):
            raise NotAllowed("A shipped rule cannot be deleted", "Add a rule of your own beside it.")
        if not await self._p.database.run(lambda s: privacy.delete_rule(s, RuleId(rule_id))):
            raise NotFound("There is no such rule", "It may have been deleted already.")
        await self.load_rules()

    def would_be_seen(self, window: WindowIn) -> AdmissionOut:
        """What the rules say of a window like this one, by the very function the observers ask."""
        watch, now = self._p.watch, self._p.clock.now().astimezone(HERE)
        at = moment(window.at, now) if window.at is not None else now
        info = watch.describe(
            window.app,
            window.title,
            window.url,
            window.private,
            window.window_class,
            window.monitor,
            window.full_screen,
        )
        told = window.sharing
        own = in_force_now(self.own_rules, lambda: at, watch.sharing if told is None else lambda: told)
        verdict = admit(info, own())
        return AdmissionOut(
            allowed=verdict.allowed,
            effect=verdict.effect.value,
            rule_id=verdict.rule_id,
            rule=self._rule_name(verdict.rule_id),
            reason=verdict.reason,
        )

    def _rule_name(self, rule_id: str) -> str:
        return rule_name(RuleId(rule_id), self._user_rules)

    async def fade(self) -> None:
        """Makes lapsed claims stale: they are kept, and not used unless they are seen again."""
        now = self._p.clock.now()

        async with self._p.pipeline.quiet:
            gone = await self._p.database.run(lambda s: fade(s, now))
            await self._p.pipeline.indexing.unindex_claims(gone)

    # forgetting

    async def forget(self, what: ForgetIn) -> ForgottenOut:
        """Forgets one scope for good, or tells what that would take (`app.forgetting`)."""
        return await self._p.forgetting.forget(what)
