"""When rules hold: hours by the clock of the desk, and sharing. What cannot be told holds."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.errors import RuleUnusable
from gum.types import Effect, Rule, RuleId
from gum.zone import HERE
from observers.holding import holding, in_force_now, moment, spans, within

MONDAY = datetime(2026, 11, 23, tzinfo=HERE)
minutes = st.integers(0, 24 * 60 - 1)
moments = st.integers(0, 7 * 24 * 60).map(lambda n: MONDAY + timedelta(minutes=n))


def rule(hours: str | None = None, sharing: bool | None = None) -> Rule:
    return Rule(RuleId("mine"), "Mine", Effect.DROP, app="slack", hours=hours, sharing=sharing)


def at(day: str, clock: str) -> datetime:
    return moment(f"{day} {clock}", MONDAY)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@pytest.mark.parametrize(
    ("hours", "inside", "outside"),
    [
        ("09:00-17:30", [("sun", "09:00"), ("wed", "17:29")], [("mon", "08:59"), ("mon", "17:30")]),
        ("22:00-07:00", [("mon", "22:00"), ("tue", "06:59")], [("mon", "07:00"), ("mon", "21:59")]),
        ("mon-fri 09:00-17:30", [("mon", "09:00"), ("fri", "17:29")], [("sat", "12:00"), ("sun", "12:00")]),
        ("fri 22:00-07:00", [("fri", "23:00"), ("sat", "06:00")], [("fri", "06:00"), ("sat", "23:00")]),
        ("sun 22:00-07:00", [("mon", "06:00")], [("sun", "06:00"), ("mon", "22:30")]),
        ("sat-mon 10:00-11:00", [("sat", "10:00"), ("mon", "10:00")], [("tue", "10:00"), ("fri", "10:00")]),
        ("sat-sun", [("sat", "00:00"), ("sun", "23:59")], [("mon", "00:00"), ("fri", "23:59")]),
        ("Wednesday", [("wed", "12:00")], [("tue", "23:59"), ("thu", "00:00")]),
        ("00:00-24:00", [("mon", "00:00"), ("sun", "23:59")], []),
        ("mon 08:00-09:00, tue 10:00 – 11:00 ", [("mon", "08:30"), ("tue", "10:30")], [("mon", "10:30")]),
    ],
)  # fmt: skip
def test_hours_say_when(hours: str, inside: list[tuple[str, str]], outside: list[tuple[str, str]]) -> None:
    assert all(within(hours, at(*when)) for when in inside)
    assert not any(within(hours, at(*when)) for when in outside)


@given(minutes, minutes, moments)
def test_a_span_and_the_rest_of_the_day_are_the_whole_day(start: int, end: int, when: datetime) -> None:
    if start == end:
        with pytest.raises(RuleUnusable):
            spans(f"{clock(start)}-{clock(end)}")
        return
    one, other = f"{clock(start)}-{clock(end)}", f"{clock(end)}-{clock(start)}"
    assert within(one, when) != within(other, when)
    assert within(f"{one}, {other}", when)


@given(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), minutes, minutes, moments)
def test_what_goes_over_midnight_belongs_to_the_day_it_begins_on(
    day: str, start: int, end: int, when: datetime
) -> None:
    if start == end:
        return
    length = (end - start) % (24 * 60)
    began = when.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(minutes=start)
    began -= timedelta(days=0 if began <= when else 1)
    lasts = when < began + timedelta(minutes=length)
    assert within(f"{day} {clock(start)}-{clock(end)}", when) == (
        lasts and began.strftime("%a").lower() == day
    )


@pytest.mark.parametrize(
    "hours",
    ["", " ", ",", "mon,", "25:00-26:00", "09:60-10:00", "9-17", "24:01-25:00", "09:00-09:00", "24:00-01:00",
     "mon-xyz", "montag", "09:00", "mon-fri-sat", "mon 09:00-10:00 tue", "22:00-07:00; sat", "٣:00-٤:00x"],
)  # fmt: skip
def test_what_is_no_hours_is_said_with_a_hint(hours: str) -> None:
    with pytest.raises(RuleUnusable) as error:
        spans(hours)
    assert error.value.title and error.value.hint


@given(st.text(max_size=20) | st.text("mon,-0123:9 ", max_size=20))
def test_anything_may_be_typed_as_hours(hours: str) -> None:
    try:
        assert spans(hours)
    except RuleUnusable as error:
        assert error.hint


def test_a_rule_holds_at_its_hours_and_one_that_cannot_be_told_always() -> None:
    night, broken, always = rule("22:00-07:00"), rule("by moonlight"), rule()
    every = [night, broken, always]
    assert holding(every, at("mon", "23:00"), None) == (night, broken, always)
    assert holding(every, at("mon", "12:00"), None) == (broken, always)


def test_a_rule_for_sharing_holds_while_shared_and_when_nobody_can_tell() -> None:
    shared, private, both = rule(sharing=True), rule(sharing=False), rule("09:00-10:00", sharing=True)
    every = [shared, private, both]
    assert holding(every, MONDAY, True) == (shared,)
    assert holding(every, MONDAY, False) == (private,)
    assert holding(every, MONDAY, None) == (shared, private)
    assert holding(every, at("mon", "09:30"), True) == (shared, both)


def test_whether_the_screen_is_shared_is_asked_only_if_a_rule_wants_to_know() -> None:
    asked = []

    def sharing() -> bool:
        asked.append(1)
        return False

    ordinary, wanting = [rule(), rule("00:00-24:00")], [rule(sharing=True)]
    assert in_force_now(lambda: ordinary, lambda: MONDAY, sharing)() == tuple(ordinary)
    assert asked == []
    assert in_force_now(lambda: wanting, lambda: MONDAY, sharing)() == ()
    assert asked == [1]


def test_a_moment_is_on_that_day_or_the_next_such_one() -> None:
    noon = MONDAY.replace(hour=12)
    assert moment("22:30", noon) == MONDAY.replace(hour=22, minute=30)
    assert moment(" Sat  8:05 ", noon) == MONDAY.replace(day=28, hour=8, minute=5)
    assert moment("monday 09:00", noon) == MONDAY.replace(hour=9)
    for wrong in ("", "24:00", "noon", "sat", "xyz 10:00", "10:70"):
        with pytest.raises(RuleUnusable):
            moment(wrong, noon)
