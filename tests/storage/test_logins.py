import json
from pathlib import Path

from gum.login import Login
from storage import export, forget, logins, meta
from storage.db import Database
from storage.scope import Everything
from tests.storage.planted import traces

SECRET = "s3cret-of-ada-zanzibar"
ONE = Login("1", "https://one.example/", "ada", SECRET)
TWO = Login("2", "https://two.example/", "ada", "other")


def kept(db: Database) -> tuple[Login, ...]:
    return db.read_sync(logins.every)


def test_logins_come_and_go_and_outlive_a_restart(db: Database) -> None:
    assert kept(db) == ()
    assert db.run_sync(lambda s: logins.put(s, ONE)) == (ONE,)
    assert db.run_sync(lambda s: logins.put(s, TWO)) == (ONE, TWO) == kept(db)
    assert db.run_sync(lambda s: logins.remove(s, "1")) == (TWO,)
    assert db.run_sync(lambda s: logins.remove(s, "nobody")) == (TWO,)
    assert db.run_sync(lambda s: logins.remove(s, "2")) == () == kept(db)
    assert db.read_sync(lambda s: meta.get(s, logins.KEY)) is None


def test_the_same_account_with_another_password_takes_its_place(db: Database) -> None:
    new = Login("3", ONE.address, ONE.user, "new")
    db.run_sync(lambda s: logins.put(s, ONE))
    assert db.run_sync(lambda s: logins.put(s, new)) == (new,)


def test_a_password_cannot_be_read_at_rest(db: Database, tmp_path: Path) -> None:
    db.run_sync(lambda s: logins.put(s, ONE))
    assert traces(tmp_path, SECRET) == []


def test_an_export_holds_no_account_and_an_import_brings_none(db: Database, tmp_path: Path) -> None:
    db.run_sync(lambda s: logins.put(s, ONE))
    lines = db.read_sync(lambda s: list(export.export(s)))
    assert SECRET not in "".join(lines) and "one.example" not in "".join(lines)
    planted = json.dumps({"table": "meta", "key": logins.KEY, "value": json.dumps([{"id": "9"}])})
    other = Database.open(tmp_path / "other" / "gumption.db", bytes(32))
    try:
        other.run_sync(lambda s: export.restore(s, [*lines, planted]))
        assert kept(other) == ()
    finally:
        other.close()


def test_forgetting_what_was_seen_leaves_the_accounts_as_it_leaves_the_settings(db: Database) -> None:
    db.run_sync(lambda s: logins.put(s, ONE))
    db.run_sync(lambda s: forget.forget(s, Everything()))
    assert kept(db) == (ONE,)
