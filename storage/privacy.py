"""What was not observed, and the person's own rules. The shipped rules live with the observers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from gum.types import Effect, Exclusion, Rule, RuleId, utc
from storage.schema import ExclusionRow, RuleRow

QUARTER = timedelta(minutes=15)  # every time zone begins its day at a quarter of an hour


@dataclass(frozen=True, slots=True)
class Excluded:
    """How often a rule kept an application from being observed."""

    app: str
    rule_id: RuleId
    count: int
    last_at: datetime


def quarter(at: datetime) -> datetime:
    """The beginning of the quarter of an hour that `at` lies in, UTC."""
    at = utc(at)
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


def add_exclusion(s: Session, exclusion: Exclusion) -> None:
    """Counts it. Nothing of the window is kept but its application."""
    at = utc(exclusion.at)
    row = {"quarter": quarter(at), "app": exclusion.app, "rule_id": exclusion.rule_id}
    statement = insert(ExclusionRow).values(**row, count=1, last_at=at)
    later = func.max(ExclusionRow.last_at, statement.excluded.last_at)
    change = {"count": ExclusionRow.count + 1, "last_at": later}
    s.execute(statement.on_conflict_do_update(index_elements=list(row), set_=change))


def exclusions(s: Session, since: datetime) -> list[Excluded]:
    """What was excluded since the quarter of an hour that `since` lies in, the most first."""
    e = ExclusionRow
    wanted = (
        select(e.app, e.rule_id, func.sum(e.count), func.max(e.last_at))
        .where(e.quarter >= quarter(since))
        .group_by(e.app, e.rule_id)
    )
    rows = [Excluded(app, RuleId(rule), number, last) for app, rule, number, last in s.execute(wanted)]
    return sorted(rows, key=lambda r: (-r.count, r.app, r.rule_id))


def add_rule(s: Session, rule: Rule) -> None:
    """Stores a rule of the person's own; one with the same id is replaced."""
    row = {
        "id": rule.id,
        "name": rule.name,
        "effect": rule.effect.value,
        "app": rule.app,
        "title": rule.title,
        "url": rule.url,
        "private": rule.private,
        "retention": rule.retention,
        "window_class": rule.window_class,
        "monitor": rule.monitor,
        "full_screen": rule.full_screen,
        "hours": rule.hours,
        "sharing": rule.sharing,
    }
    s.execute(insert(RuleRow).values(row).on_conflict_do_update(index_elements=["id"], set_=row))


def rules(s: Session) -> list[Rule]:
    """The person's own rules, oldest first."""
    return [_rule(row) for row in s.scalars(select(RuleRow).order_by(RuleRow.n))]


def get_rule(s: Session, rule_id: RuleId) -> Rule | None:
    row = s.scalar(select(RuleRow).where(RuleRow.id == rule_id))
    return _rule(row) if row is not None else None


def delete_rule(s: Session, rule_id: RuleId) -> bool:
    """False: there is no such rule of the person's own."""
    gone = s.execute(delete(RuleRow).where(RuleRow.id == rule_id).returning(RuleRow.n))
    return gone.first() is not None


def _rule(row: RuleRow) -> Rule:
    return Rule(
        id=RuleId(row.id),
        name=row.name,
        effect=Effect(row.effect),
        app=row.app,
        title=row.title,
        url=row.url,
        private=_flag(row.private),
        retention=row.retention,
        window_class=row.window_class,
        monitor=row.monitor,
        full_screen=_flag(row.full_screen),
        hours=row.hours,
        sharing=_flag(row.sharing),
        builtin=False,
    )


def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)
