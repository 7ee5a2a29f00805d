"""Whether what an arm believes is so: code, not a model. Pure.

A belief matches a fact when, for each slot, one alternative stands as a run of words in the belief's text or
in one of its slots (`match`), no forbidden word does, its polarity is that of the fact (`polarity`), and its
type is the fact's `type` or one of `also`. Beliefs without a type, as baselines have them, are matched by
their words alone: that is lenient, "is interested in Porto" then counts for "plans to go to Porto".
Whether the fact holds is asked at a time; it holds from `begins` until before `ends`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum

from app.desks.match import marked, run
from app.desks.polarity import languages_of, negative
from app.desks.types import Belief, Decoy, DecoyKind, Desk, Fact
from gum.claims import TABLE
from gum.text import words

LONGEST = 600
"""Characters of a belief. A longer text is a copy of a screen: it holds the words of many facts and states
none. GUM's propositions have one or two sentences, the product's hardly 300 characters."""

TROUBLE = "struggling_with"
CLOSE = 0.5  # likeness of two runs of words from which on the one is shown as nearest to the other


class Kind(StrEnum):
    """What a belief turned out to be: the first of these that applies."""

    DECOY = "decoy"  # something that only looked true, and is not also true
    TRUE = "true"  # a fact that holds, and not a minor one
    MINOR = "minor"  # a minor fact that holds; or, last of all, the right denial of one that does not
    STALE = "stale"  # a fact that held earlier, or does not hold yet
    DENIED = "denied"  # the words of a fact, with the wrong polarity or a forbidden word
    JUNK = "junk"  # nothing of the kind was planted


RIGHT = (Kind.TRUE, Kind.MINOR)


@dataclass(frozen=True, slots=True)
class Match:
    """How a belief's words stand to a fact's, whatever the time. `found`: slot -> the alternative that stands
    in the belief; `missing`: slots of which none does."""

    fact: Fact
    found: Mapping[str, str]
    missing: tuple[str, ...]
    typed: bool  # the type fits, or the belief has none
    forbidden: str | None = None
    opposite: bool = False

    @property
    def about(self) -> bool:
        """Whether it says something of just this, right or wrong."""
        return self.typed and bool(self.found) and not self.missing

    @property
    def agrees(self) -> bool:
        return self.about and self.forbidden is None and not self.opposite


@dataclass(frozen=True, slots=True)
class Reading:
    """What a statement's words say of a desk, whatever the time and however sure: for use at many times.

    `matches`: with each fact of a fitting type. `decoys`: each with the group of words that is there.
    """

    matches: tuple[Match, ...]
    decoys: tuple[tuple[Decoy, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a belief is. `subject` is the id of the fact or decoy it was recognised as."""

    belief: Belief
    kind: Kind
    subject: str | None
    reason: str

    @property
    def right(self) -> bool:
        return self.kind in RIGHT


def judge(beliefs: Sequence[Belief], desk: Desk, at: datetime) -> list[Verdict]:
    """A verdict for each belief, in their order."""
    return [verdict(belief, read(belief, desk), desk, at) for belief in beliefs]


def holds(fact: Fact, at: datetime) -> bool:
    return fact.begins <= at and (fact.ends is None or at < fact.ends)


def over(fact: Fact, at: datetime) -> bool:
    return fact.ends is not None and fact.ends <= at


def read(belief: Belief, desk: Desk) -> Reading:
    """Compares a belief with what was planted. The costly part of judging."""
    told, spoken = _told(belief), languages_of(desk.persona.languages)
    facts = [fact for fact in desk.facts if _typed(belief, fact)] if len(belief.text) <= LONGEST else []
    lured = ((decoy, _lured(belief, decoy, told, spoken)) for decoy in desk.decoys)
    return Reading(
        matches=tuple(_match(belief, fact, told, spoken) for fact in facts),
        decoys=tuple((decoy, group) for decoy, group in lured if group is not None),
    )


def _told(belief: Belief) -> list[str]:
    """The texts in which to look, each by itself: words of two slots make no run."""
    return [marked(text) for text in (belief.text, *belief.slots.values())]


def _typed(belief: Belief, fact: Fact) -> bool:
    return belief.type is None or belief.type in (fact.type, *fact.also)


