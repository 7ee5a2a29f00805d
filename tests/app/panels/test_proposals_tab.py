from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.panels.assistants import AssistantsWindow
from app.panels.proposals_tab import ProposalsTab
from app.tray.client import Client
from app.tray.wire_assistants import PlanRequest
from tests.app.tray import fake_assistants as fake
from tests.app.tray.fake_daemon import FakeDaemon


@pytest.fixture
def window(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> Iterator[AssistantsWindow]:
    fake.install(daemon)
    made = AssistantsWindow(client)
    qtbot.addWidget(made)
    made.show_waiting()
    qtbot.waitUntil(lambda: made.proposals.proposals.topLevelItemCount() == 2)
    yield made
    made.close()


@pytest.fixture
def tab(window: AssistantsWindow) -> ProposalsTab:
    return window.proposals


def choose(tab: ProposalsTab, place: int) -> None:
    tab.proposals.setCurrentItem(tab.proposals.topLevelItem(place))  # type: ignore[arg-type]


def answer(name: str) -> None:
    asked = next(each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox))
    next(each for each in asked.buttons() if each.text() == name).click()


def posted(daemon: FakeDaemon) -> list[tuple[str, object]]:
    return [(path, body) for verb, path, body in daemon.asked if verb == "POST"]


def test_a_fact_is_shown_in_full_with_who_says_it_and_accepted(
    tab: ProposalsTab, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    assert tab.head.text() == "“Claude Desktop” believes this of you:"
    assert tab.text.toPlainText() == "I am vegetarian" and tab.text.isReadOnly()
    daemon.reply |= {
        "POST /proposals/r1": (200, fake.proposal(state="accepted", text="")),
        "GET /proposals": (200, {"items": [fake.forgetting()]}),
    }
    tab.accept_button.click()
    assert not tab.accept_button.isEnabled()  # no second press
    qtbot.waitUntil(lambda: tab.proposals.topLevelItemCount() == 1)
    assert posted(daemon) == [("/proposals/r1", {"accept": True})]


def test_rejecting_is_sent_as_no(tab: ProposalsTab, daemon: FakeDaemon, qtbot: QtBot) -> None:
    daemon.reply["POST /proposals/r1"] = (200, fake.proposal(state="rejected", text=""))
    tab.reject_button.click()
    qtbot.waitUntil(lambda: posted(daemon) == [("/proposals/r1", {"accept": False})])


def test_forgetting_asks_once_more(tab: ProposalsTab, daemon: FakeDaemon, qtbot: QtBot) -> None:
    choose(tab, 1)
    assert tab.accept_button.text() == "Forget…" and "cannot be taken back" in tab.means.text()
    tab.accept_button.click()
    answer("Cancel")
    assert posted(daemon) == []
    daemon.reply["POST /proposals/r2"] = (200, fake.proposal("r2", state="accepted"))
    tab.accept_button.click()
    answer("Forget")
    qtbot.waitUntil(lambda: posted(daemon) == [("/proposals/r2", {"accept": True})])


def test_a_refused_answer_is_told_and_the_list_is_read_again(
    window: AssistantsWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.reply |= {
        "POST /proposals/r1": (403, {"title": "That is over", "hint": "It was answered before."}),
        "GET /proposals": (200, {"items": []}),
    }
    window.proposals.accept_button.click()
    qtbot.waitUntil(lambda: "That is over" in window.banner.told)
    qtbot.waitUntil(lambda: window.proposals.pages.currentIndex() == 1)


def test_a_plan_is_looked_at_before_it_is_approved(
    window: AssistantsWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    opened: list[PlanRequest] = []
    window.plan_opened.connect(opened.append)
    daemon.reply["GET /plans"] = (200, {"items": [fake.request()]})
    window.proposals.load()
    tab = window.proposals
    qtbot.waitUntil(lambda: tab.proposals.topLevelItemCount() == 3)
    choose(tab, 0)
    assert tab.accept_button.text() == "Look at it…" and tab.text.toPlainText() == fake.request()["goal"]
    tab.accept_button.click()
    assert [(each.plan.id, each.by) for each in opened] == [("plan1", "Claude Desktop")]
    assert posted(daemon) == []  # looking is not approving
    tab.reject_button.click()
    qtbot.waitUntil(lambda: posted(daemon) == [("/plans/plan1/deny", {})])


def test_an_older_answer_that_comes_last_does_not_take_a_plan_away(
    window: AssistantsWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    tab, late = window.proposals, dict[str, object](items=[])
    older = tab._number
    daemon.reply["GET /plans"] = (200, {"items": [fake.request()]})
    tab.load()
    qtbot.waitUntil(lambda: tab.proposals.topLevelItemCount() == 3)
    tab._plans_came(older, late)
    tab._loaded(older, late)
    assert tab.proposals.topLevelItemCount() == 3


def test_when_the_chosen_one_is_gone_the_next_press_answers_no_other(
    tab: ProposalsTab, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.reply["GET /proposals"] = (200, {"items": [fake.forgetting()]})
    tab.load()
    qtbot.waitUntil(lambda: tab.proposals.topLevelItemCount() == 1)
    assert not tab.accept_button.isEnabled() and not tab.reject_button.isEnabled()
    assert tab.text.toPlainText() == ""
    choose(tab, 0)
    assert tab.accept_button.text() == "Forget…" and tab.accept_button.isEnabled()


def test_how_many_wait_stands_on_the_tab_and_follows_events(
    window: AssistantsWindow, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: window.tabs.tabText(2) == "&Waiting for you (2)")
    daemon.reply["GET /proposals"] = (200, {"items": []})
    daemon.publish("proposal", {"client_id": "c1"})
    qtbot.waitUntil(lambda: window.tabs.tabText(2) == "&Waiting for you")
    assert window.proposals.pages.currentIndex() == 1


def test_hostile_and_endless_texts_are_plain(tab: ProposalsTab, daemon: FakeDaemon, qtbot: QtBot) -> None:
    fake.overfull(daemon)
    tab.load()
    qtbot.waitUntil(lambda: tab.proposals.topLevelItemCount() == 500, timeout=20_000)
    choose(tab, 0)
    assert "<b>Claude</b> ⟨U+202E⟩edualC" in tab.head.text()
    assert tab.text.toPlainText().count("<img src=x>") == 40
