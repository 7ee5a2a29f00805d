from pathlib import Path

import pytest

from app.learnt import Learnt
from storage import verdicts
from storage.db import Database
from tests.builders import NOON, proposition
from tests.storage.builders import KEY


def test_it_learns_when_there_is_something_new(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "g.db", KEY)
    learnt = Learnt()
    try:
        first = database.read_sync(learnt.of)
        assert first("working_on", 0.8) == pytest.approx(0.8)
        database.run_sync(lambda s: verdicts.add(s, proposition(confidence=0.8), False, NOON))
        second = database.read_sync(learnt.of)
        assert second("working_on", 0.8) < 0.75
        assert database.read_sync(learnt.of) is second
    finally:
        database.close()
