"""Makes confidence mean what it says for this person: beta calibration from their own verdicts. Pure.

The calibrated log-odds of a claim scored p are `a ln p - b ln(1 - p) + c` with a, b >= 0 (Kull, Silva Filho
and Flach, Beta calibration, AISTATS 2017). With a Gaussian prior around (1, 1, 0), the identity, no verdict
changes nothing and few change little; each type of claim starts from what the other types came to. Monotone:
it never changes which of two claims of a type is surer.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gum.claims import HIGHEST, LOWEST

SPREAD = (0.4, 0.4, 0.5)  # of the prior: one claim of .8 found wrong brings others like it to .71
STEPS = 30


class Label(NamedTuple):
    """A claim of type `kind` that was `sure` (0..1) when the person said whether it is right."""

    kind: str
    sure: float
    right: bool


class Curve(NamedTuple):
    """A beta calibration map."""

    a: float = 1.0
    b: float = 1.0
    c: float = 0.0

    def __call__(self, sure: float) -> float:
        """`sure` calibrated, LOWEST..HIGHEST."""
        p = min(HIGHEST, max(LOWEST, sure))
        odds = self.a * math.log(p) - self.b * math.log(1 - p) + self.c
        return min(HIGHEST, max(LOWEST, 1 / (1 + math.exp(-min(30.0, max(-30.0, odds))))))


IDENTITY = Curve()


@dataclass(frozen=True, slots=True)
class Calibration:
    """A curve a type, and one for the types of which nothing was said."""

    rest: Curve = IDENTITY
    curves: Mapping[str, Curve] = field(default_factory=dict)

    def __call__(self, kind: str, sure: float) -> float:
        return self.curves.get(kind, self.rest)(sure)


def calibration(labels: Iterable[Label]) -> Calibration:
    """What verdicts teach; the identity without any."""
    told = [label for label in labels if math.isfinite(label.sure)]
    rest = _fit(told, IDENTITY)
    curves = {}
    for kind in sorted({label.kind for label in told}):
        others = _fit([x for x in told if x.kind != kind], IDENTITY)
        curves[kind] = _fit([x for x in told if x.kind == kind], others)
    return Calibration(rest, curves)


def _fit(labels: Sequence[Label], prior: Curve) -> Curve:
    """The most likely curve: Newton's method on three parameters, kept at >= 0 where it must be monotone."""
    now = list(prior)
    rows = []
    for label in labels:
        p = min(HIGHEST, max(LOWEST, label.sure))
        rows.append(((math.log(p), -math.log(1 - p), 1.0), float(label.right)))
    for _ in range(STEPS if rows else 0):
        slope = [(w - m) / s**2 for w, m, s in zip(now, prior, SPREAD, strict=True)]
        curve = [[0.0] * 3 for _ in range(3)]
        for i in range(3):
            curve[i][i] = 1 / SPREAD[i] ** 2
        for x, right in rows:
            odds = sum(w * v for w, v in zip(now, x, strict=True))
            sure = 1 / (1 + math.exp(-min(30.0, max(-30.0, odds))))
            for i in range(3):
                slope[i] += (sure - right) * x[i]
                for j in range(3):
                    curve[i][j] += sure * (1 - sure) * x[i] * x[j]
        step = _solved(curve, slope)
        now = [w - d for w, d in zip(now, step, strict=True)]
        now[:2] = [max(0.0, w) for w in now[:2]]
        if max(map(abs, step)) < 1e-9:
            break
    return Curve(*now)


def _solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """x of `matrix` x = `right`, three by three and positive definite (Cramer's rule)."""

    def det(m: Sequence[Sequence[float]]) -> float:
        (a, b, c), (d, e, f), (g, h, i) = m
        return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)

    whole = det(matrix)
    found = []
    for column in range(3):
        changed = [list(row) for row in matrix]
        for row, value in zip(changed, right, strict=True):
            row[column] = value
        found.append(det(changed) / whole)
    return found
