"""How sure, from independent pieces of evidence: a sum of log-odds with learnt weights.

Each independent piece adds its weight of evidence to the log-odds of a prior (I. J. Good, Probability and
the Weighing of Evidence, 1950, ch. 6). Pieces are hardly ever independent: what is seen again in the same
program within the same hour is mostly the same event. So the best piece counts in full, by whose words it
is, who read it there and how sure that one was; more of them count by the logarithm of how many places (a
program and hour) and days they come from. What speaks against it counts likewise.

The numbers are `fitted.WEIGHTS`: a logistic regression over the claims made at simulated desks, so that the
sum is calibrated, by `gumption train confidence`. Those of what only adds are bounded to >= 0: evidence
never lowers a claim, in whatever order it comes.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from gum.claims import HIGHEST, LOWEST, main_of
from gum.fitted import WEIGHTS
from gum.question import holds_together
from gum.text import normal
from gum.types import Draft, Evidence, Proposition, Stance, Trust

STRUCTURE, MODEL = "structure", "model"
FAMILIES = (STRUCTURE, MODEL)
TRUSTED = (Trust.AUTHORED, Trust.ACTED_ON, Trust.RECEIVED, Trust.READ)
AGAINST = 1.0  # weight of one place that speaks against it, where none was learnt
# The surest that a claim seen at one place alone can be; each doubling of places halves what is missing to
# certainty. At simulated desks a file that is opened is worked on; in the world it may be a wrong click.
ONCE = 0.93
LONG = 40  # letters of a main slot, beyond which it is no more telling
_NAME = re.compile(r"[@\d]|\w\.\w")  # of a file or mail box: one word that says all
_ACROSS = re.compile(r"\s[-–—|·]\s")  # between the parts of a title: "details - Calendar"
Claim = Draft | Proposition
_NEVER = datetime.min.replace(tzinfo=UTC)


def logit(p: float) -> float:
    """Log-odds of `p`, clipped to LOWEST..HIGHEST; of what is no number, 0."""
    if math.isnan(p):
        return 0.0
    p = clip(p)
    return math.log(p / (1 - p))


def clip(p: float) -> float:
    return min(HIGHEST, max(LOWEST, p))


def family(drafter: str) -> str:
    """Who is alike in how far to be believed: the extractors, or language models."""
    return STRUCTURE if drafter == STRUCTURE else MODEL


def unit(piece: Evidence) -> dict[str, float]:
    """The features of one piece: whose words by whom, and how sure that one was (log-odds)."""
    who = family(piece.drafter)
    return {f"{who}:{piece.trust.value}": 1.0, f"{who}:sure": logit(piece.sure)}


def form(main: str) -> dict[str, float]:
    """How much the words look as if they meant something: a language model that slips copies one stray word,
    or a run that breaks off at an "of the"."""
    parts = main.split()
    said = len(normal(main))
    return {
        "form:word": float(len(parts) == 1 and not _NAME.search(main)),
        "form:across": float(_ACROSS.search(main) is not None),
        "form:edge": float(bool(parts) and (holds_together(parts[0]) or holds_together(parts[-1]))),
        "form:capital": float(main[:1].isupper()),
        "form:length": min(LONG, said) / 10,
    }


def features(
    kind: str, main: str, evidence: Sequence[Evidence], weights: Mapping[str, float] = WEIGHTS
) -> dict[str, float]:
    """What is weighed of a claim of type `kind` about `main`, its main slot: the features of its best piece
    (with the form of the words where a language model read it), and how much more there is.

    Empty without a piece that supports it.
    """
    supports = [e for e in evidence if e.stance is Stance.SUPPORTS]
    if not supports:
        return {}
    looks = form(main)
    units = [(e, unit(e) | (looks if family(e.drafter) == MODEL else {})) for e in supports]
    _, best = max(units, key=lambda found: (_sum(found[1], weights), found[0].observation_id, found[0].quote))
    against = _places(e for e in evidence if e.stance is Stance.CONTRADICTS)
    places = _places(supports)
    return {
        f"type:{kind}": 1.0,
        **best,
        "places": math.log2(len(places)),
        "days": math.log2(len({day for _, day, _ in places})),
        "both": float(len({family(e.drafter) for e in supports}) > 1),
        "against": math.log2(1 + len(against)),
    }


def _places(evidence: Iterable[Evidence]) -> set[tuple[str, str, str]]:
    """Programs and hours that pieces come from: (app, day, hour)."""
    times = ((e.app, e.at or _NEVER) for e in evidence)
    return {(app, at.strftime("%Y-%m-%d"), at.strftime("%H")) for app, at in times}


def _sum(found: Mapping[str, float], weights: Mapping[str, float]) -> float:
    return math.fsum(weights.get(name, 0.0) * value for name, value in found.items())


def score(
    kind: str, main: str, evidence: Sequence[Evidence], weights: Mapping[str, float] = WEIGHTS
) -> float:
    """Confidence LOWEST..HIGHEST in a claim of type `kind` about `main` that rests on `evidence`.

    Not above ONCE where all of that was seen in one program and hour.
    """
    found = features(kind, main, evidence, weights)
    if not found:
        return LOWEST
    against = found.pop("against")
    sure = sigmoid(weights.get("prior", 0.0) + _sum(found, weights) - AGAINST * against)
    return min(sure, 1 - (1 - ONCE) / 2 ** found["places"])


def score_of(claim: Claim, evidence: Sequence[Evidence]) -> float:
    """`score` of a draft or proposition."""
    return score(claim.type, main_of(claim.type, claim.slots), evidence)


def alone(claim: Claim, piece: Evidence, weights: Mapping[str, float] = WEIGHTS) -> float:
    """The log-odds that `piece` gives a claim that rests on nothing else."""
    found = features(claim.type, main_of(claim.type, claim.slots), [piece], weights)
    return weights.get("prior", 0.0) + _sum(found, weights)


def sigmoid(log_odds: float) -> float:
    """The confidence of log-odds, LOWEST..HIGHEST."""
    # Beyond +-30 the exponential only loses digits; the clip is far inside of that.
    return clip(1 / (1 + math.exp(-min(30.0, max(-30.0, log_odds)))))
