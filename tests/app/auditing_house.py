"""A pipeline with its audit over a real store, worked off by hand; and a model server elsewhere."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from app.audit_log import AuditLog
from app.auditing import Auditing, guard
from app.config import PipelineSettings
from app.events import Hub
from app.inbox import Arrival, Inbox
from app.pipeline import Committed, Pipeline
from gum.audit import Asker
from gum.model.client import ModelWorker
from gum.model.llm_drafter import LlmDrafter
from gum.model.settings import WorkerSettings
from gum.propose import StructureDrafter
from gum.types import Observation, Proposition
from storage import decisions, people, propositions, work
from storage.db import Database
from storage.decisions import Logged
from storage.index import VectorIndex
from tests.app.fakes import FakeWorker
from tests.builders import StillClock

QUICK = PipelineSettings(batch_count=1, batch_wait_s=0.05)


class House:
    """`server`: the address of a model server, asked for every observation."""

    def __init__(self, folder: Path, asker: Asker | None = None, server: str = "") -> None:
        self.clock = StillClock()
        self.database = Database.open(folder / "gumption.db", None)
        self.index = VectorIndex(folder / "index", bytes(32))
        self.told: list[Committed] = []
        worker = FakeWorker(folder)
        drafter: StructureDrafter | LlmDrafter = StructureDrafter()
        if server:
            settings = WorkerSettings(
                drafter="server", server_url=server, server_model="m", allow_remote=True
            )
            far = ModelWorker(folder, settings, guard(self.database, self.clock))
            drafter = LlmDrafter(far.decoder)
        self.pipeline = Pipeline(
            QUICK,
            Inbox(),
            self.database,
            self.index,
            worker,
            drafter,
            None,
            Hub(),
            self.clock,
            self._committed,
            auditing=Auditing(asker),
        )
        self.log = AuditLog(self.clock, self.database, self.pipeline)

    async def _committed(self, done: Committed) -> None:
        self.told.append(done)

    async def see(self, *seen: Observation) -> None:
        """Observes, and does all the work there is by then."""
        await self.pipeline.take([Arrival(o) for o in seen], [])
        await self.pipeline.work_off()

    def claims(self, status: str | None = None) -> list[Proposition]:
        return self.database.read_sync(lambda s: propositions.list_(s, status=status))

    def held(self) -> list[Logged]:
        return self.database.read_sync(lambda s: decisions.list_(s, people.known(s)))

    def queue(self) -> dict[str, int]:
        return self.database.read_sync(work.counts)


def at_home(
    folder: Path,
    scenario: Callable[[House], Coroutine[None, None, None]],
    asker: Asker | None = None,
    server: str = "",
) -> None:
    """Plays `scenario` in a house in `folder`."""

    async def play() -> None:
        house = House(folder, asker, server)
        try:
            await scenario(house)
        finally:
            await asyncio.to_thread(house.index.close)
            house.database.close()

    asyncio.run(play())


@contextmanager
def elsewhere(answers: Sequence[object] = ()) -> Iterator[tuple[str, list[str]]]:
    """A FAKE model server under an address that is not one of this machine's own, over real HTTP.

    0.0.0.0 is no loopback address, and connecting to it leads here (Linux). It keeps the bytes it got.
    """
    got: list[str] = []
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            said = left.pop(0) if left else {"drafts": []}
            body = json.dumps({"choices": [{"message": {"content": json.dumps(said)}}]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://0.0.0.0:{server.server_port}/v1", got
    finally:
        server.shutdown()
        server.server_close()
