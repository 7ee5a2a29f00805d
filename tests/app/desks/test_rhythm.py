"""Speeds stay human, texts come out right, and the same name gives the same times."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desks.rhythm import (
    FASTEST,
    LONGEST_READ_S,
    READS_FASTEST,
    READS_SLOWEST,
    SELECT_OVER,
    SLOWEST,
    Change,
    Rhythm,
    composed,
    words_in,
)

LETTER = (
    "Dear Maria, the gauge at the weir has been wrong since Tuesday. I took it out this morning and found "
    "sand in it. Could you send the spare one? Without it the paper has a hole in March.\n\nRobin"
)


def spent(changes: list[Change]) -> float:
    return sum(change.after for change in changes)


@pytest.mark.parametrize("seed", range(40))
def test_speeds_are_those_of_people(seed: int) -> None:
    rhythm = Rhythm(f"desk {seed}", age=25 + seed)
    assert SLOWEST <= rhythm.types <= FASTEST
    assert READS_SLOWEST <= rhythm.reads <= READS_FASTEST
    changes = list(rhythm.typed("", LETTER))
    minutes = spent(changes) / 60
    # Composing is slower than copying: nobody writes a letter at the speed of their fingers.
    assert SLOWEST / 6 < len(LETTER) / 5 / minutes < FASTEST
    assert all(change.after >= 0 for change in changes)


def test_people_differ_and_a_person_does_not() -> None:
    speeds = {Rhythm(f"desk {seed}").types for seed in range(30)}
    assert len(speeds) > 20
    assert list(Rhythm("a").typed("", LETTER)) == list(Rhythm("a").typed("", LETTER))
    assert list(Rhythm("a").typed("", LETTER)) != list(Rhythm("b").typed("", LETTER))


def test_older_hands_are_slower_on_average() -> None:
    def mean(age: int) -> float:
        return sum(Rhythm(f"desk {seed}", age).types for seed in range(60)) / 60

    assert mean(72) < 0.92 * mean(30)


def test_there_are_pauses_between_thoughts_as_long_as_a_text_needs_to_settle() -> None:
    found = [change for seed in range(10) for change in Rhythm(f"desk {seed}").typed("", LETTER)]
    long = [change for change in found if change.after >= 1.0]
    assert 0.01 < len(long) / len(found) < 0.2
    ends = [change for change in long if change.text[:-1].endswith((". ", "? ", "\n"))]
    assert len(ends) > 10


@given(st.text(max_size=80), st.text(max_size=80), st.integers(0, 50))
def test_typing_ends_with_the_text_behind_what_was_there(before: str, text: str, seed: int) -> None:
    changes = list(Rhythm(str(seed)).typed(before, text))
    assert (changes[-1].text if changes else before) == before + text
    assert all(change.text.startswith(before) for change in changes)


@given(st.text(max_size=120), st.text(max_size=120), st.integers(0, 50))
def test_rewriting_ends_with_the_new_text(old: str, new: str, seed: int) -> None:
    changes = list(Rhythm(str(seed)).rewritten(old, new))
    assert (changes[-1].text if changes else old) == new
    assert bool(changes) == (old != new)


def test_rewriting_leaves_what_stays_alone() -> None:
    old, new = "We measured the flow in March.", "We measured the flow in late April."
    for change in Rhythm("r").rewritten(old, new):
        assert change.text.startswith("We measured the flow in ") and change.text.endswith(".")


def test_much_is_selected_and_little_is_taken_back_letter_by_letter() -> None:
    def largest(old: str, new: str) -> int:
        texts = [old, *(change.text for change in Rhythm("r").rewritten(old, new))]
        return max(len(one) - len(two) for one, two in pairwise(texts))

    assert largest("a river", "a") == 1
    assert largest("a " + "river " * 20, "a ") > SELECT_OVER


def test_slips_are_made_and_corrected() -> None:
    backspaced = 0
    for seed in range(20):
        texts = ["", *(change.text for change in Rhythm(f"desk {seed}").typed("", LETTER))]
        backspaced += sum(len(two) < len(one) for one, two in pairwise(texts))
        assert texts[-1] == LETTER
    assert 5 < backspaced < 0.1 * 20 * len(LETTER)


def test_a_script_without_spaces_comes_in_by_words() -> None:
    text = "来週までに報告書を書きます。Wordで。"
    changes = list(Rhythm("r").typed("", text))
    steps = [len(two.text) - len(one.text) for one, two in pairwise([Change(0, ""), *changes])]
    assert max(steps) > 1 and changes[-1].text == text
    assert composed("書") and composed("き") and composed("글") and not composed("é")
    assert spent(changes) > len(text) * 0.1


def test_words_of_any_script_are_counted() -> None:
    assert words_in("one two  three\nfour") == 4
    assert words_in("報告書を書く") == 3
    assert words_in("Wordで書く") == 2.5
    assert words_in("") == 0


def test_reading_takes_as_long_as_the_text_is() -> None:
    times = [Rhythm(f"desk {seed}").reading(690) for seed in range(60)]
    assert 150 < sum(times) / 60 < 220  # three minutes at 230 words a minute
    assert Rhythm("r").reading(1e6) == LONGEST_READ_S
    assert Rhythm("r").reading(0) == 2.0
    assert all(Rhythm(f"d{n}").glance(400) < Rhythm(f"d{n}").reading(400) for n in range(30))


def test_thinking_idling_and_working_have_bounds() -> None:
    rhythm = Rhythm("r")
    assert all(0.2 <= rhythm.think() <= 20 for _ in range(500))
    assert all(20 <= rhythm.idle() <= 1500 for _ in range(500))
    assert all(0.1 <= rhythm.working("make test") <= 120 for _ in range(500))
    slow = sum(rhythm.working("make test") for _ in range(200))
    assert slow > 4 * sum(rhythm.working("ls") for _ in range(200))


def test_chances_are_taken_that_often() -> None:
    rhythm = Rhythm("r")
    assert 60 < sum(rhythm.chance(0.1) for _ in range(1000)) < 140
    assert not any(rhythm.chance(0.0) for _ in range(100))
