"""Ids as a person types them: whole, or so much of the beginning that only one fits."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from gum.errors import NotAllowed, NotFound
from gum.types import PropositionId
from storage.schema import PropositionRow

LEAST = 4  # characters of a beginning: with fewer a slip of the finger would name another one
LAST = "\U0010ffff"


def proposition(s: Session, typed: str) -> PropositionId:
    """The id that `typed` is, or the only one that begins so. Raises NotFound, NotAllowed."""
    begun = typed.strip()
    p = PropositionRow
    if s.scalar(select(p.id).where(p.id == begun)) is not None:
        return PropositionId(begun)
    wanted = select(p.id).where(p.id > begun, p.id < begun + LAST).limit(2)
    found = s.scalars(wanted).all() if len(begun) >= LEAST else []
    if not found:
        raise NotFound("There is no such proposition", "It may have been forgotten.")
    if len(found) > 1:
        raise NotAllowed(f"Several propositions begin with {begun}", "Type more of the id.")
    return PropositionId(found[0])
