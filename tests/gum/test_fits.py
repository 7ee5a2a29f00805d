import pytest

from gum.fits import fits


@pytest.mark.parametrize(
    "slots",
    [
        {"person": "anna@berg.example"},
        {"person": "Anna Berg", "topic": "thesis.odt"},
        {"thing": "the survey", "from": "m.rossi@example.org"},
        {"thing": "notes.txt"},
        {"tool": "node.js", "purpose": "the site"},
        {"tool": "LibreOffice", "purpose": "thesis.odt"},
        {"item": "lamp", "shop": "Lamps.com"},
        {"thing": "tea", "over": "coffee"},
        {"role": "nurse", "org": "St. Mary's"},
        {"thing": "@home"},
    ],
)
def test_what_can_be_so(slots: dict[str, str]) -> None:
    assert fits(slots)


@pytest.mark.parametrize(
    "slots",
    [
        {"role": "anna@berg.example"},
        {"topic": " anna@berg.example "},
        {"thing": "anna@berg"},
        {"person": "thesis.odt"},
        {"person": "My Thesis v2.ODT"},
        {"thing": "the survey", "from": "survey.pdf"},
        {"tool": "notes.txt", "purpose": "writing"},
        {"role": "cv.docx"},
        {"place": "packing-list.txt"},
        {"tool": "Mousepad", "purpose": "mousepad"},
        {"thing": "tea", "over": "Tea."},
    ],
)
def test_what_cannot(slots: dict[str, str]) -> None:
    assert not fits(slots)
