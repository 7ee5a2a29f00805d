"""The campaign itself: a short one, that it finds what is wrong, that it can be broken off.

The whole is `make soak`; its figures are in tests/benchmarks/RESULTS.md.
"""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from storage.db import Database
from tests.forks import heard, kill
from tests.soak import campaign
from tests.soak.home import database_in
from tests.soak.lives import Life
from tests.soak.phase import KEPT, LOST, TORN, UNOPENED, acknowledged
from tests.soak.phases import ALL, PHASES
from tests.storage.builders import KEY

SHORT = tuple(PHASES[name] for name in ("append", "commit", "index", "forget", "migrate"))  # 20 s in all


@given(st.integers(1, 400))
def test_a_plan_has_enough_kills_and_the_phases_take_turns(kills: int) -> None:
    runs = campaign.plan(kills)
    assert len(runs) * campaign.LIVES >= kills
    assert len(set(runs)) == len(runs)
    assert [phase for phase, _ in runs[: len(ALL)]] == list(ALL)
    assert len(runs) % len(ALL) == 0


@pytest.mark.parametrize("phase", SHORT, ids=lambda phase: phase.name)
def test_killed_at_a_random_moment_nothing_is_lost(phase: campaign.Phase, tmp_path: Path) -> None:
    [row] = campaign.lives(phase, 0, tmp_path, seed=7, count=1)
    assert row["faults"] == []


def test_it_goes_on_where_it_was_broken_off(tmp_path: Path) -> None:
    log, told = tmp_path / "log", list[str]()
    phases = (PHASES["migrate"],)
    rows = campaign.go(2, log, told.append, phases, 1, "abc")
    assert (len(rows), len(told)) == (2, 1)
    with log.open("a") as out:
        out.write('{"phase": "migrate", "ru')  # killed itself while it wrote
    assert campaign.go(2, log, told.append, phases, 1, "abc") == rows
    assert len(told) == 1
    figures = campaign.figures(rows, phases)
    assert figures["kills"] >= 2
    assert figures["faults_migrate"] == figures["lost"] == 0, rows
    assert set(figures) == set(campaign.names(phases))


def _damage(life: Life, statement: str) -> None:
    database = Database.open(database_in(life.home), KEY)
    database.run_sync(lambda s: s.execute(text(statement)))
    database.close()


def _break_file(life: Life) -> None:
    with database_in(life.home).open("r+b") as file:
        file.write(bytes(8192))


def _leave_a_word(life: Life) -> None:
    [turn, *_] = acknowledged(heard(life.said), "done")
    (life.home / "data" / "left").write_text(f"canary{turn[0]}x0")


@pytest.mark.parametrize(
    ("name", "harm", "fault"),
    [
        ("append", lambda life: _damage(life, "DELETE FROM observations WHERE n = 2"), LOST),
        ("append", _break_file, UNOPENED),
        (
            "commit",
            lambda life: _damage(life, "UPDATE propositions SET confidence = 0.123 WHERE n = 1"),
            TORN,
        ),
        ("forget", _leave_a_word, KEPT),
    ],
)
def test_what_is_wrong_is_found(name: str, harm: Callable[[Life], None], fault: str, tmp_path: Path) -> None:
    life = Life(PHASES[name], tmp_path, 0)
    assert life.finish("prepare", 0).faults == []
    worker = life.start("work", 0)
    while not any(line.startswith("done") for line in heard(life.said)):
        assert worker.is_alive()
        worker.join(0.01)
    kill(worker)
    assert life.finish("recover", 0).faults == []
    harm(life)
    found = life.finish("check", 0)
    assert fault in {kind for kind, _ in found.faults}


def test_a_process_that_ends_by_itself_is_not_taken_for_killed(tmp_path: Path) -> None:
    life = Life(PHASES["append"], tmp_path, 0)
    life.home.mkdir()
    (life.home / "data").write_text("in the way")
    with pytest.raises(AssertionError, match="by itself"):
        life.kill_at("work", 0, random.Random(1), False)
