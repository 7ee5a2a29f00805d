"""The tree source: the accessible text of the admitted front window, by whose words it is.

Whose tree that is (`windows.Trees`) differs by system: AT-SPI's is read here, others' are in `backends`.

Reads when the window, its title or its address changes, when the program says that text changed, and when the
hands did something that is worth a look (`activity`: scrolling tells no program's text), at the latest every
WAIT_S while the person is active; every POLL_S where nobody tells of the hands. Before anything is handed
over, the frame's name and the documents' addresses found in the very tree that was read are held against the
rules once more.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from gum.types import Rule, Trust, WindowInfo
from gum.ui import Snapshot, UiNode
from observers.activity import Activity, Trigger
from observers.atspi import Walk, listen_to, probe
from observers.base import PATIENCE_S, Sink, Source, Supervised, now, seen_in
from observers.browsers import is_private
from observers.bus import AccessibilityBus, Calls, Ref
from observers.focus import Focus, SharedFocus
from observers.privacy import admit, admit_all
from observers.segment import Segment, segment
from observers.settle import Settled, Settling
from observers.windows import Trees

POLL_S = 1.5  # while the person is active, where no triggers are told
WAIT_S = 5.0  # where they are
AGAIN_S = 1.2  # after a click: what it opened may have taken a moment
QUIET_S = 15.0  # when nobody touches anything; twice as long each time no program tells of a change
QUIETEST_S = 60.0
ACTIVE_S = 10.0  # since the last key or pointer movement
BREATH_S = 0.3  # between an event and the look, so that one key press is not one look
RETRY_S = 0.4  # a tree that did not fit its window: a page is loading; twice as long each time, to WAIT_S
_TOLD = (Trust.AUTHORED, Trust.RECEIVED, Trust.READ, Trust.ADVERT, Trust.SYSTEM)


def documents(tree: UiNode) -> list[str]:
    """Addresses of the outermost documents of a tree, in reading order."""
    if url := tree.attributes.get("url"):
        return [url]
    return [url for child in tree.children for url in documents(child)]


def allowed(window: WindowInfo, tree: UiNode, rules: Sequence[Rule]) -> WindowInfo | None:
    """`window` as the tree itself describes it, or None when the rules refuse that or it does not fit."""
    urls = documents(tree)
    private = is_private(window.app, window.title, [tree.name]) if window.browser else window.private
    seen = replace(window, private=private, url=urls[0] if urls else None)
    named = replace(seen, title=tree.name)  # the tree is ahead of the X11 title while a window changes
    fits_rules = admit_all(seen, urls, rules).allowed and (
        not tree.name or admit_all(named, urls, rules).allowed
    )
    return seen if fits_rules else None


def pruned(node: UiNode, window: WindowInfo, rules: Sequence[Rule]) -> UiNode:
    """The tree without embedded documents (frames inside a page) that the rules refuse."""
    kept = []
    for child in node.children:
        url = child.attributes.get("url")
        if url is None or admit(replace(window, url=url or None), rules).allowed:
            kept.append(pruned(child, window, rules))
    return replace(node, children=tuple(kept))


async def read(calls: Calls, window: WindowInfo, frame: Ref | None) -> tuple[UiNode | None, bool, Ref | None]:
    """The tree of a window, whether all of it was read, and its frame. Raises Gone."""
    if frame is None:
        frame = (await probe(calls, window)).frame
    if frame is None:
        return None, True, None
    walk = Walk(calls)
    return await walk.read(frame), walk.complete, frame


class AtspiTrees:
    """The trees of programs on the accessibility bus. An `observers.windows.Trees`."""

    def __init__(self, bus: AccessibilityBus) -> None:
        self._bus = bus
        self._followed = ""

    def open(self) -> None:
        self._followed = ""
        self._bus.ask(listen_to("", ""))

    def read(self, window: WindowInfo, frame: Ref | None) -> tuple[UiNode | None, bool, str]:
        tree, complete, found = self._bus.ask(lambda calls: read(calls, window, frame))
        return tree, complete, found[0] if found is not None else ""

    def follow(self, program: str) -> None:
        """These events carry typed text: that is why no other program's are asked for."""
        old, self._followed = self._followed, program
        self._bus.ask(listen_to(program, old))

    def listen(self, heard: Callable[[str, str], None]) -> None:
        self._bus.listen(heard)


