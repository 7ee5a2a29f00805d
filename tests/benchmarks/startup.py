"""How fast the program starts, and what it weighs at rest.

help_s: `gumption --help`, median of 10. hello_s: from starting the daemon with a fresh data folder to its
first /hello, median of 7. The weights are resident memory of one process each, 20 s after the start, on a
desktop where nothing changes: no model is loaded. Goals: 0.4 s, 2 s, 150 MB, 250 MB.
"""

import json
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from app.bench import Result, interval, median
from app.config import Settings
from app.desktop import VirtualDesktop
from tests.benchmarks._living import GUMPTION, daemon, hello, home_environment, wait

FIGURES = ("help_s", "hello_s", "tray_rss_mb", "daemon_rss_mb")
HELPS = 10
HELLOS = 7
REST_S = 20.0
SAMPLES = 5  # of resident memory, a second apart


def run(settings: Settings) -> Result:
    """Measures on a private desktop. The first `--help` is thrown away: it compiles the modules."""
    helps = [_help_s() for _ in range(HELPS + 1)][1:]
    hellos: list[float] = []
    with VirtualDesktop() as desktop:
        with daemon(desktop) as first:  # also thrown away, for the same reason
            first.get("/status")
        for _ in range(HELLOS):
            with daemon(desktop) as living:
                hellos.append(living.hello_s)
        with daemon(desktop) as living:
            daemon_mb = _rest_and_weigh(living.process.pid)
        tray_mb = _tray_mb(desktop)
    samples = dict(zip(FIGURES, (helps, hellos, tray_mb, daemon_mb), strict=True))
    return Result(
        {name: median(values) for name, values in samples.items()},
        {name: interval(values) for name, values in samples.items()},
        {"helps": HELPS, "hellos": HELLOS, "rest_s": REST_S},
    )


def _help_s() -> float:
    start = time.perf_counter()
    subprocess.run([*GUMPTION, "--help"], check=True, capture_output=True)
    return time.perf_counter() - start


def _rest_and_weigh(pid: int) -> list[float]:
    process = psutil.Process(pid)
    time.sleep(REST_S)
    weights = []
    for _ in range(SAMPLES):
        weights.append(process.memory_info().rss / 1e6)
        time.sleep(1)
    return weights


def _tray_mb(desktop: VirtualDesktop) -> list[float]:
    """The tray starts its daemon itself; it is ended with the desktop, as every process on it."""
    with tempfile.TemporaryDirectory(prefix="gumption-bench-") as folder:
        home = Path(folder)
        tray = desktop.launch([*GUMPTION], env=home_environment(home))
        try:
            wait(lambda: hello(home), 60, "the tray's daemon")
            return _rest_and_weigh(tray.pid)
        finally:
            desktop.end(tray)
            _end_daemon(home)


def _end_daemon(home: Path) -> None:
    """A tray that is killed leaves its daemon running, as it must; the benchmark may not."""
    with suppress(OSError, ValueError, KeyError, psutil.Error):
        process = psutil.Process(int(json.loads((home / "data" / "daemon.json").read_text())["pid"]))
        process.terminate()
        process.wait(10)
