"""The daemon: the one place where the concrete classes of the other folders meet.

It answers /hello first and loads what is slow (the vector index: 2 s to import) behind it.
"""

import asyncio
import contextlib
import logging
import os
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.orm import Session

from app import config, handover, logs, memory, passphrases
from app.album import Album
from app.api.locked import create_locked_api
from app.api.routes import create_api
from app.asking import Asking
from app.audit_log import AuditLog
from app.auditing import Auditing, guard
from app.calendar_accounts import CalendarAccounts
from app.cleaning import Cleaning
from app.clients import Clients
from app.clock import SystemClock
from app.config import Settings
from app.disclosures import Disclosures
from app.door import Door, listen
from app.doubts import doubts
from app.drafters import auditor, deep_drafter, interface_languages, judge, worker_settings
from app.events import Hub
from app.forgetting import Forgetting
from app.idle_lock import IdleLock
from app.inbox import Inbox
from app.learnt import Learnt
from app.lock import InstanceLock
from app.locked import Closing, Locked, locked_status
from app.main import VERSION
from app.offers import Offers
from app.paths import Paths
from app.pause import Pause
from app.pipeline import Committed, Pipeline
from app.plugged import Lent, assistants, for_clients
from app.proposals import Proposals
from app.retention import Retention
from app.service import Parts, Service
from app.shapes import StatusOut
from app.shaping import shape
from app.shortcuts import Shortcuts
from app.sources import sources
from app.store import Opened, needs_passphrase, open_store, settled_key_of
from app.telling import Telling
from app.thumbnails import thumbnails
from app.timers import follow_clock
from app.verdicts import Verdicts
from app.watchdog import Watchdog
from assistants.windows import XWindows
from gum.errors import StoreLocked, StoreUnavailable
from gum.grants import ClientId
from gum.model.client import ModelWorker
from gum.propose import StructureDrafter
from gum.types import PropositionId, Rule
from observers.base import Sink
from observers.gate import Gate
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
LOCK_LOOK_S = 5
TOLD = 100  # changed propositions that listeners are told of one by one; who shows more asks again
TRIES = 3  # at the passphrase, in a terminal


def _release(s: Session) -> None:
    """Takes up the work of an earlier run, also what it gave up: the model may be there again."""
    work.release_all(s)
    work.revive(s, [item.id for item in work.dead(s) if item.attempts >= work.MAX_TRIES])


WatchWith = Callable[[Sink, Callable[[], Sequence[Rule]], Callable[[], bool]], Watch]
"""Makes the sources, of a sink, the person's rules and whether observing is paused."""


