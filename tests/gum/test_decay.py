from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.claims import TABLE, YEARS
from gum.decay import human, lapsed, lengthened, present, strength
from tests.builders import NOON, proposition

SPANS = st.timedeltas(timedelta(hours=1), timedelta(days=730))


@given(SPANS, SPANS, SPANS)
def test_the_durable_outlives_the_transient(age: timedelta, a: timedelta, b: timedelta) -> None:
    short, long = sorted((a, b))
    assert strength(NOON, long, NOON + age) >= strength(NOON, short, NOON + age)


@given(SPANS)
def test_half_is_left_after_one_half_life(half_life: timedelta) -> None:
    assert strength(NOON, half_life, NOON + half_life) == pytest.approx(0.5)
    assert strength(NOON, half_life, NOON - half_life) == 1.0  # the clock went back


@given(st.sampled_from(sorted(TABLE)), SPANS, SPANS, SPANS)
def test_support_never_shortens_and_late_support_lengthens_most(
    kind: str, half_life: timedelta, a: timedelta, b: timedelta
) -> None:
    soon, late = sorted((a, b))
    once, twice = lengthened(kind, half_life, soon), lengthened(kind, half_life, late)
    assert half_life <= once <= twice <= max(half_life, YEARS)


def test_a_claim_whose_date_has_passed_or_that_faded_away_has_lapsed() -> None:
    due = proposition(valid_until=NOON + timedelta(days=1))
    assert not lapsed(due, NOON)
    assert lapsed(due, NOON + timedelta(days=2))
    assert present(due, NOON + timedelta(days=2)) == 0.0
    work = proposition(half_life=timedelta(days=4), confidence=0.8)
    assert present(work, NOON + timedelta(days=4)) == pytest.approx(0.4)
    assert not lapsed(work, NOON + timedelta(days=15))
    assert lapsed(work, NOON + timedelta(days=17))


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=5), "less than an hour"),
        (timedelta(hours=6), "about 6 hours"),
        (timedelta(days=1), "about 1 day"),
        (timedelta(weeks=2), "about 2 weeks"),
        (timedelta(days=30), "about 1 month"),
        (timedelta(days=120), "about 4 months"),
        (timedelta(days=730), "about 2 years"),
    ],
)
def test_half_lives_read_as_people_say_them(span: timedelta, words: str) -> None:
    assert human(span) == words


@given(st.timedeltas(timedelta(0), timedelta(days=5000)))
def test_every_half_life_has_words(span: timedelta) -> None:
    assert human(span)
