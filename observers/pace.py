"""At most so many of a kind in a while: what a program that floods is held to. Pure; knows no clock."""

from collections import OrderedDict, deque

KINDS = 256  # remembered; whoever has been quiet for longest is forgotten first


class Pace:
    """Lets `count` of each kind pass in any `period_s`. Not thread-safe."""

    def __init__(self, count: int, period_s: float) -> None:
        self._count, self._period_s = count, period_s
        self._passed: OrderedDict[str, deque[float]] = OrderedDict()

    def allows(self, kind: str, moment: float) -> bool:
        """Whether one more of `kind` may pass at `moment` (seconds of a clock that never goes back)."""
        passed = self._passed.setdefault(kind, deque())
        self._passed.move_to_end(kind)
        if len(self._passed) > KINDS:
            self._passed.popitem(last=False)
        while passed and moment - passed[0] >= self._period_s:
            passed.popleft()
        if len(passed) >= self._count:
            return False
        passed.append(moment)
        return True
