"""How long a draft takes from its neighbours to the commit, and how well two claims are told apart.

revise_p50_ms_*, revise_p95_ms_*: one draft, from the search for its neighbours to the end of its transaction
in an encrypted store of so many claims; half of the drafts say again what is known, half are new. Without
the drafter and the embedder. pairs_right: share of the hand-written pairs of `pairs.txt` that are decided
rightly (`_pairs`), by the product without a language model; merged_wrongly: share of those merged that must
not be, where a wrong merge is worse than a duplicate. Beside it the published logic, which merges what is
alike: *_gum_words by its BM25 search, *_gum_meaning by the embedder at the cosine that is best in hindsight.
"""

import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app.batch import revisions_for
from app.bench import SEED, Result, interval, quantile
from app.config import Settings
from app.paths import Paths
from gum.claims import make
from gum.model.client import ModelWorker
from gum.types import Evidence, Observation, ObservationId, Proposition
from storage import observations, propositions
from storage.weighing import weighed
from tests.benchmarks import _pairs
from tests.benchmarks._claims import NOW
from tests.benchmarks.retrieve import House

SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000}
PARTS = {"p50": quantile(0.50), "p95": quantile(0.95)}
WHO = ("", "_gum_words", "_gum_meaning")
FIGURES = (
    *(f"revise_{part}_ms_{name}" for name in SIZES for part in PARTS),
    *(f"{what}{who}" for who in WHO for what in ("pairs_right", "merged_wrongly")),
)
DRAFTS = 300
WARM = 20


def run(settings: Settings) -> Result:
    """Measures in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="gumption-bench-") as folder:
        house = House(Path(folder))
        try:
            times = {name: _times(house, size) for name, size in SIZES.items()}
        finally:
            house.close()
    shares, told = compared()
    figures = {name: _mean(values) for name, values in shares.items()}
    ends = {name: interval(values, _mean) for name, values in shares.items()}
    for name, values in times.items():
        for part, of in PARTS.items():
            figures[f"revise_{part}_ms_{name}"] = of(values)
            ends[f"revise_{part}_ms_{name}"] = interval(values, of)
    return Result(figures, ends, {"drafts": DRAFTS, **told}, (SEED,))


def _mean(samples: Sequence[float]) -> float:
    return sum(samples) / len(samples) if samples else 0.0


# --- how long ---------------------------------------------------------------------------------------


def _times(house: House, size: int) -> list[float]:
    """Milliseconds of each draft in a store of `size` claims."""
    house.grow(size)
    return [_take(house, claim, seen) for claim, seen in _told(house)][WARM:]


def _told(house: House) -> Iterator[tuple[Proposition, Observation]]:
    """What is said, and where: in turn something new and something known."""
    known = house.known[:: max(1, len(house.known) // DRAFTS)]
    fresh = house.person.learns((DRAFTS + WARM) // 2)
    for n, (learnt, old) in enumerate(zip(fresh, known, strict=False)):
        yield learnt.claim, learnt.seen
        yield old, replace(learnt.seen, id=ObservationId(f"again {len(house.known)} {n}"))


def _take(house: House, claim: Proposition, seen: Observation) -> float:
    quote = seen.text[:60]
    piece = Evidence(seen.id, quote, drafter="llm", sure=0.8, at=seen.at, app=seen.app, trust=seen.trust)
    draft = make(claim.type, claim.slots, [piece], 0.7)
    now = NOW + timedelta(hours=1)

    def commit(s: Session) -> None:
        near = propositions.neighbours(s, [draft])
        made = revisions_for([draft], near, lambda key: weighed(s, key, [seen.id]), now)
        propositions.commit(s, made)

    house.database.run_sync(lambda s: observations.append(s, seen))
    start = time.perf_counter()
    house.database.run_sync(commit)
    return 1000 * (time.perf_counter() - start)


# --- how well ---------------------------------------------------------------------------------------


def compared() -> tuple[Mapping[str, Sequence[float]], Mapping[str, object]]:
    """For each share, 1 or 0 a pair; and what besides is worth telling."""
    found = _pairs.pairs()
    worker = ModelWorker(Paths.home().models)
    try:
        alike, cosine = _pairs.by_meaning(found, worker.embed)
        embedder = worker.embedder_name
    finally:
        worker.close()
    outcomes = ([_pairs.decided(pair) for pair in found], _pairs.by_words(found), alike)
    shares: dict[str, list[float]] = {}
    for who, got in zip(WHO, outcomes, strict=True):
        both = list(zip(found, got, strict=True))
        shares[f"pairs_right{who}"] = [float(pair.right == outcome) for pair, outcome in both]
        shares[f"merged_wrongly{who}"] = [
            float(outcome == _pairs.MERGED) for pair, outcome in both if pair.right != _pairs.MERGED
        ]
    wrong = Counter(
        f"{p.label}: {p.tag}" for p, got in zip(found, outcomes[0], strict=True) if got != p.right
    )
    told = {
        "pairs": len(found),
        "labels": dict(Counter(pair.label for pair in found)),
        "embedder": embedder,
        "cosine": round(cosine, 3),
        "wrong_by_tag": dict(wrong.most_common()),
    }
    return shares, told
