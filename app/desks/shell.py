"""A terminal that prints what the desk says: a real bash, in which every program is a stub.

The stubs lie in one folder, which is all of PATH: a command line of a desk, which anybody may have written,
starts nothing else. `cd` and the other words of the shell itself work as always.
"""

import json
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from app.desks import answer
from gum.errors import ActionFailed

# Words of the shell that do what they do. Others of it that could reach outside are switched off, so that a
# stub is found in their place.
_OWN = frozenset(
    {
        *("cd", "pushd", "popd", "dirs", "pwd", "export", "unset", "set", "alias", "unalias", "declare"),
        *("local", "readonly", "true", "false", ":", "echo", "printf", "test", "[", "[[", "history", "exit"),
    }
)
_OFF = (
    *("kill", "source", ".", "exec", "eval", "command", "builtin", "trap", "ulimit", "umask", "type"),
    *("hash", "read", "mapfile", "readarray", "suspend", "logout", "bind", "complete", "enable"),
)
_KEPT = ("mkdir", "touch", "clear")  # real programs that may stay
# A command follows these.
_BEFORE = frozenset({"if", "then", "else", "elif", "while", "until", "do", "!", "time", "{"})
_NO_COMMAND = frozenset({"for", "case", "select", "function", "in"})  # a word follows these
_CLOSING = frozenset({"fi", "done", "esac", "}"})
_JOINTS = frozenset(";|&()\n")
_ASSIGNED = re.compile(r"[A-Za-z_]\w*\+?=")
_OUTSIDE = re.compile(r">\s*[\"']?(?!/dev/(?:null|stdout|stderr|tty)\b)(?:/|\S*\.\.)")
_HINT = "A desk's commands may name programs without a path, or below the person's home."


@dataclass(frozen=True, slots=True)
class Call:
    """A program that a command line starts in `folder`, below the home. Only the last one `speaks`."""

    words: tuple[str, ...]
    folder: str = ""
    speaks: bool = False
    status: int = 0


def calls(command: str, status: int = 0, folder: str = "") -> tuple[tuple[Call, ...], str]:
    """The programs of a command line run in `folder`, in order, and the folder that it leads to.

    The last one speaks and ends with `status`; one before `||` fails, so that what follows it is run.
    Raises ActionFailed for what cannot be understood, and for a `cd` that leads out of the home.
    """
    simple = [(words, joint) for words, joint in _simple(command) if words]
    speaker = max((i for i, (words, _) in enumerate(simple) if words[0] not in _OWN), default=-1)
    found: list[Call] = []
    for index, (words, joint) in enumerate(simple):
        last = index == speaker
        if words[0] == "cd":
            folder = inside(words[1] if len(words) > 1 else "~", folder)
        elif words[0] not in _OWN:
            first = "source" if words[0] == "." else words[0]
            ends = status if last else int(joint == "||")
            found.append(Call((first, *words[1:]), folder, last, ends))
    return tuple(found), folder


def _simple(command: str) -> Iterator[tuple[list[str], str]]:
    """The words of each simple command and the sign that ends it. Redirections are left out."""
    words: list[str] = []
    skip = False
    for token in _tokens(command):
        if token and set(token) <= _JOINTS:
            yield words, token
            words, skip = [], False
        elif set(token) <= set("<>&"):
            skip = True  # its target is no word of the command
        elif skip:
            skip = False
        elif not words and (token in _BEFORE or token in _CLOSING or _ASSIGNED.match(token)):
            continue
        else:
            words.append(token)
    yield ([] if words and words[0] in _NO_COMMAND else words), ""


def _tokens(command: str) -> list[str]:
    lexer = shlex.shlex(command, posix=True, punctuation_chars=";|&()<>\n")
    lexer.whitespace = " \t"
    lexer.whitespace_split = True
    lexer.commenters = "#"
    try:
        return list(lexer)
    except ValueError as error:
        raise ActionFailed(f"The command cannot be understood: {command}", f"{error}.") from error


def inside(path: str, folder: str) -> str:
    """`path` as seen from `folder`, both below the home. Raises ActionFailed when it leads outside."""
    start = PurePosixPath() if path == "~" or path.startswith("~/") else PurePosixPath(folder)
    parts: list[str] = list(start.parts)
    for part in PurePosixPath(path.removeprefix("~").lstrip("/") if path.startswith("~") else path).parts:
        if part == "..":
            if not parts:
                raise ActionFailed(f"A command leads out of the person's home: {path}", _HINT)
            parts.pop()
        elif part == "/":
            raise ActionFailed(f"A command leads out of the person's home: {path}", _HINT)
        else:
            parts.append(part)
    return "/".join(parts)


class Shell:
    """The stubs and the start file of a terminal; `folder` is its own, `home` the person's."""

    def __init__(self, folder: Path, home: Path, user: str) -> None:
        self._folder, self._home = folder, home
        self._bin = folder / "bin"
        self._number = 0
        self._bin.mkdir(parents=True)
        stub = self._bin / ".stub"
        python = shlex.join([sys.executable, "-I", "-S", str(Path(answer.__file__)), str(folder)])
        stub.write_text(f'#!/bin/sh\nexec {python} "$0" "$@"\n', encoding="utf-8")
        stub.chmod(0o700)
        for name in _KEPT:
            found = shutil.which(name)
            if found is not None:
                (self._bin / name).symlink_to(found)
        lines = (
            rf"PS1='\[\e]0;{user}@desk: \w\a\]{user}@desk:\w$ '",
            f"export PATH={shlex.quote(str(self._bin))}",
            "alias .=source",  # a stub cannot have that name
            f"enable -n {' '.join(_OFF)}",
            "set +H; unset HISTFILE MAILCHECK",  # a "!" in a text is not the history
            f"PROMPT_COMMAND='echo $? >> {shlex.quote(str(self._done))}'",
        )
        self.start_file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    @property
    def start_file(self) -> Path:
        """What bash is given as --rcfile."""
        return self._folder / "bashrc"

    @property
    def _done(self) -> Path:
        return self._folder / "done"

    def statuses(self) -> list[int]:
        """The status before each prompt so far; the first one is that of a new terminal."""
        return [int(line) for line in self._done.read_text().split()] if self._done.exists() else []

    def expect(self, command: str, output: str, status: int, folder: str) -> str:
        """Makes what the command needs, so that it prints `output` and ends with `status`.

        `folder`, below the home, is where it is run; gives the folder it leads to. Raises ActionFailed when
        the command would reach outside the person's home.
        """
        if _OUTSIDE.search(command):
            raise ActionFailed(f"A command writes outside the person's home: {command}", _HINT)
        found, after = calls(command, status, folder)
        for call in found:
            self._stub(call.words[0], call.folder)
        self._number += 1
        rows = [
            {"words": [Path(c.words[0]).name, *c.words[1:]], "speaks": c.speaks, "status": c.status}
            for c in found
        ]
        table = {"number": self._number, "output": output, "calls": rows}
        (self._folder / "table.json").write_text(json.dumps(table), encoding="utf-8")
        (self._home / after).mkdir(parents=True, exist_ok=True)
        return after

    def _stub(self, word: str, folder: str) -> None:
        """A stub where bash will look for the program of that name."""
        place = self._bin / word if "/" not in word else self._home / inside(word, folder)
        if place.parent == self._bin and word in _KEPT:
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.is_symlink():
            place.unlink(missing_ok=True)
            place.symlink_to(self._bin / ".stub")
