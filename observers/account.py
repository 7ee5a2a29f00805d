"""A CalDAV account, kept up to date: its own calendars, and of each the events of the days that are told of.

Asked every quarter of an hour, after failures less and less often. A calendar that says it is as it was costs
nothing more; of one that changed only the events that did are fetched. Calendars that others share with the
person are left out: what stands there are not the person's words. What is read goes through `ics.py`.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, tzinfo
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from gum.errors import CaptureUnavailable
from gum.login import Login, Standing
from observers import caldav, ics
from observers.caldav import About, Version
from observers.dav import APP_PASSWORD, CHECK, Dav, Refused, Unfit
from observers.subscription import FIRST_TRY_S, FRESH_S, LAST_TRY_S, MOST_FILES, MOST_IN_FOLDER, SMALLER

WELL_KNOWN = "/.well-known/caldav"  # RFC 6764, section 5
WHOLE_S = 300.0  # for all questions of one look
FIRST_S = 60.0  # for the first, for which somebody waits
AT_ONCE = 100  # events in one answer: at 16 MB some 160 kB each
MOST = 50  # calendars of an account


class Home(NamedTuple):
    """Where the calendars of an account are. `alone`: it is one calendar itself."""

    urls: tuple[str, ...]
    alone: bool
    principal: str
    owner: str


class _Event(NamedTuple):
    """One event or series with its changes, as the file that it is; None where that cannot be read."""

    etag: str
    size: int
    read: ics.Calendar | None


@dataclass(slots=True)
class _Kept:
    """A calendar as it was last read: what it said of itself, when, and its events by `caldav.key`."""

    mark: str = ""
    day: date | None = None
    events: dict[str, _Event] = field(default_factory=dict)
    theirs: bool = False  # somebody else's, which the person named by itself
    failed: bool = False  # the last time


def find(dav: Dav) -> Home:
    """Where the calendars are, from the address of a server, a person or a calendar. Raises as `Dav.ask`."""
    first: Unfit | None = None
    # Who names more than a server means just that: another place there may hold calendars they did not mean.
    places = (dav.start, urljoin(dav.start, WELL_KNOWN)) if urlsplit(dav.start).path == "/" else (dav.start,)
    for url in places:
        try:
            home = _home(dav, _about(dav, url))
        except Unfit as error:
            first = first or error
            continue
        if home is not None:
            return home
        first = first or Unfit(f"{dav.where} tells of no calendars at this address", CHECK)
    assert first is not None, "there is at least one address"
    raise first


def _home(dav: Dav, said: About) -> Home | None:
    owner = next(iter(said.addresses), "")
    if said.calendar:
        return Home((said.url,), True, said.principal, owner or _owner(dav, said))
    if said.homes:
        me = (
            said.principal or said.url
        )  # where it is another, somebody else was named: theirs are the addresses
        return Home(said.homes, False, me, owner if caldav.same(me, said.url) else _owner(dav, said))
    if said.nobody:
        raise Refused(f"{dav.where} did not accept the name or the password", APP_PASSWORD)
    if said.principal and not caldav.same(said.principal, said.url):
        who = _about(dav, said.principal)
        if who.homes:
            return Home(who.homes, False, who.url, next(iter(who.addresses), ""))
    here = Home((said.url,), False, said.principal, owner)
    return here if _listed(dav, here) else None


def _owner(dav: Dav, said: About) -> str:
    """The address of who asks, if the server tells it."""
    try:
        return next(iter(_about(dav, said.principal).addresses), "") if dav.own(said.principal) else ""
    except Unfit:
        return ""


def _about(dav: Dav, url: str) -> About:
    said = dav.ask("PROPFIND", url, caldav.ABOUT)
    if not said.replies:
        raise Unfit(f"{dav.where} does not speak CalDAV at this address", CHECK)
    return caldav.about(said.replies[0], said.url)


def _listed(dav: Dav, home: Home) -> list[About]:
    """The calendars there that are the person's own, each once."""
    found: dict[str, About] = {}
    for url in home.urls[:MOST]:
        said = dav.ask("PROPFIND", url, caldav.ABOUT, "0" if home.alone else "1")
        for reply in said.replies:
            one = caldav.about(reply, said.url)
            if one.calendar and dav.own(one.url) and (home.alone or _mine(one, home)):
                found.setdefault(caldav.key(one.url, said.url), one)
    return list(found.values())[:MOST]


def _mine(calendar: About, home: Home) -> bool:
    own = not calendar.owner or caldav.same(calendar.owner, home.principal)
    return own and not calendar.foreign


def names(login: Login, stopping: Callable[[], bool]) -> tuple[str, ...]:
    """What its calendars are called: whether the account can be used. Raises CaptureUnavailable."""
    dav = Dav(login, stopping)
    dav.within(FIRST_S)
    found = _listed(dav, find(dav))
    if not found:
        raise Unfit(f"{dav.where} has no calendar of yours there", CHECK)
    return _names(found)


def _names(found: Sequence[About]) -> tuple[str, ...]:
    return tuple(one.name or "unnamed" for one in found)


