from collections.abc import Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.panels.pairing_card import ONLY, PairingCard, gets, grouped
from app.panels.text import Text
from app.tray import wire
from app.tray.client import Client
from app.tray.wire_assistants import Pairing
from tests.app.tray import fake_assistants as fake
from tests.app.tray import fake_data
from tests.app.tray.fake_daemon import FakeDaemon

WIDE = fake.scope(sensitive=True, real_names=True)


def read(**changes: Any) -> Pairing:
    return wire.read(Pairing, fake.pairing(**changes))


@pytest.fixture
def card(client: Client) -> Iterator[PairingCard]:
    made = PairingCard(client, read(name=fake.HOSTILE, asked=WIDE))
    made.show()
    made.place()
    yield made
    if shiboken6.isValid(made):
        made.close()


def gone(card: PairingCard) -> bool:
    return not shiboken6.isValid(card) or not card.isVisible()


def said(card: PairingCard) -> str:
    return "\n".join(each.text() for each in card.findChildren(Text) if each.isVisible())


def press(card: PairingCard, name: str) -> None:
    found = [each for each in card.findChildren(QPushButton) if each.isVisible()]
    next(each for each in found if each.accessibleName() == name).click()


def test_it_shows_the_code_who_asks_what_it_gets_and_where_to_type_it(card: PairingCard) -> None:
    told = said(card)
    assert ONLY in told and "It calls itself “<b>Claude</b> ⟨U+202E⟩edualC" in told
    assert card.code.text() == "048 291" and card.code.accessibleName() == "Code: 0 4 8 2 9 1"
    assert card.code.font().pointSizeF() > 2 * card.font().pointSizeF()
    assert "Claims about you. It may not read" in told and "Until " in told
    assert "It also asked for sensitive claims and real names." in told
    assert card.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert card.windowTitle().startswith("Gumption")  # so that no screen reader of ours reads the code


def test_no_is_told_and_the_card_goes(card: PairingCard, daemon: FakeDaemon, qtbot: QtBot) -> None:
    daemon.reply["DELETE /pairings/g1"] = (200, {"items": []})
    press(card, "No")
    qtbot.waitUntil(lambda: gone(card))
    assert ("DELETE", "/pairings/g1", {}) in daemon.asked


@pytest.mark.parametrize(("status", "goes"), [(404, True), (503, False)])
def test_a_no_that_did_not_arrive_is_said(
    card: PairingCard, daemon: FakeDaemon, qtbot: QtBot, status: int, goes: bool
) -> None:
    daemon.reply["DELETE /pairings/g1"] = (status, {"title": "It did not work", "hint": ""})
    press(card, "No")
    qtbot.waitUntil(lambda: gone(card) if goes else "It did not work" in card.banner.told)


def test_what_it_gets_can_be_changed_before_the_code_is_typed(
    card: PairingCard, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    changed = fake.pairing(asked=WIDE, given=fake.scope(real_names=True, topics=["thesis"]))
    daemon.reply["POST /pairings/g1"] = (200, {"items": [changed]})
    press(card, "Change what it gets")
    form = card.form
    assert form is not None and form.real_names.isEnabled() and not form.real_names.isChecked()
    form.real_names.click()
    form.topics.setText("thesis")
    form.until.setCurrentIndex(form.until.findData(30))
    form.save_button.click()
    qtbot.waitUntil(lambda: "Real names are shown." in said(card))
    body = {"scope": fake.scope(real_names=True, topics=["thesis"]), "days": 30}
    assert ("POST", "/pairings/g1", body) in daemon.asked
    assert not form.isVisible() and "asked for sensitive claims." in said(card)


@pytest.mark.parametrize("state", ["given", "refused", "ended"])
def test_it_goes_when_it_is_over(card: PairingCard, state: str) -> None:
    press(card, "Change what it gets")
    card.take(read(state=state, code=""))
    assert gone(card)
    assert card.form is not None and not card.form.isVisible()


def test_it_goes_when_its_time_is_up(client: Client, qtbot: QtBot) -> None:
    card = PairingCard(client, read(expires_at=fake_data.iso(-1.2)))
    card.show()
    qtbot.waitUntil(lambda: gone(card), timeout=8000)


def test_closing_is_no_answer(card: PairingCard, daemon: FakeDaemon, qtbot: QtBot) -> None:
    press(card, "Close")
    qtbot.wait(100)
    assert [path for _, path, _ in daemon.asked if "pairings" in path] == []


def test_codes_are_grouped_and_what_was_given_is_not_called_left_out() -> None:
    assert grouped("123456") == "123 456" and grouped("1234") == "1234"
    assert "also asked" not in " ".join(gets(read(asked=WIDE, given=WIDE)))
