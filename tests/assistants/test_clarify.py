from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from assistants.clarify import AGAIN, COST, FAR, MANY, MOST, NEW, Doubt, Seen, at_odds, odd, questions
from gum.types import Proposition, Sensitivity, Status
from gum.zone import HERE
from tests.builders import NOON, proposition
from tests.zones import desk_in

DAY = timedelta(days=1)
TABLE = {
    "prefers": ("thing", "over"),
    "holds_role": ("role", "org"),
    "learning": ("subject",),
    "working_on": ("thing",),
    "has_deadline": ("task", "date"),
}


def claim(kind: str, *values: str, sure: float = 0.8, id: str = "", **more: object) -> Proposition:
    slots = dict(zip(TABLE[kind], values, strict=False))
    made = proposition(f"{kind} {' '.join(values)}", id=id, type=kind, slots=slots, confidence=sure, at=NOON)
    return replace(made, **more)  # type: ignore[arg-type]


def asked(*claims: Proposition, **more: object) -> list[str]:
    return [q.claim.id for q in questions(claims, {}, {}, NOON, **more)]  # type: ignore[arg-type]


def test_what_is_open_and_matters_is_asked_and_what_is_sure_or_matters_little_is_not() -> None:
    open_ = claim("has_deadline", "essay", "Friday", sure=0.5, id="open")
    sure = claim("has_deadline", "thesis", "Monday", sure=0.85, id="sure")
    small = claim("working_on", "notes.txt", sure=0.5, id="small")
    assert asked(open_, sure, small) == ["open"]


def test_nothing_settled_sensitive_inactive_over_or_put_off_is_asked() -> None:
    role = claim("holds_role", "treasurer", sure=0.5, id="role")
    private = replace(role, sensitivity=Sensitivity.SENSITIVE)
    assert asked(replace(role, settled=True), private, replace(role, status=Status.HIDDEN)) == []
    assert asked(replace(role, valid_until=NOON - DAY)) == []
    assert asked(private, sensitive=True) == ["role"]
    put_off = {role.id: NOON - AGAIN / 2}
    assert questions([role], {}, put_off, NOON) == []
    assert len(questions([role], {}, {role.id: NOON - 2 * AGAIN}, NOON)) == 1


def test_what_is_at_odds_with_something_private_is_not_asked_for_that_would_tell_it() -> None:
    new = claim("holds_role", "clerk", "Acme", sure=0.8, id="new")
    private = claim("holds_role", "choir leader", sure=0.95, id="private", sensitivity=Sensitivity.SENSITIVE)
    doubts = {new.id: Doubt("It is at odds with what is private.", private.id)}
    assert questions([new, private], doubts, {}, NOON) == []
    shown = questions([new, private], doubts, {}, NOON, sensitive=True)
    assert [q.claim.id for q in shown] == ["new"]


def test_there_are_only_a_few_and_the_worthiest_come_first() -> None:
    claims = [claim("holds_role", f"role {n}", sure=0.5 + n / 100, id=f"r{n}") for n in range(9)]
    assert asked(*claims) == ["r0", "r1", "r2"][:MOST]
    assert asked(*claims, most=0) == []


def test_seen_once_and_the_other_way_round_than_what_stands_is_out_of_character() -> None:
    known = claim("prefers", "tea", "coffee", sure=0.9, id="known")
    fresh = claim("prefers", "coffee", "tea", sure=0.9, id="fresh")
    found = odd([Seen(known, places=4), Seen(fresh)], NOON)
    assert found == {"fresh": Doubt("It was seen once, and is at odds with “prefers tea coffee”.", known.id)}
    [question] = questions([known, fresh], found, {}, NOON)
    assert (question.claim.id, question.rival) == ("fresh", "known")
    assert question.worth == 5.0 - COST


@pytest.mark.parametrize(
    "one, other, are",
    [
        (("has_deadline", "essay", "Friday"), ("has_deadline", "essay", "Monday"), True),
        (("has_deadline", "essay", "Friday"), ("has_deadline", "thesis", "Monday"), False),
        (("holds_role", "treasurer", "Chess Club"), ("holds_role", "chair", "Chess Club"), True),
        (("holds_role", "treasurer", "Chess Club"), ("holds_role", "chair", "Rowing Club"), False),
        (("holds_role", "treasurer"), ("holds_role", "chair"), False),
        (("prefers", "tea", "coffee"), ("prefers", "tea", "beer"), False),
        (("learning", "Rust"), ("learning", "Go"), False),
    ],
)
def test_what_can_hardly_both_be_so(one: tuple[str, ...], other: tuple[str, ...], are: bool) -> None:
    left = claim(*one, valid_until=NOON + 5 * DAY)
    right = claim(*other, valid_until=NOON + 8 * DAY)
    assert at_odds(left, right) is at_odds(right, left) is are


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_a_day_and_an_hour_of_it_are_not_at_odds(zone: str) -> None:
    with desk_in(zone):
        friday = datetime(2026, 11, 27, 23, 59, tzinfo=HERE)
        whole = claim("has_deadline", "essay", "Friday", valid_until=friday)
        hour = claim("has_deadline", "essay", "Friday 9:00", valid_until=friday.replace(hour=9))
        next_day = claim("has_deadline", "essay", "Saturday", valid_until=friday + timedelta(hours=1))
        assert not at_odds(whole, hour)
        assert at_odds(whole, next_day)


def test_a_trait_unlike_everything_is_out_of_character_only_where_much_is_known() -> None:
    others = [Seen(claim("working_on", f"f{n}", id=f"f{n}"), places=3) for n in range(MANY)]
    far = Seen(claim("learning", "falconry", id="far"), nearest=FAR / 2)
    near = Seen(claim("learning", "Rust", id="near"), nearest=2 * FAR)
    unknown = Seen(claim("learning", "Go", id="unknown"))
    assert set(odd([*others, far, near, unknown], NOON)) == {"far"}
    assert odd([*others[: MANY - 2], far], NOON) == {}
    due = Seen(claim("has_deadline", "falconry exam", "Friday", id="due"), nearest=0.0)
    assert odd([*others, due], NOON) == {}  # no wonder


def test_seen_again_or_for_long_or_called_right_it_is_in_character() -> None:
    known = Seen(claim("prefers", "tea", "coffee", id="known"), places=4)
    fresh = claim("prefers", "coffee", "tea", id="fresh")
    assert odd([known, Seen(fresh, places=2)], NOON) == {}
    assert odd([known, Seen(replace(fresh, settled=True))], NOON) == {}
    assert odd([known, Seen(fresh)], NOON + NEW + DAY) == {}
    weak = Seen(replace(known.claim), places=1)
    assert odd([weak, Seen(fresh)], NOON) == {}  # neither stands on more
