"""Names as pseudonyms: finding those of other people, replacing any, and putting them back. Pure.

A person keeps their number for ever: "Anna Berg", "Anna" and "anna.berg@example.org" are all person 3, as
long as "Anna" could be nobody else. In a text that leaves, each becomes "Person 3" (another form of the name
in the same text "Person 3b", so that it can be put back to the letter), an address "person3@mail.invalid", a
telephone number "[phone 3]". Places and numbers (`gum.aliases`) are "Place 2" and "[number 7]" likewise.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from gum.claims import PEOPLE
from gum.contacts import MAIL, PHONE
from gum.text import MAX_TEXT, UNSPACED, clean, lines, normal, tidy, unspaced
from gum.types import Draft, Observation, Proposition

_HEADER = re.compile(
    r"^(?:from|to|cc|bcc|von|an|de|à|para|da|a|van|aan|от|кому|差出人|宛先|发件人|收件人|expéditeur|destinataires?"
    r"|destinatari[oa]s?|remitente|remetente|mittente|absender|empfänger)\s*[:：]\s*(?P<value>.+)$",
    re.IGNORECASE,
)
_CALLED = r"(?P<name>[A-ZÀ-ÖØ-Þ][\w'’-]+(?: [A-ZÀ-ÖØ-Þ][\w'’-]+)?)"
_TITLED = re.compile(
    rf"\b(?:Mrs?|Ms|Dr|Prof|Herrn?|Frau|Mme|Mlle|Monsieur|Madame|Señora?|Sra?|Srta|Signora?|Sig|Dott"
    rf"|Mevrouw|Meneer)"
    rf"\.? {_CALLED}"
)
_GREETED = re.compile(
    rf"^\s*(?:Dear|Hi|Hello|Hey|Liebe[r]?|Hallo|Chère|Cher|Bonjour|Salut|Querid[oa]|Hola|Estimad[oa]"
    rf"|Car[oa]|Ciao"
    rf"|Olá|Beste|Lieve) {_CALLED}\s*[,!:]",
    re.MULTILINE,
)
_NO_PERSON = re.compile(
    r"undisclosed.*|recipients?|everyone|all|team|list|me|myself|you|ich|moi|mich|no-?reply|info|support"
    r"|service"
    r"|newsletter|admin|billing|hello|noreply|mailer-daemon",
    re.IGNORECASE,
)
# Names that are words, too: alone they count only with a capital, and "may" stays a month.
_WORDS = re.compile(
    r"will|may|mark|bill|grace|hope|rose|art|rich|jack|sue|pat|joy|dawn|april|june|august|summer|an|in|lu|ben"
    r"|hand|klein|lange|frank|ernst|wolf|stein|sol|luz|mar|paz|blanca|bruno|rosa|clara|victor"
    r"|reading|nice|bath|essen|split|cork|mobile|lens|tours|orange|deal|sale|rugby|halle|hof|worms|bar"
)
_END = "(?![0-9a-z])"  # "Person 1" is not the beginning of "Person 12" or "Person 1b"
_PIECE = re.compile(r"[^\W_]+")
# Beside letters of a script without spaces a word begins and ends, too: "小林4711-0815", "小林Anna".
_APART = re.compile(rf"[{UNSPACED}]+|[^\W_{UNSPACED}]+")
_GAP = re.compile(r"[ \t.’'_-]{0,2}")  # between the words of a name
_WIDER = re.compile(r"[ \t.,’'_/-]{0,2}")  # between those of an address or a long number
_MOST_WORDS = 16  # of a name in normal form: addresses and telephone numbers have many
_MOST_LETTERS = 12  # of a name in a script without spaces, see `_is_name`


class Kind(StrEnum):
    """What a name is of. Each kind is numbered by itself."""

    PERSON = "person"
    PLACE = "place"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Person:
    """A name by which somebody is known (normal form and as first seen); `real`: it may be told as it is.

    A place and a long number are kept alike, told by `kind`.
    """

    name: str
    number: int
    shown: str
    real: bool = False
    kind: Kind = Kind.PERSON


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with pseudonyms, and what they stand for."""

    text: str
    back: Mapping[str, str]

    def restored(self, text: str) -> str:
        """`text`, e.g. the answer to the masked one, with the real names again."""
        if not self.back:
            return text
        longest = sorted(self.back, key=len, reverse=True)
        either = "|".join(re.escape(label) + _END * label[-1].isalnum() for label in longest)
        return re.sub(either, lambda m: self.back[m[0]], text)


