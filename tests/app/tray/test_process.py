"""The tray as a process of its own: what it loads and that it ends politely."""

import os
import subprocess
import sys
from pathlib import Path

from app.paths import Paths
from tests.app.tray.fake_daemon import FakeDaemon

FORBIDDEN = (
    "torch", "transformers", "sqlalchemy", "chromadb", "requests", "httpx", "fastapi", "onnxruntime", "numpy",
    "storage", "observers", "assistants",
)  # fmt: skip

LOADED = f"""
import sys, app.tray, app.tray.desk
found = [name for name in {FORBIDDEN!r} if name in sys.modules]
sys.exit(f"loaded: {{found}}" if found else 0)
"""

LAZY = "import sys, app.tray; sys.exit('Qt is loaded' if 'PySide6' in sys.modules else 0)"

RUN = """
import os, signal, sys, threading
from pathlib import Path
from app.paths import Paths
import app.tray.desk as desk
root = Path(sys.argv[1])
threading.Timer(3, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
status = desk.run(Paths(root / "data", root / "config", root / "models"))
import psutil
print(psutil.Process().memory_info().rss // 1_000_000)
sys.exit(status)
"""


def python(code: str, *args: str) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, "-W", "error", "-c", code, *args]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_the_tray_loads_no_model_no_database_and_no_server() -> None:
    done = python(LOADED)
    assert done.returncode == 0, done.stderr


def test_naming_the_tray_does_not_load_qt() -> None:
    done = python(LAZY)
    assert done.returncode == 0, done.stderr


def test_a_polite_kill_ends_it_quietly_within_its_memory(paths: Paths, tmp_path: Path) -> None:
    with FakeDaemon(paths) as daemon:
        done = python(RUN, str(tmp_path))
        paths_asked = {path for _, path, _ in daemon.asked}
    assert done.returncode == 0, done.stderr
    # Qt's offscreen platform says this of every window; anything else is a complaint of ours to hear
    said = [line for line in done.stderr.splitlines() if "propagateSizeHints" not in line]
    assert said == []
    assert int(done.stdout) <= 150
    assert "/shutdown" not in paths_asked  # whoever killed the tray did not ask to stop the daemon
