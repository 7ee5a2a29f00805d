"""What a draft changes among the propositions that are there. Pure but for fresh ids.

Compared pairwise, by type and slots (`gum.same`), never "all similar ones at once" (gum.md section 4, 10):
the same claim is reinforced, a claim that says more refines the one that says less (or was typed no
further), a deadline at another date supersedes the old one, the same two things the other way round or
another value of the same setting contradict it, anything else is new. Where words find nothing in common,
somebody may have been asked (`gum.judge`): `compare` then knows the answer.

Nothing is overwritten silently: every change is a revision with before and after, and what took the place of
something is linked to it. One observation counts once. What the person settled no inference changes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gum import confidence, decay
from gum.claims import grown, one_date
from gum.same import Relation, relation
from gum.setting import another_value
from gum.text import normal
from gum.types import (
    Cause,
    Draft,
    Evidence,
    Link,
    LinkKind,
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
# Of these there is one: a meeting is held every week and a place gone to twice, but an essay is due once.
_MOVES = frozenset({"has_deadline"})
SUBJECT = "user"
TYPING = timedelta(minutes=15)  # so long a claim may be the beginning of one still being typed

EvidenceOf = Callable[[PropositionId], Sequence[Evidence]]
Calibrate = Callable[[str, float], float]  # of a type of claim, a confidence
Compare = Callable[[Draft, Proposition], Relation]  # asked where words find nothing in common


def as_it_is(kind: str, sure: float) -> float:
    """No calibration."""
    return sure


def revise(
    draft: Draft,
    neighbours: Sequence[Proposition],
    evidence_of: EvidenceOf,
    now: datetime,
    fresh: Callable[[], str] = new_id,
    calibrate: Calibrate = as_it_is,
    compare: Compare | None = None,
) -> list[Revision]:
    """The revisions `draft` brings. `evidence_of` gives all that a neighbour rests on.

    `fresh` makes ids; a replay that must come out the same brings its own. `calibrate` is what the person's
    verdicts made of confidences (`gum.calibrate`).

    Doing it twice changes nothing the second time. What a person deleted or contradicted does not
    come back by inference; a stale claim that is seen again is active again.
    """
    c = _Context(draft, evidence_of, utc(now), fresh, calibrate)
    if draft.valid_until is not None and draft.valid_until < c.now:
        return []
    near = [
        (p, found)
        for p in neighbours
        if p.type == draft.type and (found := _related(c, compare, p)) is not Relation.UNRELATED
    ]
    if any(p.status in _REFUSED and found is Relation.SAME and _same_date(p, draft) for p, found in near):
        return []
    living = [(p, found) for p, found in near if p.status in _LIVING]
    opposite = [p for p, found in living if found is Relation.OPPOSITE]
    if opposite:
        return _against(c, opposite, [p for p, found in living if found is Relation.SAME])
    begun = [p for p in neighbours if p.type == draft.type and p.status in _LIVING and _begun(c, p)]
    about = [p for p, found in living if found is Relation.SAME]
    same = [p for p in about if _same_date(p, draft)]
    if same or begun:
        chosen = _surest(same or begun)
        fuller = not same or _fuller(draft.slots, chosen.slots)
        return _supported(c, chosen, Cause.REFINE if fuller else Cause.REINFORCE)
    if about and draft.type in _MOVES:
        return _moved(c, about)
    # What is known says it already, and more. What is stale says nothing any longer; what the person hid is
    # not to come back in fewer words.
    if any(f is Relation.LESS and p.status is not Status.STALE and _same_date(p, draft) for p, f in living):
        return []
    less = [p for p, found in living if found is Relation.MORE and _same_date(p, draft)]
    if len(less) == 1 or (less and not _names_people(draft)):
        chosen = _surest(less)
        better = draft.confidence > chosen.confidence
        return _supported(c, chosen, Cause.REFINE if better else Cause.REINFORCE)
    return [_new(c)]


@dataclass(frozen=True, slots=True)
class _Context:
    """What every kind of revision of one draft needs."""

    draft: Draft
    evidence_of: EvidenceOf
    now: datetime
    fresh: Callable[[], str]
    calibrate: Calibrate

    def score(self, p: Proposition, evidence: Sequence[Evidence]) -> float:
        return self.calibrate(p.type, confidence.score_of(p, evidence))

    def unknown(self, p: Proposition) -> tuple[Evidence, ...]:
        """The draft's evidence that `p` does not rest on yet."""
        known = {e.observation_id for e in self.evidence_of(p.id)}
        return tuple(e for e in self.draft.evidence if e.observation_id not in known)

    def change(
        self, cause: Cause, before: Proposition | None, after: Proposition, evidence: tuple[Evidence, ...]
    ) -> Revision:
        return _revision(after.id, cause, before, after, evidence, self.now, self.draft.reasoning, self.fresh)


