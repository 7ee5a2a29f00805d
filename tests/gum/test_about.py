import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.about import About, private_matters, sentences, suspicious
from gum.sensitive import Kind
from gum.types import Trust


@pytest.mark.parametrize(
    ("text", "kind", "whose"),
    [
        ("I think Anna is depressed", Kind.MOOD, About.OTHER),
        ("She thinks I am incompetent", Kind.ABILITY, About.OWN),
        ("My mother asked about my pregnancy", Kind.HEALTH, About.OWN),
        ("the cancer of my mother", Kind.HEALTH, About.OTHER),
        ("Dear Anna, I have depression", Kind.MOOD, About.OWN),
        ("Krebs ist heilbar", Kind.HEALTH, About.OWN),
        ("Die Therapie ist teuer", Kind.HEALTH, About.OWN),
        ("Pregnancy test kit, bought together with vitamins for my sister", Kind.HEALTH, About.UNCLEAR),
        ("妹の妊娠", Kind.HEALTH, About.OTHER),
        ("私の妊娠", Kind.HEALTH, About.OWN),
    ],
)
def test_a_matter_is_of_whoever_is_named_last_before_it(text: str, kind: Kind, whose: About) -> None:
    assert (kind, whose) in private_matters(text)


def test_in_received_text_i_is_the_sender_and_you_the_person() -> None:
    assert private_matters("I have depression", (), Trust.RECEIVED) == [(Kind.MOOD, About.OTHER)]
    assert private_matters("your depression", (), Trust.RECEIVED) == [(Kind.MOOD, About.OWN)]


def test_a_known_name_needs_no_capital() -> None:
    assert private_matters("lunch with anna berg, depression talk") == [(Kind.MOOD, About.OWN)]
    assert private_matters("lunch with anna berg, depression talk", ["anna berg"]) == [
        (Kind.MOOD, About.OTHER)
    ]


def test_a_name_that_is_a_word_counts_with_a_capital() -> None:
    assert private_matters("I may be pregnant", ["may"]) == [(Kind.HEALTH, About.OWN)]
    assert private_matters("I hear May is pregnant", ["may"]) == [(Kind.HEALTH, About.OTHER)]


def test_a_harsh_word_is_a_private_matter_only_of_somebody_else() -> None:
    assert private_matters("I am lazy on Sundays") == []
    assert private_matters("He is lazy") == [(Kind.ABILITY, About.OTHER)]


def test_sentences_end_where_they_end() -> None:
    assert sentences("One. Two\nThree\ngoes on. 四。五") == ["One.", "Two", "Three\ngoes on.", "四", "五"]


@given(st.text(max_size=200), st.sampled_from(list(Trust)))
def test_what_is_not_suspicious_holds_nothing(text: str, trust: Trust) -> None:
    if not suspicious(text):
        assert private_matters(text, (), trust) == []
