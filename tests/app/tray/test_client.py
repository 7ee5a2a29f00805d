from typing import Any

from pytestqt.qtbot import QtBot

from app.paths import Paths
from app.tray import client as client_module
from app.tray import wire
from app.tray.client import Client
from app.tray.wire import Problem
from tests.app.tray import fake_data
from tests.app.tray.fake_daemon import FakeDaemon


def test_events_arrive_typed(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> None:
    with qtbot.waitSignal(client.proposition) as seen:
        daemon.publish("proposition", fake_data.believable()[0])
    assert isinstance(seen.args[0], wire.Proposition)
    with qtbot.waitSignal(client.forgotten) as gone:
        daemon.publish("forgotten", {"propositions": ["p1"]})
    assert gone.args == [("p1",)]
    with qtbot.waitSignal(client.suggestion) as offered:
        daemon.publish("suggestion", fake_data.suggestion())
    assert offered.args[0].why[0].evidence


def test_a_broken_stream_resumes_behind_the_last_event_and_loses_none(
    client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    got: list[Any] = []
    client.exclusion.connect(got.append)
    daemon.publish("exclusion", {"at": fake_data.iso(), "app": "a", "rule": "r"})
    qtbot.waitUntil(lambda: len(got) == 1)
    daemon.break_streams()
    daemon.publish("exclusion", {"at": fake_data.iso(), "app": "b", "rule": "r"})
    qtbot.waitUntil(lambda: len(got) == 2, timeout=8000)
    assert [each.app for each in got] == ["a", "b"]
    assert daemon.resumed_from == [None, "1"]


def test_a_restarted_daemon_with_another_port_and_token_is_found_again(
    client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    daemon.publish("exclusion", {"app": "a"})
    daemon.stop()
    qtbot.waitUntil(lambda: not client.reachable, timeout=8000)
    assert client.trouble is not None and client.trouble.unreachable
    daemon.token = "another"
    with qtbot.waitSignal(client.stream_opened, timeout=20000):
        daemon.start()
    qtbot.waitUntil(lambda: client.reachable and client.trouble is None, timeout=8000)
    assert daemon.resumed_from[-1] is None  # event numbers of another life mean nothing


def test_a_daemon_that_hangs_is_noticed(
    daemon: FakeDaemon, paths: Paths, qtbot: QtBot, monkeypatch: Any
) -> None:
    monkeypatch.setattr(client_module, "POLL_MS", 100)
    monkeypatch.setattr(client_module, "POLL_TIMEOUT_S", 0.3)
    client = Client(paths)
    client.start()
    qtbot.waitUntil(lambda: client.trouble is None, timeout=5000)
    daemon.hang.set()
    qtbot.waitUntil(lambda: not client.reachable, timeout=8000)
    daemon.hang.clear()
    qtbot.waitUntil(lambda: client.reachable, timeout=8000)
    client.stop()


def test_a_problem_carries_title_and_hint(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> None:
    problems: list[Problem] = []
    client.get("/nonsense", lambda _: None, problems.append)
    qtbot.waitUntil(lambda: len(problems) == 1)
    assert problems == [Problem("There is no such thing", "Reload the list.", 404)]


def test_a_problem_nobody_takes_is_signalled(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> None:
    with qtbot.waitSignal(client.problem) as told:
        client.delete("/nonsense", lambda _: None)
    assert told.args[0].status == 404


def test_garbage_is_a_problem_and_not_a_crash(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> None:
    problems: list[Problem] = []
    for answer in (b"not json", b"[1]", b'{"items": [{"id": 3}]}', b'{"items": 7}'):
        daemon.reply["GET /propositions"] = (200, answer)
        before = len(problems)
        client.get("/propositions", lambda it: wire.read_list(wire.Proposition, it), problems.append)
        qtbot.waitUntil(lambda before=before: len(problems) == before + 1)
    assert all(each.hint for each in problems)
    with qtbot.waitSignal(client.problem):
        daemon.publish("proposition", {"id": 1})
    assert client.reachable


def test_a_garbled_status_is_trouble(client: Client, daemon: FakeDaemon, qtbot: QtBot) -> None:
    daemon.reply["GET /status"] = (200, {"sources": 1})
    client.refresh()
    qtbot.waitUntil(lambda: client.trouble is not None)
    assert client.reachable


def test_queries_reach_the_daemon_as_they_were_typed(
    client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    done: list[object] = []
    typed = "a&b=c 100% +x #ü?\u202e"
    client.get("/search", done.append, query={"q": typed})
    qtbot.waitUntil(lambda: bool(done))
    assert ("GET", "/search", {"q": typed}) in daemon.asked


def test_an_answer_for_a_window_that_is_gone_is_dropped(
    client: Client, daemon: FakeDaemon, qtbot: QtBot
) -> None:
    import shiboken6
    from PySide6.QtCore import QObject

    owner, late, after = QObject(), [], []
    daemon.hang.set()
    client.get("/status", late.append, owner=owner)
    shiboken6.delete(owner)
    daemon.hang.clear()
    client.get("/status", after.append)
    qtbot.waitUntil(lambda: bool(after), timeout=8000)
    qtbot.wait(100)
    assert late == []
