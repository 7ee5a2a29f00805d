from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from gum.text import pieces
from storage import observations, propositions, ways
from storage.db import Database
from storage.ways import CLAIMS, SEEN, Numbers
from tests.builders import NOON, observation, proposition
from tests.storage.builders import new

TEXTS = [
    "Works on report about zebras and horses",
    "Works on report",
    "Works on report about reports",
    "Is in contact with Anna Meyer",
    "Is in contact with Meyer, brother of Anna",
    "東京旅行計画を立てている",
]


@pytest.fixture
def full(db: Database) -> Database:
    """TEXTS as claims 1, 2, ... and as observations, each an hour after the one before."""

    def fill(s: Session) -> None:
        for n, text in enumerate(TEXTS, start=1):
            at = NOON + n * timedelta(hours=1)
            observations.append(s, observation(text, id=f"o{n}", at=at, title=""))
            p = proposition(text, id=f"p{n}", slots={"thing": text}, at=at)
            propositions.commit(s, [new(p)])

    db.run_sync(fill)
    return db


def found(db: Database, way: Callable[[Session], Numbers]) -> list[int]:
    return db.read_sync(lambda s: list(dict.fromkeys(way(s))))


def by_words(s: Session, query: str) -> Numbers:
    return ways.by_words(s, CLAIMS, list(ways.look_up(s, CLAIMS, pieces(query), 6).values()))


def by_neighbours(s: Session, query: str) -> Numbers:
    typed = pieces(query)
    return ways.by_neighbours(s, CLAIMS, typed, ways.look_up(s, CLAIMS, typed, 6))


def test_rows_with_every_word_come_first_and_the_shorter_before_the_longer(full: Database) -> None:
    assert found(full, lambda s: by_words(s, "report zebras")) == [1, 3, 2]  # 3 has it twice
    assert found(full, lambda s: by_words(s, "report"))[-1] == 1  # the longest
    assert found(full, lambda s: by_words(s, "zebra")) == [1]  # as it begins
    assert found(full, lambda s: by_words(s, "zeb")) == []
    assert found(full, lambda s: by_words(s, "unicorn")) == []
    assert found(full, lambda s: by_words(s, "unicorn zebras")) == [1]


def test_a_word_that_too_many_rows_have_is_read_from_the_newest(
    full: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ways, "MANY", 2)
    known = full.read_sync(lambda s: ways.look_up(s, CLAIMS, ["report", "about"], 6))
    # Three of the first three rows have it, so all six may; and it is not looked for as a beginning.
    assert known["report"] == ('"report"', 6)
    assert known["about"] == ('"about"*', 2)
    assert found(full, lambda s: by_words(s, "report")) == [3, 2, 1]
    # Together they would be too many: the rarer one alone.
    assert set(found(full, lambda s: by_words(s, "about zebras unicorn"))) == {1}


def test_only_the_longest_words_of_a_long_question_are_looked_up(full: Database) -> None:
    pieces = [f"w{'x' * n}" for n in range(40)]
    known = full.read_sync(lambda s: ways.look_up(s, CLAIMS, pieces, 6))
    assert list(known) == pieces[-ways.LOOKED_UP :]
    assert full.read_sync(lambda s: ways.look_up(s, CLAIMS, [], 6)) == {}


def test_words_side_by_side_are_a_way_of_their_own(full: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(full, lambda s: by_neighbours(s, "did Anna Meyer call")) == [4]
    assert found(full, lambda s: by_neighbours(s, "Anna")) == []
    monkeypatch.setattr(ways, "MANY", 1)
    assert found(full, lambda s: by_neighbours(s, "Anna Meyer")) == []  # both too common


def test_letters_are_for_scripts_without_spaces_and_for_parts_of_words(full: Database) -> None:
    assert found(full, lambda s: ways.by_letters(s, CLAIMS, "旅行計画", False)) == [6]
    assert found(full, lambda s: ways.by_letters(s, CLAIMS, "京", False)) == [6]
    assert found(full, lambda s: ways.by_letters(s, CLAIMS, "ebra", False)) == [1]
    assert found(full, lambda s: ways.by_letters(s, CLAIMS, "ebra", True)) == []


def test_only_the_newest_rows_are_read_through(full: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "READ", 1)
    assert found(full, lambda s: ways.by_letters(s, CLAIMS, "京", False)) == [6]
    full.run_sync(lambda s: propositions.commit(s, [new(proposition("new", slots={"thing": "new"}))]))
    assert found(full, lambda s: ways.by_letters(s, CLAIMS, "京", False)) == []


def test_the_newest_first(full: Database) -> None:
    for place in (CLAIMS, SEEN):
        assert found(full, lambda s, place=place: ways.by_time(s, place, "TRUE", {})) == [6, 5, 4, 3, 2, 1]
        none = {"below": 0}
        assert full.read_sync(lambda s, p=place, v=none: list(ways.by_time(s, p, "p.n < :below", v))) == []  # type: ignore[misc]


def test_ids_become_row_numbers(full: Database) -> None:
    assert full.read_sync(lambda s: ways.numbers(s, CLAIMS, ["p2", "gone", "p1"])) == {"p1": 1, "p2": 2}
    assert full.read_sync(lambda s: ways.numbers(s, SEEN, [])) == {}
    assert full.read_sync(lambda s: ways.size(s, SEEN)) == 6


def test_a_way_can_be_left_in_the_middle(full: Database) -> None:
    def first(s: Session) -> int:
        way = ways.by_time(s, CLAIMS, "TRUE", {})
        n = next(way)
        way.close()
        return n

    assert full.read_sync(first) == 6
