import sys
import time
from pathlib import Path

import pytest

from assistants.launch import Launcher
from gum.errors import ActionFailed


def until(path: Path) -> str:
    for _ in range(200):
        if path.exists() and path.read_text():
            return path.read_text()
        time.sleep(0.05)
    raise AssertionError("nothing was written")


def test_what_is_opened_is_one_argument_and_no_shell_sees_it(tmp_path: Path) -> None:
    said = tmp_path / "said"
    command = [sys.executable, "-c", f"import sys; open({str(said)!r}, 'w').write(repr(sys.argv[1:]))"]
    evil = "https://a.example/?q=$(touch x);`id`&b='c'"
    Launcher(browser=command).page(evil)
    assert until(said) == repr([evil])


def test_a_command_that_is_not_there_says_so() -> None:
    with pytest.raises(ActionFailed, match="could not be started"):
        Launcher(editor=["no-such-editor"]).file("/home/a/b.md")


def test_a_command_that_fails_says_so() -> None:
    started = Launcher(editor=[sys.executable, "-c", "raise SystemExit(4)"]).file("/home/a/b.md")
    for _ in range(200):
        try:
            started.check()
        except ActionFailed as error:
            assert "(4)" in error.title
            return
        time.sleep(0.05)
    raise AssertionError("it was not noticed")
