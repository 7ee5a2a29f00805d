import os
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from gum.errors import StoreCorrupt, StoreFull, StoreLocked, StoreUnavailable
from storage import keys, rotate, search, truth
from storage.db import Database, connect, opens
from storage.index import VectorIndex
from storage.rotate import Place, change, settle
from tests.forks import context, kill
from tests.storage import planted
from tests.storage.cheap import quick
from tests.storage.fake_keyring import FakeKeyring, fake
from tests.storage.rotating import SAID, change_for_ever, change_until, place, rekeep_until
from tests.storage.test_db import small_disk

__all__ = ["fake", "quick"]
KILLS = 24
KEYLESS = None


def make(
    root: Path, said: str | None = None, plain: bool = False, secret: int = 6, others: int = 60
) -> bytes | None:
    """A store with everything that came of its key: rows, index, fingerprint, a copy from an upgrade."""
    where = place(root)
    key = None
    if not plain:
        key = keys.data_key(where.config, where.database, keyring_ok=False)
        if said is not None:
            keys.rekeep(where.config, key, keyring_ok=False, passphrase=said)
    database = Database.open(where.database, key)
    database.run_sync(lambda s: planted.fill(s, others, secret))
    index = VectorIndex(where.index, key or bytes(32))
    index.ensure(lambda: database.read_sync(lambda s: list(truth.vectors(s, "m"))))
    index.close()
    database.close()
    shutil.copy(where.database, where.database.with_name("gumption.db.before-0001"))
    return key


def content(path: Path, key: bytes | None) -> dict[str, list[str]]:
    """Every row of every table, with its number."""

    opened = connect(path, key)
    try:
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found = {}
        tables = opened.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        for name, sql in tables:
            if "VIRTUAL" not in sql.upper():
                what = "*" if "WITHOUT ROWID" in sql.upper() else "rowid, *"
                found[name] = sorted(map(repr, opened.execute(f'SELECT {what} FROM "{name}"').fetchall()))
        return found
    finally:
        opened.close()


def opened_by(root: Path, key: bytes) -> list[str]:
    """The files under `root` that `key` opens, or that hold it."""
    found = []
    for file in sorted(root.rglob("*")):
        if not file.is_file():
            continue
        raw = file.read_bytes()
        if key in raw or key.hex().encode() in raw.lower():
            found.append(f"{file.name} holds it")
        if opens(file, key):
            found.append(file.name)
    return found


def leftovers(root: Path) -> list[str]:
    half = ("rekeyed", ".next", ".part", "-wal")
    return [f.name for f in root.rglob("*") if any(word in f.name for word in half)]


def key_now(where: Place, said: str | None = None) -> bytes:
    return keys.data_key(where.config, where.database, keyring_ok=False, passphrase=said)


def test_after_a_rotation_everything_is_there_and_nothing_opens_with_the_old_key(tmp_path: Path) -> None:
    old, where = make(tmp_path), place(tmp_path)
    assert old is not None
    before = content(where.database, old)
    assert len(opened_by(tmp_path, old)) == 3  # the database, its copy, and the file that holds the key
    new = change(where, old, keyring_ok=False)
    assert new != old
    assert opened_by(tmp_path, old) == []
    assert key_now(where) == new
    assert content(where.database, new) == before
    database = Database.open(where.database, new)
    assert database.read_sync(lambda s: search.search(s, planted.CANARY, {}, 3)).observations
    database.close()
    assert planted.traces(tmp_path) == []
    assert leftovers(tmp_path) == []
    assert where.database.stat().st_mode & 0o777 == 0o600
    with pytest.raises(StoreLocked):
        Database.open(where.database, old)


def test_the_index_is_built_anew_with_another_rotation(tmp_path: Path) -> None:
    old, where = make(tmp_path), place(tmp_path)
    new = change(where, old, keyring_ok=False)
    assert not where.index.exists()
    database = Database.open(where.database, new)
    index = VectorIndex(where.index, new)
    assert index.ensure(lambda: database.read_sync(lambda s: list(truth.vectors(s, "m"))))
    [(_, cosine), *_] = index.query("propositions", (1.0, 0.1), 1)
    assert cosine > 0.99
    index.close()
    database.close()


