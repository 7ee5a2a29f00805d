"""Finding propositions and observations by words, by meaning and by the names in a question.

This fetches; what fits how well is `gum.retrieve`'s, and how to look cheaply `storage.ways`'. A question goes
through each way of looking, the rankings are fused, and what comes out first is looked at closely: each gets
a score 0..1 that means the same for every question.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from gum import retrieve
from gum.claims import LOWEST, MONTH
from gum.decay import strength
from gum.question import Question, coverage, named, question, rarity, telling
from gum.text import fold, pieces
from gum.types import NUMBERS_ONLY, Observation, Proposition, Sensitivity, Status, Vector
from storage import observations, propositions, ways
from storage.columns import MICROSECOND, micros, moment
from storage.schema import Base, ObservationRow, PropositionRow
from storage.ways import CLAIMS, SEEN, Numbers, Place
from storage.within import Conditions

DEEP = 50  # hits of each way of looking that are fused, at least
CHUNK = 64  # rows that are fetched at once
LOOKED_AT = 4000  # rows of each way that are looked at, at most, when a filter lets few of them through
READ = 4000  # characters of an observation in which the words of a question are counted
SEEN_HALF_LIFE = MONTH  # of observations, for their scores: a claim says itself how long it lasts
EVERY = frozenset(Status) - {Status.DELETED}
Hits = Sequence[tuple[str, float]]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What may be found. As it stands: what is used, that is active, believed and not sensitive.

    `since` and `until` bound when a claim was last supported and when an observation began; `app` is where
    some evidence was seen. With a `type`, which observations do not have, only claims are found.
    `doubtful` lets through claims of no confidence (at most gum.claims.LOWEST). What the person deleted is
    never found. Claims that are not active are found by words alone: the vector index does not hold them.
    `bounds`: what may be found at all, for somebody else's program (`storage.within`).
    """

    type: str | None = None
    app: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    statuses: frozenset[Status] = frozenset({Status.ACTIVE})
    sensitive: bool = False
    doubtful: bool = False
    bounds: "Bounds | None" = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of claims, and of observations; None: no observation is found."""

    claims: Conditions
    observations: Conditions | None


@dataclass(frozen=True, slots=True)
class Meaning:
    """The vector of a question in the space `model`, and what the index holds near it.

    `hits` are ids with cosines, best first, by kind ("propositions", "observations").
    """

    hits: Mapping[str, Hits]
    vector: Vector | None = None
    model: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, best first, each with its score 0..1 (`gum.retrieve`)."""

    propositions: list[tuple[Proposition, float]]
    observations: list[tuple[Observation, float]]


# Made once: making such a statement costs SQLAlchemy more than SQLite needs to run it.
_NUMBERS: BindParameter[int] = bindparam("numbers", expanding=True)
_CLAIM, _SIGHT = (Base.metadata.tables[place.table] for place in (CLAIMS, SEEN))
_CLAIMS_OF = select(*(c for c in _CLAIM.c if c.name not in ("vector", "model"))).where(
    _CLAIM.c.n.in_(_NUMBERS)
)
_SEEN_OF = select(_SIGHT).where(_SIGHT.c.n.in_(_NUMBERS))
ANY, NO_MEANING = Wanted(), Meaning({})
_NUMBERS_ONLY = ", ".join(f"'{source}'" for source in sorted(NUMBERS_ONLY))


def search(
    s: Session,
    query: str,
    meaning: Meaning | Mapping[str, Hits] | Hits,
    limit: int,
    wanted: Wanted = ANY,
    *,
    diversity: float = 0.0,
    now: datetime | None = None,
) -> Found:
    """What matches `query` by words and names, and what the vector index found near it, at most `limit` each.

    `meaning` may be the hits of the index alone, by kind or in one list. `diversity` 0..1: how much a
    proposition loses by being like one before it (gum.retrieve.diverse). Without `now` nothing fades.
    An empty query means the most recent. Nothing in `query` is syntax.
    """
    if not isinstance(meaning, Meaning):
        kinds = (CLAIMS.table, SEEN.table)
        meaning = Meaning(meaning if isinstance(meaning, Mapping) else dict.fromkeys(kinds, meaning))
    claims, seen = _claims(s, wanted), _seen(s, wanted)
    if not query.strip():
        found = _recent_claims(claims, limit, now)
        return Found(found, _recent_seen(seen, limit, now) if seen is not None else [])
    return Found(
        _fitting_claims(claims, query, meaning, limit, diversity, now),
        _fitting_seen(seen, query, meaning, limit, now) if seen is not None else [],
    )


