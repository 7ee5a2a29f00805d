"""Runs of words: case, accents and punctuation do not count, and scripts without spaces have no word ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desks.match import fold, marked, occurs, run

word = st.text(st.sampled_from("abcdeéöœß京都かがー9+#"), min_size=1, max_size=6)
sentence = st.lists(word, min_size=1, max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("fish-ladder.tex", "Works on Fish-Ladder.tex"),
        ("fish ladder", "the (fish, ladder)"),
        ("Lubeck", "Fährt nach LÜBECK."),
        ("Strasse", "Müllerstraße 5, Straße"),
        ("Łódź", "plans to go to lodz"),
        ("œuvre", "une oeuvre"),
        ("Pêche", "la PÊCHE"),
        ("C++", "is learning C++"),
        ("松本", "松本に行く"),
        ("マルコ・ポーロ", "「マルコポーロ」を読む"),
        ("マルコポーロ", "マルコ・ポーロを読む"),
        ("松本 さん", "松本さんと話す"),
        ("Python", "Pythonを学んでいる"),
        ("3月2日", "2026年3月2日まで"),
        ("5 March", "due on 5. March"),
        ("Smith, Anna", "mail from Smith, Anna"),
    ],
)
def test_a_run_is_found(words: str, text: str) -> None:
    assert occurs(words, text)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("fish ladder", "fish and ladder"),
        ("cat", "category"),
        ("C", "is learning C++"),
        ("3月2日", "13月2日"),  # a number is a word, even beside letters without spaces
        ("3月2日", "3月21日"),
        ("かき", "がき"),  # the voicing mark makes another letter
        ("Python", "MicroPythonを学ぶ"),
        ("", "anything"),
        ("…", "and so on …"),
    ],
)
def test_what_is_no_run_is_not_found(words: str, text: str) -> None:
    assert not occurs(words, text)


def test_of_punctuation_only_commas_and_ends_of_sentences_stay() -> None:
    assert marked("He said: “Fish-ladder.tex, v1.2!” Then (late) left") == (
        "he said , fish ladder tex , v1 2 \n then , late , left"
    )
    assert marked("not with Prof. Lind or Dr. May on 5. März 3.11") == (
        "not with prof lind or dr may on 5 marz 3 11"
    )
    assert marked("松本へ行く。泊まる") == "松本へ行く \n 泊まる"


@given(sentence)
def test_every_text_stands_in_itself_whatever_its_case(text: str) -> None:
    assert occurs(text, text.upper())
    assert occurs(text, f"before, {text}. after")


@given(sentence)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_looked_for_in_any_other(words: str, text: str) -> None:
    run(words).search(marked(text))
