"""Which pairs of claims a language model is asked about, and what its answer may do. Pure.

Only where words decide nothing ("museum guide", "the audio tour") and nothing speaks against asking: numbers,
dates, denying words, two documents, two people or names and two ends ("letter to Ann", "letter for Ben") are
never a matter of meaning, so no answer can merge them.
Likeness of meaning (cosine) only chooses whom to ask about: it never merges by itself.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gum.claims import PEOPLE, TABLE, key, one_date
from gum.polarity import turning
from gum.question import holds_together
from gum.revise import Compare
from gum.same import Relation, alike, core, ending, relation
from gum.text import normal, words
from gum.types import Draft, Proposition, Status, Vector

NEAR = 0.35  # cosine from which on a pair is worth a question; lower, and hardly any answer is "same"
MOST = 3  # questions about one new claim, the nearest first
_LIVING = (Status.ACTIVE, Status.HIDDEN)
# Of these one may exclude the other. Two interests or two pieces of work never do.
_EXCLUDE = frozenset({"prefers", "holds_role"})
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s\b")
# What follows one of these says which of several.
_WHICH = frozenset(
    [
        *("to", "for", "with", "about", "of"),
        *("für", "mit", "über", "von"),
        *("pour", "avec", "sur", "de", "para", "con", "sobre"),
    ]
)


class Likeness(StrEnum):
    """What somebody answers who was asked how a new claim stands to a known one."""

    SAME = "same"  # one claim in other words
    REFINES = "refines"  # the new one says what the known one says, and more
    CONTRADICTS = "contradicts"  # both cannot be so
    UNRELATED = "unrelated"
    UNKNOWN = "unknown"  # whoever does not know changes nothing


@dataclass(frozen=True, slots=True)
class Side:
    """A claim as somebody is asked about it. `quotes`: some of the words that it rests on."""

    kind: str
    slots: Mapping[str, str]
    text: str
    valid_until: datetime | None = None
    quotes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def key(self) -> str:
        return key(self.kind, self.slots, self.valid_until)


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim that is known and a new one of its type."""

    known: Side
    new: Side

    @property
    def key(self) -> tuple[str, str]:
        return self.known.key, self.new.key


Judged = Mapping[tuple[str, str], Likeness]  # by the keys of the known and the new claim
_MEANS = {
    Likeness.SAME: Relation.SAME,
    Likeness.REFINES: Relation.MORE,
    Likeness.CONTRADICTS: Relation.OPPOSITE,
}


def side(claim: Draft | Proposition, quotes: Iterable[str] = ()) -> Side:
    """`claim` as it is asked about."""
    return Side(claim.type, claim.slots, claim.text, claim.valid_until, tuple(quotes))


def pairs(drafts: Sequence[Draft], known: Sequence[Proposition], vectors: Mapping[str, Vector]) -> list[Pair]:
    """What to ask about `drafts`: each beside the claims, and the drafts before it, that are nearest.

    `vectors` are unit vectors by text; what has none is not asked about. Nothing is asked about a draft
    whose words say already which claim it is.
    """
    living = [p for p in known if p.status in _LIVING and not p.settled]
    found: dict[tuple[str, str], Pair] = {}
    for n, draft in enumerate(drafts):
        mine, before = side(draft, _quotes(draft)), [side(d, _quotes(d)) for d in drafts[:n]]
        beside = [s for s in (*map(side, living), *before) if s.kind == mine.kind]
        if draft.text not in vectors or any(_decided(mine, one) for one in beside):
            continue
        near = [
            (_cosine(vectors[draft.text], vectors[one.text]), one) for one in beside if one.text in vectors
        ]
        asked = [pair for pair in near if pair[0] >= NEAR and may_ask(pair[1], mine)]
        for _, one in sorted(asked, key=lambda pair: -pair[0])[:MOST]:
            found.setdefault((one.key, mine.key), Pair(one, mine))
    return list(found.values())


def _quotes(draft: Draft) -> list[str]:
    return [e.quote for e in draft.evidence]


def _decided(one: Side, other: Side) -> bool:
    return relation(one.kind, one.slots, other.slots) is not Relation.UNRELATED


