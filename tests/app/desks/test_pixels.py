"""A desk is lived on a real desktop, the real daemon watches, and what was found is what was there."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from app.client import Json
from app.demo.result import plain
from app.desks.leaks import leaked
from app.desks.pixels import ends, play, stored, typed
from app.desks.trace import sights
from app.desks.types import Desk, Do, Played, Secret, SecretKind
from app.paths import Paths
from gum.types import Observation, ObservationId, Trust
from storage import observations
from storage.db import Database
from storage.keys import data_key
from tests.app.desks.small_desk import small_desk

SEED = 0  # with a wrong click in it


@dataclass(frozen=True)
class Lived:
    """What came of the small desk, played once for all tests."""

    desk: Desk
    played: Played
    folder: Path

    def seen(self) -> list[Json]:
        """All observations, in order."""
        files = [self.folder / f"session-{n}.jsonl" for n in range(1, len(self.desk.sessions) + 1)]
        return [json.loads(line) for file in files for line in file.read_text().splitlines()]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    folder = tmp_path_factory.mktemp("lived")
    desk = small_desk(folder)
    yield Lived(desk, play(desk, SEED, folder / "out"), folder / "out")


def words(observation: Json) -> str:
    return "\n".join(str(observation.get(name) or "") for name in ("text", "title", "url"))


def of(lived: Lived, trust: str, app: str = "") -> str:
    """All text of one trust."""
    return "\n".join(str(o["text"]) for o in lived.seen() if o["trust"] == trust and app in o["app"])


@pytest.mark.desktop
def test_what_was_typed_run_and_received_is_observed(lived: Lived) -> None:
    assert "three rows of thirty." in of(lived, "authored", "mousepad")
    assert "the hedge plan is nearly done." in of(lived, "authored", "chromium")
    commands = of(lived, "acted-on", "xterm")
    assert plain("python3 count_plants.py --rows 0") in plain(commands)  # read from pixels
    assert plain("ZeroDivisionError: division by zero") in plain(commands)
    assert "the hornbeam arrives on Friday 13 March" in "\n".join(map(words, lived.seen()))
    assert "Cruise to Madeira" in of(lived, "advert")
    assert "Cruise to Madeira" not in of(lived, "read")


@pytest.mark.desktop
def test_no_secret_is_stored_though_each_was_on_the_screen(lived: Lived) -> None:
    assert lived.played.secrets_stored == ()
    assert leaked(map(words, lived.seen()), lived.desk.secrets) == ()
    titles = {str(o["title"]) for o in lived.seen()}
    # The pages around the secrets were really there: the rules kept something away, not a broken play.
    assert any("Payment" in title for title in titles) and any("Sign in" in title for title in titles)
    done = [json.loads(line)["step"] for line in (lived.folder / "steps.jsonl").read_text().splitlines()]
    assert done == [step.id for session in lived.desk.sessions for step in session.steps]


@pytest.mark.desktop
def test_a_checkpoint_follows_each_session_in_the_desks_own_time(lived: Lived) -> None:
    first, last = lived.played.checkpoints
    assert [c.at for c in lived.played.checkpoints] == ends(lived.desk, SEED)
    assert any("hedge-plan.md" in belief.text for belief in first.beliefs)
    assert {b.id for b in first.beliefs} <= {b.id for b in last.beliefs}
    ids = {str(o["id"]) for o in lived.seen()}
    assert all(0 < b.confidence < 1 and set(b.evidence) <= ids for b in last.beliefs)
    assert 0 < lived.played.hours < 0.1 and lived.played.wall_s > 20


@pytest.mark.desktop
def test_a_picture_of_each_session_is_kept(lived: Lived) -> None:
    for number in (1, 2):
        with Image.open(lived.folder / f"session-{number}.png") as picture:
            colours = picture.convert("RGB").getcolors(1_000_000)
            assert picture.width >= 1440 and colours is not None and len(colours) > 200


@pytest.mark.desktop
def test_the_same_facts_have_their_evidence_as_in_the_trace(lived: Lived) -> None:
    real = [plain(words(o)) for o in lived.seen()]
    imagined = [
        plain("\n".join((o.text, o.title, o.url or "")))
        for sight in sights(lived.desk, SEED)
        if (o := sight.observation) is not None
    ]
    for fact in lived.desk.facts:
        for slot, alternatives in fact.slots.items():
            assert holds(real, alternatives), f"pixels never show {slot} of {fact.id}"
            assert holds(imagined, alternatives), f"the trace never shows {slot} of {fact.id}"


def holds(texts: Sequence[str], alternatives: Sequence[str]) -> bool:
    return any(plain(alternative) in text for alternative in alternatives for text in texts)


# --- without a display ---------------------------------------------------------------------------------


def seen_with(text: str) -> Observation:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    return Observation(ObservationId("1" * 32), "ui_tree", at, at, "mousepad", "a", text, Trust.AUTHORED)


@pytest.mark.parametrize("where", ["text", "file", "wide file", "nowhere"])
def test_a_secret_is_found_in_the_database_and_in_any_file(tmp_path: Path, where: str) -> None:
    secrets = [
        Secret("Gr8-hornbeam-pw", SecretKind.PASSWORD),
        Secret("5217 8843 0091 6634", SecretKind.CARD),
    ]
    paths = Paths(tmp_path / "home" / "data", tmp_path / "home" / "config", tmp_path / "models").make()
    database = Database.open(paths.database, data_key(paths.config, paths.database, keyring_ok=False))
    text = "the card is 5217-8843-0091-6634" if where == "text" else "nothing"
    database.run_sync(lambda s: observations.append(s, seen_with(text)))
    database.close()
    coding = {"file": "utf-8", "wide file": "utf-16-le"}.get(where)
    if coding is not None:
        (tmp_path / "home" / "data" / "index.bin").write_bytes(
            b"\0\xff" + "x 5217 8843 0091 6634".encode(coding)
        )
    assert stored(tmp_path, paths, secrets) == (() if where == "nowhere" else ("card",))


def test_sessions_end_when_their_last_sight_was_seen(tmp_path: Path) -> None:
    desk = small_desk(tmp_path)
    first, last = ends(desk, SEED)
    assert desk.sessions[0].begins < first < desk.sessions[1].begins < last


def test_every_letter_that_is_typed_is_known_before(tmp_path: Path) -> None:
    desk = small_desk(tmp_path)
    told = typed(desk)
    steps = [step for session in desk.sessions for step in session.steps]
    assert all(str(step.fields["text"]) in told for step in steps if step.do is Do.TYPE)
    assert "three rows of thirty." in told and "count_plants.py --rows 0" in told
