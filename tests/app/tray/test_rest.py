"""What is no JSON: bytes as they came, whole or not at all. All else is asked through `app.tray.client`."""

import pytest
from pytestqt.qtbot import QtBot

from app.tray.client import PICTURE_BYTES, Client
from app.tray.rest import GARBAGE
from app.tray.wire import Problem
from tests.app.tray.fake_daemon import FakeDaemon

PATH = "GET /observations/o/thumbnail"


def asked(client: Client, qtbot: QtBot, timeout_s: float = 15) -> object:
    """The bytes of a picture, or the Problem there was."""
    got: list[object] = []
    path = PATH.removeprefix("GET ")
    client._rest.send("GET", path, got.append, got.append, timeout_s=timeout_s, most=PICTURE_BYTES)
    qtbot.waitUntil(lambda: bool(got), timeout=10_000)
    [answer] = got
    return answer


@pytest.mark.parametrize("data", [b"", b"{}", b"\x00\xff RIFF", bytes(PICTURE_BYTES)])
def test_bytes_come_as_they_are(client: Client, daemon: FakeDaemon, qtbot: QtBot, data: bytes) -> None:
    daemon.reply[PATH] = (200, data)
    assert asked(client, qtbot) == data


@pytest.mark.parametrize("more", [1, 30_000_000])
def test_more_than_was_asked_for_is_never_taken_in(
    client: Client, daemon: FakeDaemon, qtbot: QtBot, more: int
) -> None:
    daemon.reply[PATH] = (200, bytes(PICTURE_BYTES + more))
    assert asked(client, qtbot, timeout_s=0.5) == GARBAGE


def test_a_refusal_is_a_problem_with_its_words(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> None:
    daemon.reply[PATH] = (423, {"title": "Gumption is locked", "hint": "Unlock it."})
    assert asked(client, qtbot) == Problem("Gumption is locked", "Unlock it.", 423)
