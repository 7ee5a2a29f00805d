"""What other programs were told, for the person: the log of answers, and labels put back to names."""

from sqlalchemy.orm import Session

from app.disclosure_shapes import DisclosureContent, DisclosureList, DisclosureOut, TextOut
from gum.aliases import Real
from storage import aliases, disclosures, people
from storage.db import Database
from storage.disclosures import Kept


class Disclosures:
    """Called on the event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_(
        self, limit: int = 50, before: int | None = None, client_id: str | None = None
    ) -> DisclosureList:
        """The newest first."""
        found = await self._database.read(lambda s: disclosures.list_(s, limit + 1, before, client_id))
        shown = found[:limit]
        return DisclosureList(
            items=[DisclosureOut(**_told(row)) for row in shown],
            next=shown[-1].n if len(found) > limit else None,
        )

    async def content(self, id: str) -> DisclosureContent:
        """One of them, as it was sent and with the names. Raises NotFound."""

        def look(s: Session) -> DisclosureContent:
            row, content = disclosures.content(s, id)
            text = content.decode(errors="replace") if content is not None else None
            named = _real(s).read(text) if text is not None else None
            return DisclosureContent(content=text, with_names=named, **_told(row))

        return await self._database.read(look)

    async def restore(self, text: str) -> TextOut:
        """`text`, e.g. what an assistant answered, with the names."""
        return TextOut(text=await self._database.read(lambda s: _real(s).read(text)))


def _real(s: Session) -> Real:
    return Real.of([*people.known(s), *aliases.known(s)])


def _told(row: Kept) -> dict[str, object]:
    return {name: getattr(row, name) for name in DisclosureOut.model_fields}
