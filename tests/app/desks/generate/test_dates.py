from datetime import date, datetime
from random import Random

import pytest

from app.desks.generate import dates, stocks
from app.desks.generate.parts import Country
from app.desks.match import occurs

FRIDAY = date(2026, 3, 13)


def country(code: str) -> Country:
    return next(one for one in stocks.countries() if one.code == code)


def written(code: str, day: date, today: date, tries: int = 200) -> list[dates.Written]:
    where = country(code)
    return [dates.write(Random(n), day, today, where.language, where) for n in range(tries)]


@pytest.mark.parametrize("code", ["GB", "US", "DE", "FR", "ES", "JP"])
def test_a_day_is_put_in_many_ways_each_of_which_is_a_reading(code: str) -> None:
    found = written(code, FRIDAY, date(2026, 2, 20))
    assert len({one.bare for one in found}) >= 5
    for one in found:
        assert one.readings[0] == one.bare
        assert one.bare in one.said
        assert "2026-03-13" in one.readings
        assert any(occurs(reading, "has a deadline: report (13 March 2026)") for reading in one.readings)


def test_weekdays_alone_only_where_they_are_clear() -> None:
    assert "Friday" in {one.bare for one in written("GB", FRIDAY, date(2026, 3, 9))}
    assert "Friday" not in {one.bare for one in written("GB", FRIDAY, date(2026, 3, 2))}
    for one in written("GB", FRIDAY, date(2026, 3, 2)):
        assert "Friday" not in one.readings


def test_tomorrow_only_the_day_before() -> None:
    assert "tomorrow" in {one.bare for one in written("GB", FRIDAY, date(2026, 3, 12))}
    assert "tomorrow" not in {one.bare for one in written("GB", FRIDAY, date(2026, 3, 11))}


def test_numbers_are_in_the_order_of_the_country() -> None:
    assert "3/13/2026" in {one.bare for one in written("US", FRIDAY, date(2026, 2, 1))}
    assert "13/03/2026" in {one.bare for one in written("GB", FRIDAY, date(2026, 2, 1))}
    assert "3/13" in dates.readings(FRIDAY, "en", country("US"))
    assert "3/13" not in dates.readings(FRIDAY, "en", country("GB"))


def test_another_day_is_not_a_reading() -> None:
    for code in ("GB", "US", "DE", "FR", "ES", "JP"):
        where = country(code)
        here = dates.readings(FRIDAY, where.language, where)
        other = dates.readings(date(2026, 4, 14), where.language, where)
        assert not set(here) & set(other)


def test_in_a_sentence_french_and_spanish_take_an_article() -> None:
    assert all(one.said.startswith(("le ", "vendredi")) for one in written("FR", FRIDAY, date(2026, 3, 9)))
    assert all(one.said.startswith("el ") for one in written("ES", FRIDAY, date(2026, 3, 2)))
    assert {"the 13th of March"} <= {one.said for one in written("GB", FRIDAY, date(2026, 3, 2))}


@pytest.mark.parametrize(("day", "shown"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (22, "22nd")])
def test_ordinals(day: int, shown: str) -> None:
    assert dates.put("{nth}", date(2026, 5, day), "en") == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [("GB", "£34.90"), ("DE", "34,90 €"), ("JP", "4,890円"), ("AR", "$34.900"), ("IN", "₹3,140")],
)
def test_prices_are_of_the_country(code: str, shown: str) -> None:
    assert dates.price("34.90", country(code)) == shown


def test_yen_of_the_stocks_stay() -> None:
    assert dates.price("4980", country("JP")) == "4,980円"
    assert dates.total(["4980", "20"]) == "5000"
    assert dates.total(["1.50", "2.25"]) == "3.75"


def test_stamps() -> None:
    at = datetime(2026, 3, 13, 9, 5)  # noqa: DTZ001 a wall clock
    assert dates.stamp(at, "en") == "Fri 13 Mar 2026 09:05"
    assert dates.stamp(at, "ja") == "2026年3月13日(金) 09:05"
    assert dates.short(FRIDAY, "de") == "13.03."
