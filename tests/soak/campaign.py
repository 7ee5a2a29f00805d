"""The campaign: so many kills in each phase at seeded moments, each looked at, resumable.

A run of a phase is one folder and two lives: started, killed at a random moment, started again (of every
three such starts one is killed too, in the middle of its recovery), checked, and once more. Every fourth
kill may fall before the process has come up. Each kill is a line of the log; a run whose lines are there is
not made again.
"""

import json
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from app.bench import Result, interval
from tests.forks import heard
from tests.soak.lives import Life
from tests.soak.phase import FAULTS, LIVES, Phase
from tests.soak.phases import ALL

SEED = 20261123
Row = Mapping[str, object]


def plan(kills: int, phases: Sequence[Phase] = ALL) -> list[tuple[Phase, int]]:
    """Runs, the phases in turn, so many that there are at least `kills`."""
    runs = -(-kills // (LIVES * len(phases)))
    return [(phase, number) for number in range(runs) for phase in phases]


def read(log: Path) -> list[dict[str, object]]:
    """The kills that were looked at so far; a line that was cut short is left out."""
    rows = []
    for line in log.read_text().splitlines() if log.exists() else []:
        try:
            rows.append(json.loads(line))
        except ValueError:
            continue
    return rows


def go(
    kills: int,
    log: Path,
    tell: Callable[[str], None],
    phases: Sequence[Phase] = ALL,
    seed: int = SEED,
    commit: str = "",
) -> list[dict[str, object]]:
    """Makes the runs that the log does not have yet of this seed and commit; all rows of the plan."""

    def of_plan() -> list[dict[str, object]]:
        ours = {(phase.name, number, seed, commit) for phase, number in wanted}
        return [r for r in read(log) if (r["phase"], r["run"], r["seed"], r["commit"]) in ours]

    wanted = plan(kills, phases)
    known = {(r["phase"], r["run"]) for r in of_plan()}
    log.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gumption-soak-") as scratch, log.open("a") as out:
        for phase, number in wanted:
            if (phase.name, number) in known:
                continue
            rows = [{**row, "commit": commit} for row in lives(phase, number, Path(scratch), seed)]
            out.write("".join(json.dumps(row) + "\n" for row in rows))
            out.flush()
            faults = [f"{kind}: {words}" for row in rows for kind, words in _faults(row)]
            tell(f"{phase.name} {number}: {'; '.join(faults) or 'sound'}")
    return of_plan()


def lives(
    phase: Phase, number: int, scratch: Path, seed: int, count: int = LIVES
) -> Iterator[dict[str, object]]:
    """One run: a row for each kill."""
    folder = scratch / f"{phase.name}{number}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    here = Life(phase, folder, number)
    _template(phase, number, scratch, here)
    chance = random.Random(f"{seed} {phase.name} {number}")
    for life in range(count):
        early = chance.random() < 0.25
        moment = here.kill_at("work", life, chance, early)
        said = heard(here.said)
        last = said[-1] if said else "nothing"
        found = here.finish("between", life)
        again = chance.random() < 1 / 3
        if again:
            here.kill_at("recover", life, chance, True)
            found.faults += here.finish("between", life).faults
        start = time.monotonic()
        found.faults += here.finish("recover", life).faults
        took = time.monotonic() - start
        found.faults += here.finish("check", life).faults
        yield {
            "phase": phase.name,
            "run": number,
            "life": life,
            "seed": seed,
            "kills": 1 + again,
            "early": early,
            "moment_s": round(moment, 4),
            "last": last[:80],
            "amid": last.startswith("begin") or early,
            "recovery_s": round(took, 3),
            "faults": found.faults,
        }
    shutil.rmtree(folder)


def _template(phase: Phase, number: int, scratch: Path, here: Life) -> None:
    """The folder to begin with, made once for each variant."""
    kept = scratch / f"template-{phase.name}-{number % phase.variants}"
    if not kept.exists():
        found = here.finish("prepare", 0)
        assert not found.faults, found.faults
        here.home.rename(kept)
    shutil.copytree(kept, here.home)


def _faults(row: Row) -> list[tuple[str, str]]:
    faults = row["faults"]
    assert isinstance(faults, list)
    return [(kind, words) for kind, words in faults]


def figures(rows: Sequence[Row], phases: Sequence[Phase] = ALL) -> dict[str, float]:
    """How many kills there were, how many of each fault, and how long the next start took; by phase, too."""
    told: dict[str, float] = {"kills": sum(int(str(r["kills"])) for r in rows)}
    told["kills_amid"] = sum(bool(r["amid"]) for r in rows)
    for fault in FAULTS:
        told[fault] = sum(kind == fault for r in rows for kind, _ in _faults(r))
    told["median_recovery_s"] = _median(rows)
    for phase in phases:
        own = [r for r in rows if r["phase"] == phase.name]
        told[f"kills_{phase.name}"] = sum(int(str(r["kills"])) for r in own)
        told[f"faults_{phase.name}"] = sum(len(_faults(r)) for r in own)
        told[f"recovery_{phase.name}_s"] = _median(own)
    return told


def _median(rows: Sequence[Row]) -> float:
    return statistics.median(float(str(r["recovery_s"])) for r in rows) if rows else 0.0


def names(phases: Sequence[Phase] = ALL) -> tuple[str, ...]:
    """The figures of a campaign."""
    return tuple(figures((), phases))


def result(rows: Sequence[Row], phases: Sequence[Phase] = ALL, seed: int = SEED) -> Result:
    """The figures as a benchmark tells them."""
    times = [float(str(r["recovery_s"])) for r in rows]
    setting = {"lives": LIVES, "phases": [phase.name for phase in phases], "runs": len(rows) // LIVES}
    ends = {"median_recovery_s": interval(times)} if times else {}
    return Result(figures(rows, phases), ends, setting, (seed,))
