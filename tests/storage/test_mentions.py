import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from storage import mentions, observations, propositions
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
    "said",
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
def test_what_stands_somewhere_is_mentioned(full: Database, said: str) -> None:
    assert full.read_sync(lambda s: unmentioned(s, [said])) == set()


@pytest.mark.parametrize(
    "said", ["Anna Roth", "Ann", "Bergs", "山本", "田中太郎", "山田花子", "+49 30 7654321", "Bo Carla"]
)
def test_what_stands_nowhere_as_a_whole_is_not(full: Database, said: str) -> None:
    assert full.read_sync(lambda s: unmentioned(s, [said])) == {said}


def test_many_are_told_apart_at_once(full: Database) -> None:
    asked = ["Anna Berg", "Anna Roth", "田中", "山本", "鈴木", "山田"]
    assert full.read_sync(lambda s: unmentioned(s, asked)) == {"Anna Roth", "山本", "鈴木"}


def statements(database: Database, asked: list[str]) -> tuple[set[str], list[str]]:
    """What is missing, and what SQLite was asked for that."""
    told: list[str] = []

    def look(s: Session) -> set[str]:
        @event.listens_for(s.connection(), "before_cursor_execute")
        def _(_c: object, _r: object, statement: str, *_: object) -> None:
            told.append(statement)

        return unmentioned(s, asked)

    return database.read_sync(look), told


def test_any_number_of_names_is_one_statement_for_each_index(full: Database) -> None:
    asked = [f"Nobody {n}" for n in range(700)] + [f"無名氏{n % 7}{n}" for n in range(700)]
    asked += ["Anna Berg", "山田太郎", 'Quote " here', "Anna 山田太郎様", "Brien 山田太郎様"]
    missing, told = statements(full, asked)
    here = {"Anna Berg", "山田太郎", "Brien 山田太郎様"}
    assert missing == set(asked) - here
    assert len([sql for sql in told if "json_each" in sql]) == 2
    assert len(told) <= 2 + 2 * 2  # two names need both indexes in one row


def test_what_is_too_short_for_the_index_reads_the_rows_of_its_scripts_alone_the_newest_first(
    full: Database,
) -> None:
    for sql in (mentions._CLAIMS, mentions._SHORT):
        plan = full.read_sync(
            lambda s, sql=sql: [row[3] for row in s.execute(text(f"EXPLAIN QUERY PLAN {sql}"))]  # type: ignore[misc]
        )
        assert not any("TEMP B-TREE" in step or step in ("SCAN o", "SCAN observations") for step in plan)
    assert full.read_sync(lambda s: list(s.scalars(text(mentions._SHORT)))) == [
        "O'Brien call +49 30 1234567, 山田太郎様 ",
        "Mail To: Ánna Berg <anna@berg.example>, 田中さん ",
    ]
