"""What the person says of claims: kept, obeyed, and learnt from.

A verdict settles its claim (`gum.verdict`); together verdicts calibrate how sure all claims are
(`gum.calibrate`), those to come and those that are there.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from app.learnt import Learnt
from app.pipeline import Committed, Pipeline
from app.shapes import VerdictIn
from gum import confidence
from gum.errors import NotFound
from gum.ports import Clock
from gum.types import Cause, Proposition, PropositionId, Revision, RevisionId, Status, new_id
from gum.verdict import Said, judged
from storage import propositions, short_ids, verdicts
from storage.db import Database
from storage.rescoring import rescore
from storage.weighing import weighed

LEAST = 0.02  # a smaller change of confidence is not worth a revision
MOST = 5_000  # claims of a type that are scored anew at a verdict
LABELS = {Said.RIGHT: True, Said.WRONG: False}


class Verdicts:
    """Takes verdicts. Called on the event loop."""

    def __init__(
        self,
        clock: Clock,
        database: Database,
        pipeline: Pipeline,
        learnt: Learnt,
        committed: Callable[[Committed], Awaitable[None]],
    ) -> None:
        """`committed` is told what was changed, as by the pipeline."""
        self._clock = clock
        self._database = database
        self._pipeline = pipeline
        self._committed = committed
        self._learnt = learnt

    async def take(self, typed_id: str, said: VerdictIn) -> PropositionId:
        """Obeys and learns; the claim's whole id. Raises NotFound, NotAllowed."""

        def write(s: Session) -> tuple[PropositionId, list[Revision]]:
            key = short_ids.proposition(s, typed_id)
            p = propositions.get(s, key)
            if p is None:
                raise NotFound("There is no such proposition", "It may have been forgotten.")
            return key, self._judge(s, p, said)

        async with self._pipeline.quiet:
            key, made = await self._database.run(write)
        if made:
            done = Committed(tuple(made))
            await self._pipeline.reindex(done.changed)
            await self._committed(done)
        return key

    def _judge(self, s: Session, p: Proposition, said: VerdictIn) -> list[Revision]:
        now = self._clock.now()
        verdict = Said(said.verdict)
        revision = judged(p, verdict, now, said.slots)
        if revision is None:
            return []
        applied = propositions.commit(s, [revision])
        # One that was settled before says nothing of how good our own confidence was.
        if applied and verdict in LABELS and not p.settled:
            verdicts.add(s, p, LABELS[verdict], now)
            others = self._scored_anew(s, p)
            rescore(s, others)
            applied += others
        return applied

    def _scored_anew(self, s: Session, judged_one: Proposition) -> list[Revision]:
        """The other claims of its type, where what was learnt makes a difference."""
        curve = self._learnt.of(s)
        kind, now = judged_one.type, self._clock.now()
        like = propositions.list_(s, status=Status.ACTIVE.value, type_=kind, limit=MOST)
        others = [p for p in like if not p.settled and p.id != judged_one.id]
        made = []
        for p in others:
            sure = curve(kind, confidence.score_of(p, weighed(s, p.id)))
            if abs(sure - p.confidence) >= LEAST:
                after = replace(p, confidence=sure)
                why = "learnt from what you said of others like it"
                made.append(Revision(RevisionId(new_id()), p.id, Cause.USER, p, after, (), now, why))
        return made
