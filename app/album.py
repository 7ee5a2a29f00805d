"""The small pictures that were kept (`app.thumbnails`): shown beside what was read, weighed, and deleted.

What a window looked like before is the picture that was kept of it before: a picture of its own, of an
observation of its own. So it was asked about and cleaned like any other, and is gone as soon as that one is.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from app.album_shapes import AlbumOut, PictureOut, PicturesOut
from app.config import ScreenSettings
from app.events import Hub
from gum.errors import NotFound
from gum.types import Observation, ObservationId
from storage import observations, scrub, thumbnails
from storage.db import Database
from storage.thumbnails import Kept

BEFORE = timedelta(minutes=10)  # a picture that is older than that does not show what changed
MARKS = "*\u2022\u25cf \t"  # what editors put before the title of what was not saved yet
MB = 1_000_000


def before(seen: Observation, earlier: Sequence[Kept]) -> Kept | None:
    """Of pictures of the same application, the newest first, the first one of the same window. Pure."""
    title = seen.title.strip(MARKS)
    alike = (k for k in earlier if k.title.strip(MARKS) == title or (k.url is not None and k.url == seen.url))
    return next(alike, None)


class Album:
    """Called on the event loop."""

    def __init__(
        self,
        settings: ScreenSettings,
        encrypted: bool,
        database: Database,
        hub: Hub,
        tidy: Callable[[], None],
    ) -> None:
        """`tidy` begins in the background what deleting leaves to be done in the files."""
        self._wanted = settings.thumbnails and encrypted
        self._budget = int(settings.thumbnails_mb * MB) if self._wanted else 0
        self._database = database
        self._hub = hub
        self._tidy = tidy

    async def of(self, observation_id: str) -> PicturesOut:
        """The small pictures that show an observation, as far as they are there. Raises NotFound."""
        key = ObservationId(observation_id)

        def look(s: Session) -> PicturesOut:
            seen = observations.get(s, key)
            if seen is None:
                raise NotFound("There is no such observation", "It may have been forgotten.")
            if not self._wanted:
                return PicturesOut(state="off")
            picture = thumbnails.find(s, key)
            if picture is None:
                return PicturesOut(state="gone" if seen.source == "screen" else "none")
            was = before(seen, thumbnails.earlier(s, seen, seen.at - BEFORE))
            return PicturesOut(state="kept", picture=_out(picture), before=_out(was) if was else None)

        return await self._database.read(look)

    async def webp(self, observation_id: str) -> bytes:
        """The small picture (WebP) that shows an observation. Raises NotFound."""
        key = ObservationId(observation_id)

        def look(s: Session) -> bytes | None:
            found = thumbnails.find(s, key)
            return thumbnails.get(s, found.observation_id) if found is not None else None

        found = await self._database.read(look)
        if found is None:
            raise NotFound("There is no picture of this", "Small pictures are kept by [screen] thumbnails.")
        return found

    async def room(self) -> AlbumOut:
        """How many there are, and how much they weigh."""
        count, weight = await self._database.read(lambda s: (thumbnails.count(s), thumbnails.weight(s)))
        return AlbumOut(wanted=self._wanted, count=count, bytes=weight, budget_bytes=self._budget)

    async def clear(self) -> AlbumOut:
        """Deletes all of them, in portions that hold the writer shortly. What was read from them stays.

        Raises StoreUnavailable; what has gone by then is gone.
        """
        try:
            while await self._database.run(_portion):
                pass
            await self._database.checkpoint()
            self._tidy()
        finally:
            self._hub.publish("forgotten", {"propositions": []})  # who shows one looks anew
        return await self.room()


def _portion(s: Session) -> int:
    gone = thumbnails.recycle(s, 0)
    if gone:
        scrub.note(s)  # the person wants the room back: the file is written anew
    return gone


def _out(kept: Kept) -> PictureOut:
    return PictureOut(observation_id=kept.observation_id, at=kept.at)
