from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.panels.assistants import AssistantsWindow
from app.panels.reads_tab import GONE, PAGE, ReadsTab, asked
from app.tray.client import Client
from app.tray.wire_assistants import Disclosure
from tests.app.tray import fake_assistants as fake
from tests.app.tray import fake_data
from tests.app.tray.fake_daemon import FakeDaemon


@pytest.fixture
def tab(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> Iterator[ReadsTab]:
    fake.install(daemon)
    window = AssistantsWindow(client)
    qtbot.addWidget(window)
    window.present()
    window.tabs.setCurrentWidget(window.reads)
    qtbot.waitUntil(lambda: window.reads.reads.topLevelItemCount() == 3 and window.reads.who.count() == 4)
    yield window.reads
    window.close()


def row(tab: ReadsTab, place: int) -> list[str]:
    item = tab.reads.topLevelItem(place)
    assert item is not None
    return [item.text(column) for column in range(5)]


def choose(tab: ReadsTab, place: int) -> None:
    tab.reads.setCurrentItem(tab.reads.topLevelItem(place))  # type: ignore[arg-type]


def queries(daemon: FakeDaemon) -> list[object]:
    return [query for verb, path, query in daemon.asked if (verb, path) == ("GET", "/disclosures")]


def test_every_read_says_when_who_what_and_how_much(tab: ReadsTab) -> None:
    assert row(tab, 0)[1:] == ["Claude Desktop", "Search for “thesis”", "3", "1"]
    assert row(tab, 1)[2:] == ["What helps with “book me a table for two”", "3", "none"]
    assert tab.text.isHidden() and "Choose a read" in tab.note.text()


def test_the_exact_content_is_plain_text_and_names_come_back_for_the_person(
    tab: ReadsTab, qtbot: QtBot
) -> None:
    choose(tab, 0)
    qtbot.waitUntil(lambda: tab.text.toPlainText() == fake.LETTER)
    assert tab.text.isReadOnly() and tab.text.isVisible() and not tab.note.isVisible()
    assert "3 items left, 1.8 kB, 1 held back" in tab.head.text()
    tab.names.click()
    assert tab.text.toPlainText() == fake.LETTER.replace("PERSON_1", "Ana Costa")
    tab.names.click()
    assert tab.text.toPlainText() == fake.LETTER


def test_contents_that_are_gone_say_why(tab: ReadsTab, daemon: FakeDaemon, qtbot: QtBot) -> None:
    choose(tab, 2)
    qtbot.waitUntil(lambda: tab.note.text() == GONE)
    assert tab.text.isHidden() and not tab.names.isEnabled()
    daemon.reply["GET /disclosures/d2"] = (404, {"title": "There is no such read", "hint": ""})
    choose(tab, 1)
    qtbot.waitUntil(lambda: "today" in tab.head.text() and tab.note.text() == GONE)


def test_what_is_forgotten_goes_from_the_window_at_once(
    tab: ReadsTab, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    choose(tab, 0)
    qtbot.waitUntil(lambda: tab.text.toPlainText() == fake.LETTER)
    daemon.reply["GET /disclosures/d1"] = (200, fake.disclosure(kept=False) | {"content": None})
    daemon.publish("forgotten", {"propositions": ["p1"]})
    qtbot.waitUntil(lambda: tab.note.text() == GONE)
    assert tab.text.toPlainText() == ""


def test_older_ones_come_below_and_what_is_open_stays_open(
    tab: ReadsTab, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    choose(tab, 0)
    qtbot.waitUntil(lambda: tab.text.toPlainText() == fake.LETTER)
    daemon.reply["GET /disclosures"] = (200, {"items": [fake.disclosure("d4")], "next": None})
    tab.older_button.click()
    qtbot.waitUntil(lambda: tab.reads.topLevelItemCount() == 4)
    assert queries(daemon)[-1] == {"limit": str(PAGE), "before": "d3"}
    assert not tab.older_button.isEnabled() and tab.text.toPlainText() == fake.LETTER
    assert tab.reads.currentItem() is tab.reads.topLevelItem(0)


def test_a_new_read_on_top_leaves_the_open_one_open(tab: ReadsTab, daemon: FakeDaemon, qtbot: QtBot) -> None:
    choose(tab, 0)
    qtbot.waitUntil(lambda: tab.text.toPlainText() == fake.LETTER)
    reads = [fake.disclosure("d9", at=fake_data.iso(1)), fake.disclosure(), fake.disclosure("d2")]
    daemon.reply["GET /disclosures"] = (200, {"items": reads, "next": None})
    tab._look_again()
    qtbot.waitUntil(lambda: tab.reads.currentItem() is tab.reads.topLevelItem(1))
    assert tab.text.toPlainText() == fake.LETTER


def test_one_assistant_can_be_looked_at_alone(tab: ReadsTab, daemon: FakeDaemon, qtbot: QtBot) -> None:
    place = tab.who.findData("c2")
    assert tab.who.itemText(place) == "Editor"
    daemon.reply["GET /disclosures"] = (200, {"items": [], "next": None})
    tab.who.setCurrentIndex(place)
    tab.who.activated.emit(place)
    qtbot.waitUntil(lambda: tab.reads.topLevelItemCount() == 0)
    assert queries(daemon)[-1] == {"limit": str(PAGE), "client": "c2"}
    assert tab.pages.currentIndex() == 0  # the filter stays within reach


def test_nothing_read_yet_is_said_so(tab: ReadsTab, daemon: FakeDaemon, qtbot: QtBot) -> None:
    daemon.reply["GET /disclosures"] = (200, {"items": [], "next": None})
    tab.load()
    qtbot.waitUntil(lambda: tab.pages.currentIndex() == 1)


def test_a_closed_window_holds_nothing(tab: ReadsTab, qtbot: QtBot) -> None:
    choose(tab, 0)
    qtbot.waitUntil(lambda: tab.text.toPlainText() == fake.LETTER)
    tab.names.click()
    tab.window().close()
    assert tab.text.toPlainText() == "" and tab.reads.topLevelItemCount() == 0
    assert not tab.names.isChecked() and tab.head.text() == ""


def test_hostile_and_endless_reads_are_plain_text(tab: ReadsTab, daemon: FakeDaemon, qtbot: QtBot) -> None:
    fake.overfull(daemon)
    tab.load()
    qtbot.waitUntil(lambda: tab.reads.topLevelItemCount() == 500, timeout=20_000)
    choose(tab, 0)
    qtbot.waitUntil(lambda: "<img src=x>" in tab.text.toPlainText())
    assert row(tab, 0)[2].startswith("weird ⟨U+202E⟩operation “Lorem <img src=x>")


def test_an_operation_this_version_does_not_know_is_named() -> None:
    assert asked(Disclosure("d", operation="new_thing")) == "new thing"
    assert asked(Disclosure("d", operation="moment")) == "What you are doing now"
