"""A real daemon under the traffic of several programs, killed with -9 again and again, and its model worker.

python -m tests.soak.serving --seconds 1800

What was answered in full must stand in the log to the byte; what was shown out stays out; and nothing beyond
a client's scope is ever read. One object is printed; status 1 when anything was found.
"""

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import platformdirs
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import bench
from app.client import Client
from app.door import listen
from app.paths import Paths
from gum.errors import GumptionError
from gum.types import Revision, Sensitivity
from storage import keys, propositions
from storage.db import Database
from tests.app.living import paths_under, wait_for, without_display
from tests.builders import proposition
from tests.soak import campaign
from tests.soak.phase import DOUBLED, FAULTS, LOST, TORN, UNOPENED
from tests.soak.talking import Access, Asker, Ledger, Listener, Outcast, Program, compared, digest, exact
from tests.storage.builders import new

SECONDS = 1800.0
LIFE_S = (1.0, 12.0)  # from when it answers until it is killed
GROWN_MB = 40.0  # from the first third of the lives to the last: more is a leak
SECRET, OTHER = "qorvexsecret", "zelphaother"
FIGURES = (
    "kills", "worker_kills", "requests", "acknowledged", "proposals", "repeated", "events", "resumed",
    "resyncs", *FAULTS, "rss_first_mb", "rss_last_mb", "median_start_s", "seconds",
)  # fmt: skip
Tell = Callable[[str], None]


class Served:
    """`gumption daemon` in a folder, at a port that stays."""

    def __init__(self, home: Path, models: Path | None) -> None:
        self.paths: Paths = paths_under(home).make()
        self.client = Client(self.paths, 20.0)
        with listen(0) as free:
            self.port = free.getsockname()[1]
        self._env = {
            **without_display(),
            "GUMPTION_HOME": str(home),
            "GUMPTION_MODELS": str(models or home / "none"),
            "GUMPTION_API__PORT": str(self.port),
            "GUMPTION_PLUGIN__REQUESTS_PER_MINUTE": "1000000",
            "GUMPTION_SUGGEST__ENABLED": "false",
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> float:
        """Seconds until it answered. Raises AssertionError when it never does."""
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gumption", "daemon"],
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        wait_for(self.client, self.process, 60.0)
        return time.monotonic() - begun

    def kill(self) -> None:
        """With -9; its worker notices by itself."""
        assert self.process is not None
        assert self.process.poll() is None, "it ended by itself"
        self.process.kill()
        self.process.communicate()

    def end(self) -> int:
        """Told to; its status."""
        assert self.process is not None
        self.process.terminate()
        self.process.communicate(timeout=60)
        return self.process.returncode

    def kill_worker(self) -> bool:
        """Kills the process of the models with -9; False where there is none."""
        assert self.process is not None
        for child in _children(self.process.pid):
            with suppress(OSError):
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    os.kill(child, signal.SIGKILL)
                    return True
        return False

    def rss_mb(self) -> float:
        assert self.process is not None
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def _children(pid: int) -> list[int]:
    found = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(each) for each in tasks.read_text().split()]
    return found


def _opened(paths: Paths) -> Database:
    return Database.open(paths.database, keys.data_key(paths.config, paths.database, keyring_ok=False))


def prepare(paths: Paths) -> None:
    """Claims: some about the garden, some about something else, some sensitive."""
    known = [
        *(_claim(f"g{n}", f"the garden tool{n}x") for n in range(20)),
        *(_claim(f"o{n}", f"{OTHER} number{n}x") for n in range(20)),
        *(_claim(f"s{n}", f"the garden {SECRET} cure{n}x", Sensitivity.SENSITIVE) for n in range(5)),
    ]
    database = _opened(paths)
    database.run_sync(lambda s: propositions.commit(s, known))
    database.close()


def _claim(id: str, thing: str, how: Sensitivity = Sensitivity.NORMAL) -> Revision:
    made = proposition(f"Prefers {thing}", id=id, type="prefers", slots={"thing": thing}, confidence=0.9)
    return new(replace(made, sensitivity=how))


