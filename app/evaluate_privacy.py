"""`gumption eval privacy`: the filter test, played with real windows before a real daemon.

The cases are this checkout's (`tests/desktop/campaign.py`): each plants a word and a colour, and afterwards
the whole data folder is searched for them. Prints one object like `gumption bench` (design.md section 6) and,
besides, every case. The words themselves are not printed: where a miss was found is.
"""

import importlib
import json as json_text
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import ModuleType
from typing import Protocol

from app.bench import ROOT, commit, machine
from gum.errors import NotFound

NAME = "privacy"
FIGURES = ("cases", "misses", "false_block_rate", "unproved")
"""How many cases; how many planted things were found that must not be; the share of the harmless that were
not found; scenes that broke down or in which nothing at all was found, so that they prove nothing."""


class Case(Protocol):
    """Of a case (`tests.desktop.stage.Case`), what is printed."""

    scene: str
    name: str
    must_be_seen: bool
    places: list[str]

    @property
    def ok(self) -> bool: ...


class Outcome(Protocol):
    """What a campaign gives (`tests.desktop.campaign.Outcome`)."""

    cases: list[Case]
    broken: dict[str, str]
    spare: list[str]
    pictures: int
    seconds: float

    @property
    def unproved(self) -> list[str]: ...

    def figures(self) -> Mapping[str, float]: ...

    def rows(self) -> list[dict[str, object]]: ...


def campaign() -> ModuleType:
    """The cases. Raises NotFound where there are none, as in an installed program."""
    if not (ROOT / "tests" / "desktop" / "campaign.py").exists():
        raise NotFound(
            "The filter test is not here",
            "It comes with the source, not with the installed program: run this in a checkout.",
        )
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    return importlib.import_module("tests.desktop.campaign")


def run(json: bool = False, scenes: Sequence[str] = ()) -> int:
    """Plays all cases, or those of some scenes, and prints; 1 when something was missed or proves nothing.

    Raises NotFound for an unknown scene, CaptureUnavailable where no private desktop can be had.
    """
    outcome = _played(campaign(), scenes)
    figures = {name: round(outcome.figures()[name], 6) for name in FIGURES}
    if json:
        _out(json_text.dumps(_object(outcome, figures, scenes), ensure_ascii=False, indent=2))
    else:
        _out("\n".join(_lines(outcome, figures)))
    return 1 if figures["misses"] or figures["unproved"] else 0


def _played(campaign: ModuleType, scenes: Sequence[str]) -> Outcome:
    from tqdm import tqdm

    try:
        kept, lost = campaign.find(scenes) if scenes else (campaign.KEPT, campaign.LOST)
    except KeyError as error:
        known = ", ".join(scene.__name__ for scene in (*campaign.KEPT, *campaign.LOST))
        raise NotFound(f"There is no scene called {error.args[0]}", f"There are: {known}.") from error
    with tqdm(total=len(kept) + len(lost), unit="scene", file=sys.stderr, disable=None) as bar:

        def told(scene: str) -> None:
            bar.set_description(scene)
            bar.update()

        outcome: Outcome = campaign.play(kept, lost, told=told)
    return outcome


def _object(outcome: Outcome, figures: dict[str, float], scenes: Sequence[str]) -> dict[str, object]:
    return {
        "name": NAME,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        "settings": {
            "scenes": list(scenes) or "all",
            "wall_s": round(outcome.seconds, 1),
            "pictures": outcome.pictures,
        },
        "seeds": [1],
        "figures": figures,
        "intervals": {},
        "cases": outcome.rows(),
        "unproved": outcome.unproved,
        "broken": outcome.broken,
        "colours_nobody_planted": outcome.spare,
    }


def _lines(outcome: Outcome, figures: dict[str, float]) -> list[str]:
    """A line a case that is not as expected, with where it was found; then what each scene came to."""
    lines, scenes = [], dict.fromkeys(case.scene for case in outcome.cases)
    for scene in scenes:
        cases = [case for case in outcome.cases if case.scene == scene]
        bad = [case for case in cases if not case.ok]
        unproved = "  proves nothing" if scene in outcome.unproved else ""
        lines.append(f"{scene:<26} {len(cases):>4} cases, {len(bad)} not as expected{unproved}")
        for case in bad:
            what = "was not seen" if case.must_be_seen else f"MISSED: {', '.join(case.places)}"
            lines.append(f"    {case.name}: {what}")
    lines += [f"{scene:<26} broke down: {why}" for scene, why in outcome.broken.items()]
    return [*lines, *(f"{name:<32} {value:>10.4g}" for name, value in figures.items())]


def _out(text: str) -> None:
    print(text, flush=True)  # noqa: T201
