"""TOML: a table in, a table out."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.splice import toml
from app.splice.edit import Unreadable

PATH = ("mcp_servers", "gumption")
ENTRY = {
    "command": "/opt/gümption/bin/gumption",
    "args": ["mcp", "--as", "codex"],
    "env": {"GUMPTION_HOME": "/h"},
}
LINES = [
    "# mine", "", 'model = "o"', "[tools]", "web = true", "[mcp_servers.docs]", 'command = "npx"', "args = [",
    '  "[not a table]",', "]", "[[rules]]", 'text = """', "[mcp_servers.gumption]", '"""',
]  # fmt: skip
WHOLE = "\n".join(LINES)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_added_and_undone_is_byte_for_byte_as_it_was(end: str, last: bool) -> None:
    text = end.join(LINES) + (end if last else "")
    edit = toml.put(text, PATH, ENTRY)
    after = edit.done(text)
    assert edit.undone(after) == text and after.startswith(text)
    assert toml.entry(after, PATH) == ENTRY
    assert ("\n" in after.replace("\r\n", "")) == (end == "\n")
    assert tomllib.loads(after.replace("\r\n", "\n"))["mcp_servers"]["docs"] == {
        "command": "npx", "args": ["[not a table]"],
    }  # fmt: skip


@given(st.lists(st.sampled_from(LINES[:7]), max_size=6), st.sampled_from(["", "\n"]))
def test_any_file_is_added_to_or_left_alone(lines: list[str], end: str) -> None:
    text = "\n".join(lines) + end
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(Unreadable):
            toml.put(text, PATH, ENTRY)
        return
    edit = toml.put(text, PATH, ENTRY)
    after = edit.done(text)
    assert edit.undone(after) == text
    assert tomllib.loads(after) == {**before, PATH[0]: {**before.get(PATH[0], {}), PATH[1]: ENTRY}}
    left = tomllib.loads(toml.without(after + "\n[more]\nx = 1\n", PATH))
    assert left == {**before, "more": {"x": 1}}


@given(st.text(max_size=20), st.lists(st.text(max_size=9), max_size=3))
def test_any_command_can_be_said(command: str, args: list[str]) -> None:
    entry = {"command": command, "args": args}
    try:
        edit = toml.put("", PATH, entry)
    except Unreadable:
        assert any("\ud800" <= c <= "\udfff" for c in command + "".join(args))
        return
    assert toml.entry(edit.done(""), PATH) == entry


@pytest.mark.parametrize(
    "text",
    [
        "x = ",
        "mcp_servers = {}",
        "mcp_servers = 1",
        '[mcp_servers.gumption]\ncommand = "mine"',
        'mcp_servers = {gumption = {command = "x"}}',
    ],
)
def test_what_cannot_be_added_to_is_left_alone(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        toml.put(text, PATH, ENTRY)
    assert caught.value.hint


def test_an_entry_in_another_form_is_not_taken_out_by_force() -> None:
    with pytest.raises(Unreadable):
        toml.without('mcp_servers = {gumption = {command = "x"}}', PATH)
    assert toml.without(WHOLE, PATH) == WHOLE
