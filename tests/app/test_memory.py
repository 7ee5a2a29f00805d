import subprocess
import sys

import pytest

PROGRAM = """
import threading
from pathlib import Path
from app.memory import keep_small

TUNE
held, gate = [], threading.Barrier(9)

def work():
    held.append([bytes(600) for _ in range(2000)])
    gate.wait()

for _ in range(8):
    threading.Thread(target=work).start()
gate.wait()
private = [line.split("-")[0] for line in Path("/proc/self/maps").open() if " 0 " in line]
print(sum(int(start, 16) % 0x4000000 == 0 for start in private))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="mallopt is glibc's")
def test_eight_busy_threads_share_the_heaps() -> None:
    """Run by itself: it changes the whole process. A heap of a thread begins at a multiple of 64 MB."""
    assert _heaps("assert keep_small()") <= 2 < _heaps("")


def _heaps(tune: str) -> int:
    program = PROGRAM.replace("TUNE", tune)
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return int(told.stdout)
