"""Finding runs of words in text, and copying them out as they stand there. Pure.

Case, punctuation and accents do not count; scripts without spaces go letter by letter (`gum.grammar.row`),
so that what is copied is always a run of whole pieces, as the product's own check wants it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.desks import match
from gum.grammar import Row, row
from gum.text import MAX_SLOT, normal

WHOLE = 1_000_000  # pieces of a line: all of them


def fold(text: str) -> str:
    """`gum.text.normal` without accents, as the judge folds them."""
    return normal(match.fold(text))


@dataclass(frozen=True, slots=True)
class Line:
    """A line as pieces and as folded words; `piece[i]` is the piece in which word i stands."""

    row: Row
    words: tuple[str, ...]
    piece: tuple[int, ...]
    flat: str  # the words with a space on either side of each

    def copy(self, first: int, last: int) -> str:
        """The pieces of the words first..last as they stand in the line; "" when too long for a slot."""
        cut = self.row.join(self.piece[first], self.piece[last] + 1)
        return cut if len(cut) <= MAX_SLOT else ""


@lru_cache(maxsize=4096)
def read(text: str) -> Line:
    """A line of text, made ready for looking things up in it."""
    cut = row(text, WHOLE)
    found = [(word, i) for i, piece in enumerate(cut.pieces) for word in fold(piece).split()]
    words = tuple(word for word, _ in found)
    return Line(cut, words, tuple(i for _, i in found), f" {' '.join(words)} ")


def place(run: str, line: Line) -> tuple[int, int] | None:
    """The first and the last word of the first place where `run` stands in the line."""
    wanted = read(run)
    if not wanted.words:
        return None
    at = line.flat.find(wanted.flat)
    if at < 0:
        return None
    first = line.flat.count(" ", 0, at)
    return first, first + len(wanted.words) - 1


def occurs(run: str, text: str) -> bool:
    """Whether `run` stands in `text` as a run of words."""
    return place(run, read(text)) is not None


def copied(runs: Iterable[str], line: Line) -> str:
    """The longest of `runs` that stands in the line, as it stands there; "" when none does."""
    found = [at for run in runs if (at := place(run, line)) is not None]
    found.sort(key=lambda at: at[0] - at[1])
    return next((cut for at in found if (cut := line.copy(*at))), "")


def spanning(runs: Sequence[str], line: Line) -> str:
    """The shortest cut of the line in which all of `runs` stand; "" when there is none."""
    found = [place(run, line) for run in runs]
    at = [one for one in found if one is not None]
    if not at or len(at) < len(found):
        return ""
    return line.copy(min(first for first, _ in at), max(last for _, last in at))
