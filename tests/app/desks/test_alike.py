"""The embedding's opinion beside the judge's: what counts as near, and among what."""

import math
from collections.abc import Sequence

import pytest

from app.desks.alike import alike, nearest
from gum.types import Vector
from tests.app.desks.builders import at, belief, checkpoint, desk, fact, played


class Letters:
    """Embeds a text as whether it speaks of water, of travel, of both or of neither."""

    name = "letters"
    dimension = 3

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        found = []
        for text in texts:
            raw = [float("water" in text), float("travel" in text), 0.1]
            size = math.sqrt(sum(x * x for x in raw))
            found.append(tuple(x / size for x in raw))
        return found


ROBIN = desk(
    facts=[
        fact("paper", text="water paper"),
        fact("trip", text="travel plans"),
        fact("old", text="water travel", ends=at(0.5)),
        fact("side", text="neither", minor=True),
    ]
)


def test_each_shown_belief_has_its_nearest_fact_that_holds() -> None:
    said = [belief("all about water", 0.8), belief("water travel", 0.9), belief("travel", 0.4)]
    found = nearest(ROBIN, played(checkpoint(1, *said)), Letters())
    assert [(n.belief.text, n.fact.id if n.fact else "") for n in found] == [
        ("all about water", "paper"),
        ("water travel", "paper"),
    ]
    assert found[0].cosine == pytest.approx(1.0)
    assert found[1].cosine < 0.8


def test_precision_and_recall_by_nearness() -> None:
    said = [belief("all about water", 0.8), belief("water travel", 0.9)]
    got = alike([(ROBIN, played(checkpoint(1, *said)))], Letters(), near=0.9)
    assert got == {"precision_alike": 0.5, "recall_alike": 0.5}


def test_where_there_is_nothing_there_is_no_figure() -> None:
    for runs in ([], [(ROBIN, played())]):
        assert all(math.isnan(value) for value in alike(runs, Letters()).values())
    only = nearest(desk(), played(checkpoint(1, belief())), Letters())
    assert (only[0].fact, only[0].cosine) == (None, -1.0)
