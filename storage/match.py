"""From what a person typed to FTS5 expressions. Pure; nothing they type is ever read as syntax.

Words are quoted, so AND, NEAR, *, ^ and quotes in them are just characters. Text in scripts that put no
spaces between words is cut into overlapping groups of three characters, for the trigram index.
"""

import re
from collections.abc import Iterable

from gum.text import PIECES, PREFIX_FROM, UNSPACED, pieces

GRAM = 3
_RUNS = re.compile(f"[{UNSPACED}]+")


def quoted(piece: str) -> str:
    """`piece` as an FTS5 string; FTS5 cuts it into words by its own tokenizer."""
    return '"' + piece.replace('"', '""') + '"'


def word(piece: str) -> str:
    """`piece`, or words that begin with it when it is long enough."""
    return quoted(piece) + ("*" if len(piece) >= PREFIX_FROM else "")


def all_of(expressions: Iterable[str]) -> str:
    """Rows that match each of these."""
    return " AND ".join(expressions)


def any_of(expressions: Iterable[str]) -> str:
    """Rows that match one of these."""
    return " OR ".join(expressions)


def any_word(text: str) -> str | None:
    """Rows that share a word with `text`; None when it has none."""
    found = pieces(text)
    return any_of(map(word, found)) if found else None


def runs(text: str) -> list[str]:
    """The stretches of `text` in scripts without spaces."""
    return list(dict.fromkeys(_RUNS.findall(text)))[:PIECES]


def grams(run: str) -> list[str]:
    """Overlapping groups of three characters; none when `run` is shorter."""
    return [run[i : i + GRAM] for i in range(min(len(run) - GRAM + 1, PIECES))]


def any_gram(found: list[str]) -> str:
    """For the trigram index: rows that contain at least one of these, as it stands."""
    return any_of(map(quoted, dict.fromkeys(found)))  # "aaaa…" would rank one and the same many times over


def like(part: str) -> str:
    """A LIKE pattern (with ESCAPE '\\') for rows that contain `part`."""
    escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
