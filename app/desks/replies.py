"""How simulated users answer the questions of an assistant: from the desk's facts, with mistakes. Pure.

For the act, ask or wait gate (components.md C7) and its clarifying questions (rows 23 and 29). The same
question at the same time gets the same answer. Who is busy, away or has left for the day gives none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.desks.judge import Kind, holds, judge
from app.desks.match import occurs
from app.desks.types import Belief, Desk, Fact
from app.desks.users import FRESH, Mood, User, busy, calmed, draw, there

YES, NO, DONT_KNOW, NONE_OF_THESE = "yes", "no", "don't know", "none of these"


class Form(StrEnum):
    """What kind of answer is asked for."""

    YES_NO = "yes/no"  # whether `claim` is so
    CHOICE = "choice"  # which of `options`
    FREE = "free"  # the slot in words


@dataclass(frozen=True, slots=True)
class Question:
    """A question of an assistant.

    A choice and a free question ask for a `slot` of a claim of a `type` (a row of gum.claims.TABLE); `known`
    are words in which the assistant says which one it means ("the trip to Porto": when?).
    """

    subject: str
    at: datetime
    form: Form
    text: str = ""
    claim: Belief | None = None
    type: str = ""
    slot: str = ""
    options: tuple[str, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered, None where nobody did. `mistaken`, hidden: whether it differs from the truth."""

    said: str | None
    mistaken: bool = False


def reply(who: User, question: Question, mood: Mood = FRESH) -> Reply:
    """The user's answer. Raises ValueError for a question without the claim or the options it is about."""
    if question.form is Form.YES_NO and question.claim is None:
        raise ValueError("a yes/no question asks about a claim")
    if question.form is Form.CHOICE and not question.options:
        raise ValueError("a choice has options")
    now = calmed(who, mood, question.at)
    if now.gone or busy(who, question.at) or not there(who, question.at):
        return Reply(None)
    right = truth(who.desk, question)
    about = (question.at, question.subject, question.text)
    wrong = _others(who.desk, question, right)
    if not wrong or draw(who, "mistaken", *about) >= who.mistakes:
        return Reply(right)
    said = wrong[int(draw(who, "mistake", *about) * len(wrong))]
    return Reply(said, mistaken=True)


def truth(desk: Desk, question: Question) -> str:
    """What the desk's facts say: YES or NO, one of the options or NONE_OF_THESE, words, or DONT_KNOW.

    Of a claim without a type that resembles nothing on the desk nobody knows whether it is so; one that has a
    type would have been planted.
    """
    if question.form is Form.YES_NO:
        assert question.claim is not None
        found = judge([question.claim], desk, question.at)[0]
        if found.kind is Kind.JUNK and question.claim.type is None:
            return DONT_KNOW
        return YES if found.right else NO
    answers = [options for fact in _meant(desk, question) if (options := fact.slots.get(question.slot))]
    if question.form is Form.FREE:
        return answers[0][0] if answers else DONT_KNOW
    fitting = (o for words in answers for o in question.options if any(_same(o, word) for word in words))
    return next(fitting, NONE_OF_THESE)


def _same(option: str, word: str) -> bool:
    return occurs(word, option) or occurs(option, word)


def _meant(desk: Desk, question: Question) -> Sequence[Fact]:
    """The facts that hold which the question may be about."""
    return [
        fact
        for fact in desk.facts
        if holds(fact, question.at)
        and not fact.negative
        and question.type in (fact.type, *fact.also)
        and all(_says(fact, slot, told) for slot, told in question.known.items())
    ]


def _says(fact: Fact, slot: str, told: str) -> bool:
    return any(_same(told, word) for word in fact.slots.get(slot, ()))


def _others(desk: Desk, question: Question, right: str) -> list[str]:
    """What one who is mistaken may say instead of what is right."""
    if question.form is Form.YES_NO:
        return [said for said in (YES, NO) if said != right]
    if question.form is Form.CHOICE:
        return [said for said in (*question.options, NONE_OF_THESE) if said != right]
    other = (fact.slots.get(question.slot, ()) for fact in desk.facts if fact.type == question.type)
    told = dict.fromkeys(words[0] for words in other if words)
    return [said for said in (*told, DONT_KNOW) if said != right]
