"""The view of one observation: what is forgotten, closed or locked is on it no more."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from app.config import Settings, StoreSettings
from app.panels.observation import ObservationView
from app.panels.pictures import GONE
from app.panels.today import TodayTab
from app.store import key_of, open_store
from app.tray.client import Client
from app.tray.wire import Problem
from storage import observations, thumbnails
from tests.app.living import daemon as real_daemon
from tests.app.living import paths_under, without_display
from tests.app.panels.test_pictures import BLUE, RED, serve
from tests.app.tray import fake_data
from tests.app.tray.fake_daemon import FakeDaemon
from tests.builders import NOON, observation

FORGOTTEN = {"title": "There is no such observation", "hint": "It may have been forgotten.", "status": 404}


@pytest.fixture
def view(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> Iterator[ObservationView]:
    """A view that shows an observation with two pictures."""
    made = ObservationView(client)
    qtbot.addWidget(made)
    serve(daemon, before=BLUE)
    made.open("o", "by train")
    qtbot.waitUntil(lambda: made.pictures.after.isVisible() and made.pictures.before.isVisible())
    yield made


def held(view: ObservationView) -> tuple[bool, str]:
    """Whether a picture is held, shown or not; and the words."""
    sides = (view.pictures.before, view.pictures.after)
    return any(not side.picture.empty for side in sides), view.text.toPlainText()


def test_words_and_pictures_stand_in_one_window(view: ObservationView) -> None:
    assert "Dear Marta" in view.text.toPlainText()
    assert view.pictures.geometry().bottom() < view.text.y()
    assert view.text.height() > 100  # the words keep their place


def test_forgetting_takes_the_picture_at_once_and_then_the_words(
    view: ObservationView, client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.reply["GET /observations/o"] = (404, FORGOTTEN)
    client.forgotten.emit(())
    assert held(view)[0] is False and not view.pictures.isVisible()  # before anything is asked
    qtbot.waitUntil(lambda: "no such observation" in view.banner.told)
    assert held(view) == (False, "") and view.marked() == ""
    assert view._what.text() == "This observation cannot be shown" and view._where.text() == ""


def test_when_something_else_was_forgotten_the_pictures_come_back(
    view: ObservationView, client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    serve(daemon)  # the one before has gone
    daemon.publish("forgotten", {"propositions": ["p9"]})
    qtbot.waitUntil(lambda: view.pictures.after.isVisible() and not view.pictures.before.isVisible())
    assert "Dear Marta" in view.text.toPlainText() and view.banner.told == ""


def test_closed_it_holds_nothing(view: ObservationView, client: Client, qtbot: QtBot) -> None:
    view.close()
    assert held(view) == (False, "")
    client.forgotten.emit(())  # and asks nothing
    view.open("o", "")
    qtbot.waitUntil(lambda: view.pictures.after.isVisible())


def test_a_locked_store_shows_none(
    view: ObservationView, client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.publish("status", fake_data.status(state="locked"))
    qtbot.waitUntil(lambda: not view.isVisible())
    assert held(view) == (False, "")


def test_what_was_asked_before_it_was_locked_and_comes_after_is_not_shown(
    view: ObservationView, client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    view.close()
    view.open("o", "")
    daemon.status = fake_data.status(state="locked")
    client.take_status(daemon.status)
    qtbot.wait(200)
    assert not view.isVisible() and held(view) == (False, "")


def test_an_answer_that_comes_late_shows_nothing_that_is_not_wanted_any_more(
    view: ObservationView, client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    waiting: list[tuple[Callable[[object], object], Callable[[Problem], object]]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "get", lambda _path, then, otherwise, owner: waiting.append((then, otherwise)))
        view.open("o", "")
        view.open("p", "")
    (late, failed), (wanted, _) = waiting
    wanted(fake_data.observation("p") | {"text": "of p"})
    late(fake_data.observation("o"))
    failed(Problem("old"))
    assert held(view)[1] == "of p" and view.banner.told == ""
    view.close()
    wanted(fake_data.observation("p"))
    qtbot.wait(50)
    assert not view.isVisible() and held(view) == (False, "")


def test_with_a_real_daemon_pictures_come_and_go_with_what_they_show(tmp_path: Path, qtbot: QtBot) -> None:
    paths, settings = paths_under(tmp_path), Settings(store=StoreSettings(keyring=False))
    paths.data.mkdir(parents=True)
    database = open_store(paths, settings, key_of(paths, settings))

    def put(s: Session) -> None:
        for minute, key, text, webp in ((1, "was", "a zebra", BLUE), (2, "now", "a plan", RED)):
            at = NOON + timedelta(minutes=minute)
            seen = observation(text, id=key, at=at, app="xterm", title="notes", source="screen")
            observations.append(s, replace(seen, until=at))
            thumbnails.keep(s, seen.id, at, webp)

    database.run_sync(put)
    database.close()
    env = {**without_display(), "GUMPTION_SCREEN__THUMBNAILS": "true", "GUMPTION_STORE__KEYRING": "false"}
    with real_daemon(tmp_path, env):
        client = Client(paths)
        client.start()
        opened: list[bool] = []
        client.stream_opened.connect(lambda: opened.append(True))
        qtbot.waitUntil(lambda: client.reachable and bool(opened), timeout=15_000)
        view = ObservationView(client)
        qtbot.addWidget(view)
        view.open("now", "")
        before, after = view.pictures.before, view.pictures.after
        qtbot.waitUntil(lambda: before.isVisible() and after.isVisible(), timeout=15_000)
        client.post("/forget", {"topic": "zebra"}, lambda _: None)
        qtbot.waitUntil(lambda: after.isVisible() and not before.isVisible(), timeout=15_000)
        assert before.picture.empty
        today = TodayTab(client, view.banner)
        qtbot.addWidget(today)
        today.load()
        qtbot.waitUntil(lambda: today.pictures.text().startswith("1 small picture of"), timeout=15_000)
        today._delete()
        qtbot.waitUntil(lambda: view.pictures.note.text() == GONE and not after.isVisible(), timeout=15_000)
        assert view.text.toPlainText() == "a plan"
        client.post("/forget", {"topic": "plan"}, lambda _: None)
        qtbot.waitUntil(lambda: "no such observation" in view.banner.told, timeout=15_000)
        assert held(view) == (False, "")
        view.close()
        client.stop()