def test_a_wrapped_key_is_followed_by_one_under_the_same_passphrase(tmp_path: Path) -> None:
    old, where = make(tmp_path, SAID), place(tmp_path)
    assert old is not None
    new = change(where, old, keyring_ok=False, passphrase=SAID)
    assert keys.holder(where.config) == "passphrase"
    assert key_now(where, SAID) == new
    assert opened_by(tmp_path, old) == []
    assert not any(new.hex() in f.read_text("latin-1") for f in where.config.iterdir())


def test_in_the_keyring_the_new_key_takes_the_place_of_the_old(tmp_path: Path, fake: FakeKeyring) -> None:
    where = place(tmp_path)
    old = keys.data_key(where.config)
    Database.open(where.database, old).close()
    new = change(where, old)
    assert list(fake.kept.values()) == [new.hex()]
    assert keys.data_key(where.config) == new


def test_a_plain_store_is_encrypted_and_no_word_of_it_stays_in_any_file(tmp_path: Path) -> None:
    make(tmp_path, plain=True)
    where = place(tmp_path)
    before = content(where.database, None)
    assert planted.traces(tmp_path) != []
    blocks = tmp_path.parent / "blocks"
    os.link(where.database, blocks)
    new = change(where, None, keyring_ok=False)
    assert planted.traces(tmp_path) == []
    assert planted.CANARY.encode() not in blocks.read_bytes()
    assert content(where.database, new) == before
    with pytest.raises(StoreLocked):
        Database.open(where.database, None)


def test_who_has_the_database_open_is_in_the_way_and_nothing_changes(tmp_path: Path) -> None:
    old, where = make(tmp_path), place(tmp_path)
    other = connect(where.database, old)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM observations").fetchall()
    note = where.note.read_text()
    with pytest.raises(StoreUnavailable):
        change(where, old, keyring_ok=False)
    other.close()
    assert (where.note.read_text(), leftovers(tmp_path)) == (note, [])
    assert where.index.exists()
    Database.open(where.database, old).close()


def test_a_wrong_key_is_said_before_anything_is_written(tmp_path: Path) -> None:
    old, where = make(tmp_path), place(tmp_path)
    for wrong in (bytes(32), None):
        with pytest.raises(StoreLocked):
            change(where, wrong, keyring_ok=False)
    assert leftovers(tmp_path) == []
    assert key_now(where) == old


