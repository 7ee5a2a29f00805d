"""What is known of the person: propositions, their evidence, and every change ever made to them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import Integer, bindparam, func, or_, select, text, type_coerce, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session, defer

from gum.types import (
    Cause,
    Draft,
    Evidence,
    ObservationId,
    Proposition,
    PropositionId,
    Revision,
    RevisionId,
    Sensitivity,
    Stance,
    Status,
    Trust,
    Vector,
)
from storage import claims, match
from storage import schema as t
from storage.columns import micros
from storage.many import among
from storage.schema import ObservationRow, PropositionRow, RevisionRow
from storage.snapshots import change_from, change_json, evidence_from, evidence_json

OF_A_TYPE = 200  # neighbours of a draft's type that are looked at, the last supported first
OF_ITS_WORDS = 20  # neighbours that share words with a draft
SPOKEN_AT_MOST = 50  # things spoken of that neighbours are looked for: each is a search of its own
KEPT = (Status.ACTIVE.value, Status.HIDDEN.value)
LIVING = (*KEPT, Status.STALE.value)

# The newest pieces of each of several claims. Made once, and one for all of them: a search shows twenty.
_PIECES, _SIGHTS = (t.Base.metadata.tables[name] for name in ("evidence", "observations"))
_IDS = func.json_each(bindparam("ids")).table_valued("value")
_OTHERS = _PIECES.alias()
_LATEST = (
    select(_OTHERS.c.n)
    .where(_OTHERS.c.proposition_id == _IDS.c.value)
    .order_by(_OTHERS.c.n.desc())
    .limit(bindparam("newest"))
    .correlate(_IDS)
)
_NEWEST = (
    select(*_PIECES.c, _SIGHTS.c.title)
    .select_from(
        _IDS.join(_PIECES, _PIECES.c.n.in_(_LATEST)).outerjoin(
            _SIGHTS, _SIGHTS.c.id == _PIECES.c.observation_id
        )
    )
    .order_by(_PIECES.c.n)
)


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """Evidence with what is known of its observation."""

    evidence: Evidence
    at: datetime
    app: str
    title: str
    trust: Trust

    @property
    def observation_id(self) -> ObservationId:
        """ "" when the observation has gone by age."""
        return self.evidence.observation_id


class _Seen(NamedTuple):
    at: datetime
    until: datetime
    app: str
    trust: str


def commit(s: Session, revisions: Sequence[Revision]) -> list[Revision]:
    """Applies `revisions` in order and returns those that really changed something, as they were applied.

    Left out: a revision that is there already (so doing it twice does no harm); one that cites an
    observation or changes a proposition that was forgotten while the model thought; a claim that was
    forgotten and rests only on what was seen before that. A new proposition that claims what a kept one
    claims already becomes evidence for that one.
    """
    secret = claims.salt(s)
    applied = (_apply(s, revision, secret) for revision in revisions)
    return [revision for revision in applied if revision is not None]


def _apply(s: Session, revision: Revision, secret: bytes) -> Revision | None:
    if s.scalar(select(RevisionRow.n).where(RevisionRow.id == revision.id)) is not None:
        return None
    seen = _seen(s, [e.observation_id for e in revision.evidence])
    if any(e.observation_id not in seen for e in revision.evidence):
        return None
    kept = _row(s, revision.proposition_id)
    if kept is None and (revision.before is not None or revision.after is None):
        return None
    after = revision.after
    if after is None:
        assert kept is not None
        after = replace(from_row(kept), status=Status.DELETED)
    claim = claims.fingerprint(secret, after.type, after.slots, after.valid_until)
    if kept is None or kept.claim != claim:
        fresh = _unburied(s, claim, revision.evidence, seen)
        if fresh is None:
            return None
        revision = replace(revision, evidence=fresh)
    if kept is None:
        twin = _twin(s, claim)
        if twin is not None:
            return _join(s, revision, from_row(twin), twin.claim, seen)
    _write(s, revision, after, claim, seen)
    return revision


def _join(
    s: Session, revision: Revision, twin: Proposition, claim: str, seen: Mapping[ObservationId, _Seen]
) -> Revision:
    latest = max([twin.supported_at, *(seen[e.observation_id].until for e in revision.evidence)])
    after = replace(twin, supported_at=latest)
    joined = replace(
        revision, proposition_id=twin.id, cause=Cause.REINFORCE, before=twin, after=after, reasoning=""
    )
    _write(s, joined, after, claim, seen)
    return joined


def _write(
    s: Session, revision: Revision, after: Proposition, claim: str, seen: Mapping[ObservationId, _Seen]
) -> None:
    _put(s, after, claim)
    was, became = change_json(revision.before, revision.after)
    row = {
        "id": revision.id,
        "proposition_id": revision.proposition_id,
        "cause": revision.cause.value,
        "before": was,
        "after": became,
        "evidence": evidence_json(revision.evidence),
        "at": revision.at,
        "reasoning": revision.reasoning,
    }
    s.execute(insert(RevisionRow).values(row))
    for e in revision.evidence:
        cited = {
            "proposition_id": revision.proposition_id,
            "observation_id": e.observation_id,
            "quote": e.quote,
            "stance": e.stance.value,
            "weight": e.weight,
            "at": seen[e.observation_id].at,
            "app": seen[e.observation_id].app,
            # What was weighed says by whose words; that may be less than the whole observation's.
            "trust": e.trust.value if e.at is not None else seen[e.observation_id].trust,
            "drafter": e.drafter,
            "sure": e.sure,
        }
        s.execute(insert(t.EvidenceRow).values(cited).on_conflict_do_nothing())
    for link in revision.links:
        tie = {"proposition_id": revision.proposition_id, "other_id": link.other, "kind": link.kind.value}
        if _row(s, link.other) is not None:  # it may have been forgotten meanwhile
            s.execute(insert(t.LinkRow).values(**tie, at=revision.at).on_conflict_do_nothing())


def _put(s: Session, p: Proposition, claim: str) -> None:
    row: dict[str, object] = {
        "type": p.type,
        "slots": p.slots,
        "text": p.text,
        "subject": p.subject,
        "confidence": p.confidence,
        "half_life": p.half_life,
        "sensitivity": p.sensitivity.value,
        "status": p.status.value,
        "valid_from": p.valid_from,
        "valid_until": p.valid_until,
        "created_at": p.created_at,
        "supported_at": p.supported_at,
        "settled": p.settled,
        "claim": claim,
    }
    # Another wording means another vector: the old one would be found under words that are gone.
    reworded = update(PropositionRow).where(PropositionRow.id == p.id, PropositionRow.text != p.text)
    s.execute(reworded.values(vector=None, model=None), execution_options={"synchronize_session": False})
    statement = insert(PropositionRow).values(id=p.id, **row)
    s.execute(statement.on_conflict_do_update(index_elements=["id"], set_=row))


def _unburied(
    s: Session, claim: str, evidence: Sequence[Evidence], seen: Mapping[ObservationId, _Seen]
) -> tuple[Evidence, ...] | None:
    """The evidence that counts for `claim`; None when it was forgotten and nothing new speaks for it."""
    until = claims.buried_at(s, claim)
    if until is None:
        return tuple(evidence)
    return tuple(e for e in evidence if seen[e.observation_id].until > until) or None


def _seen(s: Session, ids: Sequence[ObservationId]) -> dict[ObservationId, _Seen]:
    """What a piece of evidence takes over from those observations that still exist."""
    o = ObservationRow
    wanted = select(o.id, o.at, o.until, o.app, o.trust).where(among(o.id, set(ids)))
    return {ObservationId(i): _Seen(at, until, app, trust) for i, at, until, app, trust in s.execute(wanted)}


def without_forgotten(s: Session, drafts: Sequence[Draft]) -> list[Draft]:
    """`drafts` without the claims that the person had forgotten and that only old observations speak for."""
    secret = claims.salt(s)
    seen = _seen(s, [e.observation_id for d in drafts for e in d.evidence])
    kept = []
    for draft in drafts:
        claim = claims.fingerprint(secret, draft.type, draft.slots, draft.valid_until)
        cited = [e for e in draft.evidence if e.observation_id in seen]
        fresh = _unburied(s, claim, cited, seen)
        if fresh:
            kept.append(replace(draft, evidence=fresh))
    return kept


def set_vectors(s: Session, vectors: Mapping[PropositionId, Vector], model: str) -> None:
    """Keeps the vector of each proposition that exists; `model` names their space."""
    for key, vector in vectors.items():
        change = update(PropositionRow).where(PropositionRow.id == key).values(vector=vector, model=model)
        s.execute(change, execution_options={"synchronize_session": False})


def vectors_of(s: Session, ids: Iterable[PropositionId], model: str) -> dict[PropositionId, Vector]:
    """The vectors that `model` made of the active ones of `ids`."""
    p = PropositionRow
    wanted = select(p.id, p.vector).where(
        among(p.id, ids), p.model == model, p.status == Status.ACTIVE.value, p.vector.is_not(None)
    )
    return {PropositionId(key): vector for key, vector in s.execute(wanted) if vector is not None}


def stale_vectors(s: Session, model: str) -> list[tuple[PropositionId, str]]:
    """Ids and texts of the active propositions that have no vector of `model`."""
    p = PropositionRow
    wanted = select(p.id, p.text).where(
        p.status == Status.ACTIVE.value, or_(p.vector.is_(None), p.model.is_(None), p.model != model)
    )
    return [(PropositionId(key), words) for key, words in s.execute(wanted)]


def get(s: Session, proposition_id: PropositionId) -> Proposition | None:
    row = _row(s, proposition_id)
    return from_row(row) if row is not None else None


def list_(
    s: Session, status: str | None = "active", type_: str | None = None, limit: int = 100
) -> list[Proposition]:
    """The last supported first; `status` None means all."""
    p = PropositionRow
    wanted = select(p).options(defer(p.vector)).order_by(p.supported_at.desc(), p.n.desc()).limit(limit)
    if status is not None:
        wanted = wanted.where(p.status == status)
    if type_ is not None:
        wanted = wanted.where(p.type == type_)
    return [from_row(row) for row in s.scalars(wanted)]


def fading(s: Session, now: datetime, half_lives: int) -> list[Proposition]:
    """The active ones whose date has passed, or that were supported so many half-lives ago or longer."""
    p = PropositionRow
    supported, lasts = type_coerce(p.supported_at, Integer), type_coerce(p.half_life, Integer)
    due = or_(p.valid_until < now, supported + half_lives * lasts <= micros(now))
    wanted = select(p).options(defer(p.vector)).where(p.status == Status.ACTIVE.value, due)
    return [from_row(row) for row in s.scalars(wanted.order_by(p.n))]


def count(s: Session) -> int:
    """How many are active."""
    active = select(func.count()).select_from(PropositionRow).where(PropositionRow.status == "active")
    return s.scalar(active) or 0


def evidence_of(
    s: Session, ids: Sequence[PropositionId], newest: int | None = None
) -> dict[PropositionId, list[EvidenceRow]]:
    """The evidence of each of `ids`, oldest first; only the `newest` pieces if that is given."""
    o = ObservationRow
    found: dict[PropositionId, list[EvidenceRow]] = {key: [] for key in ids}
    if newest is not None:
        for last in s.connection().execute(_NEWEST, {"ids": json.dumps(list(found)), "newest": newest}):
            # A plain row has the attributes of an EvidenceRow.
            found[PropositionId(last.proposition_id)].append(_piece(cast(t.EvidenceRow, last), last.title))
        return found
    wanted = (
        select(t.EvidenceRow, o.title)
        .join(o, o.id == t.EvidenceRow.observation_id, isouter=True)
        .where(among(t.EvidenceRow.proposition_id, ids))
        .order_by(t.EvidenceRow.at, t.EvidenceRow.n)
    )
    for row, title in s.execute(wanted):
        found[PropositionId(row.proposition_id)].append(_piece(row, title))
    return found


def _piece(row: t.EvidenceRow, title: str | None) -> EvidenceRow:
    source = ObservationId(row.observation_id or "")
    trust = Trust(row.trust)
    evidence = Evidence(
        source, row.quote, Stance(row.stance), row.weight, row.drafter, row.sure, row.at, row.app, trust
    )
    return EvidenceRow(evidence, row.at, row.app, title or "", trust)


def quoted(s: Session, quotes: Sequence[tuple[PropositionId, str]]) -> bool:
    """Whether each of these claims still has evidence with that quote."""
    e = t.EvidenceRow
    return all(
        s.scalar(select(e.n).where(e.proposition_id == key, e.quote == quote).limit(1)) is not None
        for key, quote in quotes
    )


def revisions_of(s: Session, proposition_id: PropositionId) -> list[Revision]:
    """Every change of a proposition, oldest first."""
    wanted = select(RevisionRow).where(RevisionRow.proposition_id == proposition_id).order_by(RevisionRow.n)
    return [_revision(row) for row in s.scalars(wanted)]


def _revision(r: RevisionRow) -> Revision:
    before, after = change_from(PropositionId(r.proposition_id), r.before, r.after)
    return Revision(
        id=RevisionId(r.id),
        proposition_id=PropositionId(r.proposition_id),
        cause=Cause(r.cause),
        before=before,
        after=after,
        evidence=evidence_from(r.evidence),
        at=r.at,
        reasoning=r.reasoning,
    )


def neighbours(s: Session, drafts: Sequence[Draft], spoken: Sequence[str] = ()) -> list[Proposition]:
    """Propositions that a draft may be about: the same type, words in common, or the same claim; and those
    that share words with what was `spoken` of.

    The same claim is found in whatever state it is: what the person deleted must not come back as new.
    """
    p = PropositionRow
    secret = claims.salt(s)
    same = {claims.fingerprint(secret, d.type, d.slots, d.valid_until) for d in drafts}
    light = select(p).options(
        defer(p.vector)
    )  # unpacking hundreds of vectors would take longer than the rest
    wanted = [light.where(p.claim.in_(same))]
    wanted += [
        light.where(p.type == kind, p.status.in_(LIVING)).order_by(p.supported_at.desc()).limit(OF_A_TYPE)
        for kind in sorted({d.type for d in drafts})
    ]
    of_drafts = dict.fromkeys(" ".join(d.slots.values()) for d in drafts)
    said = dict.fromkeys([*of_drafts, *list(dict.fromkeys(spoken))[:SPOKEN_AT_MOST]])
    numbers = {n for words in said for n in _sharing_words(s, words)}
    # One variable, however many they are: SQLite takes so many and no more (sqlite.org/limits.html, 9).
    each = func.json_each(json.dumps(sorted(numbers))).table_valued("value")
    wanted.append(light.where(p.n.in_(select(each.c.value))))
    found = {row.n: row for query in wanted for row in s.scalars(query)}
    return [from_row(row) for _, row in sorted(found.items())]


def _sharing_words(s: Session, words: str) -> list[int]:
    expression = match.any_word(words)
    if expression is None:
        return []
    query = text(
        "SELECT p.n FROM propositions_words f JOIN propositions p ON p.n = f.rowid "
        "WHERE propositions_words MATCH :match AND p.status IN ('active', 'hidden', 'stale') "
        "ORDER BY f.rank LIMIT :limit"
    )
    return list(s.scalars(query, {"match": expression, "limit": OF_ITS_WORDS}))


def _row(s: Session, proposition_id: PropositionId) -> PropositionRow | None:
    return s.scalar(select(PropositionRow).where(PropositionRow.id == proposition_id))


def _twin(s: Session, claim: str) -> PropositionRow | None:
    kept = PropositionRow.status.in_(KEPT)
    return s.scalar(select(PropositionRow).where(PropositionRow.claim == claim, kept).limit(1))


def from_row(row: PropositionRow) -> Proposition:
    """The proposition that `row` keeps."""
    return Proposition(
        id=PropositionId(row.id),
        type=row.type,
        slots=dict(row.slots),
        text=row.text,
        subject=row.subject,
        confidence=row.confidence,
        half_life=row.half_life,
        sensitivity=Sensitivity(row.sensitivity),
        status=Status(row.status),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        created_at=row.created_at,
        supported_at=row.supported_at,
        settled=bool(row.settled),
    )
