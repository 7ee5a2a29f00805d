"""A real daemon process for tests, in a folder of its own, with or without a display."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.client import Client
from app.paths import Paths
from gum.errors import GumptionError


def paths_under(home: Path) -> Paths:
    """The folders a process with GUMPTION_HOME=`home` uses."""
    return Paths(home / "data", home / "config", home / "no-models")


@contextmanager
def daemon(home: Path, env: Mapping[str, str], module: str = "gumption") -> Iterator[Client]:
    """`gumption daemon` (or a test's own daemon `module`) until the block ends; it must end with status 0."""
    arguments = ["daemon"] if module == "gumption" else []
    whole = {"GUMPTION_SUGGEST__BURN_IN_H": "0", **env, "GUMPTION_HOME": str(home)}
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        env=whole,
        stdin=subprocess.DEVNULL,  # in a terminal it would ask for a passphrase
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    client = Client(paths_under(home))
    try:
        wait_for(client, process)
        yield client
    finally:
        process.terminate()
        _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said.decode()


def wait_for(client: Client, process: "subprocess.Popen[bytes]", seconds: float = 30.0) -> None:
    """Returns when the daemon answers. Raises AssertionError with its last words when it never does."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            client.get("/hello")
            return
        except GumptionError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
    process.kill()
    _, said = process.communicate()
    raise AssertionError(f"the daemon did not come up: {said.decode()}")


def without_display() -> dict[str, str]:
    """The environment of this process without a display and without a session bus."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS")
    return {key: value for key, value in os.environ.items() if key not in hidden}
