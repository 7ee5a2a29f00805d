import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.model.encoder import percept
from gum.types import ObservationId, Vector

ID = ObservationId("o")


def unit(angle: float) -> Vector:
    return (math.cos(angle), math.sin(angle))


angles = st.floats(0, 2 * math.pi)


@given(angles, st.lists(angles))
def test_surprise_is_between_none_and_full(angle: float, past: list[float]) -> None:
    assert 0.0 <= percept(ID, unit(angle), [unit(a) for a in past]).surprise <= 1.0


@given(angles, st.lists(angles), angles)
def test_more_past_never_surprises_more(angle: float, past: list[float], more: float) -> None:
    less = percept(ID, unit(angle), [unit(a) for a in past]).surprise
    assert percept(ID, unit(angle), [unit(a) for a in [*past, more]]).surprise <= less


def test_without_a_past_everything_is_new() -> None:
    assert percept(ID, unit(0), []).surprise == 1.0


def test_what_was_just_seen_is_no_surprise() -> None:
    assert percept(ID, unit(1), [unit(2), unit(1)]).surprise == pytest.approx(0.0)


def test_vectors_of_two_embedders_are_not_compared() -> None:
    with pytest.raises(ValueError):
        percept(ID, (1.0, 0.0), [(1.0, 0.0, 0.0)])
