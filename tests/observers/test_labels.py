"""Words in many languages."""

import pytest

from gum.secret_words import PASSWORDS, SECURITY_CODES
from observers.labels import is_advert_token, is_header, is_secret, looks_like_address, mail_like

EDITABLE = frozenset({"editable"})


@pytest.mark.parametrize(
    "name",
    ["Password", "Neues Passwort", "Mot de passe", "Contraseña", "パスワード", "CVV", "Пароль", "API key"],
)
def test_a_field_labelled_as_a_secret_is_one(name: str) -> None:
    assert is_secret("entry", name, EDITABLE)
    assert not is_secret("heading", name, frozenset())


@pytest.mark.parametrize("word", [*PASSWORDS, *SECURITY_CODES])
def test_what_stands_before_secrets_in_texts_labels_fields_too(word: str) -> None:
    assert is_secret("entry", f"Your {word} *".title(), EDITABLE)


def test_a_password_role_is_secret_whatever_its_label() -> None:
    assert is_secret("password text", "", frozenset())
    assert not is_secret("entry", "Subject", EDITABLE)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("From: Anna", "from"),
        ("Von: Anna", "from"),
        ("Betreff: Reise", "subject"),
        ("件名：旅行", "subject"),
        ("Objet : voyage", "subject"),
        ("To:", ""),
        ("Hello: there", ""),
        ("no colon", ""),
    ],
)
def test_heads_of_messages(line: str, kind: str) -> None:
    assert is_header(line) == kind


def test_mail_and_chat_are_known_by_title_or_host_not_by_chance() -> None:
    assert mail_like("Inbox (3) - Larkmail", None) and mail_like("x", "https://mail.a.test/1")
    assert not mail_like("Snail farming", "https://a.test/mail")


def test_addresses_are_not_words() -> None:
    assert (
        looks_like_address("https://a.test/b")
        and looks_like_address("a.test")
        and looks_like_address("/tmp/x")
    )
    assert not looks_like_address("how do trains work") and not looks_like_address("trains")


def test_a_class_that_only_contains_the_letters_is_no_advert() -> None:
    assert is_advert_token("ad-slot") and not is_advert_token("header") and not is_advert_token("loading")