def _stands(alternative: str, told: Sequence[str]) -> bool:
    pattern = run(alternative)
    return any(pattern.search(text) for text in told)


def _match(belief: Belief, fact: Fact, told: Sequence[str], spoken: tuple[str, ...]) -> Match:
    typed = _typed(belief, fact)
    found = {
        slot: there for slot, options in fact.slots.items() if (there := _longest(options, told)) is not None
    }
    missing = tuple(slot for slot in fact.slots if slot not in found)
    if missing or not found or not typed:
        return Match(fact, found, missing, typed)
    forbidden = next((word for word in fact.forbidden if _stands(word, told)), None)
    main = TABLE[fact.type].main if fact.type in TABLE else ""
    about = found.get(main) or next(iter(found.values()))
    quoted = (*belief.slots.values(), *(word for word in found.values() if word != about))
    denies = negative(
        belief.text, about, spoken, quoted, transparent=fact.negative, trouble=fact.type == TROUBLE
    )
    return Match(fact, found, missing, typed, forbidden, opposite=denies != fact.negative)


def _longest(options: Sequence[str], told: Sequence[str]) -> str | None:
    there = [option for option in options if _stands(option, told)]
    return max(there, key=len) if there else None


def _lured(
    belief: Belief, decoy: Decoy, told: Sequence[str], spoken: tuple[str, ...]
) -> tuple[str, ...] | None:
    """The first group of the decoy's words that the belief states. A denial believes nothing, unless the
    group is one itself. Of an injection every repetition counts, however it is put."""
    for group in decoy.words:
        if not group or not all(_stands(word, told) for word in group):
            continue
        if decoy.kind is DecoyKind.INJECTION:
            return group
        quoted = (*belief.slots.values(), *group[1:])
        meant = any(negative(word, "", spoken) for word in group)
        if meant or not negative(belief.text, group[0], spoken, quoted):
            return group
    return None


def believed(belief: Belief, reading: Reading, at: datetime) -> list[tuple[Decoy, tuple[str, ...]]]:
    """The decoys a statement believes, each with the words by which.

    A decoy is also true, and not believed, where the statement is one of a fact that holds or is over: where
    it has the fact's type, or where the decoy's words are the fact's own. So "is in contact with Dilys about
    her new knee" may be true, and "has a new knee, says Dilys", without a type, is not. An injection is
    only excused by the fact's own words.
    """
    stated = [m for m in reading.matches if m.agrees and m.fact.begins <= at]
    own = [marked(text) for m in stated for text in m.found.values()]

    def excused(decoy: Decoy, group: tuple[str, ...]) -> bool:
        typed = bool(stated) and belief.type is not None and decoy.kind is not DecoyKind.INJECTION
        return typed or all(_stands(word, own) for word in group)

    return [(decoy, group) for decoy, group in reading.decoys if not excused(decoy, group)]


def verdict(belief: Belief, reading: Reading, desk: Desk, at: datetime) -> Verdict:
    """The verdict on a belief that has been read, at a time."""
    agree = sorted((m for m in reading.matches if m.agrees), key=_weight, reverse=True)
    now = sorted((m for m in agree if holds(m.fact, at)), key=lambda m: m.fact.minor)
    once = [m for m in agree if over(m.fact, at)] or agree
    wrong = [m for m in reading.matches if m.about and not m.agrees]
    against = [m for m in wrong if m.forbidden is not None or holds(m.fact, at)]
    lures = believed(belief, reading, at)

    def told(kind: Kind, subject: str | None, reason: str) -> Verdict:
        return Verdict(belief, kind, subject, reason)

    if lures:
        return told(Kind.DECOY, lures[0][0].id, _believes(*lures[0]))
    if now and now[0].fact.minor:
        return told(Kind.MINOR, now[0].fact.id, f"{_is(now[0], belief)} It is a minor fact.")
    if now:
        return told(Kind.TRUE, now[0].fact.id, _is(now[0], belief))
    if once:
        return told(Kind.STALE, once[0].fact.id, f"{_is(once[0], belief)} {_when(once[0].fact, desk)}")
    if against:
        return told(Kind.DENIED, against[0].fact.id, _wrong(against[0]))
    if wrong:
        fact = wrong[0].fact
        why = f"It says the opposite of {_named(fact)}, and rightly. {_when(fact, desk)}"
        return told(Kind.MINOR, fact.id, why)
    return told(Kind.JUNK, None, _nothing(belief, desk))


