from pytestqt.qtbot import QtBot

from app.panels.status import StatusWindow
from app.panels.suggestions import SuggestionsWindow
from app.tray.client import Client
from tests.app.tray import fake_data
from tests.app.tray.fake_daemon import FakeDaemon


def test_every_source_and_model_is_told_with_its_mend(
    client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    window = StatusWindow(client)
    qtbot.addWidget(window)
    window.present()
    assert window.sources.topLevelItemCount() == 3 and window.models.topLevelItemCount() == 3
    report = window.report()
    for said in ("▲ unavailable", "Install at-spi2-core", "0 to store, 2 to read, 5 to think about", "0.1.0"):
        assert said in report, said
    silent = window.sources.topLevelItem(2)
    assert silent is not None and silent.text(2) == "nothing yet"
    daemon.stop()
    qtbot.waitUntil(lambda: "does not answer" in window.line.text(), timeout=8000)
    assert window.hint.text()


def test_whether_suggestions_may_come_up_is_told_and_why_not(
    client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    window = StatusWindow(client)
    qtbot.addWidget(window)
    window.present()
    assert "Suggestions may come up." in window.report()
    busy = {"quiet": True, "reason": "You are in a meeting.", "unknown": ["typing"]}
    daemon.publish("status", fake_data.status(availability=busy))
    qtbot.waitUntil(lambda: "Suggestions wait: You are in a meeting." in window.report())
    assert "Cannot be told here: typing." in window.available.text()


def test_open_suggestions_can_be_called_back_as_cards(
    client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.suggestions = [fake_data.suggestion("a"), fake_data.suggestion("b", state="done")]
    window = SuggestionsWindow(client)
    qtbot.addWidget(window)
    window.present()
    qtbot.waitUntil(lambda: window.list.count() == 2)
    with qtbot.waitSignal(window.opened) as opened:
        window.show_button.click()
    assert opened.args[0].id == "a"
    window.list.setCurrentRow(1)
    assert not window.show_button.isEnabled()


def test_no_suggestions_is_said_so(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> None:
    window = SuggestionsWindow(client)
    qtbot.addWidget(window)
    window.present()
    qtbot.waitUntil(lambda: window.pages.currentIndex() == 1)


def test_a_plain_store_is_said_so_and_a_locked_one_shows_no_counts(
    client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    window = StatusWindow(client)
    qtbot.addWidget(window)
    window.present()
    assert "not encrypted" not in window.report()
    client.take_status(fake_data.status(encrypted=False))
    assert "not encrypted, as set" in window.report()
    client.take_status(fake_data.status(state="locked"))
    assert window.versions.text().endswith("locked")
    qtbot.waitUntil(lambda: not client._asking)  # nothing arrives when the window has gone
