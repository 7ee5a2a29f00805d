"""As much of a claim's evidence as is needed to score it anew, and no more.

A file worked on for a year is cited thousands of times. `gum.confidence` asks for the surest piece by whose
words and by whom, and from which programs, hours and days they come: one row of each of these says it all.
"""

import json
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from gum.types import Evidence, ObservationId, PropositionId, Stance, Trust
from storage.columns import moment

# With a single max() SQLite takes the other columns from the row that has it (sqlite.org/lang_select.html,
# "bare columns").
_COLUMNS = "n, observation_id, quote, stance, weight, at, app, trust, drafter"
_SURE = text(f"""
    SELECT {_COLUMNS}, max(sure) AS sure FROM evidence WHERE proposition_id = :key
    GROUP BY at / 3600000000, app, stance, trust, drafter
    UNION SELECT {_COLUMNS}, sure FROM evidence
    WHERE proposition_id = :key AND observation_id IN (SELECT value FROM json_each(:ids))
    UNION SELECT * FROM (SELECT {_COLUMNS}, sure FROM evidence
    WHERE proposition_id = :key AND stance = 'supports' ORDER BY n DESC LIMIT 1)
    ORDER BY at, n
""")


def weighed(
    s: Session, proposition_id: PropositionId, observation_ids: Sequence[ObservationId] = ()
) -> list[Evidence]:
    """Of each program, hour, stance, trust and drafter the surest piece, oldest first; also the newest one
    and all that cite `observation_ids`. Scores as all of the evidence does."""
    given = {"key": proposition_id, "ids": json.dumps(list(observation_ids))}
    return [
        Evidence(
            ObservationId(row.observation_id or ""),
            row.quote,
            Stance(row.stance),
            row.weight,
            row.drafter,
            row.sure,
            moment(row.at),
            row.app,
            Trust(row.trust),
        )
        for row in s.connection().execute(_SURE, given)
    ]
