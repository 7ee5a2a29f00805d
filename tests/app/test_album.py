"""The small pictures as the API tells of them: which show an observation, their weight, deleting them."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.album import Album, before
from app.album_shapes import PictureOut, PicturesOut
from app.config import ScreenSettings
from app.events import Hub
from gum.errors import NotFound, StoreUnavailable
from gum.types import Observation, ObservationId
from storage import forget, observations, scrub, thumbnails
from storage.db import Database
from storage.scope import Topic
from storage.thumbnails import Kept
from tests.builders import NOON, observation

MINUTE = timedelta(minutes=1)
ON = ScreenSettings(thumbnails=True)


def seen(key: str, minutes: float = 0, text: str = "words", **changes: str) -> Observation:
    made = observation(text, id=key, at=NOON + minutes * MINUTE, app="xterm", title="notes", source="screen")
    return replace(made, **changes)  # type: ignore[arg-type]


def picture(key: str, title: str = "notes", url: str | None = None) -> Kept:
    return Kept(ObservationId(key), NOON, title, url)


@pytest.mark.parametrize(
    ("title", "url", "found"),
    [
        ("notes", None, "a"),
        ("*notes", None, "a"),  # not saved yet
        ("● notes", None, "a"),
        ("Inbox", "https://mail.example/", "b"),
        ("other", None, None),
        ("", None, None),
    ],
)
def test_before_is_the_newest_picture_of_the_same_window(
    title: str, url: str | None, found: str | None
) -> None:
    earlier = [
        picture("x", "else"),
        picture("a"),
        picture("a2"),
        picture("b", "Mail", "https://mail.example/"),
    ]
    was = before(replace(seen("now"), title=title, url=url), earlier)
    assert (was.observation_id if was else None) == found


@given(st.text(), st.lists(st.tuples(st.text(), st.none() | st.text())))
def test_before_is_one_of_those_there_are_and_has_title_or_address_of_the_window(
    title: str, others: list[tuple[str, str | None]]
) -> None:
    earlier = [picture(str(n), *other) for n, other in enumerate(others)]
    was = before(replace(seen("now"), title=title), earlier)
    assert was is None or (was in earlier and was.title.strip("*•● \t") == title.strip("*•● \t"))


class House:
    """An album over a real database."""

    def __init__(self, folder: Path, settings: ScreenSettings = ON, encrypted: bool = True) -> None:
        self.database = Database.open(folder / "gumption.db", None)
        self.tidied = 0
        self.hub = Hub()
        self.album = Album(settings, encrypted, self.database, self.hub, self._tidy)

    def _tidy(self) -> None:
        self.tidied += 1

    def keep(self, *kept: Observation, webp: bytes = b"a picture") -> None:
        def put(s: Session) -> None:
            for each in kept:
                observations.append(s, each)
                thumbnails.keep(s, each.id, each.at, webp)

        self.database.run_sync(put)

    def store(self, *others: Observation) -> None:
        self.database.run_sync(lambda s: [observations.append(s, each) for each in others])

    def of(self, key: str) -> PicturesOut:
        return asyncio.run(self.album.of(key))


def test_an_observation_has_its_picture_and_that_of_the_window_before(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.keep(seen("long-ago", -11), seen("was", -2), seen("else", -1, title="mail"), seen("now"))
    house.store(seen("now-1"))
    shown = house.of("now")
    assert shown.state == "kept" and shown.picture == PictureOut(observation_id="now", at=NOON)
    assert shown.before == PictureOut(observation_id="was", at=NOON - 2 * MINUTE)
    assert house.of("now-1").picture == shown.picture  # read from the same picture
    assert asyncio.run(house.album.webp("now-1")) == b"a picture"
    first = house.of("long-ago")
    assert first.picture is not None and first.before is None
    house.database.close()


def test_what_is_forgotten_is_no_longer_shown_as_what_was_before(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.keep(seen("was", -2, "a zebra"), seen("now"))
    house.database.run_sync(lambda s: forget.forget(s, Topic("zebra")))
    assert house.of("now").before is None
    for asked in (house.of, lambda key: asyncio.run(house.album.webp(key))):
        with pytest.raises(NotFound):
            asked("was")
    house.database.close()


def test_why_there_is_none_is_told(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.store(seen("read"), seen("said", source="ui_tree"))
    assert house.of("read") == PicturesOut(state="gone")
    assert house.of("said") == PicturesOut(state="none")
    house.database.close()


@pytest.mark.parametrize(("settings", "encrypted"), [(ScreenSettings(), True), (ON, False)])
def test_where_none_are_wanted_none_are_told_of(
    tmp_path: Path, settings: ScreenSettings, encrypted: bool
) -> None:
    house = House(tmp_path, settings, encrypted)
    house.keep(seen("now"))  # from when they were
    assert house.of("now") == PicturesOut(state="off")
    room = asyncio.run(house.album.room())
    assert (room.wanted, room.count, room.budget_bytes) == (False, 1, 0)
    house.database.close()


def test_all_can_be_deleted_and_what_was_read_stays(tmp_path: Path) -> None:
    house = House(tmp_path)
    many = [seen(f"o{n}", n) for n in range(thumbnails.PORTION + 5)]
    house.keep(*many, webp=bytes(1000))
    room = asyncio.run(house.album.room())
    assert (room.wanted, room.count, room.bytes) == (True, 55, 55_000)
    assert room.budget_bytes == 200_000_000

    async def clear() -> list[tuple[str, object]]:
        told = []
        listening = house.hub.listen(None)
        waiting = asyncio.ensure_future(anext(listening))
        await asyncio.sleep(0)
        left = await house.album.clear()
        assert (left.count, left.bytes) == (0, 0)
        event = await asyncio.wait_for(waiting, 10)
        told.append((event.name, event.data))
        house.hub.close()
        return told

    assert asyncio.run(clear()) == [("forgotten", {"propositions": []})]
    assert house.database.read_sync(observations.count) == 55
    assert house.tidied == 1 and house.database.read_sync(scrub.pending)  # the file gives the room back
    assert house.of("o1") == PicturesOut(state="gone")
    house.database.close()


def test_what_went_before_it_failed_is_told_too(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.keep(*[seen(f"o{n}", n) for n in range(thumbnails.PORTION + 5)])
    told: list[str] = []

    async def clear() -> None:
        real, runs = house.database.run, iter((True, False))

        async def once(fn: Callable[[Session], int]) -> int:
            if not next(runs):
                raise StoreUnavailable("The disk is full", "Make room.")
            return await real(fn)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(house.database, "run", once)
            patch.setattr(house.hub, "publish", lambda name, _: told.append(name))
            with pytest.raises(StoreUnavailable):
                await house.album.clear()

    asyncio.run(clear())
    assert told == ["forgotten"]
    assert asyncio.run(house.album.room()).count == 5
    house.database.close()
