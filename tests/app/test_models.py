import json
from pathlib import Path

import pytest

from app.models import Bars, run
from app.paths import Paths
from gum.errors import NotFound
from gum.model.files import Manifest


def paths(folder: Path) -> Paths:
    return Paths(folder / "data", folder / "config", folder / "models")


def test_missing_files_are_listed_with_their_mend_and_fail_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(paths(tmp_path), "list", []) == 0
    assert "missing" in capsys.readouterr().out
    assert run(paths(tmp_path), "check", ["embedder"], json=True) == 1
    rows = json.loads(capsys.readouterr().out)
    assert {row["model"] for row in rows} == {"embedder"}
    assert all("gumption models pull" in row["hint"] for row in rows)


def test_a_wrong_file_is_called_corrupt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = Manifest.load().model("embedder").file("tokenizer.json")
    file = tmp_path / "models" / "embedder" / entry.name
    file.parent.mkdir(parents=True)
    file.write_bytes(bytes(entry.size))
    assert run(paths(tmp_path), "check", ["embedder"]) == 1
    assert "corrupt" in capsys.readouterr().out


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    for action in ("list", "check", "pull"):
        with pytest.raises(NotFound):
            run(paths(tmp_path), action, ["no-such-model"])


def test_bars_follow_a_download_that_starts_again() -> None:
    bars = Bars()
    for done in (10, 50, 0, 100):
        bars("embedder/model.onnx", done, 100)
    bars.close()
