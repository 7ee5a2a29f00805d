"""The card in the corner: an offer, then exactly what would be done, then what became of it.

It never takes the keyboard focus when it appears, and silence is never consent: when the time is up, or
the card is closed, nothing happens.
"""

from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLayout, QLineEdit, QVBoxLayout, QWidget

from app.panels import parts, style
from app.panels.approval import outcomes_view, steps_view
from app.panels.own_words import MOST
from app.panels.text import Text
from app.tray import wire, words
from app.tray.client import SLOW_S, Client
from app.tray.rest import Then
from app.tray.wire import Plan, Problem, Suggestion

WIDTH = 420
QUOTES = 3


def seconds_left(until: datetime | None, now: datetime | None = None) -> float | None:
    """Seconds until `until`; None when there is no such limit."""
    return None if until is None else (until - (now or datetime.now(UTC))).total_seconds()


class Card(QWidget):
    """One suggestion. `stage` is "offer", "approval", "running", "result" or "gone"."""

    gone = Signal()
    evidence_opened = Signal(object)

    def __init__(self, client: Client, suggestion: Suggestion) -> None:
        flags = Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(None, flags)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Gumption: suggestion")
        self._client = client
        self.suggestion = suggestion
        self.plan: Plan | None = None
        self.stage = "offer"
        self.banner = parts.Banner()
        self._title = Text("Gumption", muted=True)
        self._clock = Text("", muted=True)
        self._body = QWidget()
        self._build()
        self._tick = QTimer(self, interval=500)
        self._tick.timeout.connect(self._look_at_clock)
        self._tick.start()
        client.plan.connect(self._plan_event)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Cancel), self).activated.connect(self.close)
        self._offer()

    def _build(self) -> None:
        close = parts.button("✕", self.close, role="quiet", name="Close", tip="Close; nothing will be done")
        close.setFixedWidth(40)
        self._outer = QVBoxLayout()
        self._outer.setContentsMargins(style.MARGIN, style.GAP, style.GAP, style.MARGIN)
        self._outer.setSpacing(style.GAP)
        head = parts.row(self._title, self._clock, close)
        head.setStretch(0, 1)
        self._outer.addLayout(head)
        self._outer.addWidget(self.banner)
        self._outer.addWidget(self._body, 1)
        whole = self._whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        frame: QFrame = parts.box("card", self._outer)
        whole.addWidget(frame)

    def _show(self, stage: str, title: str, layout: QLayout) -> None:
        """Puts another body on the card. The old one is gone for good, with its buttons."""
        self.stage = stage
        self._title.setText(f"Gumption  ·  {title}")
        old, self._body = self._body, QWidget()
        layout.setContentsMargins(0, 0, style.GAP, 0)
        self._body.setLayout(layout)
        self._outer.replaceWidget(old, self._body)
        self._body.show()  # at once, not with the next event: `place` measures what is shown
        old.hide()
        old.deleteLater()  # later: a button on it may be in the middle of its own click
        self.banner.hide()
        self._look_at_clock()
        self.place()

    def place(self) -> None:
        """Into the lower right corner of the screen, as high as it needs and the screen allows."""
        screen = self.screen() or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        width = min(WIDTH, room.width() - 2 * style.MARGIN)
        self._whole.invalidate()
        self._whole.activate()
        wanted = self._whole.heightForWidth(width) if self._whole.hasHeightForWidth() else -1
        needed = wanted if wanted > 0 else self._whole.sizeHint().height()
        height = min(needed, int(room.height() * 0.85))
        self.setFixedWidth(width)
        self.resize(width, height)
        self.move(room.right() - width - style.MARGIN, room.bottom() - height - style.MARGIN)

    # the offer

    def _offer(self) -> None:
        page = parts.column(Text(self.suggestion.text, scale=1.15, bold=True, lines=8))
        if self.suggestion.why_now:
            page.addWidget(Text(f"Why now: {self.suggestion.why_now}", lines=6))
        for quote, facts, piece in quotes(self.suggestion):
            page.addWidget(self._quote(quote, facts, piece))
        self.note = QLineEdit(placeholderText="Say something to it, if you like", maxLength=MOST)
        self.note.setAccessibleName("Say something to it")
        page.addWidget(self.note)
        # "Do it" stands on the left; on the next page "Deny" does: a double click never approves.
        page.addLayout(
            parts.row(
                parts.button("Do it", self._accept, role="primary"),
                parts.button("Not now", lambda: self._react("dismiss")),
                None,
                parts.button("Never this kind", lambda: self._react("never"), role="quiet", name="Never"),
            )
        )
        self._show("offer", "a suggestion", page)

    def _quote(self, quote: str, facts: str, piece: wire.Evidence) -> QWidget:
        open_ = parts.button(
            "Show", lambda: self.evidence_opened.emit(piece), role="quiet", name="Show evidence"
        )
        said = parts.column(Text(f"“{quote}”", lines=3), Text(facts, scale=0.88, muted=True, lines=1), gap=2)
        inside = parts.row(said, open_, margin=style.GAP)
        inside.setStretch(0, 1)
        return parts.box("box", inside)

    def _accept(self) -> None:
        self._lock("Preparing…")
        self._post("reaction", self._said("accept"), self._accepted)

    def _accepted(self, answer: object) -> None:
        plan = answer.get("plan") if isinstance(answer, dict) else None
        if plan is None:
            self.close()
        else:
            self.show_plan(wire.read(Plan, plan))

    def _react(self, verdict: str) -> None:
        self._lock("")
        self._post("reaction", self._said(verdict), self._close_now)

    def _said(self, verdict: str) -> dict[str, object]:
        """The reaction, with what the person typed to it."""
        note = self.note.text().strip()
        return {"verdict": verdict, "note": note} if note else {"verdict": verdict}

    def _post(self, what: str, body: dict[str, object], then: Then) -> None:
        path = f"/suggestions/{self.suggestion.id}/{what}"
        self._client.post(path, body, then, self._refused, owner=self)

    def _close_now(self, _: object) -> None:
        self.close()

    def _refused(self, problem: Problem) -> None:
        self._body.setEnabled(True)
        self.banner.tell(problem)
        self.place()

    def _lock(self, doing: str) -> None:
        """No second click while the first is on its way."""
        self._body.setEnabled(False)
        if doing:
            self._title.setText(f"Gumption  ·  {doing}")

    # approval

    def show_plan(self, plan: Plan) -> None:
        """Asks for approval of `plan`, or shows what became of it."""
        self.plan = plan
        if plan.state != "waiting":
            self._result(plan)
            return
        page = parts.column(
            Text(plan.goal, scale=1.1, bold=True, lines=4), Text("This will be done, and nothing else:")
        )
        page.addWidget(steps_view(plan), 1)
        page.addLayout(
            parts.row(
                parts.button("Deny", self._deny, tip="Nothing will be done"),
                None,
                parts.button("Approve", self._approve, role="primary", tip="Do exactly what is shown here"),
            )
        )
        self._show("approval", "do this?", page)

    def _approve(self) -> None:
        if self.plan is None or self.stage != "approval" or self._expired():
            return
        plan = self.plan
        page = parts.column(
            Text(plan.goal, scale=1.1, bold=True, lines=4), Text("At work; every step is checked afterwards.")
        )
        self._show("running", "at work…", page)
        self._client.post(
            f"/plans/{plan.id}/approve",
            {"digest": plan.digest},  # of what was shown; a plan that changed meanwhile is refused
            self._took,
            self._unsure,
            owner=self,
            timeout_s=SLOW_S,
        )

    def _deny(self) -> None:
        if self.plan is None:
            return
        self._lock("")
        self._client.post(f"/plans/{self.plan.id}/deny", {}, self._close_now, self._refused, owner=self)

    def _undo(self) -> None:
        if self.plan is None:
            return
        self._lock("undoing…")
        path = f"/plans/{self.plan.id}/undo"
        self._client.post(path, {}, self._took, self._unsure, owner=self, timeout_s=SLOW_S)

    # what became of it

    def _took(self, answer: object) -> None:
        self.plan = wire.read(Plan, answer)
        self._result(self.plan)

    def _result(self, plan: Plan) -> None:
        page = parts.column(Text(plan.goal, scale=1.1, bold=True, lines=4))
        page.addWidget(outcomes_view(plan), 1)
        buttons = parts.row(None)
        if plan.state in ("running", "waiting"):
            buttons.addWidget(parts.button("Look again", self._look_again))
        if plan.can_undo:
            buttons.addWidget(parts.button("Undo", self._undo, tip="Take back what was done"))
        buttons.addWidget(parts.button("OK", self.close, role="primary"))
        page.addLayout(buttons)
        self._show("result", "what became of it", page)

    def _unsure(self, problem: Problem) -> None:
        """No answer to "approve" does not mean that nothing was done: that is said, and looked at again."""
        page = parts.column(Text("It is not known what was done", scale=1.1, bold=True))
        buttons = parts.row(None, parts.button("Look again", self._look_again))
        page.addLayout(buttons)
        self._show("result", "no answer", page)
        self.banner.tell(problem)
        self.place()

    def _look_again(self) -> None:
        if self.plan is not None:
            self._client.get(f"/plans/{self.plan.id}", self._took, self._refused, owner=self)

    def _plan_event(self, event: object) -> None:
        if not isinstance(event, wire.PlanEvent) or self.plan is None or event.plan_id != self.plan.id:
            return
        if self.stage == "approval" and event.state != "waiting":  # answered elsewhere, or its time is up
            self._look_again()

    # time

    def _until(self) -> datetime | None:
        if self.stage == "approval" and self.plan is not None:
            return self.plan.expires_at
        return self.suggestion.expires_at if self.stage == "offer" else None

    def _expired(self) -> bool:
        left = seconds_left(self._until())
        return left is not None and left <= 0

    def _look_at_clock(self) -> None:
        left = seconds_left(self._until())
        shown = left is not None and left < 600
        self._clock.setText(words.countdown(left) if left is not None and shown else "")
        if not self._expired():
            return
        if self.stage == "approval" and self.plan is not None:
            page = parts.column(
                Text(self.plan.goal, bold=True), Text("Nobody answered in time. Nothing was done.")
            )
            self._show("result", "time is up", page)
        elif self.stage == "offer":
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        if self.stage != "gone":
            self.stage = "gone"
            self._tick.stop()
            self.gone.emit()
        super().closeEvent(event)


def quotes(suggestion: Suggestion) -> list[tuple[str, str, wire.Evidence]]:
    """Up to QUOTES pieces of evidence, one a proposition first: quote, facts, the piece."""
    quoted = [[piece for piece in each.evidence if piece.quote] for each in suggestion.why]  # others are old
    firsts = [pieces[0] for pieces in quoted if pieces]
    others = [piece for pieces in quoted for piece in pieces[1:]]
    return [
        (
            words.one_line(piece.quote),
            "  ·  ".join(x for x in (piece.app, words.moment(piece.at)) if x),
            piece,
        )
        for piece in [*firsts, *others][:QUOTES]
    ]