class Daemon:
    """Everything that runs in the daemon's process, put together. Lives inside one event loop."""

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        database: Database,
        secret: bytes,
        watch_with: WatchWith | None = None,
    ) -> None:
        self._paths = paths
        self._settings = settings
        self._clock = SystemClock()
        self._database = database
        self._ended = asyncio.Event()
        self._locking = False
        self._hub = Hub()
        self._index = VectorIndex(paths.index, secret)
        self._worker = ModelWorker(
            paths.models, worker_settings(settings.model), guard(database, self._clock)
        )
        self._pause = Pause(database, self._clock)
        self._inbox = Inbox(paused=lambda: self._pause.active)
        watching: WatchWith = watch_with or partial(Watch, pairs=settings.screen.pairs)
        self._watch: Watch = watching(
            self._inbox, lambda: self.service.own_rules(), lambda: self._pause.active
        )
        gate = Gate(self._inbox, self._watch.rules, lambda: self._pause.active or self._watch.session_locked)
        found = sources(settings.sources, gate, self._watch.readable, self._watch.input)
        self._watch.add(*found)
        self._calendars = CalendarAccounts(database, gate, found, self._watch.add, settings.store.encrypt)
        self._clients = Clients(database, self._hub, self._clock, self._shut_out)
        self._shortcuts = Shortcuts(settings.hotkeys, lambda: self.service)
        self._watch.add(*self._shortcuts.sources())
        learnt = Learnt()
        self._cleaning = Cleaning(settings.privacy.contacts)
        languages = interface_languages(os.environ)
        self._pipeline = Pipeline(
            settings.pipeline,
            self._inbox,
            database,
            self._index,
            self._worker,
            StructureDrafter(languages),
            deep_drafter(settings.model, self._worker, languages),
            self._hub,
            self._clock,
            self._committed,
            lambda: self._offers.plans.deeds,
            learnt=learnt,
            auditing=Auditing(auditor(settings.model, self._worker)),
            judge=judge(settings.model, self._worker),
            clean=self._cleaning,
            thumbnail=thumbnails(settings.screen, settings.store.encrypt, self._watch.rules),
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
            lambda s, claims, now: doubts(s, claims, self._worker.embedder_name, now),
            self._watch.in_meeting,
            self._watch.availability,
        )
        self._forgetting = Forgetting(
            self._clock,
            database,
            self._pipeline,
            self._inbox,
            self._hub,
            self._worker,
            self._offers.plans.reload,
            self._tell_changed,
        )
        self._retention = Retention(
            settings.retention,
            database,
            self._pipeline,
            self._clock,
            lambda: self.service.own_rules(),
            paths.log,
            self._forgetting.tidy,
            settings.screen,
        )
        verdicts = Verdicts(self._clock, database, self._pipeline, learnt)
        self._watchdog = Watchdog(
            self._clock, self._watch.input_age, self._watch.current, lambda: self._pipeline.stored_at
        )
        asking = Asking(
            settings.suggest,
            database,
            self._clock,
            self._worker.embedder_name,
            self._watch.input_age,
            lambda s, found: self.service.shapes_of(s, found),
            verdicts.take,
            self._watch.in_meeting,
            self._watch.availability,
        )
        telling = Telling(self._clock, database, self._pipeline)
        self._proposals = Proposals(database, self._clock, self._hub, telling, self._forgetting)
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
                self._watchdog,
                self._offers,
                self._forgetting,
                verdicts,
                telling,
                asking,
                AuditLog(self._clock, database, self._pipeline),
                self._calendars,
                self._clients,
                self._proposals,
                Disclosures(database),
                Album(settings.screen, settings.store.encrypt, database, self._hub, self._forgetting.tidy),
                self._retention,
                settings.suggest.ask_details,
                self._hub,
                self._ended.set,
                self._lock,
                settings.store.encrypt,
                settings.privacy.presets_off,
            )
        )
        self._idle = IdleLock(
            settings.store.lock_after_min, self._clock, self._watch.input_age, self._watch.screen_locked
        )

    async def serve(self, sock: socket.socket) -> None:
        """Answers on `sock` and observes until told to end or to lock."""
        async with Door(self._paths, sock, self._clock, self._settings.plugin) as door:
            await self.live(door)

    async def live(self, door: Door, at_work: Callable[[], None] = lambda: None) -> bool:
        """Observes, and answers at `door`, until told to end or to lock: True says that it is to be locked.

        `at_work` is called as soon as it does.
        """
        others = assistants(self._lent(), lambda: door.every_host, self._settings.plugin)
        let_in = for_clients(others, self._clients, self._settings.plugin)
        api = create_api(self.service, VERSION, lambda: door.hosts, door.token, let_in)
        await self._pause.load()
        await self._clients.load()
        await self._database.run(self._cleaning.load)
        door.show(api)
        try:
            async with self._working():
                at_work()
                await door.until(self._ended)
                if self._locking and not door.ended.is_set():
                    self._hide(door)
        finally:
            self._hub.close()
            await others.close()
        return self._locking and not door.ended.is_set()

    async def _shut_out(self, client: ClientId) -> None:
        await self._offers.plans.revoked(client)
        await self._proposals.revoked(client)

    def _lent(self) -> Lent:
        return Lent(
            VERSION,
            self._clock,
            self._database,
            self._hub,
            self._clients,
            self._proposals,
            self._offers,
            self._pipeline.indexing.nearest,
            self.service.status,
            self._watch.input_age,
            self._watch.in_meeting,
            lambda: self._forgetting.begun,
        )

    def _lock(self) -> StatusOut:
        """Begins to lock: from now on nothing is answered but that it is locked."""
        log.info("locking")
        self._locking = True
        self._ended.set()
        return self._locked_status()

    def _hide(self, door: Door) -> None:
        """Tells listeners that it is locked, and lets nobody ask any more while everything ends."""
        self._hub.publish("status", shape(self._locked_status()))
        self._hub.close()
        closing = Closing(self._locked_status, VERSION, door.ended.set)
        door.show(create_locked_api(closing, lambda: door.hosts, door.token))

    def _locked_status(self) -> StatusOut:
        return locked_status(self._clock, VERSION, needs_passphrase(self._paths, self._settings))

    @contextlib.asynccontextmanager
    async def _working(self) -> AsyncIterator[None]:
        """The observers, the loops and the timers, from start to stop."""
        await self._database.run(_release)
        self._inbox.attach(asyncio.get_running_loop())
        self._shortcuts.attach(asyncio.get_running_loop())
        await self.service.load_rules()
        await self._calendars.load()
        await self._offers.start()
        self._watch.start()
        self._pipeline.start()
        indexing = asyncio.create_task(self._pipeline.indexing.mend(truth.vectors))
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
        if self._idle.wanted:
            scheduler.add_job(self._lock_if_idle, "interval", seconds=LOCK_LOOK_S, max_instances=1)
        scheduler.start()
        following = asyncio.create_task(follow_clock(scheduler, self._clock))
        log.info("started, data in %s", self._paths.data)
        try:
            yield
        finally:
            following.cancel()
            scheduler.shutdown(wait=False)
            self._calendars.stop()
            await self._clients.stop()
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

    async def _lock_if_idle(self) -> None:
        if await asyncio.to_thread(self._idle.look):
            self._lock()

    async def _tell_status(self) -> None:
        if self._hub.listeners:  # who listens later asks first
            self._hub.publish("status", shape(await self.service.status()))
        else:  # the status asks it, too
            await asyncio.to_thread(self._watchdog.look)  # it asks the desktop, which may take its time

    async def _retain(self, indexing: "asyncio.Task[None]") -> None:
        """Lets go what is older than the settings and rules say, and finishes what forgetting left to do."""
        await asyncio.wait([indexing])  # it compares the index with the store, which must hold still
        await self._retention.apply()
        self._forgetting.tidy()

    async def _committed(self, done: Committed) -> None:
        await self._tell_changed(done.changed)
        self._offers.consider(done.changed)

    async def _tell_changed(self, ids: Sequence[PropositionId]) -> None:
        for shown in await self.service.changed(ids[:TOLD]):
            self._hub.publish("proposition", shape(shown))


