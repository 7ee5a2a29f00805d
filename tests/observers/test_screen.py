"""Pixels of the admitted window, and of nothing that lies above it."""

import subprocess
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.desktop import VirtualDesktop
from gum.types import Admission, Effect, Frame, Region, Rule, RuleId
from observers import screen
from observers.activity import Activity, Trigger
from observers.camera import Camera
from observers.change import pixels
from observers.focus import SharedFocus
from observers.screen import (
    IDLE_S,
    LONGEST_TYPING_S,
    QUICK_S,
    SETTLES_S,
    STILL_S,
    TRIES,
    TYPES_S,
)
from tests.builders import NOON
from tests.observers.glass import PLACE, WINDOW, Clock, Desktop, look, noise, seeing
from tests.observers.recorder import Recorder, wait_for, watching

pytestmark = pytest.mark.desktop

RED = (0, 0, 255)  # blue, green, red


def has_red(frame: Frame) -> bool:
    picture = pixels(frame)
    return bool(np.all(picture[..., :3] == RED, axis=-1).sum() > 50)


def xterm(desktop: VirtualDesktop, title: str, *options: str) -> int:
    desktop.launch(["xterm", "-T", title, *options])
    return desktop.wait_window(title)


NOT_RED = Rule(RuleId("mine"), "Not the red one", Effect.DROP, title="red secret")


def under_red(desktop: VirtualDesktop) -> None:
    """A terminal that has the focus, and over a part of it a red one that stays on top."""
    work = xterm(desktop, "work")
    red = xterm(desktop, "red secret", "-bg", "#ff0000", "-fg", "#ff0000")
    desktop.place(work, 10, 40, 600, 400)
    desktop.place(red, 200, 120, 250, 150)
    desktop.activate(red)
    _keep_above(desktop, red)
    desktop.activate(work)


def test_a_window_above_is_blanked_out_of_the_picture(desktop: VirtualDesktop) -> None:
    """An always-on-top red window of an excluded program stands over the admitted one that has the focus."""
    with watching(desktop, rules=lambda: (NOT_RED,)) as (_, recorder):
        under_red(desktop)
        desktop.type_text("seq 100 120\n")
        assert wait_for(lambda: _after_typing(recorder))
        time.sleep(2)
        shot = desktop.screenshot(desktop.folder / "red.png")
        assert _red_on_screen(shot)  # it really stood there
        assert recorder.frames and not any(has_red(frame) for frame in recorder.frames)
        assert not any("red secret" in o.title for o in recorder.observations)


