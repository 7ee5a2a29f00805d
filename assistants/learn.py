"""How likely a kind of suggestion is welcome, counted from what the person did with earlier ones.

A Beta distribution for each kind: accepted ones count for it, dismissed ones against it. Only counts
are kept, so the order of the reactions does not matter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from gum.types import Verdict

PRIOR_FOR = 3.0
PRIOR_AGAINST = 2.0
"""Before any reaction 3 in 5 are taken to be welcome, with the weight of five reactions. In the GUM
deployment a quarter of what was shown was rated 6 or 7 of 7 (GUM section 8); ours come from templates
with a date or a name in them and far fewer are shown."""

_FOR = {Verdict.ACCEPT: 1.0, Verdict.EDIT: 0.5}
# A card nobody touched may not have been seen at all, so it says little.
_AGAINST = {Verdict.DISMISS: 1.0, Verdict.EDIT: 0.5, Verdict.IGNORE: 0.2}


@dataclass(frozen=True, slots=True)
class Count:
    """Reactions to one kind; `never` is True once the person said "never"."""

    accepted: float = 0.0
    rejected: float = 0.0
    never: bool = False


@dataclass(frozen=True, slots=True)
class KindStats:
    """What is known of each kind. A kind without an entry has the prior."""

    counts: Mapping[str, Count] = field(default_factory=lambda: MappingProxyType({}))

    def p(self, kind: str) -> float:
        """Probability 0..1 that a suggestion of `kind` is welcome; 0 after a "never"."""
        count = self.counts.get(kind, Count())
        if count.never:
            return 0.0
        wins, losses = PRIOR_FOR + count.accepted, PRIOR_AGAINST + count.rejected
        return wins / (wins + losses)

    @classmethod
    def of(cls, rows: Mapping[str, tuple[float, float, float]]) -> "KindStats":
        """From stored rows kind -> (accepted, rejected, times "never" was said)."""
        return cls(
            MappingProxyType({kind: Count(yes, no, never > 0) for kind, (yes, no, never) in rows.items()})
        )

    def reset(self, kind: str) -> "KindStats":
        """Everything about `kind` forgotten, a "never" included."""
        return KindStats(MappingProxyType({k: c for k, c in self.counts.items() if k != kind}))


def learn(reactions: Iterable[tuple[str, Verdict]]) -> KindStats:
    """Counts (kind, verdict) pairs, in whatever order they come."""
    wins: dict[str, list[float]] = {}
    losses: dict[str, list[float]] = {}
    never: set[str] = set()
    for kind, verdict in reactions:
        wins.setdefault(kind, []).append(_FOR.get(verdict, 0.0))
        losses.setdefault(kind, []).append(_AGAINST.get(verdict, 0.0))
        if verdict is Verdict.NEVER:
            never.add(kind)
    # Sorted before summing: adding floats in another order would change the last digit.
    counts = {k: Count(sum(sorted(wins[k])), sum(sorted(losses[k])), k in never) for k in wins}
    return KindStats(MappingProxyType(counts))
