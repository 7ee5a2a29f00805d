"""The revisions of a whole batch of drafts. Pure but for what it is given."""

from collections.abc import Callable, Sequence
from datetime import datetime

from gum.denial import Heard, against
from gum.revise import Calibrate, Compare, EvidenceOf, as_it_is, deny, revise
from gum.setting import Setting, replaced
from gum.types import Draft, Evidence, Proposition, PropositionId, Revision, new_id

SET = "the setting that it was taken from has another value now"


def revisions_for(
    drafts: Sequence[Draft],
    neighbours: Sequence[Proposition],
    evidence_of: EvidenceOf,
    now: datetime,
    fresh: Callable[[], str] = new_id,
    calibrate: Calibrate = as_it_is,
    compare: Compare | None = None,
    heard: Sequence[Heard] = (),
    settings: Sequence[Setting] = (),
) -> list[Revision]:
    """The revisions of a whole batch: a later draft sees what the earlier ones made.

    `evidence_of` is asked at most once for each neighbour. `compare` tells how a draft stands to a claim.
    What the person denied in what they wrote (`heard`), or set to something else, comes last, so that it is
    not put back.
    """
    known = {p.id: p for p in neighbours}
    cited: dict[PropositionId, tuple[Evidence, ...]] = {}

    def evidence(about: PropositionId) -> Sequence[Evidence]:
        if about not in cited:
            cited[about] = tuple(evidence_of(about))
        return cited[about]

    made: list[Revision] = []

    def take(revisions: Sequence[Revision]) -> None:
        for revision in revisions:
            made.append(revision)
            if revision.after is not None:
                known[revision.after.id] = revision.after
            cited[revision.proposition_id] = (*evidence(revision.proposition_id), *revision.evidence)

    for draft in drafts:
        take(revise(draft, list(known.values()), evidence, now, fresh, calibrate, compare))
    for p, piece in against(heard, list(known.values())):
        take(deny(known[p.id], [piece], evidence, now, fresh, calibrate))
    for p, piece in replaced(settings, list(known.values()), evidence):
        take(deny(known[p.id], [piece], evidence, now, fresh, calibrate, SET))
    return made
