"""Settings, of which there is one: another value in the same place replaces the old one. Pure.

"core.editor nano" and later "core.editor vim" are not two tastes but a change, and no words of them say so:
what stands around the value does, in one and the same program. Only lines that set something count: a command
whose words say that it does, or a key with a value.
"""

import re
from collections.abc import Callable, Sequence

from gum.claims import main_of
from gum.types import Draft, Evidence, Proposition, PropositionId, Stance, Trust

_SETS = re.compile(
    r"\b(?:config|set|setx|chsh|defaults write|gsettings|export|default|alternatives|preference)\b"
)
_KEY = re.compile(r"^[\w.\- \[\]\"']{1,60}\s*[=:]\s*[\"']?$")  # all that may stand before a value
_OWN = (Trust.AUTHORED, Trust.ACTED_ON)


def another_value(
    draft: Draft, known: Proposition, evidence_of: Callable[[PropositionId], Sequence[Evidence]]
) -> bool:
    """Whether `draft` and `known` are what is preferred in one and the same setting."""
    if draft.type != "prefers" or known.type != draft.type or draft.slots.keys() != known.slots.keys():
        return False
    places = _places(main_of(draft.type, draft.slots), draft.evidence)
    return bool(places) and bool(places & _places(main_of(known.type, known.slots), evidence_of(known.id)))


def _places(value: str, evidence: Sequence[Evidence]) -> frozenset[tuple[str, str, str]]:
    """Where the value is set: the program, and what stands before and behind the value."""
    found = set()
    for e in evidence:
        at = e.quote.casefold().rfind(value.casefold())
        if e.stance is not Stance.SUPPORTS or e.trust not in _OWN or at < 0:
            continue
        before, behind = e.quote[:at], e.quote[at + len(value) :].strip()
        if (before.startswith("$ ") and _SETS.search(before)) or _KEY.match(before):
            found.add((e.app.casefold(), " ".join(before.split()), behind))
    return frozenset(found)
