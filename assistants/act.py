"""Running an approved plan, step by step, each verified; and taking it back, last step first."""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistants.approve import Approval
from assistants.guard import Folders
from assistants.hands import PATIENCE_S, Hands
from assistants.launch import Launcher
from assistants.plan import digest
from assistants.plan import step as rebuild
from assistants.windows import Windows
from gum.errors import NotAllowed
from gum.ports import Clock, Surface
from gum.types import Outcome, Plan, PlanId

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the journal, which is only ever appended to.

    `event`: "approved", "refused", "begin", "done", "failed", "undo", "undone" or "undo failed".
    "begin" and "undo" are written before the deed, so a crash in between can be seen.
    `step_index` is -1 for what concerns the whole plan.
    """

    at: datetime
    plan_id: PlanId
    digest: str
    event: str
    step_index: int
    detail: str


class Executor:
    """Runs plans, one at a time.

    `journal` takes every entry, in order, before and after each deed. `spent`: digests of plans that
    were run before this process started; a plan is run once and never again. Calls block; use a thread.
    """

    def __init__(
        self,
        surface: Surface,
        folders: Folders,
        clock: Clock,
        launcher: Launcher | None = None,
        windows: Windows | None = None,
        journal: Callable[[Entry], None] = lambda entry: None,
        spent: Iterable[str] = (),
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._hands = Hands(surface, folders, launcher or Launcher(), windows, patience_s)
        self._clock = clock
        self._journal = journal
        self._spent = set(spent)
        self._undone: set[str] = set()
        self._lock = threading.Lock()

    def run(self, plan: Plan, approval: Approval | None) -> list[Outcome]:
        """Does the steps in order and stops at the first that fails; one outcome for each step tried.

        Raises NotAllowed, with nothing done, without a fresh approval of exactly this plan, for a plan
        that ran before, for steps that break a hard block or whose words differ from their deeds.
        """
        with self._lock:
            try:
                self._admit(plan, approval)
            except NotAllowed as error:
                self._note(plan, "refused", -1, error.title)
                raise
            self._spent.add(digest(plan))
            self._note(plan, "approved", -1, approval.by if approval is not None else "")
            return self._run(plan)

    def undo(self, plan: Plan, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Takes back what the outcomes say was done, last first; each is tried even if another fails.

        Steps that failed half-way are taken back too, as far as they got. Raises NotAllowed for a plan
        that was taken back before, or whose outcomes are not its own.
        """
        with self._lock:
            self._admit_undo(plan, outcomes)
            results = [self._undo_step(plan, outcome) for outcome in reversed(outcomes)]
            if all(result.ok for result in results):  # else the person may mend the cause and try again
                self._undone.add(digest(plan))
            return results

    def _run(self, plan: Plan) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for index, step in enumerate(plan.steps):
            self._note(plan, "begin", index, step.kind)
            outcome = self._hands.perform(step, index)
            outcomes.append(outcome)
            self._note(plan, "done" if outcome.ok else "failed", index, outcome.seen)
            if not outcome.ok:
                break
        return outcomes

    def _undo_step(self, plan: Plan, outcome: Outcome) -> Outcome:
        self._note(plan, "undo", outcome.step_index, "")
        result = self._hands.revert(plan.steps[outcome.step_index], outcome)
        self._note(plan, "undone" if result.ok else "undo failed", outcome.step_index, result.seen)
        return result

    def _admit(self, plan: Plan, approval: Approval | None) -> None:
        if approval is None:
            raise NotAllowed("Nobody approved that plan", "Nothing was done.")
        age = self._clock.now() - approval.at
        if not timedelta(0) <= age < approval.lasts:
            raise NotAllowed("The approval has expired", "Nothing was done. Approve it again.")
        if approval.digest != digest(plan):
            raise NotAllowed(
                "The plan is not the one that was approved", "Nothing was done. Look at it again."
            )
        if approval.digest in self._spent:
            raise NotAllowed("That plan has been run already", "Accept the suggestion again for a new plan.")
        self._check_steps(plan)

    def _admit_undo(self, plan: Plan, outcomes: Sequence[Outcome]) -> None:
        if digest(plan) in self._undone:
            raise NotAllowed("That plan has been taken back already", "Nothing was done.")
        indexes = [o.step_index for o in outcomes]
        if indexes != list(range(len(indexes))) or len(indexes) > len(plan.steps):
            raise NotAllowed("Those outcomes are not of that plan", "Nothing was done.")

    def _check_steps(self, plan: Plan) -> None:
        if not plan.steps:
            raise NotAllowed("The plan has no steps", "Nothing was done.")
        for step in plan.steps:
            if rebuild(step.kind, step.target, step.args) != step:
                raise NotAllowed("A step says something else than it would do", "Nothing was done.")
            self._hands.check(step)

    def _note(self, plan: Plan, what: str, index: int, detail: str) -> None:
        log.info("plan %s step %d: %s", plan.id, index, what)
        self._journal(Entry(self._clock.now(), plan.id, digest(plan), what, index, detail))