class Shots:
    """Everything that any camera was asked for, and got."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.taken: list[tuple[Region, NDArray[np.uint8]]] = []
        grab = Camera.grab

        def noted(camera: Camera, part: Region) -> NDArray[np.uint8] | None:
            shown = grab(camera, part)
            if shown is not None:
                self.taken.append((part, shown.copy()))
            return shown

        monkeypatch.setattr(Camera, "grab", noted)


def test_pixels_of_a_window_above_never_enter_the_process(
    desktop: VirtualDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shots = Shots(monkeypatch)
    under_red(desktop)
    time.sleep(1)
    with watching(desktop, rules=lambda: (NOT_RED,)) as (_, recorder):
        desktop.type_text("seq 100 120\n")
        assert wait_for(lambda: _after_typing(recorder))
        assert wait_for(lambda: len(shots.taken) > 1)
    for _, shown in shots.taken:
        assert not np.all(shown[..., :3] == RED, axis=-1).any()
    [*_, last] = recorder.frames
    # The window is seen around the hole, which is black.
    hole = last.region.intersect(Region(210, 150, 200, 100))
    assert hole is not None
    inside = pixels(last)[hole.top - last.region.top :, hole.left - last.region.left :]
    assert not inside[: hole.height, : hole.width].any() and pixels(last).any()


def test_a_window_in_which_nothing_is_drawn_is_not_looked_at(
    desktop: VirtualDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with watching(desktop) as (_, recorder):
        work = xterm(desktop, "still")
        assert wait_for(lambda: recorder.frames)
        desktop.activate(work)
        time.sleep(3)
        shots, count = Shots(monkeypatch), len(recorder.frames)
        time.sleep(4)
        assert not shots.taken and len(recorder.frames) == count
        desktop.type_text("echo $((6 * 7))\n")  # and it is seen when something is
        assert wait_for(lambda: shots.taken and len(recorder.frames) > count)


def test_a_blinking_caret_is_looked_at_seldom_and_in_small(
    desktop: VirtualDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BUSY_S", "CALM_S", "SELDOM_S", "ACTIVE_S"):  # twice as fast: it waits half as long
        monkeypatch.setattr(screen, name, getattr(screen, name) / 2)
    with watching(desktop) as (_, recorder):
        xterm(desktop, "blink", "-bc", "-bcn", "100", "-bcf", "100")
        assert wait_for(lambda: recorder.frames)
        time.sleep(4)
        shots, count = Shots(monkeypatch), len(recorder.frames)
        time.sleep(4)
        # It blinks 20 times meanwhile. The first time a look finds it gone is news, if it was not before.
        assert len(recorder.frames) <= count + 1
        assert len(shots.taken) <= 8
        assert all(part.width * part.height < 5000 for part, _ in shots.taken)  # of 484 x 316


@pytest.mark.parametrize("restless", [1, TRIES - 1, TRIES])
def test_a_grab_during_which_windows_moved_is_thrown_away_and_tried_again_at_once(
    restless: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, sink, secret = Clock(monkeypatch), Recorder(), noise(1)
    glass = Desktop(picture=secret, restless=restless, told=True)
    grab = glass.grab

    def shot(part: Region) -> NDArray[np.uint8]:
        shown = grab(part)
        if glass.restless == 0:
            glass.picture = noise(2)  # what had moved into the way is gone
        return shown

    glass.grab = shot  # type: ignore[method-assign]
    source = look(glass, seeing(WINDOW), [], sink)
    clock.turn(source, glass, 0.0)
    assert glass.shots == min(restless + 1, TRIES)
    for _ in range(4):
        clock.turn(source, glass, 1.0)
    assert [pixels(f).tobytes() for f in sink.frames] == [noise(2).tobytes()]


def test_under_a_compositor_nothing_is_grabbed_until_what_moved_has_faded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A window that the X server has closed is on the screen for some tenths of a second yet."""
    clock, sink, secret = Clock(monkeypatch), Recorder(), noise(1)
    glass = Desktop(picture=noise(2), told=True, fading=True)
    source = look(glass, seeing(WINDOW), [], sink)
    wait, _ = clock.turn(source, glass, 0.0)
    assert not glass.shots and wait == SETTLES_S  # it has just come to the front
    for _ in range(3):
        clock.turn(source, glass, SETTLES_S)
    assert len(sink.frames) == 1
    glass.picture, shots, glass.drawn, glass.restless = secret, glass.shots, PLACE, 1
    clock.turn(source, glass, 1.0)
    assert glass.shots == shots + 1  # something moved during this one: it is thrown away
    clock.turn(source, glass, SETTLES_S - 0.1)
    assert glass.shots == shots + 1  # and not tried again at once
    glass.picture = noise(3)
    for _ in range(3):
        clock.turn(source, glass, SETTLES_S)
    assert [pixels(f).tobytes() for f in sink.frames] == [noise(n).tobytes() for n in (2, 3)]


def test_a_terminal_is_not_handed_over_in_mid_command_and_not_kept_back_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is read whole: 0.3 s of a core each time."""
    clock, sink, glass = Clock(monkeypatch), Recorder(), Desktop(told=True)
    source = look(glass, seeing(replace(WINDOW, app="xterm")), [], sink)

    def typed(pause: float) -> float:
        glass.picture, glass.drawn = noise(int(clock.now * 10)), PLACE
        wait, _ = clock.turn(source, glass, pause)
        return wait

    began = clock.now
    while not sink.frames:  # with pauses in which the picture is still
        typed(0.5)
        clock.turn(source, glass, STILL_S + 0.1)
    assert LONGEST_TYPING_S <= clock.now - began <= LONGEST_TYPING_S + 2
    typed(0.5)
    count, glass.idle = len(sink.frames), TYPES_S  # the keys rest
    clock.turn(source, glass, STILL_S + 0.1)
    assert len(sink.frames) == count + 1


def test_a_picture_bears_the_time_at_which_it_was_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Handed over later, after the person had the last minutes forgotten, it must be known for what it is."""
    clock, sink, glass = Clock(monkeypatch), Recorder(), Desktop(told=True)
    times = iter(NOON + timedelta(seconds=n) for n in range(1000))
    monkeypatch.setattr(screen, "now", lambda: next(times))
    source, taken = look(glass, seeing(WINDOW), [], sink), NOON
    while not sink.frames:  # it never comes to rest
        taken = source._scene.at if source._scene is not None else NOON
        glass.picture, glass.drawn = noise(int(clock.now * 10)), PLACE
        clock.turn(source, glass, 0.5)
    [frame], [observation] = sink.frames, sink.observations
    assert frame.at == observation.at == observation.until == taken > NOON


def test_what_is_told_while_nothing_is_looked_at_does_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    glass = Desktop()
    Clock(monkeypatch).turn(look(glass, SharedFocus(), [], Recorder()), glass, 0.0)
    assert glass.taken == 1


