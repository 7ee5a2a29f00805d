"""What observing costs, and how much of what was on the screen it finds. Beside it a naive recorder.

idle_cpu_pct: share of one core of the daemon and its model process over five minutes in which nothing
happens, with a text editor in front, after the model work for that window is done.
unchanged_frame_ms, repainted_frame_ms, changed_frame_p95_ms: a look at a 1920 x 1080 screen. Of which the
server says that a third was drawn anew, or all of it, and it is as it was; and one whose lower third is
other, until the cut-out is committed to an encrypted store, without reading its text. Where nothing is drawn,
nothing is looked at.
line_cache_hit_rate: lines of a terminal that were looked up instead of read, while text is typed and
scrolled.
The others are of the same scripted office work (`_office.py`), once with the daemon and once with a
recorder that reads the whole screen every second with the same reader (`_naive.py`): active_cpu_pct
includes reading the text; disk_mb_per_day is what the data folder grew by, for 8 hours of such work;
word_recall the share of words shown that are in the store; trigger_stored_rate the share of changes of the
window, pages, sentences, scrolls and outputs of commands whose words (nine of ten; of a change of window,
its program) are there. daemon_rss_mb is the daemon's alone, reader_rss_mb its model process's; both end it.
"""

import contextlib
import hashlib
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray
from Xlib.display import Display

from app.bench import SEED, Interval, Result, interval, median, quantile
from app.config import Settings
from app.desktop import VirtualDesktop, program
from app.pixels import encode
from gum.model.reader import RapidReader
from gum.types import Frame, FrameId, Observation, ObservationId, Region, Trust, new_id
from observers.camera import Camera
from observers.change import Seen
from observers.window import X11Windows
from storage import observations
from storage.db import Database
from tests.benchmarks import _naive
from tests.benchmarks._living import Living, cpu_s, daemon, family, wait
from tests.benchmarks._office import Office, Step, Words, folder_size, recall

FIGURES = (
    "idle_cpu_pct",
    "active_cpu_pct",
    "unchanged_frame_ms",
    "repainted_frame_ms",
    "changed_frame_p95_ms",
    "line_cache_hit_rate",
    "daemon_rss_mb",
    "reader_rss_mb",
    "disk_mb_per_day",
    "word_recall",
    "trigger_stored_rate",
    "naive_cpu_pct",
    "naive_disk_mb_per_day",
    "naive_word_recall",
    "naive_looks_per_s",
)
SIZE = (1920, 1080)
LOOKS = 200
SETTLE_S = 90.0  # a batch closes after 60 s at most; then its model work
REST_S = 300.0
PIECES = 10  # the rest is read off every 30 s, for the interval
WARM_CYCLES, CYCLES = 1, 2  # the first makes the files' fixed parts grow and the models load
DAY_S = 8 * 3600
ALL_SOURCES = {"GUMPTION_SOURCES__CLIPBOARD": "true"}  # the others are on, or need a folder of the person's
CACHE_STATES = 20  # of typing, and of scrolling

Figures = dict[str, float]
Intervals = dict[str, Interval]


def run(settings: Settings) -> Result:
    """Measures on private desktops of 1920 x 1080 (18 minutes)."""
    figures: Figures = {}
    intervals: Intervals = {}
    with VirtualDesktop(SIZE) as desktop:
        unchanged, repainted, moved = _looks(desktop.display)
    figures["unchanged_frame_ms"], intervals["unchanged_frame_ms"] = median(unchanged), interval(unchanged)
    figures["repainted_frame_ms"], intervals["repainted_frame_ms"] = median(repainted), interval(repainted)
    late = quantile(0.95)
    figures["changed_frame_p95_ms"] = late(moved)
    intervals["changed_frame_p95_ms"] = interval(moved, late)
    with VirtualDesktop(SIZE) as desktop:
        figures["line_cache_hit_rate"] = _hit_rate(desktop)
    with VirtualDesktop(SIZE) as desktop:
        shares = _rest(desktop)
    # Time at rest comes in bursts: its mean is what it costs.
    figures["idle_cpu_pct"], intervals["idle_cpu_pct"] = fmean(shares), interval(shares, fmean)
    with tempfile.TemporaryDirectory(prefix="gumption-bench-") as folder, VirtualDesktop(SIZE) as desktop:
        figures |= _work(desktop, Path(folder))
    with tempfile.TemporaryDirectory(prefix="gumption-bench-") as folder, VirtualDesktop(SIZE) as desktop:
        figures |= _naively(desktop, Path(folder))
    about = {"size": list(SIZE), "looks": LOOKS, "settle_s": SETTLE_S, "rest_s": REST_S, "cycles": CYCLES}
    return Result({name: figures[name] for name in FIGURES}, intervals, about, (SEED,))


