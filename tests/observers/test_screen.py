"""Pixels of the admitted window, and of nothing that lies above it."""

import time
from pathlib import Path

import numpy as np
import pytest

from app.desktop import VirtualDesktop
from gum.types import Effect, Frame, Rule, RuleId
from observers.change import pixels
from tests.observers.recorder import Recorder, wait_for, watching

pytestmark = pytest.mark.desktop

RED = (0, 0, 255)  # blue, green, red


def has_red(frame: Frame) -> bool:
    picture = pixels(frame)
    return bool(np.all(picture[..., :3] == RED, axis=-1).sum() > 50)


def xterm(desktop: VirtualDesktop, title: str, *options: str) -> int:
    desktop.launch(["xterm", "-T", title, *options])
    return desktop.wait_window(title)


def test_a_window_above_is_blanked_out_of_the_picture(desktop: VirtualDesktop) -> None:
    """An always-on-top red window of an excluded program stands over the admitted one that has the focus."""
    rule = Rule(RuleId("mine"), "Not the red one", Effect.DROP, title="red secret")
    with watching(desktop, rules=lambda: (rule,)) as (_, recorder):
        work = xterm(desktop, "work")
        red = xterm(desktop, "red secret", "-bg", "#ff0000", "-fg", "#ff0000")
        desktop.place(work, 10, 40, 600, 400)
        desktop.place(red, 200, 120, 250, 150)
        desktop.activate(red)
        _keep_above(desktop, red)
        desktop.activate(work)
        desktop.type_text("seq 100 120\n")
        assert wait_for(lambda: _after_typing(recorder))
        time.sleep(2)
        shot = desktop.screenshot(desktop.folder / "red.png")
        assert _red_on_screen(shot)  # it really stood there
        assert recorder.frames and not any(has_red(frame) for frame in recorder.frames)
        assert not any("red secret" in o.title for o in recorder.observations)


def test_nothing_changing_takes_no_picture_twice(desktop: VirtualDesktop) -> None:
    with watching(desktop) as (_, recorder):
        xterm(desktop, "still")
        assert wait_for(lambda: recorder.frames)
        time.sleep(3)
        count = len(recorder.frames)
        time.sleep(4)
        assert len(recorder.frames) == count


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
