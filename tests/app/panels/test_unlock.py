from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.panels.unlock import UnlockWindow
from app.tray.client import Client
from tests.app.tray import fake_data
from tests.app.tray.fake_daemon import FakeDaemon

LOCKED = fake_data.status(state="locked", unlock_by="passphrase", sources=[], models=[])
WRONG = {"title": "That is not the passphrase of this database", "hint": "Try again.", "status": 423}


def locked(client: Client, daemon: FakeDaemon, qtbot: QtBot, **changes: object) -> UnlockWindow:
    daemon.status = LOCKED | changes
    client.refresh()
    qtbot.waitUntil(lambda: client.locked)
    window = UnlockWindow(client)
    qtbot.addWidget(window)
    window.present()
    return window


def test_the_passphrase_is_asked_for_unseen_and_sent(
    client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    window = locked(client, daemon, qtbot)
    assert window.typed.isVisible() and window.typed.echoMode() is QLineEdit.EchoMode.Password
    daemon.reply["POST /unlock"] = (200, fake_data.status())
    window.typed.setText("correct horse")
    qtbot.keyClick(window.typed, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert ("POST", "/unlock", {"passphrase": "correct horse"}) in daemon.asked
    assert not client.locked
    assert window.typed.text() == ""


def test_a_wrong_one_is_said_and_can_be_typed_again(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> None:
    window = locked(client, daemon, qtbot)
    daemon.reply["POST /unlock"] = (423, WRONG)
    window.typed.setText("incorrect horse")
    window.go.click()
    assert not window.go.isEnabled()  # a try takes half a second: no second one meanwhile
    qtbot.waitUntil(lambda: window.wrong.isVisible())
    assert (window.wrong.text(), window.hint.text()) == (WRONG["title"], WRONG["hint"])
    assert window.go.isEnabled() and window.typed.isEnabled() and window.isVisible()
    assert client.locked


def test_nothing_typed_is_not_sent(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> None:
    window = locked(client, daemon, qtbot)
    window.go.click()
    assert window.go.isEnabled()
    assert not [asked for asked in daemon.asked if asked[1] == "/unlock"]


def test_without_a_passphrase_a_click_will_do_and_the_window_says_what_that_is_worth(
    client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    window = locked(client, daemon, qtbot, unlock_by="button")
    assert not window.typed.isVisible()
    assert "whoever sits here can unlock it" in window.told.text()
    daemon.reply["POST /unlock"] = (200, fake_data.status())
    window.go.click()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert ("POST", "/unlock", {"passphrase": None}) in daemon.asked


def test_what_was_typed_does_not_wait_in_a_closed_window(
    client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    window = locked(client, daemon, qtbot)
    window.typed.setText("half a pass")
    window.close()
    assert window.typed.text() == ""
