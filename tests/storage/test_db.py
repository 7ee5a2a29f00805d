import asyncio
import os
import subprocess
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from gum.errors import StoreCorrupt, StoreFull, StoreLocked, StoreReadOnly, StoreTooNew, StoreUnavailable
from storage import meta, observations
from storage.db import Database, take_room
from tests.builders import observation
from tests.storage.builders import KEY
from tests.storage.disks import small_disk

OTHER = bytes(32)


def fill(s: Session) -> None:
    for n in range(200):
        observations.append(s, observation("x" * 20_000, id=f"o{n}"))


def count(database: Database) -> int:
    return database.read_sync(observations.count)


def bytes_read() -> int:
    """By this process, from files."""
    told = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(told["rchar"])


def test_what_is_written_is_there_after_reopening_and_unreadable_without_the_key(tmp_path: Path) -> None:
    path = tmp_path / "new" / "gumption.db"
    database = Database.open(path, KEY)
    database.run_sync(lambda s: observations.append(s, observation("canary-text")))
    content = b"".join(f.read_bytes() for f in path.parent.iterdir())
    assert b"canary-text" not in content
    assert b"SQLite format" not in content
    database.close()
    again = Database.open(path, KEY)
    assert count(again) == 1
    again.check()
    again.close()


def test_only_the_person_can_read_the_files(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        database = Database.open(tmp_path / "new" / "gumption.db", KEY)
        database.run_sync(lambda s: meta.put(s, "a", "b"))
        modes = {f.name: f.stat().st_mode & 0o777 for f in (tmp_path / "new").iterdir()}
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
        database.close()
    finally:
        os.umask(old)
    assert set(modes) >= {"gumption.db", "gumption.db-wal", "gumption.db-shm"}
    assert set(modes.values()) == {0o600}


@pytest.fixture
def db(made: Database) -> Database:
    return made


def test_a_failed_function_leaves_nothing_behind(db: Database) -> None:
    def half(s: Session) -> None:
        meta.put(s, "half", "done")
        s.execute(text("CREATE TABLE leftover (a)"))
        raise KeyError("bug")

    with pytest.raises(KeyError):
        db.run_sync(half)
    assert db.read_sync(lambda s: meta.get(s, "half")) is None
    tables = db.read_sync(lambda s: s.scalars(text("SELECT name FROM sqlite_master")).all())
    assert "leftover" not in tables


def test_changes_grow_with_what_was_written_and_with_nothing_else(db: Database) -> None:
    db.run_sync(observations.count)  # it may look back on the schema that was just made
    before = db.changes
    db.run_sync(observations.count)
    db.read_sync(observations.count)
    assert db.changes == before
    db.run_sync(lambda s: meta.put(s, "a", "b"))
    assert db.changes > before
    between = db.changes
    db.run_sync(lambda s: meta.delete(s, "a"))
    assert db.changes > between


def test_a_log_beside_is_written_and_does_not_count_as_a_change(db: Database) -> None:
    async def main() -> None:
        await db.run(lambda s: meta.put(s, "a", "b"))
        before = db.changes
        await db.run(lambda s: meta.put(s, "log", "1"), beside=True)
        await db.run(lambda s: meta.put(s, "log", "2"), beside=True)
        assert db.changes == before
        assert await db.read(lambda s: meta.get(s, "log")) == "2"
        await db.run(lambda s: meta.put(s, "a", "c"))
        assert db.changes > before

    asyncio.run(main())


def test_a_glance_sees_what_is_written_and_cannot_write(db: Database) -> None:
    async def main() -> None:
        await db.run(lambda s: meta.put(s, "a", "b"))
        assert await db.glance(lambda s: meta.get(s, "a")) == "b"
        with pytest.raises((DatabaseError, StoreUnavailable)):
            await db.glance(lambda s: meta.put(s, "a", "c"))
        assert await db.glance(lambda s: meta.get(s, "a")) == "b"
        await db.run(lambda s: meta.put(s, "a", "d"))  # and the writer can again
        assert await db.glance(lambda s: meta.get(s, "a")) == "d"

    asyncio.run(main())


def test_a_glance_keeps_its_pages_when_a_log_is_written(db: Database) -> None:
    def filled(s: Session) -> None:
        s.execute(text("CREATE TABLE many (n INTEGER PRIMARY KEY, body BLOB)"))
        s.execute(text("INSERT INTO many VALUES (:n, randomblob(2000))"), [{"n": n} for n in range(300)])

    def looked(s: Session) -> int:
        before = bytes_read()
        s.execute(text("SELECT sum(length(body || '')) FROM many")).all()
        return bytes_read() - before

    async def main() -> None:
        await db.run(filled)
        await db.glance(looked)
        await db.read(looked)
        await db.run(lambda s: meta.put(s, "log", "1"), beside=True)
        assert await db.glance(looked) < 100_000 < 600_000 < await db.read(looked)

    asyncio.run(main())


def test_who_glances_while_something_is_written_does_not_wait(db: Database) -> None:
    began, go_on = threading.Event(), threading.Event()

    def long(s: Session) -> None:
        meta.put(s, "a", "new")
        began.set()
        assert go_on.wait(30)

    async def main() -> None:
        await db.run(lambda s: meta.put(s, "a", "old"))
        writing = asyncio.create_task(db.run(long))
        await asyncio.to_thread(began.wait, 30)
        assert await asyncio.wait_for(db.glance(lambda s: meta.get(s, "a")), 20) == "old"
        go_on.set()
        await writing
        assert await db.glance(lambda s: meta.get(s, "a")) == "new"

    asyncio.run(main())


def test_a_write_comes_before_the_next_glance(db: Database) -> None:
    began, go_on = threading.Event(), threading.Event()

    def long(s: Session) -> str | None:
        began.set()
        assert go_on.wait(30)
        return meta.get(s, "a")

    async def main() -> None:
        await db.run(lambda s: meta.put(s, "a", "old"))
        glancing = asyncio.create_task(db.glance(long))
        await asyncio.to_thread(began.wait, 30)
        writing = asyncio.create_task(db.run(lambda s: meta.put(s, "a", "new")))
        await asyncio.sleep(0.05)  # until its thread stands in line
        next_ = asyncio.create_task(db.glance(lambda s: meta.get(s, "a")))
        await asyncio.sleep(0.05)
        assert not writing.done() and not next_.done()
        go_on.set()
        assert await glancing == "old"
        await asyncio.wait_for(writing, 20)
        assert await next_ == "new"

    asyncio.run(main())


def test_reading_cannot_write_and_says_it_as_a_bug_of_ours(db: Database) -> None:
    with pytest.raises((DatabaseError, StoreUnavailable)):
        db.read_sync(lambda s: meta.put(s, "a", "b"))
    assert db.read_sync(lambda s: meta.get(s, "a")) is None


def test_a_reader_sees_one_snapshot_while_the_writer_goes_on(db: Database) -> None:
    def look(s: Session) -> tuple[str | None, str | None]:
        before = meta.get(s, "n")
        db.run_sync(lambda w: meta.put(w, "n", "2"))
        return before, meta.get(s, "n")

    db.run_sync(lambda s: meta.put(s, "n", "1"))
    assert db.read_sync(look) == ("1", "1")
    assert db.read_sync(lambda s: meta.get(s, "n")) == "2"


def test_writes_from_many_tasks_are_all_there(db: Database) -> None:
    async def go() -> None:
        await asyncio.gather(*(db.run(lambda s, n=n: meta.put(s, f"k{n}", "v")) for n in range(50)))
        found = await asyncio.gather(*(db.read(lambda s, n=n: meta.get(s, f"k{n}")) for n in range(50)))
        assert found == ["v"] * 50
        await db.checkpoint()

    asyncio.run(go())


def test_a_checkpoint_empties_the_write_ahead_log(db: Database) -> None:
    db.run_sync(fill)
    wal = db.path.with_name(db.path.name + "-wal")
    assert wal.stat().st_size > 0
    db.checkpoint_sync()
    assert wal.stat().st_size == 0


@pytest.mark.parametrize("wrong", [OTHER, None])
def test_a_wrong_key_is_told_from_damage_and_changes_nothing(tmp_path: Path, wrong: bytes | None) -> None:
    path = tmp_path / "gumption.db"
    Database.open(path, KEY).close()
    before = path.read_bytes()
    with pytest.raises(StoreLocked) as error:
        Database.open(path, wrong)
    assert "key" in error.value.hint
    assert path.read_bytes() == before


def test_a_database_without_encryption_does_not_open_with_a_key(tmp_path: Path) -> None:
    path = tmp_path / "gumption.db"
    Database.open(path, None).close()
    with pytest.raises(StoreLocked):
        Database.open(path, KEY)


@pytest.mark.parametrize("key", [KEY, None])
def test_a_damaged_first_page_is_said_and_the_file_is_kept(tmp_path: Path, key: bytes | None) -> None:
    path = tmp_path / "gumption.db"
    Database.open(path, key).close()
    content = bytearray(path.read_bytes())
    content[100:4000] = os.urandom(3900)
    path.write_bytes(content)
    with pytest.raises(StoreCorrupt) as error:
        Database.open(path, key)
    assert str(path) in error.value.title
    assert error.value.hint
    assert path.read_bytes() == content


def test_damage_found_later_is_said(tmp_path: Path) -> None:
    path = tmp_path / "gumption.db"
    database = Database.open(path, KEY)
    database.run_sync(fill)
    database.close()
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(os.urandom(200_000))
    database = Database.open(path, KEY)
    with pytest.raises(StoreCorrupt):
        database.check()
    with pytest.raises(StoreCorrupt):
        database.read_sync(lambda s: observations.list_(s, 1000))
    database.close()


def test_somebody_elses_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "gumption.db"
    other = Database.open(path, None)
    other.run_sync(lambda s: s.execute(text("DROP TABLE alembic_version")))
    other.close()
    with pytest.raises(StoreCorrupt):
        Database.open(path, None)


def test_a_newer_database_is_refused_and_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "gumption.db"
    database = Database.open(path, KEY)
    database.run_sync(lambda s: s.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    database.close()
    before = path.read_bytes()
    with pytest.raises(StoreTooNew) as error:
        Database.open(path, KEY)
    assert "newer" in error.value.title
    assert path.read_bytes() == before


def test_no_more_pages_means_full_and_what_was_acknowledged_is_there(db: Database) -> None:
    db.run_sync(lambda s: observations.append(s, observation(id="kept")))

    def squeeze(s: Session) -> None:
        pages = s.connection().exec_driver_sql("PRAGMA page_count").scalar()
        s.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    db.run_sync(squeeze)
    with pytest.raises(StoreFull):
        db.run_sync(fill)
    assert count(db) == 1


def test_a_full_disk_is_said_and_writing_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        database = Database.open(disk / "data" / "gumption.db", KEY)
        database.run_sync(lambda s: observations.append(s, observation(id="kept")))
        ballast = disk / "ballast"
        handle = os.open(ballast, os.O_CREAT | os.O_WRONLY)
        with pytest.raises(OSError, match="No space"):
            while True:
                os.write(handle, b"x" * 4096)
        os.close(handle)
        with pytest.raises(StoreFull) as error:
            database.run_sync(fill)
        assert "space" in error.value.hint
        assert count(database) == 1
        ballast.unlink()
        database.run_sync(lambda s: observations.append(s, observation(id="after")))
        assert count(database) == 2
        database.close()


def test_a_disk_too_full_for_a_new_database_is_said(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "64k") as disk, pytest.raises(StoreFull):
        Database.open(disk / "data" / "gumption.db", KEY)


def test_a_read_only_disk_is_said(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        Database.open(disk / "data" / "gumption.db", KEY).close()
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        for path in (disk / "data" / "gumption.db", disk / "elsewhere" / "gumption.db"):
            with pytest.raises(StoreReadOnly) as error:
                Database.open(path, KEY)
            assert "writable" in error.value.hint


def test_a_file_in_the_way_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(StoreReadOnly):
        Database.open(tmp_path / "data" / "gumption.db", KEY)


def test_a_transaction_may_take_more_memory_for_pages_and_gives_it_back(db: Database) -> None:
    def size(s: Session) -> object:
        return s.connection().exec_driver_sql("PRAGMA cache_size").scalar()

    def large(s: Session) -> object:
        take_room(s)
        return size(s)

    def failing(s: Session) -> None:
        take_room(s)
        raise KeyError("killed here")

    before = db.run_sync(size)
    assert db.run_sync(large) == -64 * 1024
    assert db.run_sync(size) == before
    with pytest.raises(KeyError):
        db.run_sync(failing)
    assert db.run_sync(size) == before
