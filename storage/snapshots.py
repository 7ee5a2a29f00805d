"""Propositions, evidence and steps as JSON, for the columns that keep a whole one. Pure."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NotRequired, TypedDict, cast

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


class PropositionJson(TypedDict, total=False):
    """A proposition; times in ISO 8601, UTC; `half_life` in microseconds. Before 0004 every key is there."""

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
    settled: bool


class EvidenceJson(TypedDict):
    """A quote. Without a stance it supports."""

    observation_id: str
    quote: str
    stance: NotRequired[str]
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
    return utc(moment).isoformat().replace("+00:00", "Z")


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def change_json(before: Proposition | None, after: Proposition | None) -> tuple[str | None, str | None]:
    """A change of a proposition as two columns: how it was and how it is.

    What stands there anyway is left out, because half of the database was once made of it: the id, what is as
    most are (`_USUAL`), times that are `valid_from`, and, where both have the same type and slots, what of
    `before` is as in `after`. The slots are always there.
    """
    whole = _whole(before) if before is not None else None
    told = _whole(after) if after is not None else None
    if whole is None or told is None or (whole["type"], whole["slots"]) != (told["type"], told["slots"]):
        return _short(whole), _short(told)
    differing = {key: value for key, value in whole.items() if told[key] != value}  # type: ignore[literal-required]
    return _dump({"slots": whole["slots"], **differing}), _short(told)


def change_from(
    proposition_id: PropositionId, before: str | None, after: str | None
) -> tuple[Proposition | None, Proposition | None]:
    """How a proposition was and how it is, from the two columns."""
    told = _long(json.loads(after)) if after is not None else None
    whole: PropositionJson | None = json.loads(before) if before is not None else None
    if whole is not None and "type" in whole:
        whole = _long(whole)
    elif whole is not None:
        whole = {**told, **whole} if told is not None else None
    return _proposition(proposition_id, whole), _proposition(proposition_id, told)


_USUAL: PropositionJson = {
    "subject": "user",
    "sensitivity": Sensitivity.NORMAL.value,
    "status": Status.ACTIVE.value,
    "valid_until": None,
    "settled": False,
}


def _whole(p: Proposition) -> PropositionJson:
    return {
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
        "settled": p.settled,
    }


def _short(whole: PropositionJson | None) -> str | None:
    if whole is None:
        return None
    from_then_on = whole["valid_from"]
    usual = {**_USUAL, "created_at": from_then_on, "supported_at": from_then_on}
    return _dump({key: value for key, value in whole.items() if key not in usual or usual[key] != value})


def _long(short: PropositionJson) -> PropositionJson:
    from_then_on = short["valid_from"]
    times: PropositionJson = {"created_at": from_then_on, "supported_at": from_then_on}
    return {**_USUAL, **times, **short}


def _proposition(proposition_id: PropositionId, p: PropositionJson | None) -> Proposition | None:
    if p is None:
        return None
    return Proposition(
        id=PropositionId(p.get("id", proposition_id)),
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
        settled=p["settled"],
    )


def evidence_json(evidence: Sequence[Evidence]) -> str:
    return _dump([_piece(e) for e in evidence])


def _piece(e: Evidence) -> EvidenceJson:
    made: EvidenceJson = {"observation_id": e.observation_id, "quote": e.quote, "weight": e.weight}
    return made if e.stance is Stance.SUPPORTS else {**made, "stance": e.stance.value}


def evidence_from(text: str) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            ObservationId(e["observation_id"]),
            e["quote"],
            Stance(e.get("stance", Stance.SUPPORTS)),
            e["weight"],
        )
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
