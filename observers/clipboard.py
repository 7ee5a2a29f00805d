"""The clipboard source: text that was copied. Off unless the person turns it on.

It is read only where it can be told whose it is: the program that owns the clipboard is the one whose window
is in front, that window is looked at anew and admitted, and nothing else came to the front meanwhile. All of
that is asked before anything is read, and so are the marks by which password managers say that a copy is
secret. What another program put there (a password tool in a terminal, a clipboard manager, the compositor)
is left alone.
"""

import re
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import replace

from gum.text import MAX_TEXT, clean
from gum.types import Effect, Observation, ObservationId, SourceHealth, Trust, WindowInfo, new_id
from observers.base import Supervised, now
from observers.gate import Gate
from observers.pace import Pace
from observers.selection import Copy, Selection
from observers.window import X11Windows

MOST = 30  # copies of one program in PERIOD_S that are read; more is a program, not a person
PERIOD_S = 60.0

# Forms that a copy is offered in by who does not want it kept: KDE's (also KeePassXC, Chromium), macOS's and
# Windows' names for it, which programs for all three may carry along. Any value: it is not read either.
_SECRET = ("passwordmanagerhint", "concealed", "excludeclipboardcontent", "canincludeinclipboardhistory")
_NUMBER = re.compile(r"[+(]?\d[\d\s().,:/+-]*%?")
_MAIL = re.compile(r"[^@\s]+@[\w.-]+\.\w+")
_CODE = re.compile(r"\d{4,8}")


def secret(targets: Collection[str]) -> bool:
    """Whether a copy that is offered in these forms must not be read: it is marked so, or offers none."""
    return not targets or any(mark in target.casefold() for target in targets for mark in _SECRET)


def bare_secret(text: str) -> bool:
    """Whether `text` is one word that may be a password or a code: with a digit, no address, path or number.

    What stands in a text beside its label is taken out later (`gum.redact`); a copied password stands alone.
    """
    word = text.strip()
    if not word or len(word) > 128 or len(word.split()) > 1 or not any(c.isdigit() for c in word):
        return False
    if "://" in word or word.startswith(("/", "~/", "./", "www.")) or _MAIL.fullmatch(word):
        return False
    return bool(_CODE.fullmatch(word)) or not _NUMBER.fullmatch(word)


class Clipboard:
    """Watches the clipboard of an X11 display (default: the environment's). An `observers.base.Observer`.

    `front` looks at the front window anew, over the given connection; None unless its text may be read.
    """

    name = "clipboard"

    def __init__(
        self, gate: Gate, front: Callable[[X11Windows], WindowInfo | None], display: str | None = None
    ) -> None:
        self._gate, self._front, self._display = gate, front, display
        self._lock = threading.Lock()
        self._selection: Selection | None = None
        self._last: Observation | None = None
        self._pace = Pace(MOST, PERIOD_S)
        self._worker = Supervised(self.name, self._watch, self._wake)

    def start(self) -> None:
        self._worker.start()

    def stop(self) -> None:
        self._worker.stop()

    def health(self) -> SourceHealth:
        return self._worker.health()

    def _wake(self) -> None:
        with self._lock:
            if self._selection is not None:
                self._selection.wake()

    def _watch(self) -> None:
        """Runs until stopped. Raises CaptureUnavailable when there is no display that tells of copies."""
        windows = X11Windows(self._display)
        try:
            selection = Selection(self._display)
            with self._lock:
                self._selection = selection
            try:
                while not self._worker.stopping():
                    self._worker.alive()
                    copy = selection.wait()
                    if copy is not None:
                        self._look(selection, windows, copy)
            finally:
                with self._lock:
                    self._selection = None
                selection.close()
        finally:
            windows.close()

    def _look(self, selection: Selection, windows: X11Windows, copy: Copy) -> None:
        """Reads a copy, if it may be."""
        windows.wait(0)  # what it heard meanwhile is of no use here, and would pile up
        if self._gate.paused() or not copy.owner:
            return
        window = self._front(windows)
        if window is None or not selection.of_one_program(copy.owner, window.window_id):
            return
        effect = self._gate.judge(window).effect
        if effect not in (Effect.KEEP, Effect.TEXT_ONLY) or not selection.still(copy):
            return
        if not self._pace.allows(window.app, time.monotonic()) or secret(selection.targets(copy)):
            return
        text = clean(selection.text(copy))[:MAX_TEXT].strip()
        if text and not bare_secret(text):
            self._put(window, text)

    def _put(self, window: WindowInfo, text: str) -> None:
        """Hands a text over; the same one again from the same program is the one before, going on."""
        moment, last = now(), self._last
        if last is not None and (last.app, last.text) == (window.app, text):
            found = replace(last, until=max(last.until, moment))
        else:
            found = Observation(
                id=ObservationId(new_id()),
                source=self.name,
                at=moment,
                until=moment,
                app=window.app,
                title=window.title,
                text=text,
                trust=Trust.READ,
                url=window.url,
            )
        if self._gate.put(found):
            self._last = found
            self._worker.found()
