"""Sources by others: entry points of the group `gumption.observers`, run only where the settings name them.

An entry point is a callable that takes an `observers.gate.Gate` and returns an `observers.base.Observer`. It
runs in this process, so whoever installs one trusts its author; the gate keeps honest ones to the rules.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import entry_points
from typing import TypeVar

from gum.types import SourceHealth
from observers.base import Observer
from observers.gate import Gate

log = logging.getLogger(__name__)
GROUP = "gumption.observers"
HINT = "Its author may know; the others go on."
T = TypeVar("T")


class Missing:
    """Stands for a source that is wanted and cannot be run: it says so, and does nothing."""

    def __init__(self, name: str, detail: str, hint: str) -> None:
        self.name = name
        self._health = SourceHealth(name, "unavailable", detail, hint, None)

    def start(self) -> None:
        log.warning("%s: %s. %s", self.name, self._health.detail, self._health.hint)

    def stop(self) -> None:
        pass

    def health(self) -> SourceHealth:
        return self._health


class Guarded:
    """A source by others: whatever it raises shows in its health, and goes no further."""

    def __init__(self, name: str, source: Observer) -> None:
        self.name = name
        self._source = source
        self._wrong = ""

    def start(self) -> None:
        self._try(self._source.start)

    def stop(self) -> None:
        self._try(self._source.stop)

    def health(self) -> SourceHealth:
        told = self._try(self._source.health)
        if not self._wrong and isinstance(told, SourceHealth):
            return replace(told, name=self.name)
        return SourceHealth(self.name, "failing", self._wrong or "it tells no health", HINT, None)

    def _try(self, what: Callable[[], T]) -> T | None:
        try:
            return what()
        except Exception as error:  # noqa: BLE001 - somebody else's code must not end the daemon
            self._wrong = f"it failed ({type(error).__name__})"
            return None


def plugins(names: Sequence[str], gate: Gate) -> list[Observer]:
    """One source for each of `names`, in order. Never raises: what cannot be made is a `Missing`."""
    if not names:
        return []  # looking through all that is installed takes 15 ms
    known = {point.name: point.load for point in entry_points(group=GROUP)}
    return [_made(name, known.get(name), gate) for name in dict.fromkeys(names)]


def _made(name: str, load: Callable[[], Callable[[Gate], Observer]] | None, gate: Gate) -> Observer:
    if load is None:
        hint = f"Install the package that has it, or take it out of plugins under [sources]. Group: {GROUP}."
        return Missing(name, "no such source is installed", hint)
    try:
        source = load()(gate)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - see Guarded
        return Missing(name, f"it could not be made ({type(error).__name__})", HINT)
    if not all(callable(getattr(source, member, None)) for member in ("start", "stop", "health")):
        return Missing(name, "it is no observer: start, stop or health is missing", HINT)
    return Guarded(name, source)
