"""What is planted: words that stand nowhere else, colours that nothing else has, and valid secrets. Pure.

A word is drawn on its colour, so pixels that hold the word hold the colour too, whoever reads them.
"""

import random
import string
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Colour = tuple[int, int, int]

STEP, FIRST, LEVELS = 30, 18, 8  # a grid of 8 x 8 x 8 colours, 18 to 228 a channel
NEAR = 9  # lossy pictures move a flat colour by a few steps; the next of the grid is 30 away
_PALE = 105  # between the highest and the lowest channel: less is a grey, or the blue of a title bar


@dataclass(frozen=True, slots=True)
class Plant:
    """`words`: spellings of what is looked for (several for a card's number). `shown` is drawn or typed."""

    shown: str
    words: tuple[str, ...]
    colour: Colour | None = None

    @property
    def css(self) -> str:
        """The colour as a page's style says it."""
        return "transparent" if self.colour is None else f"rgb{self.colour}"


class Plants:
    """Makes plants; no two have a word or a colour in common. The same seed makes the same ones."""

    def __init__(self, seed: int = 1) -> None:
        self._chance = random.Random(seed)
        self._colours = palette()
        self._chance.shuffle(self._colours)
        self._made: set[str] = set()

    @property
    def spare(self) -> Sequence[Colour]:
        """Colours that were never planted: none of them may be found, or finding one proves nothing."""
        return self._colours

    def word(self) -> str:
        """Twelve letters of plain syllables: read well off pixels, in no dictionary, no secret by looks."""
        while True:
            made = "".join(
                self._chance.choice("bdfgklmnprstvz") + self._chance.choice("aeou") for _ in range(6)
            )
            if made not in self._made:
                self._made.add(made)
                return made

    def text(self, coloured: bool = True) -> Plant:
        """A word, on a colour of its own."""
        word = self.word()
        return Plant(word, (word,), self._colours.pop() if coloured else None)

    def card(self) -> Plant:
        """A payment card's number with its check digit, as people write it."""
        digits = "4" + self._digits(14)
        number = digits + str(_luhn(digits))
        grouped = " ".join(number[n : n + 4] for n in range(0, 16, 4))
        return Plant(grouped, (grouped, number, grouped.replace(" ", "-")))

    def iban(self) -> Plant:
        """A German IBAN with its check digits."""
        account = self._digits(18)
        check = 98 - int(account + "131400") % 97
        number = f"DE{check:02}{account}"
        grouped = " ".join(number[n : n + 4] for n in range(0, len(number), 4))
        return Plant(grouped, (grouped, number))

    def key(self) -> Plant:
        """A token as a code host gives them out."""
        letters = string.ascii_letters + string.digits
        token = "ghp_" + "".join(self._chance.choice(letters) for _ in range(36))
        return Plant(token, (token, token[4:]))

    def code(self) -> Plant:
        """A one-time code. Eight digits: six stand in times and identifiers by chance."""
        number = self._digits(8)
        return Plant(number, (number,))

    def password(self) -> Plant:
        """A password with what passwords have in them."""
        word = self.word().capitalize() + "#" + self._digits(3)
        return Plant(word, (word,))

    def _digits(self, count: int) -> str:
        return "".join(self._chance.choice("123456789") for _ in range(count))


def palette() -> list[Colour]:
    """The colours of the grid that are no shade of grey."""
    levels = [FIRST + STEP * n for n in range(LEVELS)]
    every = [(red, green, blue) for red in levels for green in levels for blue in levels]
    return [c for c in every if max(c) - min(c) >= _PALE]


def colours_in(picture: NDArray[np.uint8]) -> set[Colour]:
    """The colours of the grid of which a picture (rows x columns x 3, red first) has a solid spot.

    A spot is 7 x 7 pixels, of which every third is looked at: the edges of letters have any colour by chance.
    """
    off = picture[::3, ::3].astype(np.int16) - FIRST
    steps = (off + STEP // 2) // STEP
    near = (np.abs(off - steps * STEP) <= NEAR).all(axis=2) & ((steps >= 0) & (steps < LEVELS)).all(axis=2)
    index = np.where(near, steps @ np.array((LEVELS * LEVELS, LEVELS, 1)), -1)
    if min(index.shape) < 3:
        return set()
    spots = sliding_window_view(index, (3, 3))
    least, most = spots.min(axis=(2, 3)), spots.max(axis=(2, 3))
    return {_colour(int(one)) for one in np.unique(least[(least == most) & (least >= 0)])}


def _colour(index: int) -> Colour:
    red, rest = divmod(index, LEVELS * LEVELS)
    green, blue = divmod(rest, LEVELS)
    return FIRST + STEP * red, FIRST + STEP * green, FIRST + STEP * blue


def _luhn(digits: str) -> int:
    """The check digit after `digits` (ISO/IEC 7812-1, annex B)."""
    doubled = [int(d) * (2 - n % 2) for n, d in enumerate(reversed(digits))]
    return -sum(d - 9 if d > 9 else d for d in doubled) % 10
