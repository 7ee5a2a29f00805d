"""Killed while a database of a released schema is brought to the newest: the schema is old or new.

The stored databases (`tests/storage/released`) are filled up and encrypted first, so that the copy and the
migration take a while.
"""

import gzip
import shutil
from collections.abc import Sequence
from pathlib import Path

from sqlcipher3 import dbapi2

from gum.types import PropositionId
from storage import observations, propositions, search
from storage.db import Database, connect
from storage.migrate import copies
from storage.schema import REVISIONS
from tests.soak.phase import LOST, TORN, UNOPENED, Findings, Phase, Say, acknowledged
from tests.storage.builders import KEY

RELEASED = Path(__file__).parents[1] / "storage" / "released"
OLD = tuple(r for r in REVISIONS[:-1] if (RELEASED / f"{r}.db.gz").exists())
ROWS = 400


def prepare(folder: Path, seed: int) -> None:
    """`old.db`: a released database with ROWS observations, encrypted; `new.schema` tells what it becomes."""
    folder.mkdir(parents=True)
    plain, old = folder / "plain.db", folder / "old.db"
    plain.write_bytes(gzip.decompress((RELEASED / f"{OLD[seed % len(OLD)]}.db.gz").read_bytes()))
    _fill_up(plain)
    connection = dbapi2.connect(str(plain), isolation_level=None)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute(f"ATTACH ? AS coded KEY \"x'{KEY.hex()}'\"", (str(old),))
    connection.execute("SELECT sqlcipher_export('coded')")
    connection.execute("DETACH coded")
    connection.close()
    plain.unlink()
    (folder / "old.schema").write_text("\n".join(sorted(_schema(old))))
    new = folder / "new.db"
    shutil.copy(old, new)
    Database.open(new, KEY).close()
    (folder / "new.schema").write_text("\n".join(sorted(_schema(new))))
    for file in folder.glob("new.db*"):
        file.unlink()


def _fill_up(plain: Path) -> None:
    connection = dbapi2.connect(str(plain), isolation_level=None)
    names = [
        row[1] for row in connection.execute("PRAGMA table_info(observations)") if row[1] not in ("n", "id")
    ]
    fields = ", ".join(f'"{name}"' for name in names)
    connection.execute("BEGIN")
    for n in range(ROWS - 1):
        copied = f"SELECT 'seen{n}', {fields} FROM observations WHERE id = 'seen'"
        connection.execute(f"INSERT INTO observations (id, {fields}) {copied}")
    connection.execute("COMMIT")
    connection.close()


def _schema(path: Path) -> set[str]:
    """What the database is made of, read without changing it."""
    connection = connect(path, KEY)
    try:
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql NOTNULL").fetchall()
        return {" ".join(str(row[0]).split()) for row in rows}
    finally:
        connection.close()


def work(folder: Path, seed: int, say: Say) -> None:
    say("ready")
    for number in range(10**6):
        path = folder / f"{seed}-{number}.db"
        part = folder / "part"
        shutil.copy(folder / "old.db", part)
        part.replace(path)
        say(f"begin {path.name}")
        database = Database.open(path, KEY)
        say(f"done {path.name}")
        database.close()
        for file in folder.glob(f"{seed}-{number - 1}.db*"):  # one that is done and one that is not will do
            file.unlink()


def recover(folder: Path, seed: int) -> None:
    for path in sorted(folder.glob("*-*.db")):
        Database.open(path, KEY).close()


def check(folder: Path, seed: int, said: Sequence[str], findings: Findings) -> None:
    for path in sorted(folder.glob("*-*.db")):
        _whole(path, findings)
        for file in folder.glob(f"{path.name}*"):
            file.unlink()


def between(folder: Path, said: Sequence[str], findings: Findings) -> None:
    """Before anything else opens them: each schema is the old or the new one, and so are its copies."""
    old, new = ((folder / name).read_text().splitlines() for name in ("old.schema", "new.schema"))
    begun = {name for [name] in acknowledged(said, "begin")}
    done = {name for [name] in acknowledged(said, "done")}
    for path in sorted(folder.glob("*-*.db")):
        if path.name not in begun:
            continue
        found = sorted(" ".join(line.split()) for line in _schema(path))
        wanted = (new,) if path.name in done else (old, new)
        findings.expect(found in wanted, TORN, f"the schema of {path.name}")
        if found == new:
            [*left] = copies(path)
            findings.expect(len(left) == 1 and sorted(_schema(left[0])) == old, LOST, f"copy of {path.name}")


def _whole(path: Path, findings: Findings) -> None:
    database = Database.open(path, KEY)
    try:
        database.check()
        findings.same(database.read_sync(observations.count), ROWS, LOST, f"observations in {path.name}")
        claim = database.read_sync(lambda s: propositions.get(s, PropositionId("claim")))
        findings.expect(
            claim is not None and claim.text == "Works on thesis.tex", LOST, f"claim in {path.name}"
        )
        found = database.read_sync(lambda s: search.search(s, "canary", {}, 5))
        findings.expect(bool(found.observations), LOST, f"words in {path.name}")
    finally:
        database.close()
    findings.expect(len(copies(path)) <= 1, UNOPENED, f"copies of {path.name}")


PHASE = Phase("migrate", 0.5, prepare, work, recover, check, between, len(OLD))
