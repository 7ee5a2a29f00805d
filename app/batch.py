"""The revisions of a whole batch of drafts. Pure but for what it is given."""

from collections.abc import Callable, Sequence
from datetime import datetime

from gum.revise import Calibrate, EvidenceOf, as_it_is, revise
from gum.types import Draft, Evidence, Proposition, PropositionId, Revision, new_id


def revisions_for(
    drafts: Sequence[Draft],
    neighbours: Sequence[Proposition],
    evidence_of: EvidenceOf,
    now: datetime,
    fresh: Callable[[], str] = new_id,
    calibrate: Calibrate = as_it_is,
) -> list[Revision]:
    """The revisions of a whole batch: a later draft sees what the earlier ones made.

    `evidence_of` is asked at most once for each neighbour.
    """
    known = {p.id: p for p in neighbours}
    cited: dict[PropositionId, tuple[Evidence, ...]] = {}

    def evidence(about: PropositionId) -> Sequence[Evidence]:
        if about not in cited:
            cited[about] = tuple(evidence_of(about))
        return cited[about]

    made: list[Revision] = []
    for draft in drafts:
        for revision in revise(draft, list(known.values()), evidence, now, fresh, calibrate):
            made.append(revision)
            if revision.after is not None:
                known[revision.after.id] = revision.after
            cited[revision.proposition_id] = (*evidence(revision.proposition_id), *revision.evidence)
    return made
