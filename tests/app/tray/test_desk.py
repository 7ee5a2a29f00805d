from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.paths import Paths
from app.tray.desk import Desk
from tests.app.tray import fake_assistants, fake_data
from tests.app.tray.fake_daemon import FakeDaemon


@pytest.fixture
def desk(paths: Paths, daemon: FakeDaemon) -> Iterator[Desk]:
    made = Desk(paths)
    yield made
    made.client.stop()


def told(daemon: FakeDaemon) -> list[object]:
    return [body for verb, path, body in daemon.asked if (verb, path) == ("POST", "/welcome")]


def test_at_the_first_start_it_asks_once_for_a_few_lines(
    desk: Desk, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.status = fake_data.status(welcomed=False)
    desk.client.start()
    qtbot.waitUntil(lambda: desk.welcome is not None and desk.welcome.isVisible())
    assert desk.welcome is not None
    qtbot.addWidget(desk.welcome)
    desk.welcome.close()
    qtbot.waitUntil(lambda: told(daemon) == [{"text": ""}])
    desk.client.take_status(fake_data.status(welcomed=False))  # an answer that was on its way
    assert not desk.welcome.isVisible()


def test_who_was_asked_is_not_asked_again(desk: Desk, qtbot: QtBot) -> None:
    desk.client.start()
    qtbot.waitUntil(lambda: desk.client.status is not None)
    assert desk.welcome is None


def test_what_assistants_want_is_shown_and_goes_when_the_store_locks(
    desk: Desk, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    fake_assistants.install(daemon)
    desk.client.start()
    qtbot.waitUntil(lambda: desk.commands.assistants.text() == "Assistants (2 waiting)…")
    daemon.publish("pairing", fake_assistants.pairing())
    qtbot.waitUntil(lambda: desk.requests.card is not None)
    desk.commands.assistants.trigger()
    window = desk._assistants
    assert window is not None and window.isVisible()
    qtbot.addWidget(window)
    assert window.tabs.currentWidget() is window.proposals
    desk.client.take_status(fake_data.status(state="locked"))
    assert desk.requests.card is None and not window.isVisible()
    assert not desk.commands.assistants.isEnabled()
    assert desk._unlock is not None
    qtbot.addWidget(desk._unlock)
