"""A desktop, a real daemon that observes it, and the cases that were played on it.

The daemon is the shipped one in a process of its own, with an encrypted store whose key is known here. Its
database keeps all that it was ever given (`search.keep_all`), so what is stored for a moment counts, too.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app import paths as app_paths
from app.client import Client, Json
from app.desktop import VirtualDesktop
from app.paths import Paths
from gum.errors import GumptionError
from storage import keys
from storage.db import Database
from tests.desktop.pages import Browser, Pages
from tests.desktop.plants import Plant, Plants
from tests.desktop.search import Live, Trove, keep_all, search
from tests.desktop.windows import Screen, Shown, until

_ROOT = Path(app_paths.__file__).parents[1]  # whose daemon it is, whatever is installed
SIZE = (1600, 900)
MONITORS = {"LEFT": (0, 0, 800, 900), "RIGHT": (800, 0, 800, 900)}
PATIENCE_S = 20.0  # for what must be seen; most is within 2 s
NOTICED_S = 6.0  # within which the daemon says that the window in front is left out
DWELL_S = 1.6  # after that: a tree is read after 0.3 s and told after 1 s of rest, a picture within 1 s
POKE_S = 0.4


@dataclass(slots=True)
class Case:
    """One thing that was planted, and what became of it."""

    scene: str
    name: str
    plant: Plant
    must_be_seen: bool
    places: list[str] = field(default_factory=list)
    note: str = ""
    had: bool = False  # it was in the store while the scene was played; it may have been forgotten since

    @property
    def seen(self) -> bool:
        return bool(self.places)

    @property
    def ok(self) -> bool:
        return self.seen == self.must_be_seen


class House:
    """A data folder with a daemon that can be started and ended."""

    def __init__(self, desktop: VirtualDesktop, home: Path, keeps: bool = True, **settings: str) -> None:
        self._desktop, self._home = desktop, home
        paths = Paths(home / "data", home / "config", Paths.home().models).make()
        self.key = keys.data_key(paths.config, paths.database, keyring_ok=False)
        Database.open(paths.database, self.key).close()
        if keeps:
            keep_all(paths.database, self.key)
        self.paths, self.keeps = paths, keeps
        self.client = Client(paths)
        self.answers = home / "answers.txt"
        (home / "tmp").mkdir()
        self._env = {
            "PYTHONPATH": os.pathsep.join((str(_ROOT), str(_ROOT / "packaging"))),
            "GUMPTION_HOME": str(home),
            "GUMPTION_MODELS": str(paths.models),
            "GUMPTION_SUGGEST__ASK_DETAILS": "false",
            "GUMPTION_PIPELINE__BATCH_WAIT_S": "3",
            "TMPDIR": str(home / "tmp"),  # whatever it leaves there is searched with the rest
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Raises AssertionError when it does not answer, or its sources do not run."""
        with (self._home / "said.txt").open("ab") as said:
            argv = [sys.executable, "-m", "gumption", "daemon"]
            self._process = self._desktop.launch(argv, env=self._env, stdout=said)
        until(self._observes, "the daemon does not observe", 25.0)

    def _observes(self) -> bool:
        with suppress(GumptionError):
            sources = {s["name"]: s["state"] for s in self.client.get("/status")["sources"]}
            return all(sources.get(name) == "running" for name in ("window", "ui_tree", "screen"))
        return False

    def work_off(self) -> None:
        """Waits until every picture was read and all of it drawn upon."""
        end = time.monotonic() + 180
        while time.monotonic() < end:
            queue = self.client.get("/status")["queue"]
            if not any(queue[name] for name in ("inbox", "perceive", "propose")):
                break
            time.sleep(0.5)

    def note_answers(self) -> None:
        """Notes what the daemon tells whoever asks."""
        asked = ["/status", "/propositions", "/suggestions", "/questions", "/audit", "/people"]
        asked += ["/privacy/today", "/privacy/rules"]
        told = [repr(self.client.get(path)) for path in asked]
        before: dict[str, str] = {}
        while True:
            page = self.client.get("/observations", {"limit": "500", **before})
            told.append(repr(page["items"]))
            if page["next"] is None or not page["items"]:
                break
            before = {"before": str(page["next"])}
        self.answers.write_text("\n".join(told))

    def end(self) -> None:
        """Ends it as the session's end would."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)
            self._process = None

    @property
    def running(self) -> bool:
        return self._process is not None

    def kill(self) -> None:
        """Ends it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(60)
            self._process = None

    def search(self, plants: list[Plant]) -> Trove:
        """Everything in its folder, also what it said and answered."""
        return search(self._home, self.key, plants)


