from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.panels.own_words import OwnWords, WelcomeWindow
from app.tray.client import Client
from tests.app.tray.fake_daemon import FakeDaemon


def said(daemon: FakeDaemon, path: str) -> list[object]:
    return [body for verb, where, body in daemon.asked if (verb, where) == ("POST", path)]


@pytest.fixture
def line(client: Client, qtbot: QtBot) -> Iterator[OwnWords]:
    made = OwnWords(client)
    qtbot.addWidget(made)
    made.show()
    yield made


@pytest.fixture
def window(client: Client, qtbot: QtBot) -> Iterator[WelcomeWindow]:
    made = WelcomeWindow(client)
    qtbot.addWidget(made)
    made.present()
    yield made


def test_a_line_is_told_by_enter_and_then_empty(line: OwnWords, daemon: FakeDaemon, qtbot: QtBot) -> None:
    assert not line.button.isEnabled()
    qtbot.keyClicks(line.line, " I prefer tea ")
    with qtbot.waitSignal(line.kept):
        line.line.returnPressed.emit()
    assert said(daemon, "/tell") == [{"text": "I prefer tea"}]
    assert line.line.text() == "" and not line.line.isReadOnly()


def test_what_was_refused_is_not_lost(line: OwnWords, daemon: FakeDaemon, qtbot: QtBot) -> None:
    daemon.reply["POST /tell"] = (503, {"title": "The disk is full", "hint": "Make room.", "status": 503})
    qtbot.keyClicks(line.line, "I prefer tea")
    with qtbot.waitSignal(line.failed):
        line.button.click()
    assert line.line.text() == "I prefer tea" and not line.line.isReadOnly()


def test_a_few_lines_at_the_first_start_are_kept(
    window: WelcomeWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    assert window.windowTitle().startswith("Gumption")
    window.text.setPlainText("I work as a nurse.\nI am learning Portuguese.")
    window.keep.click()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert said(daemon, "/welcome") == [{"text": "I work as a nurse.\nI am learning Portuguese."}]


@pytest.mark.parametrize("how", ["skip", "escape"])
def test_however_it_is_closed_it_is_not_asked_again(
    window: WelcomeWindow, daemon: FakeDaemon, qtbot: QtBot, how: str
) -> None:
    window.text.setPlainText("never mind")
    if how == "skip":
        window.skip.click()
    else:
        qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: said(daemon, "/welcome") == [{"text": ""}])
    assert not window.isVisible()


def test_trouble_is_told_and_the_words_stay(window: WelcomeWindow, daemon: FakeDaemon, qtbot: QtBot) -> None:
    daemon.reply["POST /welcome"] = (503, {"title": "The disk is full", "hint": "Make room.", "status": 503})
    window.text.setPlainText("I work as a nurse.")
    window.keep.click()
    qtbot.waitUntil(lambda: window.banner.told == "The disk is full. Make room.")
    assert window.text.toPlainText() == "I work as a nurse." and window.keep.isEnabled()
