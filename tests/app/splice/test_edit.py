"""A change of a text and its undoing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.splice.edit import Edit, indent_at, line_end


@given(text=st.text(max_size=40), new=st.text(min_size=1, max_size=9), data=st.data())
def test_what_was_done_is_undone(text: str, new: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(at, len(text)))
    edit = Edit(at, text[at:end], new)
    assert edit.undone(edit.done(text)) == text


def test_it_is_found_where_the_text_was_moved_to() -> None:
    edit = Edit(2, "", "OURS")
    assert edit.undone("0123 abOURSc") == "0123 abc"
    assert edit.undone("xxxOURS OURS") is None  # which of them?
    assert edit.undone("nothing") is None
    assert Edit(0, "a", "").undone("b") is None


def test_it_is_not_done_to_another_text() -> None:
    with pytest.raises(AssertionError):
        Edit(0, "a", "b").done("c")


def test_lines_end_and_begin_as_they_do() -> None:
    assert (line_end("a\r\nb"), line_end("a\nb"), line_end("")) == ("\r\n", "\n", "\n")
    assert indent_at("a\n \tb: c", 6) == " \t" and indent_at("ab", 1) == ""
