"""Searches a whole data folder for plants: rows, full-text index, pictures, vectors, logs, raw bytes.

Whatever has the key could read is read: databases row by row and page by page, with their gaps and free
pages and their write-ahead log. `keep_all` makes a database keep what it was ever given, so that what was
stored for a moment only is found too.
"""

import io
import re
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from sqlcipher3 import dbapi2

from app import pixels
from gum.types import FrameId, Region
from storage.db import PLAIN_HEADER, connect
from storage.observations import StoredFrame
from storage.schema import FULL_TEXT
from tests.desktop.plants import Colour, Plant, colours_in
from tests.storage.planted import PAGE, decrypted

EVER = "ever_"
_RUN = re.compile(rb"[\x20-\x7e]{8,}")  # what `strings` takes for text; no plant is shorter
_PICTURE = re.compile(rb"\x89PNG\r\n\x1a\n|RIFF....WEBP|\xff\xd8\xff|GIF8[79]a", re.DOTALL)
_WAL_HEADER, _FRAME_HEADER = 32, 24  # https://www.sqlite.org/fileformat2.html#walformat


@dataclass(slots=True)
class Trove:
    """Everything readable that was found, by place."""

    text: dict[str, bytearray] = field(default_factory=lambda: defaultdict(bytearray))
    colours: dict[str, set[Colour]] = field(default_factory=lambda: defaultdict(set))
    pictures: int = 0

    def add(self, place: str, content: bytes) -> None:
        """Takes the readable runs of `content`, in UTF-8 and in UTF-16, without regard to capitals."""
        bare = content.replace(b"\0", b"")
        for data in (content, bare) if len(bare) != len(content) else (content,):
            runs = b"\n".join(_RUN.findall(data.lower()))
            if runs:
                self.text[place] += b"\n" + runs

    def picture(self, place: str, content: bytes) -> bool:
        """Takes the colours of a picture; whether it was one."""
        try:
            with Image.open(io.BytesIO(content)) as opened:
                pixels = np.asarray(opened.convert("RGB"))
        except (OSError, ValueError, SyntaxError):  # what Pillow raises at what is no picture
            return False
        self.pictures += 1
        self.colours[place].update(colours_in(pixels))
        return True

    def pictures_in(self, place: str, content: bytes) -> None:
        """Takes the pictures that lie in one piece somewhere in `content`."""
        for start in _PICTURE.finditer(content):
            self.picture(place, content[start.start() :])

    def row(self, table: str, row: Mapping[str, Any]) -> None:
        """Takes the fields of a row. Raises AssertionError at pixels that cannot be looked at."""
        for column, value in row.items():
            place = f"{table}.{column}"
            if isinstance(value, str):
                self.add(place, value.encode("utf-8", "replace"))
            elif isinstance(value, bytes) and {"left", "top", "width", "height"} <= row.keys():
                self._frame(place, row, value)
            elif isinstance(value, bytes) and not self.picture(place, value):
                self.add(place, value)

    def _frame(self, place: str, row: Mapping[str, Any], packed: bytes) -> None:
        """Takes the colours of pixels that are stored as the program stores them."""
        region = Region(row["left"], row["top"], row["width"], row["height"])
        try:
            seen = pixels.decode(StoredFrame(FrameId(""), datetime.now(UTC), "", region, "", packed))
        except (zlib.error, ValueError, IndexError) as error:
            raise AssertionError(f"{place} holds something that this search cannot see through") from error
        shape = (region.height, region.width, 4)
        self.pictures += 1
        self.colours[place].update(
            colours_in(np.frombuffer(seen.pixels, np.uint8).reshape(shape)[..., 2::-1])
        )

    def words_at(self, plant: Plant) -> set[str]:
        """Where its words were found."""
        spelt = [word.lower().encode() for word in plant.words]
        return {place for place, text in self.text.items() if any(word in text for word in spelt)}

    def colour_at(self, plant: Plant) -> set[str]:
        """Where its colour was found."""
        if plant.colour is None:
            return set()
        return {place for place, colours in self.colours.items() if plant.colour in colours}

    def places(self, plant: Plant) -> list[str]:
        return sorted(self.words_at(plant) | self.colour_at(plant))


def search(folder: Path, key: bytes, plants: Sequence[Plant] = ()) -> Trove:
    """Reads all of `folder`; nobody may be writing to it. `plants` are asked of the full-text index, too."""
    trove = Trove()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            _file(trove, file, str(file.relative_to(folder)), key, plants)
    return trove


