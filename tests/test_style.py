"""The house rules that no other tool checks. Each names the file to look at when it fails."""

import argparse
import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.main import _parser

ROOT = Path(__file__).parents[1]
FOLDERS = ("app", "assistants", "gum", "observers", "storage")
LONGEST = 450  # lines of a file
BROAD = {"Exception", "BaseException"}


def _modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folders_readme_names_every_module_and_every_package_in_it(folder: str) -> None:
    here = ROOT / folder
    assert (here / "README.md").exists()
    text = (here / "README.md").read_text()
    modules = {path.stem for path in here.glob("*.py") if not path.stem.startswith("__")}
    packages = {path.name for path in here.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert sorted(name for name in modules | packages if not re.search(rf"\b{re.escape(name)}\b", text)) == []


def _arguments(parser: argparse.ArgumentParser, path: str) -> Iterator[tuple[str, argparse.Action]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                assert command.description, f"{path} {name} has no description"
                yield from _arguments(command, f"{path} {name}")
        else:
            yield path, action


def test_every_command_and_every_argument_has_help() -> None:
    silent = [
        f"{path} {'/'.join(action.option_strings) or action.dest}"
        for path, action in _arguments(_parser(), "gumption")
        if not action.help and not (action.choices and not action.option_strings)
    ]
    assert silent == []


def _commented_lines(source: str) -> set[int]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    # A bare "noqa" gives no reason.
    return {
        t.start[0]
        for t in tokens
        if t.type == tokenize.COMMENT and re.sub(r"noqa:?[ A-Z0-9,]*", "", t.string).strip("# -")
    }


def _names(kind: ast.expr | None) -> set[str]:
    if kind is None:
        return {"BaseException"}
    parts = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return {part.id for part in parts if isinstance(part, ast.Name)}


def _passes_on(handler: ast.ExceptHandler) -> bool:
    """Whether it only clears up and raises the same again."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_every_broad_except_gives_its_reason() -> None:
    """In a comment on its line, the line above, or the first two of its body."""
    unexplained = []
    for path in _modules(*FOLDERS, "packaging"):
        source = path.read_text()
        comments = _commented_lines(source)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ExceptHandler) and _names(node.type) & BROAD and not _passes_on(node):
                near = range(node.lineno - 1, node.lineno + 3)
                if not comments.intersection(near):
                    unexplained.append(f"{_name(path)}:{node.lineno}")
    assert unexplained == []


def test_no_file_is_longer_than_one_can_read_in_a_sitting() -> None:
    lengths = {_name(path): len(path.read_text().splitlines()) for path in _modules(*FOLDERS, "packaging")}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_nothing_is_left_for_later() -> None:
    mark = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b:?")
    left = []
    for path in _modules(*FOLDERS, "packaging"):
        for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline):
            if token.type == tokenize.COMMENT and mark.search(token.string):
                left.append(f"{_name(path)}:{token.start[0]}")
    assert left == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        _name(path)
        for path in _modules(*FOLDERS, "packaging")
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []
