"""The whole program, end to end: real screen, real programs, the normal daemon and tray, the real card."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.desktop
@pytest.mark.model
@pytest.mark.timeout(600)
def test_from_live_pixels_to_an_evidenced_proposition_a_suggestion_and_an_undone_action(
    tmp_path: Path,
) -> None:
    report = tmp_path / "report.html"
    command = [sys.executable, "-m", "gumption", "demo", "--json", "--report", str(report)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=580)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["ok"] and len(told["propositions"]) >= 3 and told["leaks"] == []
    assert all(any(e["occurs"] for e in p["evidence"]) for p in told["propositions"])
    assert told["excluded"]["Private windows"] and told["excluded"]["Password managers"]
    assert told["suggestion"]["accepted"] and told["action"] == {"verified": True, "undone": True}
    assert "data:image/jpeg;base64," in report.read_text()
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]
