"""The status window: every source, model and queue, in words, with what to do where something is wrong."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.panels import parts, style
from app.panels.table import put, table
from app.panels.text import Text
from app.tray import face, words
from app.tray.client import Client
from app.tray.wire import Model, Source, Status

GOOD = {"running": "● running", "ready": "● ready", "unloaded": "○ not loaded", "loading": "◐ loading"}
BAD = {"unavailable": "▲ unavailable", "failing": "▲ failing", "failed": "▲ failed"}
OFF = {"stopped": "■ stopped", "off": "■ off"}
SAID = {**GOOD, **BAD, **OFF}


def source_cells(each: Source) -> tuple[str, ...]:
    note = ". ".join(part.rstrip(".") for part in (each.detail, each.hint) if part)
    last = words.moment(each.last_at) if each.last_at is not None else "nothing yet"
    return (each.name, SAID.get(each.state, each.state), last, note)


def model_cells(each: Model) -> tuple[str, ...]:
    note = ". ".join(part.rstrip(".") for part in (each.detail, each.hint) if part)
    return (each.name, SAID.get(each.state, each.state), each.model, note)


def queue_line(status: Status) -> str:
    queue = status.queue
    waiting = f"Waiting: {queue.inbox} to store, {queue.perceive} to read, {queue.propose} to think about."
    lost = f" Given up after five tries: {queue.dead}." if queue.dead else ""
    merged = f" Merged away because too much came at once: {queue.dropped}." if queue.dropped else ""
    spared = f" Pictures given up unread to save room: {queue.recycled}." if queue.recycled else ""
    return waiting + lost + merged + spared


def availability_line(status: Status) -> str:
    """Whether cards may come up now, and what nobody can tell here."""
    now = status.availability
    said = f"Suggestions wait: {now.reason}" if now.quiet else "Suggestions may come up."
    return f"{said} Cannot be told here: {', '.join(now.unknown)}." if now.unknown else said


class StatusWindow(parts.Window):
    def __init__(self, client: Client) -> None:
        super().__init__("status", 820, 600)
        self._client = client
        self.line = Text(scale=1.15, bold=True)
        self.hint = Text()
        self.sources = table("Sources", ("Source", "State", "Last", "Note"), stretch=3)
        self.models = table("Models", ("Part", "State", "Model", "Note"), stretch=3)
        self.queue = Text()
        self.available = Text()
        self.versions = Text(muted=True)
        copy = parts.button("Copy this report", self._copy, tip="It holds no text from your screen")
        foot = parts.row(self.versions, copy, parts.button("Close", self.close))
        foot.setStretch(0, 1)
        foot.setAlignment(self.versions, Qt.AlignmentFlag.AlignVCenter)
        page = parts.column(
            self.line, self.hint, parts.heading("Sources"), self.sources,
            parts.heading("Models"), self.models, self.queue, self.available, foot, margin=style.MARGIN,
        )  # fmt: skip
        page.setStretch(3, 5)  # there are twice as many sources as models, and more to come
        page.setStretch(5, 3)
        self.setLayout(page)
        parts.while_shown(client.health_changed, self, self.load)
        parts.every(self, 1000, self._tell_age)

    def present(self) -> None:
        self.load()
        self._client.refresh()
        super().present()

    def load(self) -> None:
        """Shows what the client knows; it asks every few seconds anyhow."""
        self._tell_age()
        status = self._client.status
        if status is None:
            return
        if status.state == "locked":
            self.versions.setText(f"Gumption {status.version}  ·  locked")
            return
        put(self.sources, ((source_cells(each), each) for each in status.sources))
        put(self.models, ((model_cells(each), each) for each in status.models), widest=260)
        self.queue.setText(queue_line(status))
        self.available.setText(availability_line(status))
        counts = status.counts
        since = words.moment(status.observing_since)
        kept = f"{words.many(counts.observations, 'piece')}, {words.many(counts.propositions, 'conclusion')}"
        plain = "" if status.encrypted else "  ·  not encrypted, as set"
        self.versions.setText(f"Gumption {status.version}  ·  running since {since}  ·  {kept}{plain}")

    def _tell_age(self) -> None:
        client = self._client
        shown = face.face(client.status, client.trouble, client.status_age_s)
        self.line.setText(shown.line)
        self.hint.setText(shown.hint)
        self.hint.setVisible(bool(shown.hint))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report())

    def report(self) -> str:
        """All of the window as text."""
        lines = [self.line.text(), self.hint.text()]
        status = self._client.status
        if status is not None:
            lines += ["  ".join(source_cells(each)) for each in status.sources]
            lines += ["  ".join(model_cells(each)) for each in status.models]
            lines += [queue_line(status), availability_line(status), self.versions.text()]
        return "\n".join(line for line in lines if line)
