"""Finding propositions and observations by words and by meaning.

Each way of looking ranks what it found; the ranks are fused by reciprocal rank (Cormack, Clarke and
Büttcher, SIGIR 2009, k = 60), because bm25 values of two tables and cosines do not compare.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gum.types import Observation, Proposition, Sensitivity, Status
from storage import match, observations, propositions
from storage.schema import ObservationRow, PropositionRow

RRF_K = 60
DEEP = 50  # hits of each way of looking that are fused
LEAST_COSINE = 0.2  # paraphrases measured .24 to .76, unrelated sentences .00 to .11 (MiniLM)
COMMON = 0.2  # a word in a fifth of all rows tells little, and ranking those rows is what costs time
Hits = Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, best first, each with its fused score (about 0 .. 0.05)."""

    propositions: list[tuple[Proposition, float]]
    observations: list[tuple[Observation, float]]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where to look: a table, its full-text tables, and which of its rows may be found."""

    table: str
    rank: str
    columns: tuple[str, ...]
    where: str


def search(
    s: Session,
    query: str,
    index_hits: Mapping[str, Hits] | Hits,
    limit: int,
    *,
    sensitive: bool = False,
) -> Found:
    """What matches `query` by words, and what the vector index found near it.

    `index_hits` are ids with cosines, best first: by kind ("propositions", "observations"), or in one list.
    Only active propositions are found, sensitive ones only when asked for. An empty query means the most
    recent. Nothing in `query` is syntax.
    """
    where = f"p.status = '{Status.ACTIVE}'"
    if not sensitive:
        where += f" AND p.sensitivity = '{Sensitivity.NORMAL}'"
    claims = _Place("propositions", "bm25(propositions_words)", ("text",), where)
    seen = _Place("observations", "bm25(observations_words, 2.0, 1.0, 1.0)", ("title", "text", "url"), "TRUE")
    ranked = {
        place.table: _ranked(s, place, query, _hits(index_hits, place.table)) for place in (claims, seen)
    }
    return Found(
        _propositions(s, ranked["propositions"], limit), _observations(s, ranked["observations"], limit)
    )


def fuse(rankings: Iterable[Sequence[int]]) -> dict[int, float]:
    """Fused scores of row numbers, best first; ties go to the newer row."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, n in enumerate(ranking, start=1):
            scores[n] = scores.get(n, 0.0) + 1.0 / (RRF_K + rank)
    return dict(sorted(scores.items(), key=lambda item: (-item[1], -item[0])))


def _hits(index_hits: Mapping[str, Hits] | Hits, kind: str) -> list[str]:
    chosen = index_hits.get(kind, ()) if isinstance(index_hits, Mapping) else index_hits
    near = sorted((hit for hit in chosen if hit[1] >= LEAST_COSINE), key=lambda hit: -hit[1])
    return [key for key, _ in near][:DEEP]


def _ranked(s: Session, place: _Place, query: str, near: list[str]) -> dict[int, float]:
    if not query.strip():
        return fuse([_recent(s, place)])
    words = _by_words(s, place, query)
    return fuse([words, _by_grams(s, place, query, bool(words)), _numbers(s, place, near)])


def _recent(s: Session, place: _Place) -> list[int]:
    order = "supported_at" if place.table == "propositions" else "at"
    sql = (
        f"SELECT p.n FROM {place.table} p WHERE {place.where} ORDER BY p.{order} DESC, p.n DESC LIMIT {DEEP}"
    )
    return list(s.scalars(text(sql)))


def _by_words(s: Session, place: _Place, query: str) -> list[int]:
    """Rows with every word first, then rows with some of the telling ones."""
    found = match.pieces(query)
    if not found:
        return []
    hits = _match(s, place, "words", place.rank, match.all_words(found))
    if len(found) > 1 and len(hits) < DEEP:
        some = _match(s, place, "words", place.rank, match.any_of(_telling(s, place, found)))
        hits = list(dict.fromkeys([*hits, *some]))[:DEEP]
    return hits


def _telling(s: Session, place: _Place, found: list[str]) -> list[str]:
    """`found` without the words that a large part of all rows has, unless nothing else is left."""
    total = s.scalar(text(f"SELECT count(*) FROM {place.table}")) or 0
    if total < 100:
        return found
    rows = text(f"SELECT doc FROM {place.table}_terms WHERE term = :term")
    rare = [p for p in found if (s.scalar(rows, {"term": p.lower()}) or 0) <= COMMON * total]
    return rare or found


def _by_grams(s: Session, place: _Place, query: str, has_words: bool) -> list[int]:
    """Stretches of scripts without spaces; else, when no word matched, parts of words."""
    runs = match.runs(query)
    grams = [g for run in runs for g in match.grams(run)]
    if not runs and not has_words:
        grams = [p for p in match.pieces(query) if len(p) >= match.GRAM]
    hits = (
        _match(s, place, "grams", f"bm25({place.table}_grams)", match.any_gram(grams[: match.PIECES]))
        if grams
        else []
    )
    short = [run for run in runs if len(run) < match.GRAM]
    return list(dict.fromkeys([*hits, *(n for run in short for n in _containing(s, place, run))]))[:DEEP]


def _match(s: Session, place: _Place, suffix: str, rank: str, expression: str) -> list[int]:
    fts = f"{place.table}_{suffix}"
    sql = (
        f"SELECT p.n FROM {fts} JOIN {place.table} p ON p.n = {fts}.rowid "
        f"WHERE {fts} MATCH :match AND {place.where} ORDER BY {rank} LIMIT {DEEP}"
    )
    return list(s.scalars(text(sql), {"match": expression}))


def _containing(s: Session, place: _Place, part: str) -> list[int]:
    """One or two characters are too few for the trigram index: the newest rows are read instead."""
    either = " OR ".join(f"p.{column} LIKE :part ESCAPE '\\'" for column in place.columns)
    sql = f"SELECT p.n FROM {place.table} p WHERE ({either}) AND {place.where} ORDER BY p.n DESC LIMIT {DEEP}"
    return list(s.scalars(text(sql), {"part": match.like(part)}))


def _numbers(s: Session, place: _Place, ids: list[str]) -> list[int]:
    if not ids:
        return []
    marks = ", ".join(f":i{n}" for n in range(len(ids)))
    sql = f"SELECT p.id, p.n FROM {place.table} p WHERE p.id IN ({marks}) AND {place.where}"
    rows = s.execute(text(sql), {f"i{n}": key for n, key in enumerate(ids)})
    there: dict[str, int] = dict(rows.all())
    return [there[key] for key in ids if key in there]


def _propositions(s: Session, ranked: Mapping[int, float], limit: int) -> list[tuple[Proposition, float]]:
    best = list(ranked)[:limit]
    rows = s.scalars(select(PropositionRow).where(PropositionRow.n.in_(best)))
    by_number = {row.n: propositions.from_row(row) for row in rows}
    return [(by_number[n], ranked[n]) for n in best]


def _observations(s: Session, ranked: Mapping[int, float], limit: int) -> list[tuple[Observation, float]]:
    best = list(ranked)[:limit]
    by_number = {
        row.n: observations.from_row(row)
        for row in s.scalars(select(ObservationRow).where(ObservationRow.n.in_(best)))
    }
    return [(by_number[n], ranked[n]) for n in best]
