"""The daemon as Qt objects see it: calls with answers, typed events, and whether it answers at all.

It polls `/status` besides listening, because a daemon that hangs keeps its event stream open: only an
unanswered question shows that nobody is there.
"""

import json
import time
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from app.paths import Paths
from app.tray import address, wire, wire_assistants
from app.tray.rest import SILENT, Json, Otherwise, Rest, Then
from app.tray.stream import Stream
from app.tray.wire import Problem
from gum.errors import DaemonUnreachable

POLL_MS = 4000
POLL_TIMEOUT_S = 5.0
PICTURE_BYTES = 1_000_000  # a small picture has some 10 000
SLOW_S = 300.0  # a plan answers when its last step was looked at


class Client(QObject):
    """One per tray process. All signals arrive on the GUI thread."""

    health_changed = Signal()
    """`status`, `trouble` or the age changed."""
    reachable_changed = Signal(bool)
    stream_opened = Signal()
    """Events flow (again): a view that shows a list should load it anew."""
    problem = Signal(object)
    """A Problem that no caller took care of."""
    observation = Signal(object)
    proposition = Signal(object)
    suggestion = Signal(object)
    exclusion = Signal(object)
    forgotten = Signal(object)
    """Ids of propositions that are gone, as a tuple of str."""
    plan = Signal(object)
    plan_request = Signal(object)
    """A PlanRequest of an assistant."""
    pairing = Signal(object)
    """A Pairing: a program asks to be an assistant, or does not any more."""
    clients_changed = Signal()
    """Who may ask what is another list now."""
    proposed = Signal()
    """An assistant put something before the person."""

    def __init__(self, paths: Paths, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.paths = paths
        self.status: wire.Status | None = None
        self.trouble: Problem | None = Problem("Starting", "")
        self._why: Problem | None = None
        self._status_at = time.monotonic()
        self.reachable = False
        self._rest = Rest(lambda: address.find(paths), self)
        self._stream = Stream(self._rest, self)
        self._stream.arrived.connect(self._event)
        self._stream.opened.connect(self.stream_opened)
        self._stream.opened.connect(self.refresh)
        self._stream.closed.connect(self.refresh)
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self.refresh)
        self._asking = False

    def start(self) -> None:
        self._stream.open()
        self._poll.start()
        self.refresh()

    def stop(self) -> None:
        self._poll.stop()
        self._stream.close()

    @property
    def status_age_s(self) -> float:
        """Seconds since `status` was received."""
        return time.monotonic() - self._status_at

    @property
    def locked(self) -> bool:
        """Whether the daemon last said that its store is locked."""
        return self.status is not None and self.status.state == "locked"

    def get(
        self,
        path: str,
        then: Then,
        otherwise: Otherwise | None = None,
        *,
        query: Mapping[str, str] | None = None,
        owner: QObject | None = None,
    ) -> None:
        """Asks; a problem goes to `otherwise`, or to the `problem` signal when that is None."""
        self._rest.send("GET", path, then, otherwise or self.problem.emit, query=query, owner=owner)

    def picture(
        self, observation_id: str, then: Callable[[bytes], object], otherwise: Otherwise, *, owner: QObject
    ) -> None:
        """Asks for the small picture of an observation: its bytes, PICTURE_BYTES at most, as they came."""

        def took(answer: object) -> None:
            then(answer if isinstance(answer, bytes) else b"")

        path = f"/observations/{observation_id}/thumbnail"
        self._rest.send("GET", path, took, otherwise, owner=owner, most=PICTURE_BYTES)

    def post(
        self,
        path: str,
        body: Json,
        then: Then,
        otherwise: Otherwise | None = None,
        *,
        owner: QObject | None = None,
        timeout_s: float = 15,
    ) -> None:
        self._rest.send(
            "POST", path, then, otherwise or self.problem.emit, body=body, owner=owner, timeout_s=timeout_s
        )

    def patch(
        self,
        path: str,
        body: Json,
        then: Then,
        otherwise: Otherwise | None = None,
        *,
        owner: QObject | None = None,
    ) -> None:
        self._rest.send("PATCH", path, then, otherwise or self.problem.emit, body=body, owner=owner)

    def delete(
        self,
        path: str,
        then: Then,
        otherwise: Otherwise | None = None,
        *,
        owner: QObject | None = None,
        timeout_s: float = 15,
    ) -> None:
        self._rest.send(
            "DELETE", path, then, otherwise or self.problem.emit, owner=owner, timeout_s=timeout_s
        )

    def hello(self, then: Callable[[bool], None]) -> None:
        """Calls `then` with whether a daemon answers."""
        self._rest.relocate()
        self._rest.send("GET", "/hello", lambda _: then(True), lambda problem: then(not problem.unreachable))

    def refresh(self) -> None:
        """Asks for the status now."""
        if self._asking:
            return
        self._asking = True
        self._rest.send("GET", "/status", self._answered, self._failed, timeout_s=POLL_TIMEOUT_S)

    def take_status(self, answer: object) -> None:
        """Takes an answer that is a STATUS (as `/pause` gives) for the present state."""
        was_locked = self.locked
        self.status, self.trouble = wire.read(wire.Status, answer), None
        self._status_at = time.monotonic()
        self._reach(True)
        if was_locked and not self.locked:
            self._stream.hurry()
        self.health_changed.emit()

    def fail(self, problem: Problem) -> None:
        """Something else found out why nobody answers: says so for as long as nobody does."""
        self._why = self.trouble = problem
        self.health_changed.emit()

    def _answered(self, answer: object) -> None:
        self._asking = False
        self.take_status(answer)

    def _failed(self, problem: Problem) -> None:
        self._asking = False
        self.trouble = self._why if problem.unreachable and self._why else problem
        self._reach(not problem.unreachable)
        self.health_changed.emit()

    def _reach(self, reachable: bool) -> None:
        if reachable != self.reachable:
            self.reachable = reachable
            if reachable:
                self._why = None
                self._stream.hurry()
            self.reachable_changed.emit(reachable)

    def _event(self, name: str, data: str) -> None:
        try:
            self._publish(name, json.loads(data))
        except (ValueError, DaemonUnreachable):
            self.problem.emit(Problem("An event could not be understood", SILENT.hint, 200))

    def _publish(self, name: str, data: object) -> None:
        if name == "status":
            self.take_status(data)
        elif name == "observation":
            self.observation.emit(wire.read(wire.Observation, data))
        elif name == "proposition":
            self.proposition.emit(wire.read(wire.Proposition, data))
        elif name == "suggestion":
            self.suggestion.emit(wire.read(wire.Suggestion, data))
        elif name == "exclusion":
            self.exclusion.emit(wire.read(wire.Exclusion, data))
        elif name == "plan":
            self.plan.emit(wire.read(wire.PlanEvent, data))
        elif name == "plan_request":
            self.plan_request.emit(wire_assistants.plan_request(data))
        elif name == "pairing":
            self.pairing.emit(wire.read(wire_assistants.Pairing, data))
        elif name == "pairing_ended":
            self.pairing.emit(wire_assistants.pairing_ended(data))
        elif name == "clients":
            self.clients_changed.emit()
        elif name == "proposal":
            self.proposed.emit()
        elif name == "forgotten":
            ids = data.get("propositions", []) if isinstance(data, dict) else []
            self.forgotten.emit(tuple(str(each) for each in ids) if isinstance(ids, list) else ())
