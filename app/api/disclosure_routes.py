"""Paths to `app.disclosures.Disclosures`, for the person alone. Nothing is decided here."""

from fastapi import FastAPI, Query

from app.disclosure_shapes import DisclosureContent, DisclosureList, TextIn, TextOut
from app.disclosures import Disclosures


def add_disclosures(api: FastAPI, log: Disclosures) -> None:
    """The paths of the log of answers."""

    @api.get("/disclosures")
    async def disclosures(
        limit: int = Query(50, ge=1, le=500),
        before: int | None = Query(None, ge=0, le=2**62),
        client: str | None = Query(None, max_length=100),
    ) -> DisclosureList:
        """What other programs were told, the newest first."""
        return await log.list_(limit, before, client)

    @api.get("/disclosures/{disclosure_id}")
    async def disclosure(disclosure_id: str) -> DisclosureContent:
        """One answer, to the byte, and with the names."""
        return await log.content(disclosure_id)

    @api.post("/restore")
    async def restore(body: TextIn) -> TextOut:
        """A text with the real names in the place of labels."""
        return await log.restore(body.text)
