"""The clipboard source: text that was copied. Off unless the person turns it on.

It is read only where it can be told whose it is: the program that owns the clipboard is the one whose window
is in front, that window is looked at anew and admitted, and nothing else came to the front meanwhile. All of
that is asked before anything is read, and so are the marks by which password managers say that a copy is
secret; that nobody else took the clipboard meanwhile is asked again after each answer. What another program
put there (a password tool in a terminal, a clipboard manager, the compositor) is left alone.
"""

import re
import time
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

from gum.text import MAX_TEXT, clean
from gum.types import Effect, Observation, Trust, WindowInfo
from observers.backends.choose import open_windows
from observers.base import Source, Supervised, now, seen_in
from observers.bell import Bell
from observers.gate import Gate
from observers.pace import Pace
from observers.selection import Copy, Selection
from observers.windows import Windows

MOST = 30  # copies of one program in PERIOD_S that are read; more is a program, not a person
PERIOD_S = 60.0
FOLD = timedelta(minutes=10)  # the same text copied again within this is the copy before, going on

# Forms that a copy is offered in by who does not want it kept: KDE's (also KeePassXC, Chromium), macOS's and
# Windows' names for it, which programs for all three may carry along. Any value: it is not read either.
_SECRET = ("passwordmanagerhint", "concealed", "excludeclipboardcontent", "canincludeinclipboardhistory")
_NUMBER = re.compile(r"[+(]?\d[\d\s().,:/+-]*%?")
_MAIL = re.compile(r"(?:mailto:)?[^@\s:/]+@[\w.-]+\.\w+")
# As codes are written: together, or in groups of three or of four.
_CODE = re.compile(r"\d{4,9}|\d{3}(?:[ -]\d{3}){1,2}|\d{3}[ -]\d{4}|\d{4}(?:[ -]\d{4}){1,2}")
_ADDRESS = re.compile(
    r"www\.\S+|file:///\S+|[a-z][a-z0-9+.-]*://(?:[\w-]+(?:\.[\w-]+)*|\[[0-9a-f:.]+\])(?::\d+)?(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_PATH = re.compile(r"~/\S+|\.?/[^\s/]+/\S*")
_HOLDS_ONE = ("wifi:", "otpauth:", "otpauth-migration:")  # what QR codes of networks and second factors say


def secret(targets: Collection[str]) -> bool:
    """Whether a copy that is offered in these forms must not be read: it is marked so, or offers none."""
    return not targets or any(mark in target.casefold() for target in targets for mark in _SECRET)


def bare_secret(text: str) -> bool:
    """Whether each line of `text` is one word that may be a password, or a code.

    Such a word has a digit and is no address, path or number. What stands in a text beside its label is taken
    out later (`gum.redact`); a copied password stands alone.
    """
    words = [word for line in text.splitlines() if (word := line.strip())]
    return bool(words) and all(_bare(word) for word in words)


def _bare(word: str) -> bool:
    if word.casefold().startswith(_HOLDS_ONE) or _CODE.fullmatch(word):
        return True
    if len(word) > 128 or len(word.split()) > 1 or not any(c.isdigit() for c in word):
        return False
    return not any(form.fullmatch(word) for form in (_ADDRESS, _PATH, _MAIL, _NUMBER))


def again(last: Observation | None, window: WindowInfo, text: str, at: datetime) -> Observation | None:
    """The copy that `text`, copied in `window` at `at`, continues; None when it is a new one."""
    if last is None or at - last.until > FOLD:
        return None
    if (last.app, last.title, last.url, last.text) != (window.app, window.title, window.url, text):
        return None
    return replace(last, until=max(last.until, at))


class Clipboard(Source):
    """Watches the clipboard of an X11 display (default: the environment's). An `observers.base.Observer`.

    `front` looks at the front window anew, over the given connection; None unless its text may be read.
    """

    name = "clipboard"

    def __init__(
        self, gate: Gate, front: Callable[[Windows], WindowInfo | None], display: str | None = None
    ) -> None:
        self._gate, self._front, self._display = gate, front, display
        self._bell = Bell()
        self._last: Observation | None = None
        self._pace = Pace(MOST, PERIOD_S)
        self._worker = Supervised(self.name, self._watch, self._bell.set)

    def _watch(self) -> None:
        """Runs until stopped. Raises CaptureUnavailable when there is no display that tells of copies."""
        self._bell.clear()
        with closing(open_windows(self._display)) as windows, closing(Selection(self._display)) as selection:
            while not self._worker.stopping():
                self._worker.alive()
                copy = selection.wait(self._bell)
                if copy is not None:
                    self._look(selection, windows, copy)

    def _look(self, selection: Selection, windows: Windows, copy: Copy) -> None:
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
        if not self._pace.allows(window.app, time.monotonic()):
            return
        # Both questions go to whoever owns the clipboard by then: a password manager may have taken it.
        if secret(selection.targets(copy)) or not selection.still(copy):
            return
        text = clean(selection.text(copy))[:MAX_TEXT].strip()
        if text and selection.still(copy) and not bare_secret(text):
            self._put(window, text)

    def _put(self, window: WindowInfo, text: str) -> None:
        """Hands a text over; the same one again from the same window is the one before, going on."""
        moment = now()
        found = again(self._last, window, text, moment)
        if found is None:
            found = seen_in(window, self.name, text, Trust.READ, moment)
        if self._gate.put(found):
            self._last = found
            self._worker.found()
