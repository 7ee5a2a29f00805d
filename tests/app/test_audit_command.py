import argparse

import pytest

from app.audit_command import add_arguments, answer, became, lines, people_lines

ITEM = {
    "id": "abcdefghijkl", "at": "2026-11-20T12:00:00+00:00", "stage": "draft", "decision": "withhold",
    "rule": "other-health", "reason": "It tells of somebody else's health.", "what": "Anna is ill",
    "recipient": "Gumption", "place": "mail", "count": 3, "observation_id": "o", "proposition_id": None,
    "reversed_at": None,
}  # fmt: skip
LOG = {"items": [ITEM], "allowed": [{"id": "exempt123456", "rule": "own-mood", "place": "", "at": "now"}]}
PEOPLE = {"items": [{"number": 1, "names": ["Anna", "Anna Berg"], "real": True}]}


class FakeClient:
    """Answers as a daemon would, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, object]] = []

    def get(self, path: str) -> object:
        self.asked.append((path, None))
        return PEOPLE if path == "/people" else LOG

    def post(self, path: str, body: object = None) -> object:
        self.asked.append((path, body))
        return PEOPLE if path.startswith("/people") else LOG


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ([], ("/audit", None)),
        (["--reverse", "abc/de"], ("/audit/abc%2Fde/reverse", None)),
        (["--reverse", " "], ("/audit/-/reverse", None)),
        (["--people"], ("/people", None)),
        (["--real-name", "3"], ("/people/3", {"real": True})),
        (["--number", "3"], ("/people/3", {"real": False})),
    ],
)
def test_what_is_typed_becomes_one_request(typed: list[str], asked: tuple[str, object]) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    client = FakeClient()
    answer(client, parser.parse_args(typed))  # type: ignore[arg-type]
    assert client.asked == [asked]


def test_the_log_is_told_in_lines() -> None:
    assert lines(LOG) == [
        "2026-11-20T12:00  not learnt from, 3 times: It tells of somebody else's health.  (abcdefgh)",
        "        “Anna is ill”  mail",
        "Allowed by you:",
        "  own-mood in unknown  (exempt12)",
    ]
    kept = {**ITEM, "stage": "store", "count": 1, "reversed_at": "now"}
    assert lines({"items": [kept], "allowed": []})[0].startswith(
        "2026-11-20T12:00  not kept, allowed since: "
    )
    assert lines({"items": [], "allowed": []}) == ["Nothing was held back."]


@pytest.mark.parametrize(
    ("stage", "decision", "words"),
    [
        ("draft", "withhold", "not learnt from"),
        ("store", "hide", "kept hidden"),
        ("store", "withhold", "not kept"),
        ("leave", "withhold", "not sent"),
        ("of a later version", "burnt", "burnt"),
    ],
)
def test_what_became_of_it_is_said_in_words(stage: str, decision: str, words: str) -> None:
    assert became(stage, decision) == words


def test_people_are_told_in_lines() -> None:
    assert people_lines(PEOPLE) == ["Person 1    Anna, Anna Berg  (by name outside)"]
    assert people_lines({"items": []}) == ["Nobody else is known by name."]
