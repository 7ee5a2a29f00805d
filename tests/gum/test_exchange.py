from hypothesis import given
from hypothesis import strategies as st

from gum.exchange import Exchange

BACK = {
    "Person 1": "Anna",
    "Person 1b": "ANNA",
    "Person 12": "Bo",
    "[Person 3]": "田中",
    "person1@mail.invalid": "a@b.example",
    "[number 7]": "4711",
}
PIECES = st.sampled_from([*BACK, "Person", "Person ", "[", "p", "b", "1", " ", "]", "person2", "x"])


@given(st.lists(PIECES, max_size=12).map("".join), st.lists(st.integers(1, 7), min_size=1, max_size=9))
def test_an_answer_in_pieces_is_restored_as_the_whole(text: str, sizes: list[int]) -> None:
    exchange = Exchange((), BACK)
    stream, parts, rest, turn = exchange.stream(), [], text, 0
    while rest:
        size = sizes[turn % len(sizes)]
        parts.append(stream.feed(rest[:size]))
        rest, turn = rest[size:], turn + 1
    assert "".join((*parts, stream.end())) == exchange.restored(text)


def test_what_can_be_no_label_any_more_does_not_wait() -> None:
    stream = Exchange((), BACK).stream()
    assert stream.feed("Hello Per") == "Hello "
    assert stream.feed("fect") == "Perfect"
    assert stream.feed(" Person 1") == " "
    assert stream.end() == "Anna"
