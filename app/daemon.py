"""The daemon: the one place where the concrete classes of the other folders meet.

It answers /hello first and loads what is slow (the vector index: 2 s to import) behind it.
"""

import asyncio
import contextlib
import json
import logging
import os
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.orm import Session

from app import config, logs
from app.api.routes import create_api
from app.clock import SystemClock
from app.config import Settings
from app.drafters import deep_drafter, interface_languages, worker_settings
from app.events import Hub
from app.forgetting import Forgetting
from app.inbox import Inbox
from app.learnt import Learnt
from app.lock import InstanceLock
from app.main import VERSION
from app.offers import Offers
from app.paths import Paths
from app.pause import Pause
from app.pipeline import Committed, Pipeline
from app.retention import Retention
from app.service import Parts, Service
from app.shaping import shape
from app.store import key_of, open_store
from app.verdicts import Verdicts
from assistants.windows import XWindows
from gum.errors import PortTaken, StoreReadOnly, StoreUnavailable
from gum.model.client import ModelWorker
from gum.propose import StructureDrafter
from gum.types import Rule
from observers.base import Sink
from observers.watch import Watch
from storage import truth, work
from storage.db import Database
from storage.index import VectorIndex

log = logging.getLogger(__name__)

STATUS_S = 15
OFFER_S = 30
FADE_S = 3600
RETAIN_S = 24 * 3600
SPARE_S = 30