def newest(s: Session, types: Sequence[str], limit: int, wanted: Wanted = ANY) -> list[Proposition]:
    """The `limit` newest claims of each of `types`: what an empty search for each finds, in one query."""
    made = _claims_wanted(wanted)
    quick, rest = (" AND ".join(each) or "TRUE" for each in (made.quick, made.rest))
    one = (
        "SELECT * FROM (SELECT p.n FROM (SELECT p.n AS newest FROM propositions p "
        f"WHERE {quick} AND p.type = :type_{{}} ORDER BY p.supported_at DESC, p.n DESC LIMIT {LOOKED_AT}) "
        f"CROSS JOIN propositions p ON p.n = newest WHERE {rest} LIMIT {limit})"
    )
    sql = " UNION ALL ".join(one.format(place) for place in range(len(types)))
    values = {f"type_{place}": type_ for place, type_ in enumerate(types)}
    found = [cast(int, n) for (n,) in ways.fetch(s, sql, {**made.values, **values})] if types else []
    return [p for p, _ in _load_claims(s, dict.fromkeys(found, 0.0))]


class _Claim(NamedTuple):
    """What is looked at of a proposition."""

    text: str
    slots: str
    confidence: float
    half_life: int
    supported_at: int
    valid_until: int | None
    vector: bytes | None
    model: str | None

    def standing(self, now: datetime | None) -> float:
        if now is None:
            return 1.0
        until = moment(self.valid_until) if self.valid_until is not None else None
        return retrieve.standing(moment(self.supported_at), self.half_life * MICROSECOND, until, now)


class _Shelf:
    """The rows of a place that may be found; those that were looked at are kept at hand."""

    def __init__(self, s: Session, place: Place, columns: Sequence[str], wanted: Conditions) -> None:
        self.s = s
        self.place = place
        self.wanted = wanted
        self.rows: dict[int, tuple[object, ...]] = {}
        self._refused: set[int] = set()
        self._everything = not (columns or wanted.quick or wanted.rest)
        self._sql = (
            f"SELECT {', '.join(f'p.{name}' for name in ('n', *columns))} FROM json_each(:numbers) j "
            f"CROSS JOIN {place.table} p ON p.n = j.value "
            f"WHERE {' AND '.join([*wanted.quick, *wanted.rest]) or 'TRUE'}"
        )

    def newest(self, limit: int) -> list[int]:
        where = " AND ".join(self.wanted.quick) or "TRUE"
        return self.take(ways.by_time(self.s, self.place, where, self.wanted.values), limit)

    def take(self, numbers: Numbers, count: int) -> list[int]:
        """The first `count` of `numbers` that may be found, each once."""
        taken: dict[int, None] = {}
        looked = 0
        with closing(numbers):
            while len(taken) < count and looked < LOOKED_AT:
                chunk = list(islice(numbers, CHUNK))
                if not chunk:
                    break
                looked += len(chunk)
                self._fetch([n for n in chunk if n not in self.rows and n not in self._refused])
                taken.update(dict.fromkeys(n for n in chunk if n in self.rows))
        return list(taken)[:count]

    def _fetch(self, numbers: Sequence[int]) -> None:
        if self._everything:
            self.rows.update((n, ()) for n in numbers)  # whatever a way of looking finds is there
        if self._everything or not numbers:
            return
        values = {**self.wanted.values, "numbers": json.dumps(numbers)}
        for n, *rest in ways.fetch(self.s, self._sql, values):
            self.rows[cast(int, n)] = tuple(rest)
        self._refused.update(n for n in numbers if n not in self.rows)


class _Rankings(NamedTuple):
    """What each way of looking found, best first, and the question with the weights of its words."""

    asked: Question
    words: list[int]
    letters: list[int]
    neighbours: list[int]
    near: list[int]
    cosines: dict[int, float]