def names_in(
    observations: Iterable[Observation] = (), claims: Iterable[Proposition | Draft] = ()
) -> list[str]:
    """Names of other people as they stand in the person slots of claims and in the headers of mails."""
    found = [value for claim in claims for slot, value in claim.slots.items() if slot in PEOPLE and value]
    for o in observations:
        found += _headed(o.text)
    return list(dict.fromkeys(name for name in found if _is_name(name)))


def strangers_in(text: str) -> list[str]:
    """Who else is named in a text: in headers of mails, by address or number, with a title, or greeted."""
    found = _headed(text)
    found += [m[0] for pattern in (MAIL, PHONE) for m in pattern.finditer(text)]
    found += [
        m["name"] for pattern in (_TITLED, _GREETED) for m in pattern.finditer(text) if _is_name(m["name"])
    ]
    return list(dict.fromkeys(found))


def numbered(names: Iterable[str], known: Sequence[Person], last: int) -> list[Person]:
    """The people of `names` that are not `known`, each with a number. `last`: the highest ever given.

    A part of one known name is that person, and so is a longer form of it, unless it could be several.
    """
    there = _Known()
    for p in known:
        there.add(p)
    fresh = []
    for shown in names:
        name = normal(shown)
        if not name or name in there.names:
            continue
        number = _same(name, shown, there)
        if number is None:
            last += 1
            number = last
        fresh.append(Person(name, number, tidy(clean(shown)), number in there.real))
        there.add(fresh[-1])
    return fresh


class _Known:
    """People by what tells them: names that are spoken, and what stands before the @ of an address."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.spoken: list[Person] = []
        self.owners: list[tuple[str, int]] = []
        self.real: set[int] = set()

    def add(self, person: Person) -> None:
        self.names.add(person.name)
        if person.real:
            self.real.add(person.number)
        if "@" in person.shown:
            self.owners.append((_owner(person.shown), person.number))
        elif not PHONE.fullmatch(person.shown):
            self.spoken.append(person)


def runs(found: Sequence[str], names: Container[str]) -> Iterator[tuple[int, int]]:
    """Which of the words `found` are one of `names` together: from, to.

    Asked of the names, not the other way round: five thousand names cost a sentence no more than five.
    """
    for at in range(len(found)):
        name = ""
        for end in range(at + 1, min(at + _MOST_WORDS, len(found)) + 1):
            name = f"{name} {found[end - 1]}" if name else found[end - 1]
            if name in names and not unspaced(name):
                yield at, end


def inside(text: str, names: Container[str]) -> Iterator[tuple[int, int]]:
    """Where one of `names` in a script without spaces stands in `text`: from, to."""
    if not unspaced(text):
        return
    for at in range(len(text)):
        for end in range(at + 2, min(at + _MOST_LETTERS, len(text)) + 1):
            if (name := text[at:end].casefold()) in names and unspaced(name):
                yield at, end


def is_word(name: str) -> bool:
    """Whether a name in normal form is an ordinary word, too: alone it counts with a capital only."""
    return _WORDS.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a text somebody or something is named."""

    start: int
    stop: int
    person: Person


class Book:
    """Names to look for. Looking costs the same however many there are."""

    def __init__(self, people: Iterable[Person]) -> None:
        """Of two with the same name the first counts. Who is called by the real name is not in it."""
        self._by_name: dict[str, Person] = {}
        for p in people:
            if not p.real:
                self._by_name.setdefault(p.name, p)

    def spots(self, text: str) -> list[Spot]:
        """Where `text` names one of them, in order: whole words, the longest name first; case and spelling
        (diacritics apart) do not hide a name."""
        return _spots(text, self._by_name) if self._by_name else []


def mask(text: str, people: Sequence[Person]) -> Masked:
    """`text` with pseudonyms for everybody of `people` who is not to be called by the real name."""
    [masked], back = labelled([text], [Book(people).spots(text)])
    return Masked(masked, back)


