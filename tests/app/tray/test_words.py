from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tray import words


@given(st.floats(0, 1))
def test_confidence_is_said_in_words_and_per_cent(confidence: float) -> None:
    said = words.sure(confidence)
    assert said.endswith(f", {round(confidence * 100)} %")
    assert said[0].isalpha()


@given(st.floats(-5, 1e9, allow_nan=False))
def test_an_age_has_one_number_and_one_unit(seconds: float) -> None:
    said = words.ago(seconds)
    assert said == "just now" or said.split()[0].isdigit()


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "just now"), (12, "12 s ago"), (180, "3 min ago"), (7200, "2 h ago"), (3e5, "3 days ago")],
)
def test_ages(seconds: float, said: str) -> None:
    assert words.ago(seconds) == said


def test_nothing_stored_is_said_so() -> None:
    assert words.last_stored(None) == "nothing stored yet"
    assert words.last_stored(12) == "last stored 12 s ago"


def test_moments_are_near_in_words_and_far_in_dates() -> None:
    now = datetime(2026, 11, 22, 12, 0).astimezone().astimezone(UTC)
    assert words.moment(now, now).startswith("today ")
    assert words.moment(now - timedelta(days=1), now).startswith("yesterday ")
    assert words.moment(now - timedelta(days=10), now).startswith("12 Nov ")
    assert words.moment(now - timedelta(days=400), now).endswith("2025")
    assert words.moment(None) == "never"


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 bytes"), (999, "999 bytes"), (6900, "6.9 kB"), (365_400, "365 kB"), (3_140_000, "3.1 MB"),
     (200_000_000, "200 MB"), (12_300_000_000, "12.3 GB")],
)  # fmt: skip
def test_bytes_are_said_in_a_unit_with_as_many_digits_as_matter(count: int, said: str) -> None:
    assert words.size(count) == said


@given(st.text())
def test_nothing_invisible_is_left_in_visible_text(text: str) -> None:
    shown = words.visible(text)
    assert not any(ch in shown for ch in "\u202e\u202d\u2066\u2067\u200b\u200f\x00\x1b")
    assert words.visible(shown) == shown


def test_an_address_that_reads_backwards_is_unmasked() -> None:
    assert words.visible("https://a.example/\u202egpj.exe") == "https://a.example/⟨U+202E⟩gpj.exe"


def test_persian_joiners_line_breaks_and_emoji_stay_as_they_are() -> None:
    assert words.visible("می\u200cخواهم\n👩\u200d👧") == "می\u200cخواهم\n👩\u200d👧"


def test_a_tooltip_shows_html_as_text() -> None:
    assert words.tip("<b>a</b>\nb & c") == "<qt>&lt;b&gt;a&lt;/b&gt;<br/>b &amp; c</qt>"


@given(st.text(min_size=1), st.text(), st.text())
def test_a_quote_is_found_where_it_stands_in_utf16_units(quote: str, before: str, after: str) -> None:
    text = before + quote + after
    found = words.span(text, quote)
    if not quote.strip():
        assert found is None
        return
    assert found is not None
    data = text.encode("utf-16-le", "surrogatepass")[2 * found[0] : 2 * found[1]]
    assert data.decode("utf-16-le", "surrogatepass") == quote


def test_a_quote_joined_over_a_line_break_is_found() -> None:
    found = words.span("😀 take the night\n  train again", "night train")
    assert found == (12, 25)
    assert words.span("something else", "night train") is None


def test_half_lives_that_are_no_span_of_time_stay_as_they_are() -> None:
    assert words.fades("about 2 weeks") == "fades by half in about 2 weeks"
    assert words.fades("until it has passed") == "until it has passed"
