"""What the person said of claims, kept so that confidence can be calibrated by it."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gum.calibrate import Label
from gum.types import Feedback, Proposition, Verdict
from storage.schema import FeedbackRow
from storage.suggestions import CLAIM, add_feedback


def add(s: Session, p: Proposition, right: bool, at: datetime) -> None:
    """Keeps that `p`, as sure as it was then, was right or not."""
    verdict = Verdict.ACCEPT if right else Verdict.DISMISS
    add_feedback(s, Feedback(p.id, verdict, f"{p.confidence:.4f}", at), f"{CLAIM}{p.type}")


def count(s: Session) -> int:
    """How many there are: they are only ever added, so a change of this says that there is news."""
    f = FeedbackRow
    return s.scalar(select(func.count()).select_from(f).where(f.kind.startswith(CLAIM))) or 0


def labels(s: Session) -> list[Label]:
    """The last one of each claim, oldest first. One whose confidence was forgotten is left out."""
    f = FeedbackRow
    wanted = select(f.subject_id, f.kind, f.verdict, f.note).where(f.kind.startswith(CLAIM)).order_by(f.n)
    last: dict[str, Label] = {}
    for subject, kind, verdict, note in s.execute(wanted):
        if note:
            right = verdict == Verdict.ACCEPT.value
            last[subject] = Label(kind.removeprefix(CLAIM), float(note), right)
    return list(last.values())
