"""What forgetting leaves to be done in the files of a large store, so that the person need not wait for it.

What was forgotten is gone from every answer before this begins. Here its words leave the pages of the
full-text indexes (`full_text.merge`, step by step), and the file is written anew. What is still to be done is
noted in the database, so a crash or a restart only interrupts it.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from storage import meta
from storage.db import Database
from storage.full_text import merge, unmerged

PAGES = 400  # of 4 KB a step: some 60 ms of the writer
UNWRITTEN = "unwritten"


def note(s: Session) -> None:
    """Notes that the file must be written anew when there is time."""
    meta.put(s, UNWRITTEN, "1")


def written(s: Session) -> None:
    """Notes that it was. Not while words are left in the indexes: merging these frees their pages."""
    if not unmerged(s):
        meta.delete(s, UNWRITTEN)


def pending(s: Session) -> bool:
    """Whether `finish` has something to do."""
    return bool(unmerged(s)) or meta.get(s, UNWRITTEN) is not None


async def finish(database: Database) -> None:
    """Does what is pending; other writers get their turn between the steps.

    Raises StoreUnavailable, with what is left still noted.
    """
    steps = await database.read(_at_most)
    while steps > 0 and await database.run(lambda s: merge(s, PAGES)):
        steps -= 1
    try:
        if await database.read(lambda s: meta.get(s, UNWRITTEN)) is not None:
            await database.scrub()
            await database.run(written)
    finally:
        await database.checkpoint()


def _at_most(s: Session) -> int:
    """Steps after which it is left for the next time: who writes meanwhile makes ever more to merge."""
    pages = sum(s.scalar(text(f"SELECT count(*) FROM {fts}_data")) or 0 for fts in unmerged(s))
    return 20 + 2 * pages // PAGES
