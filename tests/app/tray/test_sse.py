import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tray import sse
from app.tray.sse import Event, Parser

ENDS = st.sampled_from(["\n", "\r\n", "\r"])
LINE = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]))
EVENTS = st.lists(
    st.tuples(
        st.text("abcdef", min_size=1, max_size=8),
        st.lists(
            st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])),
            min_size=1,
            max_size=3,
        ),
        st.integers(0, 99),
    ),
    max_size=5,
)


@given(EVENTS, ENDS, st.lists(st.integers(1, 7), min_size=1))
def test_events_survive_any_cutting_and_any_line_end(
    events: list[tuple[str, list[str], int]], end: str, sizes: list[int]
) -> None:
    text = ""
    for name, lines, number in events:
        text += f"id: {number}{end}event: {name}{end}"
        text += "".join(f"data: {line}{end}" for line in lines) + end
    data, parser, got = text.encode() + b":\n", Parser(), []
    while data:
        size = sizes[len(data) % len(sizes)]
        got += parser.feed(data[:size])
        data = data[size:]
    assert got == [Event(name, "\n".join(lines), str(number)) for name, lines, number in events]


def test_comments_and_events_without_data_say_nothing() -> None:
    assert Parser().feed(b": keep alive\n\nevent: x\n\n") == []


def test_an_event_without_a_name_is_a_message() -> None:
    assert Parser().feed(b"data: 1\n\n") == [Event("message", "1", None)]


def test_an_endless_event_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "LIMIT", 100)
    parser = Parser()
    parser.feed(b"data: " + b"x" * 50)
    with pytest.raises(ValueError, match="too long"):
        parser.feed(b"x" * 60)
