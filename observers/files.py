"""The files source: which files were opened and saved, by name. Nothing of their content is read.

Opened: the list of recently used files that most programs of a desktop keep (freedesktop.org, Desktop
Bookmarks 0.8). Saved: files in folders that the person named. Only what happened while it ran and was not
paused counts, so each find is judged by the time it bears.

The folders are looked through, not watched by the kernel: inotify wants a watch for every folder inside and
is blind to shared folders, and looking costs what we allow it to (`folders.COST`).
"""

import os
import re
import shlex
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit
from xml.parsers.expat import ExpatError, ParserCreate

from gum.types import Observation, ObservationId, Trust, new_id
from observers.base import Source, Supervised, now
from observers.browsers import is_browser
from observers.folders import COST, passed_over, shown, walk
from observers.gate import Gate

TICK_S = 0.25  # how long a pause may last and be overlooked
LOOK_S = 5.0
REST_S = 2.0  # since a file was saved: by then the list tells which program did it, whose rules count
LONGEST_LIST = 8_000_000  # bytes; a long one has 1 MB
VISIT = timedelta(minutes=15)  # opened or saved again within that time is the same visit
AT_ONCE = 20  # nobody saves more files in a few seconds: a program unpacked or built them
AHEAD = timedelta(minutes=1)  # times further in the future are a wrong clock's
UNKNOWN_APP = "files"  # which program saved a file nobody tells

