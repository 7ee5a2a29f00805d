from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gum.types import utc
from gum.zone import HERE, midnight
from tests.zones import desk_in

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, LAST = (datetime(year, 1, 1, tzinfo=UTC) for year in (1990, 2037))
MOMENTS = st.timedeltas(timedelta(), LAST - FIRST).map(lambda since: FIRST + since)


@pytest.fixture(autouse=True, scope="module")
def in_berlin() -> Iterator[None]:
    with desk_in("Europe/Berlin"):
        yield


@example(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
@example(datetime(2026, 10, 25, 1, 0, tzinfo=UTC))  # the hour that comes twice, the second time
@example(datetime(1991, 9, 29, 1, 59, tzinfo=UTC))
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


@given(MOMENTS)
def test_a_day_begins_at_the_desks_midnight_and_not_after_what_it_holds(at: datetime) -> None:
    began = midnight(at)
    assert utc(began) <= at < utc(began) + timedelta(hours=25)  # the longest day of Berlin
    assert utc(began).astimezone(BERLIN).time() == datetime.min.time()
    assert utc(began).astimezone(BERLIN).date() == at.astimezone(BERLIN).date()
    assert midnight(began) == began


def test_where_midnight_comes_twice_the_day_begins_with_the_first() -> None:
    with desk_in("America/Havana"):  # at 1:00 the clock goes back to 0:00
        first = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
        for minutes in (0, 30, 60, 90, 24 * 60):
            assert utc(midnight(first + timedelta(minutes=minutes))) == first


@pytest.mark.parametrize("end", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_the_ends_of_time_raise_nothing(end: datetime) -> None:
    assert end.replace(tzinfo=HERE).utcoffset() is not None
    assert end.astimezone(HERE) is not None
