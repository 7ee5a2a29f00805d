"""Composes a desk of a seed: draws a person, lets blocks contribute until the days are full, weaves them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random

from app.desks.generate import people
from app.desks.generate.blocks import (
    contacts,
    deadlines,
    decoys,
    events,
    habits,
    interests,
    learning,
    roles,
    secrets,
    shopping,
    tastes,
    tools,
    trips,
    troubles,
    waiting,
    work,
)
from app.desks.generate.build import INBOX, SEARCH, Build
from app.desks.generate.parts import Claim, Context, Contribution, Unsuited
from app.desks.generate.weave import Woven, weave
from app.desks.types import Desk, Page

LEAST, MOST = 40, 80  # steps of a desk
SHORTEST = 4  # steps of a session
FEWEST = 4  # facts to be found out
AIMED = (42, 62)  # acts; a way between two of them may be a step or none
ADVERTS = (1, 3)

Block = Callable[[Build], None]
BLOCKS: Mapping[str, Sequence[Block]] = {  # by the type of claim they show
    "working_on": work.BLOCKS,
    "preparing_for": events.BLOCKS,
    "has_deadline": deadlines.BLOCKS,
    "prefers": tastes.BLOCKS,
    "interested_in": interests.BLOCKS,
    "struggling_with": troubles.BLOCKS,
    "communicating_with": contacts.BLOCKS,
    "plans_to_go": trips.BLOCKS,
    "learning": learning.BLOCKS,
    "uses_for": tools.BLOCKS,
    "waiting_for": waiting.BLOCKS,
    "bought": shopping.BLOCKS,
    "holds_role": roles.BLOCKS,
}
IN_TERMINAL = frozenset(  # blocks that only jobs with a terminal have
    {
        work.committed,
        troubles.by_command,
        troubles.by_issue,
        tastes.by_command,
        tools.run,
        learning.in_terminal,
    }
)
AT_HAND = 0.35  # how often one of these comes first there
_BESIDES: Sequence[tuple[str, Sequence[Block], int, int]] = (  # how many of these a desk has
    ("secret", secrets.BLOCKS, 0, 1),
    ("decoy", decoys.BLOCKS, 1, 2),
    ("habit", habits.BLOCKS, 0, 2),
)
FOREIGN = frozenset({"interested_in"})  # types whose blocks may be in a second language
_SECOND = 0.5  # of these are, where the person has one


def make(seed: int) -> Desk:
    """The desk of a seed: the same in every process and on every machine."""
    for attempt in range(20):
        rng = Random(f"desk {seed} {attempt}")
        context = people.context(rng)
        parts = _parts(rng, context)
        woven = weave(rng, context.begins, parts)
        steps = [len(session.steps) for session in woven.sessions]
        told = sum(not fact.minor for fact in woven.facts)
        if len(steps) >= 3 and min(steps) >= SHORTEST and LEAST <= sum(steps) <= MOST and told >= FEWEST:
            return _desk(seed, context, parts, woven)
    raise AssertionError(f"no desk of seed {seed} has {LEAST} to {MOST} steps")


class _Box:
    """Collects contributions; each block is told what the others have taken and how full the sessions are."""

    def __init__(self, rng: Random, context: Context) -> None:
        self._rng = rng
        self._context = replace(context, load=(0,) * len(context.begins))
        self.parts: list[Contribution] = []

    @property
    def acts(self) -> int:
        return sum(part.acts for part in self.parts)

    def add(self, kind: str, blocks: Sequence[Block]) -> bool:
        """One of the blocks, if any of them can be built."""
        options = list(blocks)
        self._rng.shuffle(options)
        if self._context.job["terminal"] and self._rng.random() < AT_HAND:
            options.sort(key=lambda block: block not in IN_TERMINAL)
        for block in options:
            name = f"{kind}.{block.__name__.strip('_')}"
            if any(part.block == name for part in self.parts):
                continue
            build = Build(name, self._rng, self._in_language(kind))
            try:
                block(build)
            except Unsuited:
                continue
            self._take(build.done())
            return True
        return False

    def _in_language(self, kind: str) -> Context:
        second = self._context.persona.languages[1:]
        if second and kind in FOREIGN and self._rng.random() < _SECOND:
            return replace(self._context, language=second[0])
        return self._context

    def _take(self, part: Contribution) -> None:
        load = list(self._context.load)
        for scene in part.scenes:
            load[scene.session] += len(scene.acts)
        self.parts.append(part)
        self._context = replace(self._context, load=tuple(load), used=self._context.used | part.used)


def _parts(rng: Random, context: Context) -> list[Contribution]:
    box = _Box(rng, context)
    aimed = rng.randint(*AIMED)
    for kind, blocks, low, high in _BESIDES:
        for _ in range(rng.randint(low, high)):
            box.add(kind, blocks)
    kinds = list(BLOCKS)
    rng.shuffle(kinds)
    while kinds and box.acts < aimed:
        kind = kinds.pop()
        box.add(kind, BLOCKS[kind])
    found = decoys.with_adverts(rng, box.parts, context.language, rng.randint(*ADVERTS))
    return [_once(part) for part in (_base(rng, context), *found)]


def _once(part: Contribution) -> Contribution:
    """The same minor fact, shown more than once, is one fact."""
    found: dict[object, Claim] = {}
    for claim in part.claims:
        slots = tuple(claim.slots.items())
        key = (
            (claim.type, slots, claim.also, claim.negative, claim.begins, claim.ends)
            if claim.minor
            else claim.id
        )
        if key in found:
            evidence = tuple(dict.fromkeys((*found[key].evidence, *claim.evidence)))
            claim = replace(found[key], evidence=evidence)
        found[key] = claim
    return replace(part, claims=tuple(found.values()))


def _base(rng: Random, context: Context) -> Contribution:
    """The inbox with letters from before, the start of every search, and what is always true."""
    b = Build("base", rng, replace(context, load=(0,) * len(context.begins)))
    for who in context.contacts:
        b.minor("communicating_with", [who.name, who.short, who.address], [])
    job = context.job
    b.minor("holds_role", [job["name"]], [])
    b.minor("communicating_with", [job["team"], job["forum"]], [])
    rows = tuple(
        {"from": who.name, "subject": b.say("old.subject"), "snippet": b.say("old.snippet")}
        for who in rng.sample(context.contacts, rng.randint(1, 3))
    )
    pages = (Page(INBOX, "mail.inbox", {"messages": rows}), Page(SEARCH, "search.start"))
    part = b.done()
    ago = b.ago(100, 3000)
    return replace(part, pages=pages, claims=tuple(replace(one, begins=ago) for one in part.claims))


def _desk(seed: int, context: Context, parts: Sequence[Contribution], woven: Woven) -> Desk:
    persona = context.persona
    kinds = sorted({fact.type for fact in woven.facts if not fact.minor})
    pages = {page.id: page for part in parts for page in part.pages}
    about = f"{persona.name}, {persona.occupation}, in {context.town}: {', '.join(kinds).replace('_', ' ')}"
    return Desk(
        id=f"generated-{seed:05}",
        about=about,
        persona=persona,
        facts=woven.facts,
        decoys=woven.decoys,
        secrets=woven.secrets,
        wants=woven.wants,
        busy=woven.busy,
        pages=pages,
        sessions=woven.sessions,
        seed=seed,
    )
