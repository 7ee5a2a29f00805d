import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.lock import InstanceLock
from app.paths import Paths
from app.transfer import export_to, import_from
from gum.errors import AlreadyRunning, ImportRefused, NotFound, StoreReadOnly
from storage import observations, propositions
from storage.db import Database
from storage.keys import data_key
from tests.builders import evidence, observation, proposition
from tests.storage.builders import new


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv("GUMPTION_HOME", str(tmp_path / "home"))
    return Paths.home().make()


def filled(paths: Paths) -> None:
    key = data_key(paths.config, paths.database, keyring_ok=False)
    database = Database.open(paths.database, key)
    seen = observation("a *bold* line\nand <b>more</b>", id="seen")
    claim = proposition("Works on a_b_c.tex", id="claim")
    database.run_sync(lambda s: observations.append(s, seen))
    database.run_sync(
        lambda s: propositions.commit(s, [new(claim, [evidence("seen", "*bold* line\nand <b>")])])
    )
    database.close()


def another(paths: Paths, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Paths:
    monkeypatch.setenv("GUMPTION_HOME", str(tmp_path / "other"))
    return Paths.home().make()


def test_an_export_fills_another_folder_and_comes_out_the_same(
    home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(home)
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    export_to(home, first, markdown=False)
    other = another(home, monkeypatch, tmp_path)
    counts = import_from(other, first)
    assert (counts["observations"], counts["propositions"], counts["evidence"]) == (1, 1, 1)
    export_to(other, second, markdown=False)
    assert first.read_text() == second.read_text()
    assert first.stat().st_mode & 0o777 == 0o600


def test_markdown_is_for_people_and_screen_text_is_no_markup_in_it(home: Paths, tmp_path: Path) -> None:
    filled(home)
    file = tmp_path / "known.md"
    export_to(home, file, markdown=True)
    text = file.read_text()
    assert "- **Works on a\\_b\\_c.tex**" in text
    assert "“\\*bold\\* line and \\<b\\>”" in text


def test_an_export_works_beside_a_daemon_and_an_import_waits_for_its_end(home: Paths, tmp_path: Path) -> None:
    filled(home)
    file = tmp_path / "a.jsonl"
    with InstanceLock(home.lock):
        assert export_to(home, file, markdown=False) > 3
        with pytest.raises(AlreadyRunning):
            import_from(home, file)


def test_nothing_is_written_over_and_nothing_is_made_of_nothing(
    home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotFound):
        export_to(home, None, markdown=False)
    filled(home)
    taken = tmp_path / "taken"
    taken.write_text("mine")
    with pytest.raises(StoreReadOnly, match="there already"):
        export_to(home, taken, markdown=False)
    assert taken.read_text() == "mine"
    other = another(home, monkeypatch, tmp_path)
    with pytest.raises(ImportRefused, match="cannot be read"):
        import_from(other, tmp_path / "nowhere")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ImportRefused, match="cannot be read"):
        import_from(other, tmp_path / "binary")


def test_the_commands(home: Paths, tmp_path: Path) -> None:
    filled(home)

    def gumption(*words: str, folder: Path) -> "subprocess.CompletedProcess[str]":
        env = {**os.environ, "GUMPTION_HOME": str(folder)}
        return subprocess.run(
            [sys.executable, "-m", "gumption", *words], env=env, capture_output=True, text=True
        )

    told = gumption("export", folder=tmp_path / "home")
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout.splitlines()[0])["gumption"] == 1
    (tmp_path / "x.jsonl").write_text(told.stdout)
    taken = gumption("import", str(tmp_path / "x.jsonl"), "--json", folder=tmp_path / "third")
    assert taken.returncode == 0, taken.stderr
    assert json.loads(taken.stdout)["propositions"] == 1
    again = gumption("import", str(tmp_path / "x.jsonl"), folder=tmp_path / "third")
    assert again.returncode == 1
    assert "something in this store already" in again.stderr
