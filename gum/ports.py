"""What the core and its neighbours ask of the world, as small interfaces.

Each has a real implementation and, in the tests, a fake one. Nothing here is ever called
from the event loop: every call may block.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gum.judge import Likeness, Pair
from gum.types import Draft, Frame, Line, Observation, Proposition, Region, Vector
from gum.ui import Snapshot


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        ...


class Embedder(Protocol):
    """Turns texts into vectors."""

    @property
    def name(self) -> str:
        """Names the vector space: vectors of embedders with different names do not compare."""
        ...

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One unit vector a text, in order. Raises ModelUnavailable."""
        ...


class Reader(Protocol):
    """Reads text from pixels."""

    def read(self, frame: Frame, region: Region | None = None) -> list[Line]:
        """Lines of text inside `region` (screen pixels; the whole frame when None), top to bottom.

        Raises ModelUnavailable.
        """
        ...


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request to a language model. At most one of `grammar` (GBNF) and `schema` (JSON schema) is used."""

    system: str
    user: str
    max_tokens: int = 256
    temperature: float = 0.0
    grammar: str | None = None
    schema: Mapping[str, object] | None = None


class Decoder(Protocol):
    """A language model."""

    @property
    def name(self) -> str: ...

    @property
    def takes_grammar(self) -> bool:
        """Whether GBNF grammars are honoured; otherwise only JSON schemas are tried."""
        ...

    def complete(self, prompt: Prompt) -> str:
        """The answer's text. Raises ModelUnavailable, AnswerUnusable."""
        ...


@dataclass(frozen=True, slots=True)
class Drafts:
    """What a drafter made of a batch; `dropped` counts drafts refused because a quote was not there."""

    drafts: tuple[Draft, ...]
    dropped: int = 0


class Drafter(Protocol):
    """Writes typed, grounded drafts. Empty is always a legal answer."""

    @property
    def name(self) -> str: ...

    def draft(self, observations: Sequence[Observation], neighbours: Sequence[Proposition]) -> Drafts:
        """Drafts whose every slot and quote occurs in `observations`. Raises ModelUnavailable."""
        ...


class Judge(Protocol):
    """Says how two claims stand to each other where their words do not."""

    def judge(self, pair: Pair) -> Likeness:
        """Raises ModelUnavailable, AnswerUnusable."""
        ...


class Surface(Protocol):
    """The person's desktop as actions see it."""

    def snapshot(self) -> Snapshot | None:
        """The active window with its accessible tree; None when no window is active.

        Raises CaptureUnavailable.
        """
        ...

    def windows(self) -> list[str]:
        """Titles of the open top-level windows. Raises CaptureUnavailable."""
        ...

    def set_text(self, ref: str, text: str) -> None:
        """Puts `text` into the editable node `ref`. Raises ActionFailed."""
        ...
