import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.types import utc
from gum.zone import HERE

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, LAST = (datetime(year, 1, 1, tzinfo=UTC) for year in (1990, 2037))
MOMENTS = st.timedeltas(timedelta(), LAST - FIRST).map(lambda since: FIRST + since)


@pytest.fixture(autouse=True, scope="module")
def in_berlin() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


@given(MOMENTS)
def test_every_moment_is_shown_as_that_zones_clock_shows_it_and_comes_back(at: datetime) -> None:
    here = at.astimezone(HERE)
    assert here.replace(tzinfo=None) == at.astimezone(BERLIN).replace(tzinfo=None)
    assert utc(here) == at


@given(MOMENTS, MOMENTS)
def test_a_day_in_another_season_still_ends_when_its_clock_says_so(seen: datetime, day: datetime) -> None:
    """As gum.dates puts a day that was read into the zone of the moment at which it was seen."""
    end = datetime.combine(day, datetime.max.time().replace(microsecond=0), seen.astimezone(HERE).tzinfo)
    assert utc(end).astimezone(BERLIN).date() == day.date()
    assert utc(end) == end.replace(tzinfo=BERLIN).astimezone(UTC)


def test_an_hour_that_comes_twice_and_one_that_never_comes() -> None:
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=HERE)
    assert utc(twice) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert utc(twice.replace(fold=1)) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    never = datetime(2026, 3, 29, 2, 30, tzinfo=HERE)
    assert utc(never).astimezone(BERLIN).hour in (1, 3)


@pytest.mark.parametrize("end", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_the_ends_of_time_raise_nothing(end: datetime) -> None:
    assert end.replace(tzinfo=HERE).utcoffset() is not None
    assert end.astimezone(HERE) is not None
