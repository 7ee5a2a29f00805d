"""The screen source: pixels of the admitted front window, and of nothing else, when its tree tells no text.

Grabbed are those rectangles of the window that can be seen (`observers.geometry`), and of them only what was
drawn anew since the last look (`observers.damage`); what other windows show never comes into the process.
Admission is checked right before and right after, and once more before anything is handed over. If the
window, its title, its place or anything about the windows of the screen changed meanwhile, what was grabbed
is thrown away unseen and tried again at once, TRIES times. Under a compositor nothing is grabbed for
SETTLES_S after windows came, went or moved: it fades and slides them, and what was there is still shown.

Handed over is the part that changed, once it has been still for STILL_S or after LONGEST_S. Where the server
tells of drawing, nothing is looked at as long as nothing is drawn, and a caret that blinks is looked at ever
more seldom; else every BUSY_S to CALM_S, and not at all once nobody has touched anything for IDLE_S. Nothing
is grabbed while the screen is locked, while observing is paused, or while the tree tells the text.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from gum.types import Frame, FrameId, Region, Trust, WindowInfo, new_id
from observers.activity import Activity, Trigger
from observers.base import PATIENCE_S, Sink, Source, Supervised, now, seen_in
from observers.bell import Bell
from observers.camera import Camera
from observers.change import Seen
from observers.damage import Changes
from observers.focus import Focus, SharedFocus
from observers.geometry import around, largest, moved, visible, within
from observers.terminal import is_terminal
from observers.window import X11Windows, display_name

BUSY_S = 0.5  # between looks while the person is active or something moves
QUICK_S = 0.2  # for TRIGGERED_S after a click, a pause in typing or the end of a scroll
TRIGGERED_S = 2.0
CALM_S = 2.0  # when nothing does
SELDOM_S = 8.0  # when what is drawn changes nothing, look after look
SOON_S = 0.1  # from drawing to looking: a compositor may take some frames to show it
ACTIVE_S = 5.0  # since the last key or pointer movement
IDLE_S = 60.0  # without either, a server that tells of no drawing is not asked for pixels
STILL_S = 0.4
LONGEST_S = 3.0
AWAY_S = 30.0  # a wait that news or a change of focus ends
TRIES = 3
TRY_AGAIN_S = 0.02  # for the window source to notice what the change was
SETTLES_S = 1.0  # how long a compositor fades and slides windows at most: 0.15 to 0.4 s, xcompmgr 0.7 s
TYPES_S = 1.0  # since the last key or movement: a terminal, read whole, is not handed over in mid-command
LONGEST_TYPING_S = 8.0  # as long as `observers.settle` waits for typed text to come to rest
PARTS = 32  # rectangles of a window that are grabbed; the smallest ones beyond are left black

_Grabbed = list[tuple[Region, NDArray[np.uint8]]]


@dataclass(slots=True)
class _Scene:
    """What is known of the window being looked at. Regions but `place` count from its top left corner."""

    window: WindowInfo
    place: Region  # of what of it is on the screen, in screen pixels
    seen: Seen
    number: int  # of the Focus
    shown: tuple[Region, ...] = ()
    due: list[Region] = field(default_factory=list)  # drawn anew, not looked at yet
    dirty: Region | None = None  # changed, not handed over yet
    began: float = 0.0
    moved: float = 0.0
    looked: float = float("-inf")
    at: datetime = field(default_factory=now)  # when what is seen was grabbed
    handed: datetime = field(default_factory=now)  # of what was handed over, nothing was seen before
    idly: int = 0  # looks in a row that found nothing


class Screen(Source):
    """Takes pictures of the window that `focus` admits. An `observers.base.Observer`.

    `recheck` looks at the front window anew and says whether it is still the admitted one. `activity` tells
    of moments worth a look. `pairs`: a frame also brings what its part looked like before (`Frame.before`).
    """

    name = "screen"

    def __init__(
        self,
        sink: Sink,
        focus: SharedFocus,
        paused: Callable[[], bool],
        recheck: Callable[[X11Windows, Focus], bool],
        display: str | None,
        activity: Activity | None = None,
        pairs: bool = False,
        treeless: Callable[[], bool] = lambda: False,
    ) -> None:
        """`treeless`: whether no tree can be read at all; then only terminals are looked at: of any other
        window it is not known what a tree would have said against it."""
        self._sink, self._focus, self._paused = sink, focus, paused
        self._recheck, self._display, self._pairs = recheck, display, pairs
        self._treeless = treeless
        self._bell = Bell()
        self._scene: _Scene | None = None
        self._triggered = float("-inf")
        self._settled = float("-inf")  # when the compositor will show what is there
        self._worker = Supervised(self.name, self._watch, self._bell.set, PATIENCE_S)
        focus.subscribe(self._bell)
        if activity is not None:
            activity.subscribe(self._on_trigger)

    def _on_trigger(self, _: Trigger) -> None:
        self._triggered = time.monotonic()
        self._bell.set()

    def _watch(self) -> None:
        display = self._display
        try:
            with (
                closing(X11Windows(display)) as windows,
                closing(Camera(display)) as camera,
                closing(Changes(display)) as changes,
            ):
                while not self._worker.stopping():
                    wait, heeding = self._turn(windows, camera, changes)
                    self._worker.alive()
                    changes.wait(self._bell, wait, heeding)
                    if heeding and not self._bell.is_set():
                        self._bell.wait(SOON_S)
                    self._bell.clear()  # before it is asked whether to stop: else that ring may be lost
        finally:
            self._scene = None

    def _turn(self, windows: X11Windows, camera: Camera, changes: Changes) -> tuple[float, bool]:
        """One look; the seconds until the next, and whether drawing ends that wait."""
        windows.wait(0)  # takes what it was told meanwhile: it may be hours until it is asked anything
        focus = self._focus.get()
        window = focus.window
        if window is None or not focus.visible or self._paused() or not self._wanted(focus, window):
            self._scene = None
            changes.follow(None)
            return AWAY_S, False
        scene = self._news(windows, changes, focus, window)
        if scene is None:
            return CALM_S, changes.told
        if not changes.told and (windows.idle_s() or 0.0) < IDLE_S:
            scene.due = list(scene.shown)
        if not scene.due and scene.dirty is None:
            return (AWAY_S, True) if changes.told else (CALM_S, False)
        if windows.locked():
            return CALM_S, False
        if (unsettled := self._settled - time.monotonic()) > 0:
            return unsettled, False
        pace = self._pace(scene, windows)
        wait = scene.looked + pace - time.monotonic()
        if wait > 0 and self._triggered <= scene.looked:
            return wait, False
        return self._look(scene, windows, camera, changes, focus)

    def _wanted(self, focus: Focus, window: WindowInfo) -> bool:
        """Whether its text is to be had from pixels only."""
        if focus.covered is None:
            return is_terminal(window.app) and self._treeless()
        return not focus.covered

    def _pace(self, scene: _Scene, windows: X11Windows) -> float:
        """Seconds between looks at what is drawn."""
        if time.monotonic() - self._triggered < TRIGGERED_S:
            return QUICK_S
        if (windows.idle_s() or 0.0) < ACTIVE_S:
            scene.idly = 0
        if scene.dirty is not None or scene.idly == 0:
            return BUSY_S
        return min(CALM_S * scene.idly, SELDOM_S)

    def _news(self, windows: X11Windows, changes: Changes, focus: Focus, window: WindowInfo) -> _Scene | None:
        """The scene, with what was drawn and uncovered since; None when nothing of the window can be seen."""
        changes.follow(window.window_id)
        news = changes.take()
        scene = self._scene
        other = scene is None or scene.window.window_id != window.window_id
        if (other or news.moved) and changes.composited():
            self._settled = time.monotonic() + SETTLES_S
        if scene is None or other or news.moved or scene.number != focus.number:
            scene = self._placed(windows, focus, window, None if other else scene)
        if scene is not None and news.drawn is not None and window.region is not None:
            left, top = window.region.left - scene.place.left, window.region.top - scene.place.top
            scene.due += within(scene.shown, moved(news.drawn, left, top))
        self._scene = scene
        return scene

    def _placed(
        self, windows: X11Windows, focus: Focus, window: WindowInfo, scene: _Scene | None
    ) -> _Scene | None:
        """`scene` with what of the window can be seen now; another one when the window is of another size."""
        place = window.region.intersect(windows.screen()) if window.region is not None else None
        if place is None:
            return None
        parts = visible(place, windows.above(window.window_id), list(windows.monitors().values()))
        shown = tuple(moved(part, -place.left, -place.top) for part in largest(parts, PARTS))
        if scene is None or (scene.place.width, scene.place.height) != (place.width, place.height):
            scene = _Scene(window, place, Seen(place.width, place.height, self._pairs), focus.number)
        if scene.shown != shown or scene.place != place:
            scene.due = list(shown)
        scene.window, scene.place, scene.shown, scene.number = window, place, shown, focus.number
        return scene

    def _look(
        self, scene: _Scene, windows: X11Windows, camera: Camera, changes: Changes, focus: Focus
    ) -> tuple[float, bool]:
        """Looks at what was drawn; hands over what has been still for long enough, or moved for too long."""
        moment = time.monotonic()
        idle = windows.idle_s()
        typing = is_terminal(scene.window.app) and idle is not None and idle < TYPES_S
        if scene.dirty is not None and moment - scene.began >= (LONGEST_TYPING_S if typing else LONGEST_S):
            # What is handed over was grabbed a look ago, and what the window says it is now is admitted, too.
            self._hand_over(scene, windows, changes, focus)
        if scene.dirty is not None:
            scene.due += within(scene.shown, scene.dirty)
        scene.looked = moment
        at = now()
        grabbed = self._grab(windows, camera, changes, scene, focus)
        if grabbed is None:
            return BUSY_S, False
        scene.at = at
        fresh = around([f for part, shown in grabbed if (f := scene.seen.look(part, shown)) is not None])
        scene.due, scene.idly = [], 0 if fresh is not None else scene.idly + 1
        if fresh is not None:
            if scene.dirty is None:
                scene.began = moment
            scene.dirty, scene.moved = around([fresh, *([scene.dirty] if scene.dirty else [])]), moment
        elif scene.dirty is not None and moment - scene.moved >= STILL_S and not typing:
            self._hand_over(scene, windows, changes, focus)
        if scene.dirty is not None:
            return min(self._pace(scene, windows), STILL_S), False
        return (AWAY_S, True) if changes.told else (self._pace(scene, windows), False)

    def _grab(
        self, windows: X11Windows, camera: Camera, changes: Changes, scene: _Scene, focus: Focus
    ) -> _Grabbed | None:
        """What is due of the window's visible parts; None when it may be of another window."""
        for attempt in range(TRIES):
            if attempt:
                time.sleep(TRY_AGAIN_S)
                again = self._again(windows, changes, scene)
                if again is None:
                    return None
                focus = again
            if not self._recheck(windows, focus) or changes.moved():
                continue
            grabbed: _Grabbed = []
            for part in _few(scene):
                shown = camera.grab(moved(part, scene.place.left, scene.place.top))
                if shown is None:
                    break
                grabbed.append((part, shown))
            else:
                if self._recheck(windows, focus) and not changes.moved():
                    return grabbed
            grabbed.clear()
        return None

    def _again(self, windows: X11Windows, changes: Changes, scene: _Scene) -> Focus | None:
        """Works out anew what can be seen of the scene's window; None when it is not to be seen any more."""
        focus = self._focus.get()
        window = focus.window
        if window is None or not focus.visible or window.window_id != scene.window.window_id:
            return None
        if self._news(windows, changes, focus, window) is not scene:
            return None  # of another size: a scene of its own, at the next look
        return focus if time.monotonic() >= self._settled else None

    def _hand_over(self, scene: _Scene, windows: X11Windows, changes: Changes, focus: Focus) -> None:
        """Hands over what changed, as it was last seen, if its window is still the admitted one."""
        whole = around(scene.shown)
        # Output of a command means little without its command line above: terminals are read whole.
        dirty = whole if is_terminal(scene.window.app) else scene.dirty
        part = dirty.intersect(whole) if dirty is not None and whole is not None else None
        if part is None or not within(scene.shown, part):
            scene.dirty = None
        elif self._recheck(windows, focus) and not self._paused():
            hidden = visible(part, scene.shown, [part])
            data, before = scene.seen.cut(part, hidden)
            self._put(scene, focus, moved(part, scene.place.left, scene.place.top), data, before)
            scene.dirty = None
            if scene.shown == (part,):
                scene.handed = scene.at

    def _put(self, scene: _Scene, focus: Focus, region: Region, data: bytes, before: bytes | None) -> None:
        # Not the present: what was grabbed before the person had something forgotten must be known as such.
        window, at = focus.window, scene.at
        assert window is not None
        frame = Frame(
            id=FrameId(new_id()),
            at=at,
            display=display_name(self._display),
            region=region,
            digest=hashlib.blake2b(data, digest_size=16).hexdigest(),
            pixels=data,
            before=before,
            before_at=scene.handed if before is not None else None,
        )
        self._sink.put(seen_in(window, self.name, "", Trust.READ, at, frame_id=frame.id), frame)
        self._worker.found()


def _few(scene: _Scene) -> Sequence[Region]:
    """What is due, each pixel once, in a few rectangles."""
    box = around(scene.due)
    if box is None:
        return ()
    wanted = visible(box, (), scene.due)
    return wanted if len(wanted) <= PARTS else within(scene.shown, box)
