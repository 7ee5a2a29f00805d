"""The tray as a process of its own on a real desktop: a panel, a window manager, D-Bus and AT-SPI."""

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from app.desktop import VirtualDesktop
from app.paths import Paths
from tests.app.tray import fake_data
from tests.app.tray.fake_daemon import FakeDaemon

pytestmark = pytest.mark.desktop
ROOT = Path(__file__).parents[3]
PATH = {"PYTHONPATH": str(ROOT)}
RUN = """
import sys
from pathlib import Path
from app.paths import Paths
from app.tray import run
root = Path(sys.argv[1])
sys.exit(run(Paths(root / "data", root / "config", root / "models")))
"""


def until(true: Callable[[], object], seconds: float = 25) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "data", tmp_path / "config", tmp_path / "models").make()


@pytest.fixture
def daemon(paths: Paths) -> Iterator[FakeDaemon]:
    with FakeDaemon(paths) as running:
        yield running


@pytest.fixture
def bare() -> Iterator[VirtualDesktop]:
    """A desktop without a tray."""
    with VirtualDesktop(size=(1280, 900), tray=False) as made:
        yield made


async def call(
    bus: MessageBus, where: tuple[str, str], interface: str, member: str, signature: str = "", *body: object
) -> list[Any]:
    """What a method of the object at `where` (bus name, path) answers; nothing when it refuses."""
    message = Message(
        destination=where[0], path=where[1], interface=interface, member=member, signature=signature,
        body=list(body),
    )  # fmt: skip
    answer = await bus.call(message)
    assert answer is not None
    return list(answer.body) if answer.message_type is MessageType.METHOD_RETURN else []


PROPERTIES = "org.freedesktop.DBus.Properties"
A11Y = "org.a11y.atspi.Accessible"


async def press(session: str, wanted: str) -> bool:
    """Presses the visible button named `wanted` in any program, as a screen reader would."""
    first = await MessageBus(session).connect()
    address = await call(first, ("org.a11y.Bus", "/org/a11y/bus"), "org.a11y.Bus", "GetAddress")
    first.disconnect()
    bus = await MessageBus(address[0]).connect()
    todo = [("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")]
    pressed = False
    while todo and not pressed:
        where = todo.pop()
        said = await call(bus, where, PROPERTIES, "Get", "ss", A11Y, "Name")
        role = await call(bus, where, A11Y, "GetRoleName")
        if said and said[0].value == wanted and "button" in role[0]:
            pressed = bool(await call(bus, where, "org.a11y.atspi.Action", "DoAction", "i", 0))
        children = await call(bus, where, A11Y, "GetChildren")
        todo += [(child[0], child[1]) for child in children[0]] if children else []
    bus.disconnect()
    return pressed


def test_a_card_is_answered_by_keyboardless_means_and_takes_no_focus(
    desktop: VirtualDesktop, daemon: FakeDaemon, tmp_path: Path
) -> None:
    session = desktop.env["DBUS_SESSION_BUS_ADDRESS"]
    tray = desktop.launch([sys.executable, "-c", RUN, str(tmp_path)], env=PATH)
    until(lambda: daemon.listeners == 1)
    desktop.launch(["xterm", "-T", "work"])
    work = desktop.wait_window("work")
    until(lambda: desktop.active_window() == work)
    daemon.publish("suggestion", fake_data.suggestion())
    desktop.wait_window("Gumption: suggestion")
    assert desktop.active_window() == work
    assert "Gumption: control" not in desktop.windows().values()  # the panel has a tray
    for button in ("Do it", "Approve", "Undo"):
        until(lambda button=button: asyncio.run(press(session, button)))
    until(lambda: daemon.plan["state"] == "undone")
    posted = [path for verb, path, _ in daemon.asked if verb == "POST"]
    assert posted == ["/suggestions/s1/reaction", "/plans/plan1/approve", "/plans/plan1/undo"]
    assert tray.poll() is None
    desktop.end(tray)


def test_without_a_tray_a_window_offers_the_same_until_one_appears(
    bare: VirtualDesktop, daemon: FakeDaemon, tmp_path: Path
) -> None:
    session = bare.env["DBUS_SESSION_BUS_ADDRESS"]
    told = tmp_path / "told"
    bare.launch([sys.executable, "-c", RUN, str(tmp_path)], env=PATH)
    bare.wait_window("Gumption: control")
    until(lambda: daemon.listeners == 1)
    until(lambda: asyncio.run(press(session, "Pause for 1 hour")))
    until(lambda: daemon.status["state"] == "paused")
    bare.launch([sys.executable, "-m", "tests.app.tray.watcher", str(told)], env=PATH, cwd=ROOT)
    until(lambda: told.exists() and told.read_text().strip())
    until(lambda: "Gumption: control" not in bare.windows().values())
    item = told.read_text().split()[0]
    assert asyncio.run(tooltip(session, item)).startswith("Gumption: Paused until")
    daemon.stop()
    until(lambda: "does not answer" in asyncio.run(tooltip(session, item)))


async def tooltip(session: str, item: str) -> str:
    """What the panel would show for the icon: title and text of its tooltip."""
    bus = await MessageBus(session).connect()
    kind = "org.kde.StatusNotifierItem"
    got = await call(bus, (item, "/StatusNotifierItem"), PROPERTIES, "Get", "ss", kind, "ToolTip")
    bus.disconnect()
    return " ".join(str(part) for part in got[0].value[2:]) if got else ""


def test_a_second_start_shows_the_first_and_ends(
    desktop: VirtualDesktop, daemon: FakeDaemon, tmp_path: Path
) -> None:
    desktop.launch([sys.executable, "-c", RUN, str(tmp_path)], env=PATH)
    until(lambda: daemon.listeners == 1)
    second = desktop.launch([sys.executable, "-c", RUN, str(tmp_path)], env=PATH)
    assert second.wait(20) == 0
    desktop.wait_window("Gumption: what I know")
