"""Whether a run of words stands in a text: the only way in which the judge reads.

Case, accents, punctuation and spaces do not count. In scripts without spaces (kana, Han, Thai, Lao, Khmer,
Burmese) a run may stand inside a longer one, as in gum.text.occurs: nothing marks where a word begins
there. Hence 京都 stands in 東京都; whoever writes a desk names 東京都 as `forbidden` where that matters.
"""

import re
import unicodedata
from functools import lru_cache

from gum.text import normal

COMMA, END = ",", "\n"  # what `marked` keeps of punctuation
SEAM = "|"  # what it puts between a letter of a script without spaces and one of another: Python|を

_ACCENTS = re.compile("[\u0300-\u036f]")  # not the voicing marks of kana: those tell か from が
# Letters that no decomposition takes apart, as people type them on a keyboard that lacks them.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_SEAMS = re.compile(f"(?<=[{_UNSPACED}])(?=[^ {_UNSPACED}])|(?<=[^ {_UNSPACED}])(?=[{_UNSPACED}])")
# Without the seams the ends of a word would have to name all those letters: 7 ms to compile each run.
_GAP = f"[ {COMMA}{END}{SEAM}]"
_BEFORE, _AFTER = f"(?<![^ {COMMA}{END}{SEAM}])", f"(?![^ {COMMA}{END}{SEAM}])"
_NEVER = re.compile(r"(?!)")

# A full stop inside a name ("fish-ladder.tex", "3.11") or after one or two letters ("Dr.", "5. März") ends
# nothing, nor after these abbreviations.
_STOP = r"(?<=\w\w\w)(?<!\bprof)(?<!\bbzw)(?<!\bmrs)(?<!\bsra)\."
_ENDS = re.compile(rf"(?:{_STOP}|[;!?…])(?=[\s\"'”’»)\]]|$)|[\n。！？；]")
_COMMAS = re.compile(r"[,:](?=\s|$)|[，、：()（）]|\s[–—-]\s")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Casefolded and without accents; everything else as it stands."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return unicodedata.normalize("NFC", bare).casefold().translate(_LETTERS)


@lru_cache(maxsize=65536)
def marked(text: str) -> str:
    """The folded words of a text with single spaces between; of punctuation only COMMA and END are left.

    They stand alone, as words do, so that a text can be cut into its clauses afterwards. A SEAM is put where
    a script without spaces meets another.
    """
    sentences = ([normal(part) for part in _COMMAS.split(s)] for s in _ENDS.split(fold(text)))
    told = (f" {COMMA} ".join(part for part in parts if part) for parts in sentences)
    return _SEAMS.sub(SEAM, f" {END} ".join(s for s in told if s))


@lru_cache(maxsize=65536)
def run(words: str) -> re.Pattern[str]:
    """A pattern that finds `words` in a `marked` text as a run; without any, one that never does."""
    pattern, last, apart = "", "", False
    for letter in normal(fold(words)):
        if letter == " ":
            apart = True
            continue
        loose = last and (_IS_UNSPACED.match(last) or _IS_UNSPACED.match(letter))
        joint = f"{_GAP}*" if loose else f"{_GAP}+" if apart else ""
        pattern += joint + re.escape(letter)
        last, apart = letter, False
    if not pattern:
        return _NEVER
    first = normal(fold(words))[0]
    left = "" if _IS_UNSPACED.match(first) else _BEFORE
    right = "" if _IS_UNSPACED.match(last) else _AFTER
    return re.compile(left + pattern + right)


def occurs(words: str, text: str) -> bool:
    """Whether `words` stand in `text` as a run of words."""
    return run(words).search(marked(text)) is not None
