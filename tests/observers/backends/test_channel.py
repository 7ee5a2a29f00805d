"""Sleeping on a socket."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gum.errors import CaptureUnavailable
from observers.backends.channel import Channel, dial, exactly, socket_errors


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, Channel]]:
    ours, theirs = socket.socketpair()
    channel = Channel("It", ours, lambda line: exactly(line, 1) == b"!")
    yield theirs, channel
    channel.close()
    theirs.close()


def test_only_what_matters_and_wake_end_a_wait(ends: tuple[socket.socket, Channel]) -> None:
    theirs, channel = ends
    assert not channel.wait(0)
    theirs.sendall(b"..")
    assert not channel.wait(0.2)
    theirs.sendall(b".!")
    assert channel.wait(60)
    timer = threading.Timer(0.1, channel.wake)
    timer.start()
    assert channel.wait(60)
    timer.join()
    assert not channel.wait(0)


def test_the_end_of_the_other_side_is_told(ends: tuple[socket.socket, Channel]) -> None:
    theirs, channel = ends
    theirs.close()
    with pytest.raises(CaptureUnavailable, match="It does not answer"):
        channel.wait(60)


def test_exactly_as_many_bytes_or_an_error() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"abcde")
        assert exactly(ours, 2) == b"ab" and exactly(ours, 0) == b""
        theirs.close()
        with pytest.raises(EOFError):
            exactly(ours, 4)


def test_errors_become_ours(tmp_path: Path) -> None:
    with pytest.raises(CaptureUnavailable, match="It does not answer"), socket_errors("It"):
        dial(str(tmp_path / "none"))
