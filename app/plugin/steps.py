"""From the steps that a client asks for to steps of a plan, and back to what a client may know of one. Pure.

A client names what; where is the person's setting. Its words end up as plain text on one line.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath

from app.plugin.shapes import ActionIn, PlanIn, PlanView, StepView
from app.shapes import OutcomeOut, PlanOut, StepOut
from assistants import plan as plans
from assistants.guard import Folders
from assistants.words import one_line, slug
from gum.errors import RequestUnusable
from gum.types import Plan, Step, new_id
from gum.zone import HERE

KINDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "open_page": (frozenset({"address"}), frozenset()),
    "add_todo": (frozenset({"words"}), frozenset({"day"})),
    "make_event": (frozenset({"words", "start"}), frozenset({"end"})),
}
"""What each kind needs, and what else it takes."""


def plan_of(asked: PlanIn, folders: Folders, now: datetime) -> Plan:
    """What is asked for as a plan; nothing is repaired. Raises RequestUnusable for what cannot be one, and
    NotAllowed for what no plan may do (`assistants.guard`).
    """
    goal = one_line(asked.goal)
    if not goal:
        raise RequestUnusable("The goal has no words", "Say in a few what the plan is for.")
    return plans.build(goal, [step_of(action, folders, now) for action in asked.steps])


def step_of(action: ActionIn, folders: Folders, now: datetime) -> Step:
    """One step. Raises RequestUnusable, NotAllowed."""
    needs, takes = KINDS[action.kind]
    given = {name for name, value in action if name != "kind" and value is not None}
    if missing := sorted(needs - given):
        raise RequestUnusable(f"The step {action.kind} needs {missing[0]}", "Nothing was planned.")
    if odd := sorted(given - needs - takes):
        raise RequestUnusable(f"The step {action.kind} takes no {odd[0]}", "Nothing was planned.")
    return _MAKE[action.kind](action, folders, now)


def _page(action: ActionIn, folders: Folders, now: datetime) -> Step:
    return plans.open_page(action.address or "")


def _todo(action: ActionIn, folders: Folders, now: datetime) -> Step:
    return plans.add_todo(folders.todo, _words(action), one_line(action.day or ""))


def _event(action: ActionIn, folders: Folders, now: datetime) -> Step:
    words = _words(action)
    assert action.start is not None
    if action.end is not None and action.end.astimezone(UTC) <= action.start.astimezone(UTC):
        raise RequestUnusable("The entry would end before it begins", "Nothing was planned.")
    start = action.start.astimezone(HERE)
    # A file of its own, also for the second entry of that name: nothing that is there is written over.
    name = f"{slug(words)}-{start.date().isoformat()}-{new_id()[-6:].lower()}.ics"
    stamp = now.astimezone(UTC).replace(microsecond=0).isoformat()
    return plans.make_event(folders.calendar / name, words, _iso(action.start), stamp, _iso(action.end))


def _words(action: ActionIn) -> str:
    words = one_line(action.words or "")
    if not words:
        raise RequestUnusable(f"The step {action.kind} has no words", "Nothing was planned.")
    return words


def _iso(at: datetime | None) -> str:
    """As it is shown to the person: by the clock of their desk, and with its zone."""
    return at.astimezone(HERE).replace(microsecond=0).isoformat() if at is not None else ""


_MAKE: Mapping[str, Callable[[ActionIn, Folders, datetime], Step]] = {
    "open_page": _page,
    "add_todo": _todo,
    "make_event": _event,
}


def plan_view(plan: PlanOut) -> PlanView:
    """What its client may know of it: not in which folder, and not what stood on the screen."""
    seen = {outcome.step_index: outcome for outcome in plan.outcomes}
    return PlanView(
        id=plan.id,
        goal=plan.goal,
        digest=plan.digest,
        state=plan.state,
        steps=[_step_view(step) for step in plan.steps],
        outcomes=[_outcome(plan.state, seen[n]) for n in sorted(seen)],
        expires_at=plan.expires_at,
    )


def _step_view(step: StepOut) -> StepView:
    where = step.where if step.kind == "open_page" else PurePosixPath(step.target).name
    return StepView(what=step.what, where=where, reversibility=step.reversibility, risk=step.risk)


def _outcome(state: str, outcome: OutcomeOut) -> str:
    """Window titles and paths are in what was seen; they are for the person."""
    if not outcome.ok:
        return "This step did not have its effect; the person sees why."
    return "Taken back, and checked." if state == "undone" else "Done, and checked."
