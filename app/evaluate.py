"""`gumption eval`: how good what is inferred is, measured where the truth is known.

Prints one object like `gumption bench` (design.md section 6): the figures of one arm under their names,
and beside them those of every arm that was played.
"""

import json as json_text
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from app import evaluate_privacy
from app.bench import ROOT, commit, machine
from app.desks import contexts
from app.desks.campaign import ARMS, ORACLE, Run, Wanted, ask, play
from app.desks.figures import FIGURES, plain
from app.desks.oracle import Rates
from app.desks.report import page, table, write
from app.desks.result import Result, about, arm_result, as_object, last_recorded, record
from app.paths import Paths
from gum.errors import NotFound
from gum.model.client import ModelWorker
from gum.ports import Embedder

CONTEXT = "context"
NAMES = ("desks", CONTEXT, evaluate_privacy.NAME)
RECORD = ROOT / "tests" / "benchmarks" / "desks.jsonl"


def measured(wanted: Wanted, runs: Sequence[Run], seconds: float, embedder: Embedder | None = None) -> Result:
    """What runs that were played come to."""
    arms = []
    for name in ARMS:
        played = [(run.desk, run.played[name]) for run in runs if name in run.played]
        if played and name in wanted.arms:
            arms.append(arm_result(name, played, wanted.seed, embedder))
    settings: dict[str, object] = {
        "set": "path" if wanted.path else wanted.set,
        "model": wanted.model,
        "desks": len(runs),
        "wall_s": round(seconds, 1),
    }
    if wanted.model == ORACLE and wanted.rates != Rates():
        settings["rates"] = asdict(wanted.rates)
    told = [(run.desk, played) for run in runs for played in list(run.played.values())[:1]]
    return Result(datetime.now(UTC), commit(), machine(), settings, (wanted.seed,), tuple(arms), about(told))


def run(
    name: str | None,
    wanted: Wanted,
    json: bool = False,
    html: Path | None = None,
    keep: bool = False,
    by_meaning: bool = False,
) -> int:
    """Plays, prints and, if asked, writes the report and keeps the figures; the exit status.

    Raises NotFound, DeskInvalid, SettingsInvalid, ModelUnavailable, StoreReadOnly.
    """
    if name == CONTEXT:
        return _context(wanted, json)
    if name != "desks":
        asked = f"There is no evaluation called {name}" if name else "Which evaluation?"
        raise NotFound(asked, f"There are: {', '.join(NAMES)}.")
    began = time.perf_counter()
    runs = _played(wanted)
    seconds = time.perf_counter() - began
    with _embedder(by_meaning) as embedder:
        result = measured(wanted, runs, seconds, embedder)
    last = last_recorded(RECORD, result.settings)
    if html is not None:
        write(html, page(result, last))
    if keep:
        record(RECORD, result)
    _out(json_text.dumps(as_object(result), indent=2) if json else "\n".join(table(result, last)))
    return 0


def _context(wanted: Wanted, json: bool) -> int:
    """The figures of the test part, and beside them those of the part that was tuned on. Raises as `run`."""
    from tqdm import tqdm

    began = time.perf_counter()
    with tqdm(unit="desk", file=sys.stderr, disable=None) as bar:
        answered = ask(replace(wanted, model=ORACLE), bar.update)
    parts = {part: [a for a in answered if a.test is (part == "test")] for part in reversed(contexts.PARTS)}
    told = {
        part: {
            "asked": len(found),
            "figures": plain(contexts.figures(found)),
            "intervals": contexts.intervals(found, wanted.seed),
            "by_kind": {kind: plain(row) for kind, row in contexts.by_kind(found).items()},
        }
        for part, found in parts.items()
    }
    made = {
        "name": CONTEXT,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        "settings": {
            "set": "path" if wanted.path else wanted.set,
            "desks": len({a.desk for a in answered}),
            "budget": contexts.BUDGET,
            "wall_s": round(time.perf_counter() - began, 1),
        },
        "seeds": [wanted.seed],
        "figures": told["test"]["figures"],
        "intervals": {
            key: list(ends) for key, ends in contexts.intervals(parts["test"], wanted.seed).items()
        },
        "parts": told,
    }
    if json:
        _out(json_text.dumps(made, indent=2))
        return 0
    for part, found in parts.items():
        _out(f"{part} ({len(found)} requests)")
        ends = contexts.intervals(found, wanted.seed)
        for figure, value in contexts.figures(found).items():
            _out(f"  {figure:<20} {value:>6.3f}   (95%: {ends[figure][0]:.3f} to {ends[figure][1]:.3f})")
    return 0


@contextmanager
def _embedder(wanted: bool) -> Iterator[Embedder | None]:
    if not wanted:
        yield None
        return
    worker = ModelWorker(Paths.home().models)
    try:
        yield worker
    finally:
        worker.close()


def _played(wanted: Wanted) -> list[Run]:
    from tqdm import tqdm

    with tqdm(unit="desk", file=sys.stderr, disable=None) as bar:
        return play(wanted, lambda run: bar.update(), bar.reset)


def list_(json: bool) -> int:
    """Prints the evaluations and the names of their figures."""
    if json:
        rows = zip(NAMES, (FIGURES, contexts.FIGURES, evaluate_privacy.FIGURES), strict=True)
        _out(json_text.dumps([{"name": name, "figures": list(told)} for name, told in rows], indent=2))
        return 0
    _out(f"{'desks':<10} simulated people at their desks, with ground truth")
    _out("\n".join(f"{'':<11}{figure}" for figure in FIGURES))
    _out(f"{CONTEXT:<10} whether what assistants get to know helps with requests that leave things out")
    _out("\n".join(f"{'':<11}{figure}" for figure in contexts.FIGURES))
    _out(f"{evaluate_privacy.NAME:<10} the filter test: windows that must not be seen, and some that must")
    _out("\n".join(f"{'':<11}{figure}" for figure in evaluate_privacy.FIGURES))
    return 0


def _out(text: str) -> None:
    print(text, flush=True)  # noqa: T201