def _file(trove: Trove, file: Path, name: str, key: bytes, plants: Sequence[Plant]) -> None:
    content = file.read_bytes()
    trove.add(f"bytes of {name}", content)
    trove.pictures_in(f"bytes of {name}", content)
    if content.startswith(PLAIN_HEADER):
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
            _tables(trove, name, opened)
    elif name.endswith("-wal"):
        for page in _logged(content):
            with suppress(ValueError):  # not of an encrypted database
                trove.add(f"pages of {name}", decrypted(page, key))
    elif ".db" in file.name and content and len(content) % PAGE == 0:
        trove.add(f"pages of {name}", decrypted(content, key))
        # One of another kind, or of another key, raises: its bytes were searched.
        with closing(connect(file, key)) as opened, suppress(dbapi2.DatabaseError):
            _tables(trove, name, opened)
            _full_text(trove, name, opened, plants)


def _logged(content: bytes) -> Iterator[bytes]:
    """The pages of a write-ahead log, also those that are not valid any more."""
    for start in range(_WAL_HEADER, len(content), _FRAME_HEADER + PAGE):
        yield content[start + _FRAME_HEADER : start + _FRAME_HEADER + PAGE]


def _tables(trove: Trove, name: str, opened: sqlite3.Connection) -> None:
    listed = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in listed:
        with suppress(sqlite3.Error, dbapi2.OperationalError):  # its module is not here; its own tables are
            found = opened.execute(f'SELECT * FROM "{table}"')
            columns = [told[0] for told in found.description]
            for row in found:
                trove.row(f"{name}: {table}", dict(zip(columns, row, strict=True)))


def _full_text(trove: Trove, name: str, opened: sqlite3.Connection, plants: Sequence[Plant]) -> None:
    for table in FULL_TEXT:
        for plant in plants:
            for word in plant.words:
                quoted = word.replace('"', '""')
                ask = f'SELECT count(*) FROM "{table}" WHERE "{table}" MATCH ?'
                if opened.execute(ask, (f'"{quoted}"',)).fetchone()[0]:
                    trove.add(f"{name}: full text of {table}", word.encode())


def keep_all(database: Path, key: bytes) -> None:
    """Has the database note each row that is ever written, whatever becomes of it. Not where one forgets.

    One table `ever_NAME` and two triggers a table; full-text tables have no rows of their own.
    """
    with closing(connect(database, key)) as opened:
        tables = opened.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'"
            " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'ever_%'"
        ).fetchall()
        for (table,) in tables:
            if any(table.startswith(index) for index in FULL_TEXT):  # the index's own tables
                continue
            columns = [told[1] for told in opened.execute(f'PRAGMA table_info("{table}")')]
            new = ", ".join(f'new."{column}"' for column in columns)
            opened.execute(f'CREATE TABLE "{EVER}{table}" AS SELECT * FROM "{table}" WHERE 0')
            for event in ("INSERT", "UPDATE"):
                opened.execute(
                    f'CREATE TRIGGER "{EVER}{table}_{event}" AFTER {event} ON "{table}" '
                    f'BEGIN INSERT INTO "{EVER}{table}" VALUES ({new}); END'
                )


class Live:
    """What a database was given so far, while somebody else writes to it; without `keep_all` what it has."""

    def __init__(self, database: Path, key: bytes, keeps: bool = True) -> None:
        self._opened = connect(database, key)
        self._keeps = keeps
        self._after = dict.fromkeys(self._listed() if keeps else ("observations", "frames"), 0)
        self.trove = Trove()

    def close(self) -> None:
        self._opened.close()

    def look(self) -> Trove:
        """All of it until now."""
        if not self._keeps:  # numbers of forgotten rows are given out again
            self._after, self.trove = dict.fromkeys(self._after, 0), Trove()
        for table, after in self._after.items():
            found = self._opened.execute(f'SELECT rowid, * FROM "{table}" WHERE rowid > ?', (after,))
            columns = [told[0] for told in found.description][1:]
            for number, *row in found.fetchall():
                self._after[table] = number
                self.trove.row(table, dict(zip(columns, row, strict=True)))
        return self.trove

    def seen(self, plant: Plant) -> bool:
        """Whether the plant is in it."""
        return bool(self.look().places(plant))

    def _listed(self) -> list[str]:
        found = self._opened.execute(
            f"SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '{EVER}%'"
        )
        return [name for (name,) in found.fetchall()]
