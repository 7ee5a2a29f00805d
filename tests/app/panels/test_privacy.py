from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.panels.privacy import PrivacyWindow
from app.tray.client import Client
from tests.app.tray.fake_daemon import FakeDaemon


@pytest.fixture
def window(client: Client, qtbot: QtBot) -> Iterator[PrivacyWindow]:
    made = PrivacyWindow(client)
    qtbot.addWidget(made)
    made.present()
    yield made


def answer(yes: str) -> None:
    asked = next(each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox))
    next(each for each in asked.buttons() if each.accessibleName() == yes or each.text() == yes).click()


def posted(daemon: FakeDaemon, path: str) -> list[object]:
    return [body for verb, asked, body in daemon.asked if verb == "POST" and asked == path]


def test_today_tells_what_was_captured_and_what_a_rule_kept_out(window: PrivacyWindow, qtbot: QtBot) -> None:
    today = window.today
    qtbot.waitUntil(lambda: today.captured.topLevelItemCount() == 3)
    row = today.captured.topLevelItem(1)
    assert row is not None and [row.text(n) for n in range(3)] == ["chromium", "workshop.example.org", "61"]
    out = today.excluded.topLevelItem(0)
    assert out is not None and [out.text(n) for n in range(3)] == ["chromium", "Private windows", "17"]
    assert "3.1 MB" in today.sum.text()


ALBUM = {"wanted": True, "count": 312, "bytes": 3_210_000, "budget_bytes": 200_000_000}


