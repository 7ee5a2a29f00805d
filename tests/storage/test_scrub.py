"""What forgetting leaves to be done behind the answer in a large store; here every store counts as large."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import db as db_module
from storage import forget, full_text, meta, observations, scrub
from storage.db import Database
from storage.scope import App, Topic
from storage.search import search
from tests.builders import observation
from tests.storage.planted import APP, CANARY, fill, traces

GRAM = text("SELECT count(*) FROM observations_grams WHERE observations_grams MATCH '\"zanzib\"'")


@pytest.fixture(params=[0, full_text.MANY], ids=["at once", "by triggers"])
def large(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """Not encrypted. Nothing in it is small enough to be cleared at once."""
    monkeypatch.setattr(full_text, "MANY", request.param)
    monkeypatch.setattr(full_text, "SMALL", 0)
    monkeypatch.setattr(db_module, "VACUUM_AT_ONCE", 0)
    monkeypatch.setattr(scrub, "PAGES", 1)
    database = Database.open(tmp_path / "gumption.db", None)
    database.run_sync(fill)
    yield database
    database.close()


def gone_from_every_answer(database: Database) -> None:
    found = database.read_sync(lambda s: search(s, CANARY, (), 10))
    assert (found.propositions, found.observations) == ([], [])
    assert database.read_sync(lambda s: s.scalar(GRAM)) == 0


def test_it_is_gone_from_every_answer_at_once_and_from_the_files_in_the_end(large: Database) -> None:
    large.run_sync(lambda s: forget.forget(s, App(APP)))
    gone_from_every_answer(large)
    assert large.read_sync(scrub.pending)
    assert "observations_grams" in large.read_sync(full_text.unmerged)
    asyncio.run(scrub.finish(large))
    assert not large.read_sync(scrub.pending)
    assert traces(large.path.parent) == traces(large.path.parent, "zanzib") == []
    gone_from_every_answer(large)
    for fts in ("observations_words", "observations_grams", "propositions_words", "propositions_grams"):
        check = text(f"INSERT INTO {fts} ({fts}, rank) VALUES ('integrity-check', 1)")
        large.run_sync(lambda s, check=check: s.execute(check))
    assert len(large.read_sync(lambda s: search(s, "ordinary 77", (), 3)).observations) == 3


def test_a_small_file_with_large_indexes_is_written_anew_once_more_when_they_are_merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(full_text, "SMALL", 0)
    database = Database.open(tmp_path / "gumption.db", None)
    database.run_sync(fill)
    database.run_sync(lambda s: forget.forget(s, App(APP)))
    assert database.read_sync(full_text.unmerged)
    assert database.read_sync(lambda s: meta.get(s, scrub.UNWRITTEN))
    asyncio.run(scrub.finish(database))
    assert not database.read_sync(scrub.pending)
    assert not database.read_sync(lambda s: meta.get(s, scrub.UNWRITTEN))
    database.close()
    assert traces(tmp_path) == []


def test_an_interruption_loses_nothing_and_writing_goes_on_meanwhile(large: Database) -> None:
    large.run_sync(lambda s: forget.forget(s, Topic(CANARY)))

    async def interrupted() -> None:
        working = asyncio.create_task(scrub.finish(large))
        for n in range(5):
            await large.run(lambda s, n=n: observations.append(s, observation(f"meanwhile{n}")))
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        assert await large.read(scrub.pending)
        await scrub.finish(large)

    asyncio.run(interrupted())
    assert not large.read_sync(scrub.pending)
    assert traces(large.path.parent, "zanzib") == []
    assert len(large.read_sync(lambda s: search(s, "meanwhile3", (), 3)).observations) == 1


def test_who_writes_all_the_time_does_not_keep_it_going_for_ever(
    large: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    large.run_sync(lambda s: forget.forget(s, App(APP)))
    merged = full_text.merge
    writes = iter(range(100_000))

    def merge(s: object, pages: int) -> bool:
        observations.append(s, observation(f"more{next(writes)}"))  # type: ignore[arg-type]
        return merged(s, pages) or True  # type: ignore[arg-type]

    monkeypatch.setattr(scrub, "merge", merge)
    asyncio.run(scrub.finish(large))


def test_there_is_nothing_to_do_in_a_store_where_nothing_was_forgotten(db: Database) -> None:
    assert not db.read_sync(scrub.pending)
    asyncio.run(scrub.finish(db))
    assert db.read_sync(observations.count) == 0


def test_killed_before_the_file_was_written_anew_the_next_start_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database.open(tmp_path / "gumption.db", None)
    database.run_sync(fill)
    monkeypatch.setattr(Database, "_scrub", lambda *_: None)  # as if it had been killed there
    database.run_sync(lambda s: forget.forget(s, App(APP)))
    monkeypatch.undo()
    assert database.read_sync(scrub.pending)
    asyncio.run(scrub.finish(database))
    assert not database.read_sync(scrub.pending)
    database.run_sync(lambda s: forget.forget(s, Topic(CANARY)))
    assert not database.read_sync(scrub.pending)  # done before it was answered, and nothing is left over
    database.close()
    assert traces(tmp_path) == []
