"""Approvals that wait for whoever proposed the plan: for a short time, for one use, in memory alone."""

import threading
from datetime import datetime, timedelta

from assistants.approve import Approval
from gum.errors import NotAllowed
from gum.grants import ClientId
from gum.ports import Clock
from gum.types import PlanId

LASTS = timedelta(minutes=5)


class Handed:
    """What the person approved and the client has not run yet. Safe to use from several threads.

    Nothing is kept across restarts: an approval that nobody used then is a no.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: dict[PlanId, tuple[ClientId, Approval]] = {}
        self._lock = threading.Lock()

    def give(self, plan_id: PlanId, approval: Approval, to: ClientId) -> datetime:
        """Lays the approval down for `to`; until when it may be taken."""
        with self._lock:
            self._waiting[plan_id] = to, approval
        return approval.at + approval.lasts

    def take(self, plan_id: PlanId, digest: str, client: ClientId) -> Approval:
        """The approval, which nobody gets a second time. Raises NotAllowed, and then it stays as it is."""
        with self._lock:
            if not self._there(plan_id) or self._waiting[plan_id][0] != client:
                raise NotAllowed("The person has not approved that plan", "Nothing was done. Only they can.")
            approval = self._waiting[plan_id][1]
            if digest != approval.digest:
                raise NotAllowed("The plan is not the one that was approved", "Nothing was done.")
            del self._waiting[plan_id]
            return approval

    def withdraw(self, plan_id: PlanId) -> None:
        """The person thought better of it."""
        with self._lock:
            self._waiting.pop(plan_id, None)

    def withdraw_of(self, client: ClientId) -> None:
        """All that was laid down for a client, which has been revoked."""
        with self._lock:
            self._waiting = {key: one for key, one in self._waiting.items() if one[0] != client}

    def waits(self, plan_id: PlanId) -> bool:
        """Whether it may still be taken."""
        with self._lock:
            return self._there(plan_id)

    def _there(self, plan_id: PlanId) -> bool:
        found = self._waiting.get(plan_id)
        if found is None:
            return False
        # After the clock was set back an approval is from the future: it counts as old, too.
        if not timedelta(0) <= self._clock.now() - found[1].at < found[1].lasts:
            del self._waiting[plan_id]
            return False
        return True
