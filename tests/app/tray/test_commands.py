import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.tray.client import Client
from app.tray.commands import Commands, Windows
from app.tray.control import ControlWindow, button_of
from app.tray.face import Kind
from tests.app.tray import fake_data
from tests.app.tray.fake_daemon import FakeDaemon


@pytest.fixture
def opened() -> list[str]:
    return []


@pytest.fixture
def commands(client: Client, opened: list[str]) -> Commands:
    names = ("known", "suggestions", "privacy", "assistants", "status")
    return Commands(client, Windows(*[lambda name=name: opened.append(name) for name in names]))


def question() -> QMessageBox:
    return next(each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox))


def test_pausing_and_resuming_reach_the_daemon_and_show_at_once(
    commands: Commands, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    assert commands.face.kind is Kind.OBSERVING
    commands.pauses[0].trigger()
    qtbot.waitUntil(lambda: commands.face.kind is Kind.PAUSED)
    assert ("POST", "/pause", {"minutes": 15}) in daemon.asked
    assert commands.resume.isVisible() and not commands.pauses[0].isVisible()
    commands.resume.trigger()
    qtbot.waitUntil(lambda: commands.face.kind is Kind.OBSERVING)
    commands.pauses[2].trigger()
    qtbot.waitUntil(lambda: "until you resume" in commands.state.text())
    assert ("POST", "/pause", {"minutes": None}) in daemon.asked


def test_off_the_record_is_a_pause_that_says_what_it_is(
    commands: Commands, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    asked = {"minutes": None, "off_the_record": True}
    daemon.reply["POST /pause"] = (200, fake_data.status(state="paused", off_the_record=True))
    commands.off_the_record.trigger()
    qtbot.waitUntil(lambda: "Off the record until you resume" in commands.state.text())
    assert ("POST", "/pause", asked) in daemon.asked
    assert commands.resume.isVisible() and not commands.off_the_record.isVisible()
    commands.resume.trigger()
    qtbot.waitUntil(lambda: commands.face.kind is Kind.OBSERVING)
    assert commands.off_the_record.isVisible() and commands.off_the_record in commands.menu().actions()


def test_a_daemon_that_goes_away_turns_the_icon_to_trouble(
    commands: Commands, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.stop()
    qtbot.waitUntil(lambda: commands.face.kind is Kind.TROUBLE, timeout=8000)
    assert not commands.pauses[0].isEnabled()
    assert not commands.forget.isEnabled()


def test_exclusion_shows_its_rule(commands: Commands, daemon: FakeDaemon, qtbot: QtBot) -> None:
    daemon.publish("status", fake_data.status(state="excluded", excluded_by="Private windows"))
    qtbot.waitUntil(lambda: commands.face.kind is Kind.EXCLUDED)
    assert "Private windows" in commands.state.text()


def test_forgetting_asks_first_and_tells_what_went(
    commands: Commands, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    commands.forget.trigger()
    asked = question()
    assert asked.defaultButton().text() == "Cancel"
    assert not any(path == "/forget" for _, path, _ in daemon.asked)
    with qtbot.waitSignal(commands.told) as told:
        next(each for each in asked.buttons() if each.accessibleName() == "Forget").click()
    assert ("POST", "/forget", {"minutes": 10}) in daemon.asked
    assert "42 captured pieces" in told.args[0]


def test_cancelling_forgets_nothing(commands: Commands, daemon: FakeDaemon, qtbot: QtBot) -> None:
    commands.forget.trigger()
    question().defaultButton().click()
    qtbot.wait(100)
    assert not any(path == "/forget" for _, path, _ in daemon.asked)


def test_the_menu_and_the_window_offer_the_same(commands: Commands, opened: list[str], qtbot: QtBot) -> None:
    window = ControlWindow(commands)
    qtbot.addWidget(window, before_close_func=lambda it: it.hide())
    window.show()
    whole = commands.menu()
    menu = [action for action in whole.actions() if not action.isSeparator()]
    assert menu[0] is commands.state and not menu[0].isEnabled()
    for action in menu[1:]:
        made = button_of(action)
        assert made.accessibleName() == action.text().rstrip("…")
    commands.known.trigger()
    assert opened == ["known"]
    assert window.windowTitle().startswith("Gumption")
    assert "last stored" in window.line.text()


def test_the_control_window_cannot_be_lost(commands: Commands, qtbot: QtBot) -> None:
    window = ControlWindow(commands)
    window.show()
    assert not window.close()
    assert window.isVisible() and window.isMinimized()
    window.hide()
    window.deleteLater()


def test_while_locked_there_is_only_unlocking_the_status_and_quitting(
    commands: Commands, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    assert commands.lock.isVisible() and not commands.unlock.isVisible()
    daemon.reply["POST /lock"] = (200, fake_data.status(state="locked", unlock_by="button"))
    commands.lock.trigger()
    qtbot.waitUntil(lambda: commands.face.kind is Kind.LOCKED)
    assert commands.unlock.isVisible() and not commands.lock.isVisible()
    assert not any(action.isVisible() for action in [*commands.pauses, commands.resume])
    hidden = (commands.known, commands.suggestions, commands.privacy, commands.forget)
    assert not any(action.isEnabled() for action in hidden)
    assert commands.status.isEnabled() and commands.quit.isEnabled()
    with qtbot.waitSignal(commands.unlock_wanted):
        commands.unlock.trigger()
