"""Many claims scored anew at once: forgetting one application may weaken a thousand.

`propositions.commit` looks at each revision from every side, which takes a millisecond. These need none of
that: nothing but the confidence changes, and no evidence comes.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session, defer

from gum.types import Proposition, PropositionId, Revision
from storage.many import among
from storage.propositions import from_row
from storage.schema import Base, PropositionRow
from storage.snapshots import change_json, evidence_json

_PROPOSITIONS, _REVISIONS = (Base.metadata.tables[name] for name in ("propositions", "revisions"))
_SCORE = (
    update(_PROPOSITIONS)
    .where(_PROPOSITIONS.c.id == bindparam("key"))
    .values(confidence=bindparam("sure"), status=bindparam("became"))
)


def some(s: Session, ids: Sequence[PropositionId]) -> list[Proposition]:
    """Those of `ids` that are there."""
    # Without their vectors: unpacking these would take longer than the rest.
    wanted = select(PropositionRow).options(defer(PropositionRow.vector))
    return [from_row(row) for row in s.scalars(wanted.where(among(PropositionRow.id, ids)))]


def rescore(s: Session, revisions: Sequence[Revision]) -> None:
    """Applies revisions of propositions that are there, which change confidence or status alone.

    Raises ValueError for one that brings evidence or takes the whole claim away.
    """
    scores, rows = [], []
    for r in revisions:
        if r.after is None or r.evidence or r.links:
            raise ValueError("only what changes confidence or status alone can be written so")
        scores.append({"key": r.proposition_id, "sure": r.after.confidence, "became": r.after.status.value})
        was, became = change_json(r.before, r.after)
        row = {"id": r.id, "proposition_id": r.proposition_id, "cause": r.cause.value, "at": r.at}
        words = {"before": was, "after": became, "evidence": evidence_json(()), "reasoning": r.reasoning}
        rows.append({**row, **words})
    if rows:
        s.connection().execute(_SCORE, scores)
        s.connection().execute(insert(_REVISIONS), rows)
