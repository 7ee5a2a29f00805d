"""Is this a good time? The paper's movie agent, and what else speaks against a moment."""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistants.moment import moment
from assistants.timing import LIMIT, good_time
from gum.types import Proposition, Sensitivity, Status
from tests.builders import NOON, observation, proposition

HOUR = timedelta(hours=1)
IDLE = moment([], NOON, timedelta(minutes=10))
TYPING = moment([observation("words", at=NOON)], NOON, timedelta(seconds=1))


def deadline(hours: float = 20, **more: object) -> Proposition:
    made = proposition(
        "Has a deadline: grant report by Saturday",
        id="due",
        type="has_deadline",
        slots={"task": "grant report", "date": "Saturday"},
        confidence=0.9,
        half_life=timedelta(weeks=2),
        valid_until=NOON + hours * HOUR,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def test_the_movie_agent_declines_near_a_deadline_and_recommends_once_that_is_ablated() -> None:
    known = [proposition("Is interested in films", id="films"), deadline()]
    declined = good_time(known, IDLE)
    assert not declined.good
    assert [(r.claim, r.text) for r in declined.reasons] == [("due", "“grant report” is due tomorrow.")]
    ablated = good_time([p for p in known if p.type != "has_deadline"], IDLE)
    assert ablated.good and ablated.reasons == ()


@pytest.mark.parametrize(
    "claim",
    [
        deadline(hours=24 * 5),  # far away
        deadline(hours=-1),  # over
        deadline(status=Status.SUPERSEDED),
        deadline(sensitivity=Sensitivity.SENSITIVE),
        deadline(subject="Ann"),
        deadline(confidence=0.15),  # hardly believed
        deadline(valid_until=None),
    ],
)
def test_only_what_is_used_and_near_speaks_against(claim: Proposition) -> None:
    assert good_time([claim], IDLE).reasons == ()


def test_the_nearer_the_deadline_the_more_it_speaks_against() -> None:
    against = [good_time([deadline(hours)], IDLE).against for hours in (60, 40, 20, 10, 1)]
    assert against == sorted(against)
    assert against[0] < LIMIT < against[-1]


def test_what_takes_longer_than_is_left_is_a_bad_idea() -> None:
    assert good_time([deadline(40)], IDLE).good
    assert not good_time([deadline(40)], IDLE, needs=48 * HOUR).good


def test_what_was_handed_in_speaks_against_nothing() -> None:
    said = observation("grant report submitted", at=NOON - 2 * timedelta(minutes=1))
    assert good_time([deadline()], moment([said], NOON, timedelta(minutes=10))).good


def test_busy_hands_are_a_reason_without_a_claim() -> None:
    told = good_time([], TYPING)
    assert not told.good
    assert [(r.text, r.claim) for r in told.reasons] == [("They are busy: typing.", None)]


def test_trouble_alone_is_not_enough_and_an_event_counts_half() -> None:
    trouble = proposition("Struggles with a build", type="struggling_with", slots={"thing": "a build"})
    event = replace(deadline(), type="preparing_for", slots={"event": "talk"}, id="talk")
    assert good_time([trouble], IDLE).good
    assert good_time([event], IDLE).against == pytest.approx(good_time([deadline()], IDLE).against / 2)
