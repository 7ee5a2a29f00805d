"""A program with a window, in which somebody copies: owns X11 selections and notes what it is asked for."""

import os
import queue
import select
import threading
from collections.abc import Callable, Sequence
from types import TracebackType

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.protocol import event

TARGETS = ("UTF8_STRING", "text/plain;charset=utf-8")


class Copier:
    """A window of program `app` titled `title` (none without a title), on a connection of its own.

    `offers` are the forms it says it has; `slow` never hands one over; `large` hands over in parts (INCR).
    """

    def __init__(
        self,
        display: str,
        title: str = "",
        app: str = "tally",
        offers: Sequence[str] = TARGETS,
        slow: bool = False,
        large: bool = False,
    ) -> None:
        self.asked: list[str] = []
        self.requestor_gone = threading.Event()
        self._x = Display(display)
        self._offers, self._slow, self._large, self._text = list(offers), slow, large, b""
        self._window = self._x.screen().root.create_window(40, 40, 300, 200, 0, X.CopyFromParent)
        self.window = self._window.id
        if title:
            self._window.set_wm_class(app, app)
            self._window.set_wm_name(title)
            self._window.map()
        self._x.sync()
        self._wake, self._waker = os.pipe()
        self._todo: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> "Copier":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._do(None)
        self._thread.join(10)
        self._x.close()
        os.close(self._wake)
        os.close(self._waker)

    def copy(self, text: str, selection: str = "CLIPBOARD") -> None:
        """Puts a text into a selection; returns when the server knows."""
        done = threading.Event()

        def own() -> None:
            self._text = text.encode()
            self._window.set_selection_owner(self._x.intern_atom(selection), X.CurrentTime)
            self._x.sync()
            done.set()

        self._do(own)
        assert done.wait(10)

    def _do(self, what: Callable[[], None] | None) -> None:
        self._todo.put(what)
        os.write(self._waker, b".")

    def _work(self) -> None:
        while True:
            while self._x.pending_events():
                happened = self._x.next_event()
                if isinstance(happened, event.SelectionRequest):
                    self._answer(happened)
                elif isinstance(happened, event.DestroyNotify):
                    self.requestor_gone.set()
            ready, _, _ = select.select([self._x.fileno(), self._wake], [], [], 5.0)
            if self._wake in ready:
                os.read(self._wake, 1)
                what = self._todo.get()
                if what is None:
                    return
                what()

    def _answer(self, asked: event.SelectionRequest) -> None:
        atom, target = self._x.intern_atom, self._x.get_atom_name(asked.target)
        self.asked.append(target)
        place = asked.property
        if target == "TARGETS":
            forms = [atom(name) for name in ("TARGETS", *self._offers)]
            asked.requestor.change_property(place, Xatom.ATOM, 32, forms)
        elif self._slow:
            return
        elif target in self._offers and self._large:
            asked.requestor.change_attributes(event_mask=X.PropertyChangeMask | X.StructureNotifyMask)
            asked.requestor.change_property(place, atom("INCR"), 32, [len(self._text)])
        elif target in self._offers:
            asked.requestor.change_property(place, asked.target, 8, self._text)
        else:
            place = X.NONE
        answer = event.SelectionNotify(
            time=asked.time,
            requestor=asked.requestor,
            selection=asked.selection,
            target=asked.target,
            property=place,
        )
        asked.requestor.send_event(answer)
        self._x.flush()
