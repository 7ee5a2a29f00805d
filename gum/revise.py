"""What a draft changes among the propositions that are there. Pure but for fresh ids.

Compared pairwise, never "all similar ones at once" (gum.md section 4, 10). The same claim is
reinforced, a claim that says more refines the one that says less (or was typed no further), anything
else is new. Nothing is
overwritten silently: every change is a revision with before and after. One observation counts once.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from gum import confidence, decay
from gum.claims import grown, key, stem
from gum.text import normal
from gum.types import (
    Cause,
    Draft,
    Evidence,
    ObservationId,
    Proposition,
    PropositionId,
    Revision,
    RevisionId,
    Stance,
    Status,
    new_id,
    utc,
)

_LIVING = (Status.ACTIVE, Status.STALE, Status.HIDDEN)
_REFUSED = (Status.DELETED, Status.CONTRADICTED)
SUBJECT = "user"
TYPING = timedelta(minutes=15)  # so long a claim may be the beginning of one still being typed
_PARTIAL = 0.5  # evidence that says less supports the fuller claim by half


def revise(
    draft: Draft,
    neighbours: Sequence[Proposition],
    evidence_of: Mapping[PropositionId, Collection[ObservationId]],
    now: datetime,
    fresh: Callable[[], str] = new_id,
) -> list[Revision]:
    """The revisions `draft` brings, none or one. `evidence_of`: the observations each neighbour rests on.

    `fresh` makes ids; a replay that must come out the same brings its own.

    Doing it twice changes nothing the second time. What a person deleted or contradicted does not
    come back by inference; a stale claim that is seen again is active again. A changed date of one
    task is a new claim beside the old one.
    """
    now = utc(now)
    if draft.valid_until is not None and draft.valid_until < now:
        return []
    same = [p for p in neighbours if p.type == draft.type]
    about = [p for p in same if stem(p.type, p.slots) == stem(draft.type, draft.slots)]
    begun = [p for p in same if now - p.created_at <= TYPING and grown(p.type, p.slots, draft.slots)]
    exact = [p for p in about if _key(p) == key(draft.type, draft.slots, draft.valid_until)]
    if any(p.status in _REFUSED for p in exact):
        return []
    for found, says, share in (
        (exact, Cause.REINFORCE, 1.0),
        (begun, Cause.REFINE, 1.0),
        ([p for p in about if _fuller(draft.slots, p.slots)], Cause.REFINE, 1.0),
        ([p for p in about if _fuller(p.slots, draft.slots)], Cause.REINFORCE, _PARTIAL),
    ):
        living = [p for p in found if p.status in _LIVING]
        if living:
            chosen = max(living, key=lambda p: (p.confidence, p.created_at, p.id))
            known = set().union(*(evidence_of.get(p.id, ()) for p in living))
            return _supported(chosen, draft, known, says, share, now, fresh)
    return [_new(draft, now, fresh)]


def _key(p: Proposition) -> str:
    return key(p.type, p.slots, p.valid_until)


def _fuller(more: Mapping[str, str], less: Mapping[str, str]) -> bool:
    """Whether `more` fills every slot of `less` alike, and others besides."""
    full, scant = _filled(more), _filled(less)
    return len(full) > len(scant) and all(full.get(name) == value for name, value in scant.items())


def _filled(slots: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, raw in slots.items() if (value := normal(raw))}


def _supported(
    p: Proposition,
    draft: Draft,
    known: Collection[ObservationId],
    cause: Cause,
    share: float,
    now: datetime,
    fresh: Callable[[], str],
) -> list[Revision]:
    unknown = tuple(
        replace(e, weight=e.weight * share) for e in draft.evidence if e.observation_id not in known
    )
    if not unknown:
        return []
    sure = confidence.updated(p.confidence, confidence.signed(unknown))
    after = replace(p, confidence=sure)
    if any(e.stance is Stance.SUPPORTS for e in unknown):
        after = replace(
            after,
            half_life=decay.lengthened(p.type, p.half_life, now - p.supported_at),
            supported_at=max(p.supported_at, now),
            status=Status.ACTIVE if p.status is Status.STALE else p.status,
        )
    if cause is Cause.REFINE:
        after = replace(
            after,
            slots=draft.slots,
            text=draft.text,
            valid_until=draft.valid_until or p.valid_until,
            sensitivity=max(p.sensitivity, draft.sensitivity),  # "sensitive" > "normal"
        )
    return [_revision(p.id, cause, p, after, unknown, now, draft.reasoning, fresh)]


def _new(draft: Draft, now: datetime, fresh: Callable[[], str]) -> Revision:
    after = Proposition(
        id=PropositionId(fresh()),
        type=draft.type,
        slots=draft.slots,
        text=draft.text,
        subject=SUBJECT,
        confidence=confidence.clip(draft.confidence),
        half_life=draft.half_life,
        sensitivity=draft.sensitivity,
        status=Status.ACTIVE,
        valid_from=now,
        valid_until=draft.valid_until,
        created_at=now,
        supported_at=now,
    )
    return _revision(after.id, Cause.NEW, None, after, draft.evidence, now, draft.reasoning, fresh)


def _revision(
    about: PropositionId,
    cause: Cause,
    before: Proposition | None,
    after: Proposition | None,
    evidence: tuple[Evidence, ...],
    now: datetime,
    reasoning: str,
    fresh: Callable[[], str] = new_id,
) -> Revision:
    return Revision(RevisionId(fresh()), about, cause, before, after, evidence, now, reasoning)


def retract(proposition: Proposition, remaining: Sequence[Evidence], now: datetime) -> list[Revision]:
    """What is left of a claim when some of its evidence was forgotten: less, or nothing.

    Without a supporting piece it goes (`after` is None); else it is scored anew from what remains,
    never higher than it was. No revision when that changes nothing.
    """
    now = utc(now)
    if not any(e.stance is Stance.SUPPORTS for e in remaining):
        reason = "everything it rested on was forgotten"
        return [_revision(proposition.id, Cause.RETRACT, proposition, None, (), now, reason)]
    sure = min(proposition.confidence, confidence.score(confidence.signed(remaining)))
    if sure == proposition.confidence:
        return []
    after = replace(proposition, confidence=sure)
    reason = "some of what it rested on was forgotten"
    return [_revision(proposition.id, Cause.RETRACT, proposition, after, (), now, reason)]
