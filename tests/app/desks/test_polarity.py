"""Denials: which clause they stand in, in nine languages, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desks.match import occurs
from app.desks.polarity import clauses, denies, languages_of, negative

DENIED = [
    ("en", "Does not use Vim", "vim"),
    ("en", "Doesn't use Vim", "vim"),
    ("en", "It is not true that the user uses vim", "vim"),
    ("en", "Does not use emacs, nano or vim", "vim"),
    ("en", "Uses emacs, not vim", "vim"),
    ("en", "Prefers emacs over vim", "vim"),
    ("en", "Uses emacs rather than vim", "vim"),
    ("en", "Has no interest in vim", "vim"),
    ("en", "Robin is no longer using vim. They now use emacs.", "vim"),
    ("de", "Benutzt Vim nicht mehr", "vim"),
    ("de", "Hat keine Lust auf Vim", "vim"),
    ("fr", "N’utilise plus Vim", "vim"),
    ("fr", "Ne veut pas utiliser Vim", "vim"),
    ("es", "Ya no usa Vim", "vim"),
    ("pt", "Não usa Vim", "vim"),
    ("it", "Non usa più Vim", "vim"),
    ("nl", "Gebruikt vim niet meer", "vim"),
    ("ja", "松本には行かない", "松本"),
    ("ja", "松本に行くのをやめた", "松本"),
    ("ja", "vim、emacsを使わない", "vim"),
    ("ja", "コーヒーではなく紅茶が好き", "コーヒー"),
    ("ja", "コーヒーより紅茶が好き", "コーヒー"),
    ("zh", "不去北京", "北京"),
]
AFFIRMED = [
    ("en", "Uses vim, not emacs", "vim"),
    ("en", "Prefers vim over emacs", "vim"),
    ("en", "Uses vim rather than emacs", "vim"),
    ("en", "Uses not only vim but emacs", "vim"),
    ("en", "Works on the paper, but has not finished the introduction", "paper"),
    ("en", "Works on the paper and does not like cats", "paper"),
    ("en", "Works on the paper without Anna", "paper"),
    ("en", "Robin is no longer using vim. They now use emacs.", "emacs"),
    ("de", "Benutzt nicht nur Vim", "vim"),
    ("de", "Benutzt nicht Emacs, sondern Vim", "vim"),
    ("fr", "Utilise Vim de plus en plus", "vim"),
    ("fr", "Apprend Vim pas à pas", "vim"),
    ("es", "Usa no solo Vim", "vim"),
    ("pt", "Trabalha no projeto", "projeto"),  # Portuguese "no" is "in the"
    ("ja", "松本に行くかもしれない", "松本"),
    ("ja", "レポートを出さなければならない", "レポート"),
    ("ja", "コーヒーが好きで、紅茶は飲まない", "コーヒー"),
    ("ja", "コーヒーではなく紅茶が好き", "紅茶"),
]


@pytest.mark.parametrize(("language", "text", "about"), DENIED)
def test_a_denial_is_one(language: str, text: str, about: str) -> None:
    assert negative(text, about, languages_of([language]))


@pytest.mark.parametrize(("language", "text", "about"), AFFIRMED)
def test_an_affirmation_is_none(language: str, text: str, about: str) -> None:
    assert not negative(text, about, languages_of([language]))


def test_words_of_a_title_deny_nothing() -> None:
    title = "Never Gonna Give You Up"
    assert not negative(f"Is interested in {title}", "never gonna", ("en",), [title])
    assert negative(f"Is not interested in {title}", "never gonna", ("en",), [title])
    assert not negative("Works on Ready, not Set", "ready not set", ("en",))
    assert not negative("Works on notes in Not Today", "notes", ("en",), ["Not Today"])


def test_of_a_fact_that_is_a_denial_its_own_words_count() -> None:
    assert negative("Takes no sugar", "no sugar", ("en",), transparent=True) is False  # "no" alone is no cue
    assert negative("Wants tea with no sugar", "with no sugar", ("en",), transparent=True)
    assert not negative("Wants tea with no sugar", "with no sugar", ("en",))


def test_one_clause_that_affirms_is_enough() -> None:
    assert not negative("Uses vim. Does not use vim for mail.", "vim", ("en",))


def test_what_stands_nowhere_is_judged_by_the_whole_text() -> None:
    assert negative("Does not use it", "vim", ("en",))
    assert not negative("Uses it; does not like it", "vim", ("en",))
    assert not negative("", "vim", ("en",))


def test_languages_are_those_of_the_interface_and_english() -> None:
    assert languages_of(["de-AT", "xx"]) == ("de", "en")
    assert languages_of([]) == ("en",)


def test_clauses_end_at_sentences_contrasts_and_denials() -> None:
    told = "uses vim , not emacs \n writes a talk but reads , rests and walks"
    assert clauses(told, ("en",)) == ["uses vim", "not emacs", "writes a talk", "but reads rests and walks"]


@given(st.text(max_size=60), st.sampled_from(["en", "de", "fr", "es", "pt", "it", "nl", "ja", "zh"]))
def test_any_text_can_be_read_in_any_language(text: str, language: str) -> None:
    negative(text, text[:5], languages_of([language]), [text[3:9]])


@pytest.mark.parametrize(
    ("language", "denied", "affirmed"),
    [
        ("en", "Has no trouble with the mod", "The mod does not load"),
        ("de", "Kämpft nicht mehr mit der Stimme", "Kämpft mit einer Stimme, die LilyPond nicht setzen will"),
        ("fr", "N'a plus de mal avec le publipostage", "N'arrive pas à faire le publipostage"),
        ("es", "Ya no tiene problemas con las comas", "No consigue leer las comas"),
        ("pt", "Não tem problemas com o teste", "O teste não passa"),
        ("it", "Non ha problemi con il test", "Il test non passa"),
        ("nl", "Heeft geen problemen met de test", "De test slaagt niet"),
        ("ja", "テストに困っていない", "テストが通らない"),
        ("zh", "测试的问题已解决", "测试不通过"),
    ],
)
def test_of_trouble_only_its_absence_is_a_denial(language: str, denied: str, affirmed: str) -> None:
    spoken = languages_of([language])
    for text, is_denied in ((denied, True), (affirmed, False)):
        about = next(
            word
            for word in ("mod", "stimme", "publipostage", "comas", "teste", "test", "テスト", "测试")
            if occurs(word, text)
        )
        assert negative(text, about, spoken, trouble=True) is is_denied


@given(st.sampled_from(AFFIRMED))
def test_it_is_not_true_that_turns_every_english_affirmation_of_one_clause(
    case: tuple[str, str, str],
) -> None:
    language, text, _ = case
    if language == "en" and len(clauses(text.lower(), ("en",))) == 1:
        assert denies(f"it is not true that the user {text.lower()}", ("en",))
