import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.redact import CARD, CODE, IBAN, KEY, PASSWORD, redact, redacted
from tests.builders import observation


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Card number: 4111 1111 1111 1111", f"Card number: {CARD}"),
        ("Card number: 4111 11", f"Card number: {CARD}"),  # while it is typed
        ("Kartennummer: 5500-0000-0000-0004", f"Kartennummer: {CARD}"),
        ("カード番号: 378282246310005", f"カード番号: {CARD}"),
        ("pay 4111111111111111 now", f"pay {CARD} now"),
        ("Security code: 737", f"Security code: {CODE}"),
        ("CVC: 12", f"CVC: {CODE}"),
        ("Your verification code is 482 913", f"Your verification code is {CODE}"),
        ("Password: hunter2-Tw1st", f"Password: {PASSWORD}"),
        ("das Passwort ist Sommer2026!", f"das Passwort ist {PASSWORD}"),
        ("パスワード：ひみつabc", f"パスワード：{PASSWORD}"),
        ("mysql --password=S3cret -u me", f"mysql --password={PASSWORD} -u me"),
        ("export KEY=AKIAIOSFODNN7EXAMPLE", f"export KEY={KEY}"),
        ("token ghp_" + "a1B2" * 9, f"token {KEY}"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nrest", f"{KEY}\nrest"),
        ("to DE89 3704 0044 0532 0130 00 today", f"to {IBAN} today"),
        ("GB82WEST12345698765432", IBAN),
    ],
)
def test_what_is_secret_becomes_a_placeholder(text: str, clean: str) -> None:
    assert redacted(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "Order number 4111 1111 1111 1112",  # no check digit
        "call 030 12345678",
        "ISBN 978-3-16-148410-0",
        "2026-11-23 10:15:00.123456",
        "the password manager is open",
        "Change your password",
        "Passwords and keys",
        "pinned: 3 notes",
        "a titan: 42",
        "DE12 3456 7890 is not one",
        "Tracking 00340434161094042557",
        "sk-learn and sk-image",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redacted(text) == text


def test_title_and_address_are_cleaned_too() -> None:
    seen = observation("x", title="4111111111111111 - Pay", url="https://pay.test/?card=4111111111111111")
    clean = redact(seen)
    assert clean.title == f"{CARD} - Pay"
    assert clean.url == f"https://pay.test/?card={CARD}"
    untouched = observation("a plan")
    assert redact(untouched) is untouched


@given(st.text())
def test_any_text_is_taken_and_twice_is_as_once(text: str) -> None:
    once = redacted(text)
    assert redacted(once) == once
