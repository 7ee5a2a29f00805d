from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.panels.pairing_card import PairingCard
from app.panels.plan_card import PlanCard
from app.panels.requests import Requests
from app.tray.client import Client
from app.tray.wire_assistants import plan_request
from tests.app.tray import fake_assistants as fake
from tests.app.tray.fake_daemon import FakeDaemon
from tests.app.tray.fake_data import iso


@pytest.fixture
def requests(client: Client, daemon: FakeDaemon) -> Iterator[Requests]:
    fake.install(daemon)
    made = Requests(client)
    yield made
    made.put_away()


def plan_of(requests: Requests) -> str:
    card = requests.card
    return card.plan.id if isinstance(card, PlanCard) and card.plan is not None else ""


def code_of(requests: Requests) -> str:
    return requests.card.pairing.id if isinstance(requests.card, PairingCard) else ""


def test_a_pairing_comes_up_and_goes_with_its_event(
    requests: Requests, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.publish("pairing", fake.pairing())
    qtbot.waitUntil(lambda: code_of(requests) == "g1")
    daemon.publish("pairing_ended", {"id": "g1", "how": "given"})
    qtbot.waitUntil(lambda: requests.card is None)
    daemon.publish("pairing_ended", {"id": "g2", "how": "ended"})
    qtbot.wait(100)
    assert requests.card is None


def test_a_pairing_comes_before_a_plan_which_comes_again(
    requests: Requests, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.publish("plan_request", fake.request())
    qtbot.waitUntil(lambda: plan_of(requests) == "plan1")
    daemon.publish("pairing", fake.pairing())
    qtbot.waitUntil(lambda: code_of(requests) == "g1")
    daemon.publish("plan_request", fake.request("plan2"))
    daemon.publish("pairing_ended", {"id": "g1", "how": "refused"})
    qtbot.waitUntil(lambda: plan_of(requests) == "plan1")
    assert isinstance(requests.card, PlanCard) and requests.card.by == "Claude Desktop"
    requests.card.close()
    assert plan_of(requests) == "plan2"


def test_a_card_whose_time_was_up_does_not_stand_before_the_next(
    requests: Requests, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.publish("plan_request", fake.request(expires_at=iso(-1)))
    qtbot.waitUntil(lambda: plan_of(requests) == "plan1")
    card = requests.card
    assert isinstance(card, PlanCard)
    qtbot.waitUntil(lambda: card.stage == "result" and card.late)
    daemon.publish("plan_request", fake.request("plan2"))
    qtbot.waitUntil(lambda: plan_of(requests) == "plan2")


def test_each_plan_comes_once_and_one_answered_elsewhere_not_at_all(
    requests: Requests, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    for id_ in ("plan1", "plan2", "plan1"):
        daemon.publish("plan_request", fake.request(id_))
    daemon.publish("plan", {"plan_id": "plan2", "state": "denied", "outcomes": []})
    qtbot.waitUntil(lambda: plan_of(requests) == "plan1" and not requests._plans)
    assert requests.card is not None
    requests.card.close()
    assert requests.card is None


def test_in_a_quiet_time_a_plan_waits_without_a_card(
    requests: Requests, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.reply["GET /plans"] = (200, {"items": [fake.request()]})
    daemon.publish("plan_request", fake.request() | {"quiet": True})
    qtbot.waitUntil(lambda: requests.waiting == 3)  # and two proposals
    assert requests.card is None
    requests.open(plan_request(fake.request()))
    assert plan_of(requests) == "plan1"


def test_what_was_asked_while_no_tray_ran_is_shown_when_one_comes(
    requests: Requests, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.reply["GET /plans"] = (200, {"items": [fake.request()]})
    daemon.reply["GET /pairings"] = (200, {"items": [fake.pairing()]})
    daemon.break_streams()
    qtbot.waitUntil(lambda: code_of(requests) == "g1", timeout=8000)
    qtbot.waitUntil(lambda: requests.waiting == 3)
    daemon.publish("pairing_ended", {"id": "g1", "how": "given"})
    qtbot.waitUntil(lambda: plan_of(requests) == "plan1")


def test_a_code_that_ended_while_the_stream_was_broken_goes(
    requests: Requests, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.publish("pairing", fake.pairing())
    qtbot.waitUntil(lambda: code_of(requests) == "g1")
    daemon.break_streams()
    qtbot.waitUntil(lambda: requests.card is None, timeout=8000)


def test_how_much_waits_is_told_when_it_changes(requests: Requests, daemon: FakeDaemon, qtbot: QtBot) -> None:
    told: list[int] = []
    requests.waiting_changed.connect(told.append)
    daemon.publish("proposal", fake.proposal())
    qtbot.waitUntil(lambda: told == [2])
    daemon.reply["GET /proposals"] = (200, {"items": []})
    daemon.publish("proposal", {"client_id": "c1"})
    qtbot.waitUntil(lambda: told == [2, 0])


def test_a_locked_store_takes_every_card_away(requests: Requests, daemon: FakeDaemon, qtbot: QtBot) -> None:
    daemon.publish("pairing", fake.pairing())
    daemon.publish("plan_request", fake.request())
    qtbot.waitUntil(lambda: code_of(requests) == "g1" and len(requests._plans) == 1)
    requests.put_away()
    assert requests.card is None and requests._plans == []
