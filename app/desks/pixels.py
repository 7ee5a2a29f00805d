"""Plays a desk with real programs on a private desktop while the normal daemon watches.

Time is real: nobody waits as long as the desk says, and what the screen says of dates is the desk's. A
checkpoint is what the daemon believes when it has worked off a session; its time is the desk's own.
"""

import json
import random
import shutil
import subprocess
import tempfile
import time
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from app.client import Client, Json
from app.demo.person import Person
from app.demo.runner import everything
from app.demo.stage import Stage
from app.desks import programs, screens
from app.desks.hands import Hands
from app.desks.leaks import leaked, texts_of
from app.desks.manner import manner
from app.desks.pages import State
from app.desks.player import Player
from app.desks.rhythm import Rhythm
from app.desks.server import SiteServer
from app.desks.shell import Shell
from app.desks.trace import sights
from app.desks.types import Belief, Checkpoint, Desk, Played, Secret, Session
from app.desktop import VirtualDesktop
from app.paths import Paths
from gum.errors import ActionFailed, GumptionError
from gum.types import utc
from storage.db import Database
from storage.keys import data_key

ARM = "gumption"
DRAIN_S = 180.0
END_S = 30.0
MOST = 1000  # beliefs the API gives at once
STAGES = ("inbox", "perceive", "propose", "deepen")
SHORTEST = 6  # bytes: shorter secrets stand in any index file by chance, and are looked for in texts only
_QUIET_S = 1.0  # the last observation may still be on its way to the inbox


def play(desk: Desk, seed: int, folder: Path, models: Path | None = None) -> Played:
    """Lives a desk, with the manner of `seed`; gives what was believed after each session.

    Into `folder` go, for each session N from 1: `session-N.png`, the screen at its end, `session-N.jsonl`,
    the observations stored since the one before; and `steps.jsonl`, when each step was done in real time.
    `models`: another folder of model files. Raises ActionFailed when a step cannot be done (the screen of
    that moment is `failed.png`, the daemon's words are in `gumption.log`), CaptureUnavailable when a program
    is missing, DaemonUnreachable.
    """
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="desk-") as temporary:
        home = Path(temporary) / "home"
        home.mkdir()
        paths = Paths(home / "data", home / "config", models or Paths.home().models)
        try:
            with ExitStack() as stack:
                checkpoints, seconds = _Play(desk, seed, folder, paths, stack).live()
            found = stored(Path(temporary), paths, desk.secrets)
        finally:
            log = Path(temporary) / "gumption.log"
            if log.exists():
                shutil.copy(log, folder)
    return Played(
        desk=desk.id,
        arm=ARM,
        checkpoints=tuple(checkpoints),
        secrets_stored=found,
        hours=seconds / 3600,
        wall_s=time.monotonic() - began,
    )


class _Play:
    """One run: the desktop and everything on it, which `stack` takes down."""

    def __init__(self, desk: Desk, seed: int, folder: Path, paths: Paths, stack: ExitStack) -> None:
        self._desk, self._folder = desk, folder
        name = f"{desk.id} {seed}"
        dice = random.Random(f"pixels {name}")
        way = manner(desk.id, seed)
        state = State()
        site = stack.enter_context(SiteServer(desk, state))
        self._desktop = stack.enter_context(VirtualDesktop(size=way.screen, tray=False))
        programs.prepare(self._desktop, way)
        person = Person(self._desktop, site, dice.randrange(2**32))
        rhythm = Rhythm(name, desk.persona.age)
        self._hands = stack.enter_context(Hands(self._desktop, person, rhythm, way, dice, typed(desk)))
        user = screens.user_of(desk.persona.name)
        shell = Shell(self._desktop.folder / "shell", Path(self._desktop.env["HOME"]), user)
        self._player = Player(desk, self._hands, state, shell, dice)
        self._player.furnish()
        home = paths.data.parent
        stage = Stage(self._desktop, home, paths.models, settings(home, paths.models))
        self._client = stage.client
        self._daemon = stage.start(tray=False)
        self._ends = ends(desk, seed)

    def live(self) -> tuple[list[Checkpoint], float]:
        """The checkpoints, and the seconds spent at the desk."""
        made: list[Checkpoint] = []
        known: set[str] = set()
        spent = 0.0
        with (self._folder / "steps.jsonl").open("w", encoding="utf-8") as log:
            for number, session in enumerate(self._desk.sessions, start=1):
                began = time.monotonic()
                for line in self._sit(session):
                    log.write(json.dumps(line) + "\n")
                    log.flush()
                self._desktop.screenshot(self._folder / f"session-{number}.png")
                self._player.leave()
                spent += time.monotonic() - began
                drain(self._client, self._hands)
                seen = [o for key, o in everything(self._client).items() if key not in known]
                known |= {str(o["id"]) for o in seen}
                _dump(self._folder / f"session-{number}.jsonl", seen)
                made.append(Checkpoint(self._ends[number - 1], beliefs(self._client)))
        _end(self._client, self._daemon)
        return made, spent

    def _sit(self, session: Session) -> Iterator[Json]:
        """Does the steps of a session and tells of each when it is done. Raises ActionFailed."""
        for step in session.steps:
            began = datetime.now(UTC)
            try:
                self._player.step(step)
            except GumptionError as error:
                self._desktop.screenshot(self._folder / "failed.png")
                raise ActionFailed(
                    f"Step {step.id} of the desk {self._desk.id} cannot be done: {error.title}", error.hint
                ) from error
            yield {"step": step.id, "began": began.isoformat(), "ended": datetime.now(UTC).isoformat()}
        self._hands.rest(1.5)


