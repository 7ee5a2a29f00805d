import gzip
import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.orm import Session

from gum.errors import StoreUnavailable
from gum.types import PropositionId
from storage import observations, propositions, search
from storage.db import Database, _engine
from storage.gate import gate
from storage.migrate import SCRIPTS, copies, migrate
from storage.schema import FULL_TEXT, REVISIONS, Base
from tests.builders import observation
from tests.storage.builders import KEY

RELEASED = Path(__file__).parent / "released"
AFTER = f"{int(REVISIONS[-1]) + 1:04}"
NEXT = """
from alembic import op
revision = "{after}"
down_revision = "{last}"
branch_labels = None
depends_on = None
def upgrade():
    op.execute("CREATE TABLE added (a INTEGER)")
    {more}
"""


def with_next(folder: Path, more: str = "") -> Path:
    """The scripts and one more migration, as a later release would have it."""
    shutil.copytree(SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / f"{AFTER}_next.py").write_text(
        NEXT.format(after=AFTER, last=REVISIONS[-1], more=more)
    )
    return folder


def tables(path: Path) -> set[str]:
    with _engine(path, KEY, 1, True).connect() as connection:
        return set(connection.execute(text("SELECT name FROM sqlite_master")).scalars())


@pytest.fixture
def db(made: Database) -> Database:
    return made


def test_the_migrations_make_what_the_code_expects(db: Database) -> None:
    def compare(s: Session) -> list[tuple[object, ...]]:
        def ours(thing: object, name: str | None, kind: str, *_: object) -> bool:
            return kind != "table" or not str(name).startswith(
                (*FULL_TEXT, "observations_terms", "propositions_terms")
            )

        options = {"include_object": ours, "compare_type": False}
        return list(compare_metadata(MigrationContext.configure(s.connection(), opts=options), Base.metadata))

    # SQLAlchemy does not read ON DELETE of a column's own REFERENCES; the next test does.
    differences = [d for d in db.read_sync(compare) if not str(d[0]).endswith("_fk")]
    assert differences == []


def test_the_foreign_keys_are_those_the_code_expects(db: Database) -> None:
    def look(s: Session) -> set[tuple[str, str, str, str]]:
        return {
            (table.name, row[3], f"{row[2]}.{row[4]}", row[6])
            for table in Base.metadata.sorted_tables
            for row in s.connection().exec_driver_sql(f"PRAGMA foreign_key_list({table.name})")
        }

    expected = {
        (table.name, key.parent.name, key.target_fullname, key.ondelete)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
    }
    assert len(expected) >= 8
    assert db.read_sync(look) == expected


def test_every_column_has_the_type_and_nullability_the_code_expects(db: Database) -> None:
    def look(s: Session) -> dict[str, tuple[str, bool]]:
        return {
            f"{table.name}.{row[1]}": (row[2], bool(row[3]))
            for table in Base.metadata.sorted_tables
            for row in s.connection().exec_driver_sql(f"PRAGMA table_info({table.name})")
        }

    expected = {
        f"{table.name}.{column.name}": (str(column.type.compile()), not column.nullable)
        for table in Base.metadata.sorted_tables
        for column in table.columns
    }
    assert db.read_sync(look) == expected


def test_the_known_revisions_are_those_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    scripts = ScriptDirectory.from_config(config)
    assert tuple(s.revision for s in scripts.walk_revisions())[::-1] == REVISIONS


def test_an_upgrade_keeps_everything_and_leaves_an_encrypted_copy(tmp_path: Path) -> None:
    path = tmp_path / "gumption.db"
    database = Database.open(path, KEY)
    database.run_sync(lambda s: observations.append(s, observation("canary")))
    scripts = with_next(tmp_path / "scripts")
    engine = _engine(path, KEY, 1, False)
    copy = migrate(
        engine, path, scripts, (*REVISIONS, AFTER)
    )  # the log has not been emptied: a copy of the file would lose it
    engine.dispose()
    database.close()
    assert copy is not None
    assert copies(path) == [copy]
    assert "added" in tables(path)
    assert "added" not in tables(copy)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert b"SQLite format" not in copy.read_bytes()
    restored = Database.open(copy, KEY)
    assert restored.read_sync(observations.count) == 1
    restored.close()


def test_a_failed_upgrade_leaves_the_old_database(tmp_path: Path) -> None:
    path = tmp_path / "gumption.db"
    database = Database.open(path, KEY)
    database.run_sync(lambda s: observations.append(s, observation()))
    database.close()
    scripts = with_next(tmp_path / "scripts", "raise RuntimeError('pulled plug')")
    engine = _engine(path, KEY, 1, False)
    with pytest.raises(RuntimeError):
        migrate(engine, path, scripts, (*REVISIONS, AFTER))
    engine.dispose()
    assert "added" not in tables(path)
    database = Database.open(path, KEY)
    assert database.read_sync(observations.count) == 1
    database.close()


def test_no_room_for_the_copy_stops_the_upgrade_and_leaves_no_half_copy(tmp_path: Path) -> None:
    path = tmp_path / "gumption.db"
    Database.open(path, KEY).close()
    scripts = with_next(tmp_path / "scripts")
    import resource

    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size // 2, old[1]))
    try:
        engine = _engine(path, KEY, 1, False)
        with pytest.raises(StoreUnavailable), gate(path):
            migrate(engine, path, scripts, (*REVISIONS, AFTER))
        engine.dispose()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert copies(path) == []
    assert "added" not in tables(path)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_every_released_schema_is_upgraded(tmp_path: Path, revision: str) -> None:
    """The stored files were made by `make_released.py` when the schema was released."""
    path = tmp_path / "gumption.db"
    path.write_bytes(gzip.decompress((RELEASED / f"{revision}.db.gz").read_bytes()))
    database = Database.open(path, None)
    database.check()
    claim = database.read_sync(lambda s: propositions.get(s, PropositionId("claim")))
    assert claim is not None
    assert claim.text == "Works on thesis.tex"
    assert len(database.read_sync(lambda s: propositions.revisions_of(s, claim.id))) == 1
    [cited] = database.read_sync(lambda s: propositions.evidence_of(s, [claim.id]))[claim.id]
    assert cited.evidence.quote == "thesis.tex"
    found = database.read_sync(lambda s: search.search(s, "café", {}, 5))
    assert [o.id for o, _ in found.observations] == ["seen"]
    database.close()
