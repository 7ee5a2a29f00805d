"""A clipboard for letters that no key has: what an input method would hand to the program in front.

X11 knows two selections, one pasted with ctrl+v and one with shift+Insert; this owns both (ICCCM 2.0,
section 2).
"""

import os
import select
import threading
from types import TracebackType

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.protocol import event

_SELECTIONS = ("CLIPBOARD", "PRIMARY")
_TEXTS = ("UTF8_STRING", "text/plain;charset=utf-8", "text/plain")


class Clipboard:
    """Serves one text at a time from a thread of its own, which alone speaks to the display."""

    def __init__(self, display: str) -> None:
        self._x = Display(display)
        root = self._x.screen().root
        self._window = root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        self._text = b""
        self._served = threading.Event()
        self._owned = threading.Event()
        self._wake, self._waker = os.pipe()
        self._ended = False
        self._thread = threading.Thread(target=self._work, name="desk-clipboard", daemon=True)

    def __enter__(self) -> "Clipboard":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended = True
        os.write(self._waker, b".")
        self._thread.join()
        self._x.close()
        os.close(self._wake)
        os.close(self._waker)

    def hold(self, text: str) -> None:
        """From now on this is what is pasted."""
        self._text = text.encode()
        self._served.clear()
        self._owned.clear()
        os.write(self._waker, b".")
        self._owned.wait(2.0)

    def served(self, patience_s: float) -> bool:
        """Whether a program has asked for the text in time."""
        return self._served.wait(patience_s)

    def _work(self) -> None:
        while not self._ended:
            while self._x.pending_events():
                happened = self._x.next_event()
                if isinstance(happened, event.SelectionRequest):
                    self._answer(happened)
            ready, _, _ = select.select([self._x.fileno(), self._wake], [], [], 5.0)
            if self._wake in ready:
                os.read(self._wake, 64)
                self._own()

    def _own(self) -> None:
        for name in _SELECTIONS:
            self._window.set_selection_owner(self._x.intern_atom(name), X.CurrentTime)
        self._x.sync()
        self._owned.set()

    def _answer(self, asked: event.SelectionRequest) -> None:
        atom = self._x.intern_atom
        texts = [atom(name) for name in _TEXTS]
        place = asked.property or asked.target
        if asked.target == atom("TARGETS"):
            asked.requestor.change_property(place, Xatom.ATOM, 32, [atom("TARGETS"), *texts])
        elif asked.target in texts:
            asked.requestor.change_property(place, asked.target, 8, self._text)
        else:
            place = X.NONE
        asked.requestor.send_event(
            event.SelectionNotify(
                time=asked.time,
                requestor=asked.requestor,
                selection=asked.selection,
                target=asked.target,
                property=place,
            )
        )
        self._x.flush()
        if asked.target in texts:
            self._served.set()
