"""What the noisy oracle says of the pieces in a prompt: a desk's truth, with mistakes at set rates. Pure.

Every decision is drawn from a hash of the seed, the desk, what it is about and the text, never from the order
of calls. Whether a fact is missed or a decoy believed hangs on the LINE in which its words stand: a window
seen ten times while its text grows is one reading with one mistake, as with a model at temperature 0, else
ten draws would make any rate of missing 0 and any rate of false 1. What slips out beside a truth hangs on the
whole piece, else one unlucky title, seen all day, would drag hundreds of slips behind it.
"""

import hashlib
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum

from app.desks.judge import holds, over
from app.desks.types import Decoy, DecoyKind, Desk, Fact
from app.desks.word_runs import Line, copied, fold, occurs, place, read, spanning
from gum.claims import TABLE

CERTAIN = 0.98  # nobody who can be wrong is surer
SPREAD = 4.0  # a + b of the Beta distribution of confidences: most of them within .2 of their mean
TILT = 8.0  # odds of one who is too sure are so much too high: .5 becomes .89
TRIES = 12  # places looked at for words to copy wrongly


@dataclass(frozen=True, slots=True)
class Rates:
    """Chances, each 0..1, of a sighting: a line in which a fact, or what only looks like one, can be read."""

    missing: float = 0.25  # a fact in sight is not seen
    false: float = 0.15  # a decoy in sight is believed; without one, a wrong thing is copied beside a truth
    duplicated: float = 0.10  # a fact is said twice, the second time in other words where there are some
    contradictory: float = 0.05  # an ended fact is said again, or (in sentences) a fact is said and denied
    overconfident: float = 0.15  # of drafts that carry a confidence: TILT too sure
    underconfident: float = 0.15  # or too unsure; all others are calibrated
    mislabelled: float = 0.10  # how a proposition relates to others is told wrongly

    def __post_init__(self) -> None:
        if not all(0 <= getattr(self, rate.name) <= 1 for rate in fields(self)):
            raise ValueError("a rate is a chance, from 0 to 1")
        if self.overconfident + self.underconfident > 1:
            raise ValueError("nobody is both too sure and too unsure")


PERFECT = Rates(0, 0, 0, 0, 0, 0, 0)


class Outcome(StrEnum):
    """What a draft is, as the oracle knows."""

    TRUE = "true"
    FALSE = "false"
    DUPLICATED = "duplicated"
    CONTRADICTORY = "contradictory"
    MISSING = "missing"  # not a draft: a fact in sight that was left out


@dataclass(frozen=True, slots=True)
class Piece:
    """A numbered piece of a prompt. `asked`: words the person searched for."""

    number: int
    lines: tuple[Line, ...]
    asked: tuple[Line, ...] = ()
    flat: str = field(init=False, repr=False)  # of all its lines: most facts are in none of them

    def __post_init__(self) -> None:
        object.__setattr__(self, "flat", "\n".join(line.flat for line in (*self.lines, *self.asked)))

    def order(self, kind: str) -> tuple[Line, ...]:
        """The lines, those first that may say a claim of this kind soonest: what was searched for is the
        person's own word, and of a page only read nothing else shows what is hard for them."""
        return (*self.lines, *self.asked) if kind == "interested_in" else (*self.asked, *self.lines)


@dataclass(frozen=True, slots=True)
class Said:
    """A draft. `subject` is what it is about ("fact:paper"), `line` where its main words stand."""

    outcome: Outcome
    subject: str
    kind: str
    slots: Mapping[str, str]
    number: int
    line: str
    negative: bool = False

    @property
    def true(self) -> bool:
        return self.outcome in (Outcome.TRUE, Outcome.DUPLICATED)


@dataclass(frozen=True, slots=True)
class Thought:
    """What comes of a prompt. `share`: of drafts from such a prompt, how many are expected to be true."""

    said: tuple[Said, ...]
    missing: int
    share: float


May = Callable[[str, int], bool]  # whether a kind of claim may cite the piece of a number


