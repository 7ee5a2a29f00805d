"""What the person asks of the audit: what was held back, to be allowed from now on or not, and who is who.

Allowing a kind is for an application or a recipient, and lasts. What had been held back by it is drafted from
again, and what was hidden by it is hidden no more.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from app.audit_shapes import AuditOut, DecisionOut, ExemptionOut, PeopleOut, PersonOut
from app.pipeline import Pipeline
from gum.audit import NEVER, Outcome, Question, Stage, judge
from gum.errors import NotAllowed
from gum.people import Person
from gum.ports import Clock
from gum.types import Cause, Proposition, Revision, RevisionId, Sensitivity, Trust, new_id
from storage import decisions, observations, people, propositions, work
from storage.db import Database
from storage.decisions import Logged
from storage.rescoring import some


class AuditLog:
    """Called on the event loop."""

    def __init__(self, clock: Clock, database: Database, pipeline: Pipeline) -> None:
        self._clock = clock
        self._database = database
        self._pipeline = pipeline

    async def shown(self, limit: int = 100) -> AuditOut:
        """The log, the newest first."""
        return await self._database.read(lambda s: _out(s, limit))

    async def reverse(self, typed_id: str, allow: bool | None = None) -> AuditOut:
        """Allows the kind of a decision from now on, or takes that back. The id may be of a decision or of an
        exception, or how it begins. Raises NotFound, NotAllowed."""

        def write(s: Session) -> list[Revision]:
            found = decisions.find(s, typed_id)
            if found.rule in NEVER:
                raise NotAllowed(
                    "Secrets are never let out", "Passwords, codes, keys and card numbers stay here."
                )
            over = not isinstance(found, Logged) or found.reversed_at is not None
            if over if allow is None else not allow:
                decisions.disallow(s, found.rule, found.place)
                return []
            rows = decisions.allow(s, found.rule, found.place, self._clock.now())
            self._again(s, rows)
            return propositions.commit(s, self._shown(s, rows, found.place))

        async with self._pipeline.quiet:
            made = await self._database.run(write)
        self._pipeline.wake()
        await self._pipeline.tell(made)
        return await self.shown()

    def _again(self, s: Session, rows: Sequence[Logged]) -> None:
        """Has what was withheld from drafting drafted from again."""
        ids = [r.observation_id for r in rows if r.decision == Outcome.WITHHOLD and r.stage != Stage.LEAVE]
        there = observations.existing(s, [key for key in ids if key is not None])
        work.enqueue(s, observations.PROPOSE, sorted(there), self._clock.now())

    def _shown(self, s: Session, rows: Sequence[Logged], place: str) -> list[Revision]:
        """Claims that were hidden by this rule in `place`, and by no other, as ordinary ones."""
        names, allowed = {p.name for p in people.known(s)}, decisions.allowed(s)
        made = []
        for p in some(s, list(dict.fromkeys(r.proposition_id for r in rows if r.proposition_id is not None))):
            if p.sensitivity is Sensitivity.NORMAL:
                continue
            q = Question(Stage.STORE, "; ".join(p.slots.values()), app=place, trust=Trust.AUTHORED)
            if judge(q, names, allowed).outcome is Outcome.ALLOW:
                made.append(self._revision(p))
        return made

    def _revision(self, p: Proposition) -> Revision:
        after, why = replace(p, sensitivity=Sensitivity.NORMAL), "you allowed this kind"
        return Revision(RevisionId(new_id()), p.id, Cause.USER, p, after, (), self._clock.now(), why)

    async def people(self) -> PeopleOut:
        """Other people, by number."""
        return await self._database.read(lambda s: _people(people.known(s)))

    async def call_by_name(self, number: int, real: bool) -> PeopleOut:
        """Says whether somebody may be called by the real name outside. Raises NotFound."""
        return _people(await self._database.run(lambda s: people.call_by_name(s, number, real)))


def _out(s: Session, limit: int) -> AuditOut:
    rows = decisions.list_(s, people.known(s), limit)
    return AuditOut(
        items=[
            DecisionOut(**{name: getattr(row, name) for name in DecisionOut.model_fields}) for row in rows
        ],
        allowed=[ExemptionOut(id=e.id, rule=e.rule, place=e.place, at=e.at) for e in decisions.exemptions(s)],
    )


def _people(known: Sequence[Person]) -> PeopleOut:
    by_number: dict[int, list[Person]] = {}
    for p in known:
        by_number.setdefault(p.number, []).append(p)
    return PeopleOut(
        items=[
            PersonOut(number=number, names=[p.shown for p in names], real=any(p.real for p in names))
            for number, names in sorted(by_number.items())
        ]
    )
