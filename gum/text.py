"""Comparing and cutting text, the same way everywhere in the core.

Screen text may hold anything: control characters, right-to-left marks, unpaired surrogates, ten
megabytes of one line. `lines` is the bounded way in; `normal` is the one normal form.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

MAX_TEXT = 20_000  # characters of an observation that are looked at: several full screens
MAX_LINE = 400  # longer lines are prose or data; structure is never that long
MAX_SLOT = 120

_SPACES = re.compile(r"\s+")
_EDGE = " \t\r\n.,;:!?…·•|-–—_*\"'“”„«»‹›‘’`()[]{}<>、。,:;!?「」『』【】"
_START = _EDGE.replace(".", "")  # ".bashrc" and "./run" begin with their dot
UNSPACED = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
)
"""Inside of a character class: Thai, Lao, Tibetan, Burmese, Khmer, kana, bopomofo, Han, which put no spaces
between words."""
_UNSPACED = re.compile(f"[{UNSPACED}]")
_BETWEEN = re.compile(r"[\s,;:!?()\[\]{}<>\"“”„«»|。、,\x00\ud800-\udfff]+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])(?=.)")
_PAUSE = re.compile(r"(?<=[,;:])\s+")
PREFIX_FROM = 4  # letters from which on a typed word also stands for longer ones ("deadline", "deadlines")
PIECES = 32  # words of what somebody typed that count


class _Table(dict[int, int | None]):
    """For str.translate: works out each character once, so that long texts go at C speed."""

    def __init__(self, rule: Callable[[str], str | None]) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, code: int) -> int | None:
        kept = self._rule(chr(code))
        self[code] = None if kept is None else ord(kept)
        return self[code]


def _printable(c: str) -> str | None:
    if c.isspace():
        return c if c == "\n" else " "
    return None if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") else c


_CLEAN = _Table(_printable)
_NORMAL = _Table(lambda c: c if c in "+#" or unicodedata.category(c)[0] in "LMN" else " ")
_PLAIN = _Table(lambda c: None if _printable(c) is None else c.translate(_NORMAL))  # both at once


def clean(text: str) -> str:
    """`text` without control characters, direction marks and unpaired surrogates; tabs become spaces."""
    return text.translate(_CLEAN)


def lines(text: str) -> list[str]:
    """The non-empty lines of the first MAX_TEXT characters, stripped, none longer than MAX_LINE."""
    return [line for raw in text[:MAX_TEXT].split("\n") if (line := raw.strip()) and len(line) <= MAX_LINE]


def broken(text: str) -> str:
    """`text` with a line for each sentence, or clause, of those lines that are too long for `lines`."""
    return "\n".join(line if len(line) <= MAX_LINE else _broken(line) for line in text.split("\n"))


def _broken(line: str) -> str:
    sentences = _SENTENCE.sub("\n", line).split("\n")
    return "\n".join(_PAUSE.sub("\n", one) if len(one) > MAX_LINE else one for one in sentences)


def normal(text: str) -> str:
    """The form in which two texts are compared: NFKC, case folded, punctuation to single spaces.

    Diacritics stay: "pêche" and "péché" are different things. "+" and "#" stay: so are C, C++ and C#.
    """
    if text.isascii():  # as most texts are: NFKC changes nothing then, and one pass does for both tables
        return " ".join(text.lower().translate(_PLAIN).split())
    folded = unicodedata.normalize("NFKC", clean(text)).casefold()
    return " ".join(folded.translate(_NORMAL).split())


def fold(text: str) -> str:
    """The normal form without diacritics, as the full-text index compares: "Résumé" and "resume" are one."""
    if text.isascii():
        return normal(text)
    return normal("".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)))


def pieces(typed: str) -> list[str]:
    """The words that somebody typed, each once, in order; one may still hold dots, dashes or slashes."""
    found = (p for p in _BETWEEN.split(typed) if any(c.isalnum() for c in p))
    return list(dict.fromkeys(found))[:PIECES]


def words(text: str) -> tuple[str, ...]:
    """The words of the normal form; runs of unspaced scripts are cut into overlapping pairs."""
    return tuple(_words(normal(text)))


def _words(text: str) -> Iterator[str]:
    for word in text.split():
        if len(word) > 2 and _UNSPACED.search(word):
            yield from (word[i : i + 2] for i in range(len(word) - 1))
        else:
            yield word


def unspaced(text: str) -> bool:
    """Whether `text` holds letters of a script that puts no spaces between words."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def occurs(needle: str, text: str) -> bool:
    """Whether `needle` stands in `text` as a run of whole words, both in normal form."""
    short, long = normal(needle), normal(text)
    if not short:
        return False
    return short in long if _UNSPACED.search(short) else f" {short} " in f" {long} "


def tidy(text: str, limit: int = MAX_SLOT) -> str:
    """A slot value from a cut of text: one line, no punctuation at its ends, at most `limit` long."""
    flat = _SPACES.sub(" ", clean(text)).rstrip(_EDGE).lstrip(_START)
    if len(flat) <= limit:
        return flat
    cut = flat[: limit + 1].rsplit(" ", 1)[0] if " " in flat[: limit + 1] else flat[:limit]
    return cut[:limit].strip(_EDGE)


def phrases(*lists: str, flags: int = 0) -> re.Pattern[str]:
    """One pattern out of lists of patterns, one a line; a backslash at the end continues a line."""
    joined = re.sub(r"\\\n\s*", "", "\n".join(lists))
    return re.compile("|".join(p for line in joined.split("\n") if (p := line.strip())), flags)


def overlap(left: str, right: str) -> float:
    """Jaccard overlap 0..1 of the word sets of two texts."""
    a, b = set(words(left)), set(words(right))
    return len(a & b) / len(a | b) if a and b else 0.0
