"""The terminal's stubs, with a real bash but without a display."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from app.desks.shell import Call, Shell, calls, inside
from gum.errors import ActionFailed


def run(tmp_path: Path, command: str, output: str = "", status: int = 0) -> tuple[str, list[int]]:
    """What a bash with the stubs prints for one typed command, and the statuses it told."""
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    number = len(list(tmp_path.glob("shell*")))
    shell = Shell(tmp_path / f"shell{number}", home, "robin")
    shell.expect(command, output, status, "")
    bash = [shutil.which("bash") or "bash", "--rcfile", str(shell.start_file), "-i"]
    done = subprocess.run(
        bash,
        input=command + "\n",
        env={"HOME": str(home), "PATH": os.environ["PATH"], "TERM": "dumb", "LANG": "C.UTF-8"},
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout, shell.statuses()


def test_a_command_prints_what_the_desk_says_and_ends_so(tmp_path: Path) -> None:
    said, statuses = run(tmp_path, 'pytest -q "tests/my test.py"', "1 failed\n\nassert 2 == 3", 1)
    assert said == "1 failed\n\nassert 2 == 3\n"
    assert statuses == [0, 1]


@pytest.mark.parametrize(
    "command",
    [
        "cat log.txt | grep -i 'error: x' | tail -3",
        "make clean && make all",
        "make all || make again",
        "cd build; FLAGS=-O2 ./run.sh --fast",
        "for n in 1 2 3; do python3 step.py $n; done",
        'git commit -m "Fix it! Don\'t ask"',
        "if true; then sudo systemctl restart db; fi",
        "time python3 -m unittest",
        ". venv/bin/activate",
        "venv/bin/python train.py 2>&1 | tee log.txt",
        "kill -9 99999999",
    ],
)
def test_compound_commands_print_it_once_and_reach_nothing_real(tmp_path: Path, command: str) -> None:
    said, statuses = run(tmp_path, command, "the output", 3 if "||" not in command else 0)
    assert said == "the output\n"
    assert len(statuses) == 2


def test_what_the_shell_itself_does_is_real(tmp_path: Path) -> None:
    said, _ = run(tmp_path, "cd Documents/paper && pwd && echo hi > x && echo done")
    assert said.split() == [str(tmp_path / "home" / "Documents" / "paper"), "done"]
    assert (tmp_path / "home" / "Documents" / "paper" / "x").read_text() == "hi\n"


def test_the_same_command_may_answer_otherwise_the_next_time(tmp_path: Path) -> None:
    assert run(tmp_path, "make", "broken", 2) == ("broken\n", [0, 2])
    assert run(tmp_path, "make", "fine") == ("fine\n", [0, 0])


@pytest.mark.parametrize(
    "command", ["/usr/bin/make", "echo x > /etc/motd", "cd ../../x", "../x/run", "echo x > ../y", "cd /tmp"]
)
def test_what_leads_out_of_the_home_is_refused(tmp_path: Path, command: str) -> None:
    (tmp_path / "home").mkdir()
    shell = Shell(tmp_path / "shell", tmp_path / "home", "robin")
    with pytest.raises(ActionFailed, match="home"):
        shell.expect(command, "", 0, "")
    assert not (tmp_path / "shell" / "table.json").exists()


def test_a_quote_that_never_ends_is_named() -> None:
    with pytest.raises(ActionFailed, match="cannot be understood"):
        calls("echo 'never")


def test_only_the_last_program_speaks() -> None:
    assert calls("a -1 | b 'x y'", 2)[0] == (Call(("a", "-1")), Call(("b", "x y"), "", True, 2))
    assert calls("a || b")[0] == (Call(("a",), "", False, 1), Call(("b",), "", True))
    assert calls("make; cd x")[0] == (Call(("make",), "", True),)
    assert calls("cd x && export A=1") == ((), "x")


def test_folders_are_followed() -> None:
    (make,), after = calls("cd a/b && make && cd ..", 0, "x")
    assert make.folder == "x/a/b" and after == "x/a"
    assert calls("cd", 0, "x")[1] == calls("cd ~", 0, "x")[1] == ""
    assert inside("~/a", "x") == "a" and inside("./a", "x") == "x/a"
