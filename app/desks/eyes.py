"""The observers in a desk's own time: what `observers` would hand over, without waiting for it.

The timing is that of `observers.front` (a window in use), `observers.ui_tree` (its tree, through `settle`)
and `observers.screen` (lines of a window whose tree tells nothing); what is admitted, whose words a text is
and when it has settled are decided by the product's own functions, called here as they are called there.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from app.desks.types import Sight
from app.pixels import split
from gum.types import (
    Admission,
    Effect,
    Exclusion,
    Line,
    Observation,
    ObservationId,
    Region,
    RuleId,
    Trust,
    WindowInfo,
)
from gum.ui import Snapshot, UiNode
from observers.atspi import Probe
from observers.base import REPORT_EVERY_S
from observers.front import DWELL_S, EXTEND_S, told
from observers.privacy import admit_all
from observers.screen import BUSY_S, LONGEST_S, STILL_S
from observers.segment import Segment, segment, segment_lines
from observers.settle import LONGEST_S as TYPED_S
from observers.settle import PAUSE_S, Settled, Settling
from observers.terminal import is_terminal
from observers.ui_tree import BREATH_S, POLL_S, allowed, documents, pruned

READ_S = 0.1  # what reading a tree takes: the next look cannot begin before
GLANCE_S = 0.3  # from a window's coming to front to its first picture, as measured
WAKE_S = 0.5  # while texts wait to settle, the tree source looks at the clock this often
_TOLD = (Trust.AUTHORED, Trust.RECEIVED, Trust.READ, Trust.ADVERT, Trust.SYSTEM)
_LIKE = {"o": "0", "0": "O", "l": "1", "1": "l", "i": "l", "e": "c", "c": "e", "m": "rn", "s": "5", "a": "o"}


class Screen(Protocol):
    """A window as the observers can look at it."""

    def info(self) -> WindowInfo:
        """What X11 tells of it: of a browser neither private mode nor address."""
        ...

    def tree(self) -> UiNode | None:
        """Its accessible tree now; the same object as long as nothing changed. None: it offers none."""
        ...

    def rows(self) -> Sequence[str]:
        """The lines that can be read from its pixels now, top to bottom."""
        ...


@dataclass(slots=True)
class _Front:
    screen: Screen
    window: WindowInfo
    admission: Admission
    covered: bool | None = None

    @property
    def readable(self) -> bool:
        return self.admission.allowed and self.admission.effect in (Effect.KEEP, Effect.TEXT_ONLY)

    @property
    def visible(self) -> bool:
        return self.admission.allowed and self.admission.effect is Effect.KEEP


@dataclass(slots=True)
class _Visit:
    window: WindowInfo
    id: ObservationId
    at: datetime
    put_at: datetime | None = None


@dataclass(slots=True)
class _Scene:
    """What is known of a window that is looked at by its pixels."""

    began: datetime
    moved: datetime
    last: tuple[str, ...] | None = None
    dirty: frozenset[int] = frozenset()  # places of rows that changed since the last hand-over


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


class Eyes:
    """Watches the window in front; `sights` is what came of it.

    `name` decides all ids. Times only go forward. `noise`: the share of letters that are misread from pixels.
    """

    def __init__(self, name: str, at: datetime, noise: float = 0.0) -> None:
        self._name, self._noise = name, noise
        self._dice = random.Random(f"noise {name}")
        self._now = at
        self._number = 0
        self._sights: list[Sight] = []
        self._steps: list[tuple[datetime, str]] = []
        self._front: _Front | None = None
        self._visit: _Visit | None = None
        self._settling = Settling()
        self._waits_since: datetime | None = None  # no text that waits to settle is older
        self._looked = at
        self._read: UiNode | None = None  # the tree of the last look
        self._scene: _Scene | None = None
        self._reported: dict[tuple[int, RuleId], datetime] = {}
        self._due: dict[str, datetime] = {}
        self._acts: dict[str, Callable[[], None]] = {
            "visit": self._dwelt,
            "report": self._report,
            "look": self._look,
            "rest": self._rest,
            "picture": self._picture,
        }

    @property
    def now(self) -> datetime:
        return self._now

    @property
    def sights(self) -> list[Sight]:
        """Everything so far, in the order of `Sight.at`."""
        return sorted(self._sights, key=lambda sight: sight.at)

    # --- what the person does ---------------------------------------------------------------------

    def begin(self, step: str) -> None:
        """A step begins now."""
        self._extend()
        self._steps.append((self._now, step))

    def wait(self, until: datetime) -> None:
        """Lets time pass; what the observers would do meanwhile is done."""
        while self._due:
            name = min(self._due, key=lambda one: (self._due[one], one))
            if self._due[name] > until:
                break
            self._now = max(self._now, self._due.pop(name))
            self._acts[name]()
        self._now = max(self._now, until)

    def look_at(self, screen: Screen | None) -> None:
        """Another window is in front, or its title or address is another. None: no window is."""
        before, front = self._front, self._judged(screen) if screen is not None else None
        same = before is not None and front is not None and _id(before) == _id(front)
        if front is not None and same and before is not None and before.window.url == front.window.url:
            front.covered = before.covered
        else:
            self._scene = None
            self._due.pop("picture", None)
        self._front, self._read = front, None
        if same and front is not None and not front.readable:
            self._settling.forget()
        elif before is not None and not same:
            self._hand_over(self._settling.leave())
        self._wait_on()
        self._stay_or_leave(front)
        self._due.pop("look", None)
        if front is not None and front.readable:
            self.changed()

    def changed(self, heard: bool = True, grows_at: datetime | None = None) -> None:
        """Something else stands in the window. Programs tell of typing, but nothing of scrolling (`heard`).

        `grows_at`: when a growing text will next look another, if it will. A look that could only find a text
        between two others, which nobody would hand over, is then left out: it costs what all looks cost.
        """
        front = self._front
        if front is None or not front.readable:
            return
        if front.covered is False and front.visible and "picture" not in self._due:
            self._due["picture"] = self._now + seconds(BUSY_S)
        if front.covered is False and front.screen.tree() is None:
            return
        if "look" in self._due:
            return
        since = self._waits_since
        if grows_at is not None and since is not None:
            next_look = grows_at + seconds(BREATH_S)
            quick = next_look - self._now < seconds(PAUSE_S)
            if quick and next_look < since + seconds(TYPED_S):
                self._due.pop("rest", None)  # the text goes on changing: it cannot settle before that look
                return
        wait = BREATH_S if heard else POLL_S
        self._due["look"] = max(self._now, self._looked + seconds(READ_S)) + seconds(wait)

    def lock(self) -> None:
        """The screen is locked: nothing is looked at until `look_at`."""
        self._extend()
        self._visit = None
        self._due.pop("visit", None)
        self.look_at(None)

    # --- windows ----------------------------------------------------------------------------------

    def _judged(self, screen: Screen) -> _Front:
        """The window with what its tree tells of its address and private mode, and the rules' answer."""
        window = screen.info()
        found = None
        tree = screen.tree() if window.browser else None
        if tree is not None:
            found = Probe(("", "/"), (tree.name,), tuple(dict.fromkeys(documents(tree))), ())
        window = told(window, found)
        return _Front(screen, window, admit_all(window, found.urls if found else (), ()))

    def _stay_or_leave(self, front: _Front | None) -> None:
        self._due.pop("report", None)
        if front is None or not front.admission.allowed:
            self._leave()
            if front is not None:
                self._report()
        elif self._visit is None or _other(self._visit.window, front.window):
            self._leave()
            self._visit = _Visit(front.window, self._fresh(), self._now)
            self._due["visit"] = self._now + seconds(DWELL_S)

    def _dwelt(self) -> None:
        assert self._visit is not None
        self._put(self._visit, self._now)

    def _extend(self) -> None:
        """Tells that a window is still in use, as of the last time it would have been told.

        The source says so every EXTEND_S; but for a later end these are all the same, and the store keeps
        only the last, so one a step is enough.
        """
        visit = self._visit
        if visit is not None and visit.put_at is not None:
            times = (self._now - visit.put_at) // seconds(EXTEND_S)
            if times:
                self._put(visit, visit.put_at + times * seconds(EXTEND_S))

    def _leave(self) -> None:
        visit, self._visit = self._visit, None
        self._due.pop("visit", None)
        if visit is not None and visit.put_at is not None:
            self._put(visit, self._now)

    def _put(self, visit: _Visit, until: datetime) -> None:
        visit.put_at = until
        window = visit.window
        self._saw(
            Observation(
                id=visit.id,
                source="window",
                at=visit.at,
                until=until,
                app=window.app,
                title=window.title,
                text=window.title,
                trust=Trust.ACTED_ON,
                url=window.url,
            )
        )

    def _report(self) -> None:
        """Program and rule of a refused window, again every REPORT_EVERY_S while it is in front."""
        front = self._front
        assert front is not None
        key = (front.window.window_id, front.admission.rule_id)
        last = self._reported.get(key)
        if last is None or self._now - last >= seconds(REPORT_EVERY_S):
            self._reported[key] = last = self._now
            exclusion = Exclusion(self._now, front.window.app, front.admission.rule_id)
            self._sights.append(Sight(self._step(self._now), exclusion=exclusion))
        self._due["report"] = last + seconds(REPORT_EVERY_S)

    # --- trees ------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Reads the tree of the window in front once and notes its texts."""
        front, self._looked = self._front, self._now
        assert front is not None
        tree = front.screen.tree()
        if tree is None:
            self._cover(front, False)
            return
        if tree is self._read and not self._settling.waiting:
            return  # nothing changed since: there is nothing new to be told
        described = allowed(front.window, tree, ())
        if described is None:
            return
        left = pruned(tree, described, ())
        segments = segment(Snapshot(described, left))
        self._cover(front, bool(segments) or left != tree)
        self._note(described, segments)
        self._read = tree

    def _note(self, window: WindowInfo, segments: Sequence[Segment]) -> None:
        texts = {piece.trust: piece.text for piece in segments}
        for trust in _TOLD:
            text = texts.get(trust, "")
            self._hand_over(self._settling.see((window.window_id, trust), text, self._now, window))
        self._wait_on()

    def _rest(self) -> None:
        self._hand_over(self._settling.rest(self._now))
        self._wait_on()

    def _wait_on(self) -> None:
        """Looks at the clock again soon, while texts wait."""
        if self._settling.waiting:
            self._due["rest"] = self._now + seconds(WAKE_S)
            self._waits_since = self._waits_since or self._now
        else:
            self._waits_since = None

    def _hand_over(self, settled: Sequence[Settled]) -> None:
        for text in settled:
            window = text.window
            self._saw(
                Observation(
                    id=self._fresh(),
                    source="ui_tree",
                    at=text.at,
                    until=text.until,
                    app=window.app,
                    title=window.title,
                    text=text.text,
                    trust=text.key[1],
                    url=window.url,
                )
            )

    # --- pixels -----------------------------------------------------------------------------------

    def _cover(self, front: _Front, covered: bool) -> None:
        if front.covered == covered:
            return
        front.covered = covered
        self._due.pop("picture", None)
        self._scene = None
        if not covered and front.visible:
            self._due["picture"] = self._now + seconds(GLANCE_S)

    def _picture(self) -> None:
        """Compares the rows with those of the last look; hands over when they are still, or move too long."""
        front = self._front
        if front is None or not front.visible:
            return
        scene = self._scene = self._scene or _Scene(self._now, self._now)
        rows = tuple(front.screen.rows())
        if rows != scene.last:
            if not scene.dirty:
                scene.began = self._now
            scene.dirty |= _differing(scene.last, rows)
            scene.last, scene.moved = rows, self._now
        elif not scene.dirty:
            return
        self._due["picture"] = self._now + seconds(BUSY_S)
        if self._now - scene.moved >= seconds(STILL_S) or self._now - scene.began >= seconds(LONGEST_S):
            whole = is_terminal(front.window.app)
            part = [row for place, row in enumerate(rows) if whole or place in scene.dirty]
            scene.dirty = frozenset()
            self._told_by(front.window, part)

    def _told_by(self, window: WindowInfo, rows: Sequence[str]) -> None:
        """What rows of a picture say, split by whose words they are as after reading it."""
        parent = Observation(
            id=self._fresh(),
            source="screen",
            at=self._now,
            until=self._now,
            app=window.app,
            title=window.title,
            text="",
            trust=Trust.READ,
            url=window.url,
        )
        lines = [
            # How many spaces there are cannot be read from pixels.
            Line(self._misread(" ".join(row.split())), Region(0, 16 * place, 8 * len(row), 14), 1.0)
            for place, row in enumerate(rows)
            if row.strip()
        ]
        first, rest = split(parent, segment_lines(window.app, lines))
        for one in (first, *rest):
            self._saw(one)

    def _misread(self, row: str) -> str:
        if not self._noise:
            return row
        return "".join(
            _LIKE.get(letter, letter) if self._dice.random() < self._noise else letter for letter in row
        )

    # --- ids and steps ----------------------------------------------------------------------------

    def _fresh(self) -> ObservationId:
        self._number += 1
        return ObservationId(sha256(f"{self._name}\n{self._number}".encode()).hexdigest()[:32])

    def _saw(self, observation: Observation) -> None:
        self._sights.append(Sight(self._step(observation.until), observation))

    def _step(self, at: datetime) -> str:
        """The step during which something was seen that ended at `at`."""
        for begins, step in reversed(self._steps):
            if begins < at:
                return step
        return self._steps[0][1] if self._steps else ""


def _id(front: _Front) -> int:
    return front.window.window_id


def _other(one: WindowInfo, two: WindowInfo) -> bool:
    return (one.window_id, one.title, one.url) != (two.window_id, two.title, two.url)


def _differing(last: Sequence[str] | None, rows: Sequence[str]) -> frozenset[int]:
    """Places of rows that are not what they were; all of them when nothing is known."""
    if last is None:
        return frozenset(range(len(rows)))
    return frozenset(place for place, row in enumerate(rows) if place >= len(last) or last[place] != row)