# Programs that run others: the name of the bookmark's application tells more.
_RUNNERS = re.compile(
    r"(?:env|sh|bash|flatpak|snap|python[\d.]*|perl|java|mono|wine|gtk-launch|soffice(?:\.bin)?)$"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A file in the list of recently used ones, and who used it last."""

    path: Path
    app: str  # in lower case; "" when nobody says
    at: datetime
    private: bool  # meant for one program alone, or by one that may have been in a private window


def recent_list(environment: Mapping[str, str]) -> Path:
    """Where the list of recently used files is, by XDG Base Directory: only a whole path counts as set."""
    named = Path(environment.get("XDG_DATA_HOME", ""))
    return (named if named.is_absolute() else Path.home() / ".local/share") / "recently-used.xbel"


def listed(xml: bytes) -> list[Listed]:
    """The local files of a list of recently used ones; pure. What cannot be understood of it is left out.

    Raises ValueError when it is no XML or declares entities, which no such list needs: a few lines of them
    become gigabytes of text.
    """
    reader = _Reader()
    parser = ParserCreate()
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(xml, True)
    except ExpatError as error:
        raise ValueError("not a list of recently used files") from error
    return reader.found


def _refuse(*declared: object) -> None:
    raise ValueError("a list of recently used files declares no entities")


class _Reader:
    """What the parser tells, one element after the other."""

    def __init__(self) -> None:
        self.found: list[Listed] = []
        self._mark: Mapping[str, str] = {}
        self._uses: list[Mapping[str, str]] = []
        self._private = self._folder = False

    def begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "bookmark":
            self._mark, self._uses = attributes, []
            self._private = self._folder = False
        elif name == "application":
            self._uses.append(attributes)
        elif name == "private":
            self._private = True
        elif name == "mime-type":
            self._folder = attributes.get("type") == "inode/directory"

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] != "bookmark":
            return
        path, used = _path(self._mark.get("href", "")), [(_at(u.get("modified", "")), u) for u in self._uses]
        last = max(used, key=lambda one: one[0], default=(_LONG_AGO, {}))
        marked = max(_at(self._mark.get(name, "")) for name in ("modified", "visited"))
        at = last[0] if last[0] > _LONG_AGO else marked
        if path is None or at == _LONG_AGO or self._folder:
            return
        names = (last[1].get("name", ""), _program(last[1].get("exec", "")))
        private = self._private or any(is_browser(name) for name in names)
        # The program's name is what its windows bear, which rules are made of; the other one is for people.
        app = names[0] if not names[1] or _RUNNERS.match(names[1]) else names[1]
        self.found.append(Listed(path, " ".join(app.split()).lower(), at, private))


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def _at(text: str) -> datetime:
    """A time as the list has it; without a zone it is UTC. Long ago when it is none."""
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return _LONG_AGO


def _path(href: str) -> Path | None:
    """The file on this machine that an address names."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    path = unquote_to_bytes(parts.path)
    return Path(os.fsdecode(path)) if path.startswith(b"/") and b"\0" not in path else None


def _program(command: str) -> str:
    """The program that a command line runs: "'/usr/bin/gedit %u'" is gedit."""
    try:
        words = shlex.split(command.strip("'\""))
    except ValueError:
        return ""
    return words[0].rpartition("/")[2] if words else ""


@dataclass(slots=True)
class _Visit:
    id: ObservationId
    began: datetime
    last: datetime


@dataclass(slots=True)
class Visits:
    """Which visit a sight of a file belongs to. Pure; the caller brings the times."""

    _open: dict[Path, _Visit] = field(default_factory=dict)

    def known(self, path: Path, at: datetime) -> bool:
        """Whether a sight at that time tells nothing new."""
        visit = self._open.get(path)
        return visit is not None and at <= visit.last

    def see(self, path: Path, app: str, at: datetime) -> Observation:
        """The visit, as it is now, of a file that was opened or saved at `at`."""
        visit = self._open.get(path)
        if visit is None or at - visit.last > VISIT:
            visit = self._open[path] = _Visit(ObservationId(new_id()), at, at)
        visit.last = max(visit.last, at)
        name = shown(path)
        return Observation(
            id=visit.id,
            source=Files.name,
            at=visit.began,
            until=visit.last,
            app=app,
            title=name,
            text=name,
            trust=Trust.ACTED_ON,
            url=path.as_uri(),
        )


class Files(Source):
    """Tells which files are opened and saved. An `observers.base.Observer`."""

    name = "files"

    def __init__(
        self,
        gate: Gate,
        recent: Path | None,
        folders: Sequence[Path] = (),
        own: Collection[Path] = (),
        look_s: float = LOOK_S,
        rest_s: float = REST_S,
    ) -> None:
        """`recent`: the list of recently used files, or None. Nothing in `own` folders is told."""
        self._gate, self._recent, self._folders, self._own = gate, recent, folders, own
        self._look_s, self._rest = look_s, timedelta(seconds=rest_s)
        self._worker = Supervised(self.name, self._watch)
        self._visits = Visits()
        self._not_before = _LONG_AGO  # what happened until then is not told
        self._was_paused = False
        self._signature: tuple[int, int, int] | None = None
        self._listed: dict[Path, Listed] = {}
        self._next_look = 0.0
        self._wrong: dict[str, str] = {}

    def start(self) -> None:
        self._not_before = now()
        super().start()

    def _watch(self) -> None:
        while not self._worker.stopping():
            self._look()
            self._worker.alive("; ".join(wrong for wrong in self._wrong.values() if wrong))
            self._worker.rest(TICK_S)

    def _look(self) -> None:
        if self._off_the_record():
            return
        seen = [*self._opened(), *self._saved()]
        if self._off_the_record():
            return
        for path, at in seen:
            entry = self._listed.get(path)
            if entry is not None and entry.private:
                continue
            app = entry.app if entry is not None and entry.app else UNKNOWN_APP
            if not self._visits.known(path, at) and self._gate.put(self._visits.see(path, app, at)):
                self._worker.found()

    def _off_the_record(self) -> bool:
        """Whether it is paused, or was until just now: what happened meanwhile never counts."""
        paused = self._gate.paused()
        if paused or self._was_paused:
            self._not_before = max(self._not_before, now())
        self._was_paused, before = paused, self._was_paused
        return paused or before

    def _counts(self, path: Path, at: datetime) -> bool:
        return self._not_before < at <= now() + AHEAD and not any(path.is_relative_to(o) for o in self._own)

    def _opened(self) -> list[tuple[Path, datetime]]:
        """What the list of recently used files tells, if it has changed."""
        if self._recent is None:
            return []
        try:
            told = self._recent.stat()
            before, self._signature = self._signature, (told.st_ino, told.st_mtime_ns, told.st_size)
            if self._signature == before:
                return []
            with self._recent.open("rb") as file:
                xml = file.read(LONGEST_LIST + 1)
            entries = listed(xml) if len(xml) <= LONGEST_LIST else None
        except FileNotFoundError:
            return []  # no program has used a file yet
        except (OSError, ValueError):
            entries = None
        self._wrong["list"] = "" if entries is not None else "the list of recently used files cannot be read"
        if entries is None:
            return []
        self._listed = {entry.path: entry for entry in entries}
        return [(e.path, e.at) for e in entries if self._counts(e.path, e.at) and not passed_over(e.path)]

    def _saved(self) -> list[tuple[Path, datetime]]:
        """What was saved in the folders since the last look through them."""
        began = time.monotonic()
        if not self._folders or began < self._next_look:
            return []
        fresh: list[tuple[Path, datetime]] = []
        missing = cut = 0
        for folder in self._folders:
            try:
                found = walk(folder, self._own)
            except OSError:
                missing += 1
                continue
            cut += found.cut
            fresh += [(f.path, f.saved) for f in found.files if self._is_news(f.path, f.saved)]
        self._wrong["missing"] = f"{missing} of the folders cannot be read" if missing else ""
        self._wrong["cut"] = f"{cut} of the folders hold more than is looked at" if cut else ""
        ended = time.monotonic()
        self._next_look = ended + max(self._look_s, (ended - began) * COST)
        if len(fresh) > AT_ONCE:
            self._not_before = max(self._not_before, *(at for _, at in fresh))
            return []
        return [(path, at) for path, at in fresh if at <= now() - self._rest]

    def _is_news(self, path: Path, at: datetime) -> bool:
        return self._counts(path, at) and not self._visits.known(path, at)
