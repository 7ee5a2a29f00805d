"""app/doctor.py: the round itself. What is looked at is tested in test_checkup*.py."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import Settings
from app.doctor import Check, Patient, State, as_json, as_lines, examine
from app.paths import Paths
from gum.errors import CaptureUnavailable

HEAVY = ("torch", "transformers", "onnxruntime", "rapidocr", "xllamacpp", "chromadb", "PySide6", "fastapi")


@pytest.fixture
def patient(tmp_path: Path) -> Patient:
    return Patient(Paths(tmp_path / "data", tmp_path / "config", tmp_path / "models"), Settings(), {})


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    """Something that never answers, until the test is over."""
    event = threading.Event()
    yield event
    event.set()


def fine(patient: Patient) -> Check:
    return Check("fine", State.OK, "all well")


def test_a_check_that_hangs_is_a_finding_and_the_others_are_still_told(
    patient: Patient, stuck: threading.Event
) -> None:
    def hangs(patient: Patient) -> Check:
        stuck.wait()
        return fine(patient)

    found = examine(patient, {"stuck": hangs, "fine": fine}, patience_s=0.1)
    assert [check.name for check in found] == ["stuck", "fine"]
    assert [check.state for check in found] == [State.FAIL, State.OK]
    assert "0.1 s" in found[0].what
    assert found[0].mend


def test_the_worlds_fault_keeps_its_title_and_hint(patient: Patient) -> None:
    def fails(patient: Patient) -> Check:
        raise CaptureUnavailable("There is no screen", "Plug one in.")

    assert examine(patient, {"screen": fails}) == [
        Check("screen", State.FAIL, "There is no screen", "Plug one in.")
    ]


def test_a_bug_in_one_check_does_not_end_the_round(patient: Patient) -> None:
    def buggy(patient: Patient) -> Check:
        raise KeyError("bug")

    found = examine(patient, {"buggy": buggy, "fine": fine})
    assert [check.state for check in found] == [State.FAIL, State.OK]
    assert "KeyError" in found[0].what
    assert "report" in found[0].mend


checks = st.builds(
    Check,
    st.sampled_from(["display", "disk"]),
    st.sampled_from(list(State)),
    st.sampled_from(["well", "not well"]),
    st.sampled_from(["", "type this", "type this\nthen that"]),
)


@given(st.lists(checks))
def test_only_a_failure_makes_the_result_bad_and_every_mend_is_told(found: list[Check]) -> None:
    told = json.loads(as_json(found))
    assert told["ok"] == all(check.state != "fail" for check in found)
    assert [entry["mend"] for entry in told["checks"]] == [check.mend for check in found]
    lines = as_lines(found)
    assert (lines[-1] == "Nothing is wrong.") == told["ok"]
    for check in found:
        for part in check.mend.splitlines():
            assert any(line.endswith(f"-> {part}") for line in lines)


def _doctor(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"GUMPTION_HOME": str(home), "PATH": os.environ["PATH"], "HOME": str(home), **more}
    return subprocess.run(
        [sys.executable, "-m", "gumption", "doctor", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


def test_without_a_display_the_doctor_says_so_and_ends_with_1(tmp_path: Path) -> None:
    done = _doctor(tmp_path, "--json")
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    assert told["ok"] is False
    display = next(check for check in told["checks"] if check["name"] == "display")
    assert display["state"] == "fail"
    assert "gumption demo" in display["mend"]
    assert not (tmp_path / "data").exists(), "a doctor makes nothing"


def test_a_settings_file_that_cannot_be_read_is_a_finding_not_the_end(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir(mode=0o700)
    (tmp_path / "config" / "settings.toml").write_text("[api\n")
    done = _doctor(tmp_path, "--json")
    assert done.returncode == 1, done.stderr
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert checks["settings"]["state"] == "fail"
    assert "settings.toml" in checks["settings"]["what"]
    assert "disk" in checks


def test_every_failure_and_every_warning_comes_with_a_mend(tmp_path: Path) -> None:
    told = json.loads(_doctor(tmp_path, "--json").stdout)
    assert [check["name"] for check in told["checks"] if check["state"] != "ok" and not check["mend"]] == []


def test_the_doctor_loads_no_model_and_no_window_toolkit(tmp_path: Path) -> None:
    code = (
        "import contextlib, io, sys\n"
        "from app.paths import Paths\nfrom app.doctor import run\n"
        "with contextlib.redirect_stdout(io.StringIO()): run(Paths.home())\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={"GUMPTION_HOME": str(tmp_path), "PATH": os.environ["PATH"]},
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
