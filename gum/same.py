"""Whether two claims say the same: by type, slots and what slots are made of. Pure.

Likeness of meaning never decides: "likes" and "dislikes" embed alike, and so do two essays. Words do: a claim
whose words all stand in the other's says the same, less fully ("fermented vegetables", "fermented vegetables
salt percentage"), unless what is left over is a number that tells one of a series from another ("essay",
"essay 2").
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from gum.claims import TABLE
from gum.text import normal, words

_FILE = re.compile(r"[^\s/\\]+\.[A-Za-z][A-Za-z0-9]{0,4}")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+")
_PEOPLE = frozenset({"person", "from"})
_DATES = frozenset({"date"})
# Words that stand before a name and say nothing of it, in the languages of gum.date_words.
_ARTICLES = frozenset(
    [
        *("the", "a", "an", "my", "our"),
        *("der", "die", "das", "den", "dem", "ein", "eine", "einen", "mein", "meine", "unser", "unsere"),
        *("le", "la", "les", "l", "un", "une", "des", "du", "mon", "ma", "mes", "notre", "nos"),
        *("el", "los", "las", "lo", "una", "unos", "unas", "mi", "mis"),
        *("il", "gli", "i", "uno", "o", "os", "as", "um", "uma", "meu", "minha"),
        *("de", "het", "een", "en", "ett"),
    ]
)


class Relation(StrEnum):
    """How a claim stands to another one of its type."""

    SAME = "same"
    MORE = "more"  # it says what the other says, and more
    LESS = "less"  # the other says what it says, and more
    OPPOSITE = "opposite"  # the same two things the other way round
    UNRELATED = "unrelated"


def relation(kind: str, one: Mapping[str, str], other: Mapping[str, str]) -> Relation:
    """How `one` stands to `other`, both of type `kind`.

    Optional slots that only one fills make no difference, nor do dates; slots that both fill must agree.
    """
    if _swapped(kind, one, other):
        return Relation.OPPOSITE
    found = set()
    for name in TABLE[kind].slots:
        left, right = one.get(name, ""), other.get(name, "")
        if name not in _DATES and normal(left) and normal(right):
            found.add(_alike(name, left, right))
    found.discard(Relation.SAME)
    if not found:
        return Relation.SAME
    return found.pop() if len(found) == 1 else Relation.UNRELATED


def _swapped(kind: str, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """ "Prefers tea over coffee", "prefers coffee over tea"."""
    if kind != "prefers" or not (one.get("over") or other.get("over")):
        return False
    pairs = ((one.get("thing", ""), other.get("over", "")), (one.get("over", ""), other.get("thing", "")))
    filled = [(a, b) for a, b in pairs if normal(a) and normal(b)]
    return bool(filled) and all(_alike("thing", a, b) is not Relation.UNRELATED for a, b in filled)


def _alike(name: str, left: str, right: str) -> Relation:
    a, b = core(name, left), core(name, right)
    if a == b or (name in _PEOPLE and set(a) == set(b)):
        return Relation.SAME
    if _within(b, a):
        return Relation.MORE
    return Relation.LESS if _within(a, b) else Relation.UNRELATED


def core(name: str, value: str) -> tuple[str, ...]:
    """The words of a slot that say what it is about: without articles, a file's ending, a mail's domain."""
    if name in _PEOPLE and (mail := _MAIL.fullmatch(value.strip())):
        value = mail[0].split("@")[0]
    elif _FILE.fullmatch(value.strip()):
        value = value.strip().rsplit(".", 1)[0]
    found = words(value.replace("_", " "))
    while len(found) > 1 and found[0] in _ARTICLES:
        found = found[1:]
    return found


def _within(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether all of `short` is in `long`, and more than a number besides."""
    rest = [word for word in long if word not in set(short)]
    return bool(short) and set(short) < set(long) and not (len(rest) < 3 and any(map(_numbers, rest)))


def _numbers(word: str) -> bool:
    """Whether a word tells one of a series from another."""
    return word.isdigit() or re.fullmatch(r"[ivx]{1,4}|[a-z]", word) is not None
