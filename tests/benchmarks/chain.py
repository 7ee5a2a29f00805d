"""How long from a change on the screen to the proposition it led to, with the embedded default.

A person works in a terminal with an editor: about every ten seconds they open another file, which changes
the window's text and title. The clock runs from that change to the `proposition` event of that very file,
which the daemon publishes after the proposition is stored. So it contains the wait for the batch (5
observations or 60 s by default), which is most of it. 30 changes; p50 and p95.
"""

import json
import os
import random
import threading
import time
from pathlib import Path

import httpx

from app.bench import SEED, Result, interval, quantile
from app.config import Settings
from app.desktop import VirtualDesktop, program
from tests.benchmarks._living import Living, TooLate, daemon, wait

FIGURES = ("pixel_to_proposition_p50_s", "pixel_to_proposition_p95_s")
CHANGES = 30
EVERY_S = 10.0  # on average; between half and one and a half of it
PATIENCE_S = 180.0  # after the last change
PLACES = ["harbour", "garden", "bridge", "market", "museum", "station", "valley", "island", "meadow", "mill"]
KINDS = ["notes", "plan", "report"]


def run(settings: Settings) -> Result:
    """Measures on a private desktop, with a fresh data folder and the default settings."""
    with VirtualDesktop() as desktop, daemon(desktop) as living:
        heard = _Heard(living)
        seconds = _work(desktop, living, heard)
    p50, p95 = quantile(0.5), quantile(0.95)
    return Result(
        dict(zip(FIGURES, (p50(seconds), p95(seconds)), strict=True)),
        dict(zip(FIGURES, (interval(seconds, p50), interval(seconds, p95)), strict=True)),
        {
            "changes": CHANGES,
            "every_s": EVERY_S,
            "batch_count": settings.pipeline.batch_count,
            "batch_wait_s": settings.pipeline.batch_wait_s,
            "drafter": settings.model.drafter,
        },
        (SEED,),
    )


def _work(desktop: VirtualDesktop, living: Living, heard: "_Heard") -> list[float]:
    """Seconds from each change to its proposition. Raises TooLate when one never came."""
    terminal = _Terminal(desktop)
    wait(lambda: living.get("/status")["last_observation_at"], 60, "a first observation", 0.5)
    time.sleep(5)
    chance = random.Random(SEED)
    files = [f"{place}_{kind}.md" for kind in KINDS for place in PLACES][:CHANGES]
    changed: dict[str, float] = {}
    for file in files:
        changed[file] = time.perf_counter()
        terminal.show(file)
        time.sleep(EVERY_S * chance.uniform(0.5, 1.5))
    try:
        wait(lambda: True if heard.names(files) == set(files) else None, PATIENCE_S, "a proposition", 0.1)
    except TooLate as error:
        raise TooLate(f"{error}: {sorted(set(files) - heard.names(files))}") from error
    return [heard.first(file) - changed[file] for file in files]


class _Terminal:
    """A real xterm that shows what is written into a pipe: text on the screen, and the window's title."""

    def __init__(self, desktop: VirtualDesktop) -> None:
        pipe = desktop.folder / "home" / "shown"
        os.mkfifo(pipe)
        title = "xterm-of-the-benchmark"
        desktop.launch([program("xterm"), "-geometry", "120x40", "-T", title, "-e", "cat", str(pipe)])
        self._pipe = Path(pipe).open("w", buffering=1)  # noqa: SIM115 - closed with the desktop
        desktop.activate(desktop.wait_window(title))

    def show(self, file: str) -> None:
        """Another file: a new title, as editors set it, and a screenful of other text."""
        name = file.removesuffix(".md").replace("_", " ")
        lines = "\r\n".join(f"{number:3} {name}, line {number}" for number in range(1, 31))
        self._pipe.write(f"\033]0;{file} (~/travel) - VIM\007\033[2J\033[H{lines}\r\n")
        self._pipe.flush()


class _Heard:
    """Listens to the daemon's events; notes when a proposition first named a file."""

    def __init__(self, living: Living) -> None:
        self._living = living
        self._told: list[tuple[float, str]] = []
        self._ready = threading.Event()
        threading.Thread(target=self._listen, name="events", daemon=True).start()
        if not self._ready.wait(10):
            raise TooLate("the event stream did not open")

    def _listen(self) -> None:
        url = self._living.url + "/events"
        try:
            with httpx.stream(
                "GET", url, headers=self._living.headers, timeout=None, trust_env=False
            ) as answer:
                self._ready.set()
                kind = ""
                for line in answer.iter_lines():
                    if line.startswith("event:"):
                        kind = line.removeprefix("event:").strip()
                    elif line.startswith("data:") and kind == "proposition":
                        slots = json.loads(line.removeprefix("data:"))["slots"]
                        self._told.append((time.perf_counter(), " ".join(map(str, slots.values()))))
        except httpx.HTTPError:
            return  # the daemon ended: so does the benchmark

    def names(self, files: list[str]) -> set[str]:
        told = " ".join(text for _, text in self._told)
        return {file for file in files if file in told}

    def first(self, file: str) -> float:
        return next(at for at, text in self._told if file in text)
