"""When a desk shows that something true has become something else, and whether an arm took note. Pure.

A fact with a successor (`replaces`) is renewed by what shows the successor: the steps that the desk names as
its evidence and of which some observation holds words for all of its slots. One step is one showing, however
many observations are made of it: a sentence is seen several times while it is typed, and a page as its title
and as its text. After ENOUGH of them nobody should state the old fact any more.
"""

from collections.abc import Sequence
from datetime import datetime

from app.desks.match import marked, run
from app.desks.types import Desk, Fact, Renewal, Sight
from gum.types import Observation

ENOUGH = 2


def renewals(desk: Desk, sights: Sequence[Sight]) -> tuple[Renewal, ...]:
    """One a fact that has a successor which was seen at all: the ends of its first ENOUGH showings."""
    found = []
    for fact in desk.facts:
        if fact.replaces is None:
            continue
        of_it = [sight for sight in sights if sight.step in fact.evidence]
        ends = {sight.step: sight.at for sight in of_it if _shows(sight.observation, fact)}
        if ends:
            found.append(Renewal(fact.replaces, fact.id, tuple(sorted(ends.values())[:ENOUGH])))
    return tuple(found)


def _shows(observation: Observation | None, fact: Fact) -> bool:
    if observation is None:
        return False
    places = [marked(text) for text in (observation.title, observation.text, observation.url or "")]
    return all(
        any(run(option).search(place) for option in options for place in places)
        for options in fact.slots.values()
    )


def due(found: Sequence[Renewal]) -> tuple[datetime, ...]:
    """When to ask what is believed: after the last observation of each."""
    return tuple(sorted({renewal.at[-1] for renewal in found}))
