"""Whether a text is about a topic: a few words that a person typed, all of which must stand in it. Pure.

Words are compared without case and diacritics, as the full-text index of the store compares them. A word of
four letters or more also stands for the longer ones that begin with it ("deadline", "deadlines"): where it is
about forgetting, a little too much is better than a little too little. In scripts without spaces a word may
stand anywhere.
"""

import re
import unicodedata
from collections.abc import Sequence

from gum.text import normal, unspaced

PREFIX_FROM = 4
MOST = 32  # words of a topic that count
_BETWEEN = re.compile(r"[\s,;:!?()\[\]{}<>\"“”„«»|。、,]+")


def pieces(typed: str) -> list[str]:
    """The words of `typed`, each once, in order; a piece may still hold dots, dashes or slashes."""
    found = (p for p in _BETWEEN.split(typed.replace("\0", " ")) if folded(p))
    return list(dict.fromkeys(found))[:MOST]


def folded(text: str) -> str:
    """The normal form without diacritics."""
    plain = unicodedata.normalize("NFKD", text)
    return normal("".join(c for c in plain if not unicodedata.combining(c)) if not plain.isascii() else plain)


def says(found: Sequence[str], text: str) -> bool:
    """Whether all of `found` (`pieces`) stand in `text`; nothing says a topic without words."""
    inside = f" {folded(text)} "
    return bool(found) and all(_stands(piece, inside) for piece in found)


def _stands(piece: str, inside: str) -> bool:
    wanted = folded(piece)
    if unspaced(piece):
        return wanted in inside
    return f" {wanted}" in inside if len(piece) >= PREFIX_FROM else f" {wanted} " in inside
