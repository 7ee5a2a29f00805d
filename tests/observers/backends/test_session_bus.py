"""The plain buses: what is not there is None, what is there answers, and calls to us arrive."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dbus_fast import Message, MessageType, Variant

from observers.backends.session_bus import PlainBus
from observers.bus import Body
from tests.observers.backends.standin import Standin
from tests.observers.notice_bus import NoticeBus

NAME, PLACE = "org.example.Thing", ("org.example.Thing", "/thing")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with NoticeBus(tmp_path) as bus:
        yield bus.address


def answer(message: Message) -> Message | None:
    if message.member == "Get":
        return Message.new_method_return(message, "v", [Variant("t", 5)])
    return Message.new_method_return(message, "u", [42]) if message.member == "Ask" else None


@pytest.mark.parametrize("where", ["", "unix:path=/nonexistent/bus", "nonsense"])
def test_no_bus_is_none(where: str) -> None:
    bus = PlainBus(where)
    assert bus.call(PLACE, NAME, "Ask") is None and bus.value(PLACE, NAME, "Size") is None
    bus.close()


@pytest.mark.desktop
def test_answers_errors_and_properties(address: str) -> None:
    bus = PlainBus(address)
    assert bus.call(PLACE, NAME, "Ask") is None  # nobody of that name
    with Standin(address, NAME, answer):
        assert bus.call(PLACE, NAME, "Ask") == [42]
        assert bus.call(PLACE, NAME, "Fail") is None
        assert bus.value(PLACE, NAME, "Size") == 5
    assert bus.call(PLACE, NAME, "Ask") is None
    bus.close()


@pytest.mark.desktop
def test_calls_to_us_arrive_with_their_sender(address: str) -> None:
    got: list[tuple[str, str, Body]] = []
    bus = PlainBus(address, lambda *call: got.append(call))
    assert bus.name == ""
    assert bus.call(("org.freedesktop.DBus", "/"), "org.freedesktop.DBus.Peer", "Ping") is not None
    with Standin(address, NAME, answer) as other:
        call = Message(
            destination=bus.name, path="/", interface=NAME, member="Told", signature="s", body=["x"]
        )
        other.send(call)
        owner = bus.call(("org.freedesktop.DBus", "/"), "org.freedesktop.DBus", "GetNameOwner", "s", [NAME])
    assert [(member, body) for _, member, body in got] == [("Told", ["x"])] and got[0][0] == owner[0]  # type: ignore[index]
    assert call.message_type is MessageType.METHOD_CALL
    bus.close()
