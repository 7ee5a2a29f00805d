"""A sink that keeps everything, and a way to wait for it."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from app.desktop import VirtualDesktop
from gum.types import Exclusion, Frame, Observation, Rule
from observers.base import Observer
from observers.watch import Watch


class Recorder:
    """An `observers.base.Sink` in memory; the same id replaces the earlier observation."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, Observation] = {}
        self._every: list[Observation] = []  # also those that were replaced
        self._frames: list[Frame] = []
        self._exclusions: list[Exclusion] = []

    def put(self, observation: Observation, frame: Frame | None = None) -> None:
        with self._lock:
            self._kept[observation.id] = observation
            self._every.append(observation)
            if frame is not None:
                self._frames.append(frame)

    def excluded(self, exclusion: Exclusion) -> None:
        with self._lock:
            self._exclusions.append(exclusion)

    @property
    def observations(self) -> list[Observation]:
        with self._lock:
            return list(self._kept.values())

    @property
    def frames(self) -> list[Frame]:
        with self._lock:
            return list(self._frames)

    @property
    def exclusions(self) -> list[Exclusion]:
        with self._lock:
            return list(self._exclusions)

    def everything(self) -> str:
        """All words that were ever handed over, as one text to search in."""
        return repr((self._every, self.exclusions))


def wait_for(happens: Callable[[], object], seconds: float = 60.0) -> bool:
    """Whether something becomes true within `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happens():
            return True
        time.sleep(0.1)
    return bool(happens())


Rules = Callable[[], Sequence[Rule]]
Paused = Callable[[], bool]


def no_rules() -> Sequence[Rule]:
    return ()


def never() -> bool:
    return False


@contextmanager
def watching(
    desktop: VirtualDesktop,
    rules: Rules = no_rules,
    paused: Paused = never,
    pairs: bool = False,
    more: Callable[[Watch, Recorder], Observer] | None = None,
) -> Iterator[tuple[Watch, Recorder]]:
    """All sources at work on a desktop; one `more` is waited for until it works."""
    recorder = Recorder()
    session = desktop.env["DBUS_SESSION_BUS_ADDRESS"]
    watch = Watch(recorder, rules, paused, desktop.display, session, pairs)
    if more is not None:
        watch.add(more(watch, recorder))
    watch.start()
    try:
        assert more is None or wait_for(
            lambda: (last := watch.health()[-1]).state == "running" and not last.detail
        )
        yield watch, recorder
    finally:
        watch.stop()
