from pathlib import Path

import pytest

from app.checkup_key import key
from app.config import Settings, StoreSettings
from app.doctor import Check, Patient, State
from app.paths import Paths
from storage import keys


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "data", tmp_path / "config", tmp_path / "models").make()


def look(paths: Paths, store: StoreSettings | None = None, **environment: str) -> Check:
    return key(Patient(paths, Settings(store=store or StoreSettings()), environment))


def note(paths: Paths, text: str, name: str = keys.NAME) -> None:
    (paths.config / name).write_text(text)


def test_it_says_where_the_key_is_and_asks_no_keyring_for_it(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keyring.get_password", lambda *_: pytest.fail("asked"))
    assert "none yet" in look(paths).what
    for text, said in (
        ("passphrase scrypt x", "your passphrase"),
        ("keyring abc", "keyring"),
        ("file " + "0" * 64, "database.key"),
    ):
        note(paths, text)
        assert (look(paths).state, said in look(paths).what) == (State.OK, True)
        assert "0" * 64 not in look(paths).what
    assert "gumption key passphrase" in look(paths).mend


def test_a_plain_store_is_a_warning_that_says_what_it_means_and_the_mend(paths: Paths) -> None:
    found = look(paths, StoreSettings(encrypt=False))
    assert found.state is State.WARN
    assert "whoever can read its file can read everything" in found.what
    assert "gumption key encrypt" in found.mend


def test_a_note_that_tells_of_no_key_is_a_failure(paths: Paths) -> None:
    note(paths, "nonsense")
    assert look(paths).state is State.FAIL


def test_an_interrupted_change_is_told(paths: Paths) -> None:
    note(paths, "file " + "0" * 64, keys.NEXT)
    found = look(paths)
    assert (found.state, "interrupted" in found.what) == (State.WARN, True)


def test_locking_on_idle_where_nobody_can_tell_is_told(paths: Paths) -> None:
    note(paths, "keyring abc")
    asked = StoreSettings(lock_after_min=10)
    assert look(paths, asked).state is State.WARN
    assert look(paths, asked, DISPLAY=":0").state is State.OK
