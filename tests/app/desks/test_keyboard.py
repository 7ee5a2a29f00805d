"""What fingers do for a text, and letters that a US keyboard has not."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desks.keyboard import Keyboard, Stroke, shared, strokes
from app.desks.rhythm import Change, Rhythm
from app.desktop import VirtualDesktop

EUROPEAN = "Grüße aus Köln – “naïve” ¿qué?"
FOREIGN = f"{EUROPEAN} 明日の会議で予算を説明します。"


def played(before: str, done: Iterator[Stroke]) -> str:
    text = before
    for stroke in done:
        assert stroke.back <= len(text)
        text = text[: len(text) - stroke.back] + stroke.text
    return text


@given(st.text(max_size=20), st.text(min_size=1, max_size=60), st.integers(0, 50))
def test_the_fingers_leave_the_text_that_was_meant(before: str, text: str, seed: int) -> None:
    changes = Rhythm(str(seed)).typed(before, text)
    assert played(before, strokes(before, changes)) == before + text


def test_letters_of_a_word_come_together_and_slips_are_taken_back() -> None:
    words = ["t", "te", "te ", "te r", "te rs", "te r", "te ra"]
    done = list(strokes("", [Change(0.1 * n, word) for n, word in enumerate(words, 1)]))
    assert [(s.back, s.text) for s in done] == [(0, "te"), (0, " "), (0, "rs"), (1, "a")]
    assert done[0].pause == pytest.approx(0.1)
    assert played("", iter(done)) == "te ra"


def test_what_two_texts_share() -> None:
    assert shared("two rows", "two lines") == 4
    assert shared("", "x") == 0 and shared("same", "same") == 4


@pytest.mark.desktop
def test_letters_of_other_languages_get_keys_and_give_them_back(
    desktop: VirtualDesktop, tmp_path: Path
) -> None:
    note = tmp_path / "note.txt"
    keyboard = Keyboard(desktop.display, FOREIGN)
    try:
        assert keyboard.runs("Grüße, 明日!") == [(True, "Grüße, "), (False, "明日"), (True, "!")]
        desktop.launch(["xterm", "-T", "note", "-e", "sh", "-c", f"cat > {note}"])
        desktop.activate(desktop.wait_window("note"))
        desktop.type_text(f"{EUROPEAN}\n", delay_ms=30)
        desktop.key("ctrl+d")
        assert _soon(note) == f"{EUROPEAN}\n"
    finally:
        keyboard.close()
    plain = Keyboard(desktop.display)
    assert not plain.has("ß") and plain.has("s")
    plain.close()


@pytest.mark.desktop
def test_the_letters_needed_most_get_the_keys(desktop: VirtualDesktop) -> None:
    many = "".join(map(chr, range(0x400, 0x460)))
    keyboard = Keyboard(desktop.display, many + "ЖЖЖ")
    try:
        assert keyboard.has("Ж") and 19 <= sum(map(keyboard.has, many)) < len(many)
    finally:
        keyboard.close()


def _soon(file: Path) -> str:
    for _ in range(80):
        if file.exists() and file.read_text(encoding="utf-8"):
            break
        time.sleep(0.1)
    return file.read_text(encoding="utf-8")
