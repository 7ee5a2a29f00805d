"""As much of a claim's evidence as is needed to score it anew, and no more; in how many places it was seen.

A file worked on for a year is cited thousands of times. `gum.confidence` asks for the surest piece by whose
words and by whom, and from which programs, hours and days they come: one row of each of these says it all.
"""

import json
from collections.abc import Iterable, Sequence

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

# The same of many claims.
_SURE_OF_MANY = text(f"""
    SELECT proposition_id, {_COLUMNS}, max(sure) AS sure FROM evidence
    WHERE proposition_id IN (SELECT value FROM json_each(:ids))
    GROUP BY proposition_id, at / 3600000000, app, stance, trust, drafter
    UNION SELECT proposition_id, {_COLUMNS}, sure FROM evidence WHERE n IN (
        SELECT max(n) FROM evidence
        WHERE proposition_id IN (SELECT value FROM json_each(:ids)) AND stance = 'supports'
        GROUP BY proposition_id)
    ORDER BY at, n
""")

_PLACES = text("""
    SELECT proposition_id, count(DISTINCT app || char(31) || (at / 3600000000)) AS places FROM evidence
    WHERE proposition_id IN (SELECT value FROM json_each(:ids)) AND stance = 'supports'
    GROUP BY proposition_id
""")


def places(s: Session, ids: Iterable[PropositionId]) -> dict[PropositionId, int]:
    """In how many places, that is program and hour, each of `ids` was seen to be so; 0 for unknown ones."""
    found = dict.fromkeys(ids, 0)
    rows = s.connection().execute(_PLACES, {"ids": json.dumps(list(found))})
    return {**found, **{PropositionId(row.proposition_id): row.places for row in rows}}


def weighed(
    s: Session, proposition_id: PropositionId, observation_ids: Sequence[ObservationId] = ()
) -> list[Evidence]:
    """Of each program, hour, stance, trust and drafter the surest piece, oldest first; also the newest one
    and all that cite `observation_ids`. Scores as all of the evidence does."""
    given = {"key": proposition_id, "ids": json.dumps(list(observation_ids))}
    return [_piece(*row) for row in s.connection().execute(_SURE, given)]


def weighed_of(s: Session, ids: Iterable[PropositionId]) -> dict[PropositionId, list[Evidence]]:
    """`weighed` of each of `ids`, with one statement; nothing for unknown ones."""
    found: dict[PropositionId, list[Evidence]] = {key: [] for key in ids}
    for key, *row in s.connection().execute(_SURE_OF_MANY, {"ids": json.dumps(list(found))}):
        found[key].append(_piece(*row))
    return found


def _piece(
    n: int,
    observation_id: str | None,
    quote: str,
    stance: str,
    weight: float,
    at: int,
    app: str,
    trust: str,
    drafter: str,
    sure: float,
) -> Evidence:
    source = ObservationId(observation_id or "")
    return Evidence(source, quote, Stance(stance), weight, drafter, sure, moment(at), app, Trust(trust))
