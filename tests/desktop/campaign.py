"""The filter test: plays all scenes, searches the data folders, and says what was found that must not be.

A miss count of 0 proves something only where the same scene can find: a scene of which nothing harmless was
found is `unproved`, and so is one that broke down.
"""

import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.desktop import VirtualDesktop
from tests.desktop.pages import Pages
from tests.desktop.plants import Plants
from tests.desktop.scenes import browser, forgetting, places, programs, races, rules, secrets
from tests.desktop.stage import MONITORS, SIZE, Case, House, Stage
from tests.desktop.windows import Screen

log = logging.getLogger(__name__)
Scene = Callable[[Stage], None]
Told = Callable[[str], None]

FIGURES = ("cases", "misses", "false_block_rate", "unproved")
KEPT: tuple[Scene, ...] = (
    *programs.SCENES,
    *places.SCENES,
    *secrets.SCENES,
    *rules.SCENES,
    *browser.SCENES,
    *races.SCENES,
)
"""Played before a daemon whose database keeps all it was ever given."""
KEPT_SETTINGS = {"GUMPTION_SCREEN__THUMBNAILS": "true", "GUMPTION_SCREEN__PAIRS": "true"}
"""It keeps all it can be told to keep."""
LOST: tuple[Scene, ...] = forgetting.SCENES
"""Played before a second one, whose database is as it is shipped."""


@dataclass(slots=True)
class Outcome:
    """What became of all cases."""

    cases: list[Case] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)  # scene: what broke down
    spare: list[str] = field(default_factory=list)  # places of colours that nobody planted
    pictures: int = 0
    seconds: float = 0.0

    @property
    def misses(self) -> list[Case]:
        return [case for case in self.cases if case.seen and not case.must_be_seen]

    @property
    def blocked(self) -> list[Case]:
        """Harmless ones that were not seen."""
        return [case for case in self.cases if case.must_be_seen and not case.seen]

    @property
    def unproved(self) -> list[str]:
        """Scenes that could not have told a miss."""
        proved = {case.scene for case in self.cases if case.must_be_seen and case.seen}
        played = {case.scene for case in self.cases} | set(self.broken)
        return sorted((played - proved - _WITHOUT_TWIN) | set(self.broken))

    def figures(self) -> Mapping[str, float]:
        harmless = [case for case in self.cases if case.must_be_seen]
        return {
            "cases": float(len(self.cases)),
            "misses": float(len(self.misses)),
            "false_block_rate": len(self.blocked) / max(1, len(harmless)),
            "unproved": float(len(self.unproved)),
        }

    def rows(self) -> list[dict[str, object]]:
        """The cases as they are printed: no plant is in them, only where it was."""
        return [
            {
                "scene": case.scene,
                "case": case.name,
                "expected": "seen" if case.must_be_seen else "not seen",
                "seen": case.seen,
                "ok": case.ok,
                "places": case.places,
                "note": case.note,
            }
            for case in self.cases
        ]


# Its twin plays before the other daemon, which has the clipboard on.
_WITHOUT_TWIN = {"copies"}


def play(
    kept: Sequence[Scene] = KEPT,
    lost: Sequence[Scene] = LOST,
    size: tuple[int, int] = SIZE,
    told: Told = lambda scene: None,
    settings: Mapping[str, str] | None = None,
) -> Outcome:
    """Plays scenes on a private desktop; `told` hears the name of each before it is played.

    `settings` (environment) are added to those of the daemons.

    Raises CaptureUnavailable where no private desktop can be had, AssertionError when no daemon comes up.
    """
    outcome, began, plants = Outcome(), time.monotonic(), Plants()
    with tempfile.TemporaryDirectory(prefix="gumption-filter-") as folder:
        for name, scenes, own in (
            ("kept", kept, KEPT_SETTINGS),
            ("lost", lost, {"GUMPTION_SOURCES__CLIPBOARD": "true"}),
        ):
            if scenes:
                with VirtualDesktop(size=size, tray=False) as desktop, Screen(desktop.display) as screen:
                    screen.monitors(MONITORS)
                    with Pages(desktop.folder) as pages:
                        asked = {**own, **(settings or {})}
                        house = House(desktop, Path(folder) / name, name == "kept", **asked)
                        house.start()
                        stage = Stage(desktop, screen, house, pages, plants)
                        _play(stage, scenes, outcome, told)
    outcome.seconds = time.monotonic() - began
    return outcome


def _play(stage: Stage, scenes: Iterable[Scene], outcome: Outcome, told: Told) -> None:
    for scene in scenes:
        told(scene.__name__)
        try:
            stage.play(scene)
        except Exception as error:  # one scene that breaks down must not hide what the others find
            log.debug("a scene broke down", exc_info=error)
            outcome.broken[scene.__name__] = f"{type(error).__name__}: {error}"
    trove = stage.judge()
    outcome.cases += stage.cases
    outcome.pictures += trove.pictures
    outcome.spare += [
        f"{colour} {place}"
        for place, colours in trove.colours.items()
        for colour in colours.intersection(stage.plants.spare)
    ]


def find(names: Iterable[str]) -> tuple[list[Scene], list[Scene]]:
    """The scenes of these names, of either kind. Raises KeyError for a name that is none."""
    every = {scene.__name__: scene for scene in (*KEPT, *LOST)}
    wanted = [every[name] for name in names]
    return [s for s in wanted if s in KEPT], [s for s in wanted if s in LOST]
