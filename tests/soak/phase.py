"""What a phase of the campaign is: a way to work until killed, and what must hold afterwards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Say = Callable[[str], None]
"""Tells the campaign a line. Once it returns, killing this process does not take the line back."""

LIVES = 2  # of a folder: killed, started again, and killed again
LOST, DOUBLED, TORN, KEPT, UNOPENED = FAULTS = ("lost", "doubled", "torn", "kept", "unopened")
"""Acknowledged and gone; there twice; half of what must be whole; forgotten and still there; no recovery."""


@dataclass
class Findings:
    """What was found wrong, as (one of FAULTS, in words)."""

    faults: list[tuple[str, str]] = field(default_factory=list)

    def expect(self, holds: bool, fault: str, words: str) -> None:
        """Notes `fault` unless it `holds`."""
        if not holds:
            self.faults.append((fault, words))

    def same(self, found: object, wanted: object, fault: str, words: str) -> None:
        """As `expect`, for two things that must be equal."""
        self.expect(found == wanted, fault, f"{words}: {found!r:.200} instead of {wanted!r:.200}")


@dataclass(frozen=True)
class Phase:
    """One kind of work.

    `prepare(folder, seed)` fills a folder before the first life; what it makes depends on `seed` only by
    `variants`, so it may be kept and copied. `work(folder, seed, say)` goes on until killed; it says "ready"
    when it has come up, "begin ..." and "done ..." around what is to be killed, and whatever it has been
    acknowledged. `recover(folder, seed)` is what the program does at its next start. `check(folder, seed,
    said, findings)` looks at what is there after it, and leaves the folder fit for another life.
    """

    name: str
    window_s: float  # killed at some moment of so many seconds after "ready"
    prepare: Callable[[Path, int], None]
    work: Callable[[Path, int, Say], None]
    recover: Callable[[Path, int], None]
    check: Callable[[Path, int, Sequence[str], Findings], None]
    between: Callable[[Path, Sequence[str], Findings], None] | None = None  # before `recover` opens anything
    variants: int = 1  # how many different folders `prepare` makes: by seed modulo this


def acknowledged(said: Sequence[str], word: str) -> list[list[str]]:
    """What follows `word` in the lines that begin with it, split at spaces."""
    return [rest for first, *rest in (line.split() for line in said) if first == word]
