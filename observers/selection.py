"""The clipboard of an X11 display: that something was copied, by which program, and reading it with bounds.

Hears of copies by XFIXES (version 1: SelectionNotify) and reads as any program that pastes would (ICCCM 2.0,
section 2). PRIMARY, which follows every marking of text, is never asked for. One object belongs to one
thread.
"""

import select
import time
from dataclasses import dataclass

from Xlib import X
from Xlib.error import XError
from Xlib.ext import xfixes
from Xlib.protocol.request import GetProperty
from Xlib.protocol.rq import Event

from gum.errors import CaptureUnavailable
from gum.text import MAX_TEXT
from observers.bell import Bell
from observers.window import opened, x_errors

READ_S = 1.0  # a program that does not hand over its copy within this is left alone
LONGEST = 4 * MAX_TEXT  # bytes of a copy that are read; its beginning, where it is longer
MOST_TARGETS = 256
NO_XFIXES_HINT = "The display server lacks XFIXES; set clipboard = false under [sources]."
_PLACE = "GUMPTION_COPY"


@dataclass(frozen=True, slots=True)
class Copy:
    """Something was copied: the window that owns it (0: it was emptied), and the server's time, in ms."""

    owner: int
    time: int


class Selection:
    """The clipboard of a display (default: the environment's).

    Raises CaptureUnavailable when it does not answer, or cannot tell of copies.
    """

    def __init__(self, display: str | None = None) -> None:
        self._copied: Copy | None = None
        self._front_changed = False  # since the last copy, also since one that was handed out
        self._answers: list[Event] = []
        self._names: dict[int, str] = {}
        with opened(display) as self._display:
            self._listen()

    def close(self) -> None:
        with x_errors():
            self._display.close()

    def wait(self, bell: Bell) -> Copy | None:
        """The newest copy, as soon as there is one that was not handed out yet; None once the bell rings."""
        with x_errors():
            while True:
                self._take()
                if self._copied is not None:
                    copied, self._copied = self._copied, None
                    return copied
                if bell.is_set():
                    return None
                bell.wait_or(self._display.fileno())

    def still(self, copy: Copy) -> bool:
        """Whether up to now nothing came after `copy`: no other copy, and no other window to the front."""
        with x_errors():
            owner = self._display.get_selection_owner(
                self._clipboard
            )  # all that was before its answer is here
            self._take()
        same = (owner if isinstance(owner, int) else owner.id) == copy.owner
        return same and self._copied is None and not self._front_changed

    def of_one_program(self, one: int, other: int) -> bool:
        """Whether two windows were made over one connection: the server gives each its own range of ids."""
        own: int = self._display.display.info.resource_id_mask
        return (one & ~own) == (other & ~own)

    def targets(self, copy: Copy) -> frozenset[str]:
        """The forms that what was copied can be had in; empty when its owner does not say."""
        found = self._convert("TARGETS", copy, 4 * MOST_TARGETS)
        if found is None or isinstance(found.value, bytes):
            return frozenset()
        with x_errors():
            return frozenset(self._name(int(atom)) for atom in found.value)

    def text(self, copy: Copy) -> str:
        """The beginning of what was copied, at most LONGEST bytes of UTF-8; empty when it is not to be had.

        What is too large for one piece (hundreds of kilobytes: ICCCM's INCR) is left: no text a person reads.
        """
        found = self._convert("UTF8_STRING", copy, LONGEST)
        if found is None or self._name(found.property_type) != "UTF8_STRING":
            return ""
        return found.value.decode("utf-8", "ignore") if isinstance(found.value, bytes) else ""

    def _listen(self) -> None:
        x = self._display
        if not x.has_extension("XFIXES"):
            raise CaptureUnavailable("The display does not tell of copies", NO_XFIXES_HINT)
        x.xfixes_query_version()
        self._clipboard = x.intern_atom("CLIPBOARD")
        self._active = x.intern_atom("_NET_ACTIVE_WINDOW")
        self._place = x.intern_atom(_PLACE)
        self._heard = tuple(x.extension_event.SetSelectionOwnerNotify)  # type and kind of the event
        root = x.screen().root
        root.change_attributes(event_mask=X.PropertyChangeMask)
        x.xfixes_select_selection_input(root, self._clipboard, xfixes.XFixesSetSelectionOwnerNotifyMask)
        x.sync()

    def _take(self) -> None:
        """Takes all waiting events."""
        while self._display.pending_events():
            event = self._display.next_event()
            if event.type == X.SelectionNotify:
                self._answers.append(event)
            elif event.type == X.PropertyNotify:
                self._front_changed |= event.atom == self._active
            elif (event.type, getattr(event, "sub_code", None)) == self._heard:
                owner = event.owner if isinstance(event.owner, int) else event.owner.id
                self._copied = Copy(owner, event.selection_timestamp)
                self._front_changed = False

    def _convert(self, target: str, copy: Copy, longest: int) -> GetProperty | None:
        """The property in which the owner put what was asked for; None when there is none in time.

        Asked from a window of its own: when that is gone, an owner that is still at it knows to stop.
        """
        with x_errors():
            window = self._display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
            try:
                window.convert_selection(
                    self._clipboard, self._display.intern_atom(target), self._place, copy.time
                )
                if not self._answered(window.id):
                    return None
                found: GetProperty | None = window.get_property(
                    self._place, X.AnyPropertyType, 0, longest // 4
                )
                return found
            except XError:
                return None
            finally:
                window.destroy()
                self._display.flush()

    def _answered(self, window: int) -> bool:
        """Waits for the owner's answer; whether it is more than a no.

        When none comes in time, what was copied meanwhile is let go too: nobody can tell any more where.
        """
        deadline = time.monotonic() + READ_S
        while True:
            self._take()
            answers, self._answers = self._answers, []
            for answer in answers:
                if answer.requestor.id == window:
                    return bool(answer.property)
            left = deadline - time.monotonic()
            if left <= 0:
                self._copied = None
                return False
            select.select([self._display.fileno()], [], [], left)

    def _name(self, atom: int) -> str:
        if atom not in self._names:
            try:
                self._names[atom] = self._display.get_atom_name(atom)
            except XError:
                return ""
        return self._names[atom]
