from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from app.panels import parts, style


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


def test_a_check_box_has_an_edge_that_can_be_seen_in_the_dark(qtbot: QtBot, qapp: QApplication) -> None:
    style.dress(qapp, style.DARK)
    box = parts.Check("Sensitive claims, too")
    qtbot.addWidget(box)
    box.show()
    seen = box.grab().toImage()
    edge = QColor(style.DARK.muted)
    places = [(x, y) for x in range(24) for y in range(seen.height())]
    assert sum(seen.pixelColor(x, y) == edge for x, y in places) > 20
    style.dress(qapp, style.LIGHT)
