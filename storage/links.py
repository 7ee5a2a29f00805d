"""How propositions stand to each other: which took whose place, which cannot both be so."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gum.types import LinkKind, PropositionId
from storage.schema import LinkRow, PropositionRow


@dataclass(frozen=True, slots=True)
class Tie:
    """A link of a proposition to `other`; `forth` is False where it is the other's link to it."""

    kind: LinkKind
    forth: bool
    other: PropositionId
    text: str
    at: datetime


def of(s: Session, key: PropositionId) -> list[Tie]:
    """The links of `key` in both directions, oldest first."""
    wanted = (
        select(LinkRow, PropositionRow.id, PropositionRow.text)
        .join(PropositionRow, PropositionRow.id.in_([LinkRow.proposition_id, LinkRow.other_id]))
        .where(or_(LinkRow.proposition_id == key, LinkRow.other_id == key), PropositionRow.id != key)
        .order_by(LinkRow.n)
    )
    return [
        Tie(LinkKind(row.kind), row.proposition_id == key, PropositionId(other), text, row.at)
        for row, other, text in s.execute(wanted)
    ]
