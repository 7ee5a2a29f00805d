"""The screen source: pixels of the admitted front window, and of nothing else, when its tree tells no text.

A picture is taken of the window's rectangle only; whatever lies above it is blanked out before anything
else is done with it. Admission is checked right before and right after: if the window, its title, its place
or what lies above it changed in between, the picture is thrown away unseen. Handed over is the part that
changed, once it has been still for STILL_S or after LONGEST_S. Nothing is grabbed while nobody is there,
while observing is paused, or while the tree tells the text.
"""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import mss
import numpy as np
from mss.exception import ScreenShotError
from numpy.typing import NDArray

from gum.errors import CaptureUnavailable
from gum.types import (
    Frame,
    FrameId,
    Observation,
    ObservationId,
    Region,
    Trust,
    WindowInfo,
    new_id,
)
from observers.base import Sink, Source, Supervised, now
from observers.change import Tiles, changed, tiles, union
from observers.focus import Focus, SharedFocus
from observers.terminal import is_terminal
from observers.window import NO_DISPLAY_HINT, X11Windows, display_name

BUSY_S = 0.5  # between looks while the person is active or something moves
CALM_S = 2.0  # when nothing does
ACTIVE_S = 5.0  # since the last key or pointer movement
STILL_S = 0.4
LONGEST_S = 3.0
SMALLEST = 24  # pixels; what changes in less is a caret or a spinner
AWAY_S = 30.0  # a wait that any change of focus ends


@dataclass(slots=True)
class _Scene:
    """What is known of the window being looked at."""

    window: WindowInfo
    last: Tiles | None = None
    dirty: Region | None = None
    began: float = 0.0
    moved: float = 0.0


class Screen(Source):
    """Takes pictures of the window that `focus` admits. An `observers.base.Observer`.

    `recheck` looks at the front window anew and says whether it is still the admitted one.
    """

    name = "screen"

    def __init__(
        self,
        sink: Sink,
        focus: SharedFocus,
        paused: Callable[[], bool],
        recheck: Callable[[X11Windows, Focus], bool],
        display: str | None,
    ) -> None:
        self._sink, self._focus, self._paused = sink, focus, paused
        self._recheck, self._display = recheck, display
        self._news = threading.Event()
        self._scene: _Scene | None = None
        self._worker = Supervised(self.name, self._watch, self._news.set)
        focus.subscribe(self._news)

    def _watch(self) -> None:
        windows = X11Windows(self._display)
        try:
            with mss.MSS(display=display_name(self._display)) as camera:
                while not self._worker.stopping():
                    self._news.clear()
                    wait = self._turn(windows, camera)
                    self._worker.alive()
                    self._news.wait(wait)
        except ScreenShotError as error:
            raise CaptureUnavailable("The screen cannot be read", NO_DISPLAY_HINT) from error
        finally:
            self._scene = None
            windows.close()

    def _turn(self, windows: X11Windows, camera: mss.MSS) -> float:
        """One look; returns the seconds until the next."""
        focus = self._focus.get()
        window = focus.window
        if window is None or not focus.visible or focus.covered is not False or self._paused():
            self._scene = None
            return AWAY_S
        if windows.locked():
            return CALM_S
        if self._scene is None or self._scene.window.window_id != window.window_id:
            self._scene = _Scene(window)
        picture = self._grab(windows, camera, focus)
        if picture is None:
            return BUSY_S
        moving = self._compare(self._scene, focus, *picture)
        return BUSY_S if moving or windows.idle_s() < ACTIVE_S else CALM_S

    def _grab(
        self, windows: X11Windows, camera: mss.MSS, focus: Focus
    ) -> tuple[Region, NDArray[np.uint8]] | None:
        """The window's part of the screen, with what lies above it blanked; None when that is not certain."""
        window = focus.window
        region = window.region.intersect(windows.screen()) if window and window.region else None
        if window is None or region is None or not self._recheck(windows, focus):
            return None
        above = windows.above(window.window_id)
        shot = camera.grab(
            {"left": region.left, "top": region.top, "width": region.width, "height": region.height}
        )
        picture = np.frombuffer(shot.raw, dtype=np.uint8).reshape(region.height, region.width, 4)
        if windows.above(window.window_id) != above or not self._recheck(windows, focus):
            return None
        for other in above:
            if (hidden := region.intersect(other)) is not None:
                rows = slice(hidden.top - region.top, hidden.bottom - region.top)
                picture[rows, hidden.left - region.left : hidden.right - region.left] = 0
        return region, picture

    def _compare(self, scene: _Scene, focus: Focus, region: Region, picture: NDArray[np.uint8]) -> bool:
        """Notes what changed and hands it over when it is still; True while something is on its way."""
        now_tiles = tiles(picture, scene.last)
        moment = time.monotonic()
        fresh = changed(scene.last, now_tiles, region)
        scene.last = now_tiles
        if fresh is not None and min(fresh.width, fresh.height) >= SMALLEST:
            if scene.dirty is None:
                scene.began = moment
            scene.dirty, scene.moved = union(scene.dirty, fresh), moment
        if scene.dirty is None:
            return False
        if moment - scene.moved < STILL_S and moment - scene.began < LONGEST_S:
            return True
        # Output of a command means little without its command line above: terminals are read whole.
        part = region if is_terminal(focus.window.app if focus.window else "") else scene.dirty
        scene.dirty = None
        if (visible := part.intersect(region)) is not None and not self._paused():
            self._put(focus, region, visible, picture)
        return False

    def _put(self, focus: Focus, region: Region, part: Region, picture: NDArray[np.uint8]) -> None:
        window, at = focus.window, now()
        assert window is not None
        rows = slice(part.top - region.top, part.bottom - region.top)
        data = picture[rows, part.left - region.left : part.right - region.left].tobytes()
        frame = Frame(
            id=FrameId(new_id()),
            at=at,
            display=display_name(self._display),
            region=part,
            digest=hashlib.blake2b(data, digest_size=16).hexdigest(),
            pixels=data,
        )
        self._sink.put(
            Observation(
                id=ObservationId(new_id()),
                source=self.name,
                at=at,
                until=at,
                app=window.app,
                title=window.title,
                text="",
                trust=Trust.READ,
                url=window.url,
                frame_id=frame.id,
            ),
            frame,
        )
        self._worker.found()
