from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.panels.known import KnownWindow
from app.tray.client import Client
from tests.app.tray import fake_data
from tests.app.tray.fake_daemon import FakeDaemon


@pytest.fixture
def window(client: Client, qtbot: QtBot) -> Iterator[KnownWindow]:
    made = KnownWindow(client)
    qtbot.addWidget(made)
    qtbot.addWidget(made.observation)
    made.present()
    qtbot.waitUntil(lambda: made.model.total > 0 or made.pages.currentIndex() == 1)
    yield made


def texts(window: KnownWindow) -> list[str]:
    return [window.model.at(row).text for row in range(window.model.rowCount())]


def test_the_newest_comes_first_and_is_shown_with_its_evidence_and_history(
    window: KnownWindow, qtbot: QtBot
) -> None:
    assert window.model.rowCount() == 12
    qtbot.waitUntil(lambda: window.detail.history.count() == 2)
    assert window.detail.item is not None and "thesis_ch3" in window.detail.item.text
    assert "thesis_ch3.tex - thesis - Code" in window.detail.evidence.item(0).text()
    assert "60 % → 97 %" in window.detail.history.item(0).text()


def test_a_new_conclusion_appears_by_itself(window: KnownWindow, daemon: FakeDaemon, qtbot: QtBot) -> None:
    daemon.publish("proposition", fake_data.proposition("new", "You are learning to sail.", ago=0))
    qtbot.waitUntil(lambda: texts(window)[0] == "You are learning to sail.")
    assert window.detail.item is not None and "thesis" in window.detail.item.text  # the choice stays


def test_a_changed_conclusion_changes_where_it_is_shown(
    window: KnownWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: window.detail.item is not None)
    assert window.detail.item is not None
    changed = fake_data.proposition(window.detail.item.id, "You finished the thesis.", confidence=0.5, ago=0)
    daemon.propositions[2] = changed
    daemon.publish("proposition", changed)
    qtbot.waitUntil(lambda: window.detail.item is not None and "finished" in window.detail.item.text)


def test_an_older_answer_about_a_conclusion_does_not_come_over_a_newer_one(
    window: KnownWindow, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: window.detail.item is not None)
    newer = window.detail.item
    assert newer is not None
    window._fuller(window._looked - 1, replace(newer, text="You began the thesis."))
    assert window.detail.item is newer


