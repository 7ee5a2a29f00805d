"""YAML: a block in, a block out, read back by a real YAML parser."""

import pytest
import yaml as parser
from hypothesis import given
from hypothesis import strategies as st

from app.splice import yaml
from app.splice.edit import Unreadable

PATH = ("extensions", "gumption")
ENTRY = {
    "name": "gumption", "type": "stdio", "enabled": True, "cmd": "/opt/gümption/bin/gumption",
    "args": ["mcp", "--as", "goose"], "timeout": 60, "envs": {},
}  # fmt: skip
HEADS = ["", "---\n", "# mine\n", "GOOSE_MODE: auto\n", "note: |\n  extensions:\n    gumption: no\n"]
BLOCKS = [
    "",
    "extensions:\n",
    "extensions: {}\n",
    "extensions:   # none yet\n\n",
    "extensions:\n  developer:\n    enabled: true\n",
    "extensions:\n    developer:\n        enabled: true\n    'memory':\n        type: builtin\n",
    "extensions:\n\n  # first\n  developer: {enabled: true}\n",
]
TAILS = ["", "GOOSE_TOOLSHIM: true\n", "paths:\n- a\n- b\n", "# end"]
TEXTS = st.builds(
    lambda head, block, tail, end: (head + block + tail).replace("\n", end),
    st.sampled_from(HEADS), st.sampled_from(BLOCKS), st.sampled_from(TAILS), st.sampled_from(["\n", "\r\n"]),
)  # fmt: skip


@given(TEXTS, st.booleans())
def test_added_and_undone_is_byte_for_byte_as_it_was(text: str, cut: bool) -> None:
    text = text.rstrip("\r\n") if cut else text
    edit = yaml.put(text, PATH, ENTRY)
    after = edit.done(text)
    assert edit.undone(after) == text
    # With the end of its last line, which a block of text counts as its own (YAML 1.2.2, chapter 8.1.1.2).
    before = parser.safe_load(f"{text}\n" if cut else text) or {}
    assert parser.safe_load(after) == {
        **before, "extensions": {**(before.get("extensions") or {}), "gumption": ENTRY},
    }  # fmt: skip
    left = parser.safe_load(yaml.without(after, PATH)) or {}
    assert left.pop("extensions") in (None, {}, before.get("extensions"))
    before.pop("extensions", None)
    assert left == before
    assert yaml.entry(text, PATH) is None
    found = yaml.entry(after, PATH)
    assert found is not None and parser.safe_load(found) == {"gumption": ENTRY}


@given(st.text(max_size=20))
def test_any_command_can_be_said(command: str) -> None:
    after = yaml.put("", PATH, {"cmd": command}).done("")
    readable = all(c.isprintable() or c in "\n\t" for c in command)
    if readable:
        assert parser.safe_load(after)["extensions"]["gumption"]["cmd"] == command


@pytest.mark.parametrize(
    "text",
    [
        "{extensions: {}}",
        "- a\n- b\n",
        "a: 1\n---\nb: 2\n",
        "extensions: [a]\n",
        "extensions: {developer: {}}\n",
        "extensions: *other\n",
        "extensions: &x\n  developer: {}\n",
        "extensions:\n- a\n",
        "extensions:\n\tdeveloper: {}\n",
        "extensions: {}\nextensions: {}\n",
        "extensions:\n  gumption:\n    cmd: mine\n",
        "extensions:\n  - developer\n",
    ],
)
def test_what_cannot_be_added_to_is_left_alone(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        yaml.put(text, PATH, ENTRY)
    assert caught.value.hint
