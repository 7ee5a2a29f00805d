"""One calendar that the settings name, kept up to date: a file, a folder of files, or an address.

Files are read when they changed. Addresses are asked every quarter of an hour, after failures less and less
often; until one answers again, what it said last holds.
"""

import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from datetime import date, tzinfo
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from gum.errors import CaptureUnavailable
from observers import ics
from observers.fetch import MOST, Remote, is_address

FRESH_S = 900.0
FIRST_TRY_S, LAST_TRY_S = 60.0, 3600.0
MOST_FILES = 5_000
MOST_IN_FOLDER = 64_000_000  # bytes of all its files together
CHECK = "Check the calendars under [sources] in the settings."
WHOLE_PATH = "Write the whole path, from / or ~ on, under [sources] in the settings."
NO_CALENDAR = (
    "Its address or file must give the calendar itself (ICS), not a page about it. "
    "A CalDAV account comes by `gumption calendar add`."
)
SMALLER = "Name a smaller one."
_SECRET_ADDRESS = re.compile(r"/(?P<owner>[^/@]+@[^/@]+)/private-")


class Subscription(Protocol):
    """A calendar as it was last read; `trouble` is why it may be out of date or not there at all."""

    calendar: ics.Calendar | None
    trouble: CaptureUnavailable | None

    def refresh(self) -> None:
        """Reads it anew where that is due. Never raises what the world is at fault for."""
        ...


def subscription(
    named: str,
    today: Callable[[], date],
    here: tzinfo,
    stopping: Callable[[], bool],
    tick: Callable[[], float] = time.monotonic,
) -> Subscription:
    """What the settings name: a path, which may begin in the home folder, or an address. Nothing is read yet.

    `stopping` ends a fetch that is under way. `tick` are the seconds of a clock that never goes back.
    """
    if is_address(named):
        return _Web(named, today, here, stopping, tick)
    return _Folder(_path(named), today, here)


def _path(named: str) -> Path:
    """One that is not absolute for what is no path at all."""
    try:
        return Path.home() / Path(named).expanduser() if named.strip() else Path()
    except RuntimeError:  # "~somebody", and nobody is called so
        return Path()


class _Folder:
    """A file, or all files that end in .ics in a folder and those in it. Links in it are not followed."""

    def __init__(self, path: Path, today: Callable[[], date], here: tzinfo) -> None:
        self._path, self._today, self._here = path, today, here
        self._known: dict[Path, tuple[tuple[int, ...], ics.Calendar | CaptureUnavailable]] = {}
        self.calendar: ics.Calendar | None = None
        self.trouble: CaptureUnavailable | None = None

    def refresh(self) -> None:
        try:
            self._refresh()
            self.trouble = None
        except CaptureUnavailable as error:
            self.trouble = error
        except OSError as error:
            self.trouble, self.calendar = _unreadable(self._path, error), None

    def _refresh(self) -> None:
        if not self._path.is_absolute():
            raise CaptureUnavailable("A calendar's path cannot be used", WHOLE_PATH)
        folder = stat.S_ISDIR(self._path.stat().st_mode)
        found = list(_files(self._path)) if folder else [self._path]
        old, self._known, left = self._known, {}, MOST_IN_FOLDER
        for path in found:
            mark = _mark(path)
            left -= mark[0]
            if left < 0:
                raise CaptureUnavailable(f"{_named(self._path)} is too large", SMALLER)
            known = old.get(path)
            self._known[path] = known if known and known[0] == mark else (mark, self._parsed(path))
        every = [read for _, read in self._known.values() if isinstance(read, ics.Calendar)]
        broken = [read for _, read in self._known.values() if isinstance(read, CaptureUnavailable)]
        if broken and not every:
            raise broken[0]
        self.calendar = ics.Calendar(
            tuple(event for calendar in every for event in calendar.events),
            # What lies in a folder of a program that synchronises are invitations, too: whatever they call
            # themselves says nothing of who has them.
            "" if folder else next((calendar.owner for calendar in every), ""),
            sum(calendar.lost for calendar in every) + len(broken),
        )

    def _parsed(self, path: Path) -> ics.Calendar | CaptureUnavailable:
        """What stands in a file; of one that is none, why: it is not read again before it changes."""
        try:
            return _read(_content(path), _named(path), self._today(), self._here)
        except CaptureUnavailable as error:
            return error
        except OSError as error:
            return _unreadable(path, error)


