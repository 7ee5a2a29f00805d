"""The event stream is read as the standard says."""

from hypothesis import given
from hypothesis import strategies as st

from app.demo.listen import events


def test_an_event_has_id_name_and_data() -> None:
    lines = [
        "id: 7",
        "event: status",
        'data: {"a":1}',
        "",
        ": a comment",
        "",
        "data: x",
        "data:y",
        "",
        "data: cut",
    ]
    assert list(events(lines)) == [("7", "status", '{"a":1}'), ("7", "message", "x\ny")]


@given(st.lists(st.text(st.characters(exclude_characters="\r\n", codec="utf-8")), max_size=5))
def test_data_arrives_as_it_was_sent(sent: list[str]) -> None:
    lines = [line for data in sent for line in (f"data: {data}", "event: e", "")]
    assert [data for _, _, data in events(lines)] == sent
