from collections.abc import Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtWidgets import QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.panels.approval import Scrolling
from app.panels.card import Card
from app.panels.text import Text
from app.tray import wire
from app.tray.client import Client
from tests.app.tray import fake_data
from tests.app.tray.fake_daemon import FakeDaemon


class Table:
    """A card and what is on it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.card = self.put()

    def put(self, **changes: Any) -> Card:
        self.card = Card(self.client, wire.read(wire.Suggestion, fake_data.suggestion(**changes)))
        self.card.show()
        return self.card

    @property
    def buttons(self) -> dict[str, QPushButton]:
        found = self.card.findChildren(QPushButton)
        return {each.accessibleName(): each for each in found if each.isVisible()}

    @property
    def words(self) -> str:
        labels = [each.text() for each in self.card.findChildren(Text) if each.isVisible()]
        return "\n".join(labels + [each.toPlainText() for each in self.card.findChildren(QPlainTextEdit)])

    def gone(self) -> bool:
        return not shiboken6.isValid(self.card) or not self.card.isVisible()


@pytest.fixture
def table(client: Client, qtbot: QtBot) -> Iterator[Table]:
    made = Table(client)
    yield made
    if shiboken6.isValid(made.card):
        made.card.close()


def approve_page(table: Table, qtbot: QtBot) -> None:
    table.buttons["Do it"].click()
    qtbot.waitUntil(lambda: table.card.stage == "approval")


def asked(daemon: FakeDaemon, what: str) -> list[Any]:
    return [body for verb, path, body in daemon.asked if verb == "POST" and path.endswith(what)]


def test_the_offer_says_why_now_with_its_evidence(table: Table) -> None:
    assert {"Do it", "Not now", "Never", "Close"} <= set(table.buttons)
    assert "Why now: You wrote the date" in table.words
    assert "“I land in Lisbon on the 3rd and will bring the printed slides”" in table.words
    assert table.card.windowTitle().startswith("Gumption")


def test_the_card_takes_no_focus_and_does_nothing_by_itself(
    table: Table, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    from PySide6.QtCore import Qt

    assert table.card.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert not any(button.isDefault() or button.autoDefault() for button in table.buttons.values())
    qtbot.wait(100)
    assert asked(daemon, "/reaction") == []


def test_do_it_shows_exactly_what_and_where_before_anything_is_done(
    table: Table, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    approve_page(table, qtbot)
    assert asked(daemon, "/reaction") == [{"verdict": "accept"}]
    for said in (
        "/home/ana/Calendar/workshop-lisbon.ics", "https://workshop.example.org/lisbon/programme",
        "Design workshop, Lisbon", "2026-12-03 09:00", "Can be undone: The file is removed again",
        "Nothing is changed", "The site learns that you visit it", "None known",
    ):  # fmt: skip
        assert said in table.words, said
    assert asked(daemon, "/approve") == []
    steps = next(each for each in table.card.findChildren(Scrolling))
    assert steps.height() >= steps.sizeHint().height()  # all of it is in sight
    assert set(table.buttons) >= {"Approve", "Deny", "Close"}
    assert "Do it" not in table.buttons


def test_an_address_that_hides_what_it_is_is_shown_as_it_is(
    table: Table, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    step = fake_data.plan()["steps"][1] | {"target": "https://a.example/\u202egpj.exe"}
    daemon.plan = fake_data.plan(steps=[step])
    approve_page(table, qtbot)
    assert "https://a.example/⟨U+202E⟩gpj.exe" in table.words


def test_long_text_to_be_written_is_shown_whole(table: Table, daemon: FakeDaemon, qtbot: QtBot) -> None:
    text = "line\n" * 300 + "x" * 6000 + "the end"
    daemon.plan = fake_data.plan(steps=[fake_data.plan()["steps"][0] | {"args": {"text": text}}])
    approve_page(table, qtbot)
    assert text in table.words
    assert table.card.height() <= table.card.screen().availableGeometry().height()


def test_approval_sends_the_digest_of_what_was_shown_and_shows_what_became_of_it(
    table: Table, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    approve_page(table, qtbot)
    table.buttons["Approve"].click()
    qtbot.waitUntil(lambda: table.card.stage == "result")
    assert asked(daemon, "/approve") == [{"digest": "ab12" * 16}]
    assert "✓  Make a calendar file with one entry: workshop-lisbon.ics is there, 1 entry" in table.words
    table.buttons["Undo"].click()
    qtbot.waitUntil(lambda: "Undone, and checked" in table.words)
    assert "Undo" not in table.buttons


def test_a_failed_step_says_why_and_the_steps_behind_it_were_not_run(
    table: Table, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    approve_page(table, qtbot)
    failed = fake_data.plan(
        state="failed", outcomes=[{"step_index": 0, "ok": False, "seen": "the disk is full"}]
    )
    daemon.reply["POST /plans/plan1/approve"] = (200, failed)
    table.buttons["Approve"].click()
    qtbot.waitUntil(lambda: table.card.stage == "result")
    assert "✗  Make a calendar file with one entry: the disk is full" in table.words
    assert "–  Open a page in your browser: not run" in table.words
    assert "Undo" not in table.buttons


def test_deny_approves_nothing(table: Table, daemon: FakeDaemon, qtbot: QtBot) -> None:
    approve_page(table, qtbot)
    table.buttons["Deny"].click()
    qtbot.waitUntil(table.gone)
    assert asked(daemon, "/deny") == [{}] and asked(daemon, "/approve") == []


@pytest.mark.parametrize(("button", "verdict"), [("Not now", "dismiss"), ("Never", "never")])
def test_reactions_are_told_and_end_the_card(
    table: Table, daemon: FakeDaemon, qtbot: QtBot, button: str, verdict: str
) -> None:
    table.buttons[button].click()
    qtbot.waitUntil(table.gone)
    assert asked(daemon, "/reaction") == [{"verdict": verdict}]


def test_closing_is_no_answer(table: Table, daemon: FakeDaemon, qtbot: QtBot) -> None:
    table.buttons["Close"].click()
    qtbot.waitUntil(table.gone)
    assert asked(daemon, "/reaction") == []


def test_when_time_is_up_nothing_was_done_and_nothing_can_be_approved(
    table: Table, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.plan = fake_data.plan(expires_at=fake_data.iso(-1.2))
    approve_page(table, qtbot)
    approve = table.buttons["Approve"]
    qtbot.waitUntil(lambda: table.card.stage == "result", timeout=8000)
    assert "Nothing was done" in table.words
    assert "Approve" not in table.buttons
    if shiboken6.isValid(approve):
        approve.click()
    qtbot.wait(100)
    assert asked(daemon, "/approve") == []


def test_an_offer_whose_time_is_up_goes_by_itself(table: Table, daemon: FakeDaemon, qtbot: QtBot) -> None:
    table.card.close()
    table.put(expires_at=fake_data.iso(-1.2))
    qtbot.waitUntil(table.gone, timeout=8000)
    assert asked(daemon, "/reaction") == []


def test_an_approval_without_an_answer_is_not_called_a_failure(
    table: Table, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    approve_page(table, qtbot)
    daemon.reply["POST /plans/plan1/approve"] = (
        500,
        {"title": "It broke", "hint": "Look again.", "status": 500},
    )
    table.buttons["Approve"].click()
    qtbot.waitUntil(lambda: table.card.stage == "result")
    assert "It is not known what was done" in table.words
    daemon.plan = daemon.plan | fake_data.DONE
    table.buttons["Look again"].click()
    qtbot.waitUntil(lambda: "Done, and checked" in table.words)


def test_a_plan_answered_elsewhere_cannot_be_approved_here(
    table: Table, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    approve_page(table, qtbot)
    daemon.plan = daemon.plan | {"state": "denied"}
    daemon.publish("plan", {"plan_id": "plan1", "state": "denied", "outcomes": []})
    qtbot.waitUntil(lambda: table.card.stage == "result")
    assert "Approve" not in table.buttons and "Denied" in table.words


def test_a_refused_reaction_says_why_and_can_be_tried_again(
    table: Table, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.reply["POST /suggestions/s1/reaction"] = (409, {"title": "It is gone", "hint": "", "status": 409})
    table.buttons["Do it"].click()
    qtbot.waitUntil(lambda: "It is gone" in table.card.banner.told)
    assert table.buttons["Do it"].isEnabled()


@pytest.mark.parametrize(
    ("button", "verdict"), [("Not now", "dismiss"), ("Never", "never"), ("Do it", "accept")]
)
def test_what_the_person_types_to_an_offer_goes_with_their_answer(
    table: Table, daemon: FakeDaemon, qtbot: QtBot, button: str, verdict: str
) -> None:
    assert not table.card.note.hasFocus()
    table.card.note.setText(" I prefer mornings ")
    table.buttons[button].click()
    qtbot.waitUntil(lambda: bool(asked(daemon, "/reaction")))
    assert asked(daemon, "/reaction") == [{"verdict": verdict, "note": "I prefer mornings"}]
