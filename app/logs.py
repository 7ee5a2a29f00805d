"""Logging is set up here and nowhere else. Above DEBUG no log line carries what was on the screen."""

import logging
import logging.handlers
import os
import sys
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
