"""A private desktop nobody sees: its own screen, window manager, message bus and home folder.

The demo works on it, and so do the tests of everything that needs a real desktop. Real programs run
there as they would anywhere; when it is left, every process that was started on it is ended and its
folder is removed.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from types import TracebackType
from typing import IO, TypeVar

import psutil
from Xlib import X, Xatom, display
from Xlib.error import BadWindow, DisplayConnectionError, DisplayError

from gum.errors import CaptureUnavailable

PACKAGES = "xvfb openbox dbus dbus-x11 at-spi2-core xdotool trayer chromium mousepad xterm"
APT_LINE = f"sudo apt-get install -y --no-install-recommends {PACKAGES}"
MARK = "GUMPTION_DESKTOP"  # in the environment of every process of a desktop: how they are found at the end
_LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_WALLPAPER = 0x2F4858
# Read in one go: get_full_property asks twice, and fails when a title gets shorter in between.
_PROPERTY = 4096  # in units of 4 bytes
# An editor is there after 0.3 s, also on busy cores (200 starts); once, on a shared machine, not after 20.
PATIENCE_S = 60.0
T = TypeVar("T")


def program(*names: str) -> str:
    """The full path of the first of `names` that is installed. Raises CaptureUnavailable."""
    for name in names:
        found = shutil.which(name)
        if found is not None:
            return found
    raise CaptureUnavailable(
        f"{names[0]} is not installed", f"Install what the virtual desktop needs: {APT_LINE}"
    )


# Chromium heeds the last --disable-features alone. A private window asks before it shows a page without
# encryption, and the pages served here have none.
_WITHOUT = (
    *("Translate", "OptimizationHints", "MediaRouter", "DialMediaRouteProvider"),
    *("HttpsUpgrades", "HttpsFirstBalancedMode", "HttpsFirstModeIncognito"),
)


def chromium_argv(url: str, profile: Path, *extra: str) -> list[str]:
    """Command line of a Chromium that shows its page to AT-SPI and talks to nobody else.

    `profile` is its own data folder: windows of the same profile are windows of one process.
    """
    argv = [
        program(*_BROWSERS),
        f"--user-data-dir={profile}",
        "--force-renderer-accessibility",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-default-apps",
        "--disable-extensions",
        "--disable-breakpad",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        f"--disable-features={','.join(_WITHOUT)}",
        "--password-store=basic",
        "--lang=en-GB",
    ]
    if os.geteuid() == 0:
        # The sandbox refuses to run as root; --test-type hides the warning bar this causes.
        argv += ["--no-sandbox", "--test-type"]
    return [*argv, *extra, url]


class VirtualDesktop:
    """A running private desktop; use it in a `with` statement. Raises CaptureUnavailable on entry.

    `env` is the environment for a program that shall appear on it, `folder` its throw-away folder.
    """

    def __init__(self, size: tuple[int, int] = (1920, 1080), tray: bool = True) -> None:
        self.size = size
        self.env: dict[str, str] = {}
        self.folder = Path()
        self.display = ""
        self._tray = tray
        self._servers = 0  # how many of the first processes are the desktop itself
        self._mark = uuid.uuid4().hex
        self._processes: list[subprocess.Popen[bytes]] = []
        self._x: display.Display | None = None
        self._log: IO[bytes] | None = None

    def __enter__(self) -> "VirtualDesktop":
        needed = ("Xvfb", "openbox", "dbus-daemon", "dbus-send", "xdotool")
        for name in (*needed, *(("trayer",) if self._tray else ())):
            program(name)
        program(*_LAUNCHERS)
        self.folder = Path(tempfile.mkdtemp(prefix="desktop-"))
        try:
            self._start()
        except BaseException:  # whatever went wrong, also Ctrl+C: nothing may be left running
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    # --- programs -------------------------------------------------------------------------------

    def launch(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdout: int | IO[bytes] | None = None,
        pass_fds: Sequence[int] = (),
    ) -> subprocess.Popen[bytes]:
        """Starts a program on this desktop, in a process group of its own.

        `env` is added to the desktop's; output goes to `folder/log.txt` unless `stdout` says otherwise.
        Raises CaptureUnavailable when the program is not installed.
        """
        try:
            process = subprocess.Popen(
                list(argv),
                env={**self.env, **(env or {})},
                cwd=cwd or self.folder / "home",
                stdin=subprocess.DEVNULL,
                stdout=self._log if stdout is None else stdout,
                stderr=self._log,
                start_new_session=True,
                pass_fds=tuple(pass_fds),
            )
        except FileNotFoundError as error:
            raise CaptureUnavailable(f"{argv[0]} is not installed", f"Install it: {APT_LINE}") from error
        self._processes.append(process)
        return process

    def end(self, process: subprocess.Popen[bytes], patience: float = 5.0) -> None:
        """Ends a launched program and its children: SIGTERM, then SIGKILL after `patience` seconds."""
        _end_group(process, patience)
        if process in self._processes:
            self._processes.remove(process)

    def clear(self) -> None:
        """Ends every program launched since the desktop came up; the desktop itself stays."""
        for process in reversed(self._processes[self._servers :]):
            self.end(process)

    # --- windows --------------------------------------------------------------------------------

    def windows(self) -> dict[int, str]:
        """Ids and titles of the open top-level windows, oldest first."""
        found: dict[int, str] = {}
        for window in self._root_property("_NET_CLIENT_LIST"):
            title = self._title(window)
            if title is not None:
                found[window] = title
        return found

    def active_window(self) -> int | None:
        """The window that takes the keys, if any."""
        ids = self._root_property("_NET_ACTIVE_WINDOW")
        return ids[0] if ids and ids[0] else None

    def wait_window(self, title: str, timeout: float = PATIENCE_S) -> int:
        """Id of a window whose title matches the glob `title` (case counts), waiting for it to appear.

        Raises CaptureUnavailable after `timeout` seconds.
        """

        def matching() -> int | None:
            return next((w for w, name in self.windows().items() if fnmatchcase(name, title)), None)

        found = _wait(matching, timeout)
        if found is None:
            there = ", ".join(self.windows().values()) or "none"
            error = CaptureUnavailable(f"No window titled {title} appeared", f"Open windows: {there}.")
            ended = [f"{p.args!r} ({p.returncode})" for p in self._processes if p.poll() is not None]
            error.add_note(f"{error.hint} Ended: {ended}. {self._last_words()}")
            raise error
        return found

    def activate(self, window: int, timeout: float = 5.0) -> None:
        """Raises a window and gives it the keys. Raises CaptureUnavailable."""
        self._xdotool("windowactivate", str(window))
        if _wait(lambda: self.active_window() == window or None, timeout) is None:
            raise CaptureUnavailable("A window could not be activated", "It may have been closed.")

    def place(self, window: int, left: int, top: int, width: int, height: int) -> None:
        """Puts a window where it is wanted, in screen pixels."""
        self._xdotool("windowsize", str(window), str(width), str(height))
        self._xdotool("windowmove", str(window), str(left), str(top))

    def close(self, window: int) -> None:
        """Asks a window to close, as its close button would."""
        self._xdotool("windowclose", str(window))

    # --- hands ----------------------------------------------------------------------------------

    def type_text(self, text: str, delay_ms: int = 12) -> None:
        """Types into the window that has the keys; a line break is the Return key.

        Only letters that a US keyboard has are reliable: others are typed by changing the keyboard's map
        for a moment, which a busy program may read too late.
        """
        for number, line in enumerate(text.split("\n")):
            if number:  # not left to xdotool: GTK programs do not take the line break it types
                self.key("Return")
            if line:
                self._xdotool("type", "--clearmodifiers", "--delay", str(delay_ms), "--", line)

    def key(self, *names: str) -> None:
        """Presses keys one after the other, e.g. `key("ctrl+l", "Return")`."""
        self._xdotool("key", "--clearmodifiers", "--delay", "20", *names)

    def move(self, x: int, y: int) -> None:
        """Moves the pointer to screen pixels."""
        self._xdotool("mousemove", "--sync", str(x), str(y))

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Moves the pointer to screen pixels and clicks there."""
        self._xdotool("mousemove", str(x), str(y), "sleep", "0.05", "click", str(button))

    def screenshot(self, path: Path) -> Path:
        """Writes the whole screen as PNG to `path`."""
        import mss
        import mss.tools

        with mss.MSS(display=self.display) as grabber:
            shot = grabber.grab(grabber.monitors[0])
        mss.tools.to_png(shot.rgb, shot.size, output=str(path))
        return path

    # --- how it is built ------------------------------------------------------------------------

    def _start(self) -> None:
        self._log = (self.folder / "log.txt").open("ab")
        self.env = self._environment()
        self.display = f":{self._start_told(['Xvfb', *self._screen_options()], '-displayfd')}"
        self.env["DISPLAY"] = self.display
        bus = ["dbus-daemon", "--session", "--nofork", f"--address=unix:path={self.folder / 'run' / 'bus'}"]
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self._start_told(bus, "--print-address", "=")
        self._x = _connect(self.display)
        self._paint()
        self.launch(["openbox", "--sm-disable"])
        self._wait_manager()
        self._start_accessibility()
        if self._tray:
            tray = "--edge top --align right --widthtype request --height 26 --transparent true --alpha 255"
            self.launch(["trayer", *tray.split()])
            self._wait_owner(f"_NET_SYSTEM_TRAY_S{self._open().get_default_screen()}")
        self._servers = len(self._processes)

    def _environment(self) -> dict[str, str]:
        places = {"HOME": "home", "XDG_RUNTIME_DIR": "run", "XDG_CONFIG_HOME": "config"}
        places |= {
            "XDG_DATA_HOME": "data",
            "XDG_CACHE_HOME": "cache",
            "XDG_STATE_HOME": "state",
            "TMPDIR": "tmp",
        }
        for name in places.values():
            (self.folder / name).mkdir(mode=0o700)
        # Only what a program needs to start: nothing of the real desktop may leak in.
        kept = ("PATH", "USER", "LOGNAME", "TZ", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SSL_CERT_FILE")
        env = {name: os.environ[name] for name in kept if name in os.environ}
        env |= {name: str(self.folder / place) for name, place in places.items()}
        return env | {
            MARK: self._mark,
            "LANG": "C.UTF-8",
            "XDG_SESSION_TYPE": "x11",
            "XDG_CURRENT_DESKTOP": "Openbox",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "QT_QPA_PLATFORM": "xcb",
            "GTK_MODULES": "gail:atk-bridge",
            "GDK_BACKEND": "x11",
            "GSETTINGS_BACKEND": "memory",
            "GIO_USE_VFS": "local",  # no gvfs daemons
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "PYTHONUNBUFFERED": "1",
        }

    def _screen_options(self) -> list[str]:
        return ["-screen", "0", f"{self.size[0]}x{self.size[1]}x24", "-nolisten", "tcp", "-noreset"]

    def _start_told(self, argv: list[str], option: str, joint: str = "") -> str:
        """Starts a server that writes its address to a descriptor named by `option`; returns the address."""
        read, write = os.pipe()
        said = [f"{option}{joint}{write}"] if joint else [option, str(write)]
        process = self.launch([program(argv[0]), *argv[1:], *said], pass_fds=[write])
        os.close(write)
        with os.fdopen(read, "rb") as answer:
            line = answer.readline().decode().strip()
        if not line:
            process.wait()
            raise CaptureUnavailable(f"{argv[0]} did not start", self._last_words())
        return line

    def _last_words(self) -> str:
        lines = (self.folder / "log.txt").read_text(errors="replace").splitlines()
        return "It said: " + " / ".join(lines[-3:]) if lines else "It said nothing."

    def _paint(self) -> None:
        root = self._root()
        root.change_attributes(background_pixel=_WALLPAPER)
        root.clear_area()
        self._open().sync()

    def _wait_manager(self) -> None:
        if _wait(lambda: self._root_property("_NET_SUPPORTING_WM_CHECK") or None, 10.0) is None:
            raise CaptureUnavailable("The window manager did not start", self._last_words())

    def _wait_owner(self, selection: str) -> None:
        x = self._open()
        if _wait(lambda: x.get_selection_owner(x.intern_atom(selection)) or None, 10.0) is None:
            raise CaptureUnavailable("The tray did not start", self._last_words())

    def _start_accessibility(self) -> None:
        self.launch([program(*_LAUNCHERS), "--launch-immediately"])

        def on(name: str) -> bool | None:
            return self._bus_sets("org.a11y.Status", name) or None

        # ScreenReaderEnabled is left alone: it would make programs speak and blink for a reader.
        if _wait(lambda: on("IsEnabled"), 10.0) is None:
            raise CaptureUnavailable("The accessibility bus did not start", self._last_words())

    def _bus_sets(self, interface: str, name: str) -> bool:
        call = ["dbus-send", "--session", "--print-reply", "--dest=org.a11y.Bus", "/org/a11y/bus"]
        call += [
            "org.freedesktop.DBus.Properties.Set",
            f"string:{interface}",
            f"string:{name}",
            "variant:boolean:true",
        ]
        return subprocess.run(call, env=self.env, capture_output=True, check=False).returncode == 0

    def _open(self) -> display.Display:
        if self._x is None:
            raise CaptureUnavailable("The virtual desktop is closed", "Use it inside its with statement.")
        return self._x

    def _root(self) -> "display.drawable.Window":  # type: ignore[name-defined]
        return self._open().screen().root

    def _root_property(self, name: str) -> list[int]:
        x = self._open()
        value = self._root().get_property(x.intern_atom(name), X.AnyPropertyType, 0, _PROPERTY)
        return [] if value is None else [int(item) for item in value.value]

    def _title(self, window: int) -> str | None:
        x = self._open()
        try:
            opened = x.create_resource_object("window", window)
            for atom in (x.intern_atom("_NET_WM_NAME"), Xatom.WM_NAME):
                value = opened.get_property(atom, X.AnyPropertyType, 0, _PROPERTY)
                if value is not None:
                    raw = value.value
                    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
        except BadWindow:  # closed between the list and the question
            return None
        return ""

    def _xdotool(self, *args: str) -> None:
        done = subprocess.run([program("xdotool"), *args], env=self.env, capture_output=True, check=False)
        if done.returncode != 0:
            raise CaptureUnavailable(
                f"xdotool {args[0]} failed", done.stderr.decode(errors="replace").strip()
            )

    def _stop(self) -> None:
        if self._x is not None:
            with contextlib.suppress(DisplayError, OSError):
                self._x.close()
            self._x = None
        # Programs first, servers last, so that nobody meets a dead display and dumps core.
        for process in reversed(self._processes):
            _end_group(process, 3.0)
        self._processes.clear()
        _end_marked(self._mark)
        if self._log is not None:
            self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _connect(name: str) -> display.Display:
    try:
        return display.Display(name)
    except (DisplayConnectionError, OSError) as error:
        raise CaptureUnavailable(f"The virtual display {name} does not answer", str(error)) from error


def _end_group(process: subprocess.Popen[bytes], patience: float) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _end_marked(mark: str) -> None:
    """Ends what the message bus started for us, or what left its group: all carry the desktop's mark."""
    left = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == mark:
                process.terminate()
                left.append(process)
    _, alive = psutil.wait_procs(left, timeout=2.0)
    for process in alive:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(alive, timeout=2.0)


def _wait(ask: Callable[[], T | None], timeout: float, pause: float = 0.1) -> T | None:
    """What `ask` answers as soon as it is not None; None when `timeout` seconds have passed."""
    end = time.monotonic() + timeout
    while True:
        answer = ask()
        if answer is not None or time.monotonic() > end:
            return answer
        time.sleep(pause)
