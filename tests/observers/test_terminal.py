"""Commands and their output, as a reader of pixels gives them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.types import Line, Region
from observers.terminal import FIRST_LINES, LAST_LINES, is_terminal, rows, terminal_segments

PROMPTS = [
    *("anna@host:~/code$ {}", "[anna@host code]$ {}", "anna@host: ~/code $ {}", "root@host:/srv# {}"),
    *("bash-5.2$ {}", "sh-5.2# {}", "(venv) $ {}", "$ {}", "~/code ❯ {}", "➜ {}", "PS C:\\Users> {}"),
]


@pytest.mark.parametrize("prompt", PROMPTS)
def test_every_usual_prompt_shows_its_command(prompt: str) -> None:
    lines = [prompt.format("pytest -q"), "1 failed in 0.3s", prompt.format("").rstrip()]
    assert terminal_segments(lines) == (["$ pytest -q\n1 failed in 0.3s"], [])


def test_a_lone_hash_is_a_prompt_only_when_one_waits() -> None:
    assert terminal_segments(["# make test", "ok", "#"])[0] == ["$ make test\nok"]
    assert terminal_segments(["$ cat README", "# Title", "text", "$"])[0] == ["$ cat README\n# Title\ntext"]


def test_what_is_still_being_typed_is_no_command() -> None:
    assert terminal_segments(["$ ls", "a", "$ rm -r"]) == (["$ ls\na"], [])


def test_output_above_the_first_prompt_is_nobodys() -> None:
    assert terminal_segments(["old line", "$ ls", "a", "$"]) == (["$ ls\na"], ["old line"])


def test_of_long_output_both_ends_are_kept() -> None:
    (told,), _ = terminal_segments(["$ make", *(f"line {n}" for n in range(100)), "$"])
    lines = told.splitlines()
    assert lines[1] == "line 0" and lines[-1] == "line 99" and "…" in lines
    assert len(lines) == 1 + FIRST_LINES + 1 + LAST_LINES


@given(st.lists(st.text("abc $#@:~", max_size=20)))
def test_every_line_told_was_there(lines: list[str]) -> None:
    commands, rest = terminal_segments(lines)
    there = [line.rstrip() for line in lines]
    for told in commands:
        head, *output = told.splitlines()
        assert any(line.endswith(head.removeprefix("$ ")) for line in there)
        assert all(line in there for line in output)
    assert all(line in there for line in rest)


def test_pieces_side_by_side_are_one_row() -> None:
    lines = [
        Line("b", Region(0, 30, 50, 16), 1.0),
        Line("$", Region(0, 2, 10, 16), 1.0),
        Line("make test", Region(30, 0, 90, 18), 1.0),
    ]
    assert rows(lines) == ["$ make test", "b"]


def test_terminals_are_known() -> None:
    assert is_terminal("xterm") and is_terminal("Alacritty") and not is_terminal("mousepad")
