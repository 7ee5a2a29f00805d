"""Assistants, third tab: what they put before the person, who alone says yes: facts, forgetting, actions."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget, QWidget

from app.panels import parts, style
from app.panels.clients_tab import called
from app.panels.table import chosen, put, table
from app.panels.text import Text
from app.tray import wire, words
from app.tray.client import Client
from app.tray.wire import Plan, Problem
from app.tray.wire_assistants import PlanRequest, Proposal

KINDS = {"fact": "a fact", "forget": "to forget"}
MEANS = {
    "fact": "Accepted, it counts as said by you. Rejected, nothing is kept of it.",
    "forget": "Accepted, it is forgotten at once, and that cannot be taken back. Rejected, nothing happens.",
}
PLANS = {
    "waiting": "Nothing of it is done before you have seen every step.",
    "approved": "You said yes, and it was not used yet. Rejected, nothing is done.",
}
SAYS = {"fact": "“{}” believes this of you:", "forget": "“{}” asks for this:"}
ACTS = "“{}” asks to do something for you. It says what for:"
NOTHING = (
    "Nothing waits for you",
    "An assistant can put a fact about you before you, ask to forget something, or ask to act. Nothing of "
    "that happens before you say yes here.",
)
Asked = Proposal | Plan
ROW = 300  # characters; all of it stands below


def cells(each: Asked) -> tuple[str, ...]:
    if isinstance(each, Plan):
        kind = "an action, approved" if each.state == "approved" else "an action"
        return (shown(each, ROW), kind, called(each.client), f"until {words.moment(each.expires_at)}")
    return (shown(each, ROW), KINDS.get(each.kind, each.kind), called(each.client), words.moment(each.at))


def shown(each: Asked, most: int | None = None) -> str:
    """Its text, or the beginning of it, with nothing hidden in it."""
    return words.visible((each.goal if isinstance(each, Plan) else each.text)[:most])


def explained(each: Asked) -> tuple[str, str]:
    """Who asks, and what the person's answer does."""
    if isinstance(each, Plan):
        return ACTS.format(called(each.client)), PLANS.get(each.state, "")
    return SAYS.get(each.kind, "“{}” asks:").format(called(each.client)), MEANS.get(each.kind, "")


class ProposalsTab(QWidget):
    counted = Signal(int)
    """How many wait."""
    plan_opened = Signal(object)
    """A PlanRequest that the person wants to see as a card."""

    def __init__(self, client: Client, banner: parts.Banner) -> None:
        super().__init__()
        self._client = client
        self._banner = banner
        self._plans: tuple[Plan, ...] = ()
        self._proposals: tuple[Proposal, ...] = ()
        self._number = 0  # answers to older questions than this are thrown away: they may come last
        self.proposals = table("What waits for you", ("What", "Kind", "Who", "When"))
        self.proposals.currentItemChanged.connect(lambda *_: self._enable())
        self.head = Text(bold=True, lines=2)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName("What it says, in full")
        self.text.setTabChangesFocus(True)
        self.text.setMaximumHeight(140)
        self.means = Text(muted=True)
        self.reject_button = parts.button("Reject", lambda: self._answer(False))
        self.accept_button = parts.button("Accept", self._accept, role="primary")
        some = QWidget()
        buttons = parts.row(self.means, self.reject_button, self.accept_button)
        buttons.setStretch(0, 1)
        listed = parts.column(self.proposals, self.head, self.text, buttons)
        listed.setStretch(0, 1)
        some.setLayout(listed)
        self.pages = QStackedWidget()
        self.pages.addWidget(some)
        self.pages.addWidget(parts.Empty(*NOTHING))
        self.setLayout(parts.column(self.pages, margin=style.MARGIN))
        self._enable()

    def load(self) -> None:
        self._number += 1
        query, loaded = {"state": "waiting"}, partial(self._loaded, self._number)
        self._client.get("/proposals", loaded, self._banner.tell, query=query, owner=self)
        came = partial(self._plans_came, self._number)
        self._client.get("/plans", came, self._banner.tell, owner=self)

    def _loaded(self, number: int, answer: object) -> None:
        if number != self._number:
            return
        self._proposals = tuple(each for each in wire.read_list(Proposal, answer) if each.state == "waiting")
        self._fill()

    def _plans_came(self, number: int, answer: object) -> None:
        if number != self._number:
            return
        self._plans = tuple(each for each in wire.read_list(Plan, answer) if each.state in PLANS)
        self._fill()

    def _fill(self) -> None:
        items: list[Asked] = [*self._plans, *self._proposals]  # plans wait for minutes, the others for days
        before, usual = self._chosen(), -1 if self.proposals.topLevelItemCount() else 0
        place = next((n for n, each in enumerate(items) if before and each.id == before.id), usual)
        put(self.proposals, ((cells(each), each) for each in items), widest=150)
        # Where the chosen one is gone none is: a click on its way to "Accept" was not meant for another.
        row = self.proposals.topLevelItem(place) if place >= 0 else None
        self.proposals.setCurrentItem(row)  # type: ignore[arg-type]
        self.pages.setCurrentIndex(0 if items else 1)
        self.counted.emit(len(items))
        self._enable()

    def _chosen(self) -> Asked | None:
        each = chosen(self.proposals)
        return each if isinstance(each, Proposal | Plan) else None

    def _enable(self) -> None:
        each = self._chosen()
        for button in (self.accept_button, self.reject_button):
            button.setEnabled(each is not None)
        forgets = isinstance(each, Proposal) and each.kind == "forget"
        label = "Look at it…" if isinstance(each, Plan) else "Forget…" if forgets else "Accept"
        self.accept_button.setText(label)
        self.accept_button.setAccessibleName(label.rstrip("…"))
        head, means = explained(each) if each is not None else ("", "")
        self.head.setText(head)
        self.means.setText(means)
        text = shown(each) if each is not None else ""
        if text != self.text.toPlainText():
            self.text.setPlainText(text)

    def _accept(self) -> None:
        each = self._chosen()
        if isinstance(each, Plan):
            self.plan_opened.emit(PlanRequest(each, each.client))
        elif each is not None and each.kind != "fact":
            asked = f"{shown(each, 1000)}\n\nThis cannot be taken back."
            parts.confirm(self, "forget", asked, "Forget", lambda: self._send(each, True))
        elif each is not None:
            self._send(each, True)

    def _answer(self, accept: bool) -> None:
        each = self._chosen()
        if each is not None:
            self._send(each, accept)

    def _send(self, each: Asked, accept: bool) -> None:
        for button in (self.accept_button, self.reject_button):
            button.setEnabled(False)  # no second press while the first is on its way
        again = lambda _: self.load()  # noqa: E731
        if isinstance(each, Plan):
            self._client.post(f"/plans/{each.id}/deny", {}, again, self._refused, owner=self)
            return
        path, body = f"/proposals/{each.id}", {"accept": accept}
        self._client.post(path, body, again, self._refused, owner=self, timeout_s=120)

    def _refused(self, problem: Problem) -> None:
        self._banner.tell(problem)
        self.load()

    def clear(self) -> None:
        """Holds nothing any more, nor what is still on its way."""
        self._number += 1
        self._plans, self._proposals = (), ()
        self.proposals.clear()
        self._enable()
