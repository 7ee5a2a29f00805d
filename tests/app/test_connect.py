"""Other programs' settings with our entry in them, and without it again."""

import json
from pathlib import Path

import pytest
import yaml as parser
from hypothesis import given
from hypothesis import strategies as st

from app.connect import ENTRY, FORMS, TARGETS, Target, added, stands, undone
from tests.app.splice.texts import SERVERS, jsonc

HOME = Path("/home/ada")
COMMAND = ["/opt/gumption/bin/gumption", "mcp", "--as", "x"]
WRITTEN = [each for each in TARGETS.values() if each.form]
ENV = {"GUMPTION_HOME": "/h"}


@pytest.mark.parametrize("target", WRITTEN, ids=lambda each: each.name)
@pytest.mark.parametrize("text", ["", "\n", "# none\n"])
def test_every_program_is_written_to_and_cleared_again(target: Target, text: str) -> None:
    text = text if target.form != "json" or not text.strip() else "{}"
    entry = target.entry(COMMAND, ENV)
    assert not stands(target, text, entry)
    edit = added(target, text, entry)
    after = edit.done(text)
    assert stands(target, after, entry) and not stands(target, after, target.entry(COMMAND, {}))
    assert undone(target, after, edit) == text
    read = parser.safe_load(after) if target.form == "yaml" else FORMS[target.form].read(after)
    assert read[target.under][ENTRY] == entry
    assert entry[target.command] == COMMAND[0] and entry["args"] == COMMAND[1:]


@pytest.mark.parametrize(
    ("name", "system", "place"),
    [
        ("claude-desktop", "darwin", "Library/Application Support/Claude/claude_desktop_config.json"),
        ("claude-desktop", "win32", "AppData/Roaming/Claude/claude_desktop_config.json"),
        ("claude-desktop", "linux", ".config/Claude/claude_desktop_config.json"),
        ("claude-code", "win32", ".claude.json"),
        ("vscode", "linux", ".config/Code/User/mcp.json"),
        ("zed", "darwin", ".config/zed/settings.json"),
        ("goose", "win32", "AppData/Roaming/Block/goose/config/config.yaml"),
        ("codex", "linux", ".codex/config.toml"),
        ("jan", "linux", ".local/share/Jan/data/mcp_config.json"),
    ],
)
def test_each_keeps_its_settings_where_it_says(name: str, system: str, place: str) -> None:
    assert TARGETS[name].file(HOME, {}, system) == HOME / place


def test_folders_that_were_moved_are_found() -> None:
    moved = {"XDG_CONFIG_HOME": "/c", "CODEX_HOME": "/x", "APPDATA": "/a"}
    assert TARGETS["zed"].file(HOME, moved, "linux") == Path("/c/zed/settings.json")
    assert TARGETS["codex"].file(HOME, moved, "linux") == Path("/x/config.toml")
    assert TARGETS["jan"].file(HOME, moved, "win32") == Path("/a/Jan/data/mcp_config.json")


def test_every_program_names_where_that_is_written() -> None:
    assert all(each.docs.startswith("https://") for each in TARGETS.values())
    assert all(each.linux for each in WRITTEN)


@given(jsonc(), SERVERS)
def test_edited_meanwhile_only_our_entry_is_taken_out(text: str, others: dict[str, object]) -> None:
    target = TARGETS["claude-desktop"]
    entry = target.entry(COMMAND, {})
    edit = added(target, text, entry)
    after = edit.done(text)
    assert undone(target, after, edit) == text
    form = FORMS["json"]
    servers = dict(form.read(after)["mcpServers"])
    servers.pop(ENTRY)
    edited = after
    for name, value in others.items():
        if name not in servers:
            edited = form.put(edited, ("mcpServers", name), {"command": value}).done(edited)
    left = form.read(undone(target, edited, edit))
    added_ = {name: {"command": value} for name, value in others.items() if name not in servers}
    assert left.get("mcpServers", {}) == {**servers, **added_}
    assert {**left, "mcpServers": None} == {**form.read(text), "mcpServers": None}


@pytest.mark.parametrize("before", ["extensions:\n  a:\n    b: 1\n", "extensions: {}\n", "x: 1\n", ""])
@given(more=st.booleans(), above=st.booleans())
def test_in_yaml_too(before: str, more: bool, above: bool) -> None:
    target = TARGETS["goose"]
    entry = target.entry(COMMAND, {})
    edit = added(target, before, entry)
    text = edit.done(before)
    if more:
        text = text.rstrip("\n") + "\n  mine:\n    cmd: x\n"
    if above:
        text = "first: 1\n" + text
    found = parser.safe_load(text)
    del found["extensions"][ENTRY]
    left = parser.safe_load(undone(target, text, edit)) or {}
    assert {**left, "extensions": left.get("extensions") or {}} == found


def test_an_entry_of_somebody_else_comes_back(tmp_path: Path) -> None:
    target = TARGETS["cursor"]
    text = json.dumps({"mcpServers": {"gumption": {"command": "mine"}, "z": {}}}, indent=2)
    edit = added(target, text, target.entry(COMMAND, {}))
    after = edit.done(text)
    assert undone(target, after, edit) == text
    moved = f"// mine\n{after}"
    assert undone(target, moved, edit) == f"// mine\n{text}"