class Account:
    """The calendars of one login as they were last read; `trouble` is why they may be out of date."""

    def __init__(
        self,
        login: Login,
        today: Callable[[], date],
        here: tzinfo,
        stopping: Callable[[], bool],
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self.login = login
        self._today, self._here, self._stopping, self._tick = today, here, stopping, tick
        self._dav: Dav | None = None
        self._home: Home | None = None
        self._kept: dict[str, _Kept] = {}
        self._names: tuple[str, ...] = ()
        self._due, self._pause = float("-inf"), FIRST_TRY_S
        self.calendars: tuple[ics.Calendar, ...] = ()
        self.trouble: CaptureUnavailable | None = None

    @property
    def standing(self) -> Standing:
        wrong = self.trouble
        return Standing(self._names, wrong.title if wrong else "", wrong.hint if wrong else "")

    def refresh(self) -> None:
        """Reads anew what is due and changed. Never raises what the world is at fault for."""
        if self._tick() < self._due:
            return
        try:
            self._refresh()
        except CaptureUnavailable as error:
            self.trouble, self._home = error, None
            # A wrong password, tried often, locks people out of their account.
            pause = LAST_TRY_S if isinstance(error, Refused) else self._pause
            self._due, self._pause = self._tick() + pause, min(LAST_TRY_S, self._pause * 2)
            return
        self.trouble = None
        self._due, self._pause = self._tick() + FRESH_S, FIRST_TRY_S

    def _refresh(self) -> None:
        dav = self._dav = self._dav or Dav(self.login, self._stopping)
        dav.within(WHOLE_S)
        home = self._home = self._home or find(dav)
        owner = home.owner or (self.login.user.lower() if "@" in self.login.user else "")
        found = _listed(dav, home)
        self._kept = {one.url: self._kept.get(one.url, _Kept()) for one in found}
        self._names = _names(found)
        for one in found:
            self._kept[one.url].theirs = not _mine(one, home)
        wrong: Unfit | None = None
        try:
            # Those that failed come last: one that always takes all the time must not starve the others.
            for one in sorted(found, key=lambda each: self._kept[each.url].failed):
                kept = self._kept[one.url]
                kept.failed = True
                try:
                    self._update(dav, one, kept)
                    kept.failed = False
                except Unfit as error:  # of this calendar; the others may be fine
                    wrong = wrong or error
        finally:
            self.calendars = tuple(_merged(kept, owner) for kept in self._kept.values())
        if wrong is not None:
            raise wrong

    def _update(self, dav: Dav, calendar: About, kept: _Kept) -> None:
        today = self._today()
        if calendar.mark and calendar.mark == kept.mark and kept.day == today:
            return
        said = dav.ask("REPORT", calendar.url, caldav.query(today), "1")
        there = caldav.versions(said.replies, said.url)
        if there is None or len(there) > MOST_FILES:
            raise Unfit(f"A calendar of {dav.where} has too many events", SMALLER)
        kept.events = {key: event for key, event in kept.events.items() if key in there}
        wanted = [key for key, version in there.items() if not _known(version, kept.events.get(key))]
        kept.mark = ""  # until all of it is here
        whole = True
        for start in range(0, len(wanted), AT_ONCE):
            some = {key: there[key] for key in wanted[start : start + AT_ONCE]}
            whole &= self._fetch(dav, said.url, some, kept)
        # What was promised and did not come is asked for again.
        kept.mark, kept.day = (calendar.mark if whole else ""), today

    def _fetch(self, dav: Dav, url: str, wanted: Mapping[str, Version], kept: _Kept) -> bool:
        """Whether all that is `wanted` came, or is said not to be there any more."""
        answer = dav.ask("REPORT", url, caldav.multiget(version.href for version in wanted.values()))
        came = caldav.contents(answer.replies, answer.url)
        for key in wanted.keys() & came.keys():
            kept.events.pop(key, None)
        known = [event for each in self._kept.values() for event in each.events.values()]
        size = sum(event.size for event in known)
        count = sum(len(event.read.events) for event in known if event.read is not None)
        if size + sum(len(data or b"") for _, data in came.values()) > MOST_IN_FOLDER:
            raise Unfit(f"The calendars of {dav.where} are too large", SMALLER)
        for key, version in wanted.items():
            etag, data = came.get(key, ("", None))
            if data is not None:
                read = self._parsed(data)
                count += len(read.events) if read is not None else 0
                if count > ics.MOST:  # one file may hold as many: all are looked at each minute
                    raise Unfit(f"The calendars of {dav.where} have too many events", SMALLER)
                kept.events[key] = _Event(etag or version.etag, len(data), read)
        return wanted.keys() <= came.keys()

    def _parsed(self, data: bytes) -> ics.Calendar | None:
        try:
            return ics.read(data, self._today(), self._here)
        except ValueError:
            return None


def _known(version: Version, event: _Event | None) -> bool:
    return event is not None and version.etag != "" and event.etag == version.etag


def _merged(kept: _Kept, owner: str) -> ics.Calendar:
    every = [event.read for event in kept.events.values()]
    found = tuple(event for read in every if read is not None for event in read.events)
    if kept.theirs:  # nothing in it is the person's words, whoever calls it together or nobody
        found, owner = tuple(replace(event, others=True) for event in found), ""
    return ics.Calendar(found, owner, sum(1 if read is None else read.lost for read in every))
