"""Propositions, evidence and steps as JSON, for the columns that keep a whole one. Pure."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypedDict, cast

from gum.types import (
    Evidence,
    ObservationId,
    Plan,
    PlanId,
    Proposition,
    PropositionId,
    Reversibility,
    Sensitivity,
    Stance,
    Status,
    Step,
    SuggestionId,
    utc,
)
from storage.columns import MICROSECOND


class PropositionJson(TypedDict):
    """A proposition; times in ISO 8601, UTC; `half_life` in microseconds."""

    id: str
    type: str
    slots: dict[str, str]
    text: str
    subject: str
    confidence: float
    half_life: int
    sensitivity: str
    status: str
    valid_from: str
    valid_until: str | None
    created_at: str
    supported_at: str


class EvidenceJson(TypedDict):
    """A quote."""

    observation_id: str
    quote: str
    stance: str
    weight: float


class StepJson(TypedDict):
    """A step of a plan."""

    kind: str
    target: str
    args: dict[str, str]
    what: str
    where: str
    reversibility: str
    risk: str
    expected: str
    undo: str | None


class PlanJson(TypedDict):
    """A plan; `steps` is JSON of its own."""

    id: str
    goal: str
    steps: str
    owner: str | None


def _time(moment: datetime) -> str:
    return utc(moment).isoformat()


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def proposition_json(p: Proposition | None) -> str | None:
    if p is None:
        return None
    made: PropositionJson = {
        "id": p.id,
        "type": p.type,
        "slots": dict(p.slots),
        "text": p.text,
        "subject": p.subject,
        "confidence": p.confidence,
        "half_life": p.half_life // MICROSECOND,
        "sensitivity": p.sensitivity.value,
        "status": p.status.value,
        "valid_from": _time(p.valid_from),
        "valid_until": _time(p.valid_until) if p.valid_until is not None else None,
        "created_at": _time(p.created_at),
        "supported_at": _time(p.supported_at),
    }
    return _dump(made)


def proposition_from(text: str | None) -> Proposition | None:
    if text is None:
        return None
    p = cast(PropositionJson, json.loads(text))
    return Proposition(
        id=PropositionId(p["id"]),
        type=p["type"],
        slots=p["slots"],
        text=p["text"],
        subject=p["subject"],
        confidence=p["confidence"],
        half_life=timedelta(microseconds=p["half_life"]),
        sensitivity=Sensitivity(p["sensitivity"]),
        status=Status(p["status"]),
        valid_from=datetime.fromisoformat(p["valid_from"]),
        valid_until=datetime.fromisoformat(p["valid_until"]) if p["valid_until"] is not None else None,
        created_at=datetime.fromisoformat(p["created_at"]),
        supported_at=datetime.fromisoformat(p["supported_at"]),
    )


def evidence_json(evidence: Sequence[Evidence]) -> str:
    made: list[EvidenceJson] = [
        {"observation_id": e.observation_id, "quote": e.quote, "stance": e.stance.value, "weight": e.weight}
        for e in evidence
    ]
    return _dump(made)


def evidence_from(text: str) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(ObservationId(e["observation_id"]), e["quote"], Stance(e["stance"]), e["weight"])
        for e in cast(list[EvidenceJson], json.loads(text))
    )


def plan_json(plan: Plan | None) -> str | None:
    if plan is None:
        return None
    made: PlanJson = {
        "id": plan.id,
        "goal": plan.goal,
        "steps": steps_json(plan.steps),
        "owner": plan.suggestion_id,
    }
    return _dump(made)


def plan_from(text: str | None) -> Plan | None:
    if text is None:
        return None
    p = cast(PlanJson, json.loads(text))
    owner = SuggestionId(p["owner"]) if p["owner"] is not None else None
    return Plan(PlanId(p["id"]), p["goal"], steps_from(p["steps"]), owner)


def steps_json(steps: Sequence[Step]) -> str:
    made: list[StepJson] = [
        {
            "kind": s.kind,
            "target": s.target,
            "args": dict(s.args),
            "what": s.what,
            "where": s.where,
            "reversibility": s.reversibility.value,
            "risk": s.risk,
            "expected": s.expected,
            "undo": s.undo,
        }
        for s in steps
    ]
    return _dump(made)


def steps_from(text: str) -> tuple[Step, ...]:
    return tuple(_step(s) for s in cast(list[StepJson], json.loads(text)))


def _step(s: StepJson) -> Step:
    args: Mapping[str, str] = s["args"]
    return Step(
        kind=s["kind"],
        target=s["target"],
        args=args,
        what=s["what"],
        where=s["where"],
        reversibility=Reversibility(s["reversibility"]),
        risk=s["risk"],
        expected=s["expected"],
        undo=s["undo"],
    )
