"""What the benchmarks share: a daemon of its own on a private desktop, and how to wait for it."""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import TypeVar

import httpx
import psutil

from app.desktop import VirtualDesktop
from app.paths import Paths

T = TypeVar("T")
GUMPTION = (sys.executable, "-m", "gumption")


class TooLate(Exception):
    """What a benchmark waited for did not come: there is nothing to report."""


def wait(ask: Callable[[], T | None], timeout_s: float, what: str, pause_s: float = 0.005) -> T:
    """What `ask` answers as soon as it is not None. Raises TooLate."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        answer = ask()
        if answer is not None:
            return answer
        time.sleep(pause_s)
    raise TooLate(f"{what} did not come within {timeout_s:g} s")


@dataclass(frozen=True, slots=True)
class Living:
    """A running daemon: its process, its address, its token, and seconds from start to /hello."""

    process: Popen[bytes]
    url: str
    token: str
    hello_s: float

    def get(self, path: str) -> dict[str, object]:
        answer = httpx.get(self.url + path, headers=self.headers, timeout=10, trust_env=False)
        answer.raise_for_status()
        told = answer.json()
        assert isinstance(told, dict)
        return told

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def home_environment(home: Path) -> dict[str, str]:
    """An environment for a Gumption with a data folder of its own and this person's model files."""
    return {
        "GUMPTION_HOME": str(home),
        "GUMPTION_MODELS": str(Paths.home().models),
        "GUMPTION_SUGGEST__ASK_DETAILS": "false",  # a window that opens once is no part of what is measured
    }


def hello(home: Path) -> str | None:
    """The address of the daemon of `home` once it answers /hello."""
    try:
        port = int(json.loads((home / "data" / "daemon.json").read_text())["port"])
        url = f"http://127.0.0.1:{port}"
        return url if httpx.get(url + "/hello", timeout=2, trust_env=False).is_success else None
    except (OSError, ValueError, KeyError, httpx.HTTPError):
        return None


@contextmanager
def daemon(desktop: VirtualDesktop, kept: Path | None = None, **settings: str) -> Iterator[Living]:
    """A daemon on `desktop`, ended at the end; its data are in `kept`, or in a folder that is removed."""
    with tempfile.TemporaryDirectory(prefix="gumption-bench-") as folder:
        home = kept or Path(folder)
        start = time.perf_counter()
        process = desktop.launch([*GUMPTION, "daemon"], env={**home_environment(home), **settings})
        try:
            url = wait(lambda: hello(home), 60, "the daemon's /hello", pause_s=0.002)
            hello_s = time.perf_counter() - start
            token = (home / "data" / "token").read_text().strip()
            yield Living(process, url, token, hello_s)
        finally:
            desktop.end(process, patience=10)


def family(pid: int) -> list[psutil.Process]:
    """A process and all its descendants."""
    head = psutil.Process(pid)
    return [head, *head.children(recursive=True)]


def cpu_s(pid: int) -> float:
    """Seconds of one core that a process and its living descendants have used."""
    return sum(sum(process.cpu_times()[:2]) for process in family(pid))
