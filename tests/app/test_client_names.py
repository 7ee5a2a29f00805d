"""What programs may call themselves."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.client_names import LONGEST, cleaned, drawn, unlike
from gum.errors import NotAllowed


@pytest.mark.parametrize(
    "name",
    [
        "Сlaude",  # a Cyrillic letter
        "CLAUDE",
        "c l a u d e",
        "Cla\u200bude",  # a space nobody sees
        "Cláude",
        "C1aude",
        "Claude\u3164",
        "Ｃｌａｕｄｅ",
        "\u202eedualC"[::-1],
    ],
)
def test_who_looks_like_another_gets_a_number(name: str) -> None:
    shown = unlike(name, ["Claude"])
    assert shown.endswith(" 2")
    assert drawn(shown) != drawn("Claude")


def test_each_gets_the_next_number() -> None:
    taken = ["Claude"]
    for _ in range(3):
        taken.append(unlike("Claude", taken))
    assert taken == ["Claude", "Claude 2", "Claude 3", "Claude 4"]
    assert unlike("Cursor", taken) == "Cursor"


@pytest.mark.parametrize("name", ["", " \n", "\u202e", "\u3164\u3164", "...", "\u0301\u0301"])
def test_a_name_has_a_letter_that_can_be_seen(name: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        cleaned(name)
    assert caught.value.hint


@pytest.mark.parametrize("name", ["Gumption", "gumpti0n", "GUMРTION", "you"])
def test_nobody_is_called_like_us_or_the_person(name: str) -> None:
    with pytest.raises(NotAllowed, match="No assistant can be called"):
        cleaned(name)


def test_ordinary_names_stay_as_they_are() -> None:
    for name in (
        "Claude Desktop",
        "Open WebUI (home)",
        "Ben's été-bot 3",
        "助手",
        "Помощник",
        "مساعد",
        "सहायक",
    ):
        assert cleaned(name) == name


@given(st.text(max_size=400))
def test_a_shown_name_is_one_short_line_of_what_can_be_seen(name: str) -> None:
    try:
        shown = cleaned(name)
    except NotAllowed:
        return
    assert 0 < len(shown) <= LONGEST and shown == shown.strip()
    assert all(unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in shown)
    assert cleaned(shown) == shown


@given(st.lists(st.text("Claudе 2", min_size=1, max_size=70), max_size=6))
def test_no_two_are_drawn_alike_and_none_is_too_long(names: list[str]) -> None:
    taken: list[str] = []
    for name in names:
        try:
            taken.append(unlike(name, taken))
        except NotAllowed:
            assert not any(c.isalnum() for c in name)
    assert len({drawn(each) for each in taken}) == len(taken)
    assert all(len(each) <= LONGEST for each in taken)
