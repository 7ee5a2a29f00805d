"""The lists of negations: one for each language of the interface, each pattern sound."""

import re
from dataclasses import astuple

import pytest

from app.desks.match import fold
from app.desks.negations import TABLE
from gum.date_words import LANGUAGES


def test_there_is_a_list_for_every_language_of_the_interface() -> None:
    assert set(TABLE) == set(LANGUAGES)
    assert all(row.cues and row.trouble for row in TABLE.values())


@pytest.mark.parametrize("language", sorted(TABLE))
def test_patterns_are_sound_and_folded_as_texts_are(language: str) -> None:
    for pattern in astuple(TABLE[language]):
        if isinstance(pattern, str):
            re.compile(pattern)
            letters = re.sub(r"\\\w", "", pattern)
            assert fold(letters) == letters
