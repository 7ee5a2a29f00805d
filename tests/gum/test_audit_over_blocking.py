"""What must pass: ordinary work, also where it looks a little like something private."""

import pytest

from gum.audit import sifted
from gum.outbound import Door, leaving
from gum.sensitive import sensitive
from tests.builders import observation
from tests.gum.audit_corpus import KNOWN, ORDINARY, held_back


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_is_drafted_from(text: str) -> None:
    assert held_back(text) == ""
    seen = observation(f"{text}\nand more", title=text)
    assert sifted(seen, KNOWN) == (seen, [])


@pytest.mark.parametrize("text", [text for text in ORDINARY if not sensitive(text)])
def test_ordinary_text_leaves(text: str) -> None:
    out = leaving(text, "the model server at models.example", Door())
    assert out.text == text and not out.held


def test_most_of_the_ordinary_is_not_even_sensitive() -> None:
    assert len([text for text in ORDINARY if not sensitive(text)]) >= 50
