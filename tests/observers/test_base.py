"""A failing source says so once, comes back by itself, and ends no other."""

import logging
import threading

import pytest

from gum.errors import AccessibilityUnavailable
from gum.types import FrameId, RuleId, Trust, WindowInfo
from observers import base
from observers.base import REPORTED, Refusals, Supervised, now, seen_in
from tests.observers.recorder import Recorder, wait_for


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


def test_what_is_seen_in_a_window_bears_its_name_and_is_of_a_moment_unless_it_lasts() -> None:
    window, at = WindowInfo(7, "editor", "Plan", None, None, "https://x.test/"), now()
    once = seen_in(window, "screen", "words", Trust.READ, at, frame_id=FrameId("f1"))
    assert (once.app, once.title, once.url, once.text) == ("editor", "Plan", "https://x.test/", "words")
    assert (once.source, once.trust, once.frame_id) == ("screen", Trust.READ, "f1")
    assert once.at == once.until == at
    later = now()
    long = seen_in(window, "input", "words", Trust.SYSTEM, at, later)
    assert (long.until, long.frame_id) == (later, None) and long.id != once.id


def test_a_refusal_is_told_once_for_each_thing_and_rule_and_again_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorder = Recorder()
    refusals, bank, mine = Refusals(recorder), RuleId("bank"), RuleId("mine")
    for window, rule in ((1, bank), (1, bank), (2, bank), (1, mine), (2, bank)):
        refusals.tell(window, "browser", rule)
    assert [(e.app, e.rule_id) for e in recorder.exclusions] == [("browser", r) for r in (bank, bank, mine)]
    monkeypatch.setattr(base, "REPORT_EVERY_S", 0.0)
    refusals.tell(1, "browser", bank)
    assert len(recorder.exclusions) == 4


def test_few_refusals_are_remembered() -> None:
    recorder = Recorder()
    refusals, rule = Refusals(recorder), RuleId("r")
    for n in (*range(REPORTED + 1), REPORTED, 0):  # one too many: the first is forgotten
        refusals.tell(n, "browser", rule)
    assert len(recorder.exclusions) == REPORTED + 2
