from hypothesis import given
from hypothesis import strategies as st

from gum.lasting import lasting_id, lasts
from gum.types import new_id

PARTS = st.lists(st.text(max_size=20), max_size=4)


@given(PARTS, PARTS)
def test_the_same_thing_has_the_same_id_and_another_one_another(one: list[str], two: list[str]) -> None:
    assert (lasting_id("a", *one) == lasting_id("a", *two)) == (one == two)
    assert lasting_id("a", *one) != lasting_id("b", *one)


@given(PARTS)
def test_it_is_told_apart_from_an_id_made_once(parts: list[str]) -> None:
    assert lasts(lasting_id("a", *parts))
    assert not lasts(new_id())


def test_nothing_else_looks_like_one() -> None:
    made = lasting_id("a")
    assert not any(lasts(other) for other in ("", "0", made[1:], made + "a", made.upper(), f"{made}\n"))


def test_a_lone_half_of_a_character_is_no_obstacle() -> None:
    assert lasts(lasting_id("a", "\ud800"))
