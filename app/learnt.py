"""What the person's verdicts came to: the calibration that new confidences go through."""

from sqlalchemy.orm import Session

from gum.calibrate import Calibration, calibration
from storage import verdicts


class Learnt:
    """The calibration that the verdicts in a store come to; made anew when there are more of them."""

    def __init__(self) -> None:
        self._known: tuple[int, Calibration] = (0, Calibration())

    def of(self, s: Session) -> Calibration:
        """To be called from one thread at a time."""
        count = verdicts.count(s)
        if count != self._known[0]:
            self._known = count, calibration(verdicts.labels(s))
        return self._known[1]
