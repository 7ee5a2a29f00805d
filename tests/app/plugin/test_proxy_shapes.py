import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plugin.proxy_shapes import (
    HEAD,
    QUERY_LIMIT,
    Events,
    Pieces,
    asked,
    fixed_of,
    replaced,
    restored,
    silent,
    texts_of,
)
from gum.errors import RequestUnusable

TOOL_CALL = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"who": "Anna"}'}}
PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
BODY: dict[str, object] = {
    "model": "m",
    "unknown": {"kept": [1, 2.5, None, True]},
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "developer", "content": "In German."},
        {"role": "user", "content": "first"},
        {"role": "assistant", "content": None, "tool_calls": [TOOL_CALL]},
        {"role": "tool", "tool_call_id": "c1", "content": "found"},
        {"role": "user", "content": [{"type": "text", "text": "what is this?"}, PICTURE]},
    ],
}
WORDS = st.text(max_size=20)
VALUES = st.recursive(
    WORDS | st.integers() | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=10,
)


def test_the_context_stands_behind_the_callers_own_instructions_and_all_else_is_as_it_came() -> None:
    chat = asked(json.dumps(BODY).encode())
    sent = json.loads(chat.with_context("- likes tea").as_bytes())
    added = sent["messages"].pop(2)
    assert added == {"role": "system", "content": HEAD + "- likes tea"}
    assert sent == BODY
    assert chat.query == "what is this?"


@given(VALUES, st.lists(st.dictionaries(WORDS, VALUES, max_size=3), min_size=1, max_size=4))
def test_without_context_a_request_goes_as_it_came(more: object, messages: list[dict[str, object]]) -> None:
    body = {"more": more, "messages": messages}
    chat = asked(json.dumps(body).encode())
    assert json.loads(chat.with_context("").as_bytes()) == body
    assert len(chat.query) <= QUERY_LIMIT
    assert replaced(chat, texts_of(chat.body)).as_bytes() == chat.as_bytes()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b'{"messages": []}',
        b'{"messages": "x"}',
        b'{"messages": [1]}',
        b'{"messages": [{}], "x": NaN}',
        b'{"messages": [{}], "x": -Infinity}',
        b"\xff",
        b"[" * 100_000,
        json.dumps({"messages": [{}] * 2001}).encode(),
    ],
)
def test_what_is_no_chat_request_is_refused(raw: bytes) -> None:
    with pytest.raises(RequestUnusable) as refused:
        asked(raw)
    assert refused.value.hint


@pytest.mark.parametrize("content", [None, [], [PICTURE], "", "\ud800 hi", [{"type": "text", "text": 3}]])
def test_any_content_has_a_query_that_can_be_asked(content: object) -> None:
    chat = asked(json.dumps({"messages": [{"role": "user", "content": content}]}).encode())
    chat.query.encode()


def test_of_a_long_message_both_ends_are_asked_for() -> None:
    long = "wanted first " + "x" * 9000 + " wanted last"
    query = asked(json.dumps({"messages": [{"role": "user", "content": long}]}).encode()).query
    assert query.startswith("wanted first") and query.endswith("wanted last")


def test_every_text_is_either_rewritten_or_known_to_stay() -> None:
    chat = asked(json.dumps(BODY).encode())
    every = {"Be brief.", "In German.", "first", "c1", "look", '{"who": "Anna"}', "found", "what is this?"}
    assert set(texts_of(chat.body)) == every | {"data:image/png;base64,AAAA"}
    assert {"m", "system", "unknown", "kept", "function", "arguments"} <= set(fixed_of(chat.body))
    assert silent(chat.body) == "image_url"
    assert silent({"messages": [{"content": "words"}]}) is None
    assert silent({"messages": [{"audio": {"id": "x"}}]}) == "audio"


BACK = {"Person 3": 'Anna "Berg"', "Person 33": "Bo", "[number 7]": "49 151 1234567"}


def test_a_whole_answer_gets_the_names_back_and_arguments_stay_json() -> None:
    call = {"function": {"name": "f", "arguments": '{"who": "Person 3"}'}}
    answer = {"model": "Person 3", "choices": [{"message": {"content": "Person 3.", "tool_calls": [call]}}]}
    told = restored(answer, BACK)
    assert isinstance(told, dict)
    message = told["choices"][0]["message"]
    assert told["model"] == "Person 3"
    assert message["content"] == 'Anna "Berg".'
    assert json.loads(message["tool_calls"][0]["function"]["arguments"]) == {"who": 'Anna "Berg"'}


@given(st.lists(st.sampled_from([*BACK, " and ", "Pers", "on 3", "é"]), max_size=8), st.data())
def test_in_pieces_the_answer_is_the_same_wherever_it_is_cut(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    sent = [json.dumps({"id": "x", "choices": [{"index": 0, "delta": {"content": one}}]}) for one in pieces]
    sent.append(json.dumps({"id": "x", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}))
    raw = "".join(f"data: {each}\r\n\r\n" for each in [*sent, "[DONE]"]).encode()
    events, back = Events(10_000), Pieces(BACK)
    size = data.draw(st.integers(1, 40))
    out = [
        told
        for at in range(0, len(raw), size)
        for event in events.feed(raw[at : at + size])
        for told in back.feed(event)
    ]
    assert out[-1] == "[DONE]"
    deltas = [json.loads(one)["choices"][0]["delta"].get("content", "") for one in out[:-1]]
    whole = restored({"content": text}, BACK)
    assert isinstance(whole, dict)
    assert "".join(deltas) == whole["content"]


def test_what_waits_of_arguments_is_told_before_the_end() -> None:
    delta = {"tool_calls": [{"index": 0, "function": {"arguments": '{"a": "Person 3'}}]}
    back = Pieces(BACK)
    out = back.feed(json.dumps({"choices": [{"index": 0, "delta": delta}]}))
    out += back.feed(json.dumps({"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]}))
    calls = [json.loads(one)["choices"][0]["delta"].get("tool_calls") for one in out]
    said = "".join(call[0]["function"]["arguments"] for call in calls if call)
    assert said == '{"a": "Anna \\"Berg\\"'


def test_an_event_without_end_is_given_up() -> None:
    events = Events(100)
    with pytest.raises(ValueError, match="without end"):
        events.feed(b"data: " + b"x" * 200)
