"""How long a search takes among 1,000, 10,000 and 100,000 claims, encrypted, and how long the index takes.

A search is what the daemon does for `/search`: the question's vector, the nearest of the index, words and
names in the store, and the 20 best of each kind with scores; without putting it into JSON. There are as many
observations as claims, and a tenth of them are in the index too. Vectors are those of the hashing embedder,
which costs nothing to speak of and, unlike random ones, is near where wording is. Each size is warm: other
questions were asked before. rebuild_100k_s: from the store to a finished index, all vectors. Searches go on
meanwhile; `while_rebuilding` in the settings tells how many were answered and how long the slowest took.
Goals on two cores: 15, 25 and 60 ms, growth below 3, 120 s.
"""

import shutil
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.bench import SEED, Result, interval, quantile
from app.config import Settings
from gum.model.embedder import HASHING_NAME, HashingEmbedder
from gum.types import Proposition, Vector
from storage import claims, observations, truth
from storage.db import Database
from storage.index import Entry, VectorIndex
from storage.schema import Base
from storage.search import Meaning, search
from tests.benchmarks._claims import NOW, Learnt, Person

SIZES = {"1k": 1000, "10k": 10_000, "100k": 100_000}
FIGURES = (*(f"search_p95_ms_{name}" for name in SIZES), "search_growth_10k_100k", "rebuild_100k_s")
KEY = bytes(range(32))
WARM, QUESTIONS = 50, 400
LIMIT, DIVERSITY, NEAREST = 20, 0.2, 50
AT_ONCE = 1000
SEEN_PART = 10  # one observation in so many has a vector
P95 = quantile(0.95)
COPIED = (
    *("id", "type", "slots", "text", "subject", "confidence", "half_life", "valid_from", "valid_until"),
    *("created_at", "supported_at"),
)


def run(settings: Settings) -> Result:
    """Measures in a folder of its own, from the smallest store to the largest."""
    with tempfile.TemporaryDirectory(prefix="gumption-bench-") as folder:
        house = House(Path(folder))
        try:
            return _measure(house)
        finally:
            house.close()


def _measure(house: "House") -> Result:
    times: dict[str, list[float]] = {}
    seconds, meanwhile = 0.0, _Meanwhile(house)
    for name, size in SIZES.items():
        house.grow(size)
        questions = house.person.asks(house.known, WARM + QUESTIONS)
        seconds = _rebuild(house, meanwhile)
        times[name] = [house.search_ms(question) for question in questions][WARM:]
    ends = {name: interval(values, P95) for name, values in times.items()}
    p95 = {name: P95(values) for name, values in times.items()}
    growth = p95["100k"] / p95["10k"]
    (low, high), (low_100k, high_100k) = ends["10k"], ends["100k"]
    return Result(
        {**{f"search_p95_ms_{name}": p95[name] for name in SIZES}, FIGURES[-2]: growth, FIGURES[-1]: seconds},
        {
            **{f"search_p95_ms_{name}": ends[name] for name in SIZES},
            FIGURES[-2]: (low_100k / high, high_100k / low),
        },
        {
            "questions": QUESTIONS,
            "limit": LIMIT,
            "diversity": DIVERSITY,
            "embedder": HASHING_NAME,
            "p50_ms": {name: round(quantile(0.5)(values), 2) for name, values in times.items()},
            "max_ms": {name: round(max(values), 2) for name, values in times.items()},
            "while_rebuilding": meanwhile.told(),
        },
        (SEED,),
    )


def _rebuild(house: "House", meanwhile: "_Meanwhile") -> float:
    """Seconds that the index takes, from nothing. A thread asks on."""
    house.index.close()
    shutil.rmtree(house.index_folder, ignore_errors=True)
    with ThreadPoolExecutor(1) as threads:
        meanwhile.begin()
        asking = threads.submit(meanwhile.ask)
        try:
            start = time.perf_counter()
            house.index.ensure(house.truth, HASHING_NAME)
            seconds = time.perf_counter() - start
        finally:
            meanwhile.over.set()
        asking.result()
    assert house.index.healthy
    return seconds


