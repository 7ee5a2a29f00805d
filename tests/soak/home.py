"""The daemon's parts that touch the disk, put together as `app.daemon` does, without observers and API."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from app.config import PipelineSettings, RetentionSettings
from app.events import Hub
from app.forgetting import Forgetting
from app.inbox import Inbox
from app.learnt import Learnt
from app.pipeline import Committed, Pipeline
from app.retention import Retention
from app.verdicts import Verdicts
from gum.model.client import ModelWorker
from gum.propose import StructureDrafter
from gum.types import PropositionId
from storage import truth, work
from storage.db import Database
from storage.index import VectorIndex
from tests.builders import NOON, StillClock
from tests.soak.phase import Say
from tests.storage.builders import KEY

MODEL = ModelWorker(Path()).embedder_name  # without model files: hashing, in this process
RETAINED_DAYS = 30.0


def database_in(folder: Path) -> Path:
    return folder / "data" / "gumption.db"


class Home:
    """Real store, index, pipeline, forgetting, retention. Only the clock is still."""

    def __init__(self, folder: Path, say: Say | None = None) -> None:
        """Opens the store in `folder`/data; `say` hears what was committed. Raises as `Database.open`."""
        self._say = say
        self.data = folder / "data"
        self.database = Database.open(database_in(folder), KEY)
        self.index = VectorIndex(self.data / "index", KEY)
        self.clock = StillClock(NOON + timedelta(days=1))
        worker, inbox, hub, learnt = ModelWorker(folder / "no-models"), Inbox(), Hub(), Learnt()
        self.pipeline = Pipeline(
            PipelineSettings(batch_count=1),
            inbox,
            self.database,
            self.index,
            worker,
            StructureDrafter(),
            None,
            hub,
            self.clock,
            self._committed,
            learnt=learnt,
        )
        self.forgetting = Forgetting(
            self.clock, self.database, self.pipeline, inbox, hub, worker, _nothing, _nobody
        )
        settings = RetentionSettings(observations_days=RETAINED_DAYS, frames_mb=0.0001)
        self.retention = Retention(
            settings, self.database, self.pipeline, self.clock, tuple, None, self.forgetting.tidy
        )
        self.verdicts = Verdicts(self.clock, self.database, self.pipeline, learnt)

    async def start(self) -> None:
        """What the daemon does at its start before it takes up work."""
        await self.database.run(work.release_all)
        await self.pipeline.indexing.mend(truth.vectors)

    async def recover(self) -> None:
        """`start`, and what an earlier forgetting left to do, to the end."""
        await self.start()
        self.forgetting.tidy()
        await self.forgetting.tidied()

    async def stop(self) -> None:
        """Ends as the daemon does."""
        await self.forgetting.stop()
        await self.pipeline.stop()
        self.index.close()
        self.database.close()

    async def _committed(self, done: Committed) -> None:
        if self._say is not None:
            for revision in done.revisions:
                self._say(f"revised {revision.id} {revision.proposition_id}")


async def _nothing() -> None: ...


async def _nobody(ids: Sequence[PropositionId]) -> None: ...
