"""What the fingers of a desk's person do: strokes of a text, and keys for letters that a US keyboard has not.

Keys that have no letter are given some of another language once, before a program is started: a program that
reads the new map while it is typed into loses letters (Chromium did, one in a hundred). Letters for which no
key is left, as those of scripts that are composed anyway, are put in by the clipboard.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from Xlib.display import Display

from app.desks.rhythm import Change, composed

_LATIN = 0x100  # below this a letter's number is its key symbol (X11 protocol, appendix A) ...
_UNICODE = 0x1000000  # ... above it, this is added
_SPACE = 0x20  # what is before it are no letters


@dataclass(frozen=True, slots=True)
class Stroke:
    """`back` letters taken out with the backspace key, then `text` typed, `pause` seconds after the last."""

    back: int
    text: str
    pause: float


def strokes(before: str, changes: Iterable[Change]) -> Iterator[Stroke]:
    """What the fingers do so that a field which holds `before` goes through `changes`. Pure.

    Letters of a word come in one stroke, and what comes in at once in one of its own; the pause of a stroke
    is that of its first letter.
    """
    now, back, text, pause = before, 0, "", 0.0
    for change in changes:
        same = shared(now, change.text)
        gone, added = len(now) - same, change.text[same:]
        if text and (gone or len(added) > 1 or _apart(text, added)):
            yield Stroke(back, text, pause)
            back, text, pause = 0, "", 0.0
        if not text and not back:
            pause = change.after
        back += gone
        text += added
        now = change.text
    if back or text:
        yield Stroke(back, text, pause)


def _apart(text: str, added: str) -> bool:
    """Whether what is added begins another word."""
    return text[-1].isspace() or added[:1].isspace()


def word_by_word(before: str, text: str) -> Iterator[Change]:
    """A text typed behind `before` without slips. Pure."""
    now = before
    for word in re.findall(r"\S+|\s", text):
        now += word
        yield Change(0.5, now)


def shared(one: str, other: str) -> int:
    """How many letters two texts have in common at their beginning. Pure."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


class Keyboard:
    """The map of a display's keyboard, with keys for the letters of `text` most of them need; `close` it.

    One at a time on a display: the letters are taken back at the end.
    """

    def __init__(self, display: str, text: str = "") -> None:
        self._x = Display(display)
        first, last = self._x.display.info.min_keycode, self._x.display.info.max_keycode
        rows = [list(row) for row in self._x.get_keyboard_mapping(first, last - first + 1)]
        self._known = {symbol for row in rows for symbol in row[:2]}
        # Not the multimedia keys: Chromium does what is printed on them, whatever letter they are given.
        self._keys = [first + i for i, row in enumerate(rows) if not any(row)]
        counted = Counter(letter for letter in text if not composed(letter) and not self.has(letter))
        symbols = [_symbol(letter) for letter, _ in counted.most_common(2 * len(self._keys))]
        self._map(symbols)
        self._known.update(symbols)

    def close(self) -> None:
        self._map([])
        self._x.close()

    def has(self, letter: str) -> bool:
        """Whether there is a key for a letter, with or without shift."""
        symbol = _symbol(letter)
        return symbol < _SPACE or symbol in self._known

    def runs(self, text: str) -> list[tuple[bool, str]]:
        """A text in pieces that have keys (True) and that have none."""
        return [(has, "".join(letters)) for has, letters in groupby(text, self.has)]

    def _map(self, symbols: list[int]) -> None:
        """Two letters a key, the second with shift."""
        for number, key in enumerate(self._keys):
            pair = [*symbols[2 * number : 2 * number + 2], 0, 0][:2]
            self._x.change_keyboard_mapping(key, [pair])
        self._x.sync()


def _symbol(letter: str) -> int:
    number = ord(letter)
    return number if number < _LATIN else _UNICODE + number
