"""A session bus of its own, somebody who shows notices on it, and programs that send them."""

import asyncio
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from tests.observers.bus_owner import BusOwner

NAME = "org.freedesktop.Notifications"
_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
{more}</policy></busconfig>"""
DEAF = '<deny send_interface="org.freedesktop.DBus.Monitoring"/>'


class NoticeBus:
    """A real dbus-daemon in `folder`; `more` is added to its policy."""

    def __init__(self, folder: Path, more: str = "") -> None:
        config = folder / "bus.conf"
        config.write_text(_CONFIG.format(path=folder / "bus", more=more))
        argv = ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"]
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()

    def __enter__(self) -> "NoticeBus":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def send(
        self,
        app: str,
        title: str,
        body: str = "",
        replaces: int = 0,
        hints: Mapping[str, Variant] | None = None,
    ) -> None:
        """Sends one notice, as a program would."""
        self.send_all([(app, title, body, replaces, hints or {})])

    def send_all(self, notices: Sequence[tuple[str, str, str, int, Mapping[str, Variant]]]) -> None:
        """Sends several over one connection, and returns when the bus has them all."""
        calls = [
            Message(
                destination=NAME,
                path="/org/freedesktop/Notifications",
                interface=NAME,
                member="Notify",
                signature="susssasa{sv}i",
                body=[app, replaces, "", title, body, [], dict(hints), -1],
            )
            for app, title, body, replaces, hints in notices
        ]
        asyncio.run(_call(self.address, calls))

    def send_as_gtk(self, app: str, key: str, fields: Mapping[str, Variant]) -> None:
        """Sends one notice in the way of GTK programs on GNOME."""
        call = Message(
            destination="org.gtk.Notifications",
            path="/org/gtk/Notifications",
            interface="org.gtk.Notifications",
            member="AddNotification",
            signature="ssa{sv}",
            body=[app, key, dict(fields)],
        )
        asyncio.run(_call(self.address, [call]))


async def _call(address: str, calls: Sequence[Message]) -> None:
    bus = await MessageBus(bus_address=address).connect()
    try:
        for call in calls:  # an error is an answer too: nobody need be there who shows it
            await asyncio.wait_for(bus.call(call), 10)
    finally:
        bus.disconnect()
        await bus.wait_for_disconnect()


class Shower(BusOwner):
    """A program that shows notices: owns the name, says what it is capable of and keeps what it is sent."""

    def __init__(self, address: str, capabilities: Sequence[str]) -> None:
        super().__init__(address, NAME)
        self.shown: list[list[object]] = []
        self._capabilities = list(capabilities)

    def _answer(self, message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL or message.interface != NAME:
            return None
        if message.member == "GetCapabilities":
            return Message.new_method_return(message, "as", [self._capabilities])
        if message.member == "GetServerInformation":
            return Message.new_method_return(message, "ssss", ["shower", "tests", "1", "1.2"])
        if message.member == "Notify":
            self.shown.append(list(message.body))
            return Message.new_method_return(message, "u", [len(self.shown)])
        return Message.new_method_return(message)