class UiTree(Source):
    """Reads the tree of the window that `focus` admits. An `observers.base.Observer`."""

    name = "ui_tree"

    def __init__(
        self,
        sink: Sink,
        focus: SharedFocus,
        trees: Trees,
        rules: Callable[[], Sequence[Rule]],
        paused: Callable[[], bool],
        idle_s: Callable[[], float],
        activity: Activity,
        told: Callable[[], bool],
    ) -> None:
        """`told`: whether somebody tells `activity` of triggers now."""
        self._sink, self._focus, self._trees = sink, focus, trees
        self._rules, self._paused, self._idle_s = rules, paused, idle_s
        self._triggered = told
        self._again: float | None = None  # when to look once more after a click
        self._news = threading.Event()
        self._program = ""  # the bus name whose events matter now
        self._dirty = False  # something changed since the last look
        self._looked = 0.0
        self._misfits = 0  # trees in a row that did not fit
        self._quiet = QUIET_S
        self._settling = Settling()
        self._worker = Supervised(self.name, self._watch, self._news.set, PATIENCE_S)
        focus.subscribe(self._news)
        trees.listen(self._heard)
        activity.subscribe(self._did)

    def _heard(self, program: str, event: str) -> None:
        if program == self._program:
            self._dirty = True
            self._news.set()

    def _did(self, trigger: Trigger) -> None:
        self._dirty = True
        if trigger is Trigger.CLICK:
            self._again = time.monotonic() + AGAIN_S
        self._news.set()

    def _watch(self) -> None:
        """Runs until stopped; a lost bus raises CaptureUnavailable and the supervisor comes back."""
        self._program = ""
        self._trees.open()
        seen: Focus | None = None
        while not self._worker.stopping():
            focus = self._focus.get()
            if self._paused() or (seen and _window_id(seen) == _window_id(focus) and not focus.readable):
                self._settling.forget()  # off the record, also what waited for the typing to pause
            elif seen is not None and _window_id(seen) != _window_id(focus):
                self._hand_over(self._settling.leave())
            if seen is None or focus.number != seen.number:
                self._dirty = True
            wait = self._turn(focus)
            seen = focus
            self._hand_over(self._settling.rest(now()))
            self._worker.alive()
            if self._news.wait(min(wait, 0.5) if self._settling.waiting else wait):
                self._worker.rest(BREATH_S)
            self._news.clear()  # before it is asked whether to stop: else that call may be lost

    def _turn(self, focus: Focus) -> float:
        """Looks if there is reason to; returns for how many seconds nothing needs doing."""
        if not focus.readable or self._paused():
            return QUIET_S if focus.readable is False and not self._paused() else 0.5
        left = self._looked + self._pace() - time.monotonic()
        if not self._dirty and left > 0:
            return max(0.05, left)
        here = self._idle_s() < ACTIVE_S
        self._quiet = QUIET_S if self._dirty or here else min(QUIETEST_S, self._quiet * 2)
        self._dirty = False
        again = self._look(focus)
        self._looked = time.monotonic()
        self._misfits = self._misfits + 1 if again else 0
        if again:
            # By itself, not by `_dirty`: one that never fits must not be read at every chance.
            self._again = self._looked + min(WAIT_S, RETRY_S * 2 ** min(self._misfits - 1, 8))
        return self._pace()

    def _pace(self) -> float:
        """Seconds from the last look to the next, if nothing is told meanwhile."""
        again = self._again
        if again is not None and self._looked >= again:
            again = self._again = None
        usual = WAIT_S if self._triggered() else POLL_S
        pace = usual if self._idle_s() < ACTIVE_S else self._quiet
        return pace if again is None else max(0.05, min(pace, again - self._looked))

    def _look(self, focus: Focus) -> bool:
        """Reads the tree once and notes its texts; True when it should be tried again soon."""
        window = focus.window
        assert window is not None
        tree, complete, program = self._trees.read(window, focus.frame)
        if tree is None:
            self._focus.cover(focus.number, False)
            return False
        if program != self._program:
            self._program = program
            self._trees.follow(program)
        at, rules = now(), self._rules()
        described = allowed(window, tree, rules)
        if described is None or self._focus.get().number != focus.number or self._paused():
            return True
        left = pruned(tree, described, rules)
        segments = segment(Snapshot(described, left, complete))
        # Where a part was refused, pixels would show it: then the tree is all that is looked at.
        self._focus.cover(focus.number, bool(segments) or left != tree)
        self._note(described, segments, at)
        return False

    def _note(self, window: WindowInfo, segments: Sequence[Segment], at: datetime) -> None:
        texts = {piece.trust: piece.text for piece in segments}
        for trust in _TOLD:
            key = (window.window_id, trust)
            self._hand_over(self._settling.see(key, texts.get(trust, ""), at, window))

    def _hand_over(self, settled: Sequence[Settled]) -> None:
        for text in settled:
            if self._paused():
                return
            self._sink.put(seen_in(text.window, self.name, text.text, text.key[1], text.at, text.until))
            self._worker.found()


def _window_id(focus: Focus) -> int | None:
    return focus.window.window_id if focus.window else None
