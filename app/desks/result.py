"""What a run of the evaluation comes to, and the file in which runs are kept.

Runs are JSON lines in tests/benchmarks/desks.jsonl. Lines are only ever added, so that a later run can be
told against the last one of the same settings.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from app.desks.alike import alike
from app.desks.figures import FIGURES, Bin, Runs, Tally, binned, bootstrapped, figures, tallied
from app.desks.types import Desk, Played
from gum.errors import GumptionError, StoreReadOnly
from gum.ports import Embedder

NAME = "desks"
FILE = "desks.jsonl"  # in tests/benchmarks

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ArmResult:
    """What one arm did at all desks."""

    name: str
    figures: Mapping[str, float]
    intervals: Mapping[str, Interval]
    bins: tuple[Bin, ...] = ()
    tallies: tuple[Tally, ...] = ()  # one a desk; none where a run was read back from the file
    alike: Mapping[str, float] = field(default_factory=dict)  # by meaning (`alike`), where that was asked for


@dataclass(frozen=True, slots=True)
class Result:
    """A run: every arm over the same desks. `settings` hold at least `set` and `model`."""

    at: datetime
    commit: str
    machine: Mapping[str, object]
    settings: Mapping[str, object]
    seeds: tuple[int, ...]
    arms: tuple[ArmResult, ...]
    about: Mapping[str, str] = field(default_factory=dict)  # what each desk is about, by its id


def arm_result(name: str, runs: Runs, seed: int, embedder: Embedder | None = None) -> ArmResult:
    """Judges, measures and bootstraps the runs of one arm; `embedder` adds an opinion by meaning."""
    tallies = tuple(tallied(runs))
    return ArmResult(
        name=name,
        figures=figures(tallies),
        intervals=bootstrapped(tallies, seed),
        bins=tuple(binned(tallies)),
        tallies=tallies,
        alike=alike(runs, embedder) if embedder is not None else {},
    )


def about(runs: Sequence[tuple[Desk, Played]]) -> dict[str, str]:
    """What each desk is about, for a Result."""
    return {desk.id: desk.about for desk, _ in runs}


def as_object(result: Result) -> dict[str, object]:
    """The object that is printed and kept (design.md section 6). `figures` are those of the first arm; a
    figure that nothing speaks of is null."""
    arms: dict[str, dict[str, object]] = {
        arm.name: {
            "figures": _numbers(arm.figures),
            "intervals": _ends(arm.intervals),
            **({"alike": {name: _number(value) for name, value in arm.alike.items()}} if arm.alike else {}),
        }
        for arm in result.arms
    }
    nothing: dict[str, object] = {"figures": {}, "intervals": {}}
    return {
        "name": NAME,
        "at": result.at.isoformat(timespec="seconds"),
        "commit": result.commit,
        "machine": dict(result.machine),
        "settings": dict(result.settings),
        "seeds": list(result.seeds),
        **{part: next(iter(arms.values()), nothing)[part] for part in ("figures", "intervals")},
        "arms": arms,
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)


def _numbers(values: Mapping[str, float]) -> dict[str, float | None]:
    return {name: _number(values[name]) for name in FIGURES if name in values}


def _ends(values: Mapping[str, Interval]) -> dict[str, list[float | None]]:
    return {name: [_number(end) for end in values[name]] for name in FIGURES if name in values}


def record(path: Path, result: Result) -> None:
    """Adds the run as a line; what is there stays. Raises StoreReadOnly."""
    line = json.dumps(as_object(result), ensure_ascii=False, allow_nan=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    except OSError as error:
        raise StoreReadOnly(f"The run cannot be added to {path}", f"{error.strerror}.") from error


def last_recorded(path: Path, settings: Mapping[str, object] | None = None) -> Result | None:
    """The last run that was kept; with `settings`, the last with the same `set` and `model`.

    None where there is none. Raises GumptionError, with the line, for a file that holds something else.
    """
    if not path.is_file():
        return None
    kept = [
        _back(path, number, line)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if line.strip()
    ]
    like = [run for run in kept if settings is None or _comparable(run.settings, settings)]
    return like[-1] if like else None


def _comparable(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    return all(one.get(name) == other.get(name) for name in ("set", "model", "rates"))


def _back(path: Path, number: int, line: str) -> Result:
    try:
        told = json.loads(line)
        arms = tuple(
            ArmResult(
                name=name,
                figures={f: _float(value) for f, value in arm["figures"].items()},
                intervals={f: (_float(low), _float(high)) for f, (low, high) in arm["intervals"].items()},
            )
            for name, arm in told["arms"].items()
        )
        return Result(
            at=datetime.fromisoformat(told["at"]),
            commit=str(told["commit"]),
            machine=dict(told["machine"]),
            settings=dict(told["settings"]),
            seeds=tuple(told["seeds"]),
            arms=arms,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GumptionError(
            f"{path}:{number} is no recorded run",
            "Each line is a run as one JSON object: remove that line.",
        ) from error


def _float(value: float | None) -> float:
    return math.nan if value is None else float(value)
