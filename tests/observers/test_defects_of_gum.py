"""Weaknesses of GUM's observers that ours must not have; see tests/gum/test_defects_of_gum.py.

Not ours: of 15 that a calendar package was missing and took UTC for local time (there is no calendar source;
that what is installed can be imported is tested in tests/packaging).
"""

from datetime import timedelta

import numpy as np
import pytest

from gum.types import Admission, Effect, Frame, Observation, RuleId, Trust, WindowInfo
from observers import base, screen
from observers.base import Supervised
from observers.change import Seen
from observers.focus import Focus
from observers.privacy import DEFAULT_RULES, admit
from observers.screen import LONGEST_S, TRIES, _Scene
from observers.settle import LONGEST_S as LONGEST_TYPING_S
from observers.settle import Settled, Settling
from tests.builders import NOON
from tests.observers.glass import PLACE, WINDOW, Desktop, look, seeing
from tests.observers.recorder import Recorder, wait_for


def test_defect_14_what_moves_without_end_is_handed_over_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sink, camera, clock = Recorder(), Desktop(), [100.0]
    monkeypatch.setattr(screen.time, "monotonic", lambda: clock[0])
    source = look(camera, seeing(WINDOW), [], sink)
    for n in range(60):  # something moves in every look, and never rests
        camera.picture = np.full((240, 320, 4), n * 4, np.uint8)
        source._turn(camera, camera, camera)  # type: ignore[arg-type]
        clock[0] += 0.1
    assert clock[0] - 100.0 > LONGEST_S
    assert sink.frames


def test_defect_14_typing_without_a_rest_is_handed_over_all_the_same() -> None:
    settling, told = Settling(), list[Settled]()
    for n in range(200):
        told += settling.see((1, Trust.AUTHORED), "b" * n, NOON + timedelta(seconds=n * 0.1), WINDOW)
    assert len(told) >= 2
    assert max((s.until - s.at).total_seconds() for s in told) <= LONGEST_TYPING_S


@pytest.mark.parametrize("answers", [[False], [True, False]], ids=["before", "after"])
def test_defect_14_the_guard_is_asked_before_and_after_the_pixels_are_read(answers: list[bool]) -> None:
    camera, focus, shots = Desktop(), seeing(WINDOW), TRIES * (len(answers) - 1)
    source, now = look(camera, focus, answers * TRIES, Recorder()), focus.get()
    scene = _Scene(WINDOW, PLACE, Seen(320, 240), now.number, (PLACE,), [PLACE])
    source._scene = scene
    assert source._grab(camera, camera, camera, scene, now) is None  # type: ignore[arg-type]
    assert camera.shots == shots  # refused before: nothing is read; refused after: thrown away


@pytest.mark.parametrize(
    ("window", "admission"),
    [
        (None, None),
        (WINDOW, None),
        (WINDOW, Admission(False, Effect.DROP, RuleId("mine"), "")),
        (WINDOW, Admission(True, Effect.TEXT_ONLY, RuleId("mine"), "")),
    ],
)
def test_defect_23_no_pixel_is_read_of_a_window_that_was_not_let_in(
    window: WindowInfo | None, admission: Admission | None
) -> None:
    camera = Desktop()
    source = look(camera, seeing(window, admission), [], Recorder())
    source._turn(camera, camera, camera)  # type: ignore[arg-type]
    assert camera.shots == 0


@pytest.mark.parametrize(
    "window",
    [
        WindowInfo(1, "chromium", "New Incognito Tab", 1, PLACE, private=True, browser=True),
        WindowInfo(1, "chromium", "who knows", 1, PLACE, private=None, browser=True),
        WindowInfo(1, "keepassxc", "Passwords - KeePassXC", 1, PLACE),
    ],
)
def test_defect_23_that_is_decided_by_what_is_known_of_the_window_alone(window: WindowInfo) -> None:
    assert not admit(window, DEFAULT_RULES).allowed


def test_defect_15_a_source_that_fails_says_so_and_comes_back_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(base, "FIRST_PAUSE_S", 0.01)
    tries: list[int] = []

    def body() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise KeyError("a bug")
        worker.alive()
        worker.rest(0.01)

    worker = Supervised("trouble", body)
    states = set()
    worker.start()
    try:
        wait_for(lambda: states.add(worker.health().state) or len(tries) > 4)
    finally:
        worker.stop()
    assert {"failing", "running"} <= states


def test_defect_27_what_did_not_change_costs_nothing_further() -> None:
    sink, camera = Recorder(), Desktop()
    source = look(camera, seeing(WINDOW), [], sink)
    for _ in range(20):
        source._turn(camera, camera, camera)  # type: ignore[arg-type]
    assert len(sink.frames) <= 1
    window = Seen(PLACE.width, PLACE.height)
    window.look(PLACE, camera.picture)
    assert window.look(PLACE, camera.picture) is None


def test_defect_27_of_what_changed_only_that_part_is_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    sink, camera, clock = Recorder(), Desktop(), [100.0]
    monkeypatch.setattr(screen.time, "monotonic", lambda: clock[0])
    source = look(camera, seeing(WINDOW), [], sink)

    def turns() -> None:
        for _ in range(3):
            source._turn(camera, camera, camera)  # type: ignore[arg-type]
            clock[0] += 1.0

    turns()
    first: list[Frame] = list(sink.frames)
    camera.picture = camera.picture.copy()
    camera.picture[100:140, 100:160] = 255
    turns()
    [fresh] = sink.frames[len(first) :]
    assert fresh.region.width * fresh.region.height < PLACE.width * PLACE.height / 4
    seen: list[Observation] = sink.observations
    assert all(o.text == "" for o in seen)  # no model is asked here: the text is read off the pixels later


def test_defect_27_where_the_program_tells_its_text_no_picture_is_taken() -> None:
    camera, focus = Desktop(), seeing(WINDOW)
    now: Focus = focus.get()
    focus.cover(now.number, True)
    look(camera, focus, [], Recorder())._turn(camera, camera, camera)  # type: ignore[arg-type]
    assert camera.shots == 0
