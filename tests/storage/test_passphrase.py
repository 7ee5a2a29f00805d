import pytest
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from hypothesis import given, settings
from hypothesis import strategies as st

from gum.errors import NotAllowed, StoreLocked
from storage import passphrase
from storage.passphrase import accept, unwrap, wrap

KEY = bytes(range(32))
SAID = "correct horse battery staple"
SCRYPT = "cryptography.hazmat.primitives.kdf.scrypt.Scrypt"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase, "LOG_N", passphrase.LEAST_LOG_N)


def test_the_shipped_cost_is_what_owasp_asks_for() -> None:
    assert (1 << passphrase.LOG_N, passphrase.R, passphrase.P) == (131072, 8, 1)
    wrapped = wrap(KEY, SAID)
    assert wrapped.startswith("scrypt 17 8 1 ")
    assert unwrap(wrapped, SAID) == KEY


def test_every_wrapping_has_a_salt_of_its_own_and_no_part_of_the_key(quick: None) -> None:
    one, two = wrap(KEY, SAID), wrap(KEY, SAID)
    assert not set(one.split(" ")[4:]) & set(two.split(" ")[4:])
    assert KEY.hex() not in one
    assert SAID not in one


def test_the_wrapping_is_scrypt_and_aes_gcm_as_written_down(quick: None) -> None:
    """Read by other code from the note alone: nothing but the passphrase is needed, now or in ten years."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    name, n, r, p, salt, nonce, sealed = wrap(KEY, SAID).split(" ")
    derived = Scrypt(bytes.fromhex(salt), 32, 2 ** int(n), int(r), int(p)).derive(SAID.encode())
    about = f"gumption database key, scrypt {n} {r} {p}".encode()
    assert name == "scrypt"
    assert AESGCM(derived).decrypt(bytes.fromhex(nonce), bytes.fromhex(sealed), about) == KEY


@pytest.mark.parametrize("wrong", ["", SAID + " ", SAID.upper(), SAID[:-1]])
def test_another_passphrase_is_refused_with_title_and_hint(quick: None, wrong: str) -> None:
    with pytest.raises(StoreLocked) as error:
        unwrap(wrap(KEY, SAID), wrong)
    assert "not the passphrase" in error.value.title
    assert error.value.hint


def test_one_word_typed_as_other_code_points_is_the_same_word(quick: None) -> None:
    assert unwrap(wrap(KEY, "Caf\u00e9 am Nachmittag"), "Cafe\u0301 am Nachmittag") == KEY


def test_any_part_of_the_wrapping_that_was_tampered_with_is_noticed(quick: None) -> None:
    parts = wrap(KEY, SAID).split(" ")
    for index, part in enumerate(parts):
        others = {
            0: "argon2",
            1: str(int(part) + 1) if index == 1 else "",
            2: "16",
            3: "2",
        }
        other = others.get(index, ("0" if part[0] != "0" else "1") + part[1:])
        with pytest.raises(StoreLocked):
            unwrap(" ".join([*parts[:index], other, *parts[index + 1 :]]), SAID)


def test_a_wrapping_cut_short_anywhere_is_refused_before_anything_is_derived(
    quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = wrap(KEY, SAID)
    monkeypatch.setattr(SCRYPT, lambda **_: pytest.fail("derived"))
    for length in range(len(whole)):
        with pytest.raises(StoreLocked) as error:
            unwrap(whole[:length], SAID)
        assert "cannot be read" in error.value.title


def test_a_note_cannot_make_us_take_gigabytes_or_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SCRYPT, lambda **_: pytest.fail("derived"))
    for log_n in (-1, 1, passphrase.LEAST_LOG_N - 1, passphrase.MOST_LOG_N + 1, 40, 10**9):
        with pytest.raises(StoreLocked):
            unwrap(f"scrypt {log_n} 8 1 {'0' * 32} {'0' * 24} {'0' * 96}", SAID)


@given(st.text(max_size=200))
@settings(max_examples=300)
def test_whatever_stands_in_a_note_it_is_refused_and_never_a_crash(text: str) -> None:
    with pytest.raises(StoreLocked):
        unwrap(text, SAID)


def test_a_new_passphrase_that_is_too_short_is_refused() -> None:
    for short in ("", "hunter2", " " * 40, "x" * (passphrase.LEAST - 1)):
        with pytest.raises(NotAllowed):
            accept(short)
    assert accept(SAID) == SAID
