from hypothesis import given
from hypothesis import strategies as st

from gum.text import MAX_LINE, broken, clean, lines, normal, occurs, overlap, phrases, tidy, words

ANYTHING = st.text(alphabet=st.characters())  # surrogates included


@given(ANYTHING)
def test_the_normal_form_is_a_fixed_point(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@given(ANYTHING)
def test_a_tidied_slot_still_occurs_where_it_was_cut(text: str) -> None:
    slot = tidy(text)
    assert not normal(slot) or occurs(slot, text)


@given(st.text(st.characters(codec="ascii")))
def test_plain_texts_have_the_same_normal_form_by_the_short_way(text: str) -> None:
    beyond_ascii = normal(text + " é")
    assert normal(text) == beyond_ascii.removesuffix("é").strip()


@given(ANYTHING)
def test_nothing_unprintable_survives_cleaning(text: str) -> None:
    assert all(c == "\n" or c.isprintable() or c == " " for c in clean(text))
    clean(text).encode()  # no surrogates


def test_diacritics_and_plus_signs_tell_words_apart_but_case_and_dashes_do_not() -> None:
    assert normal("Pêche") != normal("péché")
    assert normal("C++") != normal("C") != normal("C#")
    assert normal("Main_v2 – Draft") == normal("main v2 - draft")


def test_a_part_of_a_word_does_not_occur() -> None:
    assert occurs("art", "the art of it")
    assert not occurs("art", "a start")
    assert occurs("报告", "提交报告吧")
    assert not occurs("…", "a … b")


def test_lines_are_bounded_however_large_the_text() -> None:
    huge = "x" * 10_000_000 + "\nshort"
    assert lines(huge) == []
    assert lines("\n  a  \n\n" + "y" * (MAX_LINE + 1) + "\nb") == ["a", "b"]


def test_overlap_counts_shared_words_and_pairs_of_unspaced_signs() -> None:
    assert overlap("git rebase conflict", "rebase conflict") == 2 / 3
    assert overlap("机器学习教程", "机器学习入门") > 0.3
    assert overlap("", "x") == 0.0
    assert words("Über-Mut") == ("über", "mut")


def test_a_pattern_list_joins_lines_and_continues_after_a_backslash() -> None:
    pattern = phrases("\n  ab\n  cd\\\n   ef\n")
    assert pattern.pattern == "ab|cdef"


def test_a_long_line_is_broken_at_its_sentences_and_a_short_one_is_not() -> None:
    short, long = "One. Two.", "A sentence of some words. " * 30 + "很长的句子。" * 10
    assert broken(f"{short}\n{long}").split("\n")[0] == short
    assert max(map(len, broken(long).split("\n"))) < 60
    assert "".join(broken(long).split()) == "".join(long.split())


@given(ANYTHING)
def test_breaking_changes_nothing_but_spaces(text: str) -> None:
    assert "".join(broken(text * 50).split()) == "".join((text * 50).split())
