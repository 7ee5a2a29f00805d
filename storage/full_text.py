"""Deleting many rows at once from a table that full-text indexes follow.

An index (FTS5) is a handful of sorted segments, and the words of one row are scattered over all of them.
Three ways to take rows out, by how many there are:
- a few: 'secure-delete', as the triggers do by themselves, takes each word out of its page at once. It costs
  about 20 ms for a long text (a look-up for each of its trigrams), so it is only for a few;
- more: each row leaves notes that its words are gone, and a merge of all segments then writes the index anew
  without them. A merge reads no text, so it is several times faster than making the index anew. The notes of
  all rows are taken with one statement, in the order of the rows: 5000 rows take 0.22 s so, and took 0.55 s
  by the triggers, which look for scripts without spaces in every text and come in any order (FTS5 empties its
  memory each time that the numbers do not rise);
- nearly all: the index is made anew from what is left.
A large index is merged step by step, each in a transaction of its own (`merge`), so that the writer is never
held for long; which indexes still have to be is noted in the database. Until then a row cannot be found any
more, but its words stand in pages of the file.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

from storage import meta

FEW = 20  # rows: 0.4 s at 20 ms each
MANY = 200  # rows that are worth doing without the triggers: the others must read the schema anew then
NEARLY_ALL = 0.5  # of the rows
SMALL = 10_000  # rows of a table whose indexes are merged at once
PARTS = 4  # of a step of merging: a quarter fewer pages are written than in one part, in the same time
UNMERGED = "unmerged"
SUFFIXES = ("words", "grams")


@contextmanager
def deleting(s: Session, table: str, ids: Collection[str], *, at_once: bool = True) -> Iterator[None]:
    """For a block that deletes just these rows of `table`: the indexes are right when it ends.

    `at_once` False leaves the merge for later, however small the table is: more such blocks follow.
    """
    total = s.scalar(text(f"SELECT count(*) FROM {table}")) or 0
    indexes = [f"{table}_{suffix}" for suffix in SUFFIXES if _there(s, f"{table}_{suffix}")]
    if len(ids) < FEW and at_once:
        yield
    elif len(ids) >= total * NEARLY_ALL and at_once:
        with _without_triggers(s, table):
            yield
        for fts in indexes:
            _tell(s, fts, "INSERT INTO {fts} ({fts}) VALUES ('rebuild')")
    else:
        for fts in indexes:
            _tell(s, fts, "INSERT INTO {fts} ({fts}, rank) VALUES ('secure-delete', 0)")
        if len(ids) < MANY:
            yield
        else:
            with _without_triggers(s, table):
                for fts in indexes:
                    _take_out(s, table, fts, ids)
                yield
        for fts in indexes:
            _tell(s, fts, "INSERT INTO {fts} ({fts}, rank) VALUES ('secure-delete', 1)")
            if at_once and total <= SMALL:
                _tell(s, fts, "INSERT INTO {fts} ({fts}) VALUES ('optimize')")
            else:
                _note(s, [*unmerged(s), fts])


def unmerged(s: Session) -> list[str]:
    """The indexes that still hold words of rows that are gone."""
    return (meta.get(s, UNMERGED) or "").split()


def merge(s: Session, pages: int) -> bool:
    """Works off about `pages` pages (4 KB each) of what is to be merged; True when there is more.

    Part by part: the pages that one part has emptied are those that the next one fills, so each is written
    once and not twice.
    """
    waiting = unmerged(s)
    if not waiting:
        return False
    for _ in range(min(PARTS, pages)):
        before = s.scalar(text("SELECT total_changes()")) or 0
        # Less than nothing: all segments into one. https://www.sqlite.org/fts5.html#the_merge_command
        _tell(s, waiting[0], f"INSERT INTO {{fts}} ({{fts}}, rank) VALUES ('merge', -{-(-pages // PARTS)})")
        if (s.scalar(text("SELECT total_changes()")) or 0) - before < 2:  # so the manual says: nothing left
            _note(s, waiting[1:])
            break
    return bool(unmerged(s))


def _note(s: Session, indexes: Sequence[str]) -> None:
    if indexes:
        meta.put(s, UNMERGED, " ".join(dict.fromkeys(indexes)))
    else:
        meta.delete(s, UNMERGED)


def _take_out(s: Session, table: str, fts: str, ids: Collection[str]) -> None:
    """Notes in an index that the words of these rows are gone, of those that are in it."""
    s.flush()
    ask = s.connection().exec_driver_sql
    columns = [row[1] for row in ask(f"PRAGMA table_info({fts})")]
    ask(
        f"INSERT INTO {fts} ({fts}, rowid, {', '.join(columns)}) "
        f"SELECT 'delete', t.n, {', '.join(f't.{column}' for column in columns)} FROM {table} t "
        "WHERE t.id IN (SELECT value FROM json_each(?)) "
        f"AND EXISTS (SELECT 1 FROM {fts}_docsize d WHERE d.id = t.n) ORDER BY t.n",
        (json.dumps(list(ids)),),
    )


def _tell(s: Session, fts: str, statement: str) -> None:
    s.flush()
    s.connection().exec_driver_sql(statement.format(fts=fts))


def _there(s: Session, fts: str) -> bool:
    found = s.scalar(text("SELECT 1 FROM sqlite_master WHERE name = :name"), {"name": fts})
    return found is not None


@contextmanager
def _without_triggers(s: Session, table: str) -> Iterator[None]:
    connection = s.connection()
    triggers = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master "
        "WHERE type = 'trigger' AND tbl_name = ? AND name GLOB '*_delete'",
        (table,),
    ).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _, sql in triggers:
        connection.exec_driver_sql(sql)
