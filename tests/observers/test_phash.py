"""The difference hash as it was published, and what it is for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from observers.phash import COLUMNS, ROWS, dhash, distance


def grey(values: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    return np.repeat(values.astype(np.uint8)[..., None], 3, axis=-1)


def test_each_bit_says_whether_a_value_is_brighter_than_its_left_neighbour() -> None:
    values = np.random.default_rng(3).integers(0, 256, (5, ROWS, COLUMNS))
    expected = (values[:, :, 1:] > values[:, :, :-1]).reshape(5, 64)
    assert np.array_equal(dhash(grey(values), step=0), expected)


def test_a_larger_picture_is_shrunk_to_means_first() -> None:
    small = np.random.default_rng(4).integers(0, 256, (1, ROWS, COLUMNS))
    large = small.repeat(6, axis=1).repeat(4, axis=2)
    assert np.array_equal(dhash(grey(large), 0), dhash(grey(small), 0))


@given(st.integers(1, 100))
def test_a_tint_turns_no_bit_over(strength: int) -> None:
    values = np.random.default_rng(5).integers(0, 150, (2, 32, 32))
    assert not distance(dhash(grey(values)), dhash(grey(values + strength))).any()


def test_another_picture_turns_about_half_of_the_bits_over() -> None:
    one, other = (np.random.default_rng(seed).integers(0, 256, (40, 32, 32)) for seed in (6, 7))
    assert 24 < distance(dhash(grey(one)), dhash(grey(other))).mean() < 40


def test_too_small_a_picture_is_refused() -> None:
    with pytest.raises(ValueError):
        dhash(np.zeros((1, 8, 8, 3), np.uint8))