# one look


def _looks(name: str) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of each look at a screen on which nothing was drawn but what was there, on its lower third
    and everywhere, and at one whose lower third changed, until that is stored.
    """
    whole = Region(0, 0, *SIZE)
    third = Region(0, SIZE[1] * 2 // 3, SIZE[0], SIZE[1] - SIZE[1] * 2 // 3)
    painter, seen, camera = _Painter(name), Seen(*SIZE), Camera(name)
    same: tuple[list[float], list[float]] = ([], [])
    moved = []
    with _store() as database:
        painter.paint()
        seen.look(whole, _grab(camera, whole))
        for part, spent in zip((third, whole), same, strict=True):
            for _ in range(LOOKS):
                start = time.perf_counter()
                found = seen.look(part, _grab(camera, part))
                spent.append((time.perf_counter() - start) * 1000)
                assert found is None, "the screen must stand still here"
        for _ in range(LOOKS):
            painter.paint()
            start = time.perf_counter()
            _look_and_store(camera, third, seen, database)
            moved.append((time.perf_counter() - start) * 1000)
    painter.close()
    camera.close()
    return *same, moved


@contextlib.contextmanager
def _store() -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="gumption-bench-") as folder:
        database = Database.open(Path(folder) / "gumption.db", bytes(range(32)))
        try:
            yield database
        finally:
            database.close()


def _look_and_store(camera: Camera, drawn: Region, seen: Seen, database: Database) -> None:
    part = seen.look(drawn, _grab(camera, drawn))
    assert part is not None, "the screen must change here"
    cut, _ = seen.cut(part)
    at = datetime.now(UTC)
    digest = hashlib.blake2b(cut, digest_size=16).hexdigest()
    frame = Frame(FrameId(new_id()), at, "", part, digest, cut)
    found = Observation(
        ObservationId(new_id()), "screen", at, at, "xterm", "bench", "", Trust.READ, None, frame.id
    )
    png = encode(frame)
    database.run_sync(lambda s: observations.append(s, found, png, frame))


def _grab(camera: Camera, region: Region) -> NDArray[np.uint8]:
    picture = camera.grab(region)
    assert picture is not None, "nothing changes the screen's size here"
    return picture


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


# lines that were read before


def _hit_rate(desktop: VirtualDesktop) -> float:
    """Share of lines that were looked up, over looks at a terminal in which text is typed, then scrolled.

    The first look, at a full screen, is left out: nothing can be known by then.
    """
    pipe = desktop.folder / "home" / "shown"
    os.mkfifo(pipe)
    font = ["-fa", "DejaVu Sans Mono", "-fs", "11", "-geometry", "100x40+0+0"]
    desktop.launch([program("xterm"), *font, "-T", "bench", "-e", "cat", str(pipe)])
    words, reader = Words(SEED), RapidReader()
    with pipe.open("w", buffering=1) as shown, contextlib.closing(Camera(desktop.display)) as camera:
        desktop.activate(desktop.wait_window("bench"))
        windows = X11Windows(desktop.display)
        window = windows.active()
        windows.close()
        assert window is not None
        assert window.region is not None
        region, first = window.region, 0
        for state in range(2 * CACHE_STATES + 1):
            if state == 0:
                shown.write("".join(f"{' '.join(words.some(9))}\r\n" for _ in range(45)))
            elif state <= CACHE_STATES:
                shown.write(f"{words.some(1)[0]} " + ("\r\n" if state % 9 == 0 else ""))
            else:
                shown.write("".join(f"\r\n{' '.join(words.some(9))}" for _ in range(3)))
            shown.flush()
            time.sleep(0.5)
            picture = _grab(camera, region).tobytes()
            reader.read(Frame(FrameId("look"), datetime.now(UTC), "", region, "", picture))
            first = first or reader.recognised
    return reader.remembered / (reader.remembered + reader.recognised - first)


# at rest


def _rest(desktop: VirtualDesktop) -> list[float]:
    """Per cent of one core, over each piece of the time at rest."""
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


# at work


def _work(desktop: VirtualDesktop, home: Path) -> Figures:
    """The scene with a daemon that has had some of it before."""
    office = Office(desktop, SEED)
    with daemon(desktop, home, **ALL_SOURCES) as living:
        wait(lambda: living.get("/status")["last_observation_at"], 60, "a first observation", 0.5)
        _play(office, WARM_CYCLES)
        _done(living)
    before = folder_size(home)
    office.steps.clear()
    with daemon(desktop, home, **ALL_SOURCES) as living:
        time.sleep(20)  # its models are loaded, and what waited from the first life is done
        used, start = cpu_s(living.process.pid), time.perf_counter()
        _play(office, CYCLES)
        seconds = time.perf_counter() - start
        _done(living)
        share = 100 * (cpu_s(living.process.pid) - used) / seconds
        head, *others = [process.memory_info().rss / 1e6 for process in family(living.process.pid)]
        seen = _seen(living)
    text = "\n".join(f"{one['title']}\n{one['text']}" for one in seen)
    return {
        "active_cpu_pct": share,
        "daemon_rss_mb": head,
        "reader_rss_mb": sum(others),
        "disk_mb_per_day": (folder_size(home) - before) / 1e6 / seconds * DAY_S,
        "word_recall": recall(office.steps, text),
        "trigger_stored_rate": fmean(_stored(step, seen, text) for step in office.steps),
    }


def _play(office: Office, cycles: int) -> None:
    for _ in range(cycles):
        office.cycle()


def _done(living: Living) -> None:
    """Waits until all that was seen has been read and learnt from."""
    time.sleep(9)  # typing that does not rest is handed over after 8 s

    def nothing_left() -> bool | None:
        queue = living.get("/status")["queue"]
        assert isinstance(queue, dict)
        return None if queue["inbox"] or queue["perceive"] or queue["propose"] else True

    wait(nothing_left, 300, "an empty queue", 2)


def _seen(living: Living) -> list[dict[str, object]]:
    """All observations of the store."""
    found: list[dict[str, object]] = []
    page = living.get("/observations?limit=200")
    while True:
        items = page["items"]
        assert isinstance(items, list)
        found += items
        if page["next"] is None:
            return found
        page = living.get(f"/observations?limit=200&before={quote(str(page['next']))}")


def _stored(step: Step, seen: Sequence[dict[str, object]], text: str) -> bool:
    """Whether what a step changed is in the store."""
    if step.words:
        return recall([step], text) >= 0.9
    if step.kind != "focus":
        return True  # a scroll that brought nothing new up
    starts = [datetime.fromisoformat(str(one["at"])).timestamp() for one in seen if one["app"] == step.app]
    return any(step.at - 1 <= start <= step.at + 10 for start in starts)


def _naively(desktop: VirtualDesktop, folder: Path) -> Figures:
    """The same scene with the naive recorder."""
    office = Office(desktop, SEED)
    _play(office, WARM_CYCLES)
    office.steps.clear()
    recorder = desktop.launch([sys.executable, "-m", "tests.benchmarks._naive", str(folder)])
    time.sleep(20)
    before, looks = folder_size(folder), len(_naive.looks(folder))
    used, start = cpu_s(recorder.pid), time.perf_counter()
    _play(office, CYCLES)
    seconds = time.perf_counter() - start
    share = 100 * (cpu_s(recorder.pid) - used) / seconds
    desktop.end(recorder)
    texts = _naive.looks(folder)
    return {
        "naive_cpu_pct": share,
        "naive_disk_mb_per_day": (folder_size(folder) - before) / 1e6 / seconds * DAY_S,
        "naive_word_recall": recall(office.steps, "\n".join(texts)),
        "naive_looks_per_s": (len(texts) - looks) / seconds,
    }
