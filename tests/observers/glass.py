"""A screen source before a made-up screen: what is on it, and what is told of it, is what the test says."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from gum.types import Admission, Effect, Region, RuleId, WindowInfo
from observers import screen
from observers.activity import Activity
from observers.damage import News
from observers.focus import SharedFocus
from observers.screen import Screen
from tests.observers.recorder import Recorder

PLACE = Region(0, 0, 320, 240)
WINDOW = WindowInfo(1, "viewer", "a picture", 1, PLACE)
YES = Admission(True, Effect.KEEP, RuleId("default"), "")


@dataclass
class Desktop:
    """Fake windows, camera and news: what is on screen is what the test puts there; shots are counted."""

    picture: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((240, 320, 4), np.uint8))
    shots: int = 0
    parts: list[Region] = field(default_factory=list)
    told: bool = False  # a server that does not tell what is drawn
    drawn: Region | None = None
    covering: list[Region] = field(default_factory=list)
    restless: int = 0  # so often do windows move during a shot
    idle: float = 0.0
    asleep: bool = False
    taken: int = 0  # so often was asked what happened
    fading: bool = False  # a compositor paints the screen
    _moved: bool = False

    def screen(self) -> Region:
        return Region(0, 0, 1280, 800)

    def monitors(self) -> dict[str, Region]:
        return {"": self.screen()}

    def above(self, window_id: int) -> list[Region]:
        return self.covering

    def follow(self, window_id: int | None) -> None:
        pass

    def take(self) -> News:
        news, self.drawn, self._moved = News(self.drawn, self._moved), None, False
        return news

    def wait(self, timeout_s: float) -> bool:
        self.taken += 1
        return False

    def composited(self) -> bool:
        return self.fading

    def moved(self) -> bool:
        return self._moved

    def locked(self) -> bool:
        return self.asleep

    def idle_s(self) -> float:
        return self.idle

    def grab(self, part: Region) -> NDArray[np.uint8]:
        self.shots += 1
        self.parts.append(part)
        if self.restless:
            self.restless, self._moved = self.restless - 1, True
        return self.picture[part.top : part.bottom, part.left : part.right].copy()


def look(
    camera: Desktop,
    focus: SharedFocus,
    answers: list[bool],
    sink: Recorder,
    activity: Activity | None = None,
) -> Screen:
    """A screen source whose `recheck` gives these answers, then yes."""
    return Screen(sink, focus, lambda: False, lambda *_: answers.pop(0) if answers else True, ":9", activity)


def seeing(window: WindowInfo | None, admission: Admission | None = YES) -> SharedFocus:
    focus = SharedFocus()
    number = focus.set(window, admission).number
    focus.cover(number, False)
    return focus


class Clock:
    """Stands in for `time` where the source asks it; sleeping takes no time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(screen.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(screen.time, "sleep", lambda _: None)

    def turn(self, source: Screen, glass: Desktop, after: float) -> tuple[float, bool]:
        self.now += after
        return source._turn(glass, glass, glass)  # type: ignore[arg-type]


def noise(seed: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (240, 320, 4), dtype=np.uint8)