def _related(c: _Context, compare: Compare | None, p: Proposition) -> Relation:
    found = relation(c.draft.type, c.draft.slots, p.slots)
    if found is not Relation.UNRELATED:
        return found
    if p.status in _LIVING and another_value(c.draft, p, c.evidence_of):
        return Relation.OPPOSITE
    return compare(c.draft, p) if compare is not None else found


def _begun(c: _Context, p: Proposition) -> bool:
    return c.now - p.created_at <= TYPING and grown(p.type, p.slots, c.draft.slots)


def _surest(found: Sequence[Proposition]) -> Proposition:
    return max(found, key=lambda p: (p.settled, p.confidence, p.created_at, p.id))


def _names_people(draft: Draft) -> bool:
    """ "Ann" may be Ann Lee or Ann Moss: where both are known, neither is meant."""
    return "person" in draft.slots


def _same_date(p: Proposition, draft: Draft) -> bool:
    return one_date(draft.slots, draft.valid_until, p.slots, p.valid_until)


def _fuller(more: Mapping[str, str], less: Mapping[str, str]) -> bool:
    """Whether `more` fills every slot that `less` fills, and others besides."""
    full, scant = _filled(more), _filled(less)
    return len(full) > len(scant) and scant.keys() <= full.keys()


def _filled(slots: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, raw in slots.items() if (value := normal(raw))}


def _supported(c: _Context, p: Proposition, cause: Cause) -> list[Revision]:
    unknown = c.unknown(p)
    if not unknown:
        return []
    sure = c.score(p, (*c.evidence_of(p.id), *unknown))
    if not any(e.stance is Stance.SUPPORTS for e in unknown):
        lower = replace(p, confidence=min(p.confidence, sure))
        return [c.change(Cause.CONTRADICT, p, lower, unknown)]
    after = replace(
        p,
        confidence=max(p.confidence, sure),  # what an older rule or the person gave it stays
        half_life=decay.lengthened(p.type, p.half_life, c.now - p.supported_at),
        supported_at=max(p.supported_at, c.now),
        status=Status.ACTIVE if p.status is Status.STALE else p.status,
    )
    if cause is Cause.REFINE and not p.settled:
        after = replace(
            after,
            slots=c.draft.slots,
            text=c.draft.text,
            valid_until=c.draft.valid_until or p.valid_until,
            sensitivity=max(p.sensitivity, c.draft.sensitivity),  # "sensitive" > "normal"
        )
    return [c.change(cause, p, after, unknown)]


def _moved(c: _Context, about: Sequence[Proposition]) -> list[Revision]:
    """The same thing at another date: what was seen last holds, and the others are over."""
    if any(p.settled for p in about) or not _later(c, about):
        return []
    links = tuple(Link(p.id, LinkKind.SUPERSEDES) for p in about)
    return [replace(_new(c), links=links), *(_over(c, p) for p in about)]


def _against(c: _Context, opposite: Sequence[Proposition], same: Sequence[Proposition]) -> list[Revision]:
    """Both cannot be so: the draft is kept, and what it speaks against is weakened and linked."""
    ours = _supported(c, _surest(same), Cause.REINFORCE) if same else [_new(c)]
    if not ours:
        return []
    links = tuple(Link(p.id, LinkKind.CONTRADICTS) for p in opposite)
    theirs = [r for p in opposite if not p.settled for r in _weakened(c, p)]
    return [replace(ours[0], links=links), *theirs]


