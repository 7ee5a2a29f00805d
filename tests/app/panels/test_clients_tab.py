from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.panels.assistants import AssistantsWindow
from app.panels.clients_tab import ClientsTab, called, ordered, until
from app.panels.scope_words import UNREADABLE
from app.tray import wire
from app.tray.client import Client
from app.tray.wire_assistants import Assistant
from tests.app.tray import fake_assistants as fake
from tests.app.tray import fake_data
from tests.app.tray.fake_daemon import FakeDaemon


@pytest.fixture
def tab(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> Iterator[ClientsTab]:
    fake.install(daemon)
    window = AssistantsWindow(client)
    qtbot.addWidget(window)
    window.present()
    qtbot.waitUntil(lambda: window.clients.clients.topLevelItemCount() == 3)
    yield window.clients
    window.close()


def row(tab: ClientsTab, place: int) -> list[str]:
    item = tab.clients.topLevelItem(place)
    assert item is not None
    return [item.text(column) for column in range(5)]


def choose(tab: ClientsTab, place: int) -> None:
    tab.clients.setCurrentItem(tab.clients.topLevelItem(place))  # type: ignore[arg-type]


def answer(name: str) -> None:
    asked = next(each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox))
    next(each for each in asked.buttons() if each.text() == name).click()


def sent(daemon: FakeDaemon, verb: str) -> list[tuple[str, object]]:
    return [(path, body) for asked, path, body in daemon.asked if asked == verb]


def test_who_may_ask_stands_first_with_what_it_may_do(tab: ClientsTab) -> None:
    assert [row(tab, n)[0] for n in range(3)] == ["Claude Desktop", "Editor", "Old script"]
    _name, may, used, _ends, reads = row(tab, 0)
    assert may.startswith("Claims about you. It may not read") and used.startswith("today") and reads == "41"
    assert row(tab, 1)[2:4] == ["never", "without end"] and row(tab, 2)[3].startswith("taken back")
    assert "Nothing about" not in tab.may.text() and tab.name.text() == "Claude Desktop"
    choose(tab, 1)
    assert "only about ‘thesis’ or ‘travel’. Nothing about ‘health’." in tab.may.text()


def test_revoking_asks_once_and_is_told_at_once(tab: ClientsTab, daemon: FakeDaemon, qtbot: QtBot) -> None:
    tab.revoke_button.click()
    answer("Cancel")
    assert sent(daemon, "DELETE") == []
    left = [each for each in fake.assistants() if each["id"] != "c1"]
    daemon.reply |= {"DELETE /clients/c1": (200, {"items": left}), "GET /clients": (200, {"items": left})}
    tab.revoke_button.click()
    answer("Revoke")
    qtbot.waitUntil(lambda: tab.clients.topLevelItemCount() == 2)
    assert sent(daemon, "DELETE") == [("/clients/c1", {})]


def test_what_was_taken_back_can_be_changed_no_more(tab: ClientsTab) -> None:
    choose(tab, 2)
    assert not tab.change_button.isEnabled() and not tab.revoke_button.isEnabled()
    tab.clients.itemActivated.emit(tab.clients.topLevelItem(2), 0)
    assert tab.form is None


def test_a_change_is_sent_with_its_end(tab: ClientsTab, daemon: FakeDaemon, qtbot: QtBot) -> None:
    daemon.reply["PATCH /clients/c1"] = (200, {"items": fake.assistants()})
    tab.change_button.click()
    form = tab.form
    assert form is not None and form.isVisible()
    form.sensitive.click()
    form.until.setCurrentIndex(form.until.findData(7))
    form.save_button.click()
    qtbot.waitUntil(lambda: not form.isVisible())
    [(path, body)] = sent(daemon, "PATCH")
    assert path == "/clients/c1" and isinstance(body, dict)
    assert body["scope"] == fake.scope(sensitive=True)
    left = datetime.fromisoformat(body["until"]) - datetime.now(UTC)
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)


def test_without_end_is_said_and_an_end_not_touched_is_not(
    tab: ClientsTab, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.reply["PATCH /clients/c1"] = (200, {"items": fake.assistants()})

    def changed(times: int) -> bool:
        return len(sent(daemon, "PATCH")) == times

    for days in (0, None):
        tab.change_button.click()
        assert tab.form is not None
        tab.form.until.setCurrentIndex(tab.form.until.findData(days) if days is not None else 0)
        tab.form.save_button.click()
        qtbot.waitUntil(partial(changed, 1 if days == 0 else 2))
    first, second = (body for _, body in sent(daemon, "PATCH"))
    assert isinstance(first, dict) and isinstance(second, dict)
    assert first["until"] is None and "until" not in second


def test_a_refused_change_keeps_what_was_typed(tab: ClientsTab, daemon: FakeDaemon, qtbot: QtBot) -> None:
    daemon.reply["PATCH /clients/c1"] = (404, {"title": "There is no such assistant", "hint": ""})
    tab.change_button.click()
    form = tab.form
    assert form is not None
    form.topics.setText("thesis")
    form.save_button.click()
    qtbot.waitUntil(lambda: "no such assistant" in form.banner.told)
    assert form.isVisible() and form.topics.text() == "thesis"


def test_the_chosen_one_stays_chosen_when_the_order_changes(
    tab: ClientsTab, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    choose(tab, 1)
    changed = [
        each | {"last_used_at": fake_data.iso(1)} if each["id"] == "c2" else each
        for each in fake.assistants()
    ]
    daemon.reply["GET /clients"] = (200, {"items": changed})
    daemon.publish("clients", {})
    qtbot.waitUntil(lambda: row(tab, 0)[0] == "Editor")
    assert tab.name.text() == "Editor"


def test_where_there_is_none_it_says_how_to_connect_one(
    tab: ClientsTab, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.reply["GET /clients"] = (200, {"items": []})
    daemon.publish("clients", {})
    qtbot.waitUntil(lambda: tab.pages.currentIndex() == 1)


def test_where_it_is_narrow_the_long_column_goes(tab: ClientsTab, qtbot: QtBot) -> None:
    assert not tab.clients.isColumnHidden(1)
    tab.window().resize(560, 600)
    qtbot.waitUntil(lambda: tab.clients.isColumnHidden(1))
    tab.window().resize(900, 600)
    qtbot.waitUntil(lambda: not tab.clients.isColumnHidden(1))


def test_hostile_names_are_shown_as_they_are(tab: ClientsTab, daemon: FakeDaemon, qtbot: QtBot) -> None:
    fake.overfull(daemon)
    tab.load()
    qtbot.waitUntil(lambda: tab.clients.topLevelItemCount() == 500, timeout=20_000)
    names = {row(tab, place)[0] for place in range(4)}
    assert any(name.startswith("<b>Claude</b> ⟨U+202E⟩edualC") for name in names)
    assert not any("\u202e" in name for name in names)


def test_an_unreadable_scope_is_not_shown_as_harmless(
    tab: ClientsTab, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.reply["GET /clients"] = (200, {"items": [fake.assistant(scope={"everything": True})]})
    tab.load()
    qtbot.waitUntil(lambda: tab.clients.topLevelItemCount() == 1)
    assert tab.may.text() == UNREADABLE


def test_ends_and_order_are_pure() -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    ended = Assistant("a", "A", until=now, last_used_at=now)
    unused = Assistant("b", "B")
    assert until(ended, now).startswith("ended") and until(unused, now) == "without end"
    assert [each.id for each in ordered((ended, unused), now)] == ["b", "a"]
    assert called(" \n") == "(without a name)"
    assert wire.read(Assistant, {"id": "x", "name": "X"}).holds(now)
