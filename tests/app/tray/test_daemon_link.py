import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from pytestqt.qtbot import QtBot

from app.paths import Paths
from app.tray.client import Client
from app.tray.daemon_link import DaemonLink
from app.tray.wire import Problem
from tests.app.tray.fake_daemon import FakeDaemon

# A FAKE daemon program: it answers every request like a healthy daemon, until it is ended.
PROGRAM = """
import sys, time
from pathlib import Path
from app.paths import Paths
from tests.app.tray.fake_daemon import FakeDaemon
root = Path(sys.argv[1])
with FakeDaemon(Paths(root / "data", root / "config", root / "models")):
    (root / "pid").write_text(str(__import__("os").getpid()))
    time.sleep(60)
"""


@pytest.fixture
def lonely(paths: Paths) -> Client:
    """A client where no daemon runs."""
    return Client(paths)


def failures(link: DaemonLink) -> list[Any]:
    got: list[Any] = []
    link.failed.connect(got.append)
    return got


def test_a_daemon_that_does_not_run_is_started(
    lonely: Client, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    link = DaemonLink(lonely, command=(sys.executable, "-c", PROGRAM, str(tmp_path)))
    lonely.start()
    with qtbot.waitSignal(link.came_up, timeout=20000):
        link.ensure()
    pid = int((tmp_path / "pid").read_text())
    lonely.stop()
    link.stop()
    psutil.Process(pid).kill()
    assert link.process is not None
    link.process.wait()
    assert lonely.status is not None


def test_a_running_daemon_is_not_started_twice(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> None:
    link = DaemonLink(client, command=("/nonexistent/never-run",))
    got = failures(link)
    link.ensure()
    qtbot.waitUntil(lambda: ("GET", "/hello", {}) in daemon.asked)
    qtbot.wait(100)
    assert got == []


def test_a_daemon_that_dies_at_once_is_told_with_its_own_words(lonely: Client, qtbot: QtBot) -> None:
    words = "import sys; sys.exit('The disk is full')"
    link = DaemonLink(lonely, command=(sys.executable, "-c", words))
    with qtbot.waitSignal(link.failed, timeout=20000) as told:
        link.ensure()
    problem: Problem = told.args[0]
    assert "stopped" in problem.title
    assert "The disk is full" in problem.hint and "daemon.log" in problem.hint


def test_a_daemon_that_does_not_come_up_in_time_is_told(lonely: Client, qtbot: QtBot) -> None:
    link = DaemonLink(lonely, command=(sys.executable, "-c", "import time; time.sleep(30)"), patience_s=0.6)
    with qtbot.waitSignal(link.failed, timeout=20000) as told:
        link.ensure()
    assert "did not come up" in told.args[0].title
    assert link.process is not None
    link.process.kill()
    link.process.wait()


def test_a_program_that_is_not_there_is_told(lonely: Client, qtbot: QtBot) -> None:
    link = DaemonLink(lonely, command=("/nonexistent/program",))
    with qtbot.waitSignal(link.failed, timeout=20000) as told:
        link.ensure()
    assert "could not be started" in told.args[0].title


def test_a_daemon_that_keeps_dying_is_not_started_for_ever(lonely: Client, qtbot: QtBot) -> None:
    link = DaemonLink(lonely, command=(sys.executable, "-c", "pass"))
    got = failures(link)
    for count in range(1, 5):
        link.ensure()
        qtbot.waitUntil(lambda count=count: len(got) == count, timeout=20000)
    assert "keeps stopping" in got[-1].title


def test_the_failure_stays_the_state_until_a_daemon_answers(
    lonely: Client, paths: Paths, qtbot: QtBot
) -> None:
    lonely.fail(Problem("It did not start", "Mend it."))
    lonely.refresh()
    qtbot.wait(100)
    assert lonely.trouble == Problem("It did not start", "Mend it.")
    with FakeDaemon(paths):
        lonely.refresh()
        qtbot.waitUntil(lambda: lonely.trouble is None, timeout=5000)
    lonely.stop()
