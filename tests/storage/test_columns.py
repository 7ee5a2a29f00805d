from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.columns import micros, moment, pack, storable, unpack

TIMES = st.datetimes(timezones=st.timezones() | st.just(UTC), allow_imaginary=False)


@given(TIMES)
def test_a_time_comes_back_exactly(at: datetime) -> None:
    assert moment(micros(at)) == at.astimezone(UTC)  # times in a clock change equal nothing in another zone


@given(st.datetimes())
def test_a_naive_time_is_refused(at: datetime) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        micros(at)


@given(TIMES, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_order_is_kept(at: datetime, later: timedelta) -> None:
    at = min(at.astimezone(UTC), datetime(9000, 1, 1, tzinfo=UTC))
    assert (micros(at + later) > micros(at)) == (later > timedelta(0))


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), max_size=50).map(tuple))
def test_a_float32_vector_comes_back_exactly(vector: tuple[float, ...]) -> None:
    assert unpack(pack(vector)) == vector


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not finite"):
        pack((1.0, number))


@given(st.text(st.characters(codec=None)))
def test_any_screen_text_can_be_stored_and_ordinary_text_is_not_changed(text: str) -> None:
    kept = storable(text)
    kept.encode("utf-8")
    assert "\0" not in kept
    if not any(c == "\0" or 0xD800 <= ord(c) <= 0xDFFF for c in text):
        assert kept == text