class House:
    """A store and an index with a made-up person's claims."""

    def __init__(self, folder: Path) -> None:
        self.database = Database.open(folder / "gumption.db", KEY)
        self.index_folder = folder / "index"
        self.index = VectorIndex(self.index_folder, KEY)
        self.person = Person(SEED)
        self.known: list[Proposition] = []
        self._embedder = HashingEmbedder()
        self._salt = self.database.read_sync(claims.salt)

    def close(self) -> None:
        self.index.close()
        self.database.close()

    def grow(self, size: int) -> None:
        """Until there are `size` claims. Rows go in as they are: how fast they do is for `store` to tell."""
        while len(self.known) < size:
            learnt = list(self.person.learns(min(AT_ONCE, size - len(self.known))))
            self.known += [x.claim for x in learnt]
            self.database.run_sync(lambda s, learnt=learnt: self._put(s, learnt))  # type: ignore[misc]
        self.database.checkpoint_sync()

    def truth(self) -> Sequence[Entry]:
        return self.database.read_sync(lambda s: list(truth.vectors(s, HASHING_NAME)))

    def search_ms(self, question: str) -> float:
        """Milliseconds of one search. Raises whatever goes wrong in it."""
        start = time.perf_counter()
        [vector] = self._embedder.embed([question])
        kinds = ("propositions", "observations")
        meaning = Meaning(
            {kind: self.index.query(kind, vector, NEAREST) for kind in kinds}, vector, HASHING_NAME
        )
        self.database.read_sync(lambda s: search(s, question, meaning, LIMIT, diversity=DIVERSITY, now=NOW))
        return 1000 * (time.perf_counter() - start)

    def _put(self, s: Session, learnt: Sequence[Learnt]) -> None:
        tables = Base.metadata.tables
        s.execute(insert(tables["observations"]), [seen_row(x) for x in learnt])
        vectors = self._embedder.embed([x.claim.text for x in learnt])
        rows = [claim_row(x.claim, self._salt, v) for x, v in zip(learnt, vectors, strict=True)]
        s.execute(insert(tables["propositions"]), rows)
        s.execute(insert(tables["evidence"]), [row for x in learnt for row in evidence_rows(x)])
        some = learnt[::SEEN_PART]
        seen = zip(some, self._embedder.embed([x.seen.title for x in some]), strict=True)
        percepts = [
            {"observation_id": x.seen.id, "vector": v, "surprise": 0.5, "model": HASHING_NAME}
            for x, v in seen
        ]
        s.execute(insert(tables["percepts"]), percepts)


class _Meanwhile:
    """Asks once every half second until `over`."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._times: list[float] = []
        self.over = threading.Event()

    def begin(self) -> None:
        self._times.clear()
        self.over.clear()

    def ask(self) -> None:
        for question in self._house.person.asks(self._house.known, 1000):
            self._times.append(self._house.search_ms(question))
            if self.over.wait(0.5):
                return

    def told(self) -> Mapping[str, float]:
        return {"answered": len(self._times), "slowest_ms": round(max(self._times), 1)}


def seen_row(x: Learnt) -> dict[str, object]:
    o = x.seen
    return {
        **{name: getattr(o, name) for name in ("id", "source", "at", "until", "app", "title", "text", "url")},
        "trust": o.trust.value,
        "site": observations.site_of(o.url),
        "frame_id": None,
    }


def claim_row(p: Proposition, salt: bytes, vector: Vector) -> dict[str, object]:
    return {
        **{name: getattr(p, name) for name in COPIED},
        "sensitivity": p.sensitivity.value,
        "status": p.status.value,
        "claim": claims.fingerprint(salt, p.type, p.slots, p.valid_until),
        "vector": vector,
        "model": HASHING_NAME,
    }


def evidence_rows(x: Learnt) -> list[dict[str, object]]:
    return [
        {
            "proposition_id": x.claim.id,
            "observation_id": e.observation_id,
            "quote": e.quote,
            "stance": e.stance.value,
            "weight": e.weight,
            "at": x.seen.at,
            "app": x.seen.app,
            "trust": x.seen.trust.value,
        }
        for e in x.evidence
    ]