def run(paths: Paths, locked: bool = False) -> int:
    """`gumption daemon`: runs until SIGTERM, SIGINT or POST /shutdown.

    With `locked` nothing is opened until somebody unlocks it. A daemon that is to lock itself does not
    return: it becomes a new one that is locked (`app.handover`).
    """
    os.umask(0o077)
    memory.keep_small()
    logs.set_up(paths.log)
    settings = config.load(paths.settings_file)
    handed = handover.take(paths.lock)
    with InstanceLock(paths.lock, handed.lock if handed else None) as lock:
        key = None if locked else _key(paths, settings)
        sock = handed.port if handed else listen(settings.api.port)
        with sock, asyncio.Runner() as runner:
            with ExitStack() as closing:
                opened = None
                if key is not None:
                    opened = Opened(open_store(paths, settings, key), key)
                    closing.callback(opened.database.close)
                again = runner.run(_serve(paths, settings, opened, sock, closing))
            if again:
                # Inside of the runner: its end waits for every thread, however long that takes, and the key
                # would stay in memory until the last is done.
                handover.leave(lock.handle, sock)
    return 0


def _key(paths: Paths, settings: Settings) -> bytes | None:
    """The key, as far as it can be had now; None: the passphrase is to be said later. Raises StoreLocked."""
    if not needs_passphrase(paths, settings):
        return settled_key_of(paths, settings)
    if (found := passphrases.named()) is not None:
        return settled_key_of(paths, settings, found)
    for left in range(TRIES - 1, -1, -1):
        if (said := passphrases.asked("Passphrase (nothing: start locked): ")) is None:
            break
        try:
            return settled_key_of(paths, settings, said)
        except StoreLocked as error:
            if not left:
                raise
            sys.stderr.write(f"{error.title}\n")
    return None


async def _serve(
    paths: Paths, settings: Settings, opened: Opened | None, sock: socket.socket, closing: ExitStack
) -> bool:
    """One life of the daemon, from locked or open to its end; whether it is to be locked then."""
    clock = SystemClock()
    async with Door(paths, sock, clock, settings.plugin) as door:
        at_work: Callable[[], None] = lambda: None  # noqa: E731
        locked = None
        if opened is None:
            locked = Locked(paths, settings, clock, VERSION, closing)
            door.show(create_locked_api(locked, lambda: door.hosts, door.token))
            log.info("locked; waiting for somebody to unlock it")
            opened = await locked.wait(door)
            if opened is None:
                return False
        daemon = Daemon(paths, settings, opened.database, opened.key)
        if locked is not None:
            at_work = partial(locked.went_on, daemon.service.status)
        door.stays = await daemon.live(door, at_work)
        return door.stays
