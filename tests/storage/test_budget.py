"""A budget of bytes: what goes first, and no more than must."""

from hypothesis import given
from hypothesis import strategies as st

from storage.budget import HEADROOM, first_to_go

SIZES = st.lists(st.integers(0, 1000), max_size=30)


@given(SIZES, st.integers(0, 20_000))
def test_the_oldest_go_until_the_rest_fits(sizes: list[int], budget: int) -> None:
    rows = [(str(n), size) for n, size in enumerate(sizes)]
    gone = first_to_go(rows, sum(sizes), budget)
    assert gone == [key for key, _ in rows[: len(gone)]]
    left = sum(sizes[len(gone) :])
    assert left <= budget * HEADROOM or len(gone) == len(rows)
    if gone:
        assert left + sizes[len(gone) - 1] > int(budget * HEADROOM)  # one less would not have done
