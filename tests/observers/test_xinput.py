"""Of a key nothing is read but that there was one."""

import struct
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from Xlib.ext import xinput

from app.desktop import VirtualDesktop
from observers.bell import Bell
from observers.bursts import Hand
from observers.xinput import Doing, XInput, hand_of
from tests.observers.recorder import wait_for


def raw(detail: int) -> bytes:
    """What follows the type of a raw event: device, time, detail, source, valuators, flags, padding."""
    return struct.pack("=HIIHHII", 2, 1, detail, 9, 0, 0, 0)


@given(st.integers(0, 2**32 - 1))
def test_all_keys_look_alike(keycode: int) -> None:
    assert hand_of(xinput.RawKeyPress, raw(keycode)) is Hand.KEY is hand_of(xinput.RawKeyPress, b"")


@pytest.mark.parametrize("button", [4, 5, 6, 7])
def test_the_wheel_is_buttons_four_to_seven(button: int) -> None:
    assert hand_of(xinput.RawButtonPress, raw(button)) is Hand.SCROLL


@pytest.mark.parametrize("button", [1, 2, 3, 8, 9])
def test_other_buttons_are_clicks(button: int) -> None:
    assert hand_of(xinput.RawButtonPress, raw(button)) is Hand.CLICK


@given(st.integers(0, 100), st.binary(max_size=40))
def test_anything_else_is_nothing(kind: int, data: bytes) -> None:
    if kind not in (xinput.RawKeyPress, xinput.RawButtonPress):
        assert hand_of(kind, data) is None
    else:
        hand_of(kind, data)


@pytest.mark.desktop
def test_keys_clicks_and_scrolls_are_heard_also_while_a_menu_holds_the_keyboard(
    desktop: VirtualDesktop,
) -> None:
    hands, bell = XInput(desktop.display), Bell()
    done: list[Doing] = []
    try:

        def heard(*expected: Hand) -> bool:
            done.extend(hands.wait(bell, 0.2))
            return [each.hand for each in done] == list(expected)

        desktop.type_text("ab")
        desktop.click(5, 600, button=5)
        assert wait_for(lambda: heard(Hand.KEY, Hand.KEY, Hand.SCROLL))
        done.clear()
        desktop.click(5, 600, button=3)  # the menu of the window manager: it grabs pointer and keyboard
        desktop.key("Down")
        assert wait_for(lambda: heard(Hand.CLICK, Hand.KEY))
        desktop.key("Escape")
        assert wait_for(lambda: heard(Hand.CLICK, Hand.KEY, Hand.KEY))
        threading.Timer(0.1, bell.set).start()
        assert hands.wait(bell, None) == []
    finally:
        hands.close()
