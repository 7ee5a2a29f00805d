"""kill -9 at random moments under load: what was acknowledged is there, nothing is there twice."""

import random
import signal
import time
from collections import Counter
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from app.client import Client, Json
from app.paths import Paths
from gum.claims import key
from gum.errors import GumptionError
from gum.types import new_id
from storage import observations, propositions
from storage.db import Database
from storage.keys import data_key
from tests.app.flood import FILES, live
from tests.forks import context, heard, kill

KILLS = 50
SEED = 20261122


def start(home: Path, said: Path, flood: bool = True) -> BaseProcess:
    process = context().Process(target=live, args=(home, said, flood))
    process.start()
    return process


def wait_until_storing(said: Path, child: BaseProcess) -> None:
    while not heard(said) and child.is_alive():
        time.sleep(0.002)


def wait_until_drained(client: Client) -> Json:
    for _ in range(1200):
        try:
            status = client.get("/status")
        except GumptionError:  # not up yet
            time.sleep(0.1)
            continue
        if sum(status["queue"][stage] for stage in ("inbox", "perceive", "propose")) == 0:
            return status
        time.sleep(0.1)
    raise AssertionError(f"work is left over: {status['queue']}")


@pytest.mark.timeout(900)
def test_killed_at_fifty_random_moments_nothing_acknowledged_is_lost_and_nothing_is_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(SEED)
    acknowledged: set[str] = set()
    rounds_with_work = 0
    for round_ in range(KILLS):
        said = tmp_path / f"said-{round_}"
        child = start(tmp_path, said)
        wait_until_storing(said, child)
        time.sleep(chance.uniform(0.0, 1.2))
        kill(child)
        assert child.exitcode == -signal.SIGKILL  # it did not end by itself before
        told = heard(said)
        acknowledged |= {line for line in told if len(line) == len(new_id())}
        rounds_with_work += bool(told)
    assert rounds_with_work == KILLS
    assert len(acknowledged) > 5 * KILLS  # under load: not one or two observations a life

    monkeypatch.setenv("GUMPTION_HOME", str(tmp_path))
    last = start(tmp_path, tmp_path / "said", flood=False)
    try:
        client = Client(Paths.home())
        status = wait_until_drained(client)
        assert status["queue"]["dead"] == 0
        # The index answers: the nearest of a claim's own words is that claim.
        found = client.get("/search", {"q": "Works on chapter7.md"})["propositions"]
        assert found[0]["text"] == "Works on chapter7.md"
    finally:
        last.terminate()
        last.join()
    check_store(Paths.home(), acknowledged)


def check_store(paths: Paths, acknowledged: set[str]) -> None:
    database = Database.open(paths.database, data_key(paths.config, paths.database, keyring_ok=False))
    try:
        database.check()
        stored = database.read_sync(lambda s: observations.existing(s, list(acknowledged)))
        assert acknowledged == set(stored)
        claims = database.read_sync(lambda s: propositions.list_(s, status=None, limit=1000))
        evidence = database.read_sync(lambda s: propositions.evidence_of(s, [p.id for p in claims]))
    finally:
        database.close()
    assert len(claims) == FILES
    assert max(Counter(key(p.type, p.slots, p.valid_until) for p in claims).values()) == 1
    for cited in evidence.values():
        assert (
            max(Counter((e.observation_id, e.quote) for e in (row.evidence for row in cited)).values()) == 1
        )
