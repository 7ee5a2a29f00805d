"""Small pictures: for those who want them, of what may be seen only, never readable at rest."""

import asyncio
import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image
from sqlalchemy.orm import Session

from app.config import ScreenSettings, Settings, StoreSettings
from app.events import Hub
from app.perceive import PERCEIVE, Perceiver
from app.pixels import encode
from app.store import key_of, open_store
from app.thumbnails import WIDTH, small, thumbnails
from gum.redact import redact
from gum.types import Effect, Frame, FrameId, Observation, ObservationId, Region, Rule, RuleId
from storage import observations, work
from storage import thumbnails as kept
from storage.db import Database
from tests.app.fakes import FakeWorker
from tests.app.living import daemon, paths_under, without_display
from tests.builders import NOON, StillClock, observation

ON, OFF = ScreenSettings(thumbnails=True), ScreenSettings()
SEEN = observation("a plan", id="seen", app="xterm", title="notes", source="screen")


def shown(width: int = 1600, height: int = 900) -> Frame:
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[: height // 2] = (0, 0, 255, 255)  # red above black
    return Frame(FrameId("f"), NOON, ":1", Region(0, 0, width, height), "d", pixels.tobytes())


def rule(effect: Effect) -> Rule:
    return Rule(RuleId("mine"), "mine", effect, app="xterm")


@pytest.mark.parametrize(
    ("size", "expected"), [((1600, 900), (WIDTH, 270)), ((900, 1600), (270, WIDTH)), ((40, 30), (40, 30))]
)
def test_a_picture_is_small_and_shows_what_was_there(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    with Image.open(io.BytesIO(small(shown(*size)))) as picture:
        assert picture.format == "WEBP" and picture.size == expected
        above, below = (
            picture.convert("RGB").getpixel((5, 2)),
            picture.convert("RGB").getpixel((5, picture.height - 2)),
        )
    assert isinstance(above, tuple) and isinstance(below, tuple)
    assert above[0] > 200 and above[1] < 60 and max(below) < 40


def test_none_is_made_unless_it_is_wanted_and_the_store_is_encrypted() -> None:
    assert thumbnails(ON, True, list)(SEEN, shown()) is not None
    assert thumbnails(OFF, True, list)(SEEN, shown()) is None
    assert thumbnails(ON, False, list)(SEEN, shown()) is None


@pytest.mark.parametrize("effect", Effect)
def test_only_a_window_whose_pixels_may_be_kept_leads_to_one(effect: Effect) -> None:
    made = thumbnails(ON, True, lambda: [rule(effect)])(SEEN, shown())
    assert (made is not None) == (effect is Effect.KEEP)


@pytest.mark.parametrize(("title", "app"), [("Vault - KeePassXC", "keepassxc"), ("", "xterm")])
def test_the_shipped_rules_hold_too(title: str, app: str) -> None:
    assert thumbnails(ON, True, list)(replace(SEEN, title=title, app=app), shown()) is None


def read(database: Database, folder: Path, line: str, settings: ScreenSettings = ON) -> None:
    """Stores SEEN with a frame and reads it, as the daemon does."""
    database.run_sync(lambda s: observations.append(s, replace(SEEN, text=""), encode(shown()), shown()))
    made = thumbnails(settings, True, list)
    worker = FakeWorker(folder, reads=[line])
    perceiver = Perceiver(database, worker, Hub(), StillClock(), tuple, False, redact, made)
    items = database.run_sync(lambda s: work.lease(s, PERCEIVE, 50, NOON, timedelta(minutes=2)))
    asyncio.run(perceiver.perceive(items))


def picture_of(database: Database, seen: Observation) -> bytes | None:
    return database.read_sync(lambda s: kept.get(s, seen.id))


def test_after_reading_the_frame_is_gone_and_the_small_picture_is_there(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "gumption.db", bytes(range(32)))
    read(database, tmp_path, "a line")
    assert database.read_sync(lambda s: observations.frame_of(s, SEEN.id)) is None
    picture = picture_of(database, SEEN)
    assert picture is not None and picture[:4] == b"RIFF" and picture[8:12] == b"WEBP"
    # Neither it nor any picture is readable at rest, while the store is open and when it is closed.
    for _ in range(2):
        for file in tmp_path.rglob("*"):
            held = file.read_bytes() if file.is_file() else b""
            assert b"WEBP" not in held and picture[12:40] not in held, file
        database.close()


def test_by_default_nothing_is_left_of_the_pixels(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "gumption.db", None)
    read(database, tmp_path, "a line", OFF)
    assert database.read_sync(kept.weight) == 0 and picture_of(database, SEEN) is None
    database.close()


def test_where_a_secret_was_taken_out_of_the_words_no_picture_shows_it(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "gumption.db", None)
    read(database, tmp_path, "pay with 4111 1111 1111 1111")
    stored = database.read_sync(lambda s: observations.get(s, SEEN.id))
    assert stored is not None and stored.text == "pay with [card number]"
    assert picture_of(database, SEEN) is None
    database.close()


def test_the_api_shows_it_to_who_has_the_token(tmp_path: Path) -> None:
    paths, settings = paths_under(tmp_path), Settings(store=StoreSettings(keyring=False))
    paths.data.mkdir(parents=True)
    database = open_store(paths, settings, key_of(paths, settings))
    webp = small(shown())

    def put(s: Session) -> None:
        for key in ("with", "without"):
            observations.append(s, observation("words", id=key))
        kept.keep(s, ObservationId("with"), NOON, webp)

    database.run_sync(put)
    database.close()
    env = {**without_display(), "GUMPTION_SCREEN__THUMBNAILS": "true", "GUMPTION_STORE__KEYRING": "false"}
    with daemon(tmp_path, env) as client:

        def get(key: str, token: str) -> httpx.Response:
            head = {"Authorization": f"Bearer {token}"}
            where = f"{client.address()}/observations/{key}/thumbnail"
            return httpx.get(where, headers=head, timeout=30, trust_env=False)

        answer = get("with", client.token())
        assert (answer.status_code, answer.content) == (200, webp)
        assert answer.headers["content-type"] == "image/webp"
        assert get("without", client.token()).status_code == 404
        assert get("nobody", client.token()).status_code == 404
        assert get("with", "wrong").status_code == 401
