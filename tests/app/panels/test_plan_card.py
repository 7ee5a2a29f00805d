from collections.abc import Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.panels.plan_card import PlanCard
from app.panels.text import Text
from app.tray import wire
from app.tray.client import Client
from tests.app.tray import fake_assistants as fake
from tests.app.tray import fake_data
from tests.app.tray.fake_daemon import FakeDaemon


def plan(**changes: Any) -> wire.Plan:
    return wire.read(wire.Plan, fake.request(**changes))


@pytest.fixture
def card(client: Client, daemon: FakeDaemon) -> Iterator[PlanCard]:
    daemon.plan = fake.request()
    made = PlanCard(client, "approval", "Claude\u202e Desktop")
    made.show()
    made.show_plan(plan(goal="Approved\u202e <b>already</b>"))
    yield made
    if shiboken6.isValid(made):
        made.close()


def button(card: PlanCard, name: str) -> QPushButton | None:
    found = [each for each in card.findChildren(QPushButton) if each.isVisible()]
    return next((each for each in found if each.accessibleName() == name), None)


def press(card: PlanCard, name: str, qtbot: QtBot) -> None:
    made = button(card, name)
    assert made is not None
    qtbot.waitUntil(made.isEnabled, timeout=8000)
    made.click()


def said(card: PlanCard) -> str:
    return "\n".join(each.text() for each in card.findChildren(Text) if each.isVisible())


def posted(daemon: FakeDaemon) -> list[tuple[str, object]]:
    return [(path, body) for verb, path, body in daemon.asked if verb == "POST"]


def test_it_says_who_asks_and_shows_every_step(card: PlanCard) -> None:
    told = said(card)
    assert "“Claude⟨U+202E⟩ Desktop” asks to do something for you" in told
    assert "It says what for: “Approved⟨U+202E⟩ <b>already</b>”" in told
    assert "/home/ana/Calendar/workshop-lisbon.ics" in told


def test_a_click_that_was_meant_for_something_else_approves_nothing(
    card: PlanCard, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    approve = button(card, "Approve")
    assert approve is not None and not approve.isEnabled()
    approve.click()
    assert card.stage == "approval"
    qtbot.waitUntil(approve.isEnabled, timeout=8000)
    assert posted(daemon) == []


def test_a_yes_names_the_digest_and_says_that_nothing_was_done_yet(
    card: PlanCard, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.reply["POST /plans/plan1/approve"] = (200, fake.request(state="approved"))
    press(card, "Approve", qtbot)
    qtbot.waitUntil(lambda: card.stage == "result")
    assert posted(daemon) == [("/plans/plan1/approve", {"digest": fake.request()["digest"]})]
    assert "Nothing has been done yet." in said(card) and "once, until" in said(card)
    daemon.plan = fake.request() | fake_data.DONE
    daemon.publish("plan", {"plan_id": "plan1", "state": "done", "outcomes": []})
    qtbot.waitUntil(lambda: "Done, and checked" in said(card))


def test_a_yes_can_be_taken_back_until_it_is_used(card: PlanCard, daemon: FakeDaemon, qtbot: QtBot) -> None:
    daemon.reply["POST /plans/plan1/approve"] = (200, fake.request(state="approved"))
    press(card, "Approve", qtbot)
    qtbot.waitUntil(lambda: button(card, "Take it back") is not None)
    press(card, "Take it back", qtbot)
    qtbot.waitUntil(lambda: not shiboken6.isValid(card) or not card.isVisible())
    assert posted(daemon)[-1] == ("/plans/plan1/deny", {})


def test_deny_approves_nothing(card: PlanCard, daemon: FakeDaemon, qtbot: QtBot) -> None:
    press(card, "Deny", qtbot)
    qtbot.waitUntil(lambda: posted(daemon) == [("/plans/plan1/deny", {})])


def test_when_nobody_answers_nothing_is_done(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> None:
    card = PlanCard(client, "approval", "Claude")
    card.show()
    card.show_plan(plan(expires_at=fake_data.iso(-1.2)))
    qtbot.waitUntil(lambda: card.stage == "result", timeout=8000)
    assert "Nothing was done" in said(card) and posted(daemon) == []
    assert button(card, "Approve") is None
    card.close()
