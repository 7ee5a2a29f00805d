from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.detectors import KEY, PASSWORD
from gum.redact import IBAN, redact, redacted
from gum.secret_words import CARD, CODE
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
        ("Your verification code is: 482913", f"Your verification code is: {CODE}"),
        ("Ihr Bestätigungscode lautet 482913", f"Ihr Bestätigungscode lautet {CODE}"),
        ("Ihre mTAN lautet: 482913", f"Ihre mTAN lautet: {CODE}"),
        ("the password is: hunter2", f"the password is: {PASSWORD}"),
        ("Password: hunter2-Tw1st", f"Password: {PASSWORD}"),
        ("das Passwort ist Sommer2026!", f"das Passwort ist {PASSWORD}"),
        ("パスワード：ひみつabc", f"パスワード：{PASSWORD}"),
        ("mysql --password=S3cret -u me", f"mysql --password={PASSWORD} -u me"),
        ("export KEY=AKIAIOSFODNN7EXAMPLE", f"export KEY={KEY}"),
        ("token ghp_" + "a1B2" * 9, f"token {KEY}"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nrest", f"{KEY}\nrest"),
        ("to DE89 3704 0044 0532 0130 00 today", f"to {IBAN} today"),
        ("GB82WEST12345698765432", IBAN),
        ("DE89-3704-0044-0532-0130-00 today", f"{IBAN} today"),
        ("DE89\u202f3704\u202f0044\u202f0532\u202f0130\u202f00", IBAN),
        ("No.4111 1111 1111 1111", f"No.{CARD}"),
        ("4111\u20111111\u20111111\u20111111", CARD),
        ("4111\u20091111\u20091111\u20091111", CARD),
        ("4111.1111.1111.1111", CARD),
        ("4111  1111  1111  1111", CARD),
        (
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQ\n-----END PGP PRIVATE KEY BLOCK-----\nrest",
            f"{KEY}\nrest",
        ),
        ("npm_" + "a1B2" * 9, KEY),
        ("-".join(["123456"] * 8), KEY),
        ("AGE-SECRET-KEY-1" + "Q2" * 29, KEY),
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
        "0.4111111111111111",
        "2019  2020  2021  2023",
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


@pytest.mark.parametrize("source", ["notices", "clipboard"])
@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("482913 is your verification code", f"{CODE} is your verification code"),
        ("Your login code is 482913.", f"Your login code is {CODE}."),
        ("G-482913 is your Google verification code", f"{CODE} is your Google verification code"),
        ("Your code: 482913", f"Your code: {CODE}"),
        ("CODE:482913", f"CODE:{CODE}"),
        ("WhatsApp code: 482-913", f"WhatsApp code: {CODE}"),
        ("Code 482-913, or tap v.app.test/482913", f"Code {CODE}, or tap v.app.test/{CODE}"),
        ("OTP: 482913", f"OTP: {CODE}"),
        ("Ihr Bestätigungscode lautet 482913", f"Ihr Bestätigungscode lautet {CODE}"),
        ("Ihre mTAN lautet: 482913", f"Ihre mTAN lautet: {CODE}"),
        ("Your verification code is: 482913", f"Your verification code is: {CODE}"),
        ("Use this code\n482913", f"Use this code\n{CODE}"),
        ("PIN 4711", f"PIN {CODE}"),
        ("Backup codes 4829 1311", f"Backup codes {CODE} {CODE}"),
        ("您的验证码是482913，5分钟内有效", f"您的验证码是{CODE}，5分钟内有效"),
        ("認証コードは482913です", f"認証コードは{CODE}です"),
        ("인증번호는 482913입니다", f"인증번호는 {CODE}입니다"),
        ("Ваш код 482913", f"Ваш код {CODE}"),
        ("Steam Guard code: K7Q2M", f"Steam Guard code: {CODE}"),
    ],
)
def test_a_code_that_arrives_is_not_kept(source: str, text: str, clean: str) -> None:
    assert redact(replace(observation(text), source=source)).text == clean


def test_a_code_is_known_by_its_title_and_taken_out_of_it() -> None:
    seen = replace(observation("482913", title="Your login code"), source="notices")
    assert redact(seen).text == CODE
    assert redact(replace(seen, title="482913 is your code", text="Mail")).title == f"{CODE} is your code"


@pytest.mark.parametrize(
    "text",
    [
        *("Code review 2026 at 14:30", "The rent is 1200 euros", "PR #4711", "Error code 404"),
        *("Error code 40412", "Postcode 10115", "The source code has 4711 lines", "Pinned 4711 notes"),
        *("Login from 10.11.2026 for 1299,00 and €1299", "Booking code: K7Q2MX", "Promo code: SAVE10"),
        *("Log in at https://x.test/4711", "Sign in at localhost:8080"),
    ],
)
def test_other_numbers_of_a_notice_stay(text: str) -> None:
    seen = replace(observation(text), source="notices")
    assert redact(seen) is seen


def test_elsewhere_and_in_an_editor_numbers_stay() -> None:
    seen = observation("Code 4711 is the blue one")
    assert redact(seen) is seen
    copied = replace(observation("4711 lines", title="a.py - Visual Studio Code"), source="clipboard")
    assert redact(copied) is copied
    paid = replace(observation("CVC: 123, order 482913"), source="notices")
    assert redact(redact(paid)).text == redact(paid).text == f"CVC: {CODE}, order 482913"


@given(st.text(st.sampled_from("code pin:-0149 ")))
def test_a_notice_twice_is_as_once(text: str) -> None:
    once = redact(replace(observation(text), source="notices"))
    assert redact(once) == once


@given(st.text())
def test_any_text_is_taken_and_twice_is_as_once(text: str) -> None:
    once = redacted(text)
    assert redacted(once) == once
