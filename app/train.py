"""`gumption train`: what is learnt at simulated desks and shipped. Needs the source.

`confidence` plays the desks that may be tuned to, by the extractors and by a noisy oracle at two rates of
mistakes, and writes what a piece of evidence is worth to `gum/fitted.py`.
"""

import json as json_text
import sys
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from app.bench import ROOT
from app.desks.campaign import DEFAULT, ORACLE, Wanted, play_pairs, sources
from app.desks.fit import cross_validated, fit
from app.desks.lessons import Lesson, kinds, lessons
from app.desks.oracle import Rates
from gum.errors import NotFound

NAMES = ("confidence",)
FILE = ROOT / "gum" / "fitted.py"
# What a language model gets wrong is not known beforehand: learnt at usual and at many mistakes alike.
HARD = Rates(false=0.25, duplicated=0.30)
_HEAD = '''"""What evidence is worth, learnt at simulated desks. Made by `gumption train`; not to be edited.

{about}
"""

from collections.abc import Mapping
from types import MappingProxyType

WEIGHTS: Mapping[str, float] = MappingProxyType(
'''


def run(name: str | None, count: int | None, json: bool = False, file: Path = FILE) -> int:
    """Learns and writes; the exit status. Raises NotFound, and what playing desks raises."""
    if name not in NAMES:
        raise NotFound("Nothing of that name can be trained", f"There are: {', '.join(NAMES)}.")
    if not file.parent.is_dir():
        raise NotFound("The source is not here", "What is learnt is written into a checkout of it.")
    found = gather(count)
    weights = fit(found)
    figures = {name: round(value, 4) for name, value in cross_validated(found).items()}
    file.write_text(written(weights, found, figures), encoding="utf-8")
    told = {
        "name": name,
        "lessons": len(found),
        "kinds": kinds(found),
        "figures": figures,
        "weights": weights,
    }
    lines = [f"{value:10.4f}  {name}" for name, value in {**figures, **weights}.items()]
    print(json_text.dumps(told, indent=2) if json else "\n".join(lines))  # noqa: T201
    return 0


def gather(count: int | None) -> list[Lesson]:
    """Lessons of the first `count` desks (None: all that may be tuned to), each played three times."""
    from tqdm import tqdm

    usual = Wanted(model=DEFAULT, arms=("gumption",), count=count, remember=True)
    ways = (usual, replace(usual, model=ORACLE), replace(usual, model=ORACLE, rates=HARD, seed=1))
    pairs = [(source, way) for way in ways for source in sources(way)]
    with tqdm(unit="desk", file=sys.stderr, disable=None) as bar:
        runs = play_pairs(pairs, lambda run: bar.update())
    return [lesson for run in runs for lesson in lessons(run.desk, run.played["gumption"])]


def written(weights: Mapping[str, float], found: Sequence[Lesson], figures: Mapping[str, float]) -> str:
    """The source of the file."""
    told = ", ".join(f"{name} {value}" for name, value in figures.items())
    desks = len({lesson.desk for lesson in found})
    about = f"From {len(found)} claims at {desks} desks. At desks left out, by fifths: {told}."
    rows = "".join(f'        "{name}": {value},\n' for name, value in weights.items())
    return f"{_HEAD.format(about=_folded(about))}    {{\n{rows}    }}\n)\n"


def _folded(text: str) -> str:
    return "\n".join(textwrap.wrap(text, 105))