def test_a_title_that_changes_before_it_is_handed_over_keeps_the_picture_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A page shows its content first and says what it is a moment later."""
    clock, sink, glass = Clock(monkeypatch), Recorder(), Desktop(picture=noise(1), told=True)
    focus = seeing(WINDOW)
    answers: list[bool] = []
    source = look(glass, focus, answers, sink)
    clock.turn(source, glass, 0.0)
    assert glass.shots
    answers += [False] * 50  # from now on it is another one, by its title
    for _ in range(5):
        clock.turn(source, glass, 1.0)
    focus.set(WINDOW, Admission(False, Effect.DROP, RuleId("late"), ""))
    clock.turn(source, glass, 1.0)
    assert not sink.frames and source._scene is None


def test_only_what_was_drawn_is_looked_at_and_nothing_else_ends_the_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, sink, glass = Clock(monkeypatch), Recorder(), Desktop(picture=noise(1), told=True)
    source = look(glass, seeing(WINDOW), [], sink)
    for _ in range(3):
        wait, heeding = clock.turn(source, glass, 1.0)
    assert len(sink.frames) == 1 and heeding and wait >= 30
    glass.parts.clear()
    clock.turn(source, glass, 100.0)
    assert not glass.parts
    glass.picture = glass.picture.copy()
    glass.picture[64:96, 96:128] ^= 0xFF
    glass.drawn = Region(96, 64, 32, 32)
    clock.turn(source, glass, 1.0)
    assert glass.parts == [Region(96, 64, 32, 32)]
    clock.turn(source, glass, 1.0)
    assert [f.region for f in sink.frames] == [PLACE, Region(96, 64, 32, 32)]


def test_what_lies_above_is_left_out_of_every_shot(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, sink = Clock(monkeypatch), Recorder()
    glass = Desktop(picture=noise(1), told=True, covering=[Region(100, 50, 60, 80), Region(300, 200, 99, 99)])
    source = look(glass, seeing(WINDOW), [], sink)
    for _ in range(3):
        clock.turn(source, glass, 1.0)
    assert glass.parts and not any(p.intersect(c) for p in glass.parts for c in glass.covering)
    [frame] = sink.frames
    shown = pixels(frame)
    assert not shown[50:130, 100:160].any() and not shown[200:, 300:].any()
    assert np.array_equal(shown[:50], glass.picture[:50])


@pytest.mark.parametrize("trigger", Trigger)
def test_a_trigger_is_followed_by_a_look_at_once(trigger: Trigger, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, sink, activity = Clock(monkeypatch), Recorder(), Activity()
    glass = Desktop(picture=noise(1))
    source = look(glass, seeing(WINDOW), [], sink, activity)
    for _ in range(3):
        clock.turn(source, glass, 1.0)
    shots, glass.picture = glass.shots, noise(2)
    clock.turn(source, glass, 0.05)
    assert glass.shots == shots  # too soon
    clock.now += 0.01
    activity.tell(trigger)
    clock.turn(source, glass, 0.0)
    assert glass.shots == shots + 1
    wait, _ = clock.turn(source, glass, 0.0)
    assert wait < QUICK_S + 0.01
    count = len(sink.frames)
    clock.turn(source, glass, STILL_S + 0.01)
    assert len(sink.frames) == count + 1  # handed over as soon as it is still


def test_nothing_is_grabbed_when_locked_or_away(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, sink, glass = Clock(monkeypatch), Recorder(), Desktop(picture=noise(1), asleep=True)
    source = look(glass, seeing(WINDOW), [], sink)
    for _ in range(5):
        clock.turn(source, glass, 5.0)
    assert not glass.shots
    glass.asleep = False
    for _ in range(5):
        clock.turn(source, glass, 5.0)
    assert len(sink.frames) == 1
    shots, glass.idle, glass.picture = glass.shots, IDLE_S, noise(2)
    for _ in range(5):  # a server that tells of no drawing
        clock.turn(source, glass, 5.0)
    assert glass.shots == shots


class _Mute(VirtualDesktop):
    """A server that does not tell what is drawn."""

    def _screen_options(self) -> list[str]:
        return [*super()._screen_options(), "-extension", "DAMAGE"]


def test_where_no_drawing_is_told_it_looks_by_itself() -> None:
    with _Mute((900, 600), tray=False) as desktop, watching(desktop) as (_, recorder):
        work = xterm(desktop, "work")
        assert wait_for(lambda: recorder.frames)
        desktop.activate(work)
        time.sleep(2)
        count = len(recorder.frames)
        desktop.type_text("seq 100 130\n")
        assert wait_for(lambda: len(recorder.frames) > count)


def test_a_window_across_two_monitors_is_seen_on_both_and_not_beside_them() -> None:
    with VirtualDesktop((1000, 600), tray=False) as desktop:
        for name, width, left, output in (("LEFT", 400, 0, "screen"), ("RIGHT", 500, 500, "none")):
            place = f"{width}/100x600/100+{left}+0"
            subprocess.run(["xrandr", "--setmonitor", name, place, output], env=desktop.env, check=True)
        with watching(desktop) as (_, recorder):
            work = xterm(desktop, "wide", "-bg", "#00ff00")
            desktop.place(work, 300, 100, 400, 300)
            assert wait_for(lambda: recorder.frames and recorder.frames[-1].region.left >= 295)
            frame = recorder.frames[-1]
            seen = np.all(pixels(frame)[..., :3] == (0, 255, 0), axis=-1)
            row = seen[seen.shape[0] - 40]  # below all text
            left = frame.region.left
            assert row[: 400 - left].mean() > 0.9 and row[500 - left :].mean() > 0.9
            assert not pixels(frame)[:, 400 - left : 500 - left].any()


def test_a_changed_resolution_does_not_lose_the_source() -> None:
    with VirtualDesktop((1000, 700), tray=False) as desktop, watching(desktop) as (watch, recorder):
        work = xterm(desktop, "work")
        desktop.place(work, 10, 40, 500, 300)
        assert wait_for(lambda: recorder.frames)
        for size in ("700x500", "1000x700"):
            subprocess.run(["xrandr", "--fb", size], env=desktop.env, capture_output=True, check=False)
            time.sleep(1)
            desktop.activate(work)
            count = len(recorder.frames)
            desktop.type_text("seq 100 110\n")
            assert wait_for(lambda count=count: len(recorder.frames) > count)  # type: ignore[misc]
        [health] = [h for h in watch.health() if h.name == "screen"]
        assert health.state == "running"


def test_a_window_that_is_partly_off_the_screen_is_cut(desktop: VirtualDesktop) -> None:
    with watching(desktop) as (_, recorder):
        work = xterm(desktop, "outside")
        assert wait_for(lambda: recorder.frames)
        desktop.place(work, -150, 200, 500, 300)
        assert wait_for(lambda: recorder.frames[-1].region.left == 0)
        region = recorder.frames[-1].region
        assert region.right <= 360 and len(recorder.frames[-1].pixels) == 4 * region.width * region.height


def test_a_pair_brings_what_was_there_before(desktop: VirtualDesktop) -> None:
    with watching(desktop, pairs=True) as (_, recorder):
        work = xterm(desktop, "pairs")
        desktop.activate(work)
        assert wait_for(lambda: recorder.frames)
        time.sleep(2)
        known = {frame.id: frame for frame in recorder.frames}
        desktop.type_text("seq 1 9\n")
        assert wait_for(lambda: len(recorder.frames) > len(known))
    before, after = [f for f in recorder.frames if f.id in known][-1], recorder.frames[len(known)]
    assert after.before is not None and after.region == before.region
    assert after.before == before.pixels != after.pixels
    assert after.before_at == before.at < after.at


def test_a_picture_is_of_the_window_only(desktop: VirtualDesktop) -> None:
    with watching(desktop) as (_, recorder):
        work = xterm(desktop, "work")
        desktop.place(work, 300, 200, 500, 300)
        assert wait_for(lambda: recorder.frames and recorder.frames[-1].region.left >= 295)
        region = recorder.frames[-1].region
        assert region.right <= 810 and region.bottom <= 510


def _after_typing(recorder: Recorder) -> bool:
    return any(o.title == "work" and o.source == "screen" for o in recorder.observations)


def _red_on_screen(shot: Path) -> bool:
    from PIL import Image

    with Image.open(shot) as picture:
        colours = np.asarray(picture.convert("RGB"))
    return bool(np.all(colours == (255, 0, 0), axis=-1).sum() > 1000)


def _keep_above(desktop: VirtualDesktop, window: int) -> None:
    """Asks the window manager to keep a window above all others."""
    from Xlib import X
    from Xlib.display import Display
    from Xlib.protocol.event import ClientMessage

    display = Display(desktop.display)
    root = display.screen().root
    state, above = display.intern_atom("_NET_WM_STATE"), display.intern_atom("_NET_WM_STATE_ABOVE")
    target = display.create_resource_object("window", window)
    event = ClientMessage(window=target, client_type=state, data=(32, [1, above, 0, 1, 0]))
    root.send_event(event, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
    display.sync()
    display.close()


def test_to_be_stopped_in_the_moment_in_which_it_takes_note_of_news_is_not_missed(
    desktop: VirtualDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "AWAY_S", 1000.0)
    source = screen.Screen(Recorder(), SharedFocus(), lambda: False, lambda *_: True, desktop.display)
    clear = source._bell.clear
    monkeypatch.setattr(source._bell, "clear", lambda: (source._worker._stop.set(), clear()))
    source._bell.set()
    source.start()
    thread = source._worker._thread
    assert thread is not None
    thread.join(20)
    ended = not thread.is_alive()
    source.stop()
    assert ended
