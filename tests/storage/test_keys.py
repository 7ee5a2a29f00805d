import os
from pathlib import Path

import keyring
import keyring.backend
import pytest

from gum.errors import StoreLocked, StoreReadOnly
from storage import keys
from storage.keys import data_key


class FakeKeyring(keyring.backend.KeyringBackend):
    """A fake: stands for the desktop's keyring, and can be told to fail."""

    priority = 1  # type: ignore[assignment]

    def __init__(self, broken: bool = False) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.broken = broken

    def get_password(self, service: str, username: str) -> str | None:
        if self.broken:
            raise RuntimeError("locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.broken:
            raise RuntimeError("locked")
        self.kept[service, username] = password


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeKeyring:
    backend = FakeKeyring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    monkeypatch.setattr(keyring, "get_password", lambda s, u: backend.get_password(s, u))
    monkeypatch.setattr(keyring, "set_password", lambda s, u, p: backend.set_password(s, u, p))
    monkeypatch.setattr(keys, "REAL_BACKENDS", (FakeKeyring.__module__,))
    return backend


def test_without_a_keyring_the_key_is_in_a_file_that_only_the_person_reads(tmp_path: Path) -> None:
    key = data_key(tmp_path / "config", keyring_ok=False)
    note = tmp_path / "config" / keys.NAME
    assert len(key) == 32
    assert data_key(tmp_path / "config", keyring_ok=False) == key
    assert note.stat().st_mode & 0o777 == 0o600


def test_a_key_file_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    data_key(tmp_path, keyring_ok=False)
    (tmp_path / keys.NAME).chmod(0o644)
    data_key(tmp_path, keyring_ok=False)
    assert (tmp_path / keys.NAME).stat().st_mode & 0o777 == 0o600


def test_with_a_keyring_no_file_holds_the_key(tmp_path: Path, fake: FakeKeyring) -> None:
    key = data_key(tmp_path)
    assert list(fake.kept.values()) == [key.hex()]
    assert key.hex() not in (tmp_path / keys.NAME).read_text()
    assert data_key(tmp_path) == key


def test_a_moved_folder_still_finds_its_key_in_the_keyring(tmp_path: Path, fake: FakeKeyring) -> None:
    key = data_key(tmp_path / "here")
    (tmp_path / "here").rename(tmp_path / "there")
    assert data_key(tmp_path / "there") == key


def test_a_keyring_that_fails_leaves_the_key_in_the_file(tmp_path: Path, fake: FakeKeyring) -> None:
    fake.broken = True
    key = data_key(tmp_path)
    assert key.hex() in (tmp_path / keys.NAME).read_text()


def test_a_backend_that_is_not_the_systems_is_not_trusted(
    tmp_path: Path, fake: FakeKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "REAL_BACKENDS", ())
    data_key(tmp_path)
    assert fake.kept == {}


def test_a_locked_keyring_is_said_and_no_new_key_is_made(tmp_path: Path, fake: FakeKeyring) -> None:
    data_key(tmp_path)
    before = (tmp_path / keys.NAME).read_text()
    fake.broken = True
    with pytest.raises(StoreLocked) as error:
        data_key(tmp_path)
    assert "keyring" in error.value.hint
    assert (tmp_path / keys.NAME).read_text() == before


def test_a_missing_key_of_an_existing_database_is_said_and_none_is_made(tmp_path: Path) -> None:
    database = tmp_path / "gumption.db"
    database.write_bytes(b"something")
    for given in (database, None):
        with pytest.raises(StoreLocked):
            data_key(tmp_path, given, keyring_ok=False)
    assert not (tmp_path / keys.NAME).exists()


@pytest.mark.parametrize("content", ["", "file zz\n", "file abcd\n", "else " + "0" * 64])
def test_a_damaged_key_file_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / keys.NAME).write_text(content)
    with pytest.raises(StoreLocked):
        data_key(tmp_path, keyring_ok=False)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreReadOnly):
        data_key(tmp_path / "file" / "config", keyring_ok=False)


def test_keys_are_random(tmp_path: Path) -> None:
    assert data_key(tmp_path / "a", keyring_ok=False) != data_key(tmp_path / "b", keyring_ok=False)
    assert os.listdir(tmp_path / "a") == [keys.NAME]  # noqa: PTH208
