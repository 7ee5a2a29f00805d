"""Logging is set up here and nowhere else. Above DEBUG no log line carries what was on the screen."""

import logging
import logging.handlers
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
KEEP_BYTES = 1_000_000


def set_up(file: Path | None = None) -> None:
    """Logs to `file` (rotated at 1 MB, mode 0600) and, at WARNING, to standard error.

    `GUMPTION_LOG=DEBUG` logs more, and says what that may hold.
    """
    level = os.environ.get("GUMPTION_LOG", "INFO").upper()
    root = logging.getLogger()
    root.setLevel(level if level in logging.getLevelNamesMapping() else "INFO")
    screen = logging.StreamHandler(sys.stderr)
    screen.setLevel(logging.WARNING)
    screen.setFormatter(logging.Formatter(FORMAT))
    handlers: list[logging.Handler] = [screen]
    if file is not None:
        file.touch(mode=0o600, exist_ok=True)
        rotating = logging.handlers.RotatingFileHandler(file, maxBytes=KEEP_BYTES, backupCount=1)
        rotating.setFormatter(logging.Formatter(FORMAT))
        handlers.append(rotating)
    for old in root.handlers[:]:
        root.removeHandler(old)
    for handler in handlers:
        root.addHandler(handler)
    # These repeat what they are sent, which here is the person's screen.
    for noisy in ("httpx", "httpcore", "chromadb", "sqlalchemy", "uvicorn.access", "PIL", "rapidocr"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for chatty in ("alembic", "apscheduler", "tzlocal", "uvicorn", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    if root.level <= logging.DEBUG:
        logging.getLogger(__name__).warning("debug logging is on: the log may hold text from the screen")


def forget_before(file: Path, before: datetime) -> None:
    """Takes the lines from before then out of the log `file` and the one that was rotated away.

    What a line goes on with (a traceback) goes with it. Files that cannot be written stay as they are.
    """
    first = before.astimezone().strftime("%Y-%m-%d %H:%M:%S")  # as FORMAT writes the time: local, sortable
    _keep(file.with_name(f"{file.name}.1"), first)
    handlers = [h for h in logging.getLogger().handlers if isinstance(h, logging.FileHandler)]
    writer = next((h for h in handlers if Path(h.baseFilename) == file.absolute()), None)
    if writer is None:
        _keep(file, first)
        return
    writer.acquire()  # nobody writes a line meanwhile; the next one opens the file again
    try:
        if writer.stream is not None:
            writer.stream.close()
        writer.stream = None
        _keep(file, first)
    finally:
        writer.release()


def _keep(file: Path, first: str) -> None:
    with suppress(OSError):  # no log is worth a failure; the next day tries again
        lines = file.read_text(errors="replace").splitlines(keepends=True)
        kept = list(_since(lines, first))
        if kept:
            if len(kept) < len(lines):
                file.write_text("".join(kept))
        elif lines:
            file.unlink() if file.suffix == ".1" else file.write_text("")


def _since(lines: Iterable[str], first: str) -> Iterator[str]:
    keep = False
    for line in lines:
        if line[:4].isdigit() and line[4:5] == "-":
            keep = line[: len(first)] >= first
        if keep:
            yield line
