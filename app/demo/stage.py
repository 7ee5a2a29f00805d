"""Starts the normal daemon and the normal tray on the virtual desktop, in a throw-away data folder."""

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from app.client import Client
from app.demo.person import Person
from app.demo.story import SEARCH
from app.desktop import VirtualDesktop
from app.paths import Paths
from gum.errors import DaemonUnreachable, GumptionError

START_S = 60.0


def settings(person: Person, home: Path, models: Path) -> dict[str, str]:
    """The environment of daemon and tray: its own folder, and the few settings the demo changes.

    A day is a minute here, so batches close after 4 s instead of 60 and cards may follow each other
    sooner; pages and files are opened with the demo person's browser and editor.
    """
    browser = home.parent / "browser.sh"
    words = shlex.join(person.browser("")[:-1])
    browser.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
    browser.chmod(0o700)
    documents = Path(person.desktop.env["HOME"]) / "Documents"
    documents.mkdir(exist_ok=True)
    return {
        "GUMPTION_HOME": str(home),
        "GUMPTION_MODELS": str(models),
        "GUMPTION_PIPELINE__BATCH_WAIT_S": "4",
        "GUMPTION_SUGGEST__GAP_S": "5",
        "GUMPTION_SUGGEST__BURN_IN_H": "0",
        "GUMPTION_SUGGEST__ASK_DETAILS": "false",
        "GUMPTION_SUGGEST__BROWSER": str(browser),
        # A window that a running program opens for another one would appear behind the active one.
        "GUMPTION_SUGGEST__EDITOR": "mousepad",
        "GUMPTION_SUGGEST__SEARCH_URL": f"{SEARCH}/search?q={{query}}",
        "GUMPTION_SUGGEST__TODO_FILE": str(documents / "todo.md"),
        "GUMPTION_SUGGEST__CALENDAR_FOLDER": str(documents),
        "BROWSER": str(browser),
    }


class Stage:
    """Daemon and tray, running. `client` speaks to the daemon."""

    def __init__(self, desktop: VirtualDesktop, home: Path, models: Path, env: Mapping[str, str]) -> None:
        self._desktop = desktop
        self._env = dict(env)
        self._log = home.parent / "gumption.log"
        self.client = Client(Paths(home / "data", home / "config", models))

    def start(self, tray: bool = True) -> subprocess.Popen[bytes]:
        """Both up, the daemon answering; its process. Raises DaemonUnreachable with what it said."""
        daemon = self._run("daemon")
        end = time.monotonic() + START_S
        while True:
            try:
                self.client.get("/hello")
                break
            except GumptionError:
                if daemon.poll() is not None or time.monotonic() > end:
                    raise DaemonUnreachable("The daemon did not start", self.last_words()) from None
            time.sleep(0.2)
        if tray:
            self._run()
        return daemon

    def last_words(self) -> str:
        """The end of what daemon and tray said."""
        lines = self._log.read_text(errors="replace").splitlines() if self._log.exists() else []
        return "It said: " + " / ".join(lines[-4:]) if lines else "It said nothing."

    def _run(self, *command: str) -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-m", "gumption", *command]
        with self._log.open("ab") as out:
            return self._desktop.launch(argv, env=self._env, stdout=out, cwd=Path(os.sep))
