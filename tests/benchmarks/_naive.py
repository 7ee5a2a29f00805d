"""What Gumption is compared with: a recorder that reads the whole screen every second, with the same
reader.

`python -m tests.benchmarks._naive FOLDER` on a display, until it is ended. It keeps the picture (WebP,
quality 80) and the text of each look in FOLDER. Before the next look it waits for what is left of the
second.
"""

import sqlite3
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import mss
from PIL import Image

from gum.model.reader import RapidReader
from gum.types import Frame, FrameId, Region

EVERY_S = 1.0


def run(folder: Path) -> None:
    """Records until the process is ended."""
    store = sqlite3.connect(folder / "naive.db", isolation_level=None)
    store.execute("CREATE TABLE looks (at REAL, text TEXT)")
    reader = RapidReader()
    with mss.MSS() as camera:
        while True:
            start = time.monotonic()
            shot = camera.grab(camera.monitors[0])
            image = Image.frombytes("RGB", shot.size, bytes(shot.bgra), "raw", "BGRX")
            image.save(folder / f"{time.time():.3f}.webp", quality=80)
            whole = Region(0, 0, shot.width, shot.height)
            frame = Frame(FrameId("naive"), datetime.now(UTC), "", whole, "", bytes(shot.raw))
            text = "\n".join(line.text for line in reader.read(frame))
            store.execute("INSERT INTO looks VALUES (?, ?)", (time.time(), text))
            time.sleep(max(0.0, EVERY_S - (time.monotonic() - start)))


def looks(folder: Path) -> list[str]:
    """The text of each look so far."""
    store = sqlite3.connect(folder / "naive.db")
    texts = [str(row[0]) for row in store.execute("SELECT text FROM looks")]
    store.close()
    return texts


if __name__ == "__main__":
    run(Path(sys.argv[1]))
