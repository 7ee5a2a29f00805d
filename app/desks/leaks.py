"""Were secrets of a desk kept? Looks through all text of a database, not only where it is expected."""

from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.desks.types import Secret


def leaked(texts: Iterable[str], secrets: Sequence[Secret]) -> tuple[str, ...]:
    """The kind of each secret that occurs in `texts`, with or without its spaces and dashes.

    One entry a secret, in the order of `secrets`.
    """
    plain = {secret: _squeezed(secret.text) for secret in secrets}
    found: set[Secret] = set()
    for words in texts:
        squeezed = _squeezed(words)
        found |= {s for s, form in plain.items() if s.text in words or (form and form in squeezed)}
    return tuple(s.kind.value for s in secrets if s in found)


def texts_of(s: Session) -> Iterable[str]:
    """Every text of every table that holds rows of its own (full-text tables only repeat them)."""
    tables = s.scalars(
        text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
    )
    for table in tables.all():
        if table.startswith("sqlite_") or _of_full_text(table):
            continue
        for row in s.execute(text(f'SELECT * FROM "{table}"')):
            yield from (cell for cell in row if isinstance(cell, str))


def _of_full_text(table: str) -> bool:
    return any(f"_{index}_" in table for index in ("words", "grams"))


def _squeezed(words: str) -> str:
    return "".join(c for c in words if c not in " -\u00a0\u202f\n")