def let_in(owner: Client) -> list[Access]:
    """Clients of different scopes, in this order: any topic, the garden alone, one that is shown out."""
    any_ = {"rights": ["read", "suggest"], "parts": ["claims", "activity"]}
    garden = {**any_, "topics": ["garden"]}
    made = []
    for name, scope, never in (
        ("any", any_, (SECRET,)),
        ("garden", garden, (SECRET, OTHER)),
        ("out", any_, (SECRET, OTHER)),
    ):
        told = owner.post("/clients", {"name": name, "scope": scope})
        made.append(Access(name, told["client"]["id"], told["token"], never))
    owner.delete(f"/clients/{made[-1].id}")
    return made


class Person(threading.Thread):
    """Decides on what waits, as the person would, whether the daemon lives or not."""

    def __init__(self, owner: Client, end: threading.Event, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self._owner, self._end, self._chance = owner, end, chance

    def run(self) -> None:
        while not self._end.wait(0.3):
            with suppress(GumptionError):
                for each in self._owner.get("/proposals", {"state": "waiting"})["items"]:
                    self._owner.post(f"/proposals/{each['id']}", {"accept": self._chance.random() < 0.5})


def soak(
    seconds: float,
    home: Path,
    tell: Tell,
    models: Path | None = None,
    seed: int = campaign.SEED,
    life_s: tuple[float, float] = LIFE_S,
) -> bench.Result:
    """Runs it; the figures, with the faults in the settings."""
    chance, begun = random.Random(seed), time.monotonic()
    served, ledger, end = Served(home, models), Ledger(), threading.Event()
    prepare(served.paths)
    starts, sizes, kills, worker_kills = [served.start()], list[float](), 0, 0
    threads = _programs(served, let_in(served.client), ledger, end, chance)
    for thread in threads:
        thread.start()
    try:
        while time.monotonic() - begun < seconds or not kills:
            time.sleep(min(chance.uniform(*life_s), max(0.5, begun + seconds - time.monotonic())))
            if chance.random() < 0.3 and served.kill_worker():
                worker_kills += 1
                continue
            sizes.append(served.rss_mb())
            served.kill()
            kills += 1
            time.sleep(chance.choice((0.0, 0.5)))
            starts.append(served.start())
            tell(f"{time.monotonic() - begun:.0f} s: {kills} kills, {ledger.asked} requests")
    except AssertionError as error:
        ledger.findings.expect(False, UNOPENED, str(error)[-500:])
    end.set()
    for thread in threads:
        thread.join(60)
        ledger.findings.expect(not thread.is_alive(), LOST, f"{thread.name} hangs")
    _compare(served, ledger)
    compared(ledger, "steady", "breaks")
    third = max(1, len(sizes) // 3)
    first, last = (statistics.median(part) if part else 0.0 for part in (sizes[:third], sizes[-third:]))
    ledger.findings.expect(last - first <= GROWN_MB, LOST, f"it grew from {first:.0f} to {last:.0f} MB")
    counts = Counter(fault for fault, _ in ledger.findings.faults)
    figures = {
        "kills": kills,
        "worker_kills": worker_kills,
        "requests": ledger.asked,
        "acknowledged": ledger.told.total(),
        "proposals": len(ledger.proposals),
        "repeated": ledger.repeated,
        "events": sum(len(each) for runs in ledger.events.values() for each in runs.values()),
        "resumed": ledger.resumed,
        "resyncs": ledger.resyncs,
        **{fault: counts[fault] for fault in FAULTS},
        "rss_first_mb": first,
        "rss_last_mb": last,
        "median_start_s": statistics.median(starts),
        "seconds": time.monotonic() - begun,
    }
    return bench.Result(figures, {}, {"faults": ledger.findings.faults[:50]}, (seed,))


def _programs(
    served: Served, clients: list[Access], ledger: Ledger, end: threading.Event, chance: random.Random
) -> list[threading.Thread]:
    any_, garden, out = clients
    given = [(served.address, who, ledger, end, random.Random(chance.random())) for who in (any_, garden)]
    made: list[Program] = [
        Asker(*given[0], facts=True),
        Asker(*given[0]),
        Asker(*given[1], facts=True),
        Listener(*given[0], label="steady", breaks=False),
        Listener(*given[0], label="breaks", breaks=True),
        Listener(*given[1], label="garden", breaks=True),
        Outcast(served.address, out, ledger, end, random.Random(chance.random())),
    ]
    return [*made, Person(served.client, end, random.Random(chance.random()))]


def _compare(served: Served, ledger: Ledger) -> None:
    """The log and the store with what was acknowledged: over the API first, then in the file."""
    findings = ledger.findings
    try:
        newest = served.client.get("/disclosures", {"limit": "500"})["items"]
        for each in newest[:: max(1, len(newest) // 20)]:
            content = served.client.get(f"/disclosures/{each['id']}")["content"]
            findings.expect(len(content.encode()) == each["size"], TORN, f"the size of answer {each['id']}")
        findings.same(served.end(), 0, UNOPENED, "the status of the end")
        database = _opened(served.paths)
    except (GumptionError, subprocess.TimeoutExpired) as error:
        findings.expect(False, UNOPENED, repr(error))
        return
    database.check()
    database.read_sync(lambda s: _log(s, ledger))
    database.read_sync(lambda s: _store(s, ledger))
    database.close()


def _log(s: Session, ledger: Ledger) -> None:
    bodies = {n: _of(body) for n, body in s.execute(text("SELECT n, body FROM disclosed"))}
    rows = s.execute(text("SELECT client_id, content, count(*) FROM disclosures GROUP BY 1, 2"))
    logged: Counter[tuple[str, str]] = Counter()
    for client, content, count in rows:
        for told in bodies.get(content, ()):
            logged[(client, told)] += count
    for (client, told), count in ledger.told.items():
        there = logged[(client, told)]
        ledger.findings.expect(
            there >= count, LOST, f"{count} answers to {client} stand {there} times in the log"
        )


def _of(body: bytes) -> set[str]:
    """Under which digests an answer may have been noted."""
    content = zlib.decompress(body)
    with suppress(ValueError):
        return {exact(content), digest(json.loads(content))}
    return {exact(content)}


def _store(s: Session, ledger: Ledger) -> None:
    findings = ledger.findings
    there = set(s.scalars(text("SELECT id FROM proposals")))
    for key, id in ledger.proposals.items():
        findings.expect(id in there, LOST, f"the proposal {id} of {key}")
    ids = list(ledger.proposals.values())
    findings.same(len(ids), len(set(ids)), DOUBLED, "proposals of different keys")
    broken = s.connection().exec_driver_sql("PRAGMA foreign_key_check").all()
    findings.same(len(broken), 0, TORN, "rows that refer to nothing")
    twice = s.execute(
        text("SELECT text FROM propositions WHERE status = 'active' GROUP BY text HAVING count(*) > 1")
    ).all()
    findings.same(list(twice), [], DOUBLED, "claims kept twice")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.serving", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long it is asked and killed")
    parser.add_argument("--seed", type=int, default=campaign.SEED, help="of all moments")
    own = os.environ.get("GUMPTION_MODELS") or platformdirs.user_data_path("gumption") / "models"
    parser.add_argument("--models", type=Path, default=own, help="the folder of the model files")
    given = parser.parse_args()

    def tell(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="gumption-soak-") as scratch:
        found = soak(given.seconds, Path(scratch), tell, given.models, given.seed)
    print(json.dumps(bench.as_object("serving", found, FIGURES), indent=2))
    return int(any(found.figures[fault] for fault in FAULTS))


if __name__ == "__main__":
    sys.exit(main())
