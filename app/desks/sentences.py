"""What the noisy oracle writes as sentences, and how it tells again what they are about. Pure.

For the GUM baseline, which knows no types: a claim becomes "The user works on X", its denial "It is not true
that the user works on X". Whoever reads one back needs no memory of having written it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.desks.gum_prompts import IDENTICAL, LABELS, SIMILAR, UNRELATED, Proposed, Related
from app.desks.judge import holds
from app.desks.mind import Mind, Outcome
from app.desks.types import Fact
from app.desks.word_runs import fold, occurs
from gum.claims import TABLE, word
from gum.judge import Likeness
from gum.text import overlap, tidy, words

ALIKE = 0.5  # so much of their words two statements share when they are about the same thing
LASTS: Mapping[str, int] = {"hours": 1, "days": 3, "weeks": 5, "months": 7, "years": 10}  # GUM's decay
LASTS_SOMEHOW = 5

_SUBJECT, _DENIED = "the user ", "It is not true that "


def sentence(kind: str, slots: Mapping[str, str], negative: bool = False) -> str:
    """A claim as a sentence."""
    said = word(kind, {name: tidy(value) for name, value in slots.items()}).strip()
    told = _SUBJECT + said[0].lower() + said[1:]
    return _DENIED + told if negative else told[0].upper() + told[1:]


def _opening(kind: str) -> str:
    """The words before the first slot: "works on "."""
    told = re.split(r"[{\[]", TABLE[kind].wording)[0]
    return told[0].lower() + told[1:]


# "is preparing for" before "is".
_OPENINGS = sorted(((_opening(kind), kind) for kind in TABLE), key=lambda pair: -len(pair[0]))


@dataclass(frozen=True, slots=True)
class About:
    """What a sentence says: of which fact, or else which words, and whether it denies it."""

    fact: Fact | None
    kind: str
    words: str
    negative: bool

    @property
    def subject(self) -> str:
        return f"fact:{self.fact.id}" if self.fact else f"{self.kind}:{self.words}"

    @property
    def agrees(self) -> bool:
        """Whether it says what the fact says, and not the opposite."""
        return self.fact is not None and self.fact.negative == self.negative


def about(text: str, facts: Sequence[Fact], now: datetime) -> About:
    """What a sentence is about; of several facts with the same words, the one that holds now."""
    negative = text.startswith(_DENIED)
    told = text.removeprefix(_DENIED)
    told = told[len(_SUBJECT) :] if told.lower().startswith(_SUBJECT) else told
    opening, kind = next((pair for pair in _OPENINGS if told.startswith(pair[0])), ("", ""))
    rest = told[len(opening) :]
    matching = [f for f in facts if kind in (f.type, *f.also) and _says(f, rest)]
    fact = next((f for f in matching if holds(f, now)), matching[0] if matching else None)
    return About(fact, kind, fold(rest), negative)


def likeness(mind: Mind, known: str, new: str) -> str:
    """How a new claim in the product's wording stands to a known one; told wrongly at the rate of mistakes.

    Of a minor fact the alternatives are many things ("people that are written to"): two claims of one are
    the same only where they share a word.
    """
    one, other = (_facts(mind, text) for text in (known, new))
    both = [f for f in one if f in other]
    label = Likeness.UNRELATED
    if any(not f.minor or _share(f, known, new) for f in both):
        label = Likeness.SAME
    elif any(a.replaces == b.id or b.replaces == a.id for a in one for b in other):
        label = Likeness.CONTRADICTS
    if mind.draw("likeness", known, new) < mind.rates.mislabelled:
        wrong = [it for it in Likeness if it not in (label, Likeness.UNKNOWN)]
        label = wrong[int(mind.draw("as what", known, new) * len(wrong))]
    return label.value


def _facts(mind: Mind, text: str) -> list[Fact]:
    told = text[:1].lower() + text[1:]
    opening, kind = next((pair for pair in _OPENINGS if told.startswith(pair[0])), ("", ""))
    rest = told[len(opening) :]
    return [f for f in mind.desk.facts if not f.negative and kind in (f.type, *f.also) and _says(f, rest)]


def _share(fact: Fact, one: str, other: str) -> bool:
    def told(text: str) -> set[str]:
        runs = [run for runs in fact.slots.values() for run in runs if occurs(run, text)]
        return {word for run in runs for word in words(run)}

    return bool(told(one) & told(other))


def _says(fact: Fact, text: str) -> bool:
    if any(occurs(run, text) for run in fact.forbidden):
        return False
    return all(any(occurs(run, text) for run in runs) for runs in fact.slots.values())


def relations(mind: Mind, pool: Mapping[int, str], now: datetime) -> list[Related]:
    """How the sentences of `pool` relate to each other, one row a number, some told wrongly."""
    known = {n: about(text, mind.desk.facts, now) for n, text in pool.items()}
    rows = []
    for n, mine in known.items():
        labels = {other: _label(mine, theirs) for other, theirs in known.items() if other != n}
        label = next((one for one in (IDENTICAL, SIMILAR) if one in labels.values()), UNRELATED)
        targets = tuple(other for other, one in labels.items() if one == label != UNRELATED)
        what = ("related", pool[n], label, *sorted(pool[other] for other in targets))
        if labels and mind.draw("mislabelled", *what) < mind.rates.mislabelled:
            wrong = [one for one in LABELS if one != label]
            label = wrong[int(mind.draw("as what", *what) * len(wrong))]
            others = targets or (min(labels, key=lambda o: mind.draw("with whom", pool[n], pool[o])),)
            targets = () if label == UNRELATED else others
        rows.append(Related(n, label, targets))
    return rows


def _label(one: About, other: About) -> str:
    if one.subject == other.subject:
        return IDENTICAL if one.negative == other.negative else SIMILAR
    if one.fact and other.fact and (one.fact.replaces == other.fact.id or other.fact.replaces == one.fact.id):
        return SIMILAR
    return SIMILAR if overlap(one.words, other.words) >= ALIKE else UNRELATED


def revised(mind: Mind, pool: Sequence[str], now: datetime) -> list[tuple[Proposed, Outcome]]:
    """`pool` written anew: one sentence a fact, in its fullest words; what ended or was denied is dropped,
    except at the rate of contradictions; of what is no fact nothing is known, so it stays."""
    rates = mind.rates
    share = 1 / (1 + rates.false + rates.contradictory)
    groups: dict[str, list[tuple[str, About]]] = {}
    for text in pool:
        it = about(text, mind.desk.facts, now)
        groups.setdefault(it.subject, []).append((text, it))
    made = []
    for subject, members in groups.items():
        fact = members[0][1].fact
        outcome = Outcome.FALSE
        kept = members
        if fact is not None:
            kept = [(text, it) for text, it in members if it.agrees] if holds(fact, now) else []
            outcome = Outcome.TRUE if kept else Outcome.CONTRADICTORY
            if not kept:
                if mind.draw("contradictory", subject, members[0][0]) >= rates.contradictory:
                    continue
                kept = members
        text = max((text for text, _ in kept), key=len)
        sure = mind.confidence(outcome is Outcome.TRUE, share, "revised", subject, text)
        made.append((proposed(text, fact, sure, "Written anew from what was there."), outcome))
    return made


def proposed(text: str, fact: Fact | None, sure: float, reasoning: str) -> Proposed:
    """A proposition with its two numbers 1..10."""
    decay = LASTS[fact.half_life] if fact else LASTS_SOMEHOW
    return Proposed(text, reasoning, out_of_ten(sure), decay)


def out_of_ten(sure: float) -> int:
    """A confidence 0..1 as a whole number 1..10."""
    return max(1, min(10, round(10 * sure)))
