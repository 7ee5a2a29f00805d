"""Ways of looking into the store: by words, by letters, by the names in a question, by time.

Each yields row numbers, the most promising first, lazily, and none costs more than in proportion to MANY,
however large the store is: a word that more rows than that have is not ranked by bm25, which would look at
each of them, but read from its newest row backwards. Which rows are wanted is for `storage.search` to say.
"""

import json
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, cast

from sqlalchemy.orm import Session

from gum.text import PIECES, pieces
from storage import match

Numbers = Generator[int, None, None]

MANY = 1000  # rows with a word, up to which they are ranked
READ = 5000  # rows that are read through, where no index can help
PARTS = 3  # parts of words for which they are
LOOKED_UP = 12  # words of a question whose frequency is looked up: the longest, which tell most


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: a table, how its full-text table ranks, its text columns, and its column of time."""

    table: str
    rank: str
    columns: tuple[str, ...]
    time: str


CLAIMS = Place("propositions", "bm25(propositions_words)", ("text",), "supported_at")
SEEN = Place("observations", "bm25(observations_words, 2.0, 1.0, 1.0)", ("title", "text", "url"), "at")


class Word(NamedTuple):
    """A piece of a question as FTS5 looks for it, and how many rows have it; beyond MANY an estimate."""

    expression: str
    rows: int


def size(s: Session, place: Place) -> int:
    """About how many rows there are: counting them takes a millisecond for every 50,000."""
    [(newest,)] = fetch(s, f"SELECT max(n) FROM {place.table}")
    return cast(int, newest or 0)


def look_up(s: Session, place: Place, found: Sequence[str], total: int) -> dict[str, Word]:
    """How each of these pieces of a question is looked for, and how many of `total` rows have it; in order.

    Longer forms of a word are looked for too, unless many rows have it as it stands: FTS5 puts all rows of a
    prefix together before it gives the first one.
    """
    longest = set(sorted(found, key=len, reverse=True)[:LOOKED_UP])
    asked = {piece: match.quoted(piece) for piece in found if piece in longest}
    rows = _count(s, place, asked, total)
    longer = {
        piece: word for piece in asked if rows[piece] <= MANY and (word := match.word(piece)) != asked[piece]
    }
    return {
        piece: Word({**asked, **longer}[piece], count)
        for piece, count in {**rows, **_count(s, place, longer, total)}.items()
    }


def _count(s: Session, place: Place, expressions: Mapping[str, str], total: int) -> dict[str, int]:
    """Rows that match each. Counting stops behind MANY; how far it came tells about how many there are."""
    if not expressions:
        return {}
    fts = f"{place.table}_words"
    one = (
        f"SELECT ?, count(*), max(rowid) FROM (SELECT rowid FROM {fts} WHERE {fts} MATCH ? LIMIT {MANY + 1})"
    )
    values = [value for pair in expressions.items() for value in pair]
    counted: dict[str, int] = {}
    for piece, count, last in fetch(s, " UNION ALL ".join([one] * len(expressions)), values):
        rows = cast(int, count)
        counted[str(piece)] = rows if rows <= MANY else max(rows, rows * total // cast(int, last))
    return {piece: counted[piece] for piece in expressions}


def by_words(s: Session, place: Place, words: Sequence[Word]) -> Numbers:
    """Rows with every word first, then rows with some of the telling ones.

    The rarest are taken together until MANY rows would have to be ranked.
    """
    there = sorted((word for word in words if word.rows), key=lambda word: word.rows)
    if there and len(there) == len(words):
        yield from _words(s, place, match.all_of(word.expression for word in there), there[0].rows)
    if len(words) > 1 and there:
        some = [word for n, word in enumerate(there) if not n or sum(w.rows for w in there[: n + 1]) <= MANY]
        yield from _words(
            s, place, match.any_of(word.expression for word in some), sum(word.rows for word in some)
        )


def by_neighbours(s: Session, place: Place, found: Sequence[str], words: Mapping[str, Word]) -> Numbers:
    """Rows where two words of the question stand side by side, as they do in names; the newest first.

    One of the two must be there and not too common, or both would have to be read to their ends.
    """
    pairs = []
    for pair in pairwise(found):
        rows = [words[piece].rows for piece in pair if piece in words]
        if all(rows) and min(rows, default=MANY + 1) <= MANY:
            pairs.append(match.quoted(" ".join(pair)))
    if pairs:
        yield from _newest(s, place, "words", match.any_of(pairs))


def by_letters(s: Session, place: Place, query: str, has_words: bool) -> Numbers:
    """Stretches of scripts without spaces; else, when no word matched, parts of words."""
    runs = match.runs(query)
    grams = [g for run in runs for g in match.grams(run)]
    if not runs and not has_words:
        within = [p for p in pieces(query) if len(p) >= match.GRAM]
        if place is SEEN:  # only scripts without spaces are in its index of letters
            for part in within[:PARTS]:
                yield from _containing(s, place, part)
        else:
            grams = within
    if grams:
        expression = match.any_gram(grams[:PIECES])
        yield from _ranked(s, place, "grams", f"bm25({place.table}_grams)", expression)
    for run in runs:
        if len(run) < match.GRAM:
            yield from _containing(s, place, run)


def by_time(s: Session, place: Place, where: str, values: Mapping[str, object]) -> Numbers:
    """Rows for which `where` holds (of a table called `p`), the newest first."""
    sql = f"SELECT p.n FROM {place.table} p WHERE {where} ORDER BY p.{place.time} DESC, p.n DESC"
    yield from _numbers(s, sql, values)


def numbers(s: Session, place: Place, ids: Sequence[str]) -> dict[str, int]:
    """The row numbers of those of `ids` that are there."""
    sql = f"SELECT p.id, p.n FROM json_each(?) j CROSS JOIN {place.table} p ON p.id = j.value"
    found = fetch(s, sql, (json.dumps(list(ids)),)) if ids else ()
    return dict(cast(Iterable[tuple[str, int]], found))


def _words(s: Session, place: Place, expression: str, rows: int) -> Numbers:
    if rows > MANY:
        return _newest(s, place, "words", expression)
    return _ranked(s, place, "words", place.rank, expression)


def _ranked(s: Session, place: Place, suffix: str, rank: str, expression: str) -> Numbers:
    fts = f"{place.table}_{suffix}"
    # No join here: it would read each row that matches, and a row is much longer than its entry.
    # Of rows that fit alike the newest come first, or a hundred old ones would leave no room for it.
    sql = f"SELECT rowid FROM {fts} WHERE {fts} MATCH :match ORDER BY {rank}, rowid DESC"
    yield from _numbers(s, sql, {"match": expression})


def _newest(s: Session, place: Place, suffix: str, expression: str) -> Numbers:
    fts = f"{place.table}_{suffix}"
    sql = f"SELECT rowid FROM {fts} WHERE {fts} MATCH :match ORDER BY rowid DESC"
    yield from _numbers(s, sql, {"match": expression})


def _containing(s: Session, place: Place, part: str) -> Numbers:
    """Where there are too few characters for a trigram, or no index of them: the newest rows are read."""
    either = " OR ".join(f"p.{column} LIKE :part ESCAPE '\\'" for column in place.columns)
    sql = f"SELECT p.n FROM {place.table} p WHERE p.n > :after AND ({either}) ORDER BY p.n DESC"
    yield from _numbers(s, sql, {"part": match.like(part), "after": size(s, place) - READ})


def _numbers(s: Session, sql: str, values: Mapping[str, object]) -> Numbers:
    with closing(fetch(s, sql, values)) as found:
        for (n,) in found:
            yield cast(int, n)


def fetch(
    s: Session, sql: str, values: Mapping[str, object] | Sequence[object] = ()
) -> Generator[tuple[object, ...], None, None]:
    """The rows of a query as the driver has them. SQLAlchemy would take longer than most of these queries."""
    with closing(s.connection().connection.cursor()) as cursor:
        cursor.execute(sql, values)
        yield from cast(Iterable[tuple[object, ...]], cursor)
