"""Gumption's own doings are not evidence about the person.

A to-do line that a plan wrote is not something the person typed, and a window that a plan opened is
not one they chose. Without this, every accepted suggestion would confirm the claim it came from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from gum.text import normal
from gum.types import Observation, Plan, Trust

OPENED_FOR = timedelta(minutes=15)  # so long a window that a plan opened is taken to be there for the plan


@dataclass(frozen=True, slots=True)
class Deed:
    """What one plan wrote and opened, in normal form, and when."""

    at: datetime
    wrote: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()


def deed_of(plan: Plan, at: datetime) -> Deed:
    """What `plan`, when it runs at `at`, will write and open."""
    wrote: set[str] = set()
    opened: set[str] = set()
    for step in plan.steps:
        wrote.update(step.args.get(name, "") for name in ("line", "text", "summary", "shows"))
        if step.kind in ("open_page", "open_path", "add_todo", "make_event"):
            opened.add(step.target if step.kind == "open_page" else PurePosixPath(step.target).name)
    lines = (normal(line) for text in wrote for line in text.splitlines())
    return Deed(at, frozenset(line for line in lines if line), frozenset(o.casefold() for o in opened if o))


def disown(observation: Observation, deeds: Iterable[Deed]) -> Observation:
    """`observation` without what Gumption did itself. Pure.

    Lines a plan wrote are taken out; what is left of a text keeps its trust, and a text of nothing else
    becomes a system text. A window or page that a plan opened a moment ago is no deed of the person.
    """
    done = [d for d in deeds if d.at <= observation.until]
    if _opened(observation, done):
        return replace(observation, trust=Trust.SYSTEM)
    wrote = frozenset[str]().union(*(d.wrote for d in done))
    if not wrote:
        return observation
    lines = observation.text.splitlines()
    kept = [line for line in lines if not _written(normal(line), wrote)]
    if len(kept) == len(lines):
        return observation
    if not any(line.strip() for line in kept):
        return replace(observation, trust=Trust.SYSTEM)
    return replace(observation, text="\n".join(kept))


def _written(line: str, wrote: frozenset[str]) -> bool:
    """A field of one line is observed as "Label: value", so the end of a line counts too."""
    return bool(line) and any(line == own or line.endswith(f" {own}") for own in wrote)


def _opened(observation: Observation, done: Sequence[Deed]) -> bool:
    if observation.source != "window" and observation.trust is Trust.AUTHORED:
        return False  # what the person types into it is theirs
    title, url = observation.title.casefold(), (observation.url or "").casefold()
    fresh = [d for d in done if observation.at - d.at <= OPENED_FOR]
    return any(o in title or o == url for d in fresh for o in d.opened)
