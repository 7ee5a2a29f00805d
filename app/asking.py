"""What Gumption asks the person, and what an agent may ask it: open questions, "is this a good time?"."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.config import SuggestSettings
from app.doubts import doubts
from app.shapes import AnswerIn, PropositionOut, QuestionList, QuestionOut, ReasonOut, TimingOut, VerdictIn
from assistants.clarify import Question, questions
from assistants.moment import RECENT, moment
from assistants.timing import good_time
from gum.errors import NotAllowed
from gum.ports import Clock
from gum.types import Moment, Proposition, PropositionId, Verdict
from gum.zone import HERE, midnight
from observers.availability import Availability
from storage import observations, propositions, short_ids
from storage import questions as kept
from storage.db import Database

CLAIMS = 500  # the newest active propositions that are looked at
LATELY = 100  # observations that make up the moment
_SAID = {"yes": "right", "no": "wrong", "edit": "edit"}


class Asking:
    """Questions and timing. Called on the event loop."""

    def __init__(
        self,
        settings: SuggestSettings,
        database: Database,
        clock: Clock,
        model: str,
        input_age: Callable[[], timedelta | None],
        shapes_of: Callable[[Session, Sequence[Proposition]], list[PropositionOut]],
        verdict: Callable[[str, VerdictIn], Awaitable[PropositionId]],
        meeting: Callable[[datetime], bool] = lambda _: False,
        availability: Callable[[], Availability] = Availability,
    ) -> None:
        """`model` names the space of the vectors; `shapes_of` adds evidence to claims; `verdict` obeys;
        `meeting` tells whether one goes on then, `availability` whether the person may be spoken to; it may
        block.
        """
        self._meeting, self._availability = meeting, availability
        self._settings = settings
        self._database = database
        self._clock = clock
        self._model = model
        self._input_age = input_age
        self._shapes_of = shapes_of
        self._verdict = verdict

    async def questions(self, sensitive: bool = False) -> QuestionList:
        """Today's questions that are still open, the worthiest first."""
        return await self._database.read(lambda s: self._open(s, sensitive))

    def _open(self, s: Session, sensitive: bool) -> QuestionList:
        now = self._clock.now()
        today = midnight(now)
        left = self._settings.questions_a_day - kept.answered(s, today, now)
        if left <= 0 or kept.banned(s):
            return QuestionList(items=[])
        claims = propositions.list_(s, status="active", limit=CLAIMS)
        put_off = kept.put_off(s, [p.id for p in claims], now)
        found = questions(
            claims, doubts(s, claims, self._model, now), put_off, now, left, sensitive=sensitive
        )
        shapes = self._shapes_of(s, [q.claim for q in found])
        return QuestionList(items=[_out(q, shape) for q, shape in zip(found, shapes, strict=True)])

    async def ask_again(self) -> QuestionList:
        """Takes back that the person asked never to be asked; what is open then."""
        await self._database.run(kept.allow)
        return await self.questions()

    async def answer(self, proposition_id: str, said: AnswerIn) -> None:
        """Obeys the answer: yes, no and edit are verdicts. Raises NotFound, NotAllowed.

        A yes hides the claim it is at odds with, unless the person settled that one, too.
        """
        if said.slots is not None and said.answer != "edit":
            raise NotAllowed(
                "Words were given with an answer that takes none", "Say edit, or leave them out."
            )
        key, rival = await self._database.read(lambda s: self._about(s, proposition_id))
        if said.answer in _SAID:
            await self._verdict(key, VerdictIn(verdict=_SAID[said.answer], slots=said.slots))
        if said.answer == "yes" and rival is not None:
            await self._verdict(rival, VerdictIn(verdict="hide"))  # both cannot be so
        verdict = {"later": Verdict.DISMISS, "never": Verdict.NEVER}.get(said.answer, Verdict.ACCEPT)
        now = self._clock.now()
        await self._database.run(lambda s: kept.add(s, key, verdict, now))

    def _about(self, s: Session, typed_id: str) -> tuple[PropositionId, PropositionId | None]:
        """The claim a question is about, and the one it is at odds with."""
        key = short_ids.proposition(s, typed_id)
        claims = propositions.list_(s, status="active", limit=CLAIMS)
        doubt = doubts(s, claims, self._model, self._clock.now()).get(key)
        rival = doubt.rival if doubt is not None else None
        settled = any(p.id == rival and p.settled for p in claims)
        return key, None if settled else rival

    async def timing(self, minutes: float) -> TimingOut:
        """Whether something that takes so many minutes may be proposed to the person now, and why not."""
        now = self._clock.now()

        def look(s: Session) -> tuple[list[Proposition], Moment]:
            claims = propositions.list_(s, status="active", limit=CLAIMS)
            used = _without(claims, s, self._model, now)
            lately = observations.between(s, now - RECENT, now, LATELY)
            return used, moment(lately, now, self._input_age(), meeting=self._meeting(now))

        claims, scene = await self._database.read(look)
        available = await asyncio.to_thread(self._availability)
        quiet = available.reason if available.quiet else ""
        told = good_time(claims, scene, timedelta(minutes=minutes), HERE, quiet)
        return TimingOut(
            good=told.good,
            against=told.against,
            reasons=[ReasonOut(text=r.text, weight=r.weight, proposition_id=r.claim) for r in told.reasons],
        )


def _without(claims: Sequence[Proposition], s: Session, model: str, now: datetime) -> list[Proposition]:
    doubted = doubts(s, claims, model, now)
    return [p for p in claims if p.id not in doubted]


def _out(question: Question, shape: PropositionOut) -> QuestionOut:
    return QuestionOut(proposition=shape, why=question.why, worth=question.worth, rival_id=question.rival)
