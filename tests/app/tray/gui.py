"""Fixtures shared by the tests of the tray and of the panels; their conftests import them."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before Qt is loaded

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.panels import style
from app.paths import Paths
from app.tray.client import Client
from tests.app.tray.fake_daemon import FakeDaemon


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return QApplication


LACKS = "This plugin does not support"  # what Qt's offscreen platform says of every window


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication, qtlog: Any) -> Iterator[None]:
    """Every widget is tested with the stylesheet on, and a test in which Qt complains has failed.

    Python's collector sleeps meanwhile: in a thread of the fake daemon it would end Qt objects of the main
    thread there, which no Qt object survives. The tray itself has one thread.
    """
    gc.disable()
    qapp.setApplicationName("gumption")
    qapp.setQuitOnLastWindowClosed(False)
    qapp.setStyle("Fusion")
    style.dress(qapp, style.LIGHT)
    yield
    gc.collect()
    gc.enable()
    assert [each.message for each in qtlog.records if LACKS not in each.message] == []


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "data", tmp_path / "config", tmp_path / "models").make()


@pytest.fixture
def daemon(paths: Paths) -> Iterator[FakeDaemon]:
    """A FAKE daemon that answers."""
    with FakeDaemon(paths) as running:
        yield running


@pytest.fixture
def client(daemon: FakeDaemon, paths: Paths, qtbot: QtBot) -> Iterator[Client]:
    """A client that has reached the fake daemon and listens to its events."""
    made = Client(paths)
    made.start()
    qtbot.waitUntil(lambda: made.reachable and daemon.listeners == 1, timeout=5000)
    yield made
    made.stop()


__all__ = ["client", "daemon", "dressed", "paths", "qapp_cls"]
