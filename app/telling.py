"""What the person says to Gumption in their own words: about themself, an offer, or a claim.

It is an observation like any other: stored, learnt from and forgotten by the same ways. It is kept nowhere
else, so that forgetting it (`gumption forget --source told`) leaves no copy.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.inbox import Arrival
from app.pipeline import Pipeline
from gum.errors import NotAllowed
from gum.extract.told import FEEDBACK, TOLD
from gum.ports import Clock
from gum.text import broken, clean
from gum.types import Observation, ObservationId, Trust, new_id
from storage import meta
from storage.db import Database

APP = "gumption"
WELCOMED = "welcomed"  # the person was asked for a few lines about themself, and answered or did not


def words(text: str, source: str, now: datetime) -> Observation:
    """`text` as an observation of the person's own words. Raises NotAllowed when there are none.

    A paragraph too long to be read as a line has a line for each of its sentences instead.
    It has no title: what was offered or claimed is not theirs, and must not become evidence for itself.
    """
    said = broken(clean(text).strip())
    if not said:
        raise NotAllowed("Nothing was said", "Say it in a few words.")
    return Observation(ObservationId(new_id()), source, now, now, APP, "", said, Trust.AUTHORED)


def welcomed(s: Session) -> bool:
    """Whether the person was asked for a few lines about themself."""
    return meta.get(s, WELCOMED) is not None


class Telling:
    """Takes what is said. Called on the event loop."""

    def __init__(self, clock: Clock, database: Database, pipeline: Pipeline) -> None:
        self._clock = clock
        self._database = database
        self._pipeline = pipeline

    async def tell(self, text: str, source: str = TOLD) -> ObservationId:
        """Stores what the person says of themself; it is told also while they paused observing.

        Raises NotAllowed for nothing, StoreUnavailable.
        """
        said = words(text, source, self._clock.now())
        async with self._pipeline.quiet:
            await self._pipeline.take([Arrival(said)], [])
        return said.id

    async def note(self, text: str) -> None:
        """What the person adds to a reaction or a verdict; nothing is no news."""
        if text.strip():
            await self.tell(text, FEEDBACK)

    async def welcome(self, text: str) -> None:
        """The answer to the question at the first start; an empty one means they would rather not."""
        if text.strip():
            await self.tell(text)
        now = self._clock.now().isoformat()
        await self._database.run(lambda s: meta.put(s, WELCOMED, now))
