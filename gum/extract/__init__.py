"""Extractors: small pure functions from observations to drafts, one kind of structure a file.

They abstain unless the structure is there. Each gets every observation at hand, oldest first; what
needs repetition (searches, failing commands, reading) counts there.
"""

from collections.abc import Sequence

from gum.extract import calendar, deadline, failing, mail, order, reading, search, title, told
from gum.types import Draft, Observation


def everything(observations: Sequence[Observation], languages: Sequence[str] = ()) -> list[Draft]:
    """Drafts of all extractors. `languages` as in gum.dates.find."""
    return [
        *title.extract(observations),
        *mail.extract(observations),
        *calendar.extract(observations, languages),
        *order.extract(observations, languages),
        *deadline.extract(observations, languages),
        *search.extract(observations),
        *failing.extract(observations),
        *reading.extract(observations),
        *told.extract(observations),
    ]
