from pytestqt.qtbot import QtBot

from app.panels.deck import Deck
from app.tray import wire
from app.tray.client import Client
from tests.app.tray import fake_data
from tests.app.tray.fake_daemon import FakeDaemon


def test_offers_come_one_after_another_and_each_once(
    client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    deck = Deck(client)
    for id_ in ("a", "b", "a"):
        daemon.publish("suggestion", fake_data.suggestion(id_))
    qtbot.waitUntil(lambda: deck.card is not None and len(deck._waiting) == 1)
    assert deck.card is not None and deck.card.suggestion.id == "a"
    deck.card.close()
    assert deck.card is not None and deck.card.suggestion.id == "b"
    deck.card.close()
    assert deck.card is None


def test_settled_and_expired_suggestions_are_not_shown(
    client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    deck = Deck(client)
    deck.offer(wire.read(wire.Suggestion, fake_data.suggestion("a", state="dismissed")))
    deck.offer(wire.read(wire.Suggestion, fake_data.suggestion("b", expires_at=fake_data.iso(1))))
    assert deck.card is None


def test_offers_made_while_no_tray_ran_are_shown_when_one_comes(
    client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    deck = Deck(client)
    daemon.suggestions = [fake_data.suggestion("late")]
    daemon.break_streams()
    qtbot.waitUntil(lambda: deck.card is not None, timeout=8000)
    assert deck.card is not None
    deck.card.close()


def test_the_person_can_ask_for_a_card(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> None:
    deck = Deck(client)
    one, other = (wire.read(wire.Suggestion, fake_data.suggestion(id_)) for id_ in ("a", "b"))
    deck.offer(one)
    deck.open(other)
    assert deck.card is not None and deck.card.suggestion.id == "b"
    deck.card.close()
    assert deck.card is not None and deck.card.suggestion.id == "a"
    deck.card.close()


def test_offers_are_put_away_and_may_come_again(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> None:
    deck = Deck(client)
    for id_ in ("a", "b"):
        daemon.publish("suggestion", fake_data.suggestion(id_))
    qtbot.waitUntil(lambda: deck.card is not None and len(deck._waiting) == 1)
    deck.put_away()
    assert deck.card is None and deck._waiting == []
    deck.offer(wire.read(wire.Suggestion, fake_data.suggestion("a")))
    assert deck.card is not None
    deck.put_away()
