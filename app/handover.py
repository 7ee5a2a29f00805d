"""What a daemon that locks itself leaves to the one that takes its place in the same process.

Python cannot wipe what it has held: strings and bytes stay in memory that was given back until something
else is put there. So the daemon does not try. It ends everything, closes the store and replaces its own
process image (execve): the kernel takes all of its memory away. What stays is the process id, the instance
lock, so that no other daemon slips in, and the listening socket, so that nobody is refused meanwhile.
"""

import contextlib
import os
import socket
import sys
import time
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

HANDED = "GUMPTION_HANDED"  # "LOCK PORT": numbers of open files
PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True)
class Handed:
    """The open lock file and the listening socket of the daemon before."""

    lock: int
    port: socket.socket


def take(lock_file: Path, environment: MutableMapping[str, str] = os.environ) -> Handed | None:
    """What was left to this process; None when it was started in the ordinary way."""
    told = environment.pop(HANDED, "").split()
    try:
        lock, port = (int(number) for number in told)
        ours = os.path.samestat(os.fstat(lock), lock_file.stat())
        if not ours:
            return None
        sock = socket.socket(fileno=port)
        listening = bool(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except (ValueError, OSError):  # nothing was handed, or by somebody who knows no better
        return None
    if not listening:
        sock.detach()
        return None
    os.set_inheritable(lock, False)
    os.set_inheritable(port, False)
    return Handed(lock, sock)


def leave(lock: int, port: socket.socket) -> NoReturn:
    """Becomes a daemon that is locked. Nothing of this process stays but its number, `lock` and `port`."""
    os.set_inheritable(lock, True)
    os.set_inheritable(port.fileno(), True)
    environment = {**os.environ, HANDED: f"{lock} {port.fileno()}"}
    # -P: what lies in the folder it was started in is no part of it.
    command = [sys.executable, "-P", "-m", "gumption", "daemon", "--locked"]
    sys.stdout.flush()
    sys.stderr.flush()
    _close_all_but({0, 1, 2, lock, port.fileno()})
    _reap()
    os.execve(sys.executable, command, environment)


def _close_all_but(kept: set[int]) -> None:
    """Libraries may have opened files that would outlive the handover."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - numbers, not paths
        if int(name) not in kept:
            with contextlib.suppress(OSError):  # the one that listed the folder is closed already
                os.close(int(name))


def _reap() -> None:
    """Children that end with our files (multiprocessing's resource tracker does) leave no zombie behind."""
    end = time.monotonic() + PATIENCE_S
    with contextlib.suppress(ChildProcessError):  # there are none (any more)
        while time.monotonic() < end:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.01)
