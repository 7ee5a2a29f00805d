"""Paths to `app.audit_log.AuditLog`. Nothing is decided here."""

from fastapi import FastAPI, Query

from app.audit_log import AuditLog
from app.audit_shapes import AuditOut, PeopleOut, PersonIn, ReverseIn


def add_audit(api: FastAPI, log: AuditLog) -> None:
    """The audit's paths."""

    @api.get("/audit")
    async def audit(limit: int = Query(100, ge=1, le=1000)) -> AuditOut:
        """What was hidden or held back, the newest first, and what is allowed by exception."""
        return await log.shown(limit)

    @api.post("/audit/{decision_id}/reverse")
    async def reverse(decision_id: str, body: ReverseIn) -> AuditOut:
        """Allows this kind from now on, there; or takes that back."""
        return await log.reverse(decision_id, body.allow)

    @api.get("/people")
    async def people() -> PeopleOut:
        """Other people with the numbers they have outside of this machine."""
        return await log.people()

    @api.post("/people/{number}")
    async def person(number: int, body: PersonIn) -> PeopleOut:
        """Whether somebody may be called by the real name outside."""
        return await log.call_by_name(number, body.real)
