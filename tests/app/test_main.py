import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.main import _parser, main

HEAVY = (
    "torch",
    "transformers",
    "onnxruntime",
    "rapidocr",
    "chromadb",
    "sqlalchemy",
    "PySide6",
    "fastapi",
    "pydantic",
)


def commands() -> list[str]:
    [actions] = [a for a in _parser()._actions if a.dest == "command"]
    assert isinstance(actions.choices, dict)
    return list(actions.choices)


def gumption(*arguments: str, home: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "gumption", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"GUMPTION_HOME": str(home), "PATH": "/usr/bin:/bin"},
    )


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    script = (
        "import sys; from app.main import main\n"
        "try: main(['--help'])\n"
        f"except SystemExit: print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert out.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", commands())
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert len(capsys.readouterr().out.splitlines()) > 3


def test_every_command_that_prints_results_takes_json() -> None:
    needed = {
        "forget": ["--everything"],
        "history": ["id"],
        "verdict": ["id", "right"],
        "import": ["file"],
        "import-activitywatch": ["file"],
        "tell": ["text"],
        "react": ["id", "dismiss"],
        "answer": ["id", "yes"],
    }
    for command in set(commands()) - {"daemon", "export", "mcp", "restore"}:  # JSON as it is, or text
        arguments = [command, *needed.get(command, []), "--json"]
        assert _parser().parse_args(arguments).json, command


def test_a_failure_ends_with_status_1_a_title_and_a_hint(tmp_path: Path) -> None:
    failed = gumption("propositions", home=tmp_path)
    assert failed.returncode == 1
    title, hint = failed.stderr.splitlines()
    assert title == "gumption: Gumption is not running"
    assert "gumption daemon" in hint
    told = json.loads(gumption("propositions", "--json", home=tmp_path).stdout)
    assert told["error"]["title"] == "Gumption is not running"


def test_wrong_usage_ends_with_status_2(tmp_path: Path) -> None:
    assert gumption("no-such-command", home=tmp_path).returncode == 2
    assert gumption("forget", home=tmp_path).returncode == 2


@pytest.mark.parametrize("arguments", [["--app", ""], ["--proposition", ""]])
def test_an_empty_value_never_means_everything(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, object]] = []

    def post(self: object, path: str, body: dict[str, object]) -> dict[str, object]:
        sent.append(body)
        return {"forgotten": {"observations": 0, "propositions": 0}}

    monkeypatch.setattr("app.client.Client.post", post)
    with pytest.raises(SystemExit):
        main(["forget", *arguments])
    assert "everything" not in sent[0]
