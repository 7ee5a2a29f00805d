"""Learns what evidence is worth: a logistic regression over lessons. Deterministic.

Maximum likelihood with a Gaussian prior of mean 0 (a ridge), so that what was seen a few times says little;
what only adds is bounded to >= 0 (projected gradient), so that evidence never lowers a claim. The best piece
of a claim is the one the weights themselves say is best: found anew each round until it stays.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from app.desks.figures import BINS, SURE, skill
from app.desks.lessons import Lesson
from gum import confidence
from gum.claims import TABLE

Floats = NDArray[np.float64]
ADDING = ("places", "days", "both", *(f"{who}:sure" for who in confidence.FAMILIES))
_SOURCES = tuple(f"{who}:{trust.value}" for who in confidence.FAMILIES for trust in confidence.TRUSTED)
NAMES = ("prior", *ADDING, *_SOURCES, *confidence.form(""), *(f"type:{kind}" for kind in TABLE))
RIDGE = {"prior": 0.0, "type": 4.0}  # a type's own base rate is shrunk to that of all, as by 4 lessons
OTHERWISE = 1.0
ROUNDS, STEPS = 4, 1500
FOLDS = 5
START: Mapping[str, float] = {"model:sure": 1.0, "structure:sure": 1.0}


def fit(lessons: Sequence[Lesson]) -> dict[str, float]:
    """The weights by name, four digits. Raises ValueError without lessons."""
    if not lessons:
        raise ValueError("nothing to learn from")
    weights: dict[str, float] = {name: START.get(name, 0.0) for name in NAMES}
    right = np.array([lesson.right for lesson in lessons], dtype=np.float64)
    for _ in range(ROUNDS):
        rows = _matrix(lessons, weights)
        weights = dict(zip(NAMES, _solve(rows, right).tolist(), strict=True))
    return {name: round(value, 4) for name, value in weights.items()}


def _matrix(lessons: Sequence[Lesson], weights: Mapping[str, float]) -> Floats:
    rows = np.zeros((len(lessons), len(NAMES)))
    for i, lesson in enumerate(lessons):
        found = {"prior": 1.0, **confidence.features(lesson.kind, lesson.main, lesson.evidence, weights)}
        rows[i] = [found.get(name, 0.0) for name in NAMES]
    return rows


def _solve(rows: Floats, right: Floats) -> Floats:
    """Projected gradient ascent with Nesterov's momentum."""
    ridge = np.array([RIDGE.get(name.split(":")[0], OTHERWISE) for name in NAMES]) / len(right)
    bounded = np.array([name in ADDING for name in NAMES])
    step = 1.0 / (np.linalg.norm(rows, 2) ** 2 / (4 * len(right)) + ridge.max())
    now = ahead = np.zeros(len(NAMES))
    for n in range(STEPS):
        sure = 1 / (1 + np.exp(-np.clip(rows @ ahead, -30, 30)))
        slope = rows.T @ (sure - right) / len(right) + ridge * ahead
        new = ahead - step * slope
        new[bounded] = np.maximum(new[bounded], 0.0)
        ahead = new + (new - now) * n / (n + 3)
        now = new
    return now


def cross_validated(lessons: Sequence[Lesson]) -> dict[str, float]:
    """What the weights are worth at desks they were not learnt at: FOLDS folds by desk.

    `brier_skill` against the base rate, `ece` over BINS bins, `accuracy_above_08`.
    """
    desks = sorted({lesson.desk for lesson in lessons})
    fold = {desk: n % FOLDS for n, desk in enumerate(desks)}
    told: list[tuple[float, bool]] = []
    for k in sorted(set(fold.values())):
        weights = fit([lesson for lesson in lessons if fold[lesson.desk] != k])
        told += [
            (confidence.score(lesson.kind, lesson.main, lesson.evidence, weights), lesson.right)
            for lesson in lessons
            if fold[lesson.desk] == k
        ]
    squared = math.fsum((sure - right) ** 2 for sure, right in told)
    gaps: dict[int, float] = {}
    for sure, right in told:
        number = min(BINS - 1, int(BINS * sure))
        gaps[number] = gaps.get(number, 0.0) + right - sure
    high = [right for sure, right in told if sure > SURE]
    return {
        "brier_skill": skill(squared, sum(right for _, right in told), len(told)),
        "ece": math.fsum(map(abs, gaps.values())) / len(told),
        "accuracy_above_08": sum(high) / len(high) if high else math.nan,
    }
