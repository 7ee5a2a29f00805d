"""Approvals: one person, one plan, one time. No answer is a no."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistants.plan import digest
from gum.errors import NotAllowed
from gum.ports import Clock
from gum.types import Plan, PlanId

PATIENCE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Approval:
    """ "Yes" to exactly the plan with this digest, for so long. `by` says where it was given, e.g. "tray"."""

    digest: str
    by: str
    at: datetime
    lasts: timedelta = PATIENCE


@dataclass(frozen=True, slots=True)
class Request:
    """A question that is on a card now; it counts as denied from `expires_at` on."""

    plan_id: PlanId
    digest: str
    expires_at: datetime


class Approvals:
    """The open questions. Safe to use from several threads; nothing is kept across restarts."""

    def __init__(self, clock: Clock, patience: timedelta = PATIENCE, lasts: timedelta = PATIENCE) -> None:
        """A question waits so long; the approval it gives `lasts` so long."""
        self._clock = clock
        self._patience, self._lasts = patience, lasts
        self._open: dict[PlanId, Request] = {}
        self._answers: dict[PlanId, str] = {}
        self._lock = threading.Lock()

    def ask(self, plan: Plan) -> Request:
        """Puts the question; asking again for a plan that was not answered starts its time anew.

        Raises NotAllowed for a plan that was already answered.
        """
        with self._lock:
            if self._answers.get(plan.id) in ("approved", "denied"):
                raise NotAllowed(
                    "That question has been answered", "Accept the suggestion again for a new plan."
                )
            request = Request(plan.id, digest(plan), self._clock.now() + self._patience)
            self._open[plan.id] = request
            self._answers.pop(plan.id, None)
            return request

    def approve(self, plan_id: PlanId, shown: str, by: str) -> Approval:
        """The approval, when the question is still open and `shown` is the digest that was asked.

        Each question gives one approval at most. Raises NotAllowed.
        """
        with self._lock:
            state = self._state(plan_id)
            if state != "waiting":
                raise NotAllowed(
                    _REFUSALS[state], "Nothing was done. Accept the suggestion again to be asked anew."
                )
            if shown != self._open[plan_id].digest:
                raise NotAllowed(
                    "The plan is not the one that was shown", "Nothing was done. Look at it again."
                )
            self._answers[plan_id] = "approved"
            return Approval(self._open.pop(plan_id).digest, by, self._clock.now(), self._lasts)

    def deny(self, plan_id: PlanId) -> None:
        """A no; it stays a no. Denying what was never asked, or has expired, changes nothing."""
        with self._lock:
            if self._state(plan_id) == "waiting":
                self._answers[plan_id] = "denied"
                del self._open[plan_id]

    def state(self, plan_id: PlanId) -> str:
        """ "waiting", "approved", "denied", "expired" or "unknown"."""
        with self._lock:
            return self._state(plan_id)

    def _state(self, plan_id: PlanId) -> str:
        request = self._open.get(plan_id)
        if request is not None and self._clock.now() >= request.expires_at:
            self._answers[plan_id] = "expired"
            del self._open[plan_id]
            request = None
        return "waiting" if request is not None else self._answers.get(plan_id, "unknown")


_REFUSALS = {
    "unknown": "Nobody was asked about that plan",
    "approved": "That plan has already been approved once",
    "denied": "You said no to that plan",
    "expired": "There was no answer in time, which counts as a no",
}
