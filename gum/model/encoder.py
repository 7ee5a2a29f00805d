"""How unlike the recent past an observation is: the baseline.

One minus the greatest cosine with what was seen lately. A trained encoder with a predictor of its own
will replace the arithmetic behind the same `Percept`; what it has to beat is this.
"""

from collections.abc import Sequence

from gum.types import ObservationId, Percept, Vector


def percept(
    observation_id: ObservationId, vector: Vector, recent: Sequence[Vector], model: str = "cosine-1"
) -> Percept:
    """`vector` and `recent` are unit vectors of one embedder. Surprise is 0 (seen) .. 1 (nothing like it).

    With no past everything is new. Raises ValueError for vectors of different length.
    """
    closest = max((_dot(vector, other) for other in recent), default=0.0)
    return Percept(observation_id, vector, min(1.0, max(0.0, 1.0 - closest)), model)


def _dot(a: Vector, b: Vector) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))
