import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.text import PIECES, fold, pieces
from gum.topic import says


@pytest.mark.parametrize(
    ("typed", "text", "holds"),
    [
        ("opera tickets", "Tickets for the opera", True),
        ("opera tickets", "the opera", False),
        ("cafe", "Le Café de Flore", True),
        ("CAFÉ", "cafeteria", True),  # the beginning of a longer word
        ("tax", "taxi", False),  # too short for a beginning
        ("tax", "the tax-form", True),
        ("form", "platform", False),
        ("chapter3.md", "open: chapter3.md - Mousepad", True),
        ("chapter3.md", "chapter3, md", True),  # as the full-text index has it
        ("東京", "来月東京都へ行く", True),
        ("東京", "京東", False),
        ("tax\0form", "tax form", True),
        (" ,; ", "anything", False),
    ],
)
def test_all_the_words_must_stand_there(typed: str, text: str, holds: bool) -> None:
    assert says(pieces(typed), text) is holds


def test_a_topic_has_a_bounded_number_of_words_each_once() -> None:
    assert pieces("one two, one; (two)") == ["one", "two"]
    assert len(pieces(" ".join(f"word{n}" for n in range(99)))) == PIECES


@given(st.lists(st.text("abcdeéßñ1", min_size=1, max_size=8), min_size=1, max_size=5))
def test_a_text_says_all_of_its_own_words_in_any_order_and_case(words: list[str]) -> None:
    text = " ".join(words)
    assert says(pieces(" ".join(reversed(words)).upper()), text)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
