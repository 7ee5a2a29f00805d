"""What the daemon can be asked: one method a question, over the store, the watch and the pipeline."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app.events import Hub
from app.inbox import Inbox
from app.offers import Offers
from app.pause import Pause
from app.pipeline import Pipeline
from app.shapes import (
    AdmissionOut,
    CapturedOut,
    Counts,
    ExcludedOut,
    ForgetIn,
    ForgottenCounts,
    ForgottenOut,
    Found,
    ModelOut,
    ObservationOut,
    Page,
    PropositionList,
    PropositionOut,
    PropositionWithHistory,
    QueueOut,
    RuleIn,
    RuleList,
    RuleOut,
    ScoredObservation,
    ScoredProposition,
    StatusOut,
    Today,
    WindowIn,
)
from app.shaping import (
    observation_out,
    proposition_out,
    revision_out,
    rule_out,
    shape,
    source_out,
    with_score,
)
from gum import decay
from gum.errors import NotAllowed, NotFound
from gum.model.client import ModelWorker
from gum.ports import Clock
from gum.revise import retract
from gum.types import (
    Cause,
    Effect,
    ObservationId,
    Proposition,
    PropositionId,
    Revision,
    RevisionId,
    Rule,
    RuleId,
    SourceHealth,
    Status,
    new_id,
)
from observers.privacy import DEFAULT_RULES, admit
from observers.watch import Watch
from storage import forget, observations, privacy, propositions, work
from storage.db import Database
from storage.forget import Forgotten
from storage.index import VectorIndex
from storage.search import search

FADED_AT_ONCE = 10_000
SHOWN_EVIDENCE = 20
NEAREST = 50  # vector hits that join the word hits


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
    offers: Offers
    hub: Hub
    shutdown: Callable[[], None]


def state_of(
    paused: bool, store_error: str | None, sources: Sequence[SourceHealth], excluded_by: str | None
) -> tuple[str, str]:
    """The tray's one word and its reason. Pure. A trouble is never hidden behind "observing"."""
    if paused:
        return "paused", "Paused: nothing is observed."
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
    if excluded_by is not None:
        return "excluded", f"This window is not observed: {excluded_by}."
    return "observing", "Observing."


