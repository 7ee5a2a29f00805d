"""Whether two claims say the same: by type, slots and what slots are made of. Pure.

Likeness of meaning never decides: "likes" and "dislikes" embed alike, and so do two essays. Words do: a claim
whose words all stand in the other's says the same, less fully ("fermented vegetables", "fermented vegetables
salt percentage"), unless what is left over is a number that tells one of a series from another ("essay",
"essay 2"), turns it round ("sugar", "no sugar") or makes another thing of it ("lens", "lens cap"; "Paris",
"Paris Hilton"). Of two files none is the other, less fully. Where in doubt they are two: a wrong merge is
worse than a duplicate.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from gum.claims import DATES, PEOPLE, TABLE
from gum.polarity import FORWARD, turning
from gum.question import holds_together
from gum.text import fold, normal, unspaced, words

_FILE = re.compile(r".*[^\s/\\]\.(?P<ending>[A-Za-z][A-Za-z0-9]{0,4})")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+")
_ADDRESS = re.compile(r"\s*<[^<>]*>")  # behind a name, as mail programs show it
_OPTION = re.compile(r"\s+--?[A-Za-z][\w=-]*")  # of a command
_PRICE = re.compile(r"[\s|(\[,-]*(?:[€$£¥]\s?\d[\d.,]*|\d[\d.,]*\s?[€£¥])[\s)\]]*$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CUT_OFF = re.compile(r"[.!?]\s+\S{1,2}$")  # the beginning of the next sentence
# Of these a word more makes another thing: a lens cap is no lens, New York is not York, and the School of
# Music is not the school.
_THINGS = frozenset(
    {
        ("bought", "item"),
        ("holds_role", "role"),
        ("holds_role", "org"),
        ("plans_to_go", "place"),
        ("prefers", "thing"),
        ("prefers", "over"),
    }
)
_TASTES = frozenset({"thing", "over"})  # among those
# Beside a name these make somebody else of it, or several: "Anna's mother", "Smith and Jones". A single
# capital is an initial: "Anna E. Berg".
_SOMEBODY_ELSE = re.compile(r"&|['’]s\b|(?<=s)['’](?=\s)|\b(?i:and|und|et)\b|(?<=\s)[ye](?=\s)")
_NOT_QUITE = frozenset({"vice", "deputy", "assistant", "former", "ex", "future", "stellvertretende"})
# A number before one of these says how much, not which one.
_UNITS = frozenset(
    [
        *("mm", "cm", "m", "km", "g", "kg", "mg", "l", "ml", "cl", "dl", "oz", "lb", "ft", "inch", "inches"),
        *("w", "kw", "v", "hz", "mb", "gb", "tb", "pair", "pairs", "pack", "packs", "piece", "pieces", "pcs"),
        *("paar", "stück", "paires", "pièces", "pares", "unidades", "pezzi", "stuks"),
    ]
)
# Between two nouns: "history of maps" is "map history". Who does what to whom stands in other words.
_OF = frozenset(
    {"of", "for", "von", "für", "de", "du", "des", "del", "della", "di", "van", "voor", "da", "do"}
)
# How often is not what: "always flying".
_OFTEN = frozenset(
    [
        *("always", "usually", "mostly", "normally", "immer", "meist", "meistens", "normalerweise"),
        *("toujours", "généralement", "siempre", "normalmente", "sempre", "altijd", "meestal"),
    ]
)
_AND = frozenset({"and", "or", "y", "e", "et", "und", "oder", "ou", "og", "och", "versus", "vs"})
_NO_PLURALS = frozenset(
    ["news", "lens", "less", "plus", "always", "physics", "goods", "customs", "glasses", "means", "arms"]
)
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
        if name not in DATES and _read(name, left).plain and _read(name, right).plain:
            found.add(alike(kind, name, left, right))
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
    return bool(filled) and all(alike(kind, "thing", a, b) is Relation.SAME for a, b in filled)


class _Value(NamedTuple):
    """What of a slot's value is compared. `roots`: its words folded and without plurals, for a quick look."""

    plain: str
    core: tuple[str, ...]
    ending: str  # of a file, or ""
    mailbox: bool
    roots: frozenset[str]


@lru_cache(maxsize=8192)
def _read(name: str, value: str) -> _Value:
    # A draft is compared with hundreds of claims, and each of them with every draft.
    found = core(name, value)
    return _Value(
        plain=normal(value),
        core=found,
        ending=ending(value),
        mailbox=_MAIL.fullmatch(value.strip()) is not None,
        roots=frozenset(fold(_root(word)) for word in found),
    )


