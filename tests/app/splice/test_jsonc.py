"""JSON with comments: one entry in, one entry out, and not a byte besides."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.splice import jsonc
from app.splice.edit import Unreadable
from tests.app.splice.texts import ENTRY, INNER, OUTER, PATH, VALUES
from tests.app.splice.texts import jsonc as texts


def servers(text: str) -> dict[str, object]:
    whole = jsonc.read(text)
    assert isinstance(whole, dict)
    return dict(whole.get(OUTER, {}))


@given(texts())
def test_added_and_undone_is_byte_for_byte_as_it_was(text: str) -> None:
    edit = jsonc.put(text, PATH, ENTRY)
    after = edit.done(text)
    assert edit.undone(after) == text
    assert servers(after) == {**servers(text), INNER: ENTRY}
    assert jsonc.entry(after, PATH) == ENTRY and jsonc.entry(text, PATH) is None


@given(texts(comments=False))
def test_what_was_json_stays_json(text: str) -> None:
    after = jsonc.put(text, PATH, ENTRY).done(text).removeprefix("\ufeff")
    before = json.loads(text.removeprefix("\ufeff"))
    assert json.loads(after) == {**before, OUTER: {**before.get(OUTER, {}), INNER: ENTRY}}


@given(texts())
def test_taken_out_by_its_name_the_others_are_untouched(text: str) -> None:
    after = jsonc.without(jsonc.put(text, PATH, ENTRY).done(text), PATH)
    whole, before = jsonc.read(after), jsonc.read(text)
    assert isinstance(whole, dict) and isinstance(before, dict)
    assert whole == {**before, OUTER: before.get(OUTER, {})}
    assert jsonc.without(text, PATH) == text


@given(texts(), st.dictionaries(st.text(max_size=5), VALUES, max_size=3))
def test_an_entry_that_is_there_is_replaced_alone(text: str, other: dict[str, object]) -> None:
    first = jsonc.put(text, PATH, other).done(text)
    edit = jsonc.put(first, PATH, ENTRY)
    assert servers(edit.done(first)) == {**servers(text), INNER: ENTRY}
    assert edit.undone(edit.done(first)) == first


def test_it_is_written_as_its_neighbours_are() -> None:
    text = '{\n\t"mcpServers": {\n\t\t"a": {"command": "x"} // mine\n\t},\n\t"z": 1\n}\n'
    assert jsonc.put(text, PATH, {"command": "g"}).done(text) == (
        '{\n\t"mcpServers": {\n\t\t"a": {"command": "x"}, // mine\n'
        '\t\t"gumption": {\n\t\t\t"command": "g"\n\t\t}\n\t},\n\t"z": 1\n}\n'
    )


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", '{\n  "mcpServers": {\n    "gumption": {\n      "command": "g"\n    }\n  }\n}\n'),
        ("{}\n", '{\n  "mcpServers": {\n    "gumption": {\n      "command": "g"\n    }\n  }\n}\n'),
        ('{"mcpServers": {}}', '{"mcpServers": {"gumption": {"command": "g"}}}'),
        (
            '{"mcpServers": {"a": {}}}',
            '{"mcpServers": {"a": {}, "gumption": {"command": "g"}}}',
        ),
        (
            '{\n  "mcpServers": {\n  },\n}',
            '{\n  "mcpServers": {\n    "gumption": {\n      "command": "g"\n    }\n  },\n}',
        ),
    ],
)
def test_the_usual_files(text: str, after: str) -> None:
    edit = jsonc.put(text, PATH, {"command": "g"})
    assert edit.done(text) == after
    assert edit.undone(after) == text


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "null",
        "{",
        '{"mcpServers": []}',
        '{"mcpServers": null}',
        '{"mcpServers": {}, "mcpServers": {}}',
        '{"mcpServers": {"gumption": {}, "gumption": {}}}',
        "{'mcpServers': {}}",
        '{"a": 01}',
        '{"a" 1}',
        '{"a": 1 "b": 2}',
        '{"a": /* never ends',
        "{} {}",
        '{"a": ' + "[" * 5000 + "]" * 5000 + "}",
        '{"a": "tab\tin it"}',
    ],
)
def test_what_is_not_understood_is_left_alone(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        jsonc.put(text, PATH, ENTRY)
    assert caught.value.title and caught.value.hint


@given(st.text('{}[]",:/*\\ \n01tru', max_size=30))
def test_whatever_it_reads_python_reads_too_or_it_refuses(text: str) -> None:
    try:
        found = jsonc.read(text)
    except Unreadable:
        with pytest.raises(ValueError, match=r".*"):
            json.loads(text)
        return
    if jsonc.empty(text):
        assert found == {}
    elif "/" not in text and not any(
        f",{gap}{end}" in text.replace("\n", "") for gap in ("", " ") for end in "]}"
    ):
        try:
            assert found == json.loads(text)
        except ValueError:
            assert "," in text  # trailing commas with more white space behind them
