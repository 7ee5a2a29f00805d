"""Texts that went out under other names, and what comes back, put back to the letter. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gum.people import Book, Masked, Spot, labelled


@dataclass(frozen=True, slots=True)
class Exchange:
    """Masked texts, under labels that mean the same in all of them, and what the labels stand for."""

    texts: tuple[str, ...]
    back: Mapping[str, str] = field(default_factory=dict, repr=False)

    def restored(self, text: str) -> str:
        """`text`, e.g. an answer to the masked ones, with the real names again."""
        return Masked(text, self.back).restored(text)

    def stream(self) -> "Restorer":
        """What restores an answer that comes in pieces."""
        return Restorer(self.back)


def exchanged(texts: Sequence[str], book: Book) -> Exchange:
    """`texts` with people, places and numbers of `book` under labels."""
    return labelled_as([book.spots(text) for text in texts], texts)


def labelled_as(spots: Sequence[Sequence[Spot]], texts: Sequence[str]) -> Exchange:
    """The same where the spots are known."""
    masked, back = labelled(texts, spots)
    return Exchange(tuple(masked), back)


class Restorer:
    """Restores a text piece by piece. What could be the beginning of a label waits for the next piece."""

    def __init__(self, back: Mapping[str, str]) -> None:
        self._back = back
        longest = sorted(back, key=len, reverse=True)
        either = "|".join(re.escape(label) + "(?![0-9a-z])" * label[-1].isalnum() for label in longest)
        self._labels = re.compile(either) if either else None
        self._begins = {label[:end] for label in back for end in range(1, len(label) + 1)}
        self._longest = max(map(len, back), default=0)
        self._held = ""

    def feed(self, piece: str) -> str:
        """The next piece of the answer, as far as it is certain."""
        text, self._held = self._held + piece, ""
        first = max(0, len(text) - self._longest)
        cut = next((at for at in range(first, len(text)) if text[at:] in self._begins), len(text))
        return self._restored(text, cut)

    def end(self) -> str:
        """What was still waiting; the answer is over."""
        text, self._held = self._held, ""
        return self._restored(text, len(text))

    def _restored(self, text: str, cut: int) -> str:
        parts, done = [], 0
        for match in self._labels.finditer(text) if self._labels is not None else ():
            if match.start() >= cut:
                break
            parts += [text[done : match.start()], self._back[match[0]]]
            done = match.end()
        cut = max(cut, done)
        self._held = text[cut:]
        return "".join((*parts, text[done:cut]))
