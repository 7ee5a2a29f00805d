"""How fast a person types, reads, thinks and errs: times in seconds, drawn from a seed. Pure.

Typing: 52 words a minute on average with a spread of 20 (136 million keystrokes, Dhakal et al., CHI 2018,
"Observations on Typing from 136 Million Keystrokes"); a word is five letters. Reading: 230 words a minute.
Thinking about the next sentence is what makes writing slower than typing.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp

SLOWEST, FASTEST = 18.0, 95.0  # words a minute
READS_SLOWEST, READS_FASTEST = 150.0, 330.0
LONGEST_KEY_S = 1.2  # between two letters of one word
LONGEST_THOUGHT_S = 20.0
LONGEST_READ_S = 900.0
GLANCES = (0.15, 0.45)  # how much of what is on a page is read in passing
SELECT_OVER = 25  # letters; more than that are selected and deleted at once
WRONG_CLICK, WRONG_WINDOW, UNDO = 0.02, 0.04, 0.03  # how often
_NEAR = {  # the key beside each on a keyboard with the letters in their usual places
    **dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuioopsdfghjkklxcvbnmm", strict=True)),
}
_THOUGHTS = {".": 1.8, "!": 1.5, "?": 1.8, "。": 1.8, "\n": 2.5, ":": 1.0, ",": 0.5, "、": 0.5, ";": 0.8}
# First letters of scripts that are typed as sounds and come in as whole words: kana, Chinese signs, Hangul.
_COMPOSED = ((0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7AF), (0xFF66, 0xFF9F))
_SOUNDS = 2.2  # keys for one letter of these


@dataclass(frozen=True, slots=True)
class Change:
    """What a field holds, `after` seconds after it last changed."""

    after: float
    text: str


def composed(letter: str) -> bool:
    """Whether a letter is typed as sounds and comes in with its whole word."""
    return any(first <= ord(letter) <= last for first, last in _COMPOSED)


def words_in(text: str) -> float:
    """How many words a text is to a reader; two letters of a script without spaces are one."""
    signs = sum(map(composed, text))
    rest = "".join(" " if composed(letter) else letter for letter in text) if signs else text
    return len(rest.split()) + signs / 2


class Rhythm:
    """One person's speeds and their dice. The same `name` (and calls) give the same times."""

    def __init__(self, name: str, age: int = 35) -> None:
        self._dice = random.Random(f"rhythm {name}")
        tired = 1 - max(0, age - 40) * 0.007  # typing slows by about a fifth from 40 to 70
        self.types = _within(self._dice.gauss(52, 20) * tired, SLOWEST, FASTEST)  # words a minute
        self.reads = _within(self._dice.gauss(230, 35), READS_SLOWEST, READS_FASTEST)
        self.slips = self._dice.uniform(0.005, 0.04)  # of words
        self.ponders = _within(self._dice.gauss(1, 0.25), 0.5, 1.7)  # times as long as others

    # --- hands ------------------------------------------------------------------------------------

    def typed(self, before: str, text: str) -> Iterator[Change]:
        """`text` typed behind `before`, key by key, with slips that are noticed and corrected."""
        now = before
        for piece in _pieces(text):
            if composed(piece[0]):
                now += piece
                yield Change(self._compose(piece), now)
            elif piece.isalpha() and len(piece) > 2 and self.chance(self.slips):
                yield from self._slipped(now, piece)
                now += piece
            else:
                for letter in piece:
                    now += letter
                    yield Change(self._key(now), now)

    def rewritten(self, old: str, new: str) -> Iterator[Change]:
        """`old` made into `new`: what differs is taken out, by backspace or selected at once, and typed anew.

        Ends with `new`; yields nothing where nothing differs.
        """
        head, tail = _common(old, new)
        gone, rest = old[head : len(old) - tail], old[len(old) - tail :]
        after = self.think() + self.pointing()  # reads it again, puts the cursor there
        if len(gone) > SELECT_OVER:
            yield Change(after + self._dice.uniform(0.6, 1.8), old[:head] + rest)
            after = 0.0
        else:
            for left in range(len(gone) - 1, -1, -1):
                yield Change(after + self._dice.uniform(0.06, 0.2), old[: head + left] + rest)
                after = 0.0
        for change in self.typed(old[:head], new[head : len(new) - tail]):
            yield Change(after + change.after, change.text + rest)
            after = 0.0

    def pointing(self) -> float:
        """Moving the pointer somewhere and clicking."""
        return self._dice.uniform(0.5, 1.6)

    def keys(self, count: int) -> float:
        """Typing something known by heart (an address, a command line), all of it."""
        return count * self._base() * self._dice.uniform(0.8, 1.3)

    # --- head -------------------------------------------------------------------------------------

    def think(self) -> float:
        """Before doing the next thing."""
        return _within(self._spread(1.2, 0.6) * self.ponders, 0.2, LONGEST_THOUGHT_S)

    def reading(self, words: float) -> float:
        """All of a text of that many words."""
        return _within(words / self.reads * 60 * self._spread(1.0, 0.15), 2.0, LONGEST_READ_S)

    def glance(self, words: float) -> float:
        """A look at a text of that many words in passing, before the next thing is done."""
        part = self._dice.uniform(*GLANCES)
        return _within(words / self.reads * 60 * part, 2.0, 40.0)

    def idle(self) -> float:
        """Away from the keys without saying for how long."""
        return _within(self._spread(120, 0.7), 20, 1500)

    def working(self, command: str) -> float:
        """How long a command runs."""
        long = any(word in command for word in ("make", "test", "build", "install", "push", "clone", "run"))
        return _within(self._spread(6.0 if long else 0.5, 0.8), 0.1, 120)

    def chance(self, rate: float) -> bool:
        """True that often."""
        return self._dice.random() < rate

    def between(self, low: float, high: float) -> float:
        """Anything from `low` to `high`."""
        return self._dice.uniform(low, high)

    # --- how it is made ---------------------------------------------------------------------------

    def _base(self) -> float:
        return 60 / (self.types * 5)

    def _spread(self, middle: float, width: float) -> float:
        """Around `middle`, seldom much longer: the logarithm is normal."""
        return middle * exp(self._dice.gauss(0, width))

    def _key(self, now: str) -> float:
        """The time before the last letter of `now`: longer at the start of a word and of a thought."""
        after = min(LONGEST_KEY_S, self._spread(self._base(), 0.35))
        last = now[-2:-1]
        if last.isspace():
            after += self._dice.uniform(0, self._base())
            thought = _THOUGHTS.get("\n" if last == "\n" else now[-3:-2], 0.0)
            if thought:
                after += _within(self._spread(thought, 0.6) * self.ponders, 0.0, LONGEST_THOUGHT_S)
            elif self.chance(0.06):  # looks for the word
                after += self._spread(1.0, 0.5) * self.ponders
        return max(0.03, after)

    def _compose(self, piece: str) -> float:
        """The sounds of a word and the choice among what they may be written as."""
        thought = _THOUGHTS.get(piece[-1], 0.0)
        keys = len(piece) * _SOUNDS * self._base() * self._dice.uniform(0.8, 1.3)
        return max(0.05, keys + self._dice.uniform(0.1, 0.6) + thought * self._dice.uniform(0, 1))

    def _slipped(self, before: str, word: str) -> Iterator[Change]:
        """`word` with a wrong letter in it, noticed up to three letters later and taken out again."""
        place = self._dice.randrange(1, len(word))
        wrong = word[:place] + _NEAR.get(word[place].lower(), word[place - 1])
        wrong += word[place + 1 : place + 1 + self._dice.randrange(3)]
        for end in range(1, len(wrong) + 1):
            yield Change(self._key(before + wrong[:end]), before + wrong[:end])
        after = self._dice.uniform(0.2, 0.9)  # sees it
        for end in range(len(wrong) - 1, place - 1, -1):
            yield Change(after, before + wrong[:end])
            after = self._dice.uniform(0.08, 0.2)
        for end in range(place + 1, len(word) + 1):
            yield Change(max(after, self._key(before + word[:end])), before + word[:end])
            after = 0.0


def _within(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))


def _pieces(text: str) -> Iterator[str]:
    """Words, and what stands between them letter by letter; composed scripts in runs of up to five."""
    start = 0
    while start < len(text):
        first, end = text[start], start + 1
        if composed(first):
            while end < len(text) and end - start < 5 and composed(text[end]):
                end += 1
        elif first.isalpha():
            while end < len(text) and text[end].isalpha() and not composed(text[end]):
                end += 1
        yield text[start:end]
        start = end


def _common(old: str, new: str) -> tuple[int, int]:
    """How many letters two texts share at their beginning, and then at their end."""
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next((i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]), shorter - head)
    return head, tail