class Mind:
    """The truth of a desk, seen through noise."""

    def __init__(self, desk: Desk, rates: Rates, seed: int = 0) -> None:
        self.desk = desk
        self.rates = rates
        self._seed = f"{seed}|{desk.id}"
        every = [run for f in desk.facts for runs in f.slots.values() for run in runs]
        every += [run for d in desk.decoys for group in d.words for run in group]
        self._telling = frozenset(word for run in every for word in read(run).words if len(word) > 2)

    def draw(self, *what: str) -> float:
        """A number in [0, 1) that hangs on nothing but the seed, the desk and `what`."""
        digest = hashlib.sha256("|".join((self._seed, *what)).encode()).digest()
        return int.from_bytes(digest[:8]) / 2**64

    def drafts(self, pieces: Sequence[Piece], now: datetime, may: May, *, free: bool = False) -> Thought:
        """What the mind says of `pieces` at the desk's time `now`.

        `free`: in sentences, which may deny something and may join words of several pieces.
        """
        rates, missing, right, wrong = self.rates, 0, 0.0, 0.0
        said: list[Said] = []
        lures = (list(_tempting(decoy, pieces, may, free)) for decoy in self.desk.decoys)
        tempting = [found for found in lures if found]
        for fact in self.desk.facts:
            seen = list(_sightings(fact, pieces, may, free))
            if not seen:
                continue
            if not holds(fact, now):
                if over(fact, now):
                    wrong += 1 - (1 - rates.contradictory) ** _lines(seen)
                    ended = [replace(s, outcome=Outcome.CONTRADICTORY) for s in seen]
                    said += self._first("contradictory", rates.contradictory, ended)
                continue
            noticed = 1 - rates.missing ** _lines(seen)
            spoilt = (0 if tempting else rates.false) + (rates.contradictory if free else 0)
            right += noticed * (1 + rates.duplicated)
            wrong += noticed * spoilt
            told = next((s for s in seen if self.draw("missing", s.subject, s.line) >= rates.missing), None)
            if told is None:
                missing += 1
                continue
            said.append(told)
            said += self._beside(fact, told, pieces, may, free=free, tempted=bool(tempting))
        for found in tempting:
            wrong += 1 - (1 - rates.false) ** _lines(found)
            said += self._first("false", rates.false, found)
        said.sort(key=lambda s: (s.outcome is Outcome.DUPLICATED, self.draw("order", s.subject, s.line)))
        return Thought(tuple(said), missing, right / (right + wrong) if right + wrong else 1.0)

    def sure(self, said: Said, share: float) -> float:
        """How sure the mind says it is, 0..1, of a draft from a prompt in which `share` of drafts is true."""
        return self.confidence(said.true, share, said.outcome, said.subject, said.line)

    def confidence(self, true: bool, share: float, *about: str) -> float:
        """Calibrated but for the rates of tilt: of what it states with c, a share c is true.

        c has a Beta(a, b) distribution of mean `share`; given that a draft is true that makes it
        Beta(a + 1, b), given that it is not Beta(a, b + 1) (Bayes' rule, the likelihoods being c and 1 - c).
        """
        c = mean = min(CERTAIN, max(1 - CERTAIN, share))
        if 1 - CERTAIN < mean < CERTAIN:  # else there is nothing to tell apart
            a, b = SPREAD * mean, SPREAD * (1 - mean)
            source = random.Random("|".join((self._seed, "sure", *about)))
            c = source.betavariate(a + 1, b) if true else source.betavariate(a, b + 1)
        tilt = self.draw("tilt", *about)
        if tilt < self.rates.overconfident:
            return TILT * c / (TILT * c + 1 - c)
        if tilt < self.rates.overconfident + self.rates.underconfident:
            return c / (c + TILT * (1 - c))
        return c

    def _first(self, what: str, rate: float, seen: Sequence[Said]) -> list[Said]:
        """The first sighting that the draw lets through, if any."""
        return [s for s in seen if self.draw(what, s.subject, s.line) < rate][:1]

    def _beside(
        self, fact: Fact, told: Said, pieces: Sequence[Piece], may: May, *, free: bool, tempted: bool
    ) -> Iterator[Said]:
        """What slips out together with a truth."""
        piece = next(p for p in pieces if p.number == told.number)
        about = (told.subject, told.line, piece.flat)
        if self.draw("duplicated", *about) < self.rates.duplicated:
            yield _again(fact, told, pieces, may, free)
        if not tempted and self.draw("false", *about) < self.rates.false:
            yield from self._miscopied(about, piece, may)
        if free and self.draw("denied", *about) < self.rates.contradictory:
            yield replace(told, outcome=Outcome.CONTRADICTORY, negative=not told.negative)

    def _miscopied(self, about: Sequence[str], piece: Piece, may: May) -> Iterator[Said]:
        """Words of the piece that have nothing to do with any fact or decoy, as if they said something."""
        source = random.Random("|".join((self._seed, "miscopied", *about)))
        kinds = [kind for kind in _SIMPLE if may(kind, piece.number)]
        lines = [line for line in piece.lines if line.words]
        if not kinds or not lines:
            return
        kind = source.choice(kinds)
        for _ in range(TRIES):
            line = source.choice(lines)
            first = source.randrange(len(line.words))
            last = min(len(line.words) - 1, first + source.randrange(4))
            cut = line.copy(first, last)
            words = set(read(cut).words)
            if sum(map(str.isalpha, cut)) < 3 or words & self._telling:
                continue
            subject = f"wrong:{fold(cut)}"
            text = line.row.text
            yield Said(Outcome.FALSE, subject, kind, {TABLE[kind].main: cut}, piece.number, text)
            return


