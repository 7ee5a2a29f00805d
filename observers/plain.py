"""How texts are compared by rules: what looks the same is the same. Pure; knows no rule."""

import re
from unicodedata import normalize

# Signs that are not seen and would tear a word apart. The Cf of Unicode 16 (direction, joiners, tags), and
# what is shown as nothing though it counts as a letter or an accent (DerivedCoreProperties.txt,
# Default_Ignorable_Code_Point). Written out: asking `unicodedata` for all takes 150 ms at each start.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Every space and line break there is (Zs, Zl, Zp and the control characters among them).
_SPACE = re.compile("[\t-\r\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_HYPHEN = re.compile("[\u2010\u2011\u2212\ufe63]")  # also the one at which no line breaks


def plain(value: str) -> str:
    """`value` as it is compared: no capitals, accents in one way, nothing invisible, every space the same,
    and every hyphen."""
    if value.isascii():
        return value.casefold() if value.isprintable() else _SPACE.sub(" ", value).casefold()
    seen = _HYPHEN.sub("-", _SPACE.sub(" ", _UNSEEN.sub("", value)))
    # Turkish has two letters i, and either may stand for a capital I.
    return normalize("NFC", seen.casefold()).replace("i\u0307", "i").replace("ı", "i")