def _weakened(c: _Context, p: Proposition) -> list[Revision]:
    turned = tuple(replace(e, stance=Stance.CONTRADICTS) for e in c.unknown(p))
    if not turned:
        return []
    if _later(c, [p]):
        return [_over(c, p, turned)]  # a taste that changed
    lower = min(p.confidence, c.score(p, (*c.evidence_of(p.id), *turned)))
    return [c.change(Cause.CONTRADICT, p, replace(p, confidence=lower), turned)]


def _later(c: _Context, about: Sequence[Proposition]) -> bool:
    """Whether the draft was seen after everything that speaks for those it is compared with."""
    ours = [e.at for e in c.draft.evidence if e.at is not None]
    theirs = [
        e.at for p in about for e in c.evidence_of(p.id) if e.at is not None and e.stance is Stance.SUPPORTS
    ]
    return not ours or not theirs or max(ours) > max(theirs)


def _over(c: _Context, p: Proposition, evidence: tuple[Evidence, ...] = ()) -> Revision:
    return c.change(Cause.CONTRADICT, p, replace(p, status=Status.SUPERSEDED), evidence)


def _new(c: _Context) -> Revision:
    draft = c.draft
    after = Proposition(
        id=PropositionId(c.fresh()),
        type=draft.type,
        slots=draft.slots,
        text=draft.text,
        subject=SUBJECT,
        confidence=c.calibrate(draft.type, confidence.clip(draft.confidence)),
        half_life=draft.half_life,
        sensitivity=draft.sensitivity,
        status=Status.ACTIVE,
        valid_from=c.now,
        valid_until=draft.valid_until,
        created_at=c.now,
        supported_at=c.now,
    )
    return c.change(Cause.NEW, None, after, draft.evidence)


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


def deny(
    proposition: Proposition,
    pieces: Sequence[Evidence],
    evidence_of: EvidenceOf,
    now: datetime,
    fresh: Callable[[], str] = new_id,
    calibrate: Calibrate = as_it_is,
    reason: str = "the person said that it is not so",
) -> list[Revision]:
    """What is left of a claim that the person denied in so many words (`gum.denial`), or set anew.

    Said after all that speaks for it, the claim is over; said before, it only becomes less sure.
    """
    known = list(evidence_of(proposition.id))
    told = {e.observation_id for e in known if e.stance is Stance.CONTRADICTS}
    unknown = tuple(e for e in pieces if e.observation_id not in told)
    if not unknown or proposition.settled or proposition.status not in _LIVING:
        return []
    sure = calibrate(proposition.type, confidence.score_of(proposition, (*known, *unknown)))
    after = replace(proposition, confidence=min(proposition.confidence, sure))
    since = [e.at for e in known if e.at is not None and e.stance is Stance.SUPPORTS]
    if not since or any(e.at is None or e.at >= max(since) for e in unknown):
        after = replace(after, status=Status.SUPERSEDED)
    return [_revision(proposition.id, Cause.CONTRADICT, proposition, after, unknown, utc(now), reason, fresh)]


def retract(proposition: Proposition, remaining: Sequence[Evidence], now: datetime) -> list[Revision]:
    """What is left of a claim when some of its evidence was forgotten: less, or nothing.

    Without a supporting piece it goes (`after` is None); else it is scored anew from what remains,
    never higher than it was. No revision when that changes nothing.
    """
    now = utc(now)
    if not any(e.stance is Stance.SUPPORTS for e in remaining):
        reason = "everything it rested on was forgotten"
        return [_revision(proposition.id, Cause.RETRACT, proposition, None, (), now, reason)]
    if proposition.settled:
        return []  # the person's word outlives what it was concluded from in part
    sure = min(proposition.confidence, confidence.score_of(proposition, remaining))
    if sure == proposition.confidence:
        return []
    after = replace(proposition, confidence=sure)
    reason = "some of what it rested on was forgotten"
    return [_revision(proposition.id, Cause.RETRACT, proposition, after, (), now, reason)]
