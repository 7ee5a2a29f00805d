"""What must hold of a desk as a whole, whoever made it: references, times, truth, a course one can walk."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.desks.course import seen
from app.desks.kinds import EVERYWHERE, PAGES, STEPS
from app.desks.match import occurs
from app.desks.places import Malformed, Path
from app.desks.tables import fields, nearest
from app.desks.types import Decoy, Desk, Fact, Secret, Want
from gum.claims import TABLE
from gum.text import normal

HALF_LIVES = ("hours", "days", "weeks", "months", "years")
SHORTEST_SECRET = 4  # characters; a shorter one stands in any text by chance
LEAST, MOST = 1, 10  # of a benefit and of a cost


def check(desk: Desk) -> list[Malformed]:
    """All that is wrong with a desk. The paths are those of a desk.toml with its parts in this order."""
    found = [*_ids(desk), *_pages(desk), *_times(desk), *_steps(desk)]
    steps = [step.id for session in desk.sessions for step in session.steps]
    facts = {fact.id: fact for fact in desk.facts}
    for i, fact in enumerate(desk.facts):
        found += _fact(fact, facts, steps, ("facts", i))
    for i, decoy in enumerate(desk.decoys):
        found += _decoy(decoy, desk.facts, steps, ("decoys", i))
    for i, want in enumerate(desk.wants):
        found += _want(want, desk.wants[:i], facts, ("wants", i))
    for i, busy in enumerate(desk.busy):
        found += _span(busy.begins, busy.ends, ("busy", i))
    for i, secret in enumerate(desk.secrets):
        found += _secret(secret, steps, ("secrets", i))
    return found or [*_course(desk)]  # a course can only be walked when its parts are whole


def _ids(desk: Desk) -> Iterator[Malformed]:
    """Ids are unique among their kind; those of steps in the whole desk."""
    yield from _unique((fact.id, ("facts", i)) for i, fact in enumerate(desk.facts))
    yield from _unique((decoy.id, ("decoys", i)) for i, decoy in enumerate(desk.decoys))
    yield from _unique((want.id, ("wants", i)) for i, want in enumerate(desk.wants))
    yield from _unique(
        (step.id, ("sessions", i, "steps", k))
        for i, session in enumerate(desk.sessions)
        for k, step in enumerate(session.steps)
    )


def _unique(named: Iterable[tuple[str, Path]]) -> Iterator[Malformed]:
    before = set()
    for name, path in named:
        if name in before:
            yield twice(name, path)
        before.add(name)


def twice(name: str, path: Path) -> Malformed:
    return Malformed(
        (*path, "id"), f'the id "{name}" is taken', f"Expected an id of its own among the {path[0]}."
    )


def _pages(desk: Desk) -> Iterator[Malformed]:
    for i, page in enumerate(desk.pages.values()):
        path = ("pages", i)
        if page.kind not in PAGES:
            yield Malformed(
                (*path, "kind"), f'there is no page kind "{page.kind}"', nearest(page.kind, PAGES)
            )
            continue
        if (page.kind == "html") != (page.asset is not None):
            what = (
                "an html page has no asset"
                if page.kind == "html"
                else f"a page of kind {page.kind} has an asset"
            )
            yield Malformed(
                (*path, "asset"), what, 'Expected kind = "html" with `asset`, or another without.'
            )
        try:
            fields(
                page.fields, {**PAGES[page.kind].fields, **EVERYWHERE}, path, f"a page of kind {page.kind}"
            )
        except Malformed as wrong:
            yield wrong


def _steps(desk: Desk) -> Iterator[Malformed]:
    if not desk.sessions:
        yield Malformed((), "the desk has no sessions", "Expected at least one, begun by [[sessions]].")
    for i, session in enumerate(desk.sessions):
        if not session.steps:
            yield Malformed(
                ("sessions", i, "steps"), "the session has no steps", "Expected [[sessions.steps]] below it."
            )
        for k, step in enumerate(session.steps):
            path = ("sessions", i, "steps", k)
            try:
                fields(step.fields, STEPS[step.do], path, f'a step that does "{step.do}"')
            except Malformed as wrong:
                yield wrong
            if "\n" in str(step.fields.get("command", "")):
                yield Malformed((*path, "command"), "the command has several lines", "Expected one line.")
            status = step.fields.get("status", 0)
            if isinstance(status, int | float) and (status > 255 or status != int(status)):
                yield Malformed(
                    (*path, "status"), f"status is {status:g}", "Expected a whole number from 0 to 255."
                )


def _times(desk: Desk) -> Iterator[Malformed]:
    """Time only goes forward, in a session and from each to the next."""
    last: datetime | None = None
    for i, session in enumerate(desk.sessions):
        if last is not None and session.begins <= last:
            yield Malformed(
                ("sessions", i, "begins"),
                f"the session begins at {session.begins:%Y-%m-%d %H:%M} UTC, before the last one is over",
                f"Expected a time after {last:%Y-%m-%d %H:%M} UTC.",
            )
        last = session.begins
        for k, step in enumerate(session.steps):
            if step.at is None:
                continue
            if step.at < last:
                yield Malformed(
                    ("sessions", i, "steps", k, "at"),
                    f"the step is at {step.at:%Y-%m-%d %H:%M:%S} UTC, before what comes before it",
                    f"Expected {last:%Y-%m-%d %H:%M:%S} UTC or later.",
                )
            last = max(last, step.at)


def _span(begins: datetime, ends: datetime, path: Path) -> Iterator[Malformed]:
    if ends <= begins:
        yield Malformed((*path, "ends"), "it ends before it begins", "Expected a later `ends`.")


def _fact(fact: Fact, facts: dict[str, Fact], steps: list[str], path: Path) -> Iterator[Malformed]:
    yield from _type(fact, path)
    for name, options in fact.slots.items():
        place = (*path, "slots", name)
        if not options:
            yield Malformed(place, f"the slot {name} has no alternatives", "Expected at least one text.")
        for i, option in enumerate(options):
            if not normal(option):
                yield Malformed(
                    (*place, i), f'"{option}" has no words', "Expected words to be found in a statement."
                )
            for word in fact.forbidden:
                if occurs(word, option):
                    yield Malformed(
                        (*place, i),
                        f'"{option}" holds "{word}", which is forbidden',
                        "Expected no alternative of a slot to hold words that must not be there.",
                    )
    if fact.half_life not in HALF_LIVES:
        yield Malformed(
            (*path, "half_life"),
            f'there is no half-life "{fact.half_life}"',
            nearest(fact.half_life, HALF_LIVES),
        )
    if fact.ends is not None:
        yield from _span(fact.begins, fact.ends, path)
    yield from _known_steps(fact.evidence, steps, (*path, "evidence"))
    if not fact.evidence and not fact.minor:
        yield Malformed(
            path,
            f'the fact "{fact.id}" has no evidence',
            "Expected the ids of steps that show it, or minor = true where nobody need find it.",
        )
    if fact.replaces is not None:
        yield from _replaced(fact, facts, (*path, "replaces"))


def _type(fact: Fact, path: Path) -> Iterator[Malformed]:
    for i, also in enumerate(fact.also):
        if also not in TABLE:
            yield Malformed((*path, "also", i), f'there is no type "{also}"', nearest(also, TABLE))
    row = TABLE.get(fact.type)
    if row is None:
        yield Malformed((*path, "type"), f'there is no type "{fact.type}"', nearest(fact.type, TABLE))
        return
    for name in fact.slots:
        if name not in row.slots:
            yield Malformed(
                (*path, "slots", name), f'{row.name} has no slot "{name}"', nearest(name, row.slots)
            )
    for name in row.required:
        if name not in fact.slots:
            yield Malformed(
                (*path, "slots"), f'{row.name} needs the slot "{name}"', f'Expected "{name}" = [...].'
            )


def _replaced(fact: Fact, facts: dict[str, Fact], path: Path) -> Iterator[Malformed]:
    old = facts.get(str(fact.replaces))
    if old is None or old is fact:
        others = [name for name in facts if name != fact.id]
        yield Malformed(
            path, f'there is no other fact "{fact.replaces}"', nearest(str(fact.replaces), others)
        )
    elif old.ends is None or old.ends > fact.begins:
        yield Malformed(
            path,
            f'"{old.id}" has not ended when "{fact.id}" begins',
            f'Expected `ends` of "{old.id}" by then.',
        )


def _known_steps(named: tuple[str, ...], steps: list[str], path: Path) -> Iterator[Malformed]:
    for i, name in enumerate(named):
        if name not in steps:
            yield Malformed((*path, i), f'there is no step "{name}"', nearest(name, steps))


def _decoy(decoy: Decoy, facts: tuple[Fact, ...], steps: list[str], path: Path) -> Iterator[Malformed]:
    if not decoy.words:
        yield Malformed((*path, "words"), "words is an empty list", "Expected at least one group of words.")
    for i, group in enumerate(decoy.words):
        place = (*path, "words", i)
        if not group or not all(normal(word) for word in group):
            yield Malformed(
                place, "a group without words", "Expected words that only a believer would state."
            )
            continue
        for fact in facts:
            if not fact.negative and all(occurs(word, fact.text) for word in group):
                yield Malformed(
                    place,
                    f'these words all stand in the fact "{fact.id}": to state it would be to believe this',
                    "Expected words that no true statement holds.",
                )
    if not decoy.steps:
        yield Malformed(path, f'no step shows the decoy "{decoy.id}"', "Expected the ids of steps.")
    yield from _known_steps(decoy.steps, steps, (*path, "steps"))


def _want(want: Want, before: tuple[Want, ...], facts: dict[str, Fact], path: Path) -> Iterator[Malformed]:
    yield from _span(want.begins, want.ends, path)
    for name, value in (("benefit", want.benefit), ("cost_false", want.cost_false)):
        if not LEAST <= value <= MOST:
            yield Malformed((*path, name), f"{name} is {value:g}", f"Expected {LEAST} to {MOST}.")
    if want.fact is not None and want.fact not in facts:
        yield Malformed((*path, "fact"), f'there is no fact "{want.fact}"', nearest(want.fact, facts))
    for other in before:
        same = (other.kind, other.fact) == (want.kind, want.fact)
        if same and want.begins < other.ends and other.begins < want.ends:
            yield Malformed(
                path,
                f'the wants "{other.id}" and "{want.id}" are the same kind of help at the same time',
                "Expected one want for each moment and kind, or different facts.",
            )


def _secret(secret: Secret, steps: list[str], path: Path) -> Iterator[Malformed]:
    if len(secret.text.strip()) < SHORTEST_SECRET:
        yield Malformed(
            (*path, "text"),
            f"the secret has {len(secret.text.strip())} characters",
            f"Expected at least {SHORTEST_SECRET}: shorter ones stand in other words by chance.",
        )
    if not secret.steps:
        yield Malformed(path, "no step shows or types this secret", "Expected the ids of steps.")
    yield from _known_steps(secret.steps, steps, (*path, "steps"))


def _course(desk: Desk) -> Iterator[Malformed]:
    """Every step can be done, and every secret is really there to be leaked."""
    try:
        shown = seen(desk)
    except Malformed as wrong:
        yield wrong
        return
    for i, secret in enumerate(desk.secrets):
        for k, step in enumerate(secret.steps):
            if secret.text not in shown[step]:
                yield Malformed(
                    ("secrets", i, "steps", k),
                    f'the step "{step}" neither types nor shows this secret',
                    "Expected a step that has its text, letter by letter.",
                )
