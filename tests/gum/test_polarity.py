import pytest

from gum.polarity import FORWARD, turning


@pytest.mark.parametrize("word", ["no", "not", "kein", "ohne", "pas", "sin", "não", "senza", "niet", "bez"])
def test_denying_words_of_several_languages_turn_a_thing_round(word: str) -> None:
    assert turning(["sugar", word, "tea"]) == {word}


def test_other_words_do_not() -> None:
    assert turning(["note", "knot", "nothing-box", "tea"]) == frozenset()


def test_what_speaks_of_what_follows_turns_too() -> None:
    assert turning(FORWARD) == FORWARD
    assert "free" not in FORWARD  # "gluten free" is no gluten
