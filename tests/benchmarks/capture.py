"""What looking at the screen costs: one 1920 x 1080 look at a time, and a minute at rest.

unchanged_frame_ms: grab, tile sums, comparison; nothing else happens when nothing changed.
changed_frame_ms: the same, then cutting out what changed and its digest, which is all the screen source
does before it hands over. Both are medians of 200 looks, on a full-screen window whose lower third changes.
idle_cpu_pct: share of one core that the daemon and its model process use over a minute in which nothing
happens, with a text editor in front, after the model work for that window is done. Goal: 2.
"""

import hashlib
import random
import time
from statistics import fmean

import mss
import numpy as np
from numpy.typing import NDArray
from Xlib.display import Display

from app.bench import SEED, Result, Statistic, interval, median
from app.config import Settings
from app.desktop import VirtualDesktop, program
from gum.types import Region
from observers.change import Tiles, changed, tiles
from tests.benchmarks._living import cpu_s, daemon, wait

FIGURES = ("unchanged_frame_ms", "changed_frame_ms", "idle_cpu_pct")
SIZE = (1920, 1080)
LOOKS = 200
SETTLE_S = 90.0  # a batch closes after 60 s at most; then its model work
REST_S = 60.0
PIECES = 12  # the minute is read off every 5 s, for the interval


def run(settings: Settings) -> Result:
    """Measures on a private desktop of 1920 x 1080."""
    with VirtualDesktop(SIZE) as desktop:
        unchanged, moved = _looks(desktop.display)
    with VirtualDesktop(SIZE) as desktop:
        shares = _rest(desktop)
    samples = (unchanged, moved, shares)
    statistics: tuple[Statistic, ...] = (
        median,
        median,
        fmean,
    )  # time at rest comes in bursts: its mean is what it costs
    triples = list(zip(FIGURES, samples, statistics, strict=True))
    return Result(
        {name: statistic(values) for name, values, statistic in triples},
        {name: interval(values, statistic) for name, values, statistic in triples},
        {"size": list(SIZE), "looks": LOOKS, "settle_s": SETTLE_S, "rest_s": REST_S},
        (SEED,),
    )


def _looks(name: str) -> tuple[list[float], list[float]]:
    """Milliseconds of each look at an unchanged and at a changed screen."""
    whole = Region(0, 0, *SIZE)
    unchanged, moved = [], []
    painter = _Painter(name)
    with mss.MSS(display=name) as camera:
        last = tiles(_grab(camera, whole))
        for _ in range(LOOKS):
            start = time.perf_counter()
            now = tiles(_grab(camera, whole), last)
            assert changed(last, now, whole) is None, "the screen must stand still here"
            unchanged.append((time.perf_counter() - start) * 1000)
            last = now
        for _ in range(LOOKS):
            painter.paint()
            start = time.perf_counter()
            last = _look_and_cut(camera, whole, last)
            moved.append((time.perf_counter() - start) * 1000)
    painter.close()
    return unchanged, moved


def _look_and_cut(camera: mss.MSS, whole: Region, last: Tiles) -> Tiles:
    picture = _grab(camera, whole)
    now = tiles(picture, last)
    part = changed(last, now, whole)
    assert part is not None, "the screen must change here"
    cut = picture[part.top : part.top + part.height, part.left : part.left + part.width].tobytes()
    hashlib.blake2b(cut, digest_size=16).hexdigest()
    return now


def _grab(camera: mss.MSS, region: Region) -> NDArray[np.uint8]:
    """As the screen source does it: a copy that what lies above the window can be blanked out in."""
    shot = camera.grab(
        {"left": region.left, "top": region.top, "width": region.width, "height": region.height}
    )
    return np.frombuffer(shot.raw, dtype=np.uint8).reshape(region.height, region.width, 4)


class _Painter:
    """A full-screen window; each `paint` draws other small rectangles, like letters, on its lower third."""

    def __init__(self, name: str) -> None:
        self._x = Display(name)
        screen = self._x.screen()
        self._window = screen.root.create_window(
            0, 0, *SIZE, 0, screen.root_depth, override_redirect=True, background_pixel=0x202020
        )
        self._window.map()
        self._pen = self._window.create_gc(foreground=0xE0E0E0, background=0x202020)
        self._chance = random.Random(SEED)
        self._x.sync()
        time.sleep(0.5)

    def paint(self) -> None:
        top, chance = SIZE[1] * 2 // 3, self._chance
        self._window.clear_area(0, top, SIZE[0], SIZE[1] - top)
        letters = [(chance.randrange(SIZE[0]), chance.randrange(top, SIZE[1]), 6, 10) for _ in range(1500)]
        self._window.poly_fill_rectangle(self._pen, letters)
        self._x.sync()
        self._x.get_input_focus()  # an answer proves that the server has drawn

    def close(self) -> None:
        self._x.close()


def _rest(desktop: VirtualDesktop) -> list[float]:
    """Per cent of one core, over each piece of a minute at rest."""
    page = desktop.folder / "home" / "letter.txt"
    page.write_text("Dear reader,\n\nnothing happens here.\n" * 12)
    desktop.launch([program("mousepad"), str(page)])
    desktop.activate(desktop.wait_window("*letter.txt*"))
    with daemon(desktop) as living:
        wait(lambda: living.get("/status")["last_observation_at"], 60, "a first observation", 0.5)
        time.sleep(SETTLE_S)
        shares = []
        for _ in range(PIECES):
            before, start = cpu_s(living.process.pid), time.perf_counter()
            time.sleep(REST_S / PIECES)
            used = cpu_s(living.process.pid) - before
            shares.append(100 * used / (time.perf_counter() - start))
        return shares
