import keyring
import pytest

from storage import ring
from tests.storage.fake_keyring import FakeKeyring, fake

__all__ = ["fake"]


def test_what_is_put_comes_back_until_it_is_deleted(fake: FakeKeyring) -> None:
    assert ring.kind() == "fake_keyring"
    assert ring.put("a", "secret")
    assert ring.get("a") == "secret"
    assert ring.delete("a")
    assert ring.get("a") is None
    assert ring.delete("a")  # it is not there: all is well


def test_a_backend_that_is_not_the_systems_is_not_trusted(
    fake: FakeKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ring, "REAL_BACKENDS", ())
    assert ring.kind() == ""
    assert not ring.put("a", "secret")
    assert fake.kept == {}


def test_of_a_chain_of_backends_the_first_counts(fake: FakeKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    class Chain:
        backends = (fake,)

    monkeypatch.setattr(keyring, "get_keyring", Chain)
    assert ring.kind() == "fake_keyring"


def test_one_that_fails_keeps_nothing_gives_nothing_and_deletes_nothing(fake: FakeKeyring) -> None:
    ring.put("a", "secret")
    fake.broken = True
    assert not ring.put("b", "secret")
    assert ring.get("a") is None
    assert not ring.delete("a")
