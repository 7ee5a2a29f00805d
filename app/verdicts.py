"""What the person says of claims: kept, obeyed, and learnt from.

A verdict settles its claim (`gum.verdict`); together verdicts calibrate how sure all claims are
(`gum.calibrate`), those to come and those that are there.
"""

from dataclasses import replace

from sqlalchemy.orm import Session

from app.learnt import Learnt
from app.pipeline import Pipeline
from app.shapes import VerdictIn
from gum import confidence
from gum.errors import NotFound
from gum.ports import Clock
from gum.types import Cause, Proposition, PropositionId, Revision, RevisionId, Status, new_id
from gum.verdict import Said, judged
from storage import propositions, short_ids, verdicts
from storage.db import Database
from storage.rescoring import rescore, some
from storage.weighing import weighed

LEAST = 0.02  # a smaller change of confidence is not worth a revision
MOST = 5_000  # claims of a type that are scored anew at a verdict
LABELS = {Said.RIGHT: True, Said.WRONG: False}


class Verdicts:
    """Takes verdicts. Called on the event loop."""

    def __init__(self, clock: Clock, database: Database, pipeline: Pipeline, learnt: Learnt) -> None:
        self._clock = clock
        self._database = database
        self._pipeline = pipeline
        self._learnt = learnt

    async def take(self, typed_id: str, said: VerdictIn) -> PropositionId:
        """Obeys and learns; the claim's whole id. Raises NotFound, NotAllowed."""

        def write(s: Session) -> tuple[Proposition, list[Revision]]:
            p = propositions.get(s, short_ids.proposition(s, typed_id))
            if p is None:
                raise NotFound("There is no such proposition", "It may have been forgotten.")
            return p, self._judge(s, p, said)

        async with self._pipeline.quiet:
            p, made = await self._database.run(write)
            if made and _teaches(p, said):
                # Thousands of claims are weighed beside the writer, which then changes a few.
                others = await self._database.read(lambda s: self._scored_anew(s, p))
                made += await self._database.run(lambda s: _still_so(s, others))
        if made:
            await self._pipeline.tell(made, [p.id])
        return p.id

    def _judge(self, s: Session, p: Proposition, said: VerdictIn) -> list[Revision]:
        now = self._clock.now()
        revision = judged(p, Said(said.verdict), now, said.slots)
        applied = propositions.commit(s, [revision]) if revision is not None else []
        if applied and _teaches(p, said):
            verdicts.add(s, p, LABELS[Said(said.verdict)], now)
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


def _teaches(p: Proposition, said: VerdictIn) -> bool:
    """Whether it says how good our own confidence was: not of what the person had settled before."""
    return Said(said.verdict) in LABELS and not p.settled


def _still_so(s: Session, revisions: list[Revision]) -> list[Revision]:
    """Applies those whose claim is still as it was when they were made."""
    now = {p.id: p for p in some(s, [r.proposition_id for r in revisions])}
    sound = [r for r in revisions if now.get(r.proposition_id) == r.before]
    rescore(s, sound)
    return sound
