"""Which files may be a person's doing, by their names alone, and a bounded walk through a folder.

Left out: what is hidden, caches, temporary and backup files, half downloads, locks, logs, what programs make
of sources, and stores of secrets, whose very names are nobody's business.
"""

import os
import re
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gum.text import clean

MOST = 5000  # entries that are looked at in one folder: some 40 ms
DEEPEST = 4  # folders inside of folders
COST = 500  # the rest after a look lasts so many times the look: 0.2 % of a core at most

_FOLDERS = frozenset(
    ("cache", "caches", "tmp", "temp", "trash", "lost+found", "node_modules", "__pycache__", "venv")
)
_FILES = re.compile(
    r"\.|~|#|.*[~#]$"  # hidden, "~$report.docx" and "#notes#" of editors, "notes.txt~"
    r"|.*\.(?:tmp|temp|swp|swo|swx|part|partial|crdownload|download|opdownload|aria2|bak|backup|old|orig|rej|sav|lock|lck"
    r"|log|pid|pyc|pyo|o|obj|class|aux|toc|synctex\.gz|fls|fdb_latexmk|db-wal|db-shm|db-journal|sqlite-wal|sqlite-shm"
    r"|kdbx?|psafe3|gpg|asc|pem|key|p12|pfx|keystore|jks)$"
    r"|id_(?:rsa|dsa|ecdsa|ed25519)(?:$|\.)"
    r"|thumbs\.db$|desktop\.ini$",
    re.IGNORECASE,
)
# A bookmark may point anywhere. Not /run: memory sticks and shared folders are mounted there.
_PASSING = tuple(Path(p) for p in ("/tmp", "/var/tmp", "/var/cache", "/dev", "/proc", "/sys"))


@dataclass(frozen=True, slots=True)
class File:
    """A regular file as the system tells of it; times in nanoseconds since 1970."""

    path: Path
    size: int
    modified: int
    changed: int  # also moved here, or copied with its old time

    @property
    def saved(self) -> datetime:
        """When its content was last written."""
        return _time(self.modified)

    @property
    def arrived(self) -> datetime:
        """When it was last written or put here."""
        return _time(max(self.modified, self.changed))


@dataclass(frozen=True, slots=True)
class Walk:
    """The files of a folder; `cut`: there are more than were looked at."""

    files: tuple[File, ...]
    cut: bool


def left_out(name: str) -> bool:
    """Whether a file of this name is no document of a person's."""
    return _FILES.match(name) is not None


def passed_over(path: Path) -> bool:
    """Whether a file may lie anywhere but in the hands of a person: by its name and all folders above it."""
    inside = any(_no_folder(part) for part in path.parts[1:-1])
    return left_out(path.name) or inside or any(path.is_relative_to(p) for p in _PASSING)


def shown(path: Path) -> str:
    """The name of a file as text that can be stored: names on disk are bytes."""
    return " ".join(clean(os.fsencode(path.name).decode("utf-8", "replace")).split())


def walk(root: Path, own: Collection[Path] = (), most: int = MOST, deepest: int = DEEPEST) -> Walk:
    """The files in `root` and in the folders inside of it, the nearest first; links are not followed.

    Nothing of `own` folders. Raises OSError when `root` cannot be read; inside, that is left out.
    """
    files: list[File] = []
    waiting = deque([(root, 0)])
    looked = 0
    while waiting:
        folder, depth = waiting.popleft()
        if folder in own:
            continue
        try:
            entries = os.scandir(folder)
        except OSError:
            if folder == root:
                raise
            continue
        with entries:
            for entry in entries:
                if looked >= most:
                    return Walk(tuple(files), cut=True)
                looked += 1
                path = Path(entry.path)
                try:
                    if entry.is_dir(follow_symlinks=False):
                        if depth < deepest and not _no_folder(entry.name):
                            waiting.append((path, depth + 1))
                    elif entry.is_file(follow_symlinks=False) and not left_out(entry.name):
                        told = entry.stat(follow_symlinks=False)
                        files.append(File(path, told.st_size, told.st_mtime_ns, told.st_ctime_ns))
                except OSError:
                    continue  # it went away meanwhile
    return Walk(tuple(files), cut=False)


def folder_of(setting: str) -> Path:
    """The folder that a setting names; what is no whole path counts from the home folder."""
    try:
        return Path.home() / Path(setting).expanduser()
    except RuntimeError:  # "~nobody/notes"
        return Path.home() / setting


def _no_folder(name: str) -> bool:
    return name.startswith(".") or name.casefold() in _FOLDERS


def _time(nanoseconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(nanoseconds / 1e9, UTC)
    except (OverflowError, ValueError, OSError):  # a file system may say anything
        return datetime.fromtimestamp(0, UTC)
