"""The gate for what does not come from a window: a file, a notice, a calendar. The same rules, asked first.

A source beside the windows never holds the sink itself: what it finds passes here, where a pause, the shipped
rules and the person's own decide as they do for a window of that program, title and address.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from gum.types import Admission, Effect, Observation, Rule, WindowInfo
from observers.base import Refusals, Sink
from observers.privacy import admit


class Gate:
    """What a source beside the windows gets. Thread-safe, as its sink is.

    `rules` are the person's (the shipped ones always hold); `paused` is asked before every find.
    """

    def __init__(self, sink: Sink, rules: Callable[[], Sequence[Rule]], paused: Callable[[], bool]) -> None:
        self._sink, self._rules, self.paused = sink, rules, paused
        self._refusals = Refusals(sink)

    def put(self, found: Observation) -> bool:
        """Hands `found` over, if it may be kept; whether anything of it was.

        It is judged as a window of `found.app` with `found.title` at `found.url` would be; without a program
        or a title it is refused. Under a `blur` rule only the title goes on. Never raises.
        """
        if self.paused():
            return False
        # What is no window is not private to a browser; that a browser shows it is told by its own source.
        shown = WindowInfo(0, found.app.casefold(), found.title, None, None, found.url, private=False)
        answer = self.judge(shown)
        if not answer.allowed:
            return False
        if answer.effect is Effect.BLUR:
            found = replace(found, text=found.title)
        self._sink.put(found)
        return True

    def judge(self, window: WindowInfo) -> Admission:
        """What the rules say of `window` now: for a source that must ask before it reads. Never raises.

        A refusal is counted, as one of `put` is.
        """
        answer = admit(window, self._rules())
        if not answer.allowed:
            self._refusals.tell(window.app, window.app, answer.rule_id)
        return answer
