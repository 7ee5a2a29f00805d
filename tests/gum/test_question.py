import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.question import Question, coverage, named, question, rarity, telling
from gum.text import fold, normal

words = st.text(alphabet="abcdefghijklmnopéñ", min_size=1, max_size=8)
rarities = st.dictionaries(words, st.floats(0, 20), max_size=6)


def asked(text: str, **weights: float) -> Question:
    return question(text, weights or dict.fromkeys(text.split(), 1.0))


def test_diacritics_and_case_do_not_matter_to_a_search() -> None:
    assert fold("Résumé, ÉTÉ!") == "resume ete"
    assert coverage(asked("resume"), fold("Is updating their Résumé")) == 1.0


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("what does the user know of zebras", ["know", "zebras"]),
        ("Was weiß sie über Zürich", ["weiß", "Zürich"]),
        ("quand est la réunion", ["réunion"]),
        ("¿dónde está qué", ["¿dónde", "está", "qué"]),  # nothing else is left
        ("what's due", ["due"]),
        ("C", ["C"]),
        ("", []),
    ],
)
def test_words_that_only_hold_a_sentence_together_are_left_out(sentence: str, left: list[str]) -> None:
    assert telling(sentence.split()) == left


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_rarer_words_tell_more(total: int, one: int, other: int) -> None:
    few, many = sorted((min(one, total), min(other, total)))
    assert rarity(total, few) >= rarity(total, many) > 0


@given(rarities)
def test_weights_are_shares(weights: dict[str, float]) -> None:
    made = question(" ".join(weights), weights)
    assert all(term.weight >= 0 for term in made.terms)
    if made.terms:
        assert sum(term.weight for term in made.terms) == pytest.approx(1.0)
    assert {term.text for term in made.terms} == {fold(w) for w in weights} - {""}


@given(rarities, st.lists(words, max_size=8))
def test_a_text_with_more_words_covers_no_less(weights: dict[str, float], said: list[str]) -> None:
    made = question(" ".join(weights), weights)
    parts = [coverage(made, fold(" ".join(said[:n]))) for n in range(len(said) + 1)]
    assert parts == sorted(parts)
    assert all(0.0 <= part <= 1.0 for part in parts)
    if made.terms:
        assert coverage(made, fold(" ".join([*said, *weights]))) == pytest.approx(1.0)


def test_one_rare_word_covers_more_than_two_common_ones() -> None:
    made = asked("zebra report week", zebra=5.0, report=1.0, week=1.0)
    assert coverage(made, "reads about zebras") > 0.7 > 0.3 > coverage(made, "the report of the week")


@pytest.mark.parametrize(
    ("term", "text", "part"),
    [
        ("deadline", "two deadlines", 1.0),
        ("go", "go", 1.0),
        ("go", "goes", 0.0),  # too short to be a beginning
        ("phone", "an iphone", 0.5),
        ("chapter3.md", "works on chapter3 md", 1.0),
        ("旅行", "東京旅行計画", 1.0),
        ("旅行中", "東京旅行計画", 0.5),  # one of two pairs
    ],
)
def test_how_much_of_a_text_a_term_covers(term: str, text: str, part: float) -> None:
    assert coverage(asked(term), text) == part


def test_a_name_counts_when_it_stands_there_whole() -> None:
    made = asked("when does Anna Meyer call", Anna=1.0, Meyer=1.0, call=2.0)
    assert named(made, ["Anna Meyer", "the budget"]) == 0.5
    assert named(made, ["Anna Meyer-Schulz"]) == 0.0
    assert named(made, ["Anna Meyer", "call"]) == 1.0
    assert named(made, []) == 0.0
    assert named(asked("東京旅行計画"), ["東京旅行"]) > 0.5


@given(st.text(max_size=30), st.text(max_size=30))
def test_anything_can_be_asked_of_anything(query: str, text: str) -> None:
    made = question(query, dict.fromkeys(query.split(), 1.0))
    assert 0.0 <= coverage(made, fold(text)) <= 1.0
    assert 0.0 <= named(made, [text, query]) <= 1.0
    assert made.plain == normal(query)
