"""A daemon whose observers are a flood (labelled fake); all else of it is real. Run by tests.

It serves GUMPTION_HOME until it is killed and says the id of every observation the moment it is acknowledged,
which is when the hub tells that it has been committed: `python -m tests.app.flood` on standard output, `live`
in a child of the fork server.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from app import config
from app.daemon import Daemon
from app.door import listen
from app.lock import InstanceLock
from app.paths import Paths
from gum.types import Observation, ObservationId, Rule, SourceHealth, Trust, new_id
from observers.base import Sink
from observers.watch import Watch
from storage.db import Database
from storage.keys import data_key
from tests.forks import sayer
from tests.soak.phase import Say

FILES = 12  # the same claims come again and again, so that a duplicate would show
PAUSE_S = 0.004


class Flood(Watch):
    """Fake: puts made-up window titles into the sink, 250 a second, instead of watching a display."""

    def __init__(self, sink: Sink, rules: Callable[[], Sequence[Rule]], paused: Callable[[], bool]) -> None:
        super().__init__(sink, rules, paused)
        self._sink = sink
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._flood, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def health(self) -> list[SourceHealth]:
        return [SourceHealth("window", "running", "", "", None)]

    def _flood(self) -> None:
        number = 0
        while not self._stop.wait(PAUSE_S):
            number += 1
            self._sink.put(title(number % FILES))


def title(number: int) -> Observation:
    """A window title from which the extractors learn which file is worked on."""
    now = datetime.now(UTC)
    text = f"chapter{number}.md - Mousepad"
    return Observation(ObservationId(new_id()), "window", now, now, "mousepad", text, text, Trust.ACTED_ON)


def serve(say: Say) -> None:
    """What the environment asks for, until the process is told to end; FLOOD=no observes nothing."""
    paths = Paths.home().make()
    with InstanceLock(paths.lock):
        asyncio.run(_serve(paths, say))


def live(home: Path, said: Path, flood: bool) -> None:
    """Serves `home` in a child of tests.forks; what is acknowledged goes into the file `said`."""
    for hidden in ("DISPLAY", "WAYLAND_DISPLAY"):
        os.environ.pop(hidden, None)
    os.environ["GUMPTION_HOME"] = str(home)
    # The hashing embedder: no model process, all the rest real.
    os.environ["GUMPTION_MODELS"] = str(home / "no-models")
    os.environ["GUMPTION_PIPELINE__BATCH_WAIT_S"] = "0.2"
    os.environ["FLOOD"] = "yes" if flood else "no"
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())
    serve(sayer(said))


async def _serve(paths: Paths, say: Say) -> None:
    settings = config.load(paths.settings_file)
    key = data_key(paths.config, paths.database, keyring_ok=False)
    flood = os.environ.get("FLOOD", "yes") == "yes"
    database = Database.open(paths.database, key)
    daemon = Daemon(paths, settings, database, key, Flood if flood else Quiet)
    heard = asyncio.create_task(tell(daemon, say))
    await daemon.serve(listen(0))
    heard.cancel()
    database.close()


async def tell(daemon: Daemon, say: Say) -> None:
    async for event in daemon.service.hub.listen():
        if event.name == "observation":
            assert isinstance(event.data, dict)
            say(str(event.data["id"]))


class Quiet(Flood):
    """Fake: observes nothing, so that what is left over can be finished."""

    def _flood(self) -> None:
        self._stop.wait()


if __name__ == "__main__":
    serve(partial(print, flush=True))
