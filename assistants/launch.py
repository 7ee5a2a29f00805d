"""Starting the command that opens things, without a shell and without waiting for it."""

import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gum.errors import ActionFailed

DESKTOP = ("xdg-open",)
"""Opens pages and files with what the person chose for them; honours $BROWSER where no desktop is known."""


@dataclass(frozen=True, slots=True)
class Launcher:
    """The commands; what is opened is added as the last argument. `env` None means our own environment."""

    browser: Sequence[str] = DESKTOP
    editor: Sequence[str] = DESKTOP
    env: Mapping[str, str] | None = None

    def page(self, address: str) -> "Started":
        """Opens a checked address. Raises ActionFailed."""
        return self._start([*self.browser, address])

    def file(self, path: str) -> "Started":
        """Opens a checked path. Raises ActionFailed."""
        return self._start([*self.editor, path])

    def program(self, path: str) -> "Started":
        """Starts a program of the list. Raises ActionFailed."""
        return self._start([path])

    def _start(self, argv: list[str]) -> "Started":
        try:
            process = subprocess.Popen(
                argv,
                env=dict(self.env) if self.env is not None else os.environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # it outlives us, as if the person had started it
            )
        except OSError as error:
            hint = "Name another command in the settings, or install it."
            raise ActionFailed(f"{argv[0]} could not be started", hint) from error
        return Started(argv[0], process)


class Started:
    """A command that was started."""

    def __init__(self, name: str, process: subprocess.Popen[bytes]) -> None:
        self.name = name
        self._process = process
        # Somebody has to take its exit status, or it stays behind as a zombie.
        threading.Thread(target=process.wait, name="reap", daemon=True).start()

    def check(self) -> None:
        """Raises ActionFailed when it has already ended with an error."""
        if self._process.returncode:
            hint = "Name another command in the settings."
            raise ActionFailed(f"{self.name} said no ({self._process.returncode})", hint)