def ending(value: str) -> str:
    """Of a file's name, "txt"; of anything else nothing."""
    file = _FILE.fullmatch(value.strip())
    return file["ending"].lower() if file else ""


def forget() -> None:
    """Drops the values that were compared lately, so that what was forgotten is not in memory either."""
    _read.cache_clear()


def alike(kind: str, name: str, left: str, right: str) -> Relation:
    """How one value of slot `name` stands to another; never OPPOSITE."""
    one, other = _read(name, left), _read(name, right)
    a, b = one.core, other.core
    if one.plain == other.plain:
        return Relation.SAME
    if one.roots.isdisjoint(other.roots) and "".join(a) != "".join(b):
        return Relation.UNRELATED
    if name in PEOPLE:
        if one.mailbox and other.mailbox and (a != b or len(a) < 2):
            return Relation.UNRELATED  # info@ one firm and info@ another
    elif one.ending and other.ending and one.ending != other.ending:  # main.py and main.c
        a, b = words(left), words(right)
    elif not (one.ending and other.ending):
        a, b = _singular(a, b), _singular(b, a)
    if a == b or _spelt(name, a, b):
        return Relation.SAME
    if one.ending and other.ending and name not in PEOPLE:
        return Relation.UNRELATED  # main.py and test_main.py
    if _within(kind, name, b, a, right, left):
        return Relation.MORE
    return Relation.LESS if _within(kind, name, a, b, left, right) else Relation.UNRELATED


