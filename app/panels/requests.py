"""What other programs want of the person, as cards one after another: to be let in, and to act.

A program that waits for its code comes before plans: its person sits in front of it.
"""

from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.panels.corner import seconds_left
from app.panels.pairing_card import PairingCard
from app.panels.plan_card import PlanCard
from app.tray import wire
from app.tray.client import Client
from app.tray.wire import Plan, PlanEvent, Problem
from app.tray.wire_assistants import Pairing, PlanRequest, Proposal


class Requests(QObject):
    """Holds at most one card on the screen, and knows how much waits in the list."""

    waiting_changed = Signal(int)

    def __init__(self, client: Client, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._pairings: list[Pairing] = []
        self._plans: list[PlanRequest] = []
        self._seen: set[str] = set()
        self._counts = {"plans": 0, "proposals": 0}
        self.card: PairingCard | PlanCard | None = None
        client.pairing.connect(self._pairing)
        client.plan_request.connect(self._requested)
        client.plan.connect(self._plan_event)
        client.proposed.connect(self.count)
        client.stream_opened.connect(self._catch_up)

    @property
    def waiting(self) -> int:
        """How many plans and proposals wait for the person."""
        return sum(self._counts.values())

    def open(self, request: PlanRequest) -> None:
        """Shows this plan now, because the person asked for it."""
        if isinstance(self.card, PlanCard) and self._about(self.card) == request.plan.id:
            self.card.raise_()
            return
        self._seen.add(request.plan.id)
        self._plans = [request, *(each for each in self._plans if each.plan.id != request.plan.id)]
        if isinstance(self.card, PlanCard):
            self._set_aside(self.card, 1)
        self._next()

    def put_away(self) -> None:
        """Takes everything off the screen: the store is locked."""
        self._pairings, self._plans = [], []
        self._seen.clear()
        if self.card is not None:
            self.card.close()

    def count(self) -> None:
        """Asks how much waits."""
        query = {"state": "waiting"}
        self._client.get("/proposals", self._proposals, self._no_matter, query=query, owner=self)
        self._client.get("/plans", partial(self._listed, False), self._no_matter, owner=self)

    def _catch_up(self) -> None:
        """What was asked while no tray ran."""
        self._client.get("/pairings", self._waiting_codes, self._no_matter, owner=self)
        query = {"state": "waiting"}
        self._client.get("/proposals", self._proposals, self._no_matter, query=query, owner=self)
        self._client.get("/plans", partial(self._listed, True), self._no_matter, owner=self)

    def _waiting_codes(self, answer: object) -> None:
        items = wire.read_list(Pairing, answer)
        ids = {each.id for each in items}
        if isinstance(self.card, PairingCard) and self.card.pairing.id not in ids:
            self.card.close()
        for each in items:
            self._pairing(each)

    def _proposals(self, answer: object) -> None:
        self._counted("proposals", len(wire.read_list(Proposal, answer)))

    def _listed(self, offer: bool, answer: object) -> None:
        plans = [each for each in wire.read_list(Plan, answer) if each.state == "waiting"]
        self._counted("plans", len(plans))
        status = self._client.status
        if offer and status is not None and not status.availability.quiet:
            for each in plans:
                self._queue(PlanRequest(each, each.client))

    def _counted(self, what: str, number: int) -> None:
        before, self._counts[what] = self.waiting, number
        if self.waiting != before:
            self.waiting_changed.emit(self.waiting)

    # what comes

    def _pairing(self, pairing: object) -> None:
        if not isinstance(pairing, Pairing):
            return
        self._pairings = [each for each in self._pairings if each.id != pairing.id]
        if isinstance(self.card, PairingCard) and self.card.pairing.id == pairing.id:
            self.card.take(pairing)
        elif pairing.state == "waiting" and pairing.id not in self._seen:
            self._seen.add(pairing.id)
            self._pairings.append(pairing)
            if isinstance(self.card, PlanCard) and self.card.stage == "approval":
                self._set_aside(self.card, 0)
        self._next()

    def _requested(self, request: object) -> None:
        if isinstance(request, PlanRequest):
            self.count()
            if not request.quiet:
                self._queue(request)

    def _queue(self, request: PlanRequest) -> None:
        if request.plan.id not in self._seen and request.plan.state == "waiting":
            self._seen.add(request.plan.id)
            self._plans.append(request)
            self._next()

    def _plan_event(self, event: object) -> None:
        if isinstance(event, PlanEvent):
            self.count()
            if event.state != "waiting":  # answered elsewhere
                self._plans = [each for each in self._plans if each.plan.id != event.plan_id]

    # one at a time

    def _set_aside(self, card: PlanCard, place: int) -> None:
        """Its card goes, and comes again when what is more urgent is answered."""
        if card.plan is not None and card.stage == "approval":
            self._plans.insert(place, PlanRequest(card.plan, card.by))
        card.close()

    def _about(self, card: PlanCard) -> str:
        return card.plan.id if card.plan is not None else ""

    def _next(self) -> None:
        if isinstance(self.card, PlanCard) and self.card.late and (self._pairings or self._plans):
            self.card.close()  # nobody may come to press its ✕, and what waits has a clock, too
            return
        while self.card is None and self._pairings:
            pairing = self._pairings.pop(0)
            if _lives(pairing.expires_at):
                self._put(PairingCard(self._client, pairing))
        while self.card is None and self._plans:
            request = self._plans.pop(0)
            if _lives(request.plan.expires_at):
                card = PlanCard(self._client, "approval", request.by or request.plan.client or "An assistant")
                self._put(card)
                card.show_plan(request.plan)

    def _put(self, card: PairingCard | PlanCard) -> None:
        self.card = card
        card.gone.connect(self._gone)
        card.show()
        card.place()

    def _gone(self) -> None:
        self.card = None
        self._next()

    def _no_matter(self, problem: Problem) -> None:
        """The icon tells already that the daemon does not answer."""


def _lives(until: datetime | None) -> bool:
    left = seconds_left(until)
    return left is None or left > 0
