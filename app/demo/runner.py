"""The demo from start to end: desktop, pages, daemon and tray, the person's day, the answer, the report."""

import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app.client import Client, Json
from app.demo import report, result
from app.demo.camera import Camera
from app.demo.consent import Consent
from app.demo.listen import Listener
from app.demo.person import Person
from app.demo.script import Day, Scene
from app.demo.site import Site
from app.demo.stage import Stage, settings
from app.demo.story import Story
from app.desktop import VirtualDesktop
from app.paths import Paths
from gum.errors import ActionFailed, CaptureUnavailable

SETTLE_S = 45.0
"""How long the person goes on looking at the screen until everything was worked through."""
OFFER_S = 60.0
PAGE = 200

Say = Callable[[str], None]


def say_on_stderr(line: str) -> None:
    """Progress goes to standard error, so that --json leaves one object on standard output."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


@dataclass
class Teller:
    """Tells of each proposition when it first appears, and of suggestions; keeps the ids of plans."""

    say: Say
    plans: list[str] = field(default_factory=list)
    _told: set[str] = field(default_factory=set)

    def __call__(self, name: str, data: Json) -> None:
        if name == "plan" and data["plan_id"] not in self.plans:
            self.plans.append(str(data["plan_id"]))
        key = str(data.get("id", ""))
        if name not in ("proposition", "suggestion") or key in self._told:
            return
        self._told.add(key)
        if name == "suggestion":
            self.say(f"  it offers: {data['text']} ({data['why_now']})")
            return
        self.say(f"  {float(data['confidence']):4.0%}  {data['text']}")
        for piece in data["evidence"][:1]:
            self.say(f"        “{' '.join(str(piece['quote']).split())}”  ({piece['app']})")

    def catch_up(self, client: Client) -> None:
        """Tells of propositions whose event was missed, because the stream broke and could not be resumed."""
        for proposition in client.get("/propositions", {"limit": str(PAGE)})["items"]:
            self("proposition", proposition)


class Demo:
    """One run. `home` is the throw-away data folder's root."""

    def __init__(self, home: Path, say: Say) -> None:
        self._home = home
        self._say = say
        self._story = Story(datetime.now().astimezone())
        self._started = time.monotonic()
        self._moments: list[report.Moment] = []

    def run(self, file: Path) -> Json:
        """Plays everything, writes the report to `file` and gives the result."""
        with ExitStack() as stack:
            site = stack.enter_context(Site(self._story))
            desktop = stack.enter_context(VirtualDesktop())
            person = Person(desktop, site)
            stage = Stage(
                desktop, self._home, Paths.home().models, settings(person, self._home, Paths.home().models)
            )
            self._say("Starting a private desktop, the daemon and the tray …")
            stage.start()
            teller = Teller(self._say)
            stack.enter_context(Listener(stage.client, teller))
            camera = stack.enter_context(Camera(desktop.display))
            consent = Consent(person, stage.client, self._remember, lambda: list(teller.plans))
            wrong = self._live(person, camera, consent, stage.client)
            teller.catch_up(stage.client)
            return self._conclude(stage.client, consent, camera, wrong, file)

    def _live(self, person: Person, camera: Camera, consent: Consent, client: Client) -> list[str]:
        """The person's day and the answers to what is offered; what went wrong."""
        wrong: list[str] = []
        try:
            for scene in Day(person, self._story).scenes():
                self._play(scene, camera)
                self._answer(consent, 0, wrong)
            self._settle(person, client)
            end = time.monotonic() + OFFER_S
            while self._answer(consent, max(0.0, end - time.monotonic()), wrong):
                pass
        except (ActionFailed, CaptureUnavailable) as error:
            wrong.append(f"{error.title}. {error.hint}")
        return wrong

    def _answer(self, consent: Consent, patience_s: float, wrong: list[str]) -> bool:
        """Answers one card, unless a plan was approved already; whether there may be more."""
        if consent.answered.plan is not None:
            return False
        try:
            return consent.attend(patience_s)
        except ActionFailed as error:  # the day goes on: the rest of it is worth seeing too
            wrong.append(f"{error.title}. {error.hint}")
            return consent.answered.plan is None

    def _play(self, scene: Scene, camera: Camera) -> None:
        self._say(f"Robin {scene.title} …")
        camera.cover(scene.secret)
        scene.play()
        camera.cover(False)

    def _settle(self, person: Person, client: Client) -> None:
        """Waits until every queue is empty."""
        self._say("Robin looks up. Gumption finishes what it has seen …")

        def empty() -> bool:
            queue = client.get("/status")["queue"]
            return not any(queue[name] for name in ("inbox", "perceive", "propose"))

        person.until(empty, SETTLE_S)

    def _remember(self, caption: str) -> None:
        self._moments.append(report.Moment(caption, datetime.now(UTC)))

    def _conclude(
        self, client: Client, consent: Consent, camera: Camera, wrong: list[str], file: Path
    ) -> Json:
        answered = consent.answered
        findings = result.Findings(
            propositions=client.get("/propositions", {"limit": str(PAGE)})["items"],
            observations=everything(client),
            excluded=result.counted(client.get("/privacy/today")),
            suggestion=answered.suggestion,
            accepted=answered.plan is not None,
            verified=answered.verified,
            undone=answered.taken_back,
            seconds=time.monotonic() - self._started,
        )
        told = result.as_json(findings, str(file))
        if wrong:
            told["ok"], told["problems"] = False, [*wrong, *told["problems"]]
        page = report.render(
            told,
            findings.propositions,
            findings.observations,
            answered.plan,
            self._moments,
            camera.shots,
            self._story.today,
        )
        report.write(file, page)
        return told


def everything(client: Client) -> dict[str, Json]:
    """Every stored observation by id, page by page."""
    found: dict[str, Json] = {}
    query = {"limit": str(PAGE)}
    while True:
        page = client.get("/observations", query)
        new = [o for o in page["items"] if o["id"] not in found]
        found.update((str(o["id"]), o) for o in new)
        if not page["next"] or not new:
            return found
        query["before"] = str(page["next"])


def play(keep: Path | None, file: Path | None, say: Say) -> Json:
    """Runs the demo. The data folder is removed unless `keep` names a place for it.

    The report goes to `file`, or to `gumption-demo.html` in the present folder.
    """
    target = (file or Path("gumption-demo.html")).expanduser().resolve()
    with tempfile.TemporaryDirectory(prefix="demo-") as temporary:
        home = Path(temporary) / "home"
        home.mkdir()
        before = signal.signal(signal.SIGTERM, _leave)
        try:
            return Demo(home, say).run(target)
        finally:
            signal.signal(signal.SIGTERM, before)
            # A run that failed is the one somebody wants to look at.
            if keep is not None:
                kept = keep.expanduser().resolve()
                shutil.copytree(Path(temporary), kept, dirs_exist_ok=True, ignore_dangling_symlinks=True)


def _leave(number: int, frame: object) -> None:
    """A polite kill takes the desktop and everything on it along."""
    raise SystemExit(128 + number)
