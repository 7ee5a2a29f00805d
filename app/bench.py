"""`gumption bench`: runs a benchmark of this checkout and prints its figures as one object.

A benchmark is a file `tests/benchmarks/NAME.py` with `FIGURES`, the names of what it measures (unit as
suffix), and `run(settings) -> Result`. Benchmarks are no tests: they assert nothing about time.
"""

import importlib.util
import json as json_text
import os
import platform
import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from app.config import Settings
from gum.errors import NotFound

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "benchmarks"
ROUNDS = 2000  # bootstrap resamples: the ends of a 95% interval then rest on 50 values each
SEED = 20260101

Interval = tuple[float, float]
Statistic = Callable[[Sequence[float]], float]


@dataclass(frozen=True, slots=True)
class Result:
    """What a benchmark measured: figures by name, their 95% intervals, and how it was set up."""

    figures: Mapping[str, float]
    intervals: Mapping[str, Interval]
    settings: Mapping[str, object] = field(default_factory=dict)
    seeds: tuple[int, ...] = ()


def median(samples: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(samples)


def quantile(part: float) -> Statistic:
    """The value below which `part` (0..1) of the samples lie, linear between neighbours."""

    def of(samples: Sequence[float]) -> float:
        ordered = sorted(samples)
        place = part * (len(ordered) - 1)
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

    return of


def interval(samples: Sequence[float], statistic: Statistic = median, seed: int = SEED) -> Interval:
    """The 95% interval of a statistic by the percentile bootstrap (Efron 1979). Same seed, same answer.

    It tells of the scatter of these samples, not of what another machine would measure.
    """
    ordered, chance = sorted(samples), random.Random(seed)
    values = sorted(statistic(chance.choices(ordered, k=len(ordered))) for _ in range(ROUNDS))
    return values[int(0.025 * ROUNDS)], values[int(0.975 * ROUNDS) - 1]


def names() -> list[str]:
    """The benchmarks of this checkout. Raises NotFound where there is none, as in an installed program."""
    found = sorted(file.stem for file in FOLDER.glob("*.py") if not file.stem.startswith("_"))
    if not found:
        raise NotFound(
            "There are no benchmarks here",
            "They come with the source, not with the installed program: run this in a checkout.",
        )
    return found


def load(name: str) -> ModuleType:
    """The benchmark's module. Raises NotFound."""
    known = names()
    if name not in known:
        raise NotFound(f"There is no benchmark called {name}", f"There are: {', '.join(known)}.")
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))  # benchmarks may share helpers with each other
    spec = importlib.util.spec_from_file_location(f"tests.benchmarks.{name}", FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def machine() -> dict[str, object]:
    """What the figures were measured on; nothing that names the person or the computer."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 1e9, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


def commit() -> str:
    """The commit of the checkout, with `-changed` when files differ from it; "unknown" without git."""
    try:
        told = _git("rev-parse", "--short=12", "HEAD")
        return told + ("-changed" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def as_object(name: str, result: Result, wanted: Sequence[str]) -> dict[str, object]:
    """The object that is printed (design.md section 6). A figure that was not measured is a bug."""
    assert set(result.figures) == set(wanted), "a benchmark measures exactly its FIGURES"
    return {
        "name": name,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        "settings": dict(result.settings),
        "seeds": list(result.seeds),
        "figures": {key: round(value, 6) for key, value in result.figures.items()},
        "intervals": {key: [round(end, 6) for end in ends] for key, ends in result.intervals.items()},
    }


def _list(as_json: bool) -> int:
    modules = {name: load(name) for name in names()}
    if as_json:
        rows = [{"name": name, "figures": list(module.FIGURES)} for name, module in modules.items()]
        _out(json_text.dumps(rows, indent=2))
        return 0
    for name, module in modules.items():
        _out(f"{name:<10} {(module.__doc__ or '').splitlines()[0]}")
        _out("".join(f"{'':<11}{figure}\n" for figure in module.FIGURES).rstrip("\n"))
    return 0


def run(name: str | None, json: bool = False, list_: bool = False) -> int:
    """Prints the figures of one benchmark, or with `list_` the names of all. Raises NotFound."""
    if list_:
        return _list(json)
    if name is None:
        print(f"gumption bench: which one? {', '.join(names())}", file=sys.stderr)  # noqa: T201
        return 2
    module = load(name)
    told = as_object(name, module.run(Settings()), module.FIGURES)
    if json:
        _out(json_text.dumps(told, indent=2))
        return 0
    figures, intervals = told["figures"], told["intervals"]
    assert isinstance(figures, dict)
    assert isinstance(intervals, dict)
    for figure, value in figures.items():
        low, high = intervals.get(figure, (value, value))
        _out(f"{figure:<32} {value:>10.4g}   (95%: {low:.4g} to {high:.4g})")
    return 0


def _out(text: str) -> None:
    print(text, flush=True)  # noqa: T201
