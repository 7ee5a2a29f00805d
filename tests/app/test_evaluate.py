import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.desks.campaign import HERE
from app.desks.contexts import FIGURES as CONTEXT
from app.desks.figures import FIGURES
from app.evaluate_privacy import FIGURES as PRIVACY


def evaluate(*words: str, home: Path) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "GUMPTION_HOME": str(home)}
    command = [sys.executable, "-m", "gumption", "eval", *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, cwd=home)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HERE / "student-nurse", tmp_path / "elsewhere" / "nurse"))


def test_a_desk_from_outside_is_measured_without_a_change_of_code(desk: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    told = evaluate(
        *("desks", "--path", str(desk), "--model", "oracle", "--json", "--html", str(page), "--alike"),
        home=tmp_path,
    )
    assert told.returncode == 0, told.stderr
    result = json.loads(told.stdout)
    assert result["name"] == "desks"
    assert {"at", "commit", "machine", "settings", "seeds", "figures", "intervals", "arms"} <= set(result)
    assert list(result["figures"]) == list(FIGURES)
    assert result["figures"] == result["arms"]["gumption"]["figures"]
    assert set(result["arms"]) == {"gumption", "gum", "last_k", "base_rate"}
    assert result["figures"]["secrets_stored"] == 0
    assert 0 < result["arms"]["gum"]["alike"]["recall_alike"] <= 1
    assert page.read_text().startswith("<!")


def test_one_arm_as_a_table(desk: Path, tmp_path: Path) -> None:
    told = evaluate("desks", "--path", str(desk), "--arm", "last_k", home=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "last_k" in told.stdout
    assert "gumption" not in told.stdout
    assert all(figure in told.stdout for figure in FIGURES)


def test_the_figures_are_named_and_what_is_not_there_is_told(tmp_path: Path) -> None:
    listed = evaluate("--list", "--json", home=tmp_path)
    assert json.loads(listed.stdout) == [
        {"name": "desks", "figures": list(FIGURES)},
        {"name": "context", "figures": list(CONTEXT)},
        {"name": "privacy", "figures": list(PRIVACY)},
    ]
    for words in ((), ("nothing",)):
        told = evaluate(*words, home=tmp_path)
        assert told.returncode == 1
        assert "There are: desks" in told.stderr
    told = evaluate("desks", "--path", str(tmp_path / "nowhere"), home=tmp_path)
    assert told.returncode == 1
    assert "nowhere" in told.stderr


def test_contexts_are_measured_in_two_parts(desk: Path, tmp_path: Path) -> None:
    told = evaluate("context", "--path", str(desk), "--json", home=tmp_path)
    assert told.returncode == 0, told.stderr
    result = json.loads(told.stdout)
    assert list(result["figures"]) == list(CONTEXT)
    assert result["figures"] == result["parts"]["test"]["figures"]
    assert result["parts"]["tuning"]["asked"] > 10
