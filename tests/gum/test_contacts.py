import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.contacts import HIDDEN, MAIL, hider

HIDE, OTHER = hider(b"k" * 32), hider(b"o" * 32)


def test_an_address_has_one_made_up_name_however_it_is_written_and_another_with_another_key() -> None:
    hidden = HIDE("From: Anna <Anna.Berg@Example.org>")
    assert hidden.startswith("From: Anna <mail-")
    assert hidden.endswith(f"@{HIDDEN}>")
    assert "berg" not in hidden.casefold()
    assert HIDE("anna.berg@example.org") in hidden
    assert OTHER("anna.berg@example.org") not in hidden
    assert HIDE("anna.b@example.org") not in hidden


@pytest.mark.parametrize("same", ["+49 (0)170 1234567", "+49 170 123 45 67", "+49-170-1234567"])
def test_a_number_has_one_name_however_it_is_parted(same: str) -> None:
    assert HIDE(f"call {same} today") == f"call {HIDE('+491701234567')} today"


@pytest.mark.parametrize(
    "text", ["", "2026-11-23 10:15", "version 1.2.3, build 20260101", "see @anna", "total: 1,250.00 EUR"]
)
def test_what_is_neither_stays(text: str) -> None:
    assert HIDE(text) == text


@given(st.text(st.sampled_from("ab.@+0123456789 ()-\n"), max_size=60))
def test_done_twice_is_as_done_once_and_no_address_is_left(text: str) -> None:
    once = HIDE(text)
    assert HIDE(once) == once
    assert all(found[0].endswith(HIDDEN) for found in MAIL.finditer(once))


def test_an_address_ends_where_another_script_begins() -> None:
    hidden = HIDE("連絡先はanna@example.orgです")
    assert hidden == f"連絡先は{HIDE('anna@example.org')}です"


def test_an_address_that_an_address_of_a_page_carries_is_the_same_one() -> None:
    hidden = HIDE("https://example.org/?to=anna%40example.org&x=1")
    assert hidden == f"https://example.org/?to={HIDE('anna@example.org')}&x=1"


def test_a_number_in_the_american_form_goes_with_and_without_its_country() -> None:
    assert HIDE("call 1-800-555-1234") == f"call {HIDE('1-800-555-1234')}" != "call 1-800-555-1234"
    assert "555" not in HIDE("call 800.555.1234")
