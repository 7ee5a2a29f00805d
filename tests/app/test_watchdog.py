from datetime import datetime, timedelta

import pytest

from app.watchdog import ACTIVE, LIMIT, SILENT, Watchdog
from gum.types import Admission, Effect, RuleId, WindowInfo
from tests.builders import StillClock

SECOND = timedelta(seconds=1)
SEEN = Admission(True, Effect.KEEP, RuleId("builtin:keep"), "")
LEFT_OUT = Admission(False, Effect.DROP, RuleId("builtin:private"), "")
WINDOW = WindowInfo(1, "editor", "plan.txt", None, None)


class Desk:
    """What the watchdog looks at, settable."""

    def __init__(self) -> None:
        self.clock = StillClock()
        self.age: timedelta | None = SECOND
        self.window: tuple[WindowInfo, Admission] | None = (WINDOW, SEEN)
        self.stored: datetime | None = None
        self.dog = Watchdog(self.clock, lambda: self.age, lambda: self.window, lambda: self.stored)

    def after(self, seconds: float, step: float = 15) -> str | None:
        told = self.dog.look()
        for _ in range(int(seconds / step)):
            self.clock.move(timedelta(seconds=step))
            told = self.dog.look()
        return told


def test_work_of_which_nothing_is_stored_is_trouble_and_no_more_once_it_is() -> None:
    desk = Desk()
    assert desk.after(LIMIT.total_seconds()) is None
    assert desk.after(15) == SILENT
    desk.stored = desk.clock.now()
    assert desk.dog.look() is None
    assert desk.after(LIMIT.total_seconds()) is None
    assert desk.after(15) == SILENT


def test_what_is_stored_now_and_then_is_no_trouble() -> None:
    desk = Desk()
    for _ in range(20):
        assert desk.after(30) is None
        desk.stored = desk.clock.now()


@pytest.mark.parametrize("what", ["nobody there", "nobody can tell", "left out", "no window", "paused"])
def test_where_nothing_is_to_be_seen_nothing_need_be_stored(what: str) -> None:
    desk = Desk()
    if what == "nobody there":
        desk.age = ACTIVE + SECOND
    if what == "nobody can tell":
        desk.age = None
    if what == "left out":
        desk.window = (WINDOW, LEFT_OUT)
    if what in ("no window", "paused"):  # a pause has no window in front: observers.front
        desk.window = None
    assert desk.after(600) is None


def test_the_time_before_a_break_does_not_count() -> None:
    desk = Desk()
    desk.after(60)
    desk.age = timedelta(hours=1)
    desk.after(3600)
    desk.age = SECOND
    assert desk.after(60) is None


def test_a_clock_that_is_set_back_neither_hides_nor_makes_trouble() -> None:
    desk = Desk()
    desk.stored = desk.clock.now()
    desk.after(60)
    desk.clock.move(timedelta(hours=-2))
    assert desk.after(60) is None
    assert desk.after(60) == SILENT


def test_it_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk()
    desk.after(600)
    assert [r.levelname for r in caplog.records] == ["ERROR"]
    assert "plan.txt" not in caplog.text
