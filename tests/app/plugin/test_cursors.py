"""A cursor says where a page ended, and opens nothing."""

import base64
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plugin.cursors import DEEPEST, Cursor, after, first, read
from gum.errors import RequestUnusable
from tests.builders import NOON


def test_pages_follow_each_other_as_of_the_first() -> None:
    page = read(None, NOON)
    assert (page.skip, page.time) == (0, NOON)
    told = after(page, 20, True)
    assert told is not None
    later = read(told, NOON + timedelta(hours=1))
    assert (later.skip, later.time) == (20, NOON)
    assert after(later, 20, False) is None
    assert after(Cursor(DEEPEST, page.at), 20, True) is None


@given(st.text(max_size=60))
def test_whatever_is_sent_is_a_cursor_or_refused(text: str) -> None:
    try:
        cursor = read(text, NOON)
    except RequestUnusable:
        return
    assert 0 <= cursor.skip <= DEEPEST
    assert cursor.time <= NOON


@pytest.mark.parametrize("skip", [-1, DEEPEST + 1, True, 1.5, "1", None])
def test_no_page_lies_elsewhere(skip: object) -> None:
    text = base64.urlsafe_b64encode(json.dumps({"skip": skip, "at": first(NOON).at}).encode()).decode()
    with pytest.raises(RequestUnusable):
        read(text, NOON)


def test_a_page_of_the_future_is_refused() -> None:
    told = after(first(NOON + timedelta(days=1)), 1, True)
    with pytest.raises(RequestUnusable):
        read(told, NOON)