def _lines(seen: Sequence[Said]) -> int:
    """How many draws there are: sightings in equal lines share one."""
    return len({s.line for s in seen})


# --- where a fact can be read ---------------------------------------------------------------------


def _sightings(fact: Fact, pieces: Sequence[Piece], may: May, free: bool) -> Iterator[Said]:
    """A draft of the fact a piece that holds words for all of its slots, of the first kind that may be."""
    if fact.negative and not free:
        return  # a typed claim cannot deny anything
    forms = [(kind, slots) for kind in (fact.type, *fact.also) if (slots := _slots(fact, kind, free))]
    found = False
    for piece in pieces:
        for kind, slots in forms:
            if may(kind, piece.number) and (said := _read(fact, kind, slots, piece)):
                yield said
                found = True
                break
    if free and not found and pieces:
        joined = Piece(pieces[0].number, tuple(line for piece in pieces for line in piece.lines))
        yield from [said for kind, slots in forms if (said := _read(fact, kind, slots, joined))][:1]


def _slots(fact: Fact, kind: str, free: bool) -> Mapping[str, tuple[str, ...]]:
    """The alternatives of a fact's slots under the names that a kind of claim has for them; {}: none fit."""
    row = TABLE[kind]
    slots = dict(fact.slots)
    if not set(slots) <= set(row.slots) and len(slots) == 1:
        slots = {row.main: next(iter(slots.values()))}
    fits = set(slots) <= set(row.slots) and (free or set(row.required) <= set(slots))
    return slots if fits else {}


def _read(fact: Fact, kind: str, slots: Mapping[str, tuple[str, ...]], piece: Piece) -> Said | None:
    if not all(any(read(run).flat in piece.flat for run in runs) for runs in slots.values()):
        return None
    main = TABLE[kind].main if TABLE[kind].main in slots else next(iter(slots))
    values: dict[str, str] = {}
    where = ""
    for name, runs in slots.items():
        for line in piece.order(kind):
            if cut := copied(runs, line):
                values[name] = cut
                where = line.row.text if name == main else where
                break
        else:
            return None
    if _spoilt(fact, values):
        return None
    return Said(Outcome.TRUE, f"fact:{fact.id}", kind, values, piece.number, where, fact.negative)


