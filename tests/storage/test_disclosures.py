from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from gum.errors import NotFound
from storage import disclosures, forget, observations
from storage.db import Database
from storage.disclosures import Disclosure
from storage.scope import App, Everything, Span, Topic
from tests.builders import NOON, observation


def disclosure(
    content: str, at: datetime = NOON, about: frozenset[str] = frozenset(), query: str = ""
) -> Disclosure:
    return Disclosure(at, "c", "Helper", "context", query, 1, 0, content.encode(), about)


def kept(db: Database) -> list[bool]:
    return [row.kept for row in reversed(db.read_sync(disclosures.list_))]


def test_an_answer_given_twice_is_kept_once_and_read_to_the_byte(db: Database) -> None:
    db.run_sync(lambda s: disclosures.add(s, [disclosure("one"), disclosure("one"), disclosure("two")]))
    db.run_sync(lambda s: disclosures.add(s, [disclosure("one")]))
    rows = db.read_sync(disclosures.list_)
    assert [r.size for r in rows] == [3] * 4
    assert db.read_sync(lambda s: disclosures.content(s, rows[1].id))[1] == b"two"
    assert db.read_sync(lambda s: s.scalar(text("SELECT count(*) FROM disclosed"))) == 2
    assert db.read_sync(lambda s: disclosures.list_(s, 2, rows[1].n)) == rows[2:]
    with pytest.raises(NotFound):
        db.read_sync(lambda s: disclosures.content(s, "nothing"))


def test_what_speaks_of_something_forgotten_goes_and_that_it_was_told_stays(db: Database) -> None:
    db.run_sync(lambda s: observations.append(s, observation("a", id="o", app="mail")))
    made = [
        disclosure("one", about=frozenset({"o"}), query="asked"),
        disclosure("two", at=NOON - timedelta(days=1)),
        disclosure('{"app":"mail"}', at=NOON - timedelta(days=1), about=frozenset({"x"})),
        disclosure("moment"),  # told then, and says not what it is about
    ]
    db.run_sync(lambda s: disclosures.add(s, made))
    db.run_sync(lambda s: forget.forget(s, App("mail")))
    assert kept(db) == [False, True, False, False]
    assert all(row.query == "" for row in db.read_sync(disclosures.list_))


def test_a_topic_is_found_in_contents_and_in_what_was_asked(db: Database) -> None:
    made = [disclosure("the opera"), disclosure("tea", query="opera?"), disclosure("coffee")]
    db.run_sync(lambda s: disclosures.add(s, made))
    db.run_sync(lambda s: forget.forget(s, Topic("opera")))
    assert kept(db) == [False, False, True]


def test_a_span_takes_what_was_told_then_and_everything_the_rows(db: Database) -> None:
    db.run_sync(lambda s: disclosures.add(s, [disclosure("a"), disclosure("b", at=NOON - timedelta(days=2))]))
    db.run_sync(lambda s: forget.forget(s, Span(since=NOON)))
    assert kept(db) == [False, True]
    db.run_sync(lambda s: forget.forget(s, Everything()))
    assert kept(db) == []


def test_old_rows_go_by_age_and_old_contents_by_weight(db: Database) -> None:
    made = [disclosure(f"{n}", at=NOON + timedelta(days=n)) for n in range(4)]
    db.run_sync(lambda s: disclosures.add(s, made))
    assert db.run_sync(lambda s: disclosures.retire(s, NOON + timedelta(hours=1))) == 1
    all_ = db.read_sync(disclosures.weight)
    assert db.run_sync(lambda s: disclosures.recycle(s, all_)) == 0
    assert db.run_sync(lambda s: disclosures.recycle(s, all_ - 1)) == 1
    assert kept(db) == [False, True, True]


def test_a_word_behind_a_line_break_of_an_answer_is_found_too(db: Database) -> None:
    made = [
        disclosure('{"text":"Letter\\ndivorce papers"}'),
        disclosure('{"text":"C:\\\\divorce"}'),
        disclosure("tea"),
    ]
    db.run_sync(lambda s: disclosures.add(s, made))
    db.run_sync(lambda s: forget.forget(s, Topic("divorce")))
    assert kept(db) == [False, False, True]
