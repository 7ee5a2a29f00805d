"""Claims by how a quote that they rest on begins."""

import json
from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.orm import Session

from gum.types import Proposition, PropositionId
from storage.rescoring import some

_BEGINS = text(
    "SELECT DISTINCT p.id FROM propositions p JOIN evidence e ON e.proposition_id = p.id "
    "WHERE p.type = :kind AND p.status IN ('active', 'hidden', 'stale') AND e.stance = 'supports' AND EXISTS "
    "(SELECT 1 FROM json_each(:begins) b WHERE substr(e.quote, 1, length(b.value)) = b.value)"
)


def beginning(s: Session, kind: str, begins: Iterable[str]) -> list[Proposition]:
    """The living claims of type `kind` with a quote that begins as one of `begins` does. Reads all of it."""
    asked = list(dict.fromkeys(begins))
    if not asked:
        return []
    found = s.scalars(_BEGINS, {"kind": kind, "begins": json.dumps(asked)}).all()
    return some(s, [PropositionId(key) for key in found])
