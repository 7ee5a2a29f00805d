"""What goes by age, and what is kept of it.

An observation that goes by age takes its text, its title and its address with it; what was learnt stays. Its
pieces of evidence lose their quote and their observation and keep weight, stance, time, program and trust, so
that a claim is as sure as before and its history still adds up. Everything here is cut into portions that
hold the writer for some tens of milliseconds.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from gum.types import ObservationId, PropositionId
from storage import claims, disclosures, provenance
from storage.budget import first_to_go
from storage.full_text import deleting
from storage.many import among
from storage.schema import EvidenceRow, ExclusionRow, FrameRow, ObservationRow, PlanRow, SuggestionRow, WhyRow

PORTION = 100  # observations: 0.3 ms each with both full-text indexes and the rows that hang on them
FRAMES = 10  # pictures of up to some MB
COUNTS = 1000
OPEN = ("new", "shown")

Lifetime = Callable[[str, str, str | None], timedelta | None]
"""How long what was seen of an application, title and address is kept; None: for ever."""

_QUIETLY = {"synchronize_session": False}


def due(s: Session, now: datetime, shortest: timedelta, lifetime: Lifetime) -> list[ObservationId]:
    """The observations whose time is over, the oldest first. Only reads.

    `shortest` is the shortest that `lifetime` may answer: nothing younger is looked at.
    """
    o = ObservationRow
    wanted = select(o.id, o.until, o.app, o.title, o.url).where(o.until < now - shortest).order_by(o.until)
    found = []
    for key, until, app, title, url in s.execute(wanted).yield_per(500):
        kept_for = lifetime(app, title, url)
        if kept_for is not None and until < now - kept_for:
            found.append(ObservationId(key))
    return found


def retire(s: Session, ids: Sequence[ObservationId]) -> list[ObservationId]:
    """Lets these observations go by age, PORTION at most; those that were still there.

    Merge the full-text indexes when all have gone (`storage.full_text.merge`).
    Raises ValueError for more than a portion.
    """
    if len(ids) > PORTION:
        raise ValueError(f"at most {PORTION} observations in one transaction")
    o, e = ObservationRow, EvidenceRow
    there = [ObservationId(key) for key in s.scalars(select(o.id).where(among(o.id, ids)))]
    claims.bury_lasting(s, there, datetime.now(UTC))  # learnt from again, it would count twice
    cited: dict[str, dict[str, tuple[str, datetime]]] = {}
    pieces = select(e.proposition_id, e.observation_id, e.app, e.at).where(among(e.observation_id, there))
    for claim, key, app, at in s.execute(pieces):
        cited.setdefault(claim, {})[key or ""] = (app, at)
    for claim, seen in cited.items():
        provenance.outlive(s, PropositionId(claim), seen)
    bare = update(e).where(among(e.observation_id, there)).values(observation_id=None, quote="")
    s.execute(bare, execution_options=_QUIETLY)
    disclosures.forget_about(s, there)  # what other programs were told of it quotes it
    with deleting(s, "observations", there, at_once=False):
        s.execute(delete(o).where(among(o.id, there)), execution_options=_QUIETLY)
    return there


def retire_offers(s: Session, before: datetime) -> int:
    """Deletes the offers and plans made before then that are over; they quote what was seen. How many."""
    g, p = SuggestionRow, PlanRow
    gone = s.scalars(select(g.id).where(g.created_at < before, g.state.not_in(OPEN)).limit(PORTION)).all()
    for statement in (
        delete(p).where(or_(p.suggestion_id.in_(gone), p.suggestion_id.is_(None) & (p.created_at < before))),
        delete(WhyRow).where(WhyRow.suggestion_id.in_(gone)),
        delete(g).where(g.id.in_(gone)),
    ):
        s.execute(statement, execution_options=_QUIETLY)
    return len(gone)


def retire_exclusions(s: Session, before: datetime) -> int:
    """Deletes the counts of what was not observed before then, the oldest thousand; how many."""
    e = ExclusionRow
    key = tuple_(e.quarter, e.app, e.rule_id)
    old = select(e.quarter, e.app, e.rule_id).where(e.quarter < before).order_by(e.quarter).limit(COUNTS)
    gone = s.execute(delete(e).where(key.in_(old)).returning(e.quarter), execution_options=_QUIETLY)
    return len(gone.all())


def frame_bytes(s: Session) -> int:
    """How much the pictures weigh that wait to be read."""
    return s.scalar(select(func.sum(_weight()))) or 0


def recycle_frames(s: Session, budget: int) -> int:
    """Deletes the oldest pictures, FRAMES at most, while all weigh more than `budget` bytes; how many.

    Their observations stay, with the title of their window, and will have no text.
    """
    f, all_ = FrameRow, frame_bytes(s)
    if all_ <= budget:
        return 0
    oldest = s.execute(select(f.id, _weight()).order_by(f.at).limit(FRAMES))
    gone = first_to_go(oldest, all_, budget)
    s.execute(delete(f).where(f.id.in_(gone)), execution_options=_QUIETLY)
    return len(gone)


def _weight() -> ColumnElement[int]:
    return func.length(FrameRow.encoded) + func.coalesce(func.length(FrameRow.before), 0)


def portions(ids: Sequence[ObservationId]) -> list[Sequence[ObservationId]]:
    """`ids` in portions for `retire`."""
    return [ids[start : start + PORTION] for start in range(0, len(ids), PORTION)]
