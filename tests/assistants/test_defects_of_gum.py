"""Weakness 33 of GUM, which its suggestions had and ours must not; see tests/gum/test_defects_of_gum.py."""

from dataclasses import replace
from datetime import timedelta

from assistants.interrupt import gain, worth
from assistants.learn import learn
from assistants.moment import moment
from gum.types import Suggestion, SuggestionId, Verdict
from tests.builders import NOON, observation

IDLE = moment([], NOON, timedelta(minutes=10))
TYPING = moment([observation("words", at=NOON)], NOON, timedelta(seconds=1))
# The worked example that explains GUM's flood: whatever is useful with a chance of more than .048 is shown.
FLOOD = Suggestion(
    *(SuggestionId("s"), "remind", "Do it?", "now", (), 0.06, 10.0, 1.0, 10.0, None, NOON),
    NOON + timedelta(hours=1),
)


def test_defect_33_how_busy_the_person_is_counts() -> None:
    assert gain(FLOOD, 1.0) > 0
    assert gain(replace(FLOOD, p_useful=0.1), TYPING.interruptibility) < gain(
        replace(FLOOD, p_useful=0.1), IDLE.interruptibility
    )
    unsure = replace(FLOOD, p_useful=0.15)
    assert worth(unsure, TYPING, 0).do != "show"


def test_defect_33_a_hardly_useful_offer_is_no_card_whatever_is_at_stake() -> None:
    assert worth(FLOOD, IDLE, 0).do == "ask"  # one line first, not a card
    assert worth(replace(FLOOD, p_useful=0.03), IDLE, 0).do == "silent"


def test_defect_33_what_the_person_turned_down_makes_the_next_less_likely() -> None:
    fresh = learn([]).p("remind")
    assert learn([("remind", Verdict.DISMISS)] * 5).p("remind") < fresh / 1.5
    assert learn([("remind", Verdict.ACCEPT)] * 5).p("remind") > fresh
    assert learn([("remind", Verdict.NEVER)]).p("remind") == 0.0


def test_defect_33_offers_do_not_pour_through() -> None:
    sure = replace(FLOOD, p_useful=0.9)
    assert worth(sure, IDLE, 0).do == "show"
    assert worth(sure, IDLE, 6).do == "digest"
    assert worth(sure, IDLE, 1, last_shown=NOON - timedelta(seconds=30)).do == "digest"
