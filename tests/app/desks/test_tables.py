"""Checked values out of tables."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.desks import tables
from app.desks.kinds import Takes, rows
from app.desks.places import Malformed

BERLIN = ZoneInfo("Europe/Berlin")


def test_the_nearest_name_is_said_first_and_then_the_others() -> None:
    assert tables.nearest("edtior", ["browser", "editor"]) == (
        'Did you mean "editor"? Expected one of: browser, editor.'
    )
    assert tables.nearest("qqqq", ["browser"]) == "Expected one of: browser."
    assert tables.nearest("x", []) == "Expected none at all."
    many = tables.nearest("step40", [f"step{i}" for i in range(50)])
    assert many.startswith('Did you mean "step40"?')
    assert many.endswith("step29 and 20 more.")


def test_a_time_of_the_zone_and_one_with_an_offset_are_the_same_moment() -> None:
    assert tables.moment(datetime.fromisoformat("2026-07-01T09:00:00"), ("at",), BERLIN) == datetime(
        2026, 7, 1, 7, tzinfo=UTC
    )
    with_offset = datetime.fromisoformat("2026-07-01T09:00:00+02:00")
    assert tables.moment(with_offset, ("at",), BERLIN) == datetime(2026, 7, 1, 7, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_the_first_of_them() -> None:
    found = tables.moment(datetime.fromisoformat("2026-10-25T02:30:00"), ("at",), BERLIN)
    assert found == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_date_is_its_midnight_where_dates_may_be() -> None:
    found = tables.moment(date(2026, 1, 5), ("begins",), BERLIN, dates=True)
    assert found == datetime(2026, 1, 4, 23, tzinfo=UTC)
    with pytest.raises(Malformed, match="is a date"):
        tables.moment(date(2026, 1, 5), ("begins",), BERLIN)


def test_true_is_no_number() -> None:
    with pytest.raises(Malformed, match="is true or false"):
        tables.number(True, ("age",), 0, 100)


def test_a_place_in_a_list_is_said_in_words() -> None:
    with pytest.raises(Malformed, match="number 2 of words is a list"):
        tables.texts(["a", ["b"]], ("words",))


def test_fields_come_in_the_order_of_their_table_and_frozen() -> None:
    takes = {"title": Takes(), "tags": Takes("texts", needed=False), "rows": rows("who", "what?")}
    found = tables.fields({"rows": [{"who": "Ada"}], "title": "x", "tags": ["a"]}, takes, (), "it")
    assert list(found) == ["title", "tags", "rows"]
    assert found["tags"] == ("a",)
    assert found["rows"] == ({"who": "Ada"},)
    assert tables.fields(found, takes, (), "it") == found  # what was read can be read again


def test_what_may_be_left_out_may_be_empty_and_nothing_else() -> None:
    takes = {"title": Takes(), "output": Takes(needed=False), "rows": rows("who", "what?")}
    row = {"who": "Ada", "what": ""}
    assert tables.fields({"title": "x", "output": "", "rows": [row]}, takes, (), "it")["output"] == ""
    with pytest.raises(Malformed, match="title is empty"):
        tables.fields({"title": "", "rows": []}, takes, (), "it")
    with pytest.raises(Malformed, match="who is empty"):
        tables.fields({"title": "x", "rows": [{"who": " "}]}, takes, (), "it")


def test_what_is_missing_is_said_with_what_it_would_be() -> None:
    with pytest.raises(Malformed, match='it has no "rows"') as caught:
        tables.fields({}, {"rows": rows("who", "what?")}, (), "it")
    assert caught.value.expected == 'Expected "rows": a list of tables with who and, if you like, what.'