def _rank(shelf: _Shelf, query: str, hits: Hits, deep: int) -> _Rankings:
    s, place = shelf.s, shelf.place
    typed = pieces(query)
    total = ways.size(s, place)
    known = ways.look_up(s, place, telling(typed), total)
    words = shelf.take(ways.by_words(s, place, list(known.values())), deep)
    close = sorted((hit for hit in hits if hit[1] >= retrieve.UNRELATED), key=lambda hit: -hit[1])
    numbers = ways.numbers(s, place, [key for key, _ in close])
    near = [numbers[key] for key, _ in close if key in numbers]
    return _Rankings(
        question(query, {piece: rarity(total, word.rows) for piece, word in known.items()}),
        words,
        shelf.take(ways.by_letters(s, place, query, bool(words)), deep),
        shelf.take(ways.by_neighbours(s, place, typed, known), deep),
        shelf.take((n for n in near), deep),
        {numbers[key]: cosine for key, cosine in close if key in numbers},
    )


# propositions


def _claims(s: Session, wanted: Wanted) -> _Shelf:
    return _Shelf(s, CLAIMS, _Claim._fields, _claims_wanted(wanted))


def _claims_wanted(wanted: Wanted) -> Conditions:
    statuses = ", ".join(f"'{status.value}'" for status in sorted(wanted.statuses & EVERY))
    made = Conditions([f"p.status IN ({statuses})"], [], {})
    if wanted.type is not None:
        made.quick.append("p.type = :type")
        made.values["type"] = wanted.type
    _within(made, CLAIMS, wanted)
    if not wanted.sensitive:
        made.rest.append(f"p.sensitivity = '{Sensitivity.NORMAL}'")
    if not wanted.doubtful:
        made.rest.append(f"p.confidence > {LOWEST}")
    if wanted.bounds is not None:
        _bound(made, wanted.bounds.claims)
    if wanted.app is not None:
        made.rest.append("EXISTS (SELECT 1 FROM evidence e WHERE e.proposition_id = p.id AND e.app = :app)")
        made.values["app"] = wanted.app
    return made


def _recent_claims(shelf: _Shelf, limit: int, now: datetime | None) -> list[tuple[Proposition, float]]:
    """Everything fits an empty question: the scores tell what is left and how sure it is."""
    recent = shelf.newest(limit)
    rows = {n: _Claim._make(shelf.rows[n]) for n in recent}
    return _load_claims(
        shelf.s, {n: retrieve.score(1.0, c.standing(now), c.confidence) for n, c in rows.items()}
    )


def _fitting_claims(
    shelf: _Shelf, query: str, meaning: Meaning, limit: int, diversity: float, now: datetime | None
) -> list[tuple[Proposition, float]]:
    deep = max(DEEP, limit)
    found = _rank(shelf, query, meaning.hits.get(CLAIMS.table, ()), deep)
    rows: dict[int, _Claim] = {}
    names: dict[int, float] = {}
    for n in dict.fromkeys([*found.words, *found.neighbours, *found.letters, *found.near]):
        rows[n] = _Claim._make(shelf.rows[n])
        slots: dict[str, str] = json.loads(rows[n].slots)
        names[n] = named(found.asked, slots.values())
    by_name = sorted((n for n in rows if names[n] > 0), key=lambda n: -names[n])[:deep]
    pool = list(retrieve.fuse([found.words, found.letters, by_name, found.near]))[: 2 * deep]
    vectors = _vectors([rows[n] for n in pool], meaning)
    cosines = [found.cosines.get(n, 0.0) for n in pool]
    if meaning.vector is not None:
        # Also for what the index did not return: a score must not tell whether there were nearer ones.
        asked = np.asarray(meaning.vector, np.float32)
        cosines = [max(pair) for pair in zip(cosines, (vectors @ asked).tolist(), strict=True)]
    scores = [
        retrieve.score(
            retrieve.relevance(coverage(found.asked, fold(rows[n].text)), cosine, names[n]),
            rows[n].standing(now),
            rows[n].confidence,
        )
        for n, cosine in zip(pool, cosines, strict=True)
    ]

    def alike(i: int) -> Sequence[float]:
        cosines: list[float] = (vectors @ vectors[i]).tolist()
        return cosines

    order = retrieve.diverse(scores, alike, limit, diversity)
    return _load_claims(shelf.s, {pool[i]: scores[i] for i in order})


