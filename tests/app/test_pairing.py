"""Letting in by a code, over a clock that the test moves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pairing import LASTS, MOST_WRONG, OPEN, TRIES, WITHIN, Busy, Pairing, Pairings, Refused
from gum.errors import NotFound
from gum.grants import PRESETS, Part, Right, Scope

ASKED = PRESETS["agent"].scope
WIDE = replace(ASKED, sensitive=True, real_names=True)


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


class House:
    def __init__(self) -> None:
        self.clock = Clock()
        self.pairings = Pairings(self.clock)

    def begin(self, scope: Scope = ASKED) -> tuple[Pairing, str]:
        return self.pairings.begin("Claude", scope, None)


def wrong(pairing: Pairing) -> str:
    return f"{(int(pairing.code) + 1) % 10**6:06d}"


def test_the_code_lets_in_once() -> None:
    house = House()
    begun, secret = house.begin()
    assert len(begun.code) == 6 and begun.code.isdecimal()
    assert begun.expires_at == house.clock.time + LASTS
    assert begun.code not in repr(begun) and secret not in repr(begun)
    done = house.pairings.finish(begun.id, secret, begun.code)
    assert (done.id, done.given) == (begun.id, ASKED)
    assert house.pairings.waiting() == []
    with pytest.raises(Refused):
        house.pairings.finish(begun.id, secret, begun.code)


def test_a_code_gives_nothing_sensitive_and_no_real_names_unless_the_person_switches_it_on() -> None:
    house = House()
    begun, secret = house.begin(WIDE)
    assert begun.asked == WIDE
    assert house.pairings.finish(begun.id, secret, begun.code).given == ASKED
    begun, secret = house.begin(WIDE)
    house.pairings.choose(begun.id, WIDE, None)
    assert house.pairings.finish(begun.id, secret, begun.code).given == WIDE


def test_the_person_gives_less_but_never_more_than_was_asked() -> None:
    house = House()
    begun, secret = house.begin(PRESETS["claims"].scope)
    end = house.clock.time + timedelta(days=1)
    house.pairings.choose(begun.id, replace(WIDE, topics=("thesis",)), end)
    done = house.pairings.finish(begun.id, secret, begun.code)
    assert (done.given.rights, done.given.parts) == ({Right.READ}, {Part.CLAIMS})
    assert (done.given.topics, done.given.sensitive, done.until) == (("thesis",), False, end)


def test_every_failure_is_the_same() -> None:
    house = House()
    begun, secret = house.begin()
    said = set()
    for id_, key, code in (
        ("nobody", secret, begun.code),
        (begun.id, "wrong", begun.code),
        (begun.id, secret, wrong(begun)),
        (begun.id, secret, ""),
    ):
        with pytest.raises(Refused) as caught:
            house.pairings.finish(id_, key, code)
        said.add((caught.value.title, caught.value.hint))
    house.clock.time += LASTS
    with pytest.raises(Refused) as caught:
        house.pairings.finish(begun.id, secret, begun.code)
    assert said == {(caught.value.title, caught.value.hint)}


def test_the_third_wrong_code_ends_it() -> None:
    house = House()
    begun, secret = house.begin()
    for _ in range(TRIES):
        with pytest.raises(Refused):
            house.pairings.finish(begun.id, secret, wrong(begun))
    assert house.pairings.waiting() == []
    with pytest.raises(Refused):
        house.pairings.finish(begun.id, secret, begun.code)


def test_who_has_no_secret_can_neither_get_in_nor_end_it() -> None:
    house = House()
    begun, secret = house.begin()
    for _ in range(TRIES + 5):
        with pytest.raises(Refused):
            house.pairings.finish(begun.id, "not it", begun.code)
    assert house.pairings.finish(begun.id, secret, begun.code).id == begun.id


def test_only_so_many_wait_and_each_only_so_long() -> None:
    house = House()
    for _ in range(OPEN):
        house.begin()
        house.clock.time += timedelta(seconds=1)
    with pytest.raises(Busy) as caught:
        house.begin()
    assert 0 < caught.value.after_s <= LASTS.total_seconds()
    house.clock.time += timedelta(seconds=caught.value.after_s)
    assert len(house.pairings.waiting()) == OPEN - 1
    house.begin()


def test_who_guesses_on_is_locked_out_for_the_hour() -> None:
    house = House()
    for _ in range(MOST_WRONG // TRIES):
        begun, secret = house.begin()
        for _ in range(TRIES):
            with pytest.raises(Refused):
                house.pairings.finish(begun.id, secret, wrong(begun))
    with pytest.raises(Busy, match="wrong codes"):
        house.begin()
    house.clock.time += WITHIN
    house.begin()


def test_the_person_says_no() -> None:
    house = House()
    begun, secret = house.begin()
    house.pairings.refuse(begun.id)
    with pytest.raises(Refused):
        house.pairings.finish(begun.id, secret, begun.code)
    with pytest.raises(NotFound):
        house.pairings.refuse(begun.id)
    with pytest.raises(NotFound):
        house.pairings.choose(begun.id, ASKED, None)


def test_a_clock_that_is_set_back_keeps_none_open_for_good() -> None:
    house = House()
    house.begin()
    house.clock.time -= timedelta(days=1)
    assert house.pairings.waiting() == []


@given(codes=st.lists(st.text("0123456789", min_size=6, max_size=6), max_size=8), waits=st.integers(0, 7))
def test_nobody_gets_in_but_by_the_code_within_three_tries_and_in_time(codes: list[str], waits: int) -> None:
    house = House()
    begun, secret = house.begin()
    house.clock.time += timedelta(minutes=waits)
    got_in = False
    for code in codes:
        try:
            house.pairings.finish(begun.id, secret, code)
            got_in = True
            break
        except Refused:
            continue
    assert got_in == (begun.code in codes[:TRIES] and waits < LASTS / timedelta(minutes=1))
