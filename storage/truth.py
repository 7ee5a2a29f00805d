"""Everything that the vector index must hold."""

from collections.abc import Iterator

import numpy as np
from sqlalchemy import BLOB, select, type_coerce
from sqlalchemy.orm import Session

from gum.types import Status
from storage.index import Entry
from storage.schema import PerceptRow, PropositionRow


def vectors(s: Session, model: str) -> Iterator[Entry]:
    """Kind ("propositions", "observations"), id and vector of all that `model` made a vector of.

    Vectors come as arrays over the stored bytes: 100,000 of 384 numbers are 170 MB so, and 1.2 GB as tuples.
    """
    p, o = PropositionRow, PerceptRow
    active = (p.model == model, p.status == Status.ACTIVE.value, p.vector.is_not(None))
    for key, blob in s.execute(select(p.id, type_coerce(p.vector, BLOB)).where(*active)):
        yield "propositions", key, np.frombuffer(blob, "<f4")
    for key, blob in s.execute(select(o.observation_id, type_coerce(o.vector, BLOB)).where(o.model == model)):
        yield "observations", key, np.frombuffer(blob, "<f4")
