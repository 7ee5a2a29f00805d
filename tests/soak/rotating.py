"""Killed while the database gets a new key: one of the two opens it, and afterwards only that one does."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from app.paths import Paths
from app.store import place_of
from storage import keys, observations, rotate, truth
from storage.db import Database, opens
from storage.index import VectorIndex
from tests.soak import indexing
from tests.soak.home import MODEL
from tests.soak.keyed import key_in, paths_in
from tests.soak.phase import KEPT, LOST, UNOPENED, Findings, Phase, Say, acknowledged

ROWS = 300


def _open(paths: Paths) -> tuple[Database, VectorIndex]:
    """The store and its index, in step with each other."""
    key = key_in(paths)
    database, index = Database.open(paths.database, key), VectorIndex(paths.index, key)
    index.ensure(lambda: database.read_sync(lambda s: list(truth.vectors(s, MODEL))), MODEL)
    return database, index


def prepare(folder: Path, seed: int) -> None:
    paths = paths_in(folder).make()
    database = Database.open(paths.database, key_in(paths))
    database.run_sync(partial(indexing.add, names=[f"o{n}" for n in range(ROWS)]))
    database.close()


def work(folder: Path, seed: int, say: Say) -> None:
    paths = paths_in(folder)
    rotate.settle(place_of(paths))
    key = key_in(paths)
    say(f"key {key.hex()}")
    say("ready")
    for _ in range(10**6):
        say("begin rotation")
        key = rotate.change(place_of(paths), key, keyring_ok=False)
        say(f"key {key.hex()}")


def between(folder: Path, said: Sequence[str], findings: Findings) -> None:
    """Before anything else opens it: one of the keys that are noted fits."""
    place = place_of(paths_in(folder))
    noted = [keys.read(note, None) for note in (place.note, place.next) if note.exists()]
    findings.expect(any(opens(place.database, key) for key in noted), UNOPENED, "by none of the noted keys")


def recover(folder: Path, seed: int) -> None:
    paths = paths_in(folder)
    rotate.settle(place_of(paths))
    database, index = _open(paths)
    index.close()
    database.close()


def check(folder: Path, seed: int, said: Sequence[str], findings: Findings) -> None:
    paths = paths_in(folder)
    findings.expect(not rotate.unfinished(place_of(paths)), KEPT, "the note of an interrupted rotation")
    # A rotation that was taken back leaves its key for the next life to tell of again.
    known = [bytes.fromhex(key) for key in dict.fromkeys(key for [key] in acknowledged(said, "key"))]
    now = key_in(paths)
    findings.expect(now not in known[:-1], LOST, "an older key came back after a newer was acknowledged")
    files = sorted(f for f in paths.data.iterdir() if f.is_file() and f.stat().st_size and ".db" in f.name)
    for key in known:
        bad = [f.name for f in files if key != now and opens(f, key)]
        findings.same(bad, [], KEPT, "files that an old key opens")
    database, index = _open(paths)
    database.check()
    findings.same(database.read_sync(observations.count), ROWS, LOST, "observations")
    findings.same(index.count("observations"), ROWS, LOST, "vectors")
    near = index.query("observations", indexing.vector("o7"), 1)
    findings.same([key for key, _ in near], ["o7"], LOST, "the nearest vector")
    index.close()
    database.close()


PHASE = Phase("rotate", 0.5, prepare, work, recover, check, between)
