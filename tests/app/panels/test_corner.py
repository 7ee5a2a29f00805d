from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.panels import parts
from app.panels.corner import Corner, seconds_left
from app.panels.text import Text


class Note(Corner):
    until: datetime | None = None
    over = 0

    def _until(self) -> datetime | None:
        return self.until

    def _over(self) -> None:
        self.over += 1


@pytest.mark.parametrize("high", [False, True])
def test_it_stands_in_its_corner_and_inside_the_screen(qtbot: QtBot, high: bool) -> None:
    note = Note("note", high=high)
    note._show("one", "a title", parts.column(Text("words " * 2000)))
    note.show()
    note.place()
    room = QGuiApplication.primaryScreen().availableGeometry()
    assert room.contains(note.geometry())
    assert (note.y() - room.top() < room.bottom() - note.geometry().bottom()) == high
    note.close()


def test_another_body_replaces_the_one_before(qtbot: QtBot) -> None:
    note = Note("note")
    note.show()
    for stage in ("one", "two"):
        note._show(stage, stage, parts.column(Text(f"body {stage}")))
    shown = [each.text() for each in note.findChildren(Text) if each.isVisible()]
    assert "body two" in shown and "body one" not in shown and note.stage == "two"
    note.close()


def test_its_clock_runs_out_and_closing_is_told_once(qtbot: QtBot) -> None:
    note = Note("note")
    gone: list[int] = []
    note.gone.connect(lambda: gone.append(1))
    note._show("one", "one", parts.column(Text("body")))
    note.show()
    assert note.over == 0
    note.until = datetime.now(UTC) - timedelta(seconds=1)
    qtbot.waitUntil(lambda: note.over > 0, timeout=8000)
    note.close()
    assert gone == [1]


def test_seconds_left_may_be_negative_or_none() -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    assert seconds_left(None) is None
    assert seconds_left(now + timedelta(seconds=3), now) == 3
    assert seconds_left(now - timedelta(seconds=3), now) == -3