def test_search_is_the_daemons_and_the_last_question_wins(
    window: KnownWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    qtbot.keyClicks(window.search, "lisbon")
    qtbot.waitUntil(lambda: window.model.rowCount() == 2)
    assert ("GET", "/search", {"q": "lisbon", "limit": "50"}) in daemon.asked
    qtbot.keyClicks(window.search, "zzz")
    qtbot.waitUntil(lambda: window.pages.currentIndex() == 1)
    assert window.empty.findChildren(type(window.count))[0].text() == "Nothing found"
    window.search.clear()
    qtbot.waitUntil(lambda: window.model.rowCount() == 12)


def test_an_answer_to_an_older_question_is_thrown_away(window: KnownWindow) -> None:
    before = texts(window)
    window._loaded(window._asked - 1, (), False)
    assert texts(window) == before


def test_the_kinds_that_occur_can_be_chosen(window: KnownWindow) -> None:
    kinds = [window.types.itemText(index) for index in range(window.types.count())]
    assert kinds[0] == "All kinds" and "has deadline" in kinds
    window.types.setCurrentText("has deadline")
    assert texts(window) == ["You have a deadline on 4 December: the grant report."]
    assert window.count.text() == "1 of 12 conclusions"


def test_evidence_opens_the_observation_as_plain_text_with_the_quote_marked(
    window: KnownWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    row = next(row for row, text in enumerate(texts(window)) if "design workshop" in text)
    window.view.setCurrentIndex(window.model.index(row))
    window.detail.evidence.itemActivated.emit(window.detail.evidence.item(0))
    qtbot.waitUntil(window.observation.isVisible)
    shown = window.observation
    assert shown.marked() == "I land in Lisbon on the 3rd and will bring the printed slides"
    assert "<b>Best wishes</b>" in shown.text.toPlainText()  # as letters, not as bold type
    assert shown.text.isReadOnly()


def test_a_quote_from_the_title_is_said_to_be_there(window: KnownWindow) -> None:
    from app.tray import wire

    seen = wire.Observation("o", title="thesis_ch3.tex - Code", text="something else")
    window.observation.show_observation(seen, "thesis_ch3.tex")
    assert window.observation.marked() == ""
    assert "title" in window.observation._note.text()


def test_forgetting_asks_first_and_then_the_row_is_gone(
    window: KnownWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: window.detail.item is not None)
    assert window.detail.item is not None
    gone = window.detail.item
    window.detail.forget_button.click()
    asked = next(each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox))
    assert gone.text in asked.text() and asked.textFormat() == Qt.TextFormat.PlainText
    assert not any(verb == "DELETE" for verb, _, _ in daemon.asked)
    next(each for each in asked.buttons() if each.accessibleName() == "Forget").click()
    qtbot.waitUntil(lambda: gone.text not in texts(window))
    assert ("DELETE", f"/propositions/{gone.id}", {}) in daemon.asked


def test_what_is_called_so_stays_and_says_who_settled_it(
    window: KnownWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: window.detail.item is not None)
    assert window.detail.item is not None
    id_ = window.detail.item.id
    window.detail.right_button.click()
    qtbot.waitUntil(lambda: "settled by you" in window.detail._facts.text())
    assert ("POST", f"/propositions/{id_}/verdict", {"verdict": "right"}) in daemon.asked
    assert not window.detail.right_button.isEnabled()
    assert window.model.row_of(id_) is not None


@pytest.mark.parametrize("said", ["wrong", "hide"])
def test_what_is_not_true_or_not_to_be_used_goes_and_the_next_is_shown(
    window: KnownWindow, daemon: FakeDaemon, qtbot: QtBot, said: str
) -> None:
    qtbot.waitUntil(lambda: window.detail.item is not None)
    assert window.detail.item is not None
    id_ = window.detail.item.id
    (window.detail.wrong_button if said == "wrong" else window.detail.hide_button).click()
    qtbot.waitUntil(lambda: window.model.row_of(id_) is None)
    assert ("POST", f"/propositions/{id_}/verdict", {"verdict": said}) in daemon.asked
    qtbot.waitUntil(lambda: window.detail.item is not None and window.detail.item.id != id_)


def test_what_is_forgotten_elsewhere_disappears(
    window: KnownWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.propositions = daemon.propositions[1:]
    daemon.publish("forgotten", {"propositions": ["p0"]})
    qtbot.waitUntil(lambda: window.model.row_of("p0") is None)


def test_nothing_known_says_why(window: KnownWindow, daemon: FakeDaemon, qtbot: QtBot) -> None:
    daemon.propositions = []
    window.load()
    qtbot.waitUntil(lambda: window.pages.currentIndex() == 1)
    assert window.empty.findChildren(type(window.count))[0].text() == "Nothing yet"


def test_five_hundred_rows_of_every_script_are_painted(
    window: KnownWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.propositions = fake_data.overfull()
    window.load()
    qtbot.waitUntil(lambda: window.model.rowCount() == 500)
    window.view.scrollToBottom()
    assert not window.view.grab().isNull()
    assert window.view.horizontalScrollBar().maximum() == 0


def test_trouble_is_told_in_the_window(window: KnownWindow, daemon: FakeDaemon, qtbot: QtBot) -> None:
    daemon.reply["GET /propositions"] = (
        500,
        {"title": "The disk is full", "hint": "Make room.", "status": 500},
    )
    window.load()
    qtbot.waitUntil(lambda: window.banner.told == "The disk is full. Make room.")


def test_escape_closes_and_the_keyboard_reaches_the_search(window: KnownWindow, qtbot: QtBot) -> None:
    window.view.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget() is window.search
    assert window.windowTitle().startswith("Gumption")
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_something_can_be_told_from_here(window: KnownWindow, daemon: FakeDaemon, qtbot: QtBot) -> None:
    qtbot.keyClicks(window.own.line, "I prefer tea over coffee")
    window.own.button.click()
    qtbot.waitUntil(lambda: window.own.line.text() == "")
    assert ("POST", "/tell", {"text": "I prefer tea over coffee"}) in daemon.asked
