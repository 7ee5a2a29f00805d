"""The search finds a plant wherever a data folder can hold it, and nothing where there is none."""

import io
import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from app import logs, pixels
from gum.types import Frame, Region
from storage import observations, work
from storage.db import Database, connect
from tests.builders import NOON, frame, observation
from tests.desktop.plants import Plant, Plants
from tests.desktop.search import Live, keep_all, search
from tests.desktop.windows import painted
from tests.storage.builders import KEY

PLANT = Plants().text()
OTHER = Plants(2).text()
Put = Callable[[Path, Database], None]


def stored(
    words: str = "nothing", title: str = "nothing", picture: Frame | None = None, key: str = "one"
) -> Put:
    def put(folder: Path, database: Database) -> None:
        encoded = pixels.encode(picture) if picture else None
        seen = replace(observation(words, id=key), title=title)
        database.run_sync(lambda s: observations.append(s, seen, encoded, picture))

    return put


def shot(plant: Plant) -> Frame:
    """A frame as the screen source hands it over."""
    picture = painted((400, 200), plant)
    return replace(
        frame(), region=Region(0, 0, 400, 200), pixels=picture.convert("RGBA").tobytes("raw", "BGRA")
    )


def in_work(folder: Path, database: Database) -> None:
    stored()(folder, database)

    def fail(s: Session) -> None:
        (item, *_) = work.lease(s, "perceive", 2, NOON, timedelta(minutes=1))
        work.retry(s, [item.id], PLANT.shown, NOON)

    database.run_sync(fail)


def in_the_log(folder: Path, database: Database) -> None:
    logs.set_up(folder / "daemon.log")
    logging.getLogger("app.anything").warning("there was %s", PLANT.shown.upper())
    logging.shutdown()


def in_a_picture_file(folder: Path, database: Database) -> None:
    out = io.BytesIO()
    painted((400, 200), PLANT).save(out, "webp", quality=60)
    (folder / "thumbnail").write_bytes(b"a head of some kind" + out.getvalue())


def in_vectors_documents(folder: Path, database: Database) -> None:
    import chromadb

    client = chromadb.PersistentClient(str(folder / "index"))
    made = client.create_collection("seen")
    made.add(ids=["one"], embeddings=[[0.1, 0.2]], documents=[f"{PLANT.shown} is here"])  # type: ignore[arg-type]
    client.close()


def in_utf16(folder: Path, database: Database) -> None:
    (folder / "crash.dmp").write_bytes(b"\x01\x02" + PLANT.shown.encode("utf-16-le") + b"\x03")


def in_a_deleted_row(folder: Path, database: Database) -> None:
    """A connection of its own: the program's clears what it deletes."""
    with closing(connect(folder / "gumption.db", KEY)) as opened:
        opened.execute("CREATE TABLE gone (words TEXT)")
        opened.execute("INSERT INTO gone VALUES (?)", (f"{PLANT.shown} is gone",))
        opened.execute("PRAGMA secure_delete = OFF")
        opened.execute("DELETE FROM gone")


def in_a_plain_database(folder: Path, database: Database) -> None:
    with closing(sqlite3.connect(folder / "some.sqlite3")) as opened, opened:
        opened.execute("CREATE TABLE t (picture BLOB)")
        out = io.BytesIO()
        painted((400, 200), PLANT).save(out, "png")
        opened.execute("INSERT INTO t VALUES (?)", (out.getvalue(),))


PLACES: dict[str, tuple[Put, str]] = {
    "rows": (stored(words=f"there is {PLANT.shown} in it"), "gumption.db: observations.text"),
    "titles": (stored(title=PLANT.shown), "gumption.db: observations.title"),
    "full text": (stored(words=PLANT.shown), "gumption.db: full text of observations_words"),
    "pixels": (stored(picture=shot(PLANT)), "gumption.db: frames.encoded"),
    "work queue": (in_work, "gumption.db: work.error"),
    "log": (in_the_log, "bytes of daemon.log"),
    "picture file": (in_a_picture_file, "bytes of thumbnail"),
    "vectors' documents": (in_vectors_documents, "embedding_metadata.string_value"),
    "UTF-16": (in_utf16, "bytes of crash.dmp"),
    "deleted row": (in_a_deleted_row, "pages of gumption.db"),
    "plain database": (in_a_plain_database, "some.sqlite3: t.picture"),
}


@pytest.mark.parametrize(("put", "where"), PLACES.values(), ids=PLACES)
def test_a_plant_is_found_in(put: Put, where: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    database = Database.open(folder / "gumption.db", KEY)
    stored(words="ordinary words", picture=shot(OTHER), key="ordinary")(folder, database)
    put(folder, database)
    database.close()
    trove = search(folder, KEY, [PLANT])
    assert any(place.endswith(where) for place in trove.places(PLANT)), trove.places(PLANT)
    assert any(place.endswith("frames.encoded") for place in trove.places(OTHER))


def test_a_write_ahead_log_that_a_dead_process_left_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    database = Database.open(folder / "gumption.db", KEY)
    stored(words=PLANT.shown)(folder, database)
    for name in ("gumption.db", "gumption.db-wal"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    database.close()
    (tmp_path / "gumption.db").unlink()
    (tmp_path / "data").rename(tmp_path.with_suffix(".away"))
    assert search(tmp_path, KEY).places(PLANT) == ["pages of gumption.db-wal"]


def test_where_nothing_was_planted_nothing_is_found(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "gumption.db", KEY)
    for number in range(40):
        stored(words=f"ordinary words, number {number}", key=f"n{number}")(tmp_path, database)
    stored(picture=shot(OTHER))(tmp_path, database)
    database.close()
    trove = search(tmp_path, KEY, [PLANT])
    assert trove.places(PLANT) == []
    assert trove.pictures == 1


def test_what_was_stored_for_a_moment_only_is_kept_and_found(tmp_path: Path) -> None:
    file = tmp_path / "gumption.db"
    Database.open(file, KEY).close()
    keep_all(file, KEY)
    database = Database.open(file, KEY)
    live = Live(file, KEY)
    stored(picture=shot(PLANT))(tmp_path, database)
    seen = observation("nothing", id="one")
    database.run_sync(lambda s: observations.perceived(s, seen.id, OTHER.shown, None))  # drops the pixels
    assert live.seen(PLANT) and live.seen(OTHER)
    live.close()
    database.run_sync(lambda s: observations.perceived(s, seen.id, "nothing", None))
    database.close()
    trove = search(tmp_path, KEY)
    assert "gumption.db: ever_frames.encoded" in trove.places(PLANT)
    assert "gumption.db: frames.encoded" not in trove.places(PLANT)
    assert "gumption.db: ever_observations.text" in trove.places(OTHER)


def test_pixels_that_cannot_be_looked_at_are_told(tmp_path: Path) -> None:
    """Else the day another form is chosen for them, nothing is ever found in them again."""
    database = Database.open(tmp_path / "gumption.db", KEY)
    database.run_sync(lambda s: observations.append(s, observation("a"), b"who knows", shot(PLANT)))
    database.close()
    with pytest.raises(AssertionError, match="cannot see through"):
        search(tmp_path, KEY)


def test_a_colour_survives_a_lossy_picture(tmp_path: Path) -> None:
    out = io.BytesIO()
    painted((400, 200), PLANT).resize((200, 100)).save(out, "jpeg", quality=50)
    with Image.open(out) as picture:
        assert picture.size == (200, 100)
    (tmp_path / "a.jpg").write_bytes(out.getvalue())
    assert search(tmp_path, KEY).places(PLANT) == ["bytes of a.jpg"]
