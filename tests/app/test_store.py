from pathlib import Path

import pytest

from app.config import Settings
from app.paths import Paths
from app.store import key_of, open_store
from storage import observations
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
