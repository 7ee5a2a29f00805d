from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from app.panels import parts


class Sender(QObject):
    told = Signal(object)


def test_only_a_window_that_is_shown_and_still_there_is_called(qtbot: QtBot) -> None:
    sender, window, calls = Sender(), QWidget(), []
    parts.while_shown(sender.told, window, lambda: calls.append(1))
    sender.told.emit("hidden")
    assert calls == []
    window.show()
    sender.told.emit("shown")
    assert calls == [1]
    delete(window)
    sender.told.emit("gone")
    assert calls == [1]
