"""What the costly model gets to see: only what is unlike the recent past (design section 2, step 7)."""

import math

from gum.types import Percept

THRESHOLD = 0.2  # a near repeat of a screen of text has a surprise around 0.05, another page 0.5 and more


def novel(percept: Percept, threshold: float = THRESHOLD) -> bool:
    """Whether `percept` is surprising enough, 0..1. One that is no number is novel: look again."""
    return not math.isfinite(percept.surprise) or percept.surprise >= threshold
