"""The accessible tree of a window, as plain data. Knows nothing of AT-SPI."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from gum.types import Region, WindowInfo


@dataclass(frozen=True, slots=True)
class UiNode:
    """One accessible object.

    `role` is the AT-SPI role name in lower case ("entry", "document web", "password text", ...).
    `text` is its content, for roles that have one; empty for password roles, always.
    `ref` names the object for a later `Surface.set_text`; it is valid while the window lives.
    """

    role: str
    name: str = ""
    text: str = ""
    states: frozenset[str] = frozenset()  # "focused", "editable", "showing", ...
    region: Region | None = None
    ref: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: tuple["UiNode", ...] = ()

    def walk(self) -> Iterator["UiNode"]:
        """This node and everything below it, parents first, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The active window and its tree; `tree` is None when the program offers none.

    `complete` is False when the walk ran into its node or time budget.
    """

    window: WindowInfo
    tree: UiNode | None
    complete: bool = True
