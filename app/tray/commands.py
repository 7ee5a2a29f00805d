"""What a person can tell Gumption to do, once, for the menu of the icon and for the window without a tray."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu

from app.panels import parts
from app.tray import face, icon, wire, words
from app.tray.client import Client
from app.tray.face import Face, Kind

PAUSES: tuple[tuple[str, float | None], ...] = (
    ("Pause for 15 minutes", 15),
    ("Pause for 1 hour", 60),
    ("Pause until I resume", None),
)
OFF_THE_RECORD = "Off the record (forgets the last minute)"
ASSISTANTS = "Assistants…"
FORGET_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Windows:
    """How the windows are opened."""

    known: Callable[[], object]
    suggestions: Callable[[], object]
    privacy: Callable[[], object]
    assistants: Callable[[], object]
    status: Callable[[], object]


class Commands(QObject):
    """The actions, kept in step with the daemon's state. Emits `face_changed` when what to show changed."""

    face_changed = Signal(object)
    quit_wanted = Signal()
    unlock_wanted = Signal()
    told = Signal(str)
    """A short sentence about what was done."""

    def __init__(self, client: Client, windows: Windows, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self.face = face.face(None, None, 0)
        self.state = QAction("Starting", self, enabled=False)
        self.pauses = [self._action(text, self._pausing(minutes)) for text, minutes in PAUSES]
        self.off_the_record = self._action(OFF_THE_RECORD, self._go_off_the_record)
        self.resume = self._action("Resume", self._resume)
        self.unlock = self._action("Unlock…", self.unlock_wanted.emit)
        self.lock = self._action("Lock", self._lock)
        self.known = self._action("What I know…", windows.known)
        self.suggestions = self._action("Suggestions…", windows.suggestions)
        self.privacy = self._action("Privacy…", windows.privacy)
        self.assistants = self._action(ASSISTANTS, windows.assistants)
        self.status = self._action("Status…", windows.status)
        self.forget = self._action(f"Forget last {FORGET_MINUTES} minutes…", self._ask_forget)
        self.quit = self._action("Quit", self.quit_wanted.emit)
        client.health_changed.connect(self.look)
        self.look()

    def look(self) -> None:
        """Works out again what may be claimed; called every few seconds, since ages grow by themselves."""
        client = self._client
        self.face = face.face(client.status, client.trouble, client.status_age_s)
        self.state.setText(words.menu(words.one_line(self.face.line)))
        paused, locked = self.face.kind is Kind.PAUSED, self.face.kind is Kind.LOCKED
        for action in (*self.pauses, self.off_the_record):
            action.setVisible(not paused and not locked)
            action.setEnabled(client.reachable)
        self.resume.setVisible(paused)
        self.unlock.setVisible(locked)
        self.lock.setVisible(not locked)
        self.lock.setEnabled(client.reachable)
        for action in (self.known, self.suggestions, self.privacy, self.assistants):
            action.setEnabled(not locked)
        self.forget.setEnabled(client.reachable and not locked)
        self.face_changed.emit(self.face)

    def menu(self) -> QMenu:
        """The icon's menu."""
        made = QMenu()
        made.addAction(self.state)
        made.addSeparator()
        made.addActions([*self.pauses, self.off_the_record, self.resume, self.lock, self.unlock])
        made.addSeparator()
        made.addActions([self.known, self.suggestions, self.privacy, self.assistants, self.status])
        made.addSeparator()
        made.addAction(self.forget)
        made.addSeparator()
        made.addAction(self.quit)
        return made

    def tell_waiting(self, number: int) -> None:
        """How much assistants put before the person, that waits."""
        self.assistants.setText(f"Assistants ({number} waiting)…" if number else ASSISTANTS)

    def _action(self, text: str, do: Callable[[], object]) -> QAction:
        made = QAction(text, self)
        made.triggered.connect(lambda: do())
        return made

    def _pausing(self, minutes: float | None) -> Callable[[], None]:
        return lambda: self._client.post("/pause", {"minutes": minutes}, self._client.take_status)

    def _go_off_the_record(self) -> None:
        body = {"minutes": None, "off_the_record": True}
        self._client.post("/pause", body, self._client.take_status)

    def _resume(self) -> None:
        self._client.delete("/pause", self._client.take_status)

    def _lock(self) -> None:
        self._client.post("/lock", {}, self._client.take_status)

    def _ask_forget(self) -> None:
        asked = (
            f"Forget everything captured in the last {FORGET_MINUTES} minutes?\n\nThis cannot be taken back."
        )
        parts.confirm(None, "forget", asked, "Forget", self._forget)

    def _forget(self) -> None:
        self._client.post("/forget", {"minutes": FORGET_MINUTES}, self._forgotten)

    def _forgotten(self, answer: object) -> None:
        told = answer.get("forgotten") if isinstance(answer, dict) else None
        gone = wire.read(wire.Forgotten, told)
        pieces = words.many(gone.observations, "captured piece")
        self.told.emit(f"Forgotten: {pieces}, {words.many(gone.propositions, 'conclusion')}.")


def picture(shown: Face) -> QIcon:
    return icon.icon(shown.kind)
