"""Idle time, from stand-ins for Mutter and logind on a real bus (neither runs here)."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from dbus_fast import Message, Variant

from observers.backends.idle import MUTTER, SESSION, SILENT_S, IdleTime
from tests.observers.backends.standin import Answer, Standin
from tests.observers.notice_bus import NoticeBus

pytestmark = pytest.mark.desktop


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with NoticeBus(tmp_path) as bus:
        yield bus.address


def logind(hint: bool, since_s: float) -> Answer:
    values = {"IdleHint": Variant("b", hint), "IdleSinceHint": Variant("t", int(since_s * 1e6))}

    def answer(message: Message) -> Message | None:
        known = message.member == "Get" and message.body[1] in values
        return Message.new_method_return(message, "v", [values[message.body[1]]]) if known else None

    return answer


def mutter(message: Message) -> Message | None:
    return Message.new_method_return(message, "t", [12_500]) if message.member == "GetIdletime" else None


def test_mutter_tells_it_exactly(address: str) -> None:
    idle = IdleTime(address, "")
    with Standin(address, MUTTER[0], mutter):
        assert idle.seconds() == 12.5
    assert idle.seconds() is None
    idle.close()


def test_logind_tells_since_when(address: str) -> None:
    idle = IdleTime("", address)
    with Standin(address, SESSION[0], logind(True, time.time() - 400)):
        assert 400 <= (idle.seconds() or 0) < 500
    with Standin(address, SESSION[0], logind(False, time.time() - 400)):
        assert idle.seconds() is None
    with Standin(address, SESSION[0], logind(True, 0)):
        assert idle.seconds() is None
    idle.close()


def test_where_nobody_told_nobody_is_asked_for_a_while(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    idle = IdleTime(address, "")
    assert idle.seconds() is None
    with Standin(address, MUTTER[0], mutter):
        assert idle.seconds() is None
        later = time.monotonic() + SILENT_S
        monkeypatch.setattr(time, "monotonic", lambda: later)
        assert idle.seconds() == 12.5
    idle.close()


def test_where_nobody_tells_it_is_not_known() -> None:
    idle = IdleTime("unix:path=/nonexistent/bus", "")
    assert idle.seconds() is None
    idle.close()
