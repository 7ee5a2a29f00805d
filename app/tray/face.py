"""What the icon may honestly claim, as a pure function. Anything doubtful is trouble, never "observing"."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.tray import words
from app.tray.wire import Problem, Status


class Kind(StrEnum):
    OBSERVING = "observing"
    PAUSED = "paused"
    EXCLUDED = "excluded"
    TROUBLE = "trouble"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Face:
    """`line` is one short line for the menu, `tooltip` two."""

    kind: Kind
    line: str
    tooltip: str
    hint: str = ""


def face(
    status: Status | None, trouble: Problem | None, status_age_s: float, now: datetime | None = None
) -> Face:
    """`status` was received `status_age_s` seconds ago; `trouble` is what came instead, if anything did."""
    if trouble is not None or status is None:
        problem = trouble or Problem("Starting")
        return _face(Kind.TROUBLE, problem.title, "not observing", problem.hint)
    if status.state == "locked":
        return _face(Kind.LOCKED, "Locked", "nothing is observed", "Unlock it by the icon's menu.")
    age = status.last_observation_age_s
    stored = words.last_stored(None if age is None else age + status_age_s)
    if status.state == "paused":
        return _face(Kind.PAUSED, _until(status, now), stored)
    if status.state == "excluded":
        return _face(Kind.EXCLUDED, f"Not looking: {status.excluded_by or status.reason or 'a rule'}", stored)
    if status.state == "observing" and _any_source_runs(status):
        return _face(Kind.OBSERVING, _observing(status, now), stored)
    title, hint = _what_is_wrong(status)
    return _face(Kind.TROUBLE, title, stored, hint)


def _face(kind: Kind, line: str, stored: str, hint: str = "") -> Face:
    return Face(kind, f"{line} · {stored}", f"Gumption: {line}\n{stored}", hint)


def _observing(status: Status, now: datetime | None) -> str:
    until = status.learning_until
    if until is None:
        return "Observing"
    return f"Observing, learning; first suggestions from {words.moment(until, now)}"


def _until(status: Status, now: datetime | None) -> str:
    until = status.paused_until
    what = "Off the record" if status.off_the_record else "Paused"
    return f"{what} until {'you resume' if until is None else words.moment(until, now)}"


def _any_source_runs(status: Status) -> bool:
    return any(source.state == "running" for source in status.sources)


def _what_is_wrong(status: Status) -> tuple[str, str]:
    bad = next((source for source in status.sources if source.state != "running"), None)
    if status.state == "observing":  # it claims so, but nothing runs
        return "Nothing is being observed: no source runs", bad.hint if bad else ""
    return status.reason or (bad.detail if bad else "") or "Trouble", bad.hint if bad else ""
