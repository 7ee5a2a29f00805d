"""`gumption export` and `gumption import`: all that is known as a file the person can read, and back.

An export opens the store itself and works beside a running daemon; an import needs that to have ended.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from sqlalchemy.orm import Session

from app import config, passphrases
from app.lock import InstanceLock
from app.paths import Paths
from app.store import key_of, needs_passphrase, open_store
from gum import decay
from gum.claims import TABLE
from gum.errors import ImportRefused, NotFound, StoreReadOnly
from gum.types import Proposition
from storage import export, propositions
from storage.db import Database
from storage.propositions import EvidenceRow

MOST = 1_000_000
QUOTES = 5  # of a proposition, in Markdown; the JSON Lines have them all


def export_to(paths: Paths, file: Path | None, markdown: bool) -> int:
    """Writes the export to `file`, for the person alone, or to standard output; the number of lines.

    Raises NotFound when there is nothing yet, StoreReadOnly, StoreLocked.
    """
    if not paths.database.exists():
        raise NotFound("There is nothing to export yet", "Nothing has been observed in this data folder.")
    told: Callable[[Session], Iterable[str]] = readable if markdown else export.export
    with opened(paths) as database, _out(file) as out:
        return database.read_sync(lambda s: sum(1 for line in told(s) if out.write(line + "\n")))


def import_from(paths: Paths, file: Path) -> dict[str, int]:
    """Fills an empty store from an export; how many rows of each table.

    Raises ImportRefused; AlreadyRunning while a daemon runs.
    """
    try:
        with file.open(encoding="utf-8") as lines, InstanceLock(paths.make().lock), opened(paths) as database:
            return database.run_sync(lambda s: export.restore(s, lines))
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ImportRefused(f"{file} cannot be read", f"{why}.") from error


def readable(s: Session) -> Iterator[str]:
    """What is believed, as Markdown: by type, the surest first, with what it rests on."""
    known = propositions.list_(s, status="active", limit=MOST)
    yield "# What Gumption knows"
    for kind, row in TABLE.items():
        of_kind = sorted((p for p in known if p.type == kind), key=lambda p: (-p.confidence, p.text))
        if not of_kind:
            continue
        yield f"\n## {row.label}\n"
        evidence = propositions.evidence_of(s, [p.id for p in of_kind], newest=QUOTES)
        for p in of_kind:
            yield from _entry(p, evidence.get(p.id, []))


def _entry(p: Proposition, evidence: list[EvidenceRow]) -> Iterator[str]:
    about = f"{p.confidence:.0%} sure, fades by half in {decay.human(p.half_life)}"
    if p.sensitivity.value != "normal":
        about += f", {p.sensitivity.value}"
    yield f"- **{_plain(p.text)}** ({about}; last seen {p.supported_at:%Y-%m-%d})"
    for piece in evidence:
        quote = f"“{_plain(piece.evidence.quote)}”" if piece.evidence.quote else "gone by age"
        yield f"  - {quote}, {_plain(piece.app)}, {piece.at:%Y-%m-%d %H:%M}"


def _plain(text: str) -> str:
    """Screen text inside Markdown: on one line, with nothing of it taken for markup."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|~" else c for c in " ".join(text.split()))


@contextmanager
def opened(paths: Paths) -> Iterator[Database]:
    """The store of this data folder, for a command that works on it by itself. Raises as `open_store`."""
    settings = config.load(paths.settings_file)
    said = passphrases.given() if needs_passphrase(paths, settings) else None
    database = open_store(paths, settings, key_of(paths, settings, said))
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _out(file: Path | None) -> Iterator[TextIO]:
    if file is None:
        yield sys.stdout
        return
    try:
        # Opened anew, never over something that is there: an export is readable to whoever has the file.
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise StoreReadOnly(f"{file} is there already", "Name a new file.") from error
    except OSError as error:
        raise StoreReadOnly(f"{file} cannot be written", f"{error.strerror}.") from error
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        yield out
