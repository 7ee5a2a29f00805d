"""A failing source says so once, comes back by itself, and ends no other."""

import logging
import threading

import pytest

from gum.errors import AccessibilityUnavailable
from observers import base
from observers.base import Supervised
from tests.observers.recorder import wait_for


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "FIRST_PAUSE_S", 0.02)
    monkeypatch.setattr(base, "LONGEST_PAUSE_S", 0.05)


class Trouble:
    """A source that raises `error` until `mended` is set."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.mended = threading.Event()
        self.tries = 0
        self.worker = Supervised("trouble", self.run)

    def run(self) -> None:
        while not self.worker.stopping():
            self.tries += 1
            if not self.mended.is_set():
                raise self.error
            self.worker.alive()
            self.worker.rest(0.02)


@pytest.mark.parametrize(
    ("error", "state"),
    [(AccessibilityUnavailable("no bus", "install it"), "unavailable"), (KeyError("bug"), "failing")],
)
def test_a_failure_is_logged_once_and_so_is_the_recovery(
    error: Exception, state: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    trouble = Trouble(error)
    trouble.worker.start()
    try:
        assert wait_for(lambda: trouble.tries > 4)
        assert trouble.worker.health().state == state
        trouble.mended.set()
        assert wait_for(lambda: trouble.worker.health().state == "running")
    finally:
        trouble.worker.stop()
    levels = [record.levelno for record in caplog.records if record.name == "observers.base"]
    assert levels == [logging.WARNING, logging.INFO]
    assert trouble.worker.health().state == "stopped"


def test_the_hint_reaches_the_person() -> None:
    trouble = Trouble(AccessibilityUnavailable("no bus", "install it"))
    trouble.worker.start()
    try:
        assert wait_for(lambda: trouble.worker.health().hint == "install it")
        assert trouble.worker.health().detail == "no bus"
    finally:
        trouble.worker.stop()


def test_a_source_starts_again_after_a_stop() -> None:
    trouble = Trouble(KeyError())
    trouble.mended.set()
    for _ in range(2):
        trouble.worker.start()
        assert wait_for(lambda: trouble.worker.health().state == "running")
        trouble.worker.found()
        trouble.worker.stop()
        last = trouble.worker.health().last_at
        assert last is not None and last.tzinfo is not None


def test_a_source_that_hangs_does_not_say_that_it_runs() -> None:
    """`/status` would say "observing" for days (screenpipe #4473)."""
    hangs, entered = threading.Event(), threading.Event()

    def run() -> None:
        worker.alive()
        entered.set()
        hangs.wait()

    worker = Supervised("hanging", run, hangs.set, patience_s=0.3)
    worker.start()
    try:
        assert entered.wait(5)
        assert wait_for(lambda: worker.health().state == "failing")
        assert "not answered" in worker.health().detail
        assert worker.health().hint
        worker.alive()
        assert worker.health().state == "running"
    finally:
        worker.stop()
