"""What the daemon and its model process say to each other, over a pipe. Plain, typed, picklable.

Daemon to child: Read, Embed, Complete. Child to daemon: any number of Loading, then Result or Failed.
"""

from dataclasses import dataclass, field

from gum.ports import Prompt
from gum.types import Line, Vector


@dataclass(frozen=True, slots=True)
class Read:
    """Read the text in these pixels: BGRA, row by row; left and top place them on the screen."""

    left: int
    top: int
    width: int
    height: int
    pixels: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Embed:
    """Turn these texts into vectors."""

    texts: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Complete:
    """Let the language model answer."""

    prompt: Prompt = field(repr=False)


Request = Read | Embed | Complete


@dataclass(frozen=True, slots=True)
class Loading:
    """A model ("reader", "embedder", "decoder") is being loaded for this request."""

    name: str


@dataclass(frozen=True, slots=True)
class Result:
    """What was asked for: lines for Read, vectors for Embed, a text for Complete."""

    value: tuple[Line, ...] | tuple[Vector, ...] | str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failed:
    """A fault of the world. `kind` is the class in gum.errors, `name` the model that could not be loaded
    or "" when it is loaded and failed at this request."""

    kind: str
    title: str
    hint: str
    name: str = ""


Reply = Loading | Result | Failed
