"""Whether words still stand in anything that was seen or is known, for many texts at once."""

from collections.abc import Iterable, Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from gum.text import normal, pieces, unspaced
from storage import match

TABLES = ("propositions", "observations")
_SHORT = "SELECT title || ' ' || text || ' ' || coalesce(url, '') FROM observations_unspaced"
_CLAIMS = "SELECT text FROM propositions"


def unmentioned(s: Session, texts: Iterable[str]) -> set[str]:
    """Those of `texts` not all of whose words stand in one observation, or in the wording of one claim.

    Whole words count, case and diacritics do not. Texts without words are mentioned everywhere.
    """
    left = {each for each in texts if pieces(each)}
    short = {each for each in left if any(unspaced(p) and len(p) < match.GRAM for p in pieces(each))}
    gone = {each for each in left - short if not _found(s, each)}
    # Too short for the trigram index: all such rows are read once, whatever the number of texts.
    for row in _rows(s) if short else ():
        flat = normal(row)
        short = {each for each in short if not all(normal(p) in flat for p in pieces(each))}
        if not short:
            break
    return gone | short


def _found(s: Session, words: str) -> bool:
    spaced = [match.quoted(p) for p in pieces(words) if not unspaced(p)]
    grams = [match.quoted(p) for p in pieces(words) if unspaced(p)]
    for table in TABLES:
        wanted, values = [], {}
        for suffix, parts in (("words", spaced), ("grams", grams)):
            if parts:
                fts = f"{table}_{suffix}"
                wanted.append(f"n IN (SELECT rowid FROM {fts} WHERE {fts} MATCH :{suffix})")
                values[suffix] = match.all_of(parts)
        sql = text(f"SELECT 1 FROM {table} WHERE {' AND '.join(wanted)} LIMIT 1")
        if s.scalar(sql, values) is not None:
            return True
    return False


def _rows(s: Session) -> Iterator[str]:
    for statement in (_CLAIMS, _SHORT):
        yield from s.scalars(text(statement)).yield_per(500)
