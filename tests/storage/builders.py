"""Nouns for the tests of this folder."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from gum.types import (
    Cause,
    Draft,
    Evidence,
    Link,
    Plan,
    PlanId,
    Proposition,
    PropositionId,
    Reversibility,
    Revision,
    RevisionId,
    Step,
    Suggestion,
    SuggestionId,
    new_id,
)
from tests.builders import NOON

KEY = bytes(range(32))


def new(
    p: Proposition,
    evidence: Sequence[Evidence] = (),
    reasoning: str = "seen",
    at: datetime = NOON,
    links: Sequence[Link] = (),
) -> Revision:
    return Revision(
        RevisionId(new_id()), p.id, Cause.NEW, None, p, tuple(evidence), at, reasoning, tuple(links)
    )


def change(
    before: Proposition, after: Proposition, evidence: Sequence[Evidence] = (), cause: Cause = Cause.REINFORCE
) -> Revision:
    return Revision(RevisionId(new_id()), before.id, cause, before, after, tuple(evidence), NOON, "again")


def draft(p: Proposition, evidence: Sequence[Evidence]) -> Draft:
    return Draft(p.type, p.slots, p.text, "seen", p.confidence, p.half_life, tuple(evidence), p.valid_until)


def plan(goal: str = "Put it on the list", owner: str | None = None, target: str = "todo.txt") -> Plan:
    step = Step(
        "add_todo", target, {"line": goal}, goal, target, Reversibility.REVERSIBLE, "", goal, "removed"
    )
    return Plan(PlanId(new_id()), goal, (step,), SuggestionId(owner) if owner else None)


def suggestion(
    why: Sequence[str] = (),
    *,
    kind: str = "remind",
    text: str = "Remember",
    at: datetime = NOON,
    state: str = "new",
) -> Suggestion:
    key = SuggestionId(new_id())
    return Suggestion(
        id=key,
        kind=kind,
        text=text,
        why_now="Because " + text,
        why=tuple(PropositionId(w) for w in why),
        p_useful=0.5,
        benefit=1.0,
        cost_shown=0.5,
        cost_missed=0.25,
        plan=replace(plan(text), suggestion_id=key),
        created_at=at,
        expires_at=at + timedelta(hours=1),
        state=state,
    )