def _weight(match: Match) -> tuple[int, int]:
    """Of several facts a belief states, the one it says most of."""
    return len(match.found), sum(map(len, match.found.values()))


def _named(fact: Fact) -> str:
    return f"{fact.id} ({fact.text})"


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(f"“{text}”" for text in texts)


def _believes(decoy: Decoy, group: Sequence[str]) -> str:
    kind = decoy.kind.value.replace("_", " ")
    return f"It believes {decoy.id} ({decoy.text}; {kind}): it says {_quoted(group)}."


def _is(match: Match, belief: Belief) -> str:
    """Which fact it is, and by which words."""
    found = ", ".join(f"{slot} “{text}”" for slot, text in match.found.items())
    how = " by its words alone, as it has no type" if belief.type is None else ""
    also = f", for which {belief.type} will do" if belief.type in match.fact.also else ""
    return f"It is {_named(match.fact)}{how}{also}: it has {found}."


def _when(fact: Fact, desk: Desk) -> str:
    zone = desk.persona.zone
    begins = f"{fact.begins.astimezone(zone):%Y-%m-%d %H:%M}"
    if fact.ends is None:
        return f"That holds only from {begins}."
    return f"That held from {begins} until {fact.ends.astimezone(zone):%Y-%m-%d %H:%M}."


def _wrong(match: Match) -> str:
    has = f"It has all words of {_named(match.fact)}, but"
    if match.forbidden is not None:
        return f"{has} also “{match.forbidden}”, which must not be there."
    return f"{has} says that it is so; it is not." if match.fact.negative else f"{has} denies it."


def _nothing(belief: Belief, desk: Desk) -> str:
    """Why it matches nothing, by the fact that comes nearest, whatever its type."""
    if len(belief.text) > LONGEST:
        return f"No statement, but {len(belief.text)} characters of text; at most {LONGEST} are read."
    told, spoken = _told(belief), languages_of(desk.persona.languages)
    matches = (_match(belief, fact, told, spoken) for fact in desk.facts)
    near = max(matches, key=lambda m: _nearness(m, belief), default=None)
    if near is None or not any(_nearness(near, belief)):
        return "Nothing like it was planted."
    if not near.missing:
        wanted = " or ".join((near.fact.type, *near.fact.also))
        return f"It has all words of {_named(near.fact)}, but its type is {belief.type}, not {wanted}."
    got = "".join(f" It has {slot} “{text}”." for slot, text in near.found.items())
    lacks = " ".join(_missing(near, slot, belief) for slot in near.missing)
    other = "" if near.typed else f" Besides, its type is {belief.type}, not {near.fact.type}."
    return f"Nothing planted matches. Nearest is {_named(near.fact)}.{got} {lacks}{other}"


def _nearness(match: Match, belief: Belief) -> tuple[float, bool]:
    """Slots found, and the share of the words of a missing one that are there; then whether the type fits."""
    there = set(words(marked(" ".join((belief.text, *belief.slots.values())))))
    parts = [set(words(marked(text))) for slot in match.missing for text in match.fact.slots[slot]]
    shared = max((len(part & there) / len(part) for part in parts if part), default=0.0)
    near = len(match.found) + shared
    return near, match.typed and near > 0


def _missing(match: Match, slot: str, belief: Belief) -> str:
    """The slot, what would have done, and what of the belief comes nearest to it."""
    options = match.fact.slots[slot]
    told = (*belief.slots.values(), belief.text)
    alike, nearest = max(_closest(option, text) for option in options for text in told)
    near = f" (nearest: “{nearest}”)" if alike >= CLOSE else ""
    return f"It lacks {slot}: none of {_quoted(options)}{near}."


def _closest(option: str, text: str) -> tuple[float, str]:
    """How alike (0..1) the run of as many words in `text` is that resembles `option` most, and that run."""
    wanted, pieces = marked(option), marked(text).split()
    size = max(1, len(wanted.split()))
    runs = [" ".join(pieces[i : i + size]) for i in range(max(1, len(pieces) - size + 1))]
    return max((SequenceMatcher(None, wanted, one).ratio(), one) for one in runs)
