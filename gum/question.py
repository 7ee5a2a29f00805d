"""What somebody asks for, as weighted terms, and how much of it stands in a text.

A term is a piece of the question in folded form: the normal form of `gum.text` without diacritics, since
nobody types them into a search. Its weight is how much it tells (inverse document frequency), so that a text
that has the one rare word of a question covers more of it than one that has the three common ones.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gum.text import PREFIX_FROM, fold, normal, unspaced, words

INSIDE_FROM = 3  # letters from which on a term also counts inside a word ("phone" in "iphone"), for half
INSIDE = 0.5

# Words that hold a sentence together, folded, in the spaced languages of gum.date_words. Measured on claims
# they look rare, because claims hold few: "what does she know of zebras" would be one seventh about zebras.
_BY_LANGUAGE = {
    "en": "a about am an and any are as at be been by can did do does for from had has have he her his how "
    "i in is it its me my of on or our she so some than that the their them there they this to user "
    "was we were what when where which who whom whose why will with would you your",
    "de": "aber als am an auf aus bei bin bis das dass dem den der des die du ein eine einem einen einer er "
    "es fur hat hatte ich ihr im ist mein meine mit nach nicht oder sich sie sind uber um und uns vom "
    "von wann war warum was welche welcher wem wen wer wie wir wird wo zu zum zur",
    "fr": "au aux avec ce ces cette comment dans de des du elle en est et il ils je la le les leur lui ma "
    "mais mes mon ne nous on ou par pas pour pourquoi qu quand que quel quelle quels qui quoi sa ses "
    "son sont sur ta te tu un une vous",
    "es": "al como con cual cuando de del donde el ella en es esta este fue ha hay la las lo los mas me mi "
    "no para pero por porque que quien se sobre son su sus te tu un una y yo",
    "pt": "ao aos as com como da das de do dos e ela ele em era esta este eu foi mas me meu minha na nas no "
    "nos o onde os ou para por porque qual quando quem que se sobre sua tem um uma",
    "it": "al che chi come con cosa da dei del della di dove e gli ha ho il in io la le lo ma mi mio nel "
    "nella non per perche quale quando quanto se si sono su sua tra un una uno",
    "nl": "aan bij dat de die dit door een en er het hij hoe ik in is je kan met mijn naar niet of om op "
    "over te tot uit van voor waar waarom wanneer was wat welke wie zijn",
}
_FUNCTION_WORDS = frozenset(word for listed in _BY_LANGUAGE.values() for word in listed.split())


class Term(NamedTuple):
    """A piece of a question, folded (it may be several words), and its share of the question's meaning."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Question:
    """`terms` with weights that sum to 1 (none for a question without a word); `plain` is its normal form."""

    terms: tuple[Term, ...]
    plain: str


def telling(pieces: Sequence[str]) -> list[str]:
    """`pieces` without those that only hold a sentence together, unless nothing else is left."""
    kept = [piece for piece in pieces if not holds_together(piece)]
    return kept or list(pieces)


def holds_together(piece: str) -> bool:
    parts = fold(piece).split()  # "what's" is two
    known = [part in _FUNCTION_WORDS for part in parts]
    return any(known) and all(is_known or len(part) == 1 for part, is_known in zip(parts, known, strict=True))


def rarity(total: int, having: int) -> float:
    """How much a word tells that `having` of `total` texts have: the idf of BM25, kept positive.

    Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009, section 3.1.
    """
    total = max(total, having, 0)
    return math.log(1 + (total - having + 0.5) / (having + 0.5))


def question(text: str, rarities: Mapping[str, float]) -> Question:
    """The question whose pieces (as somebody typed them) tell as much as `rarities` says, each >= 0."""
    raw: dict[str, float] = {}
    for piece, weight in rarities.items():
        # Scripts without spaces: pairs of characters, as nobody knows where a word ends.
        parts = [fold(pair) for pair in words(piece)] if unspaced(piece) else [fold(piece)]
        for part in filter(None, parts):
            raw[part] = max(raw.get(part, 0.0), weight / len(parts))
    total = math.fsum(raw.values())
    if not raw or not total > 0.0 or not math.isfinite(total):
        even = 1.0 / len(raw) if raw else 0.0
        return Question(tuple(Term(part, even) for part in raw), normal(text))
    return Question(tuple(Term(part, weight / total) for part, weight in raw.items()), normal(text))


def coverage(asked: Question, folded: str) -> float:
    """How much of the question stands in a folded text, 0..1; a term inside a longer word counts half."""
    padded = f" {folded} "
    return min(1.0, math.fsum(term.weight * _stands(term.text, padded) for term in asked.terms))


def _stands(term: str, padded: str) -> float:
    if unspaced(term):
        return float(term in padded)
    if (f" {term}" if len(term) >= PREFIX_FROM else f" {term} ") in padded:
        return 1.0
    return INSIDE if len(term) >= INSIDE_FROM and term in padded else 0.0


def named(asked: Question, slots: Iterable[str]) -> float:
    """How much of the question is the full name of something in a claim, 0..1.

    A slot is named when it stands in the question as a run of whole words: "Anna Meyer" is named by "when
    does Anna Meyer call", and is not by "Anna" alone. Parts of names count as words, in `coverage`.
    """
    whole = [slot for slot in slots if _run_in(normal(slot), asked.plain)]
    return coverage(asked, fold(" ".join(whole))) if whole else 0.0


def _run_in(short: str, long: str) -> bool:
    """`gum.text.occurs` of two normal forms: the question's is made once for all claims."""
    if unspaced(short):
        return short in long
    return bool(short) and f" {short} " in f" {long} "
