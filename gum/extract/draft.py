"""What every extractor uses to say something."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from gum.claims import make
from gum.text import MAX_SLOT, tidy
from gum.types import Draft, Evidence, Observation, Trust
from gum.zone import HERE

OWN = (Trust.AUTHORED, Trust.ACTED_ON)
MAX_QUOTE = 300


def claim(
    kind: str,
    slots: Mapping[str, str],
    cited: Sequence[tuple[Observation, str]],
    sure: float,
    reasoning: str,
    valid_until: datetime | None = None,
) -> Draft | None:
    """A draft, or None when a slot turns out to hold nothing or far too much.

    `cited` are observations with quotes copied from them; `sure` is how sure ONE of them makes, were it
    fully trusted (gum.confidence turns that into weight). `valid_until` may be in any zone.
    """
    if any(len(tidy(value, MAX_SLOT + 1)) > MAX_SLOT for value in slots.values()):
        return None
    evidence = [Evidence(o.id, quote[:MAX_QUOTE]) for o, quote in cited]
    until = valid_until.astimezone(UTC) if valid_until else None
    try:
        return make(kind, slots, evidence, sure, reasoning, until)
    except ValueError:  # make's word for a slot that is empty once punctuation is gone
        return None


def local(moment: datetime) -> datetime:
    """In the zone of the person's desk: "tomorrow" is theirs, not that of Greenwich."""
    return moment.astimezone(HERE)


def kept(*drafts: Draft | None) -> list[Draft]:
    return [d for d in drafts if d is not None]
