"""Answers come from the desk's facts, the same each time, and are wrong as often as the user is."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desks.replies import DONT_KNOW, NO, NONE_OF_THESE, YES, Form, Question, reply, truth
from app.desks.types import Belief
from app.desks.users import FRESH, Hands, Mood, Span, User, user
from tests.app.desks.builders import at, belief, busy, desk, fact

TRIP = fact("trip", "plans_to_go", {"place": ("Porto", "Oporto"), "date": ("5 March",)}, ends=at(10))
NEXT = fact("next", "plans_to_go", {"place": ("Oslo",), "date": ("9 March",)}, begins=at(10))
ROBIN = desk(facts=[fact(), TRIP, NEXT], busy=[busy(1, 2)])


def asks(claim: Belief | None = None, hours: float = 3, **more: object) -> Question:
    form = Form.YES_NO if claim else Form.FREE
    return Question(**{"subject": "q", "at": at(hours), "form": form, "claim": claim, **more})  # type: ignore[arg-type]


def who(mistakes: float = 0.0, seed: int = 0) -> User:
    return replace(user(ROBIN, seed), mistakes=mistakes)


def test_whether_a_claim_is_so() -> None:
    assert truth(ROBIN, asks(belief())) == YES
    assert truth(ROBIN, asks(belief("Does not work on fish-ladder.tex"))) == NO
    assert truth(ROBIN, asks(belief("Plans to go to Porto on 5 March"), hours=11)) == NO
    assert truth(ROBIN, asks(belief("Likes tea"))) == DONT_KNOW
    assert truth(ROBIN, asks(belief("Likes tea", type="prefers"))) == NO


def test_which_of_several() -> None:
    which = asks(
        form=Form.CHOICE, type="plans_to_go", slot="place", options=("Rome", "Oporto (Portugal)", "Oslo")
    )
    assert truth(ROBIN, which) == "Oporto (Portugal)"
    assert truth(ROBIN, replace(which, at=at(11))) == "Oslo"
    assert truth(ROBIN, replace(which, options=("Rome", "Oslo"))) == NONE_OF_THESE


def test_in_words() -> None:
    when = asks(type="plans_to_go", slot="date")
    assert truth(ROBIN, when) == "5 March"
    assert truth(ROBIN, replace(when, known={"place": "Porto"})) == "5 March"
    assert truth(ROBIN, replace(when, known={"place": "Rome"})) == DONT_KNOW
    assert truth(ROBIN, replace(when, slot="weather")) == DONT_KNOW


def test_the_disturbed_the_absent_and_the_gone_do_not_answer() -> None:
    sure = who()
    assert reply(sure, asks(belief(), hours=3)).said == YES
    assert reply(sure, asks(belief(), hours=1.5)).said is None
    assert reply(replace(sure, hands=Hands(there=(Span(at(5), at(6)),))), asks(belief())).said is None
    left = Mood(gone=at(4))
    assert reply(sure, asks(belief()), left).said is None
    assert reply(sure, asks(belief(), hours=4), left).said == YES


def test_the_mistaken_say_something_else() -> None:
    wrong = who(mistakes=1.0)
    assert reply(wrong, asks(belief())).said == NO
    assert reply(wrong, asks(belief())).mistaken
    which = asks(form=Form.CHOICE, type="plans_to_go", slot="place", options=("Rome", "Porto"))
    assert reply(wrong, which).said in ("Rome", NONE_OF_THESE)
    assert reply(wrong, asks(type="plans_to_go", slot="place")).said in ("Oslo", DONT_KNOW)
    nothing = reply(wrong, asks(type="bought", slot="item"))
    assert (nothing.said, nothing.mistaken) == (DONT_KNOW, False)  # nothing else could be said


@given(st.integers(0, 1000), st.floats(0, 30))
def test_the_same_question_gets_the_same_answer(seed: int, hours: float) -> None:
    one = replace(user(ROBIN, seed), mistakes=0.5)
    question = asks(belief(), hours=hours)
    assert reply(one, question) == reply(one, question, FRESH)


def test_mistakes_are_as_frequent_as_the_trait_says() -> None:
    one = who(mistakes=0.2)
    wrong = [reply(one, asks(belief(), hours=3 + n / 100)).mistaken for n in range(600)]
    assert 0.14 < sum(wrong) / len(wrong) < 0.26


def test_a_question_that_cannot_be_answered_is_refused() -> None:
    with pytest.raises(ValueError, match="claim"):
        reply(who(), asks(form=Form.YES_NO))
    with pytest.raises(ValueError, match="options"):
        reply(who(), asks(form=Form.CHOICE))
