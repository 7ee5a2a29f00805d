import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app import logs

NOW = datetime(2026, 11, 20, 12).astimezone()


def line(days: float, text: str) -> str:
    return f"{NOW - timedelta(days=days):%Y-%m-%d %H:%M:%S},123 INFO app: {text}\n"


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, as it was before afterwards."""
    logger = logging.getLogger()
    handlers, level = logger.handlers[:], logger.level
    yield logger
    for handler in logger.handlers[:]:
        if handler not in handlers:
            logger.removeHandler(handler)
            handler.close()
    logger.handlers[:] = handlers
    logger.setLevel(level)


def test_old_lines_go_with_all_that_belongs_to_them(tmp_path: Path) -> None:
    file = tmp_path / "daemon.log"
    old = line(15, "old") + "Traceback\n  2026-11-20 somewhere\n"
    file.write_text("half a line\n" + old + line(13, "young") + "Traceback\n")
    (tmp_path / "daemon.log.1").write_text(old)
    logs.forget_before(file, NOW - timedelta(days=14))
    assert file.read_text() == line(13, "young") + "Traceback\n"
    assert not (tmp_path / "daemon.log.1").exists()
    logs.forget_before(file, NOW)
    assert file.read_text() == ""


def test_without_a_log_there_is_nothing_to_do(tmp_path: Path) -> None:
    logs.forget_before(tmp_path / "daemon.log", NOW)
    assert list(tmp_path.iterdir()) == []


def test_what_is_logged_afterwards_is_added(tmp_path: Path, root: logging.Logger) -> None:
    file = tmp_path / "daemon.log"
    file.write_text(line(15, "old"))
    logs.set_up(file)
    logging.getLogger("here").info("first")
    for _ in range(2):
        logs.forget_before(file, NOW - timedelta(days=14))
    logging.getLogger("here").info("second")
    said = file.read_text().splitlines()
    assert [text.rsplit(" ", 1)[1] for text in said] == ["first", "second"]
