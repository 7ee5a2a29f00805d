from pytestqt.qtbot import QtBot

from app.panels.assistants import AssistantsWindow
from app.tray.client import Client
from tests.app.tray import fake_assistants as fake
from tests.app.tray.fake_daemon import FakeDaemon


def asked(daemon: FakeDaemon, path: str) -> int:
    return len([1 for _, found, _ in daemon.asked if found == path])


def test_it_loads_the_tab_in_front_and_nothing_while_it_is_closed(
    client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    fake.install(daemon)
    window = AssistantsWindow(client)
    qtbot.addWidget(window)
    assert window.windowTitle() == "Gumption: assistants"
    window.present()
    qtbot.waitUntil(lambda: window.clients.clients.topLevelItemCount() == 3)
    assert asked(daemon, "/disclosures") == 0
    window.tabs.setCurrentWidget(window.reads)
    qtbot.waitUntil(lambda: window.reads.reads.topLevelItemCount() == 3)
    window.close()
    before = asked(daemon, "/clients")
    daemon.publish("clients", {})
    qtbot.wait(100)
    assert asked(daemon, "/clients") == before


def test_what_waits_is_shown_in_front_and_everything_goes_when_it_closes(
    client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    fake.install(daemon)
    window = AssistantsWindow(client)
    qtbot.addWidget(window)
    window.show_waiting()
    assert window.tabs.currentWidget() is window.proposals
    qtbot.waitUntil(lambda: window.proposals.text.toPlainText() == "I am vegetarian")
    window.close()
    assert window.proposals.text.toPlainText() == "" and window.proposals.proposals.topLevelItemCount() == 0


def test_a_daemon_that_refuses_is_told(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> None:
    fake.install(daemon)
    daemon.reply["GET /clients"] = (503, {"title": "The store is locked", "hint": "Unlock it."})
    window = AssistantsWindow(client)
    qtbot.addWidget(window)
    window.present()
    qtbot.waitUntil(lambda: "The store is locked" in window.banner.told)
