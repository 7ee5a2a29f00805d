"""What the keys do: on the event loop, soon, and to the real pause."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.client import Client
from app.config import HotkeySettings
from app.desktop import VirtualDesktop
from app.pause import Pause
from app.shapes import ForgetIn, ForgottenOut, StatusOut
from app.shortcuts import Shortcuts
from gum.errors import StoreFull
from storage.db import Database
from tests.app.living import daemon
from tests.builders import StillClock
from tests.observers.recorder import wait_for

ALL = HotkeySettings(pause="ctrl+alt+p", off_the_record="super+F9", forget="super+F8", forget_minutes=7)


class Switches:
    """Fake service: keeps what it was told, over a real pause."""

    def __init__(self, pause: Pause) -> None:
        self.it = pause
        self.forgot: list[ForgetIn] = []
        self.full = False

    @property
    def paused(self) -> bool:
        return self.it.active

    @property
    def off_the_record(self) -> bool:
        return self.it.off_the_record

    async def pause(self, minutes: float | None, off_the_record: bool = False) -> StatusOut:
        await self.it.start(timedelta(minutes=minutes) if minutes else None, off_the_record)
        return None  # type: ignore[return-value]

    async def resume(self) -> StatusOut:
        await self.it.end()
        return None  # type: ignore[return-value]

    async def forget(self, what: ForgetIn) -> ForgottenOut:
        if self.full:
            raise StoreFull("The disk is full", "Make room.")
        self.forgot.append(what)
        return None  # type: ignore[return-value]


async def until(happens: Callable[[], object]) -> None:
    for _ in range(1000):
        if happens():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to that")


def test_nobody_waits_for_keys_where_none_is_set() -> None:
    none = HotkeySettings(pause="", off_the_record="", forget="")
    assert Shortcuts(none, lambda: pytest.fail("nothing was pressed")).sources() == ()
    [keys] = Shortcuts(HotkeySettings(), lambda: pytest.fail("nothing was pressed")).sources()
    assert keys.name == "hotkeys"


def test_each_key_does_what_it_is_for_and_the_same_again_takes_it_back(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "gumption.db", None)
    switches = Switches(Pause(database, StillClock()))
    keys = Shortcuts(ALL, lambda: switches)

    async def scenario() -> None:
        keys.pressed("pause")  # before there is a loop: lost, not an error
        keys.attach(asyncio.get_running_loop())
        for expected in (True, False):
            await asyncio.to_thread(keys.pressed, "pause")
            await until(lambda e=expected: switches.paused is e and not switches.off_the_record)
        for expected in (True, False):
            await asyncio.to_thread(keys.pressed, "off_the_record")
            await until(lambda e=expected: switches.off_the_record is e is switches.paused)
        await asyncio.to_thread(keys.pressed, "pause")
        await until(lambda: switches.paused)
        await asyncio.to_thread(keys.pressed, "off_the_record")  # a pause becomes one off the record
        await until(lambda: switches.off_the_record)
        await asyncio.to_thread(keys.pressed, "pause")
        await until(lambda: not switches.paused)
        await asyncio.to_thread(keys.pressed, "forget")
        await until(lambda: [what.minutes for what in switches.forgot] == [7])

    asyncio.run(scenario())
    keys.pressed("pause")  # after its end
    database.close()


def test_what_cannot_be_done_is_logged_once_and_kills_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database.open(tmp_path / "gumption.db", None)
    switches = Switches(Pause(database, StillClock()))
    switches.full = True
    keys = Shortcuts(ALL, lambda: switches)

    async def scenario() -> None:
        keys.attach(asyncio.get_running_loop())
        keys.pressed("forget")
        await until(lambda: "The disk is full" in caplog.text)
        keys.pressed("pause")
        await until(lambda: switches.paused)

    with caplog.at_level(logging.ERROR):
        asyncio.run(scenario())
    database.close()


def test_a_mistake_behind_a_key_shows_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def none() -> Switches:
        raise LookupError("a mistake")

    keys = Shortcuts(ALL, none)

    async def scenario() -> None:
        keys.attach(asyncio.get_running_loop())
        keys.pressed("forget")
        await until(lambda: "by a mistake" in caplog.text and "LookupError" in caplog.text)

    with caplog.at_level(logging.ERROR):
        asyncio.run(scenario())


@pytest.mark.desktop
def test_a_key_pressed_anywhere_pauses(tmp_path: Path, desktop: VirtualDesktop) -> None:
    database = Database.open(tmp_path / "gumption.db", None)
    switches = Switches(Pause(database, StillClock()))
    shortcuts = Shortcuts(ALL, lambda: switches)
    [keys] = shortcuts.sources(desktop.display)

    async def scenario() -> None:
        shortcuts.attach(asyncio.get_running_loop())
        keys.start()
        await until(lambda: keys.health().detail == "")
        await asyncio.to_thread(desktop.key, "ctrl+alt+p")
        await until(lambda: switches.paused)
        await asyncio.to_thread(desktop.key, "ctrl+alt+p")
        await until(lambda: not switches.paused)
        await asyncio.to_thread(desktop.key, "super+F8")
        await until(lambda: switches.forgot)

    try:
        asyncio.run(scenario())
    finally:
        keys.stop()
        database.close()


def state(client: Client, source: str) -> str:
    return next(s["state"] for s in client.get("/status")["sources"] if s["name"] == source)


@pytest.mark.desktop
def test_the_real_daemon_pauses_by_a_key_over_a_restart_and_counts_what_is_typed(
    tmp_path: Path, desktop: VirtualDesktop
) -> None:
    env = {**desktop.env, "GUMPTION_MODELS": str(tmp_path), "GUMPTION_HOTKEYS__OFF_THE_RECORD": "super+F9"}

    def becomes(client: Client, paused: bool, off_the_record: bool = False) -> bool:
        def holds() -> bool:
            told = client.get("/status")
            return (told["state"] == "paused") is paused and told["off_the_record"] is off_the_record

        return wait_for(holds)

    with daemon(tmp_path / "home", env) as client:
        assert wait_for(lambda: state(client, "hotkeys") == "running" == state(client, "input"))
        desktop.launch(["xterm", "-T", "Ledger", "-e", "sh", "-c", "stty -echo; cat >/dev/null"])
        desktop.activate(desktop.wait_window("Ledger"))
        items: Callable[[], list[dict[str, object]]] = lambda: client.get("/observations")["items"]  # noqa: E731
        assert wait_for(lambda: any(o["title"] == "Ledger" for o in items()))
        desktop.type_text("zebra" * 5)
        assert wait_for(lambda: any(o["source"] == "input" for o in items()))
        [typed] = [o for o in items() if o["source"] == "input"]
        assert typed["title"] == "Ledger" and str(typed["text"]).startswith("typed some 20 keys;")
        assert typed["trust"] == "system" and "zebra" not in str(items())
        assert client.get("/search", {"q": "typed keys"})["observations"] == []
        desktop.key("ctrl+alt+p")
        assert becomes(client, True)
    with daemon(tmp_path / "home", env) as client:
        assert wait_for(lambda: state(client, "hotkeys") == "running")
        assert becomes(client, True)
        desktop.key("ctrl+alt+p")
        assert becomes(client, False)
        assert wait_for(lambda: state(client, "window") == "running")
        desktop.key("super+F9")
        assert becomes(client, True, True)
        assert wait_for(lambda: items_since_a_minute(client) == 0)
        desktop.key("super+F9")
        assert becomes(client, False)


def items_since_a_minute(client: Client) -> int:
    """How many observations of the last 50 s are left."""
    began = datetime.now(UTC) - timedelta(seconds=50)
    found = client.get("/observations")["items"]
    return sum(datetime.fromisoformat(o["until"]) > began for o in found)
