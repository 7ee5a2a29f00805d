from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pytestqt.qtbot import QtBot

from app.panels.held import NOTHING, explained, held_cells, kind
from app.panels.privacy import PrivacyWindow
from app.tray.client import Client
from app.tray.wire import Held
from gum.audit import PRIVATE
from gum.sensitive import Kind
from tests.app.tray.fake_daemon import FakeDaemon

NOW = datetime.now(UTC).isoformat()
DECISION = {
    "id": "d1", "at": NOW, "stage": "draft", "decision": "withhold", "rule": "other-health",
    "reason": "It tells of somebody else's health.", "what": "Anna Berg starts chemotherapy on Monday",
    "recipient": "Gumption", "place": "thunderbird", "count": 3, "observation_id": "o1",
    "proposition_id": None, "reversed_at": None,
}  # fmt: skip
OTHERS = [
    {**DECISION, "id": "d2", "stage": "store", "decision": "hide", "rule": "own-mood", "count": 1,
     "reason": "It tells of your state of mind.", "what": "burnout test", "place": "chromium"},
    {**DECISION, "id": "d3", "stage": "leave", "rule": "own-health", "count": 12,
     "reason": "It tells of your health. It would have gone to the model server at models.example.",
     "what": "physiotherapy on Tuesdays for my knee", "place": "the model server at models.example"},
    {**DECISION, "id": "d4", "rule": "other-ability", "reason": "It tells of somebody else's abilities.",
     "what": "the new intern is bad at maths", "place": "slack", "reversed_at": NOW},
]  # fmt: skip
EXEMPTION = {"id": "e1", "rule": "other-ability", "place": "slack", "at": NOW}
ANSWER = {"items": [DECISION, *OTHERS], "allowed": [EXEMPTION]}


@pytest.fixture
def window(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> Iterator[PrivacyWindow]:
    daemon.reply["GET /audit"] = (200, ANSWER)
    made = PrivacyWindow(client)
    qtbot.addWidget(made)
    made.present()
    made.tabs.setCurrentWidget(made.held)
    yield made


def posted(daemon: FakeDaemon) -> list[tuple[str, object]]:
    return [(path, body) for verb, path, body in daemon.asked if verb == "POST"]


def test_what_was_held_back_is_listed_and_its_kind_can_be_allowed(
    window: PrivacyWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    held = window.held
    qtbot.waitUntil(lambda: held.held.topLevelItemCount() == 4)
    assert not held.allow_button.isEnabled() and held.note.text() == ""
    row = held.held.topLevelItem(0)
    assert row is not None
    assert row.text(0) == "Anna Berg starts chemotherapy on Monday"
    assert row.text(2) == "not learnt from ×3"
    held.held.setCurrentItem(row)
    assert held.allow_button.isEnabled() and "for thunderbird, until you take it back" in held.note.text()
    daemon.reply["POST /audit/d1/reverse"] = (200, {"items": [], "allowed": [EXEMPTION]})
    held.allow_button.click()
    qtbot.waitUntil(lambda: held.held.topLevelItemCount() == 0)
    assert posted(daemon) == [("/audit/d1/reverse", {"allow": True})]
    assert held.note.text() == NOTHING and not held.allow_button.isEnabled()


def test_an_allowed_kind_can_be_held_back_again(
    window: PrivacyWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    held = window.held
    qtbot.waitUntil(lambda: held.allowed.topLevelItemCount() == 1)
    row = held.allowed.topLevelItem(0)
    assert row is not None and row.text(0) == "somebody else's abilities"
    held.held.setCurrentItem(held.held.topLevelItem(3))  # type: ignore[arg-type]
    assert not held.allow_button.isEnabled() and held.note.text() == "You allowed this kind for slack."
    held.allowed.setCurrentItem(row)
    daemon.reply["POST /audit/e1/reverse"] = (200, ANSWER | {"allowed": []})
    held.stop_button.click()
    qtbot.waitUntil(lambda: held.allowed.topLevelItemCount() == 0)
    assert posted(daemon) == [("/audit/e1/reverse", {"allow": False})]
    assert not held.stop_button.isEnabled()


def test_every_kind_has_words() -> None:
    assert [kind(f"own-{each}") for each in Kind] == [f"your {PRIVATE[each]}" for each in Kind]
    assert kind("model-says-no") == "model says no"
    assert explained(None) == ""
    assert held_cells(Held("x", stage="leave", decision="withhold"))[2] == "not sent"