def _vectors(rows: Sequence[_Claim], meaning: Meaning) -> Floats:
    """The vectors of `rows`, one a row; zeros, which are near nothing, where there is none of this space."""
    blobs = [row.vector or b"" if meaning.model in ("", row.model) else b"" for row in rows]
    length = len(meaning.vector) if meaning.vector is not None else max(map(len, blobs), default=0) // 4
    made = np.zeros((len(rows), length), np.float32)
    for place, blob in enumerate(blobs):
        if length and len(blob) == 4 * length:
            made[place] = np.frombuffer(blob, "<f4")
    return made


def _load_claims(s: Session, scores: Mapping[int, float]) -> list[tuple[Proposition, float]]:
    rows = s.execute(_CLAIMS_OF, {"numbers": list(scores)})
    # A plain row has the attributes of a PropositionRow, and takes a third of the time to make.
    by_number = {row.n: propositions.from_row(cast(PropositionRow, row)) for row in rows}
    return [(by_number[n], score) for n, score in scores.items()]


# observations


def _seen(s: Session, wanted: Wanted) -> _Shelf | None:
    """None: nothing of what was seen may be found, and looking for it would take as long as for claims."""
    if wanted.type is not None or (wanted.bounds is not None and wanted.bounds.observations is None):
        return None
    # Short and with the title of a window, they would come before what was read there.
    made = Conditions([], [f"p.source NOT IN ({_NUMBERS_ONLY})"], {})
    _within(made, SEEN, wanted)
    if wanted.bounds is not None and wanted.bounds.observations is not None:
        _bound(made, wanted.bounds.observations)
    if wanted.app is not None:
        made.quick.append("p.app = :app")
        made.values["app"] = wanted.app
    return _Shelf(s, SEEN, (), made)


def _recent_seen(shelf: _Shelf, limit: int, now: datetime | None) -> list[tuple[Observation, float]]:
    found = _load_seen(shelf.s, shelf.newest(limit))
    return [(o, retrieve.score(1.0, _left(o, now))) for _, o in found]


def _fitting_seen(
    shelf: _Shelf, query: str, meaning: Meaning, limit: int, now: datetime | None
) -> list[tuple[Observation, float]]:
    """Only what is returned is read through: texts are long, so these are chosen by the fused ranks alone."""
    found = _rank(shelf, query, meaning.hits.get(SEEN.table, ()), max(DEEP, limit))
    fused = retrieve.fuse([found.words, found.letters, found.neighbours, found.near])
    scored: list[tuple[Observation, float]] = []
    for n, o in _load_seen(shelf.s, list(fused)[:limit]):
        part = coverage(found.asked, fold(f"{o.title} {o.url or ''} {o.text[:READ]}"))
        fit = retrieve.relevance(part, found.cosines.get(n, 0.0))
        scored.append((o, retrieve.score(fit, _left(o, now))))
    return sorted(scored, key=lambda pair: -pair[1])


def _left(o: Observation, now: datetime | None) -> float:
    return 1.0 if now is None else strength(o.at, SEEN_HALF_LIFE, now)


def _load_seen(s: Session, numbers: Sequence[int]) -> list[tuple[int, Observation]]:
    rows = s.execute(_SEEN_OF, {"numbers": list(numbers)})
    by_number = {row.n: observations.from_row(cast(ObservationRow, row)) for row in rows}
    return [(n, by_number[n]) for n in numbers if n in by_number]


def _bound(made: Conditions, by: Conditions) -> None:
    made.quick.extend(by.quick)
    made.rest.extend(by.rest)
    made.values.update(by.values)


def _within(made: Conditions, place: Place, wanted: Wanted) -> None:
    for name, bound, sign in (("since", wanted.since, ">="), ("until", wanted.until, "<=")):
        if bound is not None:
            made.quick.append(f"p.{place.time} {sign} :{name}")
            made.values[name] = micros(bound)