class Stage:
    """What scenes play on."""

    def __init__(
        self, desktop: VirtualDesktop, screen: Screen, house: House, pages: Pages, plants: Plants
    ) -> None:
        self.desktop, self.screen, self.house, self.pages = desktop, screen, house, pages
        self.client = house.client
        self.plants = plants
        self.cases: list[Case] = []
        self.scene = ""
        self._live = Live(house.paths.database, house.key, house.keeps)
        self._browser: Browser | None = None

    # --- cases ----------------------------------------------------------------------------------

    def secret(self, name: str, plant: Plant | None = None) -> Plant:
        """A case whose plant must not be found."""
        return self._case(name, plant, False)

    def harmless(self, name: str, plant: Plant | None = None) -> Plant:
        """A case whose plant must be found: the twin that shows that its scene can fail."""
        return self._case(name, plant, True)

    def _case(self, name: str, plant: Plant | None, seen: bool) -> Plant:
        plant = plant or self.plants.text()
        self.cases.append(Case(self.scene, name, plant, seen))
        return plant

    # --- waiting --------------------------------------------------------------------------------

    def seen(self, plant: Plant, seconds: float = PATIENCE_S, poke: bool = True) -> bool:
        """Whether the plant gets into the store within `seconds`."""
        end = time.monotonic() + seconds
        while not self._live.seen(plant):
            if time.monotonic() > end:
                return False
            if poke:
                self.poke()
            time.sleep(POKE_S / 2)
        for case in self.cases:
            case.had |= case.plant is plant
        return True

    def refused(self) -> bool:
        """Waits until the daemon says that it leaves the front window out, and then as long as a look takes.

        False: it never said so.
        """
        end, said = time.monotonic() + NOTICED_S, False
        while not said and time.monotonic() < end:
            said = self.client.get("/status")["state"] == "excluded"
            time.sleep(0.1)
        self.linger()
        return said

    def linger(self, seconds: float = DWELL_S) -> None:
        """Lets time go by while somebody is there."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.poke()
            time.sleep(POKE_S)

    def poke(self) -> None:
        """A key that does nothing: somebody is there."""
        self.desktop.key("Shift_L")

    # --- things ---------------------------------------------------------------------------------

    @property
    def browser(self) -> Browser:
        """The one browser of the stage, with an empty tab; it starts when first asked for."""
        if self._browser is None:
            self._browser = Browser(self.desktop, self.pages, self.desktop.folder / "profile")
            self._browser.start("about:blank")
            self.desktop.wait_window("*Chromium*")
        return self._browser

    def front(self, app: str | None, title: str | None, plant: Plant | None = None, **more: Any) -> Shown:
        """Opens a window (`Shown` says what it takes) and brings it to the front."""
        made = self.screen.show(app, title, plant, **more)
        self.screen.activate(made.id)
        return made

    def redrawn(self, window: Shown, name: str, line: str = "") -> None:
        """A harmless case: something else that a window now shows, and that must be seen."""
        plant = self.harmless(name)
        window.draw(plant, line)
        self.seen(plant)

    @contextmanager
    def rule(self, name: str, **fields: Any) -> Iterator[Json]:
        """A rule of the person's own, for as long as the block runs."""
        made = self.client.post("/privacy/rules", {"name": name, **fields})
        try:
            yield made
        finally:
            self.client.delete(f"/privacy/rules/{made['id']}")

    def play(self, scene: Callable[["Stage"], None]) -> None:
        """Plays a scene on an empty desktop. One that breaks down is told as a case that was not shown."""
        self.scene = scene.__name__
        try:
            scene(self)
        finally:
            self.screen.clear()

    def judge(self) -> Trove:
        """Ends the daemon, searches its folder and says of each case where its plant was found."""
        if self.house.running:
            self.house.work_off()
            self.house.note_answers()
        self._live.close()
        self.house.end()
        trove = self.house.search([case.plant for case in self.cases])
        for case in self.cases:
            case.places = trove.places(case.plant)
            if case.must_be_seen and case.had and not case.places:
                case.places = ["the store, while it was played"]
        return trove
