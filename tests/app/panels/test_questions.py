from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.panels.suggestions import SuggestionsWindow
from app.panels.text import Text
from app.tray.client import Client
from tests.app.tray import fake_data
from tests.app.tray.fake_daemon import FakeDaemon


def question(id_: str, text: str) -> fake_data.Json:
    claim = fake_data.proposition(id_, text, "holds_role", "Role", 0.5) | {"slots": {"role": "treasurer"}}
    return {"proposition": claim, "why": "It was seen once.", "worth": 3.0, "rival_id": None}


@pytest.fixture
def window(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> Iterator[SuggestionsWindow]:
    daemon.questions = [question("q1", "Is treasurer"), question("q2", "Is chair")]
    made = SuggestionsWindow(client)
    qtbot.addWidget(made)
    made.present()
    qtbot.waitUntil(lambda: made.questions.isVisible())
    yield made


def told(window: SuggestionsWindow) -> str:
    return "\n".join(each.text() for each in window.questions.findChildren(Text))


def answers(daemon: FakeDaemon) -> list[tuple[str, object]]:
    return [(path, body) for verb, path, body in daemon.asked if verb == "POST"]


def test_a_question_says_the_claim_why_and_what_it_was_concluded_from(window: SuggestionsWindow) -> None:
    assert told(window).split("\n") == [
        "Is this so?  ·  1 more question",
        "Is treasurer",
        "It was seen once. It was concluded from “Let us meet on Tuesday”.",
    ]


@pytest.mark.parametrize("name", ["Yes", "No", "Not now", "Never ask"])
def test_one_press_answers_and_the_next_is_shown(
    window: SuggestionsWindow, daemon: FakeDaemon, qtbot: QtBot, name: str
) -> None:
    button = next(b for b in window.questions.findChildren(QPushButton) if b.accessibleName() == name)
    button.click()
    assert not window.questions.isEnabled()  # a second press would answer another question
    qtbot.waitUntil(lambda: "Is chair" in told(window))
    said = {"Yes": "yes", "No": "no", "Not now": "later", "Never ask": "never"}[name]
    assert answers(daemon) == [("/questions/q1", {"answer": said})]
    assert window.questions.isEnabled()


def test_editing_is_about_the_question_it_was_opened_for(
    window: SuggestionsWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    questions = window.questions
    questions.edit.click()
    editing = questions.editing
    assert editing is not None
    daemon.questions = [question("q2", "Is chair")]
    questions.load()
    qtbot.waitUntil(lambda: "Is chair" in told(window))
    editing.fields["role"].setText("chair")
    editing.save()
    qtbot.waitUntil(lambda: bool(answers(daemon)))
    assert answers(daemon) == [("/questions/q1", {"answer": "edit", "slots": {"role": "chair"}})]


def test_another_answer_ends_the_editing(window: SuggestionsWindow, qtbot: QtBot) -> None:
    window.questions.edit.click()
    editing = window.questions.editing
    assert editing is not None and editing.isVisible()
    window.questions.later.click()
    assert not editing.isVisible()


def test_editing_sends_only_what_was_changed(
    window: SuggestionsWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    window.questions.edit.click()
    editing = window.questions.editing
    assert editing is not None and editing.isVisible()
    qtbot.addWidget(editing)
    editing.save()
    assert answers(daemon) == [] and not editing.isVisible()
    window.questions.edit.click()
    editing = window.questions.editing
    assert editing is not None
    qtbot.addWidget(editing)
    editing.fields["role"].setText("secretary")
    editing.save()
    qtbot.waitUntil(lambda: bool(answers(daemon)))
    assert answers(daemon) == [("/questions/q1", {"answer": "edit", "slots": {"role": "secretary"}})]


def test_without_questions_nothing_is_shown_and_trouble_is_told(
    window: SuggestionsWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.reply["POST /questions/q1"] = (404, {"title": "It is gone", "hint": "", "status": 404})
    window.questions.yes.click()
    qtbot.waitUntil(lambda: "It is gone" in window.banner.told)
    assert window.questions.isEnabled()
    daemon.questions = []
    window.questions.load()
    qtbot.waitUntil(lambda: not window.questions.isVisible())
