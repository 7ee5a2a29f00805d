"""A card about a plan: exactly what would be done, then what became of it. Whose plan it is, it says."""

from datetime import datetime

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.panels import parts
from app.panels.approval import outcomes_view, steps_view
from app.panels.corner import Corner, seconds_left
from app.panels.text import Text
from app.tray import wire, words
from app.tray.client import SLOW_S, Client
from app.tray.wire import Plan, Problem

UNDER_THE_HAND_MS = 1000  # a card that comes by itself may come under a click that was meant for another
HANDED = "“{by}” may do this, once, until {until}. Nothing has been done yet."


class PlanCard(Corner):
    """`stage` is "approval", "running", "result" or "gone"."""

    def __init__(self, client: Client, title: str, by: str = "") -> None:
        """`by`: the assistant that asks for the plan; "": Gumption itself."""
        super().__init__(title, high=bool(by))
        self._client = client
        self.by = words.visible(words.one_line(by))
        self.plan: Plan | None = None
        client.plan.connect(self._plan_event)

    def show_plan(self, plan: Plan) -> None:
        """Asks for approval of `plan`, or shows what became of it."""
        self.plan = plan
        if plan.state != "waiting":
            self._result(plan)
            return
        page = parts.column(*self._what_for(plan), Text("This will be done, and nothing else:"))
        page.addWidget(steps_view(plan), 1)
        approve = parts.button("Approve", self._approve, role="primary", tip="Do exactly what is shown here")
        page.addLayout(parts.row(parts.button("Deny", self._deny, tip="Nothing will be done"), None, approve))
        self._show("approval", "an assistant asks" if self.by else "do this?", page)
        if self.by:
            self._hold_back(approve)

    def _what_for(self, plan: Plan) -> list[QWidget]:
        """Whose plan it is and what for. An assistant's reason is its own word, and stands in quotes."""
        if not self.by:
            return [Text(plan.goal, scale=1.1, bold=True, lines=4)]
        goal = words.visible(words.one_line(plan.goal))
        return [
            Text(f"“{self.by}” asks to do something for you", scale=1.1, bold=True, lines=3),
            Text(f"It says what for: “{goal}”", lines=4),
        ]

    def _hold_back(self, approve: QPushButton) -> None:
        """What comes by itself cannot be approved in its first moment."""
        approve.setEnabled(False)
        QTimer.singleShot(UNDER_THE_HAND_MS, approve, lambda: approve.setEnabled(True))

    def _approve(self) -> None:
        if self.plan is None or self.stage != "approval" or self._expired():
            return
        plan = self.plan
        doing = "Passing on your yes…" if plan.client else "At work; every step is checked afterwards."
        self._show("running", "at work…", parts.column(*self._what_for(plan), Text(doing)))
        self._client.post(
            f"/plans/{plan.id}/approve",
            {"digest": plan.digest},  # of what was shown; a plan that changed meanwhile is refused
            self._took,
            self._unsure,
            owner=self,
            timeout_s=SLOW_S,
        )

    def _deny(self) -> None:
        """Also after a yes that nobody has used yet."""
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
        page: QVBoxLayout = parts.column(*self._what_for(plan))
        buttons = parts.row(None)
        if plan.state == "approved":
            by = self.by or words.visible(words.one_line(plan.client))
            page.addWidget(Text(HANDED.format(by=by, until=words.moment(plan.expires_at))))
            buttons.addWidget(parts.button("Take it back", self._deny, tip="Nothing will be done"))
        else:
            page.addWidget(outcomes_view(plan), 1)
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
        answered = self.stage == "approval" and event.state != "waiting"  # elsewhere, or its time is up
        used = self.stage == "result" and self.plan.state in ("approved", "running")
        if answered or used:
            self._look_again()

    def _close_now(self, _: object) -> None:
        self.close()

    def _refused(self, problem: Problem) -> None:
        self._body.setEnabled(True)
        self.banner.tell(problem)
        self.place()

    # time

    def _until(self) -> datetime | None:
        return self.plan.expires_at if self.stage == "approval" and self.plan is not None else None

    @property
    def late(self) -> bool:
        """Whether it only says that nobody answered in time."""
        left = seconds_left(self.plan.expires_at) if self.plan is not None else None
        waited = self.stage == "result" and self.plan is not None and self.plan.state == "waiting"
        return waited and left is not None and left <= 0

    def _over(self) -> None:
        if self.plan is not None:
            page = parts.column(
                *self._what_for(self.plan), Text("Nobody answered in time. Nothing was done.")
            )
            self._show("result", "time is up", page)
