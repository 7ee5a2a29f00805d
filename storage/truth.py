"""Everything that the vector index must hold."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from gum.types import Status, Vector
from storage.schema import PerceptRow, PropositionRow


def vectors(s: Session, model: str) -> Iterator[tuple[str, str, Vector]]:
    """Kind ("propositions", "observations"), id and vector of all that `model` made a vector of."""
    p = PropositionRow
    known = select(p.id, p.vector).where(
        p.model == model, p.status == Status.ACTIVE.value, p.vector.is_not(None)
    )
    for key, vector in s.execute(known):
        if vector is not None:
            yield "propositions", key, vector
    seen = select(PerceptRow.observation_id, PerceptRow.vector).where(PerceptRow.model == model)
    for key, vector in s.execute(seen):
        yield "observations", key, vector
