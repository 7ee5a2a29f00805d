"""The revisions of a whole batch of drafts. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from gum.revise import revise
from gum.types import Draft, ObservationId, Proposition, PropositionId, Revision, new_id


def revisions_for(
    drafts: Sequence[Draft],
    neighbours: Sequence[Proposition],
    evidence: Mapping[PropositionId, frozenset[ObservationId]],
    now: datetime,
    fresh: Callable[[], str] = new_id,
) -> list[Revision]:
    """The revisions of a whole batch: a later draft sees what the earlier ones made. Pure but for ids."""
    known = {p.id: p for p in neighbours}
    cited = dict(evidence)
    made: list[Revision] = []
    for draft in drafts:
        for revision in revise(draft, list(known.values()), cited, now, fresh):
            made.append(revision)
            if revision.after is not None:
                known[revision.after.id] = revision.after
            new = {e.observation_id for e in revision.evidence}
            cited[revision.proposition_id] = cited.get(revision.proposition_id, frozenset()) | new
    return made
