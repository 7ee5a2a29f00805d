from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants.words import ago, covers, day, days_until, in_markdown, one_line, slug
from tests.builders import NOON


@given(st.text())
def test_one_line_is_one_line_and_stays_so(text: str) -> None:
    flat = one_line(text)
    assert len(flat.splitlines()) <= 1
    assert one_line(flat) == flat


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1))
def test_ordinary_words_stay_exactly_as_they_were(text: str) -> None:
    assert one_line(text) == text


@given(st.text())
def test_nothing_in_a_markdown_item_can_begin_a_link_code_or_html(text: str) -> None:
    shown = in_markdown(text)
    unescaped = shown.replace("\\\\", "")
    for sign in "`[]<>":
        assert unescaped.count(sign) == unescaped.count("\\" + sign)


@given(st.text())
def test_a_slug_is_a_harmless_file_name(text: str) -> None:
    made = slug(text)
    assert made
    assert len(made) <= 40
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not made.startswith("-")


def test_scripts_without_ascii_letters_get_different_names() -> None:
    assert slug("東京出張") != slug("大阪出張")


def test_covers_wants_every_word() -> None:
    assert covers("Grant-Report_final.odt", "grant report") is True
    assert covers("grant.odt", "grant report") is False
    assert covers("anything", "…") is False


def test_days_are_those_of_the_persons_zone() -> None:
    tokyo, late = ZoneInfo("Asia/Tokyo"), datetime(2026, 11, 20, 16, 0, tzinfo=UTC)  # 01:00 on the 21st there
    assert day(late, tokyo) == "Saturday 21 November 2026"
    assert (days_until(late, NOON, tokyo), days_until(late, NOON, UTC)) == (1, 0)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=40), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(days=3), "3 days ago"),
    ],
)
def test_ago_says_it_in_words(age: timedelta, words: str) -> None:
    assert ago(NOON - age, NOON) == words
