import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.types import Region, new_id, utc

regions = st.builds(
    Region,
    st.integers(-4000, 4000),
    st.integers(-4000, 4000),
    st.integers(1, 5000),
    st.integers(1, 5000),
)


@given(regions, regions)
def test_an_intersection_lies_in_both_and_does_not_depend_on_the_order(a: Region, b: Region) -> None:
    both = a.intersect(b)
    assert both == b.intersect(a)
    if both is not None:
        assert both.intersect(a) == both
        assert both.intersect(b) == both


@given(regions)
def test_a_region_meets_itself_whole(a: Region) -> None:
    assert a.intersect(a) == a


def test_a_region_without_area_is_refused() -> None:
    with pytest.raises(ValueError, match="area"):
        Region(0, 0, 0, 5)


def test_a_naive_time_is_refused_and_others_are_turned_to_utc() -> None:
    with pytest.raises(ValueError, match="zone"):
        utc(datetime(2026, 1, 1))  # noqa: DTZ001
    east = timezone(timedelta(hours=2))
    assert utc(datetime(2026, 1, 1, 2, tzinfo=east)) == datetime(2026, 1, 1, tzinfo=UTC)


def test_ids_do_not_repeat() -> None:
    made = {new_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch("[a-z2-7]{16}", key) for key in made)