def labelled(texts: Sequence[str], spots: Sequence[Sequence[Spot]]) -> tuple[list[str], dict[str, str]]:
    """`texts` with labels at their `spots`, and what the labels stand for: in all texts the same."""
    bare = _bare(texts, spots)
    taken: dict[str, str] = {}  # what stands there -> its label
    # What stands there like a label, and the labels given, without the brackets of bare ones.
    plain = {found[0] for text in texts for found in _LIKE.finditer(text)}
    masked = []
    for text, there in zip(texts, spots, strict=True):
        parts, end = [], 0
        for spot in there:
            found = text[spot.start : spot.stop]
            if found not in taken:
                taken[found] = _label(spot.person, found, plain, found in bare)
            parts += [text[end : spot.start], taken[found]]
            end = spot.stop
        masked.append("".join((*parts, text[end:])))
    return masked, {label: found for found, label in taken.items()}


def _bare(texts: Sequence[str], spots: Sequence[Sequence[Spot]]) -> set[str]:
    """The names behind which a letter, digit or other name begins at once, as in scripts without spaces."""
    found = set()
    for text, there in zip(texts, spots, strict=True):
        begins = {spot.start for spot in there}
        found |= {
            text[spot.start : spot.stop]
            for spot in there
            if spot.stop in begins or _JOINED.match(text, spot.stop) is not None
        }
    return found


_JOINED = re.compile("[0-9a-z]")


def called(people: Iterable[Person]) -> dict[int, str]:
    """By number the name that tells most: the longest one, an address only where there is no other."""
    shown: dict[int, str] = {}
    for p in people:
        shown[p.number] = max(shown.get(p.number, p.shown), p.shown, key=lambda s: ("@" not in s, len(s)))
    return shown


def unmasked(text: str, called: Mapping[int, str]) -> str:
    """A text that was masked some time ago, with the names as now known, for the person's own eyes.

    `called`: those of everybody (see the function).
    """
    return _LABEL.sub(lambda m: called.get(int(next(g for g in m.groups() if g)), m[0]), text)


_LABEL = re.compile(r"Person (\d+)[a-z]*|person(\d+)[a-z]*@mail\.invalid|\[phone (\d+)[a-z]*\]")


def _label(person: Person, found: str, plain: set[str], bare: bool) -> str:
    """A label that stands for nothing else: not among those there already (`plain`).

    `bare`: a letter or digit may stand right behind it.
    """
    for letter in _letters():
        label = _plain_label(person, found, letter)
        if label in plain:
            continue
        plain.add(label)
        # Else the letters behind it would belong to it.
        return f"[{label}]" if bare and label[-1].isalnum() else label
    raise AssertionError("unreachable")


def _plain_label(person: Person, found: str, letter: str) -> str:
    if person.kind is Kind.PLACE:
        return f"Place {person.number}{letter}"
    if person.kind is Kind.NUMBER:
        return f"[number {person.number}{letter}]"
    if "@" in found:
        return f"person{person.number}{letter}@mail.invalid"
    if PHONE.fullmatch(found):
        return f"[phone {person.number}{letter}]"
    return f"Person {person.number}{letter}"


_LIKE = re.compile(
    "(?:Person|Place) [0-9]+[a-z]*|person[0-9]+[a-z]*@mail[.]invalid|\\[(?:phone|number) [0-9]+[a-z]*\\]"
)


def _letters() -> Iterator[str]:
    yield ""
    n = 1
    while True:
        n += 1
        left, letters = n, ""
        while left:
            left, digit = divmod(left - 1, 26)
            letters = chr(ord("a") + digit) + letters
        yield letters


def _spots(text: str, by_name: Mapping[str, Person]) -> list[Spot]:
    """The longest wins where two overlap."""
    found = [*_contacts(text, by_name), *_spaced(text, by_name)]
    found += [(start, end, by_name[text[start:end].casefold()]) for start, end in inside(text, by_name)]
    kept: list[Spot] = []
    taken = bytearray(len(text))
    for start, stop, person in sorted(found, key=lambda f: (f[0] - f[1], f[0])):
        if not any(taken[start:stop]):
            taken[start:stop] = b"\1" * (stop - start)
            kept.append(Spot(start, stop, person))
    return sorted(kept, key=lambda spot: spot.start)


