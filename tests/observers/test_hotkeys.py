"""Keys that work in every program."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from Xlib import XK, X

from app.desktop import VirtualDesktop
from gum.errors import CaptureUnavailable
from observers.hotkeys import Combination, Hotkeys, combination
from observers.window import open_display
from tests.observers.recorder import wait_for


@pytest.mark.parametrize(
    ("written", "mask", "key"),
    [
        ("ctrl+alt+p", X.ControlMask | X.Mod1Mask, XK.XK_p),
        (" Ctrl + ALT + P ", X.ControlMask | X.Mod1Mask, XK.XK_p),
        ("super+f9", X.Mod4Mask, XK.XK_F9),
        ("F12", 0, XK.XK_F12),
        ("pause", 0, XK.XK_Pause),
        ("control+shift+space", X.ControlMask | X.ShiftMask, XK.XK_space),
        ("alt+page_up", X.Mod1Mask, XK.XK_Page_Up),
        ("ctrl+1", X.ControlMask, XK.XK_1),
    ],
)
def test_combinations_are_read_as_people_write_them(written: str, mask: int, key: int) -> None:
    assert combination(written) == Combination(mask, key)


@pytest.mark.parametrize(
    "written",
    ["", "p", "shift+p", "ctrl", "ctrl+", "+p", "ctrl+foo", "hyper+p", "ctrl+alt", "space", "Return"],
)
def test_what_is_none_or_would_take_a_letter_from_the_person_is_refused(written: str) -> None:
    assert combination(written) is None


@given(st.text())
def test_anything_may_be_written(written: str) -> None:
    found = combination(written)
    assert found is None or found.keysym > 0


def test_on_wayland_it_says_that_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    with pytest.raises(CaptureUnavailable, match="Wayland"):
        Hotkeys({"pause": "ctrl+alt+p"}, lambda _: None)._watch()


def running(keys: Hotkeys) -> bool:
    return wait_for(lambda: keys.health().state == "running" and keys.health().detail != "starting")


@pytest.mark.desktop
def test_a_press_is_told_once_whatever_lock_is_on(desktop: VirtualDesktop) -> None:
    pressed: list[str] = []
    wanted = {"pause": "ctrl+alt+p", "off_the_record": "super+F9", "forget": ""}
    keys = Hotkeys(wanted, pressed.append, desktop.display)
    keys.start()
    try:
        assert running(keys) and keys.health().detail == ""
        desktop.key("ctrl+alt+p", "p", "super+F9")
        assert wait_for(lambda: pressed == ["pause", "off_the_record"])
        desktop.key("Caps_Lock", "Num_Lock")
        desktop.key("ctrl+alt+p")
        desktop._xdotool("key", "ctrl+alt+p")  # without letting go of the locks for it
        assert wait_for(lambda: pressed[2:] == ["pause"] * 2)
        desktop.key("Caps_Lock", "Num_Lock")
        desktop._xdotool("keydown", "ctrl", "keydown", "alt", "keydown", "p")
        time.sleep(1.2)  # the server repeats it after 0.7 s
        desktop._xdotool("keyup", "p", "keyup", "alt", "keyup", "ctrl")
        desktop.key("super+F9")
        assert wait_for(lambda: pressed[4:] == ["pause", "off_the_record"])
    finally:
        keys.stop()


@pytest.mark.desktop
def test_one_that_is_taken_or_malformed_is_told_and_the_others_work(desktop: VirtualDesktop) -> None:
    other = open_display(desktop.display)
    f8 = other.keysym_to_keycode(XK.XK_F8)
    other.screen().root.grab_key(f8, X.ControlMask, False, X.GrabModeAsync, X.GrabModeAsync)
    other.sync()
    pressed: list[str] = []
    wanted = {"pause": "ctrl+F8", "off_the_record": "ctrl+nosuch", "forget": "ctrl+F7"}
    keys = Hotkeys(wanted, pressed.append, desktop.display)
    alone = Hotkeys({"pause": "ctrl+F8"}, pressed.append, desktop.display)
    keys.start()
    alone.start()
    try:
        assert running(keys)
        told = keys.health()
        assert "ctrl+F8" in told.detail and "ctrl+nosuch" in told.detail and "[hotkeys]" in told.hint
        desktop.key("ctrl+F7")
        assert wait_for(lambda: pressed == ["forget"])
        assert wait_for(lambda: alone.health().state == "unavailable")
        assert "another program" in alone.health().detail
        other.close()
        assert wait_for(lambda: alone.health().state == "running" and alone.health().detail == "")
        desktop.key("ctrl+F8")
        assert wait_for(lambda: pressed == ["forget", "pause"])
    finally:
        keys.stop()
        alone.stop()
