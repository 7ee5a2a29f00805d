import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.door import listen
from app.handover import HANDED, take
from app.lock import InstanceLock
from gum.errors import AlreadyRunning


def test_lock_and_port_are_taken_over_and_no_child_inherits_them(tmp_path: Path) -> None:
    file, port = tmp_path / "lock", listen(0)
    with InstanceLock(file) as before:
        lock, handle = os.dup(before.handle), os.dup(port.fileno())
        environment = {HANDED: f"{lock} {handle}", "else": "kept"}
        handed = take(file, environment)
        assert handed is not None
        assert environment == {"else": "kept"}
        assert handed.port.getsockname() == port.getsockname()
        assert not os.get_inheritable(lock) and not os.get_inheritable(handle)
    port.close()
    with pytest.raises(AlreadyRunning), InstanceLock(file):  # still held, by the handle that was handed over
        pass
    with InstanceLock(file, handed.lock), handed.port:
        pass
    with InstanceLock(file):
        pass


@pytest.mark.parametrize("told", ["", "7", "a b", "-1 -1", "9999 9998", "0 1 2"])
def test_what_is_no_handover_is_an_ordinary_start(tmp_path: Path, told: str) -> None:
    (tmp_path / "lock").touch()
    assert take(tmp_path / "lock", {HANDED: told}) is None


def test_other_files_and_sockets_are_not_taken_and_stay_open(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    other = os.open(tmp_path / "other", os.O_CREAT | os.O_RDWR)
    mine = os.open(tmp_path / "lock", os.O_RDWR)
    with listen(0) as port, socket.socket() as deaf:
        assert take(tmp_path / "lock", {HANDED: f"{other} {port.fileno()}"}) is None
        assert take(tmp_path / "lock", {HANDED: f"{mine} {deaf.fileno()}"}) is None
        assert take(tmp_path / "lock", {HANDED: f"{mine} {other}"}) is None
        assert deaf.fileno() > 0 and os.fstat(other) and os.fstat(port.fileno())
    os.close(other)
    os.close(mine)


def test_nothing_that_was_in_memory_is_there_after_the_handover(tmp_path: Path) -> None:
    """The process replaces itself: it is asked to print what is left of a word that it held before."""
    script = """
import os, sys
from pathlib import Path
from app import handover
from app.door import listen
from app.lock import InstanceLock
held = "".join(["zanzibar", "canary"]) * 1000
print(held.upper()[:3], os.getpid(), flush=True)
sys.executable = sys.argv[2]
with InstanceLock(Path(sys.argv[1])) as lock:
    handover.leave(lock.handle, listen(0))
"""
    stand_in = tmp_path / "python"  # stands in for the interpreter that would start the locked daemon
    stand_in.write_text(
        f"#!{sys.executable}\n"
        "import os, sys\n"
        "maps = [line.split() for line in open('/proc/self/maps')]\n"
        "word, found = b'ZANZIBAR'.lower() + b'CANARY'.lower(), 0\n"
        "with open('/proc/self/mem', 'rb', 0) as memory:\n"
        "    for place, rights, *_ in maps:\n"
        "        if rights.startswith('rw'):\n"
        "            start, end = (int(x, 16) for x in place.split('-'))\n"
        "            memory.seek(start)\n"
        "            try: found += memory.read(end - start).count(word * 3)\n"
        "            except OSError: pass\n"
        "print(found, os.getpid(), sys.argv[1:], 'GUMPTION_HANDED' in os.environ)\n"
    )
    stand_in.chmod(0o700)
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "lock"), str(stand_in)],
        capture_output=True,
        text=True,
        check=True,
    )
    (_, before), (found, after, *rest) = (line.split(" ", 4) for line in done.stdout.splitlines())
    assert (found, after) == ("0", before)
    assert "--locked" in " ".join(rest) and rest[-1].endswith("True")
