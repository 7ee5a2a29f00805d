import pytest

from storage import observations, propositions
from storage.db import Database
from storage.mentions import unmentioned
from tests.builders import evidence, observation, proposition
from tests.storage.builders import new


@pytest.fixture
def full(db: Database) -> Database:
    seen = [
        observation("To: Ánna Berg <anna@berg.example>, 田中さん", id="a", title="Mail"),
        observation("call +49 30 1234567, 山田太郎様", id="b", title="O'Brien"),
        observation("", id="c", title="Bo", url="https://lind.example/"),
    ]
    for o in seen:
        db.run_sync(lambda s, o=o: observations.append(s, o))  # type: ignore[misc]
    claim = proposition("Is in contact with Carla Roth", id="p", slots={"person": "Carla Roth"})
    db.run_sync(lambda s: propositions.commit(s, [new(claim, [evidence("a", "Berg")])]))
    return db


@pytest.mark.parametrize(
    "text",
    [
        "Anna Berg",
        "anna@berg.example",
        "田中",
        "+49 30 1234567",
        "山田太郎",
        "O'Brien",
        "Carla Roth",
        "berg anna",
        "",
    ],
)
def test_what_stands_somewhere_is_mentioned(full: Database, text: str) -> None:
    assert full.read_sync(lambda s: unmentioned(s, [text])) == set()


@pytest.mark.parametrize(
    "text", ["Anna Roth", "Ann", "Bergs", "山本", "田中太郎", "山田花子", "+49 30 7654321", "Bo Carla"]
)
def test_what_stands_nowhere_as_a_whole_is_not(full: Database, text: str) -> None:
    assert full.read_sync(lambda s: unmentioned(s, [text])) == {text}


def test_many_are_told_apart_at_once(full: Database) -> None:
    asked = ["Anna Berg", "Anna Roth", "田中", "山本", "鈴木", "山田"]
    assert full.read_sync(lambda s: unmentioned(s, asked)) == {"Anna Roth", "山本", "鈴木"}
