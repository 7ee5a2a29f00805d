"""The result on the terminal."""

import json

import pytest

from app.client import Json
from app.demo.tell import tell

TOLD: Json = {
    "ok": False,
    "problems": ["no action was undone"],
    "propositions": [{"text": "Works on x", "confidence": 0.5, "evidence": [{"quote": "a\nb"}]}],
    "excluded": {"Private windows": 2},
    "leaks": [],
    "observations": 3,
    "suggestion": {"text": "Remind?"},
    "action": {"verified": True, "undone": False},
    "report": "/tmp/r.html",
}


def test_json_is_one_object_and_problems_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    tell(TOLD, as_json=True)
    out, err = capsys.readouterr()
    assert json.loads(out) == TOLD
    assert "no action was undone" in err and "--keep" in err


def test_a_person_reads_claims_quotes_and_what_was_done(capsys: pytest.CaptureFixture[str]) -> None:
    tell({**TOLD, "ok": True}, as_json=False)
    out, err = capsys.readouterr()
    assert "50%  Works on x" in out and "“a b”" in out and "Private windows: 2" in out and "not undone" in out
    assert err == ""
