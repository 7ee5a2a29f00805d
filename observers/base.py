"""What every source has in common: where its finds go, and a thread that is watched over.

A source that fails says so once, tries again after a growing pause (1 s to 60 s), and says once
when it is back. Its health tells the truth in between, also of one that hangs.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

from gum.errors import CaptureUnavailable, GumptionError
from gum.login import Login, Standing
from gum.types import (
    Exclusion,
    Frame,
    FrameId,
    Observation,
    ObservationId,
    RuleId,
    SourceHealth,
    Trust,
    WindowInfo,
    new_id,
)

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
PATIENCE_S = 180.0  # for a source that looks at least once a minute
REPORT_EVERY_S = 30.0
REPORTED = 256  # refusals remembered: a program may call itself anything, each time
HANGS_HINT = "A program that it asks may hang. If it stays so, start Gumption anew."


class Sink(Protocol):
    """Where finds go. Called from observer threads; must return at once and never raise."""

    def put(self, observation: Observation, frame: Frame | None = None) -> None:
        """A find. The same id again replaces the earlier one (a window that is still in front)."""
        ...

    def excluded(self, exclusion: Exclusion) -> None:
        """Something that was not looked at, and the rule that said so."""
        ...


class Observer(Protocol):
    """A source of observations."""

    @property
    def name(self) -> str: ...

    def start(self) -> None:
        """Begins; returns at once. Nothing happens in the constructor."""
        ...

    def stop(self) -> None:
        """Ends, and returns when the source's thread is gone."""
        ...

    def health(self) -> SourceHealth: ...


@runtime_checkable
class Appointments(Protocol):
    """A source that knows when the person is engaged."""

    def busy(self, at: datetime) -> bool:
        """Whether a meeting goes on. Returns at once, from any thread."""
        ...


@runtime_checkable
class Subscriber(Protocol):
    """A source that reads what is the person's on servers, under their name."""

    def use(self, logins: Sequence[Login]) -> None:
        """These accounts from now on, and no others. Returns at once, from any thread."""
        ...

    def standings(self) -> Mapping[str, Standing]:
        """What is known of each account that was read, by the id of its login."""
        ...


def now() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(UTC)


def seen_in(
    window: WindowInfo,
    source: str,
    text: str,
    trust: Trust,
    at: datetime,
    until: datetime | None = None,
    frame_id: FrameId | None = None,
) -> Observation:
    """A new observation of what is, or was, in `window`; `until` None: it is of one moment."""
    return Observation(
        id=ObservationId(new_id()),
        source=source,
        at=at,
        until=until or at,
        app=window.app,
        title=window.title,
        text=text,
        trust=trust,
        url=window.url,
        frame_id=frame_id,
    )


class Refusals:
    """Tells a sink what was not looked at: the same once in REPORT_EVERY_S. Thread-safe."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._lock = threading.Lock()
        self._told: OrderedDict[tuple[str | int, RuleId], float] = OrderedDict()

    def tell(self, what: str | int, app: str, rule_id: RuleId) -> None:
        """That the rule refused a program's `what`: its name, or the number of a window."""
        key, moment = (what, rule_id), time.monotonic()
        with self._lock:
            if moment - self._told.get(key, -REPORT_EVERY_S) < REPORT_EVERY_S:
                return
            self._told[key] = moment
            self._told.move_to_end(key)
            if len(self._told) > REPORTED:
                self._told.popitem(last=False)
        self._sink.excluded(Exclusion(now(), app, rule_id))


class Supervised:
    """A thread that runs `body` for as long as it is wanted.

    `body` returns when `stopping()` is true. It calls `alive()` whenever it has done its work without
    trouble, and `found()` when it has handed over an observation.
    """

    def __init__(
        self,
        name: str,
        body: Callable[[], None],
        wake: Callable[[], None] = lambda: None,
        patience_s: float | None = None,
    ) -> None:
        """`patience_s`: without `alive` for longer than that, it hangs; None: it may sleep for ever."""
        self._patience_s = patience_s
        self._lived = time.monotonic()
        self.name = name
        self._body = body
        self._wake = wake
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._pause = FIRST_PAUSE_S
        self._health = SourceHealth(name, "stopped", "not started", "", None)

    def start(self) -> None:
        if self._thread is not None:
            return
        self._stop.clear()
        self._set("running", "starting", "")
        self._thread = threading.Thread(target=self._run, name=f"observe-{self.name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._wake()
        if self._thread is not None:
            self._thread.join(timeout=10)
            self._thread = None
        self._set("stopped", "stopped", "")

    def health(self) -> SourceHealth:
        with self._lock:
            told, silent = self._health, time.monotonic() - self._lived
        if told.state != "running" or self._patience_s is None or silent <= self._patience_s:
            return told
        return SourceHealth(
            told.name, "failing", f"it has not answered for {silent / 60:.0f} min", HANGS_HINT, told.last_at
        )

    def stopping(self) -> bool:
        return self._stop.is_set()

    def rest(self, seconds: float) -> bool:
        """Waits; True when the source is to stop."""
        return self._stop.wait(seconds)

    def alive(self, detail: str = "") -> None:
        """The source works; ends a failure, and tells the log if there was one."""
        with self._lock:
            self._lived = time.monotonic()
            before = self._health.state
            self._health = SourceHealth(self.name, "running", detail, "", self._health.last_at)
        self._pause = FIRST_PAUSE_S
        if before in ("failing", "unavailable"):
            log.info("%s works again", self.name)

    def found(self) -> None:
        """An observation was handed over just now."""
        with self._lock:
            old = self._health
            self._health = SourceHealth(old.name, old.state, old.detail, old.hint, now())

    def _run(self) -> None:
        while not self.stopping():
            try:
                self._body()
            except CaptureUnavailable as error:
                self._failed("unavailable", error.title, error.hint)
            except GumptionError as error:
                self._failed("failing", error.title, error.hint)
            except Exception as error:  # noqa: BLE001 - a bug in one source must not end the others
                self._failed("failing", f"internal error: {type(error).__name__}", "", error)
            else:
                continue
            self.rest(self._pause)
            self._pause = min(LONGEST_PAUSE_S, self._pause * 2)

    def _failed(self, state: str, detail: str, hint: str, bug: Exception | None = None) -> None:
        """Logs the first failure of a run of failures only. No content of the screen is in `detail`."""
        before = self.health().state
        self._set(state, detail, hint)
        if before not in ("failing", "unavailable"):
            log.warning("%s: %s. %s", self.name, detail, hint, exc_info=bug)

    def _set(self, state: str, detail: str, hint: str) -> None:
        with self._lock:
            self._lived = time.monotonic()
            self._health = SourceHealth(self.name, state, detail, hint, self._health.last_at)


class Source:
    """What every source does with its thread: an `Observer` but for its name."""

    _worker: Supervised

    def start(self) -> None:
        self._worker.start()

    def stop(self) -> None:
        self._worker.stop()

    def health(self) -> SourceHealth:
        return self._worker.health()
