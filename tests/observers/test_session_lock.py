"""Lock screens that are not the X server's: fakes of their services on real buses."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from dbus_fast import Variant

from app.desktop import VirtualDesktop
from observers import listening, session_lock
from observers.session_lock import LOGIND, SESSION, SessionLock
from tests.observers.desk_bus import FakeDesk, Key
from tests.observers.notice_bus import NoticeBus
from tests.observers.recorder import wait_for, watching

pytestmark = pytest.mark.desktop
GNOME, GNOME_PATH = "org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"
KDE = "org.freedesktop.ScreenSaver"
OURS = "/org/freedesktop/login1/session/_31"
NOWHERE = "unix:path=/nowhere/bus"


def saver(address: str, name: str, path: str, on: bool) -> FakeDesk:
    return FakeDesk(address, name, {(path, name, "GetActive"): on})


def logind(address: str, on: bool) -> FakeDesk:
    manager: Key = ("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "GetSession")
    return FakeDesk(address, LOGIND, {manager: OURS, (OURS, SESSION, "LockedHint"): on})


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[NoticeBus]:
    (tmp_path / "one").mkdir()
    with NoticeBus(tmp_path / "one") as bus:
        yield bus


class Running:
    """A source at work, and how often it said that something changed."""

    def __init__(self, session: str, system: str) -> None:
        self.changes = 0
        self.lock = SessionLock(session, system, self._changed)

    def _changed(self) -> None:
        self.changes += 1

    def __enter__(self) -> "Running":
        self.lock.start()
        assert wait_for(lambda: self.lock.health().detail != "starting")
        return self

    def __exit__(self, *_: object) -> None:
        self.lock.stop()


@pytest.mark.parametrize(
    ("name", "path"), [(GNOME, GNOME_PATH), (KDE, "/ScreenSaver"), (KDE, "/org/freedesktop/ScreenSaver")]
)
def test_a_screen_saver_that_is_on_at_the_start_is_noticed(bus: NoticeBus, name: str, path: str) -> None:
    with saver(bus.address, name, path, True), Running(bus.address, NOWHERE) as run:
        assert run.lock.locked
        assert run.lock.health().detail == "no login service to ask"


def test_it_is_heard_when_the_screen_is_locked_and_unlocked(bus: NoticeBus) -> None:
    with saver(bus.address, GNOME, GNOME_PATH, False) as desk, Running(bus.address, NOWHERE) as run:
        assert not run.lock.locked
        desk.says(GNOME_PATH, GNOME, "ActiveChanged", "b", [True])
        assert wait_for(lambda: run.lock.locked)
        desk.says(GNOME_PATH, GNOME, "ActiveChanged", "b", [True])
        desk.says(GNOME_PATH, GNOME, "ActiveChanged", "b", [False])
        assert wait_for(lambda: not run.lock.locked)
        assert run.changes == 2


def test_one_that_comes_later_is_heard_and_one_that_goes_locks_nothing(bus: NoticeBus) -> None:
    with Running(bus.address, NOWHERE) as run:
        with saver(bus.address, GNOME, GNOME_PATH, False) as desk:
            # It goes on answering "no", as no real one would: what it says must come after it was asked.
            assert wait_for(lambda: bool(desk.asked))
            desk.says(GNOME_PATH, GNOME, "ActiveChanged", "b", [True])
            assert wait_for(lambda: run.lock.locked)
        assert wait_for(lambda: not run.lock.locked)


def test_nobody_else_can_say_it(bus: NoticeBus) -> None:
    with (
        saver(bus.address, GNOME, GNOME_PATH, True) as desk,
        FakeDesk(bus.address, "test.Stranger", {}) as stranger,
        Running(bus.address, NOWHERE) as run,
    ):
        stranger.says(GNOME_PATH, GNOME, "ActiveChanged", "b", [False])
        desk.says(GNOME_PATH, "test.Other", "ActiveChanged", "b", [False])
        desk.says("/", GNOME, "SomethingElse", "b", [False])
        assert run.lock.locked and run.changes == 1


def test_the_login_service_is_asked_and_heard(
    bus: NoticeBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_SESSION_ID", "1")
    with NoticeBus(tmp_path) as system, logind(system.address, True) as desk:
        with Running(bus.address, system.address) as run:
            assert run.lock.locked and run.lock.health().detail == ""
            for hint in (False, True):
                changed = [SESSION, {"LockedHint": Variant("b", hint)}, []]
                desk.says(OURS, "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as", changed)
                assert wait_for(lambda hint=hint: run.lock.locked is hint)  # type: ignore[misc]
        with Running(NOWHERE, system.address) as run:
            assert run.lock.locked and run.lock.health().detail == "no session bus to ask"


def test_one_that_is_replaced_locks_nothing_if_the_new_one_does_not(bus: NoticeBus) -> None:
    with ExitStack() as before:
        desk = before.enter_context(saver(bus.address, GNOME, GNOME_PATH, True))
        with Running(bus.address, NOWHERE) as run, saver(bus.address, GNOME, GNOME_PATH, False) as after:
            assert run.lock.locked and not after.asked and desk.asked  # it waits for the name
            before.close()
            assert wait_for(lambda: not run.lock.locked)
            after.says(GNOME_PATH, GNOME, "ActiveChanged", "b", [True])
            assert wait_for(lambda: run.lock.locked)


def test_one_that_locks_as_it_comes_is_asked(bus: NoticeBus) -> None:
    with Running(bus.address, NOWHERE) as run:
        assert not run.lock.locked
        with saver(bus.address, GNOME, GNOME_PATH, True):
            assert wait_for(lambda: run.lock.locked)


def test_one_that_hangs_keeps_nobody_else_from_being_heard(
    bus: NoticeBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "ANSWER_S", 0.5)
    monkeypatch.setattr(session_lock, "AGAIN_S", 0.5)
    busy = FakeDesk(bus.address, KDE, {("/ScreenSaver", KDE, "GetActive"): ...})
    with (
        busy,
        saver(bus.address, GNOME, GNOME_PATH, False) as desk,
        Running(bus.address, NOWHERE) as run,
    ):
        assert run.lock.health().detail == "no login service to ask"
        desk.says(GNOME_PATH, GNOME, "ActiveChanged", "b", [True])
        assert wait_for(lambda: run.lock.locked)
        desk.says(GNOME_PATH, GNOME, "ActiveChanged", "b", [False])
        assert wait_for(lambda: not run.lock.locked)
        busy.answers["/ScreenSaver", KDE, "GetActive"] = True
        assert wait_for(lambda: run.lock.locked)


def test_a_bus_that_goes_away_and_comes_back_is_heard_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_lock, "LOST_S", 0.5)
    (tmp_path / "session").mkdir()
    (tmp_path / "system").mkdir()
    session, system = NoticeBus(tmp_path / "session"), NoticeBus(tmp_path / "system")
    where = session.address.partition(",")[0]  # its path: who comes back is another
    with (
        system,
        logind(system.address, False),
        ExitStack() as later,
        saver(session.address, GNOME, GNOME_PATH, True),
        Running(where, system.address) as run,
    ):
        assert run.lock.locked
        session.end()
        assert wait_for(lambda: run.lock.health().detail == "no session bus to ask")
        again = later.enter_context(NoticeBus(tmp_path / "session"))
        assert wait_for(lambda: run.lock.health().detail == "")
        assert not run.lock.locked
        later.enter_context(saver(again.address, GNOME, GNOME_PATH, True))
        assert wait_for(lambda: run.lock.locked)


def test_a_login_service_that_was_started_anew_is_asked_again(bus: NoticeBus, tmp_path: Path) -> None:
    with NoticeBus(tmp_path) as system, Running(bus.address, system.address) as deaf:
        assert deaf.lock.health().detail == "no login service to ask"
        with ExitStack() as before:
            before.enter_context(logind(system.address, True))
            with Running(bus.address, system.address) as run:
                before.close()
                assert not wait_for(lambda: not run.lock.locked, 0.5)
                with logind(system.address, False):
                    assert wait_for(lambda: not run.lock.locked)


def test_until_it_has_asked_it_counts_as_locked(bus: NoticeBus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "ANSWER_S", 1.0)
    lock = SessionLock(bus.address, NOWHERE)
    with FakeDesk(bus.address, GNOME, {(GNOME_PATH, GNOME, "GetActive"): ...}) as desk:
        lock.start()
        try:
            assert wait_for(lambda: bool(desk.asked)) and lock.locked
            assert wait_for(lambda: not lock.locked)
        finally:
            lock.stop()


def test_without_any_bus_it_says_so() -> None:
    with Running(NOWHERE, NOWHERE) as run:
        assert wait_for(lambda: run.lock.health().state == "unavailable")
        assert not run.lock.locked


def test_nothing_is_observed_behind_a_lock_screen(desktop: VirtualDesktop) -> None:
    session = desktop.env["DBUS_SESSION_BUS_ADDRESS"]
    with saver(session, GNOME, GNOME_PATH, False) as desk, watching(desktop) as (watch, recorder):
        desktop.launch(["xterm", "-T", "Ledger"])
        desktop.activate(desktop.wait_window("Ledger"))
        assert wait_for(lambda: (now := watch.current()) is not None and now[0].title == "Ledger")
        desk.says(GNOME_PATH, GNOME, "ActiveChanged", "b", [True])
        assert wait_for(lambda: watch.current() is None)
        assert watch.screen_locked() and watch.availability().quiet
        assert watch.availability().reason == "The screen is locked."
        desktop.launch(["xterm", "-T", "Secret plan"])
        desktop.activate(desktop.wait_window("Secret plan"))
        assert not wait_for(lambda: "Secret plan" in recorder.everything(), 3)
        desk.says(GNOME_PATH, GNOME, "ActiveChanged", "b", [False])
        assert wait_for(lambda: "Secret plan" in recorder.everything())
        assert not watch.screen_locked()