def _spoilt(fact: Fact, values: Mapping[str, str]) -> bool:
    return any(occurs(run, " ".join(values.values())) for run in fact.forbidden)


def _again(fact: Fact, told: Said, pieces: Sequence[Piece], may: May, free: bool) -> Said:
    """The same fact in other words, as another kind of claim, or with a word more; else word for word."""
    again = replace(told, outcome=Outcome.DUPLICATED)
    main = next(iter(told.slots))
    said = fold(told.slots[main])
    others = [run for runs in (fact.slots.get(main, ()),) for run in runs if not occurs(run, said)]
    reworded = replace(fact, slots={**fact.slots, main: tuple(others)}) if others else None
    retyped = replace(fact, type=fact.also[0], also=fact.also[1:]) if fact.also else None
    for variant in (reworded, retyped):
        found = next(_sightings(variant, pieces, may, free), None) if variant else None
        if found and (found.kind, found.slots) != (told.kind, told.slots):
            return replace(found, outcome=Outcome.DUPLICATED)
    line = read(told.line)
    if at := place(told.slots[main], line):
        longer = [(at[0], at[1] + 1), (at[0] - 1, at[1])]
        cuts = [line.copy(*more) for more in longer if more[0] >= 0 and more[1] < len(line.words)]
        for values in ({**told.slots, main: cut} for cut in cuts if cut and fold(cut) != said):
            if not _spoilt(fact, values):
                return replace(again, slots=values)
    return again


# --- what only looks like a fact ------------------------------------------------------------------

_SIMPLE = tuple(kind for kind, row in TABLE.items() if len(row.required) == 1)
_LURES: Mapping[DecoyKind, tuple[str, ...]] = {  # what one would take it for, the likeliest first
    DecoyKind.ADVERT: ("interested_in", "prefers", "bought"),
    DecoyKind.SPAM: ("waiting_for", "interested_in", "communicating_with"),
    DecoyKind.PHISHING: ("waiting_for", "communicating_with", "interested_in"),
    DecoyKind.OTHER_PERSON: ("working_on", "plans_to_go", "struggling_with", "interested_in"),
    DecoyKind.SARCASM: ("prefers", "interested_in"),
    DecoyKind.INJECTION: ("prefers", "interested_in"),
}


def _tempting(decoy: Decoy, pieces: Sequence[Piece], may: May, free: bool) -> Iterator[Said]:
    """A draft that believes the decoy, a piece in which it can be."""
    kinds = tuple(dict.fromkeys((*_LURES[decoy.kind], *_SIMPLE)))
    for piece in pieces:
        legal = [kind for kind in kinds if may(kind, piece.number)]
        for group in decoy.words:
            if not all(read(run).flat in piece.flat for run in group):
                continue
            if found := _lured(group, piece, legal, free):
                kind, slots, line = found
                subject = f"decoy:{decoy.id}"
                yield Said(Outcome.FALSE, subject, kind, slots, piece.number, line.row.text)
                break


def _lured(
    group: Sequence[str], piece: Piece, kinds: Sequence[str], free: bool
) -> tuple[str, Mapping[str, str], Line] | None:
    """A kind and slots that hold all of a decoy's words: in one cut, else one slot a run of words."""
    lines = (*piece.lines, *piece.asked)
    for line in lines:
        if kinds and (cut := spanning(group, line)):
            return kinds[0], {TABLE[kinds[0]].main: cut}, line
    places = [next(((cut, line) for line in lines if (cut := copied([run], line))), None) for run in group]
    found = [one for one in places if one is not None]
    if not kinds or not found or len(found) < len(group):
        return None
    cuts, line = [cut for cut, _ in found], found[0][1]
    if free:
        return kinds[0], {TABLE[kinds[0]].main: ", ".join(cuts)}, line
    for kind in kinds:
        names = [name for name in TABLE[kind].slots if name != "date"]
        if len(cuts) <= len(names):
            return kind, dict(zip(names, cuts, strict=False)), line
    return None
