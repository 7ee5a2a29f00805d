"""The hand-written pairs of claims (`pairs.txt`), and what is decided about each of them.

What counts is what becomes of the store: one claim (right for "same" and "refines"), an old claim that is
weakened or over ("contradicts"), or two claims that know nothing of each other ("unrelated").
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.batch import revisions_for
from app.desks.gum_prompts import Proposed
from app.desks.gum_store import GumStore
from gum import dates
from gum.claims import TABLE, make
from gum.denial import heard
from gum.revise import revise
from gum.types import (
    Cause,
    Draft,
    Evidence,
    Observation,
    ObservationId,
    Proposition,
    PropositionId,
    Stance,
    Trust,
    Vector,
)

FILE = Path(__file__).parent / "pairs.txt"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
MERGED, AGAINST, APART = "merged", "contradicts", "unrelated"
OUTCOME = {"same": MERGED, "refines": MERGED, "contradicts": AGAINST, "unrelated": APART}
_SAYS = "says:"


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim that is known and a new one, or a sentence that the person typed; `tag`: what it is about."""

    label: str
    kind: str
    known: Mapping[str, str]
    new: Mapping[str, str] | str
    tag: str

    @property
    def right(self) -> str:
        """What should come of it: MERGED, AGAINST or APART."""
        return OUTCOME[self.label]


def pairs(text: str | None = None) -> list[Pair]:
    """All pairs of the file. Raises ValueError for a line that is none."""
    found, label = [], ""
    for raw in (FILE.read_text(encoding="utf-8") if text is None else text).split("\n"):
        line = raw.strip()
        if line.startswith("["):
            label = line[1:-1]
        elif line and not line.startswith("#"):
            kind, rest = line.split(": ", 1)
            claims, tag = rest.rsplit(" ; ", 1)
            known, new = claims.split(" ~ ")
            said = new.removeprefix(_SAYS).strip() if new.startswith(_SAYS) else _slots(kind, new)
            if label not in OUTCOME or kind not in TABLE:
                raise ValueError(f"no pair: {line}")
            found.append(Pair(label, kind, _slots(kind, known), said, tag))
    return found


def _slots(kind: str, told: str) -> dict[str, str]:
    """ "thing=letter, project=move": a comma before a slot's name parts them."""
    slots: dict[str, str] = {}
    name = ""
    for part in told.split(", "):
        before, sign, value = part.partition("=")
        if sign and before in TABLE[kind].slots:
            name, slots[before] = before, value
        else:
            slots[name] += f", {part}"
    return slots


# --- by the product -------------------------------------------------------------------------------


def decided(pair: Pair) -> str:
    """What the product makes of it without a language model."""
    before = NOW - timedelta(days=1)
    [made] = revise(_draft(pair.kind, pair.known, "known", before), [], lambda about: [], before)
    assert made.after is not None
    known: Proposition = made.after
    cited = {known.id: made.evidence}

    def evidence(about: PropositionId) -> Sequence[Evidence]:
        return cited.get(about, ())

    if isinstance(pair.new, str):
        said = heard([_seen("new", pair.new, NOW)])
        done = revisions_for([], [known], evidence, NOW, heard=said)
        return AGAINST if done else APART
    done = revisions_for([_draft(pair.kind, pair.new, "new", NOW)], [known], evidence, NOW)
    if any(r.links or r.cause is Cause.CONTRADICT for r in done):
        return AGAINST
    return APART if any(r.cause is Cause.NEW for r in done) else MERGED


def _draft(kind: str, slots: Mapping[str, str], number: str, at: datetime) -> Draft:
    read = dates.find(slots.get("date", ""), NOW)
    text = ", ".join(slots.values())
    piece = Evidence(
        ObservationId(number), text, Stance.SUPPORTS, 1.0, "structure", 0.9, at, "app", Trust.AUTHORED
    )
    return make(kind, slots, [piece], 0.8, valid_until=read[0].at.astimezone(UTC) if read else None)


def _seen(number: str, text: str, at: datetime) -> Observation:
    return Observation(ObservationId(number), "ui_tree", at, at, "app", "", text, Trust.AUTHORED)


# --- by the published logic -----------------------------------------------------------------------


def by_words(found: Sequence[Pair]) -> list[str]:
    """Everything that its search finds for the new claim, among all known ones, is merged with it.

    A language model would sort them once more. Two that contradict each other count as right when they come
    together: what comes of them is the model's.
    """
    with GumStore() as store:
        numbers = [store.add(Proposed(_told(pair.kind, pair.known), "", 5, 5), NOW) for pair in found]
        hits = [store.search(_told(pair.kind, pair.new), NOW) for pair in found]
    return [_together(pair, number in hit) for pair, number, hit in zip(found, numbers, hits, strict=True)]


def by_meaning(
    found: Sequence[Pair], embed: Callable[[Sequence[str]], list[Vector]]
) -> tuple[list[str], float]:
    """All that is alike enough is merged; and how alike that is: the cosine that decides most of these very
    pairs rightly."""
    known = embed([_told(pair.kind, pair.known) for pair in found])
    new = embed([_told(pair.kind, pair.new) for pair in found])
    alike = [sum(map(float.__mul__, a, b)) for a, b in zip(known, new, strict=True)]

    def at(least: float) -> list[str]:
        return [_together(pair, cosine >= least) for pair, cosine in zip(found, alike, strict=True)]

    best = max(sorted({*alike, 2.0}), key=lambda least: _right(found, at(least)))
    return at(best), best


def _told(kind: str, new: Mapping[str, str] | str) -> str:
    return new if isinstance(new, str) else make(kind, new, [_NONE], 0.5).text


_NONE = Evidence(ObservationId("none"), "none")


def _together(pair: Pair, together: bool) -> str:
    if together:
        return AGAINST if pair.right == AGAINST else MERGED
    return APART


def _right(found: Sequence[Pair], outcomes: Sequence[str]) -> int:
    return sum(pair.right == outcome for pair, outcome in zip(found, outcomes, strict=True))
