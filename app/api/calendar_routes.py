"""Paths to `app.calendar_accounts.CalendarAccounts`. Nothing is decided here."""

from fastapi import FastAPI

from app.calendar_accounts import CalendarAccounts
from app.calendar_shapes import AccountIn, AccountList, AccountOut


def add_calendars(api: FastAPI, accounts: CalendarAccounts) -> None:
    """The paths of calendar accounts."""

    @api.get("/calendars")
    async def calendars() -> AccountList:
        """The CalDAV accounts that are read, without passwords."""
        return await accounts.listed()

    @api.post("/calendars")
    async def add_calendar(body: AccountIn) -> AccountOut:
        """Tries an account and has it read; answers when it was tried, which may take a minute."""
        return await accounts.add(body)

    @api.delete("/calendars/{account_id}")
    async def remove_calendar(account_id: str) -> dict[str, str]:
        """Not read any more; its password is deleted."""
        await accounts.remove(account_id)
        return {}