def listen(port: int) -> socket.socket:
    """A socket on 127.0.0.1; port 0 takes a free one. Raises PortTaken."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("127.0.0.1", port))
        sock.listen(64)
    except OSError as error:
        sock.close()
        raise PortTaken(
            f"Port {port} is in use by another program",
            "Set GUMPTION_API__PORT, or port under [api] in settings.toml, to another one; 0 is any.",
        ) from error
    return sock


def write_private(file: Path, text: str) -> None:
    """Replaces `file` in one step; only the person can read it. Raises StoreReadOnly."""
    part = file.with_name(file.name + ".part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(text)
        part.replace(file)
    except OSError as error:
        raise StoreReadOnly(f"{file} cannot be written", f"{error.strerror}.") from error


def new_token(file: Path) -> str:
    """A fresh token, in `file` for whoever may read it. Raises StoreReadOnly.

    New at every start: one that was sent to the port of a killed daemon, which anybody may have taken
    since, opens nothing.
    """
    token = secrets.token_urlsafe(32)
    write_private(file, token + "\n")
    return token


def _release(s: Session) -> None:
    """Takes up the work of an earlier run, also what it gave up: the model may be there again."""
    work.release_all(s)
    work.revive(s, [item.id for item in work.dead(s) if item.attempts >= work.MAX_TRIES])


class Daemon:
    """Everything that runs in the daemon's process, put together. Lives inside one event loop."""

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        database: Database,
        secret: bytes,
        watch_with: Callable[[Sink, Callable[[], Sequence[Rule]], Callable[[], bool]], Watch] = Watch,
    ) -> None:
        self._paths = paths
        self._settings = settings
        self._clock = SystemClock()
        self._database = database
        self._ended = asyncio.Event()
        self._hub = Hub()
        self._index = VectorIndex(paths.index, secret)
        self._worker = ModelWorker(paths.models, worker_settings(settings.model))
        self._pause = Pause(database, self._clock)
        self._inbox = Inbox(paused=lambda: self._pause.active)
        self._watch = watch_with(self._inbox, lambda: self.service.all_rules(), lambda: self._pause.active)
        learnt = Learnt()
        self._pipeline = Pipeline(
            settings.pipeline,
            self._inbox,
            database,
            self._index,
            self._worker,
            StructureDrafter(interface_languages(os.environ)),
            deep_drafter(settings.model, self._worker),
            self._hub,
            self._clock,
            self._committed,
            lambda: self._offers.deeds,
            learnt=learnt,
        )
        self._offers = Offers(
            settings.suggest,
            database,
            self._hub,
            self._clock,
            self._watch.surface,
            XWindows() if os.environ.get("DISPLAY") else None,
            self._watch.input_age,
            lambda: self._pause.active,
        )
        self._forgetting = Forgetting(
            self._clock,
            database,
            self._pipeline,
            self._inbox,
            self._hub,
            self._worker,
            self._offers.reload,
            lambda ids: self.service.changed(ids),
        )
        self._retention = Retention(
            settings.retention,
            database,
            self._pipeline,
            self._clock,
            lambda: self.service.all_rules(),
            paths.log,
            self._forgetting.tidy,
        )
        self.service = Service(
            Parts(
                VERSION,
                self._clock,
                database,
                paths.database,
                self._index,
                self._worker,
                self._watch,
                self._inbox,
                self._pipeline,
                self._pause,
                self._offers,
                self._forgetting,
                Verdicts(self._clock, database, self._pipeline, learnt, self._committed),
                self._retention,
                self._hub,
                self._ended.set,
            )
        )

    async def serve(self, sock: socket.socket) -> None:
        """Answers on `sock` and observes until told to end."""
        port = sock.getsockname()[1]
        hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        api = create_api(self.service, VERSION, lambda: hosts, new_token(self._paths.token_file))
        server = uvicorn.Server(
            uvicorn.Config(
                api,
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="off",
                timeout_graceful_shutdown=2,
            )
        )
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        await self._pause.load()
        answering = asyncio.create_task(server.serve(sockets=[sock]))
        told = {"port": port, "pid": os.getpid(), "started_at": self._clock.now().isoformat()}
        write_private(self._paths.daemon_file, json.dumps(told))
        try:
            async with self._working():
                await self._until_ended(answering)
        finally:
            self._hub.close()
            server.should_exit = True
            await answering
            self._paths.daemon_file.unlink(missing_ok=True)

    async def _until_ended(self, answering: "asyncio.Task[None]") -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._ended.set)
        ended = asyncio.create_task(self._ended.wait())
        await asyncio.wait({ended, answering}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()

    @contextlib.asynccontextmanager
    async def _working(self) -> AsyncIterator[None]:
        """The observers, the loops and the timers, from start to stop."""
        await self._database.run(_release)
        self._inbox.attach(asyncio.get_running_loop())
        await self.service.load_rules()
        await self._offers.start()
        self._watch.start()
        self._pipeline.start()
        indexing = asyncio.create_task(self._pipeline.mend_index(truth.vectors))
        scheduler = AsyncIOScheduler(timezone="UTC")

        def every(seconds: float, job: Callable[[], Awaitable[object]], wrong: str, **more: object) -> None:
            scheduler.add_job(self._try, "interval", [job, wrong], seconds=seconds, **more)

        now = self._clock.now()
        every(STATUS_S, self._tell_status, "the status cannot be told")
        every(FADE_S, self.service.fade, "old claims cannot be set aside", next_run_time=now)
        every(SPARE_S, self._retention.spare_disk, "pictures cannot be given up")
        # A day that passed while the computer slept is made up for, once.
        daily: dict[str, object] = {"next_run_time": now, "misfire_grace_time": None, "coalesce": True}
        every(RETAIN_S, partial(self._retain, indexing), "what is old cannot be let go", **daily)
        scheduler.add_job(self._offers.look, "interval", seconds=OFFER_S, max_instances=1)
        scheduler.start()
        log.info("started, data in %s", self._paths.data)
        try:
            yield
        finally:
            scheduler.shutdown(wait=False)
            await asyncio.to_thread(self._watch.stop)
            indexing.cancel()
            self._index.give_up()  # a rebuild takes a minute; the next start begins it anew
            await self._forgetting.stop()
            await self._offers.stop()
            await self._pipeline.stop()
            await asyncio.to_thread(self._index.close)
            await asyncio.to_thread(self._worker.close)
            log.info("stopped")

    async def _try(self, job: Callable[[], Awaitable[object]], wrong: str) -> None:
        """Does what a timer asks for; without the store it waits for the next time, and `wrong` is logged."""
        try:
            await job()
        except StoreUnavailable as error:
            log.error("%s: %s", wrong, error.title)

    async def _tell_status(self) -> None:
        self._hub.publish("status", shape(await self.service.status()))

    async def _retain(self, indexing: "asyncio.Task[None]") -> None:
        """Lets go what is older than the settings and rules say, and finishes what forgetting left to do."""
        await asyncio.wait([indexing])  # it compares the index with the store, which must hold still
        await self._retention.apply()
        self._forgetting.tidy()

    async def _committed(self, done: Committed) -> None:
        for shown in await self.service.changed(done.changed):
            self._hub.publish("proposition", shape(shown))
        self._offers.consider(done.changed)


def run(paths: Paths) -> int:
    """`gumption daemon`: runs until SIGTERM, SIGINT or POST /shutdown."""
    os.umask(0o077)
    logs.set_up(paths.log)
    settings = config.load(paths.settings_file)
    with InstanceLock(paths.lock):
        key = key_of(paths, settings)
        sock = listen(settings.api.port)
        try:
            database = open_store(paths, settings, key)
        except BaseException:  # whatever it was, it is raised again: only the port must not stay taken
            sock.close()
            raise
        try:
            asyncio.run(_serve(paths, settings, database, key, sock))
        finally:
            database.close()
    return 0


async def _serve(
    paths: Paths, settings: Settings, database: Database, key: bytes, sock: socket.socket
) -> None:
    await Daemon(paths, settings, database, key).serve(sock)
