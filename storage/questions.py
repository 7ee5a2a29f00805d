"""Which questions the person answered or put off. What they answered is a verdict (`storage.verdicts`)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from gum.types import Feedback, PropositionId, Verdict
from storage.many import among
from storage.schema import FeedbackRow
from storage.suggestions import add_feedback

KIND = "question"


def add(s: Session, about: PropositionId, verdict: Verdict, at: datetime) -> None:
    """Keeps that the question about a claim was answered (ACCEPT), put off (DISMISS) or banned (NEVER)."""
    add_feedback(s, Feedback(about, verdict, "", at), KIND)


def answered(s: Session, since: datetime, now: datetime) -> int:
    """How many questions the person dealt with since then, until `now`: a clock may have been wrong."""
    f = FeedbackRow
    dealt = select(func.count()).select_from(f).where(f.kind == KIND, f.at >= since, f.at <= now)
    return s.scalar(dealt) or 0


def put_off(s: Session, ids: Collection[PropositionId], now: datetime) -> dict[PropositionId, datetime]:
    """When, until `now`, the person last put off the question about each of these."""
    f = FeedbackRow
    said = f.verdict == Verdict.DISMISS.value
    wanted = (
        select(f.subject_id, func.max(f.at))
        .where(f.kind == KIND, said, f.at <= now, among(f.subject_id, ids))
        .group_by(f.subject_id)
    )
    return {PropositionId(key): at for key, at in s.execute(wanted)}


def banned(s: Session) -> bool:
    """Whether the person asked never to be asked."""
    f = FeedbackRow
    never = select(f.n).where(f.kind == KIND, f.verdict == Verdict.NEVER.value).limit(1)
    return s.scalar(never) is not None


def allow(s: Session) -> None:
    """Takes back that the person asked never to be asked."""
    f = FeedbackRow
    s.execute(delete(f).where(f.kind == KIND, f.verdict == Verdict.NEVER.value))
