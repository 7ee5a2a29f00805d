"""Brings a database to the newest schema, after a copy, or refuses it.

A migration runs in one transaction: killed in the middle, the database is still the old one.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine

from gum.errors import StoreTooNew
from storage.gate import corrupt
from storage.schema import REVISIONS

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(
    engine: Engine, path: Path, scripts: Path = SCRIPTS, known: Sequence[str] = REVISIONS
) -> Path | None:
    """Upgrades the database behind `engine` to `known[-1]`. Returns the copy made before, if one was needed.

    Raises StoreTooNew for a schema that is not in `known`, StoreCorrupt for a file that is not ours.
    """
    with engine.connect() as connection:
        current, tables = _look(connection)
    if current == known[-1]:
        return None
    if current is not None and current not in known:
        raise StoreTooNew(
            f"The database {path} was written by a newer Gumption",
            "Start that version, or update this one. Nothing was changed.",
        )
    if current is None and tables:
        raise corrupt(path)
    copy = _copy(engine, path, current) if current is not None else None
    _upgrade(engine, scripts, known[-1])
    return copy


def copies(path: Path) -> list[Path]:
    """The copies that lie beside the database at `path`."""
    return sorted(path.parent.glob(f"{path.name}.before-*"))


def remove_copies(path: Path) -> None:
    """Deletes the copies: they still hold what has been forgotten since."""
    for copy in copies(path):
        copy.unlink(missing_ok=True)


def _look(connection: Connection) -> tuple[str | None, bool]:
    names = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
    if "alembic_version" not in names:
        return None, bool(names)
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar(), True


def _copy(engine: Engine, path: Path, current: str) -> Path:
    """A whole copy, encrypted with the same key. VACUUM INTO also takes what still lies in the WAL."""
    remove_copies(path)
    copy = path.with_name(f"{path.name}.before-{current}")
    os.close(os.open(copy, os.O_CREAT | os.O_WRONLY, 0o600))
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM INTO ?", (str(copy),))
        cursor.close()
    except BaseException:  # also on Ctrl-C: half a copy is worse than none
        copy.unlink(missing_ok=True)
        raise
    finally:
        raw.close()
    return copy


def _upgrade(engine: Engine, scripts: Path, target: str) -> None:
    # Imported here: a start that needs no migration should not pay 0.3 s for alembic.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, target)
