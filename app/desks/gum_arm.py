"""A baseline: the logic of the released GUM program, written anew from its description (gum.md section 1).

Weaknesses that are part of the described logic are kept, since they are what is compared with: batches close
by number alone, so the last few observations wait for ever; an identical proposition is kept a second time;
everything similar goes into one revision, whatever it is about; what was revised is gone.

Choices where the description leaves room, each the kinder one to the baseline:
- it is given what this program's observers admit (its own capture has no rules by default);
- a batch takes no time, so it closes as soon as MIN observations have come, never later;
- an answer that cannot be used counts as none; the batch is not tried again for ever;
- a confidence is told as it was verbalised, divided by ten. Decay ranks search results there and nothing
  else, so no belief fades and none is hidden.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby

from app.desks import gum_prompts
from app.desks.chain import AFTER, WORKED_OFF, due_by, hours_of, sessions_of
from app.desks.gum_prompts import IDENTICAL, PROPOSED, REVISED, SIMILAR, Proposed, Related
from app.desks.gum_store import GumStore
from app.desks.leaks import leaked
from app.desks.metered import Metered
from app.desks.types import Belief, Checkpoint, Desk, Played, Sight
from gum.errors import AnswerUnusable
from gum.ports import Decoder, Prompt
from gum.types import Observation

MIN_BATCH, MAX_BATCH = 5, 15
REVISED_WITH = 10  # observations a revision is shown


class GumArm:
    """An `app.desks.types.Arm`."""

    name = "gum"

    def __init__(self, decoder: Decoder | None, tell: Callable[[datetime], None] = lambda at: None) -> None:
        """Without a `decoder` it observes and believes nothing. `tell` hears the desk's time."""
        self._decoder = decoder
        self._tell = tell

    def play(self, desk: Desk, sights: Sequence[Sight], ask: Sequence[datetime] = ()) -> Played:
        """Raises ModelUnavailable."""
        began = time.perf_counter()
        meter = Metered(self._decoder) if self._decoder is not None else None
        with GumStore() as store:
            checkpoints, asked = self._live(desk, sights, ask, GumLogic(store, meter))
            found = leaked(store.everything(), desk.secrets)
        return Played(
            desk=desk.id,
            arm=self.name,
            checkpoints=tuple(checkpoints),
            secrets_stored=found,
            hours=hours_of(desk, sights),
            model_tokens=meter.tokens if meter else 0,
            model_s=meter.seconds if meter else 0.0,
            wall_s=time.perf_counter() - began,
            asked=tuple(asked),
        )

    def _live(
        self, desk: Desk, sights: Sequence[Sight], ask: Sequence[datetime], logic: "GumLogic"
    ) -> tuple[list[Checkpoint], list[Checkpoint]]:
        made, asked, waiting = [], [], sorted(ask)
        for session, seen in zip(desk.sessions, sessions_of(desk, sights), strict=True):
            for at, together in groupby(seen, key=lambda sight: sight.at):
                self._tell(at)
                logic.observe([sight.observation for sight in together if sight.observation is not None], at)
                if due_by(waiting, at - WORKED_OFF):
                    asked.append(Checkpoint(at, logic.beliefs()))
            end = seen[-1].at if seen else session.begins
            if due_by(waiting, end):
                asked.append(Checkpoint(end, logic.beliefs()))
            made.append(Checkpoint(end, logic.beliefs()))
        if made:
            made.append(Checkpoint(made[-1].at + AFTER, made[-1].beliefs))
        return made, asked


class GumLogic:
    """Observations in, propositions in the store."""

    def __init__(self, store: GumStore, decoder: Decoder | None) -> None:
        self._store = store
        self._decoder = decoder
        self._waiting: list[int] = []

    def observe(self, observations: Sequence[Observation], now: datetime) -> None:
        """Takes what was seen at one time; works off as many batches as that makes."""
        for observation in observations:
            content = gum_prompts.content(observation)
            if content:
                self._waiting.append(self._store.observe(str(observation.id), content))
        while len(self._waiting) >= MIN_BATCH:
            batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
            self._work(batch, now)

    def beliefs(self) -> tuple[Belief, ...]:
        """All propositions; nothing bounds a verbalised confidence, so it is clipped to 0..1."""
        return tuple(
            Belief(
                f"gum-{kept.n}",
                kept.text,
                min(1.0, max(0.0, kept.confidence / 10)),
                evidence=kept.observations,
            )
            for kept in self._store.all()
        )

    def _work(self, batch: Sequence[int], now: datetime) -> None:
        """Propose, retrieve, relate, revise."""
        store = self._store
        drafts = self._propositions(gum_prompts.propose(store.contents(batch)), PROPOSED)
        if not drafts:
            return
        hits = {n for draft in drafts for n in store.search(draft.text, now)}
        pool = hits | {store.add(draft, now) for draft in drafts}
        similar: set[int] = set()
        for row in self._relations(gum_prompts.relate(store.texts(pool))):
            named = {n for n in (row.source, *row.targets) if n in pool}
            if row.label == SIMILAR:
                similar |= named
            else:
                # A proposition that the answer does not name stays without any grounding.
                store.link(batch, named if row.label == IDENTICAL else named & {row.source})
        if similar:
            self._revise(similar, batch, now)

    def _revise(self, similar: set[int], batch: Sequence[int], now: datetime) -> None:
        """One call for everything similar; all of its results rest on all that the old ones rested on."""
        store = self._store
        rested = sorted({*store.grounding(similar), *batch}, reverse=True)
        prompt = gum_prompts.revise(store.texts(similar), store.contents(rested[:REVISED_WITH]))
        made = self._propositions(prompt, REVISED)
        if not made:
            return
        store.remove(similar)
        store.link(rested, {store.add(one, now) for one in made})

    def _propositions(self, prompt: Prompt, name: str) -> list[Proposed]:
        answer = self._ask(prompt)
        try:
            return gum_prompts.parse_propositions(answer, name) if answer else []
        except AnswerUnusable:
            return []

    def _relations(self, prompt: Prompt) -> list[Related]:
        answer = self._ask(prompt)
        try:
            return gum_prompts.parse_relations(answer) if answer else []
        except AnswerUnusable:
            return []

    def _ask(self, prompt: Prompt) -> str:
        if self._decoder is None:
            return ""
        try:
            return self._decoder.complete(prompt)
        except AnswerUnusable:
            return ""
