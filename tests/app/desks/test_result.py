"""Runs are kept as lines that are only added, and read back as they were."""

import json
import math
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.desks.figures import FIGURES
from app.desks.result import Result, about, arm_result, as_object, last_recorded, record
from gum.errors import GumptionError, StoreReadOnly
from tests.app.desks.builders import belief, checkpoint, desk, fact, played

RUNS = [(desk(facts=[fact()]), played(checkpoint(1, belief("Works on fish-ladder.tex", 0.7))))]


def run(commit: str = "abc", **settings: object) -> Result:
    return Result(
        at=datetime(2026, 12, 2, 10, tzinfo=UTC),
        commit=commit,
        machine={"cores": 2},
        settings={"set": "small", "model": "oracle", **settings},
        seeds=(0, 1),
        arms=(arm_result("gumption", RUNS, 1), arm_result("last_k", [], 1)),
        about=about(RUNS),
    )


def test_the_object_has_every_figure_and_no_nan() -> None:
    told = json.loads(json.dumps(as_object(run()), allow_nan=False))
    assert list(told["figures"]) == list(FIGURES)
    assert told["figures"]["precision"] == 1.0
    assert told["figures"]["accuracy_above_08"] is None
    assert told["intervals"]["precision"] == [1.0, 1.0]
    assert set(told["arms"]) == {"gumption", "last_k"}
    assert (told["name"], told["commit"], told["seeds"]) == ("desks", "abc", [0, 1])


def test_what_was_recorded_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "new" / "desks.jsonl"
    assert last_recorded(file) is None
    record(file, run("one"))
    first = file.read_text()
    record(file, run("two"))
    assert file.read_text().startswith(first)
    back = last_recorded(file)
    assert back is not None
    assert (back.commit, back.at, back.seeds) == ("two", run().at, (0, 1))
    assert back.arms[0].figures["precision"] == 1.0
    assert back.arms[0].intervals["precision"] == (1.0, 1.0)
    assert math.isnan(back.arms[0].figures["accuracy_above_08"])


def test_only_runs_with_the_same_set_and_model_are_compared(tmp_path: Path) -> None:
    file = tmp_path / "desks.jsonl"
    record(file, run("small", seconds=4))
    record(file, run("pixels", set="pixels"))
    record(file, run("default", model="default"))
    back = last_recorded(file, run().settings)
    assert back is not None
    assert back.commit == "small"
    assert last_recorded(file, {"set": "all", "model": "oracle"}) is None


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"arms": 3}', '{"arms": {"a": {}}}', "null"])
def test_a_line_that_is_no_run_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "desks.jsonl"
    record(file, run())
    with file.open("a") as more:
        more.write(f"\n{line}\n")
    with pytest.raises(GumptionError) as error:
        last_recorded(file)
    assert error.value.title.startswith(f"{file}:3")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreReadOnly):
        record(tmp_path / "file" / "desks.jsonl", run())


def test_about_names_each_desk() -> None:
    assert about(RUNS) == {"robin": "A hydrologist."}
