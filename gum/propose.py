"""Step 8 of the chain: from a batch of observations to grounded drafts.

gate, drafter, verify, merge. The gate decides what a drafter sees and verify what it may say, so a
drafter, whatever model is inside, can neither be spoken to by a page nor invent anything.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gum import confidence, extract
from gum.claims import TABLE, grown, key, main_of, make, stem
from gum.denial import denied
from gum.fits import fits
from gum.ports import Drafter, Drafts
from gum.receipt import search_query
from gum.roles import eligible, gate
from gum.setting import overruled
from gum.slots import trimmed
from gum.text import lines, normal, occurs
from gum.types import Draft, Evidence, Observation, ObservationId, Proposition, Stance, Trust

log = logging.getLogger(__name__)

RECENT = 200  # observations looked back upon, at most


class StructureDrafter:
    """The embedded default (a `gum.ports.Drafter`): reads what has structure, knows no model.

    `languages`: those of the interface, the likeliest first, for dates; without any, all are tried.
    """

    def __init__(self, languages: Sequence[str] = ()) -> None:
        self._languages = tuple(languages)

    @property
    def name(self) -> str:
        return "structure"

    def draft(self, observations: Sequence[Observation], neighbours: Sequence[Proposition]) -> Drafts:
        """Drafts of all extractors; what is already known makes no difference to them."""
        return Drafts(tuple(extract.everything(observations, self._languages)))


def propose(
    batch: Sequence[Observation],
    recent: Sequence[Observation],
    neighbours: Sequence[Proposition],
    drafter: Drafter,
) -> Drafts:
    """Verified drafts, one a claim, each resting on at least one observation of `batch`.

    `recent` is what was seen before, for claims that need repetition; its latest RECENT are used.
    `dropped` counts drafts whose quote or slot is not there or whose source may not say such a thing.
    Confidence is that of the evidence together (gum.confidence); each piece carries its weight.
    Raises what the drafter raises.
    """
    fresh = {o.id for o in batch}
    earlier = sorted((o for o in recent if o.id not in fresh), key=lambda o: o.at)[-RECENT:]
    seen = {o.id: o for raw in (*earlier, *batch) if (o := gate(raw)) is not None}
    if fresh.isdisjoint(seen):
        return Drafts(())
    made = drafter.draft(sorted(seen.values(), key=lambda o: (o.at, o.id)), neighbours)
    sound = [d for raw in made.drafts if _verified(raw, seen) and (d := _unframed(raw, seen)) is not None]
    dropped = made.dropped + len(made.drafts) - len(sound)
    if dropped:
        log.debug("%s: %d drafts refused", drafter.name, dropped)
    merged = [_merged(group, seen, drafter.name) for group in _alike(sound)]
    return Drafts(tuple(d for d in merged if any(e.observation_id in fresh for e in d.evidence)), dropped)


def _verified(draft: Draft, seen: Mapping[ObservationId, Observation]) -> bool:
    """Every quote stands in its observation, every slot in one of them, and each may say such a thing.

    None stands where the person says that it is not so: "no more coffee for me" is no liking of coffee.
    """
    if draft.type not in TABLE or not draft.evidence:
        return False
    main = main_of(draft.type, draft.slots)
    cited = []
    for evidence in draft.evidence:
        observation = seen.get(evidence.observation_id)
        if observation is None or not quotes(observation, evidence.quote):
            return False
        if not (eligible(observation, draft.type, main) or eligible(observation, draft.type, evidence.quote)):
            return False
        if observation.trust is Trust.AUTHORED and _denies(observation, evidence.quote, draft):
            return False
        if overruled(draft, observation):
            return False
        cited.append(observation)
    return all(any(contains(o, value) for o in cited) for value in draft.slots.values())


def _denies(observation: Observation, quote: str, draft: Draft) -> bool:
    said = [line for line in lines(observation.text) if line in quote or quote in line]
    return any(denied(line, draft.type, draft.slots) for line in said)


def _unframed(draft: Draft, seen: Mapping[ObservationId, Observation]) -> Draft | None:
    """The draft without the frame that was copied with its words; None when nothing sound is left."""
    slots = trimmed(draft.type, draft.slots, seen[draft.evidence[0].observation_id])
    if slots is None or not fits(slots):
        return None
    if slots == draft.slots:
        return draft
    return make(draft.type, slots, draft.evidence, draft.confidence, draft.reasoning, draft.valid_until)


def _whose(quote: str, observation: Observation, drafter: str) -> Trust:
    """By whose words a piece is weighed. While the person writes, the title over it is the program's ("New
    message - Mail"): a language model that copies it has only read it. An extractor knows its parts.
    """
    titled = quote in observation.title and quote not in observation.text
    if observation.trust is Trust.AUTHORED and titled and confidence.family(drafter) == confidence.MODEL:
        return Trust.READ
    return observation.trust


def quotes(observation: Observation, quote: str) -> bool:
    """Whether `quote` is copied, to the letter, from the observation's text, title or address."""
    places = (observation.text, observation.title, observation.url or "")
    return bool(normal(quote)) and any(quote in place for place in places)


