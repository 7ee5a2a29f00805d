"""Where things stand in a TOML text."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desks.places import line, places

TRICKY = '''\
# a comment with [table] and key = 1
title = "a \\" quoted # text" # and = more
"quoted key" = 1
'literal.key' = 2
a.b.c = 3
a."d e" = 4

[table]   # [not.this]
lines = """
[not.a.table]
key = "no"
""\\" three quotes, nearly
"""
literal = \'\'\'
it's = 'one'
\'\'\'
after = 5
list = [
  1, # one ]
  "two, [2]",
  [3, 4],
  { x = 1, y = { z = [
    7,
    8 ] } },
]
flat = { left = 1, right.under = "}" }
when = 2026-03-02T09:00:00

[[things]]
name = "first"

[[things.parts]]
size = 1

[[things.parts]]
size = 2

[things.parts.detail]
deep = true

[[things]]
name = "second"
parts = []

[a.table."with dots.in"]
end = """ends with two quotes"""""
last = 1
'''


def _paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _paths(one, (*path, key))
    if isinstance(value, list):
        for i, one in enumerate(value):
            yield from _paths(one, (*path, i))


def _line_of(mark: str, text: str = TRICKY) -> int:
    found = [i for i, one in enumerate(text.split("\n"), 1) if mark in one]
    assert len(found) == 1, (mark, found)
    return found[0]


def test_everything_that_the_parser_finds_has_a_place_and_nothing_else_has() -> None:
    assert set(places(TRICKY)) == set(_paths(tomllib.loads(TRICKY)))


@pytest.mark.parametrize(
    ("path", "mark"),
    [
        (("title",), "title ="),
        (("quoted key",), '"quoted key"'),
        (("literal.key",), "'literal.key'"),
        (("a", "b", "c"), "a.b.c"),
        (("a", "d e"), 'a."d e"'),
        (("table",), "[table]   #"),
        (("table", "lines"), 'lines = """'),
        (("table", "literal"), "literal = '''"),
        (("table", "after"), "after ="),
        (("table", "list"), "list = ["),
        (("table", "list", 0), "1, # one"),
        (("table", "list", 1), "two, [2]"),
        (("table", "list", 2, 1), "[3, 4]"),
        (("table", "list", 3, "y", "z"), "{ x = 1"),
        (("table", "list", 3, "y", "z", 1), "8 ] }"),
        (("table", "flat", "right", "under"), "flat ="),
        (("things", 0), '[[things]]\nname = "first"'),
        (("things", 0, "name"), '"first"'),
        (("things", 0, "parts", 0, "size"), "size = 1"),
        (("things", 0, "parts", 1, "size"), "size = 2"),
        (("things", 0, "parts", 1, "detail", "deep"), "deep = true"),
        (("things", 1, "name"), '"second"'),
        (("a", "table", "with dots.in", "end"), "end = "),
        (("a", "table", "with dots.in", "last"), "last = 1"),
    ],
)
def test_a_value_is_on_its_line(path: tuple[str | int, ...], mark: str) -> None:
    expected = TRICKY[: TRICKY.index(mark)].count("\n") + 1 if "\n" in mark else _line_of(mark)
    assert places(TRICKY)[path] == expected


def test_what_is_not_there_is_on_the_line_of_what_is_around_it() -> None:
    found = places(TRICKY)
    assert line(found, ("things", 1, "missing", 3)) == found["things", 1]
    assert line(found, ("nowhere",)) == 1
    assert line(found, ()) == 1
    assert line({}, ("things", 1)) == 1


def test_lines_of_windows_count_once() -> None:
    assert places("a = 1\r\n\r\n[b]\r\nc = 2\r\n") == {("a",): 1, ("b",): 3, ("b", "c"): 4}


# Letters of TOML's own grammar, so that texts look like tables where they must not.
_WORDS = st.text(alphabet="ab=.#,[]{}\"'\\ \n", max_size=12)
_VALUES = st.recursive(
    st.one_of(st.integers(), st.booleans(), _WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_WORDS, inner, max_size=3)),
    max_leaves=8,
)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _written(value: object, broken: bool) -> str:
    """A value as TOML; `broken`: lists and texts over several lines."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"""\n{_quoted(value)[1:-1]}"""' if broken else _quoted(value)
    if isinstance(value, list):
        between = ", # ]\n " if broken else ", "
        return "[" + between.join(_written(one, broken) for one in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(k)} = {_written(one, broken)}" for k, one in value.items()) + "}"
    return str(value)


@given(st.dictionaries(_WORDS, _VALUES, max_size=5), st.booleans())
def test_any_text_that_the_parser_takes_is_scanned_alike(data: dict[str, object], broken: bool) -> None:
    text, lines = "", {}
    for key, value in data.items():
        lines[key,] = text.count("\n") + 1
        text += f"{_quoted(key)} = {_written(value, broken)}\n"
    assert tomllib.loads(text) == data
    found = places(text)
    assert set(found) == set(_paths(data))
    assert {path: found[path] for path in lines} == lines


DESKS = sorted(Path(__file__).parents[2].glob("desks/*/desk.toml"))


@pytest.mark.parametrize("file", DESKS, ids=[file.parent.name for file in DESKS])
def test_the_places_of_a_written_desk(file: Path) -> None:
    text = file.read_text()
    lines = text.split("\n")
    found = places(text)
    assert set(found) == set(_paths(tomllib.loads(text)))
    for path, number in found.items():
        if isinstance(path[-1], str):
            assert path[-1] in lines[number - 1]