def _contacts(text: str, by_name: Mapping[str, Person]) -> Iterator[tuple[int, int, Person]]:
    for pattern in (MAIL, PHONE):
        for match in pattern.finditer(text):
            if (person := by_name.get(normal(match[0]))) is not None:
                yield match.start(), match.end(), person


def _spaced(text: str, by_name: Mapping[str, Person]) -> Iterator[tuple[int, int, Person]]:
    for pattern in (_PIECE, _APART) if unspaced(text) else (_PIECE,):
        yield from _named(text, pattern, by_name)


def _named(
    text: str, piece: re.Pattern[str], by_name: Mapping[str, Person]
) -> Iterator[tuple[int, int, Person]]:
    # Of characters that stand for nothing (unassigned ones) no word is left.
    pieces = [(m.start(), m.end(), word) for m in piece.finditer(text) if (word := normal(m[0]))]
    words = [word for _, _, word in pieces]
    for at, end in runs(words, by_name):
        run, person = pieces[at:end], by_name[" ".join(words[at:end])]
        gap = _GAP if person.kind is Kind.PERSON else _WIDER
        if not all(gap.fullmatch(text[a[1] : b[0]]) for a, b in pairwise(run)):
            continue
        start, stop = run[0][0], run[-1][1]
        if person.kind is Kind.NUMBER and text[start:stop].upper() != text[start:stop]:
            continue  # a code of letters may be a word, too
        if end - at > 1 or not is_word(words[at]) or text[start].isupper():
            yield start, stop, person


def _same(name: str, shown: str, known: _Known) -> int | None:
    """The number of the one person that `name` can be; None for nobody, or for several."""
    if PHONE.fullmatch(shown):
        return None
    if "@" in shown:
        own = _owner(shown)
        fit = {p.number for p in known.spoken if own and p.name == own}
        fit = fit or {number for owner, number in known.owners if owner == own and " " in own}
        return fit.pop() if len(fit) == 1 else None
    longer = {p.number for p in known.spoken if _run(name, p.name)}
    longer |= {number for owner, number in known.owners if owner == name and " " in name}
    if longer:
        return longer.pop() if len(longer) == 1 else None
    shorter = {p.number for p in known.spoken if _run(p.name, name)}
    # A short form that belongs to a fuller name stays with that: "Anna" of "Anna Berg" is not "Anna Kern".
    free = {n for n in shorter if all(_run(p.name, name) for p in known.spoken if p.number == n)}
    return free.pop() if len(free) == 1 and len(shorter) == 1 else None


def _owner(address: str) -> str:
    return " ".join(re.findall(r"[^\W\d_]+", address.partition("@")[0].casefold()))


def _run(short: str, long: str) -> bool:
    return f" {short} " in f" {long} " or (unspaced(short) and short in long)


def _headed(text: str) -> list[str]:
    matches = (_HEADER.match(line) for line in lines(text))
    return [name for match in matches if match for name in _header(match["value"]) if _is_name(name)]


def _header(value: str) -> list[str]:
    found = []
    for piece in re.split(r"[;、]|,(?!\s*(?:jr|dr|phd)\b)", clean(value)[:MAX_TEXT]):
        found += [m[0] for m in MAIL.finditer(piece)]
        if name := tidy(MAIL.sub("", piece)):
            found.append(name)
    return found


def _is_name(shown: str) -> bool:
    """One to five words of letters with a capital, or of a script without; or an address of one's own."""
    name = tidy(clean(shown))
    if "@" in name:
        return MAIL.fullmatch(name) is not None and not _NO_PERSON.fullmatch(name.partition("@")[0])
    parts = normal(name).split()
    if not 1 <= len(parts) <= 5 or len(name) > 60 or any(c.isdigit() for c in name):
        return False
    if _NO_PERSON.fullmatch(name):
        return False
    if unspaced(name):
        return 2 <= len(name) <= 12
    if any(c.isupper() for c in name):
        return len(name) >= 3
    return not any(c.islower() for c in name) and len(name) >= 2
