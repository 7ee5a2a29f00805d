"""Children of a fork server that has the slow imports behind it: a start costs milliseconds, not seconds.

They are processes of their own all the same: nothing of a killed one is left but its files.
"""

import multiprocessing
import os
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.soak.phase import Say

# There is one fork server in a process, and it imports what is named before its first child: so all of it.
HERE = ("tests.soak.phases", "tests.app.flood", "tests.storage.busy", "tests.storage.rotating")
SLOW = (
    "alembic.command",
    "chromadb",
    "pydantic.v1",  # as soon as FastAPI is given a route
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)


def context() -> ForkServerContext:
    """Where children come from."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload([*HERE, *SLOW])
    return made


def kill(process: BaseProcess) -> None:
    """With -9, and waits until it is gone."""
    process.kill()
    process.join()


def sayer(file: Path) -> Say:
    """Lines into `file`, one system call each: what was written survives the writer."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return lambda line: (os.write(handle, (line + "\n").encode()), None)[1]


def heard(file: Path) -> list[str]:
    """The whole lines that were said."""
    if not file.exists():
        return []
    return file.read_text().splitlines(keepends=False) if file.stat().st_size else []
