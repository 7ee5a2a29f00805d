"""Where in a TOML text a value stands. The standard parser gives no places, so this scans for them.

It scans text that `tomllib` has already accepted, and so checks nothing: it only knows where keys, headers
and values begin (https://toml.io/en/v1.0.0).
"""

import re
import tomllib
from collections.abc import Mapping

Path = tuple[str | int, ...]
"""The way to a value: names of tables and keys, and places in lists: ("sessions", 0, "steps", 3, "do")."""

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
)
_PLAIN = re.compile(r"[^,\]}\n#]*")  # a number, a flag or a time


class Malformed(Exception):
    """Something in a desk is not as it must be: where, what is wrong, and what was expected instead."""

    def __init__(self, path: Path, what: str, expected: str) -> None:
        super().__init__(what)
        self.path = path
        self.what = what
        self.expected = expected


def places(text: str) -> Mapping[Path, int]:
    """The line (from 1) of every table, key and element of a list in a valid TOML text."""
    return _Scan(text).run()


def line(found: Mapping[Path, int], path: Path) -> int:
    """The line of a path, else of the nearest thing around it that stands in the text; 1 for the whole."""
    while path and path not in found:
        path = path[:-1]
    return found[path] if path else 1


class _Scan:
    """Goes through a text once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line, self._counted = 1, 0
        self._found: dict[Path, int] = {}
        self._lengths: dict[Path, int] = {}  # of lists of tables, by the path of the list

    def run(self) -> Mapping[Path, int]:
        table: Path = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)
        return self._found

    def _header(self) -> Path:
        """[a.b] or [[a.b]]; the path of the table that it begins."""
        many = self._text.startswith("[[", self._at)
        here = self._here()
        self._at += 2 if many else 1
        names = self._names()
        self._skip(_SPACE)
        self._at += 2 if many else 1
        path: Path = ()
        for name in names[:-1]:
            path = self._last((*path, name))
            self._found.setdefault(path, here)
        path = (*path, names[-1])
        self._found.setdefault(path, here)
        if many:
            count = self._lengths.get(path, 0)
            self._lengths[path] = count + 1
            path = (*path, count)
            self._found[path] = here
        return path

    def _last(self, path: Path) -> Path:
        """Inside a list of tables, a header means its last table."""
        count = self._lengths.get(path)
        return path if count is None else (*path, count - 1)

    def _pair(self, table: Path) -> None:
        """key = value"""
        here = self._here()
        path = table
        for name in self._names():
            path = (*path, name)
            self._found.setdefault(path, here)
        self._skip(_SPACE)
        self._at += 1  # "="
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: Path) -> None:
        first = self._text[self._at]
        if first == "[":
            self._list(path)
        elif first == "{":
            self._inline(path)
        else:
            self._skip(_STRING if first in "\"'" else _PLAIN)

    def _list(self, path: Path) -> None:
        self._at += 1
        count = 0
        self._skip(_BLANK)
        while self._text[self._at] != "]":
            element = (*path, count)
            self._found[element] = self._here()
            self._value(element)
            count += 1
            self._skip(_BLANK)
            if self._text[self._at] == ",":
                self._at += 1
                self._skip(_BLANK)
        self._at += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        self._skip(_BLANK)
        while self._text[self._at] != "}":
            self._pair(path)
            self._skip(_BLANK)
            if self._text[self._at] == ",":
                self._at += 1
                self._skip(_BLANK)
        self._at += 1

    def _names(self) -> list[str]:
        """A key, which may be several joined by dots."""
        names = []
        while True:
            self._skip(_SPACE)
            key = self._skip(_KEY)
            names.append(next(iter(tomllib.loads(f"{key} = 0"))) if key[0] in "\"'" else key)
            self._skip(_SPACE)
            if self._text[self._at] != ".":
                return names
            self._at += 1

    def _skip(self, pattern: re.Pattern[str]) -> str:
        """Goes past what the pattern matches here, and returns it."""
        match = pattern.match(self._text, self._at)
        assert match is not None  # the text has been parsed before
        self._at = match.end()
        return match[0]

    def _here(self) -> int:
        """The line of the present place. Counts on from the last one asked for: places only go forward."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line