class _Web:
    """A calendar at an address."""

    def __init__(
        self,
        address: str,
        today: Callable[[], date],
        here: tzinfo,
        stopping: Callable[[], bool],
        tick: Callable[[], float],
    ) -> None:
        self._address, self._today, self._here, self._stopping = address, today, here, stopping
        self._tick = tick
        self._remote: Remote | None = None
        self._due = float("-inf")
        self._pause = FIRST_TRY_S
        self.calendar: ics.Calendar | None = None
        self.trouble: CaptureUnavailable | None = None

    def refresh(self) -> None:
        if self._tick() < self._due:
            return
        try:
            if self._remote is None:
                self._remote = Remote(self._address, self._stopping)
            found = self._remote.fetch()
            if found is not None:
                calendar = _read(found, self._remote.where, self._today(), self._here)
                self.calendar = calendar._replace(owner=_owner(self._address) or calendar.owner)
                self.trouble = None
            elif self._read_before():
                self.trouble = None
        except CaptureUnavailable as error:
            self.trouble = error
            self._due = self._tick() + self._pause
            self._pause = min(LAST_TRY_S, self._pause * 2)
            return
        self._due, self._pause = self._tick() + FRESH_S, FIRST_TRY_S

    def _read_before(self) -> bool:
        """Whether what is unchanged is a calendar: a page that asks for a password may be unchanged, too."""
        return self.calendar is not None and not (self.trouble and self.trouble.hint == NO_CALENDAR)


def _read(content: bytes, name: str, today: date, here: tzinfo) -> ics.Calendar:
    try:
        return ics.read(content, today, here)
    except ValueError:
        raise CaptureUnavailable(f"{name} is no calendar", NO_CALENDAR) from None


def _named(path: Path) -> str:
    """Its name, also if that is no text."""
    return path.name.encode("utf-8", "replace").decode()


def _unreadable(path: Path, error: OSError) -> CaptureUnavailable:
    reason = (error.strerror or type(error).__name__).lower()
    return CaptureUnavailable(f"{_named(path)} cannot be read: {reason}", CHECK)


def _files(folder: Path) -> Iterator[Path]:
    """At most MOST_FILES, in order; nothing hidden."""
    left = MOST_FILES
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(here) / name
            if name.startswith(".") or path.suffix.lower() not in (".ics", ".ical") or path.is_symlink():
                continue
            if left <= 0:
                return
            left -= 1
            yield path


def _mark(path: Path) -> tuple[int, ...]:
    """What changes when the file does, its size first; nothing of one that is gone by now."""
    try:
        found = path.stat()
    except OSError:
        return (0,)
    return found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev


def _content(path: Path) -> bytes:
    """Raises OSError, or CaptureUnavailable for what is no ordinary file or a very large one."""
    # Not to wait for who might write into a pipe of that name.
    with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise CaptureUnavailable(f"{_named(path)} is no file", CHECK)
        content = file.read(MOST + 1)
    if len(content) > MOST:
        raise CaptureUnavailable(f"{_named(path)} is larger than {MOST // 1_000_000} MB", SMALLER)
    return content


def _owner(address: str) -> str:
    """Whose calendar an address is, where it says so: by who asks, or as Google's secret addresses do."""
    parts = urlsplit(address)
    user = unquote(parts.username or "")
    match = _SECRET_ADDRESS.search(unquote(parts.path))
    return (user if "@" in user else match["owner"] if match else "").lower()
