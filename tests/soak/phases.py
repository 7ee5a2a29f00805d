"""The phases of the campaign, in the order in which they take turns."""

from tests.soak import appending, committing, forgetting, importing, indexing, migrating, retiring, rotating
from tests.soak.phase import Phase

ALL = (
    appending.PHASE,
    committing.PHASE,
    indexing.INDEX,
    forgetting.PHASE,
    migrating.PHASE,
    retiring.PHASE,
    importing.PHASE,
    rotating.PHASE,
    indexing.REBUILD,
)
PHASES: dict[str, Phase] = {phase.name: phase for phase in ALL}
