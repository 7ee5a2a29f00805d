import argparse

import pytest

from app.proposals_command import add_arguments, answer, lines
from gum.errors import NotAllowed, NotFound

ITEMS = [
    {"id": "abcdefghijkl", "client": "Ada's helper", "kind": "fact", "text": "I prefer tea",
     "state": "waiting"},
    {"id": "abzzzzzzzzzz", "client": "Ben", "kind": "forget", "text": "Forget everything about “tea”.",
     "state": "waiting"},
]  # fmt: skip


class FakeClient:
    """Answers as a daemon would, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, object]] = []

    def get(self, path: str, query: object = None) -> object:
        self.asked.append(("GET", path, query))
        return {"items": ITEMS}

    def post(self, path: str, body: object = None) -> object:
        self.asked.append(("POST", path, body))
        return {**ITEMS[0], "state": "accepted", "text": ""}


def typed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)


def test_what_waits_is_told_in_lines() -> None:
    client = FakeClient()
    assert answer(client, typed())[1] == lines(ITEMS) == [  # type: ignore[arg-type]
        "waiting   Ada's helper would have remembered: I prefer tea  (abcdefgh)",
        "waiting   Ben asks: Forget everything about “tea”.  (abzzzzzz)",
    ]  # fmt: skip
    answer(client, typed("list", "--all"))  # type: ignore[arg-type]
    assert [query for _, _, query in client.asked] == [{"state": "waiting"}, {"state": "all"}]
    assert lines([]) == ["Nothing waits for you."]
    over = {**ITEMS[1], "state": "accepted", "text": ""}
    assert lines([over]) == ["accepted  Ben asks (forget)  (abzzzzzz)"]


def test_what_could_steer_a_terminal_is_not_printed() -> None:
    nasty = {**ITEMS[0], "client": "A\x1b]0;x\x07", "text": "x\x1b[2J\r\nwaiting  \u202eFriend"}
    [line] = lines([nasty])
    assert (
        line.isprintable()
        and line == "waiting   A]0;x would have remembered: x[2J waiting Friend  (abcdefgh)"
    )


@pytest.mark.parametrize(
    ("words", "sent", "said"),
    [
        (
            ("accept", "abcd"),
            ("POST", "/proposals/abcdefghijkl", {"accept": True}),
            "Noted, as your own words.",
        ),
        (("accept", "abzzzzzzzzzz"), ("POST", "/proposals/abzzzzzzzzzz", {"accept": True}), "Forgotten."),
        (("reject", "abcd"), ("POST", "/proposals/abcdefghijkl", {"accept": False}), "Nothing was done."),
    ],
)
def test_one_is_answered_by_how_its_id_begins(words: tuple[str, ...], sent: object, said: str) -> None:
    client = FakeClient()
    assert answer(client, typed(*words))[1] == [said]  # type: ignore[arg-type]
    assert client.asked[-1] == sent


@pytest.mark.parametrize("which", ["", "ab", "abc", "nothing"])
def test_nothing_is_answered_that_is_not_named_for_certain(which: str) -> None:
    client = FakeClient()
    with pytest.raises(NotFound):
        answer(client, typed("accept", which))  # type: ignore[arg-type]
    assert len(client.asked) == 1


def test_all_at_once_is_not_answered() -> None:
    client = FakeClient()
    with pytest.raises(NotAllowed):
        answer(client, typed("accept", "--all"))  # type: ignore[arg-type]
    assert client.asked == []