class Service:
    """The daemon's answers. Called on the event loop."""

    def __init__(self, parts: Parts) -> None:
        self._p = parts
        self._user_rules: tuple[Rule, ...] = ()
        self._since = parts.clock.now()

    @property
    def hub(self) -> Hub:
        return self._p.hub

    @property
    def offers(self) -> Offers:
        return self._p.offers

    def shutdown(self) -> None:
        """Ends the daemon."""
        self._p.shutdown()

    # what it is doing

    async def status(self) -> StatusOut:
        p = self._p
        now = p.clock.now()

        def look(s: Session) -> tuple[datetime | None, dict[str, int], Counts]:
            counts = Counts(observations=observations.count(s), propositions=propositions.count(s))
            return observations.latest_at(s), work.counts(s), counts

        latest, queue, counts = await p.database.read(look)
        sources = p.watch.health()
        excluded = self._excluded_by()
        store_error = p.pipeline.store_error
        wrong = store_error.title if store_error else None
        if p.pipeline.broken:
            wrong = "A part of Gumption has stopped by a mistake; start it anew. Its log says where."
        state, reason = state_of(p.pause.active, wrong, sources, excluded)
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
            ),
            models=[
                ModelOut(name=m.name, model=m.model, state=m.state, detail=m.detail, hint=m.hint)
                for m in p.worker.states()
            ],
            counts=counts,
            version=p.version,
            observing_since=self._since,
        )

    def _excluded_by(self) -> str | None:
        current = self._p.watch.current()
        if current is None or current[1].allowed:
            return None
        return self._rule_name(current[1].rule_id)

    async def pause(self, minutes: float | None) -> StatusOut:
        """Stops observing, for `minutes` or until resumed. What waits unstored is thrown away."""
        await self._p.pause.start(timedelta(minutes=minutes) if minutes else None)
        self._p.inbox.clear()
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
        """Those of `ids` that are still there, as they are now."""

        def look(s: Session) -> list[PropositionOut]:
            return self.shapes_of(s, [p for p in (propositions.get(s, key) for key in ids) if p is not None])

        return await self._p.database.read(look)

    async def proposition(self, proposition_id: str) -> PropositionWithHistory:
        key = PropositionId(proposition_id)

        def look(s: Session) -> PropositionWithHistory | None:
            found = propositions.get(s, key)
            if found is None:
                return None
            history = [revision_out(r) for r in propositions.revisions_of(s, key)]
            return PropositionWithHistory(**self.shapes_of(s, [found])[0].model_dump(), revisions=history)

        shown = await self._p.database.read(look)
        if shown is None:
            raise NotFound("There is no such proposition", "It may have been forgotten.")
        return shown

    async def search(self, query: str, limit: int) -> Found:
        hits = await self._p.pipeline.nearest(query, NEAREST) if query.strip() else {}

        def look(s: Session) -> Found:
            found = search(s, query, hits, limit)
            claims = self.shapes_of(s, [p for p, _ in found.propositions])
            scores = [score for _, score in found.propositions]
            return Found(
                propositions=[
                    ScoredProposition.model_validate(with_score(c, score))
                    for c, score in zip(claims, scores, strict=True)
                ],
                observations=[
                    ScoredObservation.model_validate(with_score(observation_out(o), score))
                    for o, score in found.observations
                ],
            )

        return await self._p.database.read(look)

    # privacy

    async def today(self) -> Today:
        midnight = self._p.clock.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)

        def look(s: Session) -> Today:
            captured = [
                CapturedOut(app=r.app, site=r.site, observations=r.observations, last_at=r.last_at)
                for r in observations.today(s, midnight)
            ]
            excluded = [
                ExcludedOut(
                    app=r.app,
                    rule_id=r.rule_id,
                    rule=self._rule_name(r.rule_id),
                    count=r.count,
                    last_at=r.last_at,
                )
                for r in privacy.exclusions(s, midnight)
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

    def all_rules(self) -> tuple[Rule, ...]:
        """The rules in force. Called from the observer threads."""
        return (*DEFAULT_RULES, *self._user_rules)

    def rules(self) -> RuleList:
        return RuleList(items=[rule_out(r) for r in self.all_rules()])

    async def add_rule(self, body: RuleIn) -> RuleOut:
        if body.app is None and body.title is None and body.url is None and body.private is None:
            raise NotAllowed(
                "A rule must say what it matches", "Give an application, a title, an address or 'private'."
            )
        rule = Rule(
            id=RuleId(new_id()),
            name=body.name,
            effect=Effect(body.effect),
            app=body.app,
            title=body.title,
            url=body.url,
            private=body.private,
        )
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
        info = self._p.watch.describe(window.app, window.title, window.url, window.private)
        verdict = admit(info, self.all_rules())
        return AdmissionOut(
            allowed=verdict.allowed,
            effect=verdict.effect.value,
            rule_id=verdict.rule_id,
            rule=self._rule_name(verdict.rule_id),
            reason=verdict.reason,
        )

    def _rule_name(self, rule_id: str) -> str:
        return next((r.name for r in self.all_rules() if r.id == rule_id), rule_id)

    async def fade(self) -> None:
        """Makes lapsed claims stale: they are kept, and not used unless they are seen again."""
        now = self._p.clock.now()

        def fade(s: Session) -> list[PropositionId]:
            lapsed = [p for p in propositions.list_(s, limit=FADED_AT_ONCE) if decay.lapsed(p, now)]
            made = [
                Revision(
                    RevisionId(new_id()),
                    p.id,
                    Cause.RETRACT,
                    p,
                    replace(p, status=Status.STALE),
                    (),
                    now,
                    "lapsed",
                )
                for p in lapsed
            ]
            return [r.proposition_id for r in propositions.commit(s, made)]

        async with self._p.pipeline.quiet:
            gone = await self._p.database.run(fade)
            await self._p.pipeline.unindex_claims(gone)

    # forgetting

    async def forget(self, what: ForgetIn) -> ForgottenOut:
        """Forgets for good: rows, search entries, vectors, queues, events that were kept for resuming.

        Propositions that lose evidence but keep some are scored again.
        """
        chosen = [
            what.minutes is not None,
            what.app is not None,
            what.proposition_id is not None,
            what.everything,
        ]
        if sum(chosen) != 1:
            raise NotAllowed("Say exactly one thing to forget", "minutes, app, proposition_id or everything.")
        if what.app is not None:
            what = what.model_copy(update={"app": what.app.strip().lower()})  # as windows name themselves
        async with self._p.pipeline.quiet:
            self._p.inbox.clear(self._p.clock.now())
            gone = await self._p.database.run(lambda s: self._forget(s, what))
            await self._p.pipeline.unindex(gone)
            await self._p.database.checkpoint()
            self._p.hub.forget_past()
        self._p.pipeline.renew_index()
        ids = list(gone.proposition_ids)
        self._p.hub.publish("forgotten", {"propositions": ids})
        counts = ForgottenCounts(observations=len(gone.observation_ids), propositions=len(ids))
        return ForgottenOut(forgotten=counts)

    def _forget(self, s: Session, what: ForgetIn) -> Forgotten:
        now = self._p.clock.now()
        if what.minutes is not None:
            gone = forget.forget_minutes(s, now - timedelta(minutes=what.minutes), now)
        elif what.app is not None:
            gone = forget.forget_app(s, what.app)
        elif what.proposition_id is not None:
            gone = forget.forget_proposition(s, PropositionId(what.proposition_id))
        else:
            return forget.forget_everything(s)
        evidence = propositions.evidence_of(s, list(gone.weakened_ids))
        for key in gone.weakened_ids:
            weakened = propositions.get(s, key)
            if weakened is not None:
                left = [row.evidence for row in evidence.get(key, [])]
                propositions.commit(s, retract(weakened, left, now))
        return gone
