"""What users type: something for each cause in each language."""

import pytest

from app.desks.remarks import REMARKS, remarks


@pytest.mark.parametrize("language", sorted(REMARKS))
def test_there_is_a_remark_for_every_cause(language: str) -> None:
    assert set(REMARKS[language]) == {"useful", "timing", "repeat", "early", "late", "topic", "enough"}
    assert all(said and all(said) for said in REMARKS[language].values())


def test_the_first_known_language_is_spoken() -> None:
    assert remarks(["xx", "de-AT", "fr"], "useful") == REMARKS["de"]["useful"]
    assert remarks(["xx"], "useful") == REMARKS["en"]["useful"]
