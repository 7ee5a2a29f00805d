"""A StatusNotifierWatcher of our own for tests: the half of a panel that Qt's tray icons talk to.

`python -m tests.app.tray.watcher FILE` writes the bus name of each icon that registers to FILE, a line each.
"""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

from dbus_fast import PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusInt32, DBusSignature, DBusStr
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

DBusStrings = Annotated[list[str], DBusSignature("as")]


class Watcher(ServiceInterface):
    def __init__(self, told: Path) -> None:
        super().__init__("org.kde.StatusNotifierWatcher")
        self._told = told
        self._items: list[str] = []

    @dbus_method()
    def RegisterStatusNotifierItem(self, service: DBusStr) -> None:  # noqa: N802
        self._items.append(service)
        self._told.write_text("\n".join(self._items) + "\n")
        self.StatusNotifierItemRegistered(service)

    @dbus_method()
    def RegisterStatusNotifierHost(self, service: DBusStr) -> None:  # noqa: N802
        """Hosts are not asked for."""

    @dbus_signal()
    def StatusNotifierItemRegistered(self, service: str) -> DBusStr:  # noqa: N802
        return service

    @dbus_property(access=PropertyAccess.READ)
    def RegisteredStatusNotifierItems(self) -> DBusStrings:  # noqa: N802
        return self._items

    @dbus_property(access=PropertyAccess.READ)
    def IsStatusNotifierHostRegistered(self) -> DBusBool:  # noqa: N802
        return True

    @dbus_property(access=PropertyAccess.READ)
    def ProtocolVersion(self) -> DBusInt32:  # noqa: N802
        return 0


async def watch(told: Path) -> None:
    bus = await MessageBus().connect()
    bus.export("/StatusNotifierWatcher", Watcher(told))
    await bus.request_name("org.kde.StatusNotifierWatcher")
    told.write_text("")
    await bus.wait_for_disconnect()


if __name__ == "__main__":
    asyncio.run(watch(Path(sys.argv[1])))
