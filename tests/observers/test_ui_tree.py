"""The tree that was read is held against the rules once more. Pure parts; the rest is in test_watch."""

import threading
import time
from collections.abc import Callable

import pytest

from gum.types import Admission, Effect, Rule, RuleId, WindowInfo
from gum.ui import UiNode
from observers import ui_tree
from observers.activity import Activity, Trigger
from observers.bus import AccessibilityBus
from observers.focus import Focus, SharedFocus
from observers.ui_tree import (
    ACTIVE_S,
    AGAIN_S,
    POLL_S,
    QUIET_S,
    RETRY_S,
    WAIT_S,
    AtspiTrees,
    UiTree,
    allowed,
    documents,
    pruned,
)
from tests.observers.recorder import Recorder

WINDOW = WindowInfo(1, "chromium", "Rail - Chromium", 1, None, private=False, browser=True)
CLINIC = Rule(RuleId("mine"), "No clinics", Effect.DROP, url="*clinic*")


def document(url: str, *children: UiNode) -> UiNode:
    return UiNode("document web", attributes={"url": url}, children=children)


def frame(*children: UiNode, name: str = WINDOW.title) -> UiNode:
    return UiNode("frame", name=name, children=(UiNode("panel", children=children),))


def test_the_tree_says_what_the_window_shows() -> None:
    seen = allowed(WINDOW, frame(document("https://rail.test/", document("https://inner.test/"))), ())
    assert seen is not None and seen.url == "https://rail.test/" and seen.private is False


def test_a_tree_that_became_private_or_moved_on_is_thrown_away() -> None:
    page = document("https://rail.test/")
    assert allowed(WINDOW, frame(page, name="Rail - Chromium (Incognito)"), ()) is None
    assert allowed(WINDOW, frame(page, name="Other - Chromium"), ()) is None
    assert allowed(WINDOW, frame(), ()) is None


def test_one_refused_document_of_a_split_view_refuses_the_window() -> None:
    tree = frame(document("https://rail.test/"), document("https://clinic.test/"))
    assert allowed(WINDOW, tree, (CLINIC,)) is None
    assert documents(tree) == ["https://rail.test/", "https://clinic.test/"]


def test_a_refused_frame_inside_a_page_is_cut_out() -> None:
    inner = document("https://clinic.test/", UiNode("static", name="diagnosis"))
    tree = frame(document("https://rail.test/", inner, UiNode("static", name="trains")))
    seen = allowed(WINDOW, tree, (CLINIC,))
    assert seen is not None
    kept = [node.name for node in pruned(tree, seen, (CLINIC,)).walk()]
    assert "trains" in kept and "diagnosis" not in kept


def watcher(told: list[bool], idle_s: list[float]) -> tuple[UiTree, Activity, SharedFocus]:
    """A tree source that is not at work, over no bus."""
    activity, focus = Activity(), SharedFocus()
    trees = AtspiTrees(AccessibilityBus("unix:path=/nowhere/bus"))
    tree = UiTree(
        Recorder(), focus, trees, lambda: (), lambda: False, lambda: idle_s[0], activity, lambda: told[0]
    )
    return tree, activity, focus


class Meets(threading.Event):
    """Whenever it is taken back, the source was told right before that it is to stop."""

    def __init__(self, stop: Callable[[], None]) -> None:
        super().__init__()
        self._told_to = stop

    def clear(self) -> None:
        self._told_to()
        super().clear()


def test_to_be_stopped_in_the_moment_in_which_it_takes_note_of_news_is_not_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tree, _, _ = watcher([True], [0.0])
    monkeypatch.setattr(tree._trees, "open", lambda: None)
    monkeypatch.setattr(ui_tree, "QUIET_S", 1000.0)
    tree._news = Meets(tree._worker._stop.set)
    tree._news.set()
    tree._worker.start()
    thread = tree._worker._thread
    try:
        assert thread is not None
        thread.join(20)
        assert not thread.is_alive()
    finally:
        tree._news.set()
        tree.stop()


def test_it_looks_seldomer_where_the_hands_tell_when_to() -> None:
    told, idle_s = [False], [0.0]
    tree, _, _ = watcher(told, idle_s)
    assert tree._pace() == POLL_S
    told[0] = True
    assert tree._pace() == WAIT_S > POLL_S
    idle_s[0] = ACTIVE_S
    assert tree._pace() == QUIET_S


def test_every_moment_the_hands_tell_of_is_looked_at_and_what_a_click_opens_once_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tree, activity, focus = watcher([True], [0.0])
    looks: list[float] = []

    def look(seen: Focus) -> bool:
        looks.append(time.monotonic())
        return False

    monkeypatch.setattr(tree, "_look", look)
    now = focus.set(WINDOW, Admission(True, Effect.KEEP, RuleId(""), ""))
    assert tree._turn(now) == WAIT_S and len(looks) == 1
    assert 0 < tree._turn(now) <= WAIT_S and len(looks) == 1
    for trigger in (Trigger.SCROLL_END, Trigger.TYPING_PAUSE):
        activity.tell(trigger)
        assert tree._turn(now) == WAIT_S
    assert len(looks) == 3
    activity.tell(Trigger.CLICK)
    wait = tree._turn(now)
    assert len(looks) == 4 and 0 < wait <= AGAIN_S
    time.sleep(wait)
    tree._turn(now)
    assert len(looks) == 5
    assert tree._pace() == WAIT_S


def test_a_tree_that_never_fits_is_read_ever_more_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    tree, activity, focus = watcher([True], [0.0])
    fits = [False]
    monkeypatch.setattr(tree, "_look", lambda seen: not fits[0])
    clock = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    now = focus.set(WINDOW, Admission(True, Effect.KEEP, RuleId(""), ""))
    waits = []
    for _ in range(6):
        waits.append(tree._turn(now))
        clock[0] += waits[-1]
    assert waits == pytest.approx([RETRY_S, 2 * RETRY_S, 4 * RETRY_S, 8 * RETRY_S, WAIT_S, WAIT_S])
    fits[0] = True
    assert tree._turn(now) == WAIT_S
    fits[0] = False
    activity.tell(Trigger.TYPING_PAUSE)
    assert tree._turn(now) == pytest.approx(RETRY_S)


def test_a_window_that_is_not_to_be_read_is_not_looked_at_whatever_the_hands_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tree, activity, focus = watcher([True], [0.0])
    monkeypatch.setattr(tree, "_look", lambda seen: pytest.fail("looked"))
    activity.tell(Trigger.CLICK)
    tree._turn(focus.set(WINDOW, Admission(False, Effect.DROP, RuleId("mine"), "")))