def test_a_damaged_database_is_left_as_it_is(tmp_path: Path) -> None:
    old, where = make(tmp_path, secret=40), place(tmp_path)
    raw = bytearray(where.database.read_bytes())
    raw[len(raw) // 2 : len(raw) // 2 + 4096] = os.urandom(4096)
    where.database.write_bytes(raw)
    with pytest.raises(StoreCorrupt):
        change(where, old, keyring_ok=False)
    assert where.database.read_bytes()[4096:] == raw[4096:]
    assert key_now(where) == old
    assert leftovers(tmp_path) == []


def test_a_disk_without_room_for_the_copy_leaves_all_as_it_was(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "3m") as disk:
        old, where = make(disk, secret=30), place(disk)
        (disk / "ballast").write_bytes(bytes(shutil.disk_usage(disk).free - 100_000))
        with pytest.raises(StoreFull):
            change(where, old, keyring_ok=False)
        assert leftovers(disk) == []
        assert key_now(where) == old
        (disk / "ballast").unlink()
        assert len(content(where.database, old)["observations"]) == 90


def test_notes_of_which_neither_opens_the_database_are_both_kept(tmp_path: Path) -> None:
    make(tmp_path)
    where = place(tmp_path)
    where.note.write_text("file " + "1" * 64)
    where.next.write_text("file " + "2" * 64)
    with pytest.raises(StoreLocked) as error:
        settle(where)
    assert error.value.hint
    assert (where.note.exists(), where.next.exists()) == (True, True)


def test_a_change_that_cannot_be_settled_without_the_passphrase_waits_for_it(tmp_path: Path) -> None:
    old, where = make(tmp_path, SAID), place(tmp_path)
    assert old is not None
    shutil.copy(where.note, where.next)
    with pytest.raises(StoreLocked):
        settle(where)
    assert where.next.exists()
    settle(where, SAID)
    assert key_now(where, SAID) == old
    assert leftovers(tmp_path) == []


# kill -9


def cases() -> Iterator[tuple[str, str | None, bool]]:
    yield "file", None, False
    yield "passphrase", SAID, False
    yield "plain", None, True


@pytest.mark.parametrize(("said", "plain"), [c[1:] for c in cases()], ids=[c[0] for c in cases()])
def test_killed_before_any_step_the_store_opens_with_the_old_or_the_new_key(
    tmp_path: Path, said: str | None, plain: bool
) -> None:
    template, told = tmp_path / "template", tmp_path / "told"
    old = make(template, said, plain, secret=1, others=2)
    before = content(place(template).database, old)
    shutil.copytree(template, tmp_path / "whole")
    run(tmp_path / "whole", plain, said, 10**9, told)
    steps = int(told.read_text())
    assert steps > 30
    went_back = went_on = 0
    for last in range(steps):
        root = tmp_path / str(last)
        shutil.copytree(template, root)
        assert run(root, plain, said, last, told) == -9
        where = place(root)
        settle(where, said)
        still_plain = plain and not where.note.exists()
        key = KEYLESS if still_plain else key_now(where, said)
        assert content(where.database, key) == before, last
        assert leftovers(root) == [], last
        if key == old:
            went_back += 1
        else:
            went_on += 1
            assert old is None or opened_by(root, old) == [], last
            assert planted.traces(root) == [], last
            assert not where.index.exists()
        shutil.rmtree(root)
    assert went_back > 10
    assert went_on > 5


def run(root: Path, plain: bool, said: str | None, last: int, told: Path) -> int:
    process = context().Process(target=change_until, args=(str(root), plain, said, last, str(told)))
    process.start()
    process.join()
    code = process.exitcode
    assert isinstance(code, int)
    return code


@pytest.mark.parametrize(
    ("before", "after"),
    [(None, SAID), (SAID, "another horse"), (SAID, None)],
    ids=["set", "change", "remove"],
)
def test_killed_while_the_passphrase_is_changed_the_old_or_the_new_one_opens(
    tmp_path: Path, before: str | None, after: str | None
) -> None:
    template, told = tmp_path / "template", tmp_path / "told"
    key = keys.data_key(template, keyring_ok=False)
    if before is not None:
        keys.rekeep(template, key, keyring_ok=False, passphrase=before)
    last, killed = 0, 0
    while not told.exists():
        root = tmp_path / str(last)
        shutil.copytree(template, root)
        process = context().Process(target=rekeep_until, args=(str(root), before, after, last, str(told)))
        process.start()
        process.join()
        killed += process.exitcode == -9
        opens_with = [said for said in (before, after) if yields(root, key, said)]
        assert opens_with, last
        last += 1
    assert killed > 5
    assert keys.holder(root) == ("file" if after is None else "passphrase")
    assert after in opens_with


def yields(folder: Path, key: bytes, said: str | None) -> bool:
    try:
        return keys.data_key(folder, keyring_ok=False, passphrase=said) == key
    except StoreLocked:
        return False


def test_killed_at_random_moments_it_can_always_be_opened_and_changed_again(tmp_path: Path) -> None:
    key, where = make(tmp_path, secret=30), place(tmp_path)
    assert key is not None
    before = content(where.database, key)
    chance = random.Random(20261123)
    dead: set[bytes] = set()
    for round_ in range(KILLS):
        process = context().Process(target=change_for_ever, args=(str(tmp_path),))
        process.start()
        time.sleep(chance.uniform(0.05, 0.6))
        kill(process)
        settle(where)
        now = key_now(where)
        if now != key:
            dead.add(key)
        key = now
        assert content(where.database, key) == before, round_
        assert leftovers(tmp_path) == []
    assert len(dead) > KILLS // 4  # it came to changes, not only to starts
    assert all(opened_by(tmp_path, each) == [] for each in dead)


def test_a_change_that_was_interrupted_is_seen_from_outside(tmp_path: Path) -> None:
    old, where = make(tmp_path), place(tmp_path)
    assert not rotate.unfinished(where)
    where.next.write_text("file " + "2" * 64)
    assert rotate.unfinished(where)
    settle(where)
    assert not rotate.unfinished(where)
    assert key_now(where) == old


def test_the_library_under_it_says_that_temporary_files_stay_in_memory() -> None:
    """Sorting for an index must not put rows in the clear into /tmp while the copy is made."""
    opened = dbapi2.connect(":memory:")
    said = {option for (option,) in opened.execute("PRAGMA compile_options").fetchall()}
    opened.close()
    assert said & {"TEMP_STORE=2", "TEMP_STORE=3"}
