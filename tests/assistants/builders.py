"""Nouns for the tests of this folder, and a stand-in for the desktop."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from assistants.guard import Folders
from gum.errors import ActionFailed
from gum.types import Moment, Observation, PropositionId, Suggestion, SuggestionId, WindowInfo, new_id
from gum.ui import Snapshot, UiNode
from tests.builders import NOON


def moment(
    *,
    at: datetime = NOON,
    app: str = "mousepad",
    title: str = "Untitled - Mousepad",
    activity: str = "idle",
    interruptibility: float = 1.0,
    recent: Sequence[Observation] = (),
    url: str | None = None,
) -> Moment:
    return Moment(at, app, title, activity, interruptibility, tuple(recent), (), url)


def suggestion(
    *,
    kind: str = "remind",
    p_useful: float = 0.5,
    benefit: float = 6.0,
    cost_shown: float = 3.0,
    cost_missed: float = 4.0,
    expires_at: datetime = NOON + timedelta(hours=1),
    text: str = "“the report” is due today.",
    why: Sequence[str] = ("p1",),
    state: str = "new",
    created_at: datetime = NOON,
) -> Suggestion:
    return Suggestion(
        SuggestionId(new_id()),
        kind,
        text,
        "It is due.",
        tuple(PropositionId(w) for w in why),
        p_useful,
        benefit,
        cost_shown,
        cost_missed,
        None,
        created_at,
        expires_at,
        state,
    )


def window(title: str, id: int = 1, url: str | None = None) -> WindowInfo:
    return WindowInfo(id, "mousepad", title, None, None, url=url)


def entry(
    name: str, text: str = "", ref: str = ":1/1", role: str = "entry", states: str = "editable"
) -> UiNode:
    return UiNode(role, name, text, frozenset(states.split()), ref=ref)


def page(*children: UiNode) -> UiNode:
    return UiNode("frame", children=children)


@dataclass
class FakeSurface:
    """A stand-in for the desktop: one window whose fields really change. The real one: test_act_desktop."""

    seen: Snapshot | None = None
    others: list[str] = field(default_factory=list)
    stubborn: bool = False  # a program that takes the text and does something else with it

    def snapshot(self) -> Snapshot | None:
        return self.seen

    def windows(self) -> list[str]:
        return [*self.others, *([self.seen.window.title] if self.seen is not None else [])]

    def set_text(self, ref: str, text: str) -> None:
        if self.seen is None or self.seen.tree is None:
            raise ActionFailed("no window")

        def put(node: UiNode) -> UiNode:
            kept = text.upper() if self.stubborn else text
            changed = replace(node, text=kept) if node.ref == ref else node
            return replace(changed, children=tuple(put(child) for child in node.children))

        self.seen = replace(self.seen, tree=put(self.seen.tree))


def folders(root: Path) -> Folders:
    return Folders.under(root)
