import math

import pytest

from gum.attend import THRESHOLD, novel
from gum.types import ObservationId, Percept


@pytest.mark.parametrize(
    ("surprise", "expected"), [(0.0, False), (THRESHOLD, True), (1.0, True), (math.nan, True), (0.19, False)]
)
def test_only_what_is_unlike_the_recent_past_is_novel(surprise: float, expected: bool) -> None:
    assert novel(Percept(ObservationId("o"), (1.0,), surprise, "m")) is expected


def test_the_threshold_can_be_moved() -> None:
    assert not novel(Percept(ObservationId("o"), (1.0,), 0.5, "m"), threshold=0.6)
