"""Killed while an empty store is filled from an export: all is there, or nothing, and a second try works."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import text

from app.paths import Paths
from app.transfer import export_to, import_from
from storage.db import Database
from tests.soak import retiring
from tests.soak.keyed import key_in, paths_in
from tests.soak.phase import LOST, TORN, Findings, Phase, Say, acknowledged


def prepare(folder: Path, seed: int) -> None:
    """`export.jsonl`, out of a store with some of everything."""
    source = folder / "source"
    paths = paths_in(source).make()
    database = Database.open(paths.database, key_in(paths))
    database.run_sync(lambda s: retiring._fill(s, "0"))
    database.close()
    export_to(paths, folder / "export.jsonl", markdown=False)


def work(folder: Path, seed: int, say: Say) -> None:
    say("ready")
    for number in range(10**6):
        name = f"store-{seed}-{number}"
        say(f"begin {name}")
        import_from(paths_in(folder / name), folder / "export.jsonl")
        say(f"done {name}")


def recover(folder: Path, seed: int) -> None:
    for store in sorted(folder.glob("store-*")):
        paths = paths_in(store)
        if paths.database.exists():
            Database.open(paths.database, key_in(paths)).close()


def check(folder: Path, seed: int, said: Sequence[str], findings: Findings) -> None:
    done = {name for [name] in acknowledged(said, "done")}
    wanted = (folder / "export.jsonl").read_text()
    rows = wanted.count('"table": "observations"')
    for store in sorted(folder.glob("store-*")):
        paths = paths_in(store)
        if not (store / "checked").exists():
            found = _count(paths)
            findings.expect(found in (0, rows), TORN, f"{found} of {rows} rows in {store.name}")
            if found == 0:
                findings.expect(store.name not in done, LOST, store.name)
                import_from(paths, folder / "export.jsonl")
            again = folder / "again.jsonl"
            export_to(paths, again, markdown=False)
            findings.expect(again.read_text() == wanted, LOST, f"the export of {store.name} is another")
            again.unlink()
            (store / "checked").touch()


def _count(paths: Paths) -> int:
    database = Database.open(paths.database, key_in(paths))
    try:
        database.check()
        return database.read_sync(lambda s: s.scalar(text("SELECT count(*) FROM observations")) or 0)
    finally:
        database.close()


PHASE = Phase("import", 0.8, prepare, work, recover, check)