def test_where_pictures_are_kept_their_room_is_told_and_all_can_be_deleted(
    client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.reply["GET /pictures"] = (200, ALBUM)
    daemon.reply["DELETE /pictures"] = (200, ALBUM | {"count": 0, "bytes": 0})
    window = PrivacyWindow(client)
    qtbot.addWidget(window)
    window.present()
    today = window.today
    qtbot.waitUntil(today.delete_button.isVisible)
    assert "312 small pictures of what was read, encrypted: 3.2 MB of at most 200 MB" in today.pictures.text()
    assert "thumbnails = false under [screen] in" in today.pictures.text()
    assert str(client.paths.settings_file) in today.pictures.text()
    today.delete_button.click()
    answer("Cancel")
    assert ("DELETE", "/pictures", {}) not in daemon.asked
    today.delete_button.click()
    answer("Delete")
    qtbot.waitUntil(lambda: today.pictures.text().startswith("No small picture"))
    assert ("DELETE", "/pictures", {}) in daemon.asked and not today.delete_button.isEnabled()


def test_pictures_that_cannot_be_deleted_are_said_so(
    client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.reply["GET /pictures"] = (200, ALBUM)
    daemon.reply["DELETE /pictures"] = (503, {"title": "The disk is full", "hint": "Make room."})
    window = PrivacyWindow(client)
    qtbot.addWidget(window)
    window.present()
    qtbot.waitUntil(window.today.delete_button.isVisible)
    window.today.delete_button.click()
    answer("Delete")
    qtbot.waitUntil(lambda: "The disk is full" in window.banner.told)
    assert window.today.delete_button.isEnabled()


@pytest.mark.parametrize("left", [0, 7])
def test_where_none_are_kept_nothing_is_told_but_what_is_left(
    client: Client, daemon: FakeDaemon, qtbot: QtBot, left: int
) -> None:
    daemon.reply["GET /pictures"] = (200, {"wanted": False, "count": left, "bytes": left, "budget_bytes": 0})
    window = PrivacyWindow(client)
    qtbot.addWidget(window)
    window.present()
    qtbot.waitUntil(lambda: ("GET", "/pictures", {}) in daemon.asked)
    qtbot.waitUntil(lambda: window.today.captured.topLevelItemCount() == 3)
    qtbot.waitUntil(lambda: window.today.delete_button.isVisible() == bool(left))
    qtbot.wait(50)
    assert window.today.delete_button.isVisible() == bool(left)
    assert (
        window.today.pictures.text() == f"{left} small pictures of what was read, from before; none is added."
    )


def test_built_in_rules_are_locked_and_own_ones_can_be_removed(
    window: PrivacyWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    window.tabs.setCurrentIndex(1)
    rules = window.rules
    qtbot.waitUntil(lambda: rules.rules.topLevelItemCount() == 4)
    rules.rules.setCurrentItem(rules.rules.topLevelItem(0))  # type: ignore[arg-type]
    assert not rules.remove_button.isEnabled() and "built in" in rules._note.text()
    rules.rules.setCurrentItem(rules.rules.topLevelItem(3))  # type: ignore[arg-type]
    rules.remove_button.click()
    answer("Cancel")
    assert len(daemon.rules) == 4
    rules.remove_button.click()
    answer("Remove")
    qtbot.waitUntil(lambda: rules.rules.topLevelItemCount() == 3)


def test_a_rule_can_be_added_but_not_one_that_matches_everything(
    window: PrivacyWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    window.tabs.setCurrentIndex(1)
    rules = window.rules
    rules.add_button.click()
    assert "something to match" in window.banner.told
    assert posted(daemon, "/privacy/rules") == []
    rules.name.setText("Diary")
    rules.new.title.setText("*diary*")
    rules.add_button.click()
    qtbot.waitUntil(lambda: rules.rules.topLevelItemCount() == 5)
    assert posted(daemon, "/privacy/rules") == [
        {"name": "Diary", "effect": "drop", "app": None, "title": "*diary*", "url": None, "private": None,
         "builtin": False}
    ]  # fmt: skip
    assert rules.name.text() == "" and window.banner.told == ""


@pytest.mark.parametrize(("private", "sent", "said"), [("unknown", None, "✗ No"), ("no", False, "✓ Yes")])
def test_would_this_be_seen_is_answered_with_the_rule(
    window: PrivacyWindow, daemon: FakeDaemon, qtbot: QtBot, private: str, sent: bool | None, said: str
) -> None:
    window.tabs.setCurrentIndex(1)
    rules = window.rules
    rules.tried.app.setText("chromium")
    rules.tried.private.setCurrentText(private)
    rules.try_button.click()
    qtbot.waitUntil(lambda: rules.answer.text().startswith(said))
    assert posted(daemon, "/privacy/test") == [{"app": "chromium", "title": "", "url": None, "private": sent}]
    assert "Rule: " in rules.answer.text()


def test_what_is_folded_away_is_asked_too(window: PrivacyWindow, daemon: FakeDaemon, qtbot: QtBot) -> None:
    window.tabs.setCurrentIndex(1)
    rules = window.rules
    assert rules.new.more.isHidden() and rules.tried.more.isHidden()
    rules.new.fold.click()
    assert rules.new.more.isVisible() and rules.new.fold.text() == "Less"
    rules.name.setText("At night")
    rules.new.hours.setText("22:00-07:00")
    rules.new.monitor.setText("HDMI-*")
    rules.new.sharing.setCurrentText("yes")
    rules.add_button.click()
    qtbot.waitUntil(lambda: rules.rules.topLevelItemCount() == 5)
    [made] = posted(daemon, "/privacy/rules")
    assert isinstance(made, dict)
    assert {key: made[key] for key in ("hours", "monitor", "sharing", "app")} == {
        "hours": "22:00-07:00", "monitor": "HDMI-*", "sharing": True, "app": None,
    }  # fmt: skip
    assert "full_screen" not in made and rules.new.hours.text() == ""
    rules.tried.app.setText("xterm")
    rules.tried.private.setCurrentText("no")
    rules.tried.window_class.setText("term")
    rules.tried.full_screen.setCurrentText("yes")
    rules.tried.hours.setText("sat 23:00")
    rules.tried.sharing.setCurrentText("no")
    rules.try_button.click()
    qtbot.waitUntil(lambda: rules.answer.text() != "")
    assert posted(daemon, "/privacy/test") == [
        {"app": "xterm", "title": "", "url": None, "private": False, "window_class": "term",
         "full_screen": True, "at": "sat 23:00", "sharing": False}
    ]  # fmt: skip


def test_forgetting_minutes_and_applications_asks_and_tells_what_went(
    window: PrivacyWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    window.tabs.setCurrentIndex(2)
    forget = window.forget
    qtbot.waitUntil(lambda: forget.app.count() == 3)
    assert not forget.app_button.isEnabled()
    forget.minutes.setValue(30)
    forget.minutes_button.click()
    answer("Forget")
    qtbot.waitUntil(lambda: "42 captured pieces and 3 conclusions" in forget.result.text())
    forget.app.setCurrentText("code")
    forget.app_button.click()
    answer("Forget")
    qtbot.waitUntil(lambda: len(posted(daemon, "/forget")) == 2)
    assert posted(daemon, "/forget") == [{"minutes": 30}, {"app": "code"}]


def test_forgetting_everything_needs_the_words_typed(
    window: PrivacyWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    window.tabs.setCurrentIndex(2)
    forget = window.forget
    assert not forget.all_button.isEnabled()
    forget.typed.setText("forget everythin")
    assert not forget.all_button.isEnabled()
    forget.typed.setText("Forget everything")
    forget.all_button.click()
    answer("Cancel")
    assert posted(daemon, "/forget") == []
    forget.all_button.click()
    answer("Forget")
    qtbot.waitUntil(lambda: posted(daemon, "/forget") == [{"everything": True}])
    qtbot.waitUntil(lambda: forget.typed.text() == "")


def test_nothing_forgotten_is_said_so(window: PrivacyWindow, daemon: FakeDaemon, qtbot: QtBot) -> None:
    daemon.reply["POST /forget"] = (200, {"forgotten": {"observations": 0, "propositions": 0}})
    window.tabs.setCurrentIndex(2)
    window.forget.minutes_button.click()
    answer("Forget")
    qtbot.waitUntil(lambda: window.forget.result.text() == "There was nothing to forget.")
