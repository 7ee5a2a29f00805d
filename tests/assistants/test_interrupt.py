from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from assistants.interrupt import gain, worth
from tests.assistants.builders import moment, suggestion
from tests.builders import NOON

UNIT = st.floats(0.0, 1.0)
SCALE = st.floats(1.0, 10.0)


@given(UNIT, SCALE, SCALE, SCALE)
def test_an_idle_person_is_shown_it_from_the_threshold_of_the_paper_on(
    p: float, benefit: float, shown: float, missed: float
) -> None:
    offer = suggestion(p_useful=p, benefit=benefit, cost_shown=shown, cost_missed=missed)
    threshold = shown / (benefit + shown + missed)
    if abs(p - threshold) > 1e-9:
        assert (gain(offer, 1.0) > 0) == (p > threshold)


@given(UNIT, UNIT, UNIT)
def test_being_busier_never_makes_an_interruption_better(p: float, a: float, b: float) -> None:
    offer = suggestion(p_useful=p)
    assert gain(offer, min(a, b)) <= gain(offer, max(a, b))


@given(UNIT, UNIT, st.integers(0, 10), st.integers(0, 10), st.booleans())
def test_nothing_is_shown_beyond_the_budget_or_in_quiet(
    p: float, open_to_it: float, shown: int, budget: int, quiet: bool
) -> None:
    do = worth(suggestion(p_useful=p), moment(interruptibility=open_to_it), shown, budget, quiet).do
    assert do in ("show", "ask", "digest", "silent")
    if shown >= budget or quiet:
        assert do in ("digest", "silent")


def test_what_is_worth_it_is_shown_and_says_why() -> None:
    decision = worth(suggestion(p_useful=0.6), moment(), 0)
    assert decision.do == "show"
    assert "60%" in decision.reason


def test_the_same_offer_waits_while_the_person_is_typing() -> None:
    offer = suggestion(p_useful=0.4)
    assert worth(offer, moment(activity="typing", interruptibility=0.1), 0).do == "digest"
    assert worth(offer, moment(), 0).do == "show"


def test_a_small_gain_only_asks() -> None:
    assert worth(suggestion(p_useful=0.25), moment(), 0).do == "ask"


def test_what_is_not_worth_it_or_expired_or_never_wanted_stays_silent() -> None:
    assert worth(suggestion(p_useful=0.1), moment(), 0).do == "silent"
    assert worth(suggestion(p_useful=0.0, benefit=10), moment(), 0).do == "silent"
    assert worth(suggestion(p_useful=1.0, expires_at=NOON), moment(), 0).do == "silent"


def test_two_cards_keep_their_distance() -> None:
    offer, now = suggestion(p_useful=0.9), moment()
    assert worth(offer, now, 1, last_shown=NOON - timedelta(seconds=30)).do == "digest"
    assert worth(offer, now, 1, last_shown=NOON - timedelta(seconds=60)).do == "show"
    assert worth(replace(offer, p_useful=0.0), now, 1, last_shown=NOON).do == "silent"