def contains(observation: Observation, slot: str) -> bool:
    """Whether `slot` occurs as a run of words in the text, title, address or search words."""
    places = (observation.text, observation.title, observation.url or "", search_query(observation.url) or "")
    return any(occurs(slot, place) for place in places)


def _alike(drafts: Sequence[Draft]) -> list[list[Draft]]:
    """Drafts of one claim together, the fullest first; one that says less joins the one that says more.

    So does one that was seen while it was still being typed.
    """
    groups: dict[str, list[Draft]] = {}
    for draft in sorted(drafts, key=lambda d: (-len(d.slots), -sum(map(len, d.slots.values())))):
        own = key(draft.type, draft.slots, draft.valid_until)
        if own not in groups:
            own = next((k for k, g in groups.items() if _covers(g[0], draft)), own)
        groups.setdefault(own, []).append(draft)
    return list(groups.values())


def _covers(full: Draft, scant: Draft) -> bool:
    if full.type == scant.type and grown(full.type, scant.slots, full.slots):
        return True
    if stem(full.type, full.slots) != stem(scant.type, scant.slots) or len(full.slots) <= len(scant.slots):
        return False
    return all(normal(full.slots.get(name, "")) == normal(value) for name, value in scant.slots.items())


def _merged(group: Sequence[Draft], seen: Mapping[ObservationId, Observation], name: str) -> Draft:
    """One draft of all the evidence. An observation counts once, however often it is quoted."""
    cited: dict[tuple[ObservationId, str], Evidence] = {}
    surest: dict[ObservationId, float] = {}
    for draft in group:
        for e in draft.evidence:
            cited.setdefault((e.observation_id, e.quote), e)
            surest[e.observation_id] = max(draft.confidence, surest.get(e.observation_id, 0.0))
    counted: set[ObservationId] = set()
    pieces = []
    for e in cited.values():
        weighed = _weighed(group[0], e, seen[e.observation_id], name, surest[e.observation_id])
        pieces.append(replace(weighed, weight=0.0) if e.observation_id in counted else weighed)
        counted.add(e.observation_id)
    evidence = tuple(sorted(pieces, key=lambda e: (seen[e.observation_id].at, e.observation_id)))
    return replace(group[0], evidence=evidence, confidence=confidence.score_of(group[0], evidence))


def _weighed(draft: Draft, piece: Evidence, observation: Observation, drafter: str, sure: float) -> Evidence:
    """The piece with all that its worth hangs on."""
    known = replace(
        piece,
        stance=Stance.SUPPORTS,
        drafter=drafter,
        sure=sure,
        at=observation.at,
        app=observation.app,
        trust=_whose(piece.quote, observation, drafter),
    )
    return replace(known, weight=confidence.alone(draft, known))
