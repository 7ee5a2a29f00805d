"""Whether words still stand in anything that was seen or is known, for many texts at once."""

import json
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import text
from sqlalchemy.orm import Session

from gum.text import normal, pieces, unspaced
from storage import match

TABLES = ("propositions", "observations")
SUFFIXES = ("words", "grams")

# Newest first: what is asked for stands most often in what came last. The rows of observations in scripts
# without spaces are those of their index; looking for such scripts in every observation would read them all.
_CLAIMS = "SELECT text FROM propositions ORDER BY n DESC"
_SHORT = """
    SELECT o.title || ' ' || o.text || ' ' || coalesce(o.url, '')
    FROM observations_grams_docsize d CROSS JOIN observations o ON o.n = d.id ORDER BY d.id DESC
"""


def unmentioned(s: Session, texts: Iterable[str]) -> set[str]:
    """Those of `texts` not all of whose words stand in one observation, or in the wording of one claim.

    Whole words count, case and diacritics do not. Texts without words are mentioned everywhere.
    """
    words = {each: found for each in dict.fromkeys(texts) if (found := pieces(each))}
    short = {each for each, found in words.items() if any(map(_short, found))}
    asked: dict[str, dict[str, str]] = {"words": {}, "grams": {}}
    gone = set()
    for each in words.keys() - short:
        needs = _needs(words[each])
        if len(needs) == 1:
            [(suffix, expression)] = needs.items()
            asked[suffix][each] = expression
        elif not _found(s, needs):
            gone.add(each)
    for suffix in SUFFIXES:
        gone |= _missing(s, suffix, asked[suffix])
    return gone | _unread(s, {each: [normal(p) for p in words[each]] for each in short})


def _short(piece: str) -> bool:
    """Whether the index of letters cannot find it."""
    return unspaced(piece) and len(piece) < match.GRAM


def _needs(words: Iterable[str]) -> dict[str, str]:
    """What must be found in which index, all in one row."""
    parts: dict[str, list[str]] = {}
    for piece in words:
        parts.setdefault("grams" if unspaced(piece) else "words", []).append(match.quoted(piece))
    return {suffix: match.all_of(expressions) for suffix, expressions in parts.items()}


def _missing(s: Session, suffix: str, asked: Mapping[str, str]) -> set[str]:
    """Those that are not found in this index of any table, with one statement for all of them."""
    if not asked:
        return set()
    nowhere = " AND ".join(
        f"NOT EXISTS (SELECT 1 FROM {table}_{suffix} WHERE {table}_{suffix} MATCH j.value)"
        for table in TABLES
    )
    sql = text(f"SELECT j.key FROM json_each(:asked) j WHERE {nowhere}")
    names = list(asked)
    return {names[at] for at in s.scalars(sql, {"asked": json.dumps(list(asked.values()))})}


def _found(s: Session, needs: Mapping[str, str]) -> bool:
    for table in TABLES:
        wanted = " AND ".join(
            f"n IN (SELECT rowid FROM {table}_{suffix} WHERE {table}_{suffix} MATCH :{suffix})"
            for suffix in needs
        )
        if s.scalar(text(f"SELECT 1 FROM {table} WHERE {wanted} LIMIT 1"), needs) is not None:
            return True
    return False


def _unread(s: Session, asked: Mapping[str, list[str]]) -> set[str]:
    """Too short for the index of letters: rows are read until all are found, whatever their number."""
    left = dict(asked)
    for row in _rows(s) if left else ():
        flat = normal(row)
        left = {each: words for each, words in left.items() if not all(word in flat for word in words)}
        if not left:
            break
    return set(left)


def _rows(s: Session) -> Iterator[str]:
    for statement in (_CLAIMS, _SHORT):
        yield from s.scalars(text(statement)).yield_per(500)
