"""Which questions the person answered or put off. What they answered is a verdict (`storage.verdicts`)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gum.types import Feedback, PropositionId, Verdict
from storage.many import among
from storage.schema import FeedbackRow
from storage.suggestions import add_feedback

KIND = "question"


def add(s: Session, about: PropositionId, verdict: Verdict, at: datetime) -> None:
    """Keeps that the question about a claim was answered (ACCEPT), put off (DISMISS) or banned (NEVER)."""
    add_feedback(s, Feedback(about, verdict, "", at), KIND)


def answered(s: Session, since: datetime) -> int:
    """How many questions the person dealt with since then."""
    f = FeedbackRow
    return s.scalar(select(func.count()).select_from(f).where(f.kind == KIND, f.at >= since)) or 0


def put_off(s: Session, ids: Collection[PropositionId]) -> dict[PropositionId, datetime]:
    """When the person last put off the question about each of these."""
    f = FeedbackRow
    said = f.verdict == Verdict.DISMISS.value
    wanted = (
        select(f.subject_id, func.max(f.at))
        .where(f.kind == KIND, said, among(f.subject_id, ids))
        .group_by(f.subject_id)
    )
    return {PropositionId(key): at for key, at in s.execute(wanted)}


def banned(s: Session) -> bool:
    """Whether the person asked never to be asked."""
    f = FeedbackRow
    never = select(f.n).where(f.kind == KIND, f.verdict == Verdict.NEVER.value).limit(1)
    return s.scalar(never) is not None
