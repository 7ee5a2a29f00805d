"""How texts are compared: what looks the same is the same."""

import unicodedata
from unicodedata import normalize

from hypothesis import given
from hypothesis import strategies as st

from observers.plain import plain


@given(st.text(max_size=20))
def test_how_a_text_is_written_makes_no_difference(value: str) -> None:
    assert plain(plain(value)) == plain(value)
    assert plain(normalize("NFD", value)) == plain(normalize("NFC", value))


def test_capitals_make_no_difference_in_turkish_either() -> None:
    assert plain("İNTERNET BANKACILIĞI") == plain("internet bankacılığı")


def test_what_cannot_be_seen_does_not_hide_a_word() -> None:
    for written in (
        "navigation prive\u0301e",
        "navi\u200bgation privée",
        "\u2068Navigation\u00a0privée\u2069",
        "navigation\u3000privée",
        "navigation\u2009privée",
        "na\u00advigation\tpriv\u2064ée",
    ):
        assert plain(written) == "navigation privée"


def test_every_sign_that_unicode_calls_a_space_is_one_and_every_format_sign_is_none() -> None:
    """The table is written out, for asking takes time; here it is held against the whole of Unicode."""
    for code in range(0x110000):
        sign = chr(code)
        kind = unicodedata.category(sign)
        if kind in ("Zs", "Zl", "Zp"):
            assert plain(f"a{sign}b") == "a b", hex(code)
        elif kind == "Cf":
            assert plain(f"a{sign}b") == "ab", hex(code)