def _singular(found: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """`found`, its English, French, Spanish or Portuguese plurals as the singular where `other` has that."""
    return tuple(_one_of(word, other) for word in found)


def _one_of(word: str, other: Sequence[str]) -> str:
    root = _root(word)
    return root if root in other else word


def _root(word: str) -> str:
    """The singular of what looks like a plural."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")) or word in _NO_PLURALS:
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]


def _spelt(name: str, a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether they are one in two spellings or orders: "bee keeping", "Duarte, Ines", "maps of Rome"."""
    if name in PEOPLE:
        bare = [frozenset(map(fold, one)) for one in (a, b)]
        # Names are often typed without their accents; but two accents are two names.
        unaccented = any("".join(one).isascii() for one in (a, b))
        return set(a) == set(b) or (bare[0] == bare[1] and unaccented)
    if "".join(a) == "".join(b) and not any(c.isdigit() for c in "".join(a)):
        return not any(map(unspaced, a))
    return _turned(a) == b or _turned(b) == a


def _turned(found: tuple[str, ...]) -> tuple[str, ...]:
    """ "history of maps" as "maps history"; nothing where it is not of that form."""
    at = [n for n, word in enumerate(found) if word in _OF]
    if len(at) != 1 or not 0 < at[0] < len(found) - 1:
        return ()
    owner = [word for word in found[at[0] + 1 :] if word not in _ARTICLES]
    return (*owner, *found[: at[0]]) if owner else ()


def core(name: str, value: str) -> tuple[str, ...]:
    """The words of a slot that say what it is about: without articles, a file's ending, a mail's domain."""
    if name in PEOPLE:
        value = _called(value)
    elif _FILE.fullmatch(value.strip()):
        value = value.strip().rsplit(".", 1)[0]
    value = _CUT_OFF.sub("", _PRICE.sub("", value)) or value
    if name == "tool":
        value = _OPTION.sub("", value) or value
    found = words(re.sub(r"['’]s\b", "", value).replace("_", " "))
    while len(found) > 1 and (found[0] in _ARTICLES or found[0] in _OFTEN):
        found = found[1:]
    while len(found) > 1 and found[-1] in _AND and "(" not in value:
        found = found[:-1]
    return found


def _called(value: str) -> str:
    """What somebody is called, without the address behind it; of a mail address what is before the domain."""
    value = _ADDRESS.sub("", value) or value
    mail = _MAIL.fullmatch(value.strip())
    return mail[0].split("@")[0] if mail else value


def _within(kind: str, name: str, short: Sequence[str], long: Sequence[str], shorter: str, said: str) -> bool:
    """Whether all of `short` is in `long` and what is more makes no other thing of it.

    They are the words of `shorter` and `said`.
    """
    empty = _OF | _ARTICLES
    telling = {word for word in short if word not in empty} or set(short)
    rest = [(n, word) for n, word in enumerate(long) if word not in telling]
    if not telling < set(long) or _turned_round(rest, [n for n, word in enumerate(long) if word in telling]):
        return False
    if name in PEOPLE and (not _run(short, long) or _somebody_else(shorter, said)):
        return False
    if (kind, name) in _THINGS and not _of_one_kind(name, short, long, said):
        return False
    if name not in PEOPLE and (kind, name) not in _THINGS and _longer_name(shorter, said):
        return False
    # The year in a file's name does not tell which one: the price list is price-list-2026.txt.
    filed = bool(ending(said)) and not ending(shorter)
    rest = [(n, word) for n, word in rest if not (filed and _YEAR.fullmatch(word))]
    numbered = [word for n, word in rest if _numbers(word) and not _counts(long, n)]
    return not (numbered and sum(word not in empty for _, word in rest) < 3)


def _turned_round(rest: Sequence[tuple[int, str]], telling: Sequence[int]) -> bool:
    """Whether a word of the rest denies what is told. "Tea without milk" is tea; "without tea" is not."""
    return any(turning([word]) and not (word in FORWARD and n > max(telling)) for n, word in rest)


def _run(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether `short` stands in `long` in one piece: Paul Martin is not Martin Paul Schulz."""
    return any(list(long[n : n + len(short)]) == list(short) for n in range(len(long)))


def _somebody_else(shorter: str, said: str) -> bool:
    """Whether what a name has more belongs to somebody else too: "Anna's mother", "Smith and Jones"."""
    return len(_SOMEBODY_ELSE.findall(_called(said))) > len(_SOMEBODY_ELSE.findall(_called(shorter)))


def _longer_name(shorter: str, said: str) -> bool:
    """Whether a word with a capital follows one that both write with a capital: "Paris", "Paris Hilton"."""
    capitals = {_root(word) for word in _capitals(shorter)}
    known = set(words(shorter.replace("_", " ")))
    # Looked ahead for, so that each word is the second one too; a comma or a dash between them parts names.
    beside = re.findall(r"(?<!\w)(?=(\w+)\s+(\w+))", said.replace("_", " "))
    return any(
        first[0].isupper()
        and second[0].isupper()
        and _root(normal(first)) in capitals
        and normal(second) not in known
        for first, second in beside
    )


def _capitals(said: str) -> frozenset[str]:
    """The words written with a capital, in normal form."""
    return frozenset(normal(word) for word in re.findall(r"[^\W_]+", said) if word[0].isupper())


def _counts(found: Sequence[str], at: int) -> bool:
    """Whether the number there only says how much ("28 cm", "box of 10"), or is an article."""
    before, behind = found[max(0, at - 1) : at], found[at + 1 : at + 2]
    if behind and (behind[0] in _UNITS or found[at] in _ARTICLES):
        return True
    return bool(before) and before[0] in _OF


def _of_one_kind(name: str, short: Sequence[str], long: Sequence[str], said: str) -> bool:
    """Whether `long` is a `short`: "brass lamp", "lamp for the desk", "lamp 28 cm", but no "lamp shade".

    Coconut milk is no kind of milk to somebody who likes one of them, and Taco Bell is no kind of Bell.
    """
    size = len(short)
    before, behind = list(long[:size]) == list(short), list(long[-size:]) == list(short)
    if any(core(name, part) == tuple(short) for part in re.split(r"[,(/]", said)):
        return True
    if name == "org":
        return before and long[size] == "in"  # "of" and "for" say which one: the School of Music
    if name == "place":
        capitals = _capitals(said)
        return (before and _beside(long[size], short[-1], capitals)) or (
            behind and _beside(long[-size - 1], short[0], capitals)
        )
    if name in _TASTES and before and long[size] in FORWARD:
        return True  # "tea without milk"
    if before and (holds_together(long[size]) or long[size][0].isdigit()):
        return True
    return behind and name not in _TASTES and not set(long) & _NOT_QUITE


def _beside(word: str, place: str, capitals: frozenset[str]) -> bool:
    """Whether a word beside a place's is no part of its name: it has no capital, as the place has.

    Where the place was typed without one ("new york"), only a word like "in" or "to" is none.
    """
    if word in capitals:
        return False
    typed_small = place not in capitals and place != place.upper()  # else a script without capitals
    return not typed_small or holds_together(word)


def _numbers(word: str) -> bool:
    """Whether a word tells one of a series from another."""
    return word.isdigit() or re.fullmatch(r"[ivx]{1,4}|[a-z]", word) is not None