def settings(home: Path, models: Path) -> Mapping[str, str]:
    """The environment of the daemon: its own folders, and batches that close after 4 s instead of 60.

    A session is minutes here instead of hours, so what was seen must not wait as long to be worked off.
    """
    return {
        "GUMPTION_HOME": str(home),
        "GUMPTION_MODELS": str(models),
        "GUMPTION_PIPELINE__BATCH_WAIT_S": "4",
    }


def typed(desk: Desk) -> str:
    """Everything that is typed at a desk. Pure."""
    fields = [step.fields for session in desk.sessions for step in session.steps]
    texts = [str(each[name]) for each in fields for name in ("text", "command") if name in each]
    for each in fields:
        several = each.get("texts", ())
        assert isinstance(several, Sequence)
        texts += map(str, several)
    return "\n".join(texts)


def ends(desk: Desk, seed: int) -> list[datetime]:
    """When each session ends in the desk's own time: the last that its trace shows, UTC. Pure."""
    begins = [utc(session.begins) for session in desk.sessions]
    found = list(begins)
    for sight in sights(desk, seed):
        number = max(0, bisect(begins, utc(sight.at)) - 1)
        found[number] = max(found[number], utc(sight.at))
    return found


def drain(client: Client, hands: Hands) -> None:
    """Waits until the daemon has worked off everything. Raises ActionFailed."""

    def empty() -> bool:
        queue = client.get("/status")["queue"]
        return not any(queue[name] for name in STAGES)

    def quiet() -> bool:
        if not empty():
            return False
        time.sleep(_QUIET_S)
        return empty()

    if not hands.person.until(quiet, DRAIN_S):
        raise ActionFailed("The daemon does not come to the end of its work", "See gumption.log.")


def beliefs(client: Client) -> tuple[Belief, ...]:
    """What the daemon believes now."""
    return tuple(
        Belief(
            id=str(p["id"]),
            text=str(p["text"]),
            confidence=float(p["confidence"]),
            type=str(p["type"]),
            slots={str(name): str(value) for name, value in p["slots"].items()},
            evidence=tuple(str(e["observation_id"]) for e in p["evidence"]),
        )
        for p in client.get("/propositions", {"limit": str(MOST)})["items"]
    )


def stored(folder: Path, paths: Paths, secrets: Sequence[Secret]) -> tuple[str, ...]:
    """The kind of each secret found in a closed database or in any file of the folder around it.

    The database is read with its key: every text of every table. Files are searched as they are.
    """
    database = Database.open(paths.database, data_key(paths.config, paths.database, keyring_ok=False))
    try:
        texts = database.read_sync(lambda s: list(texts_of(s)))
    finally:
        database.close()
    files = [file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()]
    return tuple(
        secret.kind.value for secret in secrets if leaked(texts, [secret]) or _lies_in(files, secret.text)
    )


def _lies_in(files: Sequence[bytes], text: str) -> bool:
    forms = [text.encode(code) for code in ("utf-8", "utf-16-le")]
    return any(len(form) >= SHORTEST and form in data for data in files for form in forms)


def _dump(file: Path, observations: Sequence[Json]) -> None:
    ordered = sorted(observations, key=lambda o: str(o["at"]))
    file.write_text("".join(json.dumps(o, ensure_ascii=False) + "\n" for o in ordered), encoding="utf-8")


def _end(client: Client, daemon: "subprocess.Popen[bytes]") -> None:
    """Ends the daemon as its own command does, so that the database is whole. Raises ActionFailed."""
    client.post("/shutdown")
    try:
        daemon.wait(END_S)
    except subprocess.TimeoutExpired as error:
        raise ActionFailed("The daemon did not end", "See gumption.log.") from error