def _cosine(one: Vector, other: Vector) -> float:
    return sum(map(float.__mul__, one, other)) if len(one) == len(other) else 0.0


def may_ask(known: Side, new: Side) -> bool:
    """Whether meaning may decide about two claims of a type: nothing that words can tell keeps them apart."""
    if known.kind != new.kind or _decided(new, known) or not _one_day(known, new):
        return False
    differ = [name for name in TABLE[new.kind].slots if name != "date" and _differ(name, known, new)]
    if len(differ) != 1 or differ[0] in PEOPLE:
        return False
    name = differ[0]
    one, other = known.slots[name], new.slots[name]
    a, b = set(core(name, one)), set(core(name, other))
    if not a or not b or a <= b or b <= a:
        return False  # words that a number, a denial or another thing keeps apart
    numbers = [set(_DIGITS.findall(normal(value))) for value in (one, other)]
    if all(numbers) and numbers[0] != numbers[1]:
        return False
    if ending(one) and ending(other):
        return False
    return turning(words(one)) == turning(words(other)) and not _two_matters(one, other)


def _two_matters(one: str, other: str) -> bool:
    """Whether two values name two people or things, or one thing's two ends.

    Names: "Ann tax return", "Ben tax return"; "Mercury planet", "Mercury records". Ends: "letter to Ann",
    "letter for Ben".
    """
    a, b = _words(one), _words(other)
    left, right = dict(a), dict(b)
    shared = left.keys() & right.keys()
    if len(shared) == 1 and a[0] == b[0] and a[0][1]:
        return True  # one name, and what else is said may be of two that bear it
    named = [_names(found, shared) for found in (a, b)]
    # Nothing in common and one name each is what two wordings look like too: "letter to Ann", "note for Zoe".
    if all(named) and (shared or max(map(len, named)) > 1):
        return True
    return any(not holds_together(word) for word in shared) and _own_end(a, shared) and _own_end(b, shared)


def _words(value: str) -> list[tuple[str, bool]]:
    """The words in normal form, each with whether it was written with a capital."""
    found = _WORD.findall(_POSSESSIVE.sub("", value))
    return [(form, word[0].isupper()) for word in found if (form := normal(word))]


def _names(found: Sequence[tuple[str, bool]], shared: Collection[str]) -> list[str]:
    """The words of its own that have a capital and not only because a value begins with one."""
    own = [(n, word, capital) for n, (word, capital) in enumerate(found) if word not in shared]
    return [word for n, word, capital in own if capital and (n > 0 or len(own) == 1)]


def _own_end(found: Sequence[tuple[str, bool]], shared: Collection[str]) -> bool:
    """Whether a word of its own stands behind "to", "for", "with"."""
    at = next((n for n, (word, _) in enumerate(found) if n and word in _WHICH), len(found))
    return any(word not in shared and not holds_together(word) for word, _ in found[at + 1 :])


def _differ(name: str, known: Side, new: Side) -> bool:
    one, other = known.slots.get(name, ""), new.slots.get(name, "")
    filled = bool(normal(one)) and bool(normal(other))
    return filled and alike(new.kind, name, one, other) is not Relation.SAME


def _one_day(known: Side, new: Side) -> bool:
    return one_date(known.slots, known.valid_until, new.slots, new.valid_until)


def comparing(judged: Judged) -> Compare | None:
    """What somebody answered about a draft and a claim in which words find nothing in common."""
    asked = {new for _, new in judged}

    def compare(draft: Draft, known: Proposition) -> Relation:
        mine = side(draft)
        if mine.key not in asked:
            return Relation.UNRELATED
        theirs = side(known)
        answer = judged.get((theirs.key, mine.key))
        if answer is Likeness.CONTRADICTS and draft.type not in _EXCLUDE:
            return Relation.UNRELATED
        # Asked before the batch was revised: a claim that has changed since may no longer be that one.
        if answer not in _MEANS or not may_ask(theirs, mine):
            return Relation.UNRELATED
        return _MEANS[answer]

    return compare if judged else None
