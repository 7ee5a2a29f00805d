"""Names of other programs, as they may stand on a card that asks the person to let one in. Pure.

A program chooses its own name. It must not be able to look like another one that was let in before, nor to
write into the card: no control characters, no direction marks, no letters that nobody sees, one line.
"""

import unicodedata
from collections.abc import Iterable

from gum.errors import NotAllowed
from gum.text import clean, fold

LONGEST = 60  # characters
MARKS = 2  # accents on one letter; more of them write over the lines around
RESERVED = ("Gumption", "You", "System")
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters without a shape
_LOOKS = str.maketrans(
    # Cyrillic and Greek letters, and digits, to the Latin letter they are drawn like.
    "аеёорсухіїјѕԁһԛԝкмтвнгӏαορντυικηχγ01i|!",
    "aeeopcyxlljsdhqwkmtbhrlaopvtulknxyollll",
)


def cleaned(name: str) -> str:
    """The name as it may be shown: at most LONGEST characters of one line. Raises NotAllowed for none."""
    kept: list[str] = []
    marks = 0
    for c in clean(unicodedata.normalize("NFKC", name[: 10 * LONGEST])):
        marks = marks + 1 if unicodedata.category(c) in ("Mn", "Me") else 0
        if marks <= MARKS and c not in _UNSEEN:
            kept.append(c)
    shown = " ".join("".join(kept).split())[:LONGEST].strip()
    if not any(c.isalnum() for c in shown):
        raise NotAllowed("An assistant needs a name", "With a letter or a digit in it, on one line.")
    if drawn(shown) in {drawn(each) for each in RESERVED}:
        raise NotAllowed(f"No assistant can be called {shown}", "Choose another name for it.")
    return shown


def drawn(name: str) -> str:
    """What a name looks like: equal for two that a person would take for each other."""
    return fold(name.casefold()).translate(_LOOKS).replace(" ", "").replace("rn", "m")


def unlike(name: str, others: Iterable[str]) -> str:
    """`name`, with a number behind it where one of `others` looks like it. Raises NotAllowed as `cleaned`."""
    shown, taken = cleaned(name), {drawn(each) for each in others}
    number, found = 1, shown
    while drawn(found) in taken:
        number += 1
        found = f"{shown[: LONGEST - len(f' {number}')].rstrip()} {number}"
    return found
