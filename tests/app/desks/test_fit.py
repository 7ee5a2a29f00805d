import random
from dataclasses import replace
from datetime import timedelta

import pytest

from app.desks.fit import ADDING, NAMES, cross_validated, fit
from app.desks.lessons import Lesson
from gum import confidence
from gum.claims import TABLE
from gum.types import Evidence, ObservationId, Trust
from tests.builders import NOON


def piece(sure: float, drafter: str = "llm:x", hours: int = 0, number: int = 0) -> Evidence:
    at = NOON + timedelta(hours=hours)
    return Evidence(
        ObservationId(f"o{number}"), "q", drafter=drafter, sure=sure, at=at, app="a", trust=Trust.AUTHORED
    )


def made(count: int, seed: int = 0) -> list[Lesson]:
    """Claims of a mind that is right as often as it says, and surer where it saw a thing twice."""
    chance = random.Random(seed)
    found = []
    for n in range(count):
        sure = chance.choice([0.2, 0.4, 0.6, 0.8])
        twice = chance.random() < 0.5
        right = chance.random() < min(0.95, sure + 0.15 * twice)
        evidence = (piece(sure), piece(sure, hours=2, number=1)) if twice else (piece(sure),)
        found.append(
            Lesson(
                f"desk{n % 20}",
                chance.choice(["interested_in", "bought"]),
                "mechanical watches",
                evidence,
                right,
            )
        )
    return found


def test_what_is_learnt_is_calibrated_and_skilled_where_the_mind_is() -> None:
    figures = cross_validated(made(1500))
    assert figures["brier_skill"] > 0.1
    assert figures["ece"] < 0.05
    assert figures["accuracy_above_08"] > 0.8


def test_the_weights_follow_the_lessons() -> None:
    weights = fit(made(1500))
    assert weights.keys() == set(NAMES)
    assert weights["model:sure"] > 0.5
    assert weights["places"] > 0.2
    low = confidence.score("bought", "mechanical watches", [piece(0.2)], weights)
    high = confidence.score("bought", "mechanical watches", [piece(0.8)], weights)
    assert low < 0.4 < 0.7 < high


def test_what_only_adds_is_never_learnt_to_lower() -> None:
    misled = [replace(lesson, right=len(lesson.evidence) == 1) for lesson in made(300)]
    weights = fit(misled)
    assert all(weights[name] >= 0 for name in ADDING)


def test_a_type_of_which_nothing_is_known_has_the_rate_of_all() -> None:
    weights = fit(made(300))
    unknown = set(TABLE) - {"interested_in", "bought"}
    assert {weights[f"type:{kind}"] for kind in unknown} == {0.0}


def test_the_same_lessons_give_the_same_weights() -> None:
    assert fit(made(200)) == fit(made(200))


def test_nothing_cannot_be_learnt_from() -> None:
    with pytest.raises(ValueError, match="nothing"):
        fit([])
