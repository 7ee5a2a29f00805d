from datetime import date, datetime, timedelta

import pytest
from dateutil import rrule
from hypothesis import given
from hypothesis import strategies as st

from observers.recurrence import LONGEST, Nth, Rule, counted_out, days, parse

FIRST = date(2026, 9, 7)  # a Monday


def told(text: str, first: date = FIRST, since: date | None = None, weeks: int = 6) -> list[str]:
    rule = parse(text)
    assert rule is not None
    counted, _ = counted_out(rule, first)
    assert counted is not None
    begin = since or first
    return [day.strftime("%m-%d") for day in days(counted, first, begin, begin + timedelta(weeks=weeks))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=DAILY;INTERVAL=10", ["09-07", "09-17", "09-27", "10-07", "10-17"]),
        ("FREQ=WEEKLY;COUNT=3", ["09-07", "09-14", "09-21"]),
        ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4", ["09-07", "09-09", "09-14", "09-16"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU", ["09-07", "09-20", "10-04", "10-18"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=MO", ["09-07", "09-13", "09-27", "10-11"]),
        ("FREQ=MONTHLY;BYDAY=2TU", ["09-07", "09-08", "10-13"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["09-07", "09-25"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["09-07", "09-30"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["09-07", "09-30"]),
        ("freq=daily;count=2;", ["09-07", "09-08"]),
    ],
)
def test_rules_as_calendars_write_them(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_a_birthday_on_the_29th_of_february_is_one_in_leap_years() -> None:
    rule = parse("FREQ=YEARLY")
    assert rule is not None
    found = days(rule, date(2024, 2, 29), date(2024, 1, 1), date(2033, 1, 1))
    assert [day.year for day in found] == [2024, 2028, 2032]


def test_thanksgiving_is_a_thursday_of_its_month_and_not_of_its_year() -> None:
    assert told("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", date(2025, 11, 27), date(2026, 11, 1)) == ["11-26"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FREQ=SECONDLY",
        "FREQ=HOURLY;INTERVAL=2",
        "FREQ=DAILY;BYHOUR=9,10",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=many",
        "FREQ=MONTHLY;BYDAY=XX",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYSETPOS=0",
        "FREQ=FORTNIGHTLY",
        "INTERVAL=2",
        "FREQ=DAILY;X-OWN=1",
        "FREQ=DAILY;INTERVAL=" + "9" * 5000,
    ],
)
def test_what_is_broken_or_goes_by_the_hour_is_no_rule(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1000000",
        "FREQ=YEARLY;BYYEARDAY=366;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366;COUNT=3",
        "FREQ=DAILY;COUNT=999999999",
        "FREQ=DAILY;INTERVAL=999999999",
    ],
)
def test_mean_rules_look_at_no_more_days_than_any_other(text: str) -> None:
    rule = parse(text)
    assert rule is not None
    _, looked = counted_out(rule, FIRST)
    assert looked <= LONGEST
    assert len(days(replace_count(rule), FIRST, date(2026, 11, 1), date(2026, 11, 15))) <= 15


def replace_count(rule: Rule) -> Rule:
    counted, _ = counted_out(rule, FIRST)
    assert counted is not None
    return counted


def test_counting_stops_where_it_may_not_go_on() -> None:
    rule = parse("FREQ=YEARLY;COUNT=5")
    assert rule is not None
    assert counted_out(rule, FIRST, 100) == (None, 100)


def test_the_ends_of_time_are_no_ends_of_the_program() -> None:
    rule = parse("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=1;WKST=WE")
    assert rule is not None
    assert days(rule, date.min, date.min, date.min + timedelta(days=9))[0] == date.min
    assert days(rule, date.max, date.max, date.max) == [date.max]


_FREQ = {"DAILY": rrule.DAILY, "WEEKLY": rrule.WEEKLY, "MONTHLY": rrule.MONTHLY, "YEARLY": rrule.YEARLY}
_DAYS = st.one_of(st.integers(1, 28), st.integers(-28, -1))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    every = draw(st.sampled_from(sorted(_FREQ)))
    nths = (
        st.just(0) if every in ("DAILY", "WEEKLY") or draw(st.booleans()) else st.sampled_from([1, 2, 4, -1])
    )
    weekdays = draw(st.lists(st.builds(Nth, nths, st.integers(0, 6)), max_size=3, unique=True))
    return Rule(
        every=every,
        interval=draw(st.integers(1, 5)),
        months=tuple(draw(st.lists(st.integers(1, 12), max_size=4, unique=True))),
        month_days=()
        if weekdays or every == "WEEKLY"
        else tuple(draw(st.lists(_DAYS, max_size=3, unique=True))),
        weekdays=tuple(weekdays),
        # dateutil lets the first week begin with the first day.
        positions=() if every == "WEEKLY" else tuple(draw(st.lists(st.sampled_from([1, -1]), max_size=1))),
        week_start=draw(st.integers(0, 6)),
    )


@given(rules(), st.dates(date(2015, 1, 1), date(2026, 12, 31)), st.integers(0, 900))
def test_it_agrees_with_a_library_that_counts_off_from_the_first_day(
    rule: Rule, first: date, skip: int
) -> None:
    since = first + timedelta(days=skip)
    until = since + timedelta(days=60)
    theirs = rrule.rrule(
        _FREQ[rule.every],
        dtstart=datetime.combine(first, datetime.min.time()),
        interval=rule.interval,
        until=datetime.combine(until, datetime.min.time()),
        bymonth=rule.months or None,
        bymonthday=rule.month_days or None,
        byweekday=[rrule.weekday(n.weekday, n.nth or None) for n in rule.weekdays] or None,
        bysetpos=rule.positions or None,
        wkst=rule.week_start,
    )
    expected = {day.date() for day in theirs if day.date() >= since}
    # What is first is one, whether or not the rule says so: there dateutil has its own mind.
    assert set(days(rule, first, since, until)) - {first} == expected - {first}


@given(rules(), st.integers(1, 20))
def test_counting_comes_to_the_day_of_the_last_time(rule: Rule, count: int) -> None:
    whole = days(rule, FIRST, FIRST, FIRST + timedelta(days=LONGEST - 1))
    counted, _ = counted_out(Rule(rule.every, rule.interval, count, **_parts(rule)), FIRST)
    assert counted is not None
    assert days(counted, FIRST, FIRST, FIRST + timedelta(days=LONGEST - 1)) == whole[:count]


def _parts(rule: Rule) -> dict[str, object]:
    names = ("until", "months", "month_days", "year_days", "weekdays", "positions", "week_start")
    return {name: getattr(rule, name) for name in names}


def test_a_rule_that_names_more_weekdays_than_anybody_needs_is_none() -> None:
    named = [f"{n}MO" for n in range(1, 54)]
    assert parse(f"FREQ=YEARLY;BYDAY={','.join(named)}") is not None
    assert parse(f"FREQ=YEARLY;BYDAY={','.join(named * 2)}") is None
