from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.panels.assistants import AssistantsWindow
from app.panels.restore_tab import MOST, RestoreTab
from app.tray.client import Client
from tests.app.tray import fake_assistants as fake
from tests.app.tray.fake_daemon import FakeDaemon


@pytest.fixture
def tab(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> Iterator[RestoreTab]:
    fake.install(daemon)
    window = AssistantsWindow(client)
    qtbot.addWidget(window)
    window.tabs.setCurrentWidget(window.restore)
    window.present()
    yield window.restore
    window.close()


def sent(daemon: FakeDaemon) -> list[object]:
    return [body for verb, path, body in daemon.asked if (verb, path) == ("POST", "/restore")]


def test_names_are_put_back_into_what_was_pasted(tab: RestoreTab, daemon: FakeDaemon, qtbot: QtBot) -> None:
    assert not tab.put_back_button.isEnabled()
    tab.pasted.setPlainText("PERSON_1 is your supervisor.")
    tab.put_back_button.click()
    qtbot.waitUntil(lambda: tab.restored.toPlainText() == "Ana Costa is your supervisor.")
    assert sent(daemon) == [{"text": "PERSON_1 is your supervisor."}]
    assert tab.restored.isReadOnly() and tab.note.text() == ""


def test_what_came_is_plain_text(tab: RestoreTab, daemon: FakeDaemon, qtbot: QtBot) -> None:
    daemon.reply["POST /restore"] = (200, {"text": "<img src=x> & more"})
    tab.pasted.setPlainText("x")
    tab.put_back_button.click()
    qtbot.waitUntil(lambda: tab.restored.toPlainText() == "<img src=x> & more")


def test_without_a_pseudonym_it_says_so(tab: RestoreTab, daemon: FakeDaemon, qtbot: QtBot) -> None:
    daemon.reply["POST /restore"] = (200, {"text": "Hello"})
    tab.pasted.setPlainText("Hello")
    tab.put_back_button.click()
    qtbot.waitUntil(lambda: tab.note.text() == "There was no pseudonym in it.")


def test_what_is_too_long_is_not_sent(tab: RestoreTab, daemon: FakeDaemon) -> None:
    tab.pasted.setPlainText("x" * (MOST + 1))
    tab.put_back_button.click()
    assert sent(daemon) == [] and "too long" in tab._banner.told


def test_closed_it_holds_nothing_and_a_late_answer_is_not_shown(
    tab: RestoreTab, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    tab.pasted.setPlainText("PERSON_1")
    tab.put_back_button.click()
    tab.window().close()
    qtbot.waitUntil(lambda: sent(daemon) == [{"text": "PERSON_1"}])
    qtbot.wait(100)
    assert tab.restored.toPlainText() == "" and tab.pasted.toPlainText() == ""
