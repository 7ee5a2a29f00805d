import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.grants import ClientId
from gum.tokens import DUMMY, fits, hash_of, made, parsed


def test_a_token_is_read_back_and_fits_its_hash_alone() -> None:
    one, other = made(), made()
    read = parsed(one.text)
    assert read is not None
    client, secret = read
    assert client == one.client != other.client
    assert fits(one.hash, secret)
    assert not fits(other.hash, secret)
    assert not fits(DUMMY, secret)
    assert len(one.hash) == 32
    assert secret.encode() not in one.hash


def test_another_token_of_the_same_client_has_another_secret() -> None:
    first = made()
    second = made(first.client)
    assert second.client == first.client
    assert second.text != first.text and second.hash != first.hash


def test_what_is_printed_of_one_holds_no_secret() -> None:
    token = made()
    read = parsed(token.text)
    assert read is not None
    assert read[1] not in repr(token)


def test_many_are_all_of_the_form_and_all_different() -> None:
    texts = {made().text for _ in range(2000)}
    assert len(texts) == 2000
    assert all(parsed(text) is not None for text in texts)
    assert any("_" in text[22:-1] for text in texts), "secrets hold underscores, too"


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.upper(),
        lambda t: " " + t,
        lambda t: t + " ",
        lambda t: t + "\n",
        lambda t: t[:-1],
        lambda t: t + "A",
        lambda t: t.replace("gmp_", "GMP_"),
        lambda t: t.replace("gmp_", "gmp-"),
        lambda t: t[:-1] + "ａ",  # full width
        lambda t: t[:4] + "０" * 16 + t[20:],
        lambda t: t[:-1] + "\0",
        lambda t: t[:20] + t[21:],
        lambda t: "",
        lambda t: "gmp__",
        lambda t: "Bearer " + t,
    ],
)
def test_nothing_but_the_exact_form_is_one(change) -> None:  # type: ignore[no-untyped-def]
    assert parsed(change(made().text)) is None


def test_one_secret_has_one_spelling() -> None:
    text = made(ClientId("a" * 16)).text
    spelt = [text[:-1] + last for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"]
    assert sum(parsed(each) is not None for each in spelt) == 16


@given(st.text())
def test_anything_may_be_asked(text: str) -> None:
    assert parsed(text) is None or re.fullmatch(r"gmp_[a-z2-7]{16}_[\w-]{43}", text)


@given(st.text(), st.text())
def test_two_secrets_have_one_hash_only_if_they_are_the_same(one: str, other: str) -> None:
    assert fits(hash_of(one), other) is (one == other)
