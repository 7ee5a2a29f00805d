"""kill -9 at random moments: nothing acknowledged is lost, nothing is there twice, the index answers."""

import random
import signal
import time
from pathlib import Path

from sqlalchemy import text

from storage import observations, propositions, truth, work
from storage.db import Database
from storage.index import VectorIndex
from tests.builders import NOON
from tests.forks import context, heard, kill
from tests.storage import busy
from tests.storage.builders import KEY

KILLS = 6


def run_and_kill(folder: Path, start: int, after: float) -> tuple[set[str], set[str]]:
    """What the process said was durable before it was killed `after` seconds of work."""
    said = folder / f"said-{start}"
    process = context().Process(target=busy.work_on, args=(folder, said, start))
    process.start()
    while "ready" not in heard(said):
        assert process.is_alive()
        time.sleep(0.002)
    time.sleep(after)
    kill(process)
    assert process.exitcode == -signal.SIGKILL
    words = [line.split() for line in heard(said) if line.count(" ") == 1 and line.split()[1].isdecimal()]
    return {n for w, n in words if w == "stored"}, {n for w, n in words if w == "made"}


def test_killed_at_any_moment_nothing_acknowledged_is_lost_or_doubled(tmp_path: Path) -> None:
    moments = random.Random(20261122)
    stored: set[str] = set()
    made: set[str] = set()
    for round_ in range(KILLS):
        s, m = run_and_kill(tmp_path, 100_000 * (round_ + 1), moments.uniform(0.05, 1.0))
        # The last line may have been cut short by the kill, which makes a number of its beginning.
        stored |= {n for n in s if len(n) == 6}
        made |= {n for n in m if len(n) == 6}
    assert len(stored) > KILLS

    database = Database.open(tmp_path / "gumption.db", KEY)
    database.run_sync(work.release_all)
    database.check()
    there = {o.id for o in database.read_sync(lambda s: observations.list_(s, 10**6))}
    assert stored <= there

    while database.run_sync(lambda s: busy.perceive(s, 1) or work.waiting(s, "perceive", NOON)):
        pass
    while busy.propose(database):
        pass
    claims = database.read_sync(lambda s: propositions.list_(s, limit=10**6))
    things = [p.slots["thing"] for p in claims]
    assert made <= set(things)
    assert sorted(things) == sorted(there)  # each observation has led to one claim, none to two
    doubled = "SELECT count(*) FROM evidence GROUP BY proposition_id HAVING count(*) > 1"
    assert database.read_sync(lambda s: s.scalars(text(doubled)).all()) == []
    assert database.read_sync(work.counts) == {"perceive": 0, "propose": 0, "dead": 0}

    index = VectorIndex(tmp_path / "index", KEY)
    held = database.read_sync(lambda s: list(truth.vectors(s, busy.MODEL)))
    index.ensure(lambda: held)
    assert index.count("observations") == len(there)
    assert index.count("propositions") == len(claims)
    [(_, cosine), *_] = index.query("propositions", busy.vector(100_000), 3)
    assert cosine > 0.999
    assert index.ensure(lambda: held) is False
    index.close()
    database.close()
