import json
from pathlib import Path

import pytest

from app import train
from gum.claims import TABLE
from gum.errors import NotFound


def test_what_is_learnt_at_two_desks_is_written_as_a_module(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "fitted.py"
    assert train.run("confidence", 2, json=True, file=file) == 0
    told = json.loads(capsys.readouterr().out)
    space: dict[str, object] = {}
    exec(file.read_text(), space)
    assert dict(space["WEIGHTS"]) == told["weights"]  # type: ignore[call-overload]
    assert {f"type:{kind}" for kind in TABLE} <= told["weights"].keys()
    assert told["lessons"] == sum(told["kinds"].values()) > 20
    assert str(told["figures"]["ece"]) in file.read_text()


def test_only_what_can_be_trained_is(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="Nothing of that name"):
        train.run("luck", None)
    with pytest.raises(NotFound, match="source"):
        train.run("confidence", 1, file=tmp_path / "nowhere" / "fitted.py")
