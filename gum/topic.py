"""Whether a text is about a topic: a few words that a person typed, all of which must stand in it. Pure.

Words are compared without case and diacritics, as the full-text index of the store compares them. A word of
four letters or more also stands for the longer ones that begin with it ("deadline", "deadlines"): where it is
about forgetting, a little too much is better than a little too little. In scripts without spaces a word may
stand anywhere.
"""

from collections.abc import Sequence

from gum.text import PREFIX_FROM, fold, unspaced


def says(found: Sequence[str], text: str) -> bool:
    """Whether all of `found` (`gum.text.pieces`) stand in `text`; nothing says a topic without words."""
    inside = f" {fold(text)} "
    return bool(found) and all(_stands(piece, inside) for piece in found)


def _stands(piece: str, inside: str) -> bool:
    wanted = fold(piece)
    if unspaced(piece):
        return wanted in inside
    return f" {wanted}" in inside if len(piece) >= PREFIX_FROM else f" {wanted} " in inside
