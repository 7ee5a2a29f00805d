"""Settings, of which there is one: another value in the same place replaces the old one. Pure.

"core.editor nano" and later "core.editor vim" are not two tastes but a change, and no words of them say so:
what stands around the value does, in one and the same program. Only lines that set something count: a command
whose words say that it does, or a key with a value. The old taste is over as soon as the line is seen, also
where nobody drafts a new one from it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from gum.claims import main_of
from gum.denial import contradicting
from gum.same import Relation, alike
from gum.text import lines
from gum.types import Draft, Evidence, Observation, Proposition, PropositionId, Stance, Trust

_SETS = re.compile(
    r"\b(?:config|set|setx|chsh|defaults write|gsettings|export|default|alternatives|preference)\b"
)
_KEY = re.compile(r"^[\w.\- \[\]\"']{1,60}\s*[=:]\s*[\"']?$")  # all that may stand before a value
_OWN = (Trust.AUTHORED, Trust.ACTED_ON)
_LINE = re.compile(
    r"^(?P<before>\$ .*[\s=/\"']|[\w.\- \[\]\"']{1,60}?\s*[=:]\s*[\"']?)"
    r"(?P<value>[^\s=/\"'][^=\"']{0,60}?)[\"';]*$"
)
TASTE = "prefers"
_REMARK = re.compile(r"\s+[#;].*$")
_UNDECIDED = frozenset({"tbd", "tba", "none", "null", "todo"})


class Setting(NamedTuple):
    """A line that sets something, as it stands: what is before the value, and the value."""

    observation: Observation
    before: str
    value: str
    quote: str


def another_value(
    draft: Draft, known: Proposition, evidence_of: Callable[[PropositionId], Sequence[Evidence]]
) -> bool:
    """Whether `draft` and `known` are what is preferred in one and the same setting."""
    if draft.type != TASTE or known.type != draft.type or draft.slots.keys() != known.slots.keys():
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
            found.add((e.app.casefold(), _plain(before), behind))
    return frozenset(found)


def _plain(before: str) -> str:
    return " ".join(before.split())


def settings(observations: Iterable[Observation]) -> list[Setting]:
    """What the person set, in order of time; of a place that is set twice in one text the last line."""
    found: dict[tuple[str, str], Setting] = {}
    for o in sorted(observations, key=lambda o: (o.at, o.id)):
        for line in lines(o.text) if o.trust in _OWN else ():
            match = _LINE.match(line.strip())
            if match and (not line.startswith("$ ") or _SETS.search(match["before"])):
                found[o.id, _plain(match["before"])] = Setting(
                    o, match["before"], match["value"], line.strip()
                )
    return list(found.values())


def replaced(
    found: Sequence[Setting],
    known: Sequence[Proposition],
    evidence_of: Callable[[PropositionId], Sequence[Evidence]],
) -> list[tuple[Proposition, Evidence]]:
    """The tastes among `known` that were taken from a setting which has another value now, with the line."""
    pieces = []
    for p in known if found else ():
        value = main_of(p.type, p.slots) if p.type == TASTE else ""
        places = {place[:2] for place in _places(value, evidence_of(p.id))} if value else frozenset()
        for o, before, now, quote in found:
            if (o.app.casefold(), _plain(before)) in places and _another(now, value):
                pieces.append((p, contradicting(o, quote)))
    return pieces


def _another(now: str, value: str) -> bool:
    """Whether `now` is such a value as `value` was, and another: no option, number, variable or remark."""
    now = _REMARK.sub("", now).strip()
    if not now or not now[0].isalpha() or now.casefold() in _UNDECIDED:
        return False
    if len(now.split()) > len(value.split()):
        return False
    return alike(TASTE, "thing", now, value) is Relation.UNRELATED


def overruled(draft: Draft, observation: Observation) -> bool:
    """Whether a later line of the same text sets what the draft was taken from to something else."""
    value = main_of(draft.type, draft.slots)
    own = [e for e in draft.evidence if e.observation_id == observation.id]
    if draft.type != TASTE or observation.trust not in _OWN or not own:
        return False
    shown = [Evidence(e.observation_id, e.quote, app=observation.app, trust=observation.trust) for e in own]
    places = {place[1] for place in _places(value, shown)}
    return any(_plain(one.before) in places and _another(one.value, value) for one in settings([observation]))
