import multiprocessing
import os
from pathlib import Path
from threading import Thread

import pytest

from gum.errors import StoreLocked, StoreReadOnly
from storage import keys, ring
from storage.keys import data_key, holder, rekeep
from tests.forks import context
from tests.storage.cheap import quick
from tests.storage.fake_keyring import FakeKeyring, fake

__all__ = ["fake", "quick"]
SAID = "correct horse battery"
SCRYPT = "cryptography.hazmat.primitives.kdf.scrypt.Scrypt"


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
    monkeypatch.setattr(ring, "REAL_BACKENDS", ())
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


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n",
        "file zz\n",
        "file abcd\n",
        "else " + "0" * 64,
        "keyring",
        "passphrase",
        "passphrase scrypt 17 8 1 00 00",
        "f\u00efle " + "0" * 64,
    ],
)
def test_a_damaged_key_file_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / keys.NAME).write_text(content, "utf-8")
    for said in (None, SAID):
        with pytest.raises(StoreLocked) as error:
            data_key(tmp_path, keyring_ok=False, passphrase=said)
        assert error.value.hint
    assert (tmp_path / keys.NAME).read_text("utf-8") == content


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreReadOnly):
        data_key(tmp_path / "file" / "config", keyring_ok=False)


def test_keys_are_random(tmp_path: Path) -> None:
    assert data_key(tmp_path / "a", keyring_ok=False) != data_key(tmp_path / "b", keyring_ok=False)
    assert os.listdir(tmp_path / "a") == [keys.NAME]  # noqa: PTH208


# a passphrase


def test_the_key_is_put_under_a_passphrase_another_and_none(tmp_path: Path) -> None:
    key = data_key(tmp_path, keyring_ok=False)
    assert rekeep(tmp_path, key, keyring_ok=False, passphrase=SAID) == "passphrase" == holder(tmp_path)
    assert key.hex() not in (tmp_path / keys.NAME).read_text()
    assert data_key(tmp_path, keyring_ok=False, passphrase=SAID) == key
    with pytest.raises(StoreLocked) as error:
        data_key(tmp_path, keyring_ok=False)
    assert "passphrase" in error.value.title and error.value.hint
    with pytest.raises(StoreLocked) as error:
        data_key(tmp_path, keyring_ok=False, passphrase="incorrect horse")
    assert "not the passphrase" in error.value.title and error.value.hint

    rekeep(tmp_path, key, keyring_ok=False, passphrase="another horse")
    assert data_key(tmp_path, passphrase="another horse") == key
    with pytest.raises(StoreLocked):
        data_key(tmp_path, passphrase=SAID)

    assert rekeep(tmp_path, key, keyring_ok=False) == "file"
    assert data_key(tmp_path) == key
    assert os.listdir(tmp_path) == [keys.NAME]  # noqa: PTH208
    assert (tmp_path / keys.NAME).stat().st_mode & 0o777 == 0o600


def test_no_passphrase_is_told_right_without_deriving_a_key_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing on the disk tells a right passphrase from a wrong one but the seal, which needs the scrypt."""
    rekeep(tmp_path, data_key(tmp_path, keyring_ok=False), keyring_ok=False, passphrase=SAID)
    monkeypatch.setattr(SCRYPT, lambda **_: (_ for _ in ()).throw(ZeroDivisionError))
    for said in (SAID, "incorrect horse"):
        with pytest.raises(ZeroDivisionError):
            data_key(tmp_path, passphrase=said)


def test_under_a_passphrase_the_keyring_keeps_no_copy_of_the_key(tmp_path: Path, fake: FakeKeyring) -> None:
    key = data_key(tmp_path)
    rekeep(tmp_path, key, keyring_ok=True, passphrase=SAID)
    assert fake.kept == {}
    assert rekeep(tmp_path, key, keyring_ok=True) == "keyring"
    assert list(fake.kept.values()) == [key.hex()]


def test_a_keyring_that_does_not_give_the_key_up_is_asked_again_at_every_start(
    tmp_path: Path, fake: FakeKeyring
) -> None:
    key = data_key(tmp_path)
    fake.broken = True
    rekeep(tmp_path, key, keyring_ok=True, passphrase=SAID)
    assert data_key(tmp_path, passphrase=SAID) == key
    fake.broken = False
    assert list(fake.kept.values()) == [key.hex()]
    assert data_key(tmp_path, passphrase=SAID) == key
    assert fake.kept == {}
    assert "drop" not in (tmp_path / keys.NAME).read_text()


def test_where_the_key_is_can_be_told_without_asking_for_it(tmp_path: Path, fake: FakeKeyring) -> None:
    assert holder(tmp_path) == ""
    data_key(tmp_path)
    fake.broken = True
    assert holder(tmp_path) == "keyring"
    (tmp_path / keys.NAME).write_text("nonsense")
    assert holder(tmp_path) == ""


def test_while_the_key_is_being_changed_none_is_given_out(tmp_path: Path) -> None:
    data_key(tmp_path, keyring_ok=False)
    (tmp_path / keys.NEXT).write_text("file " + "0" * 64)
    with pytest.raises(StoreLocked) as error:
        data_key(tmp_path, keyring_ok=False)
    assert "being changed" in error.value.title


# several processes


def _start(folder: str, told: "multiprocessing.Queue[str]", gate: "multiprocessing.Barrier") -> None:  # type: ignore[valid-type]
    gate.wait()  # type: ignore[attr-defined]
    told.put(data_key(Path(folder), keyring_ok=False).hex())


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    forks = context()
    for n in range(3):
        told: multiprocessing.Queue[str] = forks.Queue()  # type: ignore[assignment]
        gate = forks.Barrier(4)
        folder = tmp_path / str(n)
        starts = [forks.Process(target=_start, args=(str(folder), told, gate)) for _ in range(4)]
        for each in starts:
            each.start()
        found = {told.get(timeout=60) for _ in starts}
        for each in starts:
            each.join()
        assert len(found) == 1
        assert found == {data_key(folder, keyring_ok=False).hex()}
        assert os.listdir(folder) == [keys.NAME]  # noqa: PTH208


def test_who_comes_second_takes_the_key_of_who_came_first_and_leaves_none_behind(
    tmp_path: Path, fake: FakeKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = "file " + "11" * 32

    def late(*_: object) -> None:
        (tmp_path / keys.NAME).write_text(first)
        raise FileExistsError

    monkeypatch.setattr(keys.swap, "write_new", late)
    assert data_key(tmp_path) == bytes([0x11] * 32)
    assert fake.kept == {}


def test_a_slow_keyring_does_not_put_an_old_note_over_a_new_one(
    tmp_path: Path, fake: FakeKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = data_key(tmp_path)
    note = tmp_path / keys.NAME
    note.write_text(note.read_text() + "drop old\n")
    changing = Thread(target=lambda: rekeep(tmp_path, key, keyring_ok=True, passphrase=SAID))

    def slow(name: str) -> bool:
        if name == "old" and changing.ident is None:
            changing.start()  # as another process might, while the keyring asks the person
            changing.join(2)
        return True

    monkeypatch.setattr(ring, "delete", slow)
    keys.tidy(tmp_path)
    changing.join()
    assert keys.holder(tmp_path) == "passphrase"
    assert data_key(tmp_path, passphrase=SAID) == key
