"""A real sway without a screen, beside the buses of a `VirtualDesktop`: `sway` in a test's arguments."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.desktop import VirtualDesktop, program
from tests.observers.recorder import wait_for

_NOBODY = "65534"
_CONFIG = "output HEADLESS-1 resolution 1280x900\nxwayland disable\nfocus_follows_mouse no\n"


class Sway:
    """A running sway. `env` is what a program needs to appear on it, or to belong to its session."""

    def __init__(self, desktop: VirtualDesktop, folder: Path) -> None:
        self.desktop, self.folder = desktop, folder
        self.socket = folder / "run" / "sway.sock"
        self._process: subprocess.Popen[bytes] | None = None
        self.env: Mapping[str, str] = {
            "DISPLAY": "",
            "WAYLAND_DISPLAY": str(folder / "run" / "wayland-1"),
            "XDG_SESSION_TYPE": "wayland",
            "SWAYSOCK": str(self.socket),
            "GDK_BACKEND": "wayland",
        }

    def start(self) -> None:
        """Raises AssertionError when it does not come up."""
        run = self.folder / "run"
        run.mkdir(mode=0o700)
        self.folder.chmod(0o711)
        (self.folder / "config").write_text(_CONFIG, encoding="utf-8")
        argv = [program("sway"), "-c", str(self.folder / "config")]
        if os.geteuid() == 0:  # sway refuses to be run by root
            os.chown(run, int(_NOBODY), int(_NOBODY))
            argv = [program("setpriv"), f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", *argv]
        without_a_screen = {
            "WLR_BACKENDS": "headless",
            "WLR_LIBINPUT_NO_DEVICES": "1",
            "WLR_RENDERER": "pixman",
        }
        paths = {"XDG_RUNTIME_DIR": str(run), "HOME": str(run), "XDG_CONFIG_HOME": str(run)}
        env = {**self.env, **paths, **without_a_screen, "DBUS_SESSION_BUS_ADDRESS": "", "WAYLAND_DISPLAY": ""}
        self._process = self.desktop.launch(argv, env=env, cwd=run)
        assert wait_for(self._answers), (self.desktop.folder / "log.txt").read_text(errors="replace")[-2000:]
        # Without a keyboard no window has the keys, and programs say so. This one exists while it sleeps.
        self.launch([program("wtype"), "-s", "3600000"])

    def end(self) -> None:
        """Ends it; its programs end with it."""
        if self._process is not None:
            self.desktop.end(self._process)

    def launch(self, argv: Sequence[str], **env: str) -> "subprocess.Popen[bytes]":
        """Starts a program on it."""
        return self.desktop.launch(argv, env={**self.env, **env})

    def tell(self, *command: str) -> None:
        """A command as swaymsg(1) takes it."""
        subprocess.run(["swaymsg", "-s", str(self.socket), *command], check=True, capture_output=True)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as door:
            return self.socket.exists() and door.connect_ex(str(self.socket)) == 0


@contextmanager
def running(desktop: VirtualDesktop) -> Iterator[Sway]:
    """A sway for as long as the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="sway-"))
    try:
        sway = Sway(desktop, folder)
        sway.start()
        yield sway
        sway.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sway(desktop: VirtualDesktop) -> Iterator[Sway]:
    with running(desktop) as found:
        yield found
