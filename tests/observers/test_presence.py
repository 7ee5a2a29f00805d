"""Who is asked for what: each fact reaches the decision."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from gum.types import Admission, Effect, RuleId, WindowInfo
from observers.focus import SharedFocus
from observers.presence import CALL_S, Presence
from tests.observers.desk_bus import FakeDesk
from tests.observers.notice_bus import NoticeBus

NOWHERE = "unix:path=/nowhere/bus"
REFUSED = Admission(False, Effect.DROP, RuleId("mine"), "")


class Desk:
    """What the sources would say, as a test sets it."""

    def __init__(self, session: str = NOWHERE) -> None:
        self.focus = SharedFocus()
        self.said: dict[str, object] = {"typing": False, "locked": False, "meeting": False}
        self.said |= {"sharing": False, "recording": False, "age": timedelta(seconds=4)}
        tell: Callable[[str], Callable[[], object]] = lambda name: lambda: self.said[name]  # noqa: E731
        self.seconds = 0.0
        self.presence = Presence(
            self.focus,
            tell("typing"),  # type: ignore[arg-type]
            tell("locked"),  # type: ignore[arg-type]
            tell("age"),  # type: ignore[arg-type]
            tell("meeting"),  # type: ignore[arg-type]
            tell("sharing"),  # type: ignore[arg-type]
            session,
            tell("recording"),  # type: ignore[arg-type]
            lambda: self.seconds,
        )


def test_every_fact_is_asked_for() -> None:
    desk = Desk()
    found = desk.presence.look()
    assert not found.quiet and found.idle_s == 4.0
    assert set(found.unknown) == {"full screen", "presenting", "do not disturb"}
    for name, word in (("locked", "locked"), ("sharing", "shared"), ("recording", "call")):
        desk.said[name] = True
        assert word in desk.presence.look().reason
        desk.said[name] = False
    desk.said |= {"recording": True, "meeting": True}
    assert desk.presence.look().reason == "You are in a meeting."
    desk.said |= {"recording": None, "typing": True, "age": None}
    found = desk.presence.look()
    assert found.typing_now and not found.quiet and {"calls", "idle"} <= set(found.unknown)


@pytest.mark.parametrize("full_screen", [True, False])
def test_also_a_window_that_is_not_to_be_seen_fills_the_screen(full_screen: bool) -> None:
    desk = Desk()
    desk.focus.set(WindowInfo(1, "player", "Film", None, None, full_screen=full_screen), REFUSED)
    assert desk.presence.look().quiet is full_screen


def test_where_every_window_fills_the_screen_that_tells_nothing() -> None:
    """A tiling desktop without a bar: else there would never be a card."""
    desk = Desk()

    def quiet(window_id: int, full_screen: bool = True) -> bool:
        desk.focus.set(WindowInfo(window_id, "xterm", "Work", None, None, full_screen=full_screen), REFUSED)
        return desk.presence.look().quiet

    assert [quiet(number) for number in (1, 2, 1, 2)] == [True] * 4
    assert not quiet(3) and "full screen" in desk.presence.look().unknown
    assert not quiet(1) and not quiet(4, full_screen=False)
    assert quiet(5)  # there are others


def test_a_microphone_that_is_always_open_is_no_call() -> None:
    desk = Desk()
    desk.said["recording"] = True
    assert desk.presence.look().quiet
    desk.seconds = CALL_S - 1
    assert desk.presence.look().quiet
    desk.seconds = CALL_S
    assert not desk.presence.look().quiet and "calls" in desk.presence.look().unknown
    desk.said["meeting"] = True  # some last long
    assert desk.presence.look().reason == "You are in a meeting."
    desk.said |= {"recording": False, "meeting": False}
    assert not desk.presence.look().quiet
    desk.said["recording"] = True
    assert desk.presence.look().quiet


@pytest.mark.desktop
def test_the_desktop_is_asked_whether_it_is_to_be_quiet(tmp_path: Path) -> None:
    key = ("/org/freedesktop/Notifications", "org.freedesktop.Notifications", "Inhibited")
    with NoticeBus(tmp_path) as bus, FakeDesk(bus.address, "org.freedesktop.Notifications", {key: True}):
        found = Desk(bus.address).presence.look()
    assert found.quiet and "disturb" in found.reason and "do not disturb" not in found.unknown
