from contextlib import ExitStack
from pathlib import Path

import pytest

from app.config import Settings, StoreSettings
from app.paths import Paths
from app.store import key_of, needs_passphrase, open_store, open_up
from gum.errors import StoreLocked
from storage import keys, observations
from tests.builders import observation


def test_a_folder_opens_again_with_its_own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUMPTION_HOME", str(tmp_path))
    paths, settings = Paths.home().make(), Settings()
    key = key_of(paths, settings)
    database = open_store(paths, settings, key)
    database.run_sync(lambda s: observations.append(s, observation("canary words")))
    database.close()
    assert b"canary words" not in paths.database.read_bytes()
    assert (paths.config / "database.key").exists()  # not in anybody's keyring
    assert key_of(paths, settings) == key
    again = open_store(paths, settings, key)
    assert again.read_sync(observations.count) == 1
    again.close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv("GUMPTION_HOME", str(tmp_path))
    return Paths.home().make()


def test_a_plain_store_needs_no_key_and_makes_none(home: Paths) -> None:
    plain = Settings(store=StoreSettings(encrypt=False))
    database = open_store(home, plain, key_of(home, plain))
    database.run_sync(lambda s: observations.append(s, observation("canary words")))
    database.close()
    assert b"canary words" in home.database.read_bytes()
    assert not (home.config / keys.NAME).exists()


def test_settings_that_do_not_fit_the_store_are_said_and_change_nothing(home: Paths) -> None:
    plain, secret = Settings(store=StoreSettings(encrypt=False)), Settings()
    open_store(home, plain, key_of(home, plain)).close()
    with pytest.raises(StoreLocked, match="not encrypted") as error:
        key_of(home, secret)
    assert "gumption key encrypt" in error.value.hint
    assert list(home.config.iterdir()) == []
    home.database.unlink()
    open_store(home, secret, key_of(home, secret)).close()
    with pytest.raises(StoreLocked, match="is encrypted") as error:
        open_store(home, plain, key_of(home, plain))
    assert "encrypt = false" in error.value.hint


def test_who_is_alone_settles_a_change_that_was_interrupted(home: Paths) -> None:
    key = key_of(home, Settings())
    open_store(home, Settings(), key).close()
    (home.config / keys.NEXT).write_text("file " + "2" * 64)
    with pytest.raises(StoreLocked):
        key_of(home, Settings())
    with ExitStack() as closing:
        opened = open_up(home, Settings(), None, closing)
        assert opened.key == key
        assert key.hex() not in repr(opened) and str(key) not in repr(opened)
        assert opened.database.read_sync(observations.count) == 0
    assert not (home.config / keys.NEXT).exists()


def test_whether_a_passphrase_is_needed_is_known_before_asking_for_it(home: Paths) -> None:
    plain = Settings(store=StoreSettings(encrypt=False))
    assert not needs_passphrase(home, Settings())
    for name in (keys.NAME, keys.NEXT):
        (home.config / name).write_text("passphrase x")
        assert needs_passphrase(home, Settings())
        assert not needs_passphrase(home, plain)
        (home.config / name).unlink()
