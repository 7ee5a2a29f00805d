from datetime import timedelta
from pathlib import Path

import pytest

from app.fading import fade
from gum.types import Cause, PropositionId, Status
from storage import observations, propositions
from storage.db import Database
from tests.builders import NOON, evidence, observation, proposition
from tests.storage.builders import KEY, new

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("more", "after", "status"),
    [
        ({}, 15 * DAY, Status.ACTIVE),
        ({}, 17 * DAY, Status.STALE),
        ({"settled": True}, 400 * DAY, Status.ACTIVE),
        ({"valid_until": NOON + DAY}, 2 * DAY, Status.STALE),
        ({"valid_until": NOON + DAY, "settled": True}, 2 * DAY, Status.STALE),
    ],
)
def test_a_claim_lapses_by_its_half_life_or_its_date(
    tmp_path: Path, more: dict[str, object], after: timedelta, status: Status
) -> None:
    claim = proposition(id="p", half_life=4 * DAY, **more)  # type: ignore[arg-type]
    database = Database.open(tmp_path / "g.db", KEY)
    try:
        database.run_sync(lambda s: observations.append(s, observation(id="o")))
        database.run_sync(lambda s: propositions.commit(s, [new(claim, [evidence("o")])]))
        gone = database.run_sync(lambda s: fade(s, NOON + after))
        kept = database.read_sync(lambda s: propositions.get(s, claim.id))
        assert kept is not None and kept.status is status
        assert gone == ([PropositionId("p")] if status is Status.STALE else [])
        history = database.read_sync(lambda s: propositions.revisions_of(s, claim.id))
        assert [r.cause for r in history][1:] == ([Cause.RETRACT] if gone else [])
    finally:
        database.close()
