from dataclasses import replace
from datetime import datetime, timedelta

from app.desks.renewal import due, renewals
from app.desks.types import Sight
from gum.types import Trust
from tests.app.desks.builders import at, desk, fact
from tests.builders import observation

TEA = fact("tea", "prefers", {"thing": ("tea",)}, ends=at(1))
COFFEE = replace(
    fact("coffee", "prefers", {"thing": ("coffee", "espresso")}, begins=at(1), replaces="tea"),
    evidence=("s2.1", "s2.3"),
)
ROBIN = desk(facts=[TEA, COFFEE])


def sight(step: str, text: str, minutes: float) -> Sight:
    when = at(1) + timedelta(minutes=minutes)
    return Sight(step, observation(text, title="", at=when, trust=Trust.AUTHORED))


def times(*sights: Sight) -> tuple[datetime, ...]:
    [found] = renewals(ROBIN, sights)
    assert (found.old, found.new) == ("tea", "coffee")
    return found.at


def test_a_step_that_is_seen_growing_is_one_showing_and_counts_at_its_end() -> None:
    typed = [sight("s2.1", "now cof", 0), sight("s2.1", "now coffee", 1), sight("s2.1", "now coffee!", 2)]
    assert times(*typed) == (at(1) + timedelta(minutes=2),)


def test_two_showings_are_enough_and_other_words_and_steps_do_not_count() -> None:
    found = times(
        sight("s2.1", "coffee", 0),
        sight("s2.2", "coffee", 1),  # not among its evidence
        sight("s2.3", "something else", 2),
        sight("s2.3", "an espresso", 3),
        sight("s2.3", "an espresso, please", 4),
    )
    assert found == (at(1), at(1) + timedelta(minutes=4))


def test_what_was_never_seen_is_not_asked_about() -> None:
    assert renewals(ROBIN, [Sight("s2.1"), sight("s2.1", "tea", 1)]) == ()
    assert renewals(desk(facts=[TEA]), [sight("s2.1", "coffee", 1)]) == ()


def test_somebody_asks_after_the_last_showing_of_each() -> None:
    found = renewals(ROBIN, [sight("s2.1", "coffee", 0), sight("s2.3", "coffee", 9)])
    assert due([*found, *found]) == (at(1) + timedelta(minutes=9),)
    assert due([]) == ()
