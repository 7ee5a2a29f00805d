"""What is asked of a CalDAV server (RFC 4791), and what it says. Pure; `dav.py` does the asking.

Only what lies within the time that is told of is asked for, and of that only what is not known yet: first
names and versions (etags), then the events themselves. What they say is read by `ics.py`, like any file.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit
from xml.sax.saxutils import escape

from gum.text import clean
from observers.agenda import AHEAD
from observers.multistatus import DAV, Node, Reply, usable

MARGIN = timedelta(days=2)  # what a server takes for today may be another day
TOO_MANY = 507  # RFC 6578, section 3.6: it told a part only
_CAL = "urn:ietf:params:xml:ns:caldav "
_SERVER = "http://calendarserver.org/ns/ "
_FOREIGN = {_SERVER + "shared", _SERVER + "subscribed"}  # kinds: who shares one has "shared-owner" there
_NAMES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/"'
_HEAD = '<?xml version="1.0" encoding="utf-8"?>'

ABOUT = (
    f"{_HEAD}<d:propfind {_NAMES}><d:prop><d:resourcetype/><d:displayname/><d:owner/>"
    "<d:current-user-principal/><d:sync-token/><s:getctag/><c:calendar-home-set/>"
    "<c:calendar-user-address-set/><c:supported-calendar-component-set/></d:prop></d:propfind>"
).encode()


class About(NamedTuple):
    """What one address is. `mark` changes when anything in a calendar does; "" where nobody tells."""

    url: str
    calendar: bool
    name: str
    mark: str
    owner: str  # the principal whose it is
    foreign: bool  # somebody else shares it, or it only shows one that lies elsewhere
    principal: str  # who asks; "" when it does not know
    nobody: bool  # who asks is nobody to it
    homes: tuple[str, ...]
    addresses: tuple[str, ...]  # e-mail addresses, in lower case


class Version(NamedTuple):
    """One event or series as it lies there: as the server names it, and what changes when it does."""

    href: str
    etag: str


def about(reply: Reply, base: str) -> About:
    """`base` is the address that was asked. All addresses in it are whole ones then."""
    types = {node.name for node in _in(reply.found, DAV + "resourcetype")}
    kinds = reply.found.get(_CAL + "supported-calendar-component-set")
    principal = reply.found.get(DAV + "current-user-principal")
    return About(
        url=urljoin(base, reply.href),
        calendar=_CAL + "calendar" in types and (kinds is None or _events(kinds)),
        name=" ".join(clean(_text(reply, DAV + "displayname")).split())[:100],
        mark=_text(reply, _SERVER + "getctag") or _text(reply, DAV + "sync-token"),
        owner=next(iter(_hrefs(reply, DAV + "owner", base)), ""),
        foreign=not types.isdisjoint(_FOREIGN),
        principal=next(iter(_hrefs(reply, DAV + "current-user-principal", base)), ""),
        nobody=principal is not None and principal.first(DAV + "unauthenticated") is not None,
        homes=_hrefs(reply, _CAL + "calendar-home-set", base),
        addresses=tuple(
            unquote(href[7:]).lower()
            for href in _said(reply, _CAL + "calendar-user-address-set")
            if href.lower().startswith("mailto:") and "@" in unquote(href)
        ),
    )


def query(today: date) -> bytes:
    """Asks for the versions of the events from `today` on that are told of."""
    start, end = today - MARGIN, today + AHEAD + MARGIN
    return (
        f"{_HEAD}<c:calendar-query {_NAMES}><d:prop><d:getetag/></d:prop><c:filter>"
        '<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">'
        f'<c:time-range start="{start:%Y%m%d}T000000Z" end="{end:%Y%m%d}T000000Z"/>'
        "</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
    ).encode()


def multiget(hrefs: Iterable[str]) -> bytes:
    """Asks for these events themselves."""
    wanted = "".join(f"<d:href>{escape(href)}</d:href>" for href in hrefs)
    return (
        f"{_HEAD}<c:calendar-multiget {_NAMES}><d:prop><d:getetag/><c:calendar-data/></d:prop>"
        f"{wanted}</c:calendar-multiget>"
    ).encode()


def versions(replies: Sequence[Reply], base: str) -> dict[str, Version] | None:
    """What `query` found, by `key`; None where the server told a part only."""
    if any(reply.status == TOO_MANY for reply in replies):
        return None
    return {
        key(reply.href, base): Version(reply.href, _text(reply, DAV + "getetag"))
        for reply in replies
        if reply.status == 200 and key(reply.href, base) != key(base, base)
    }


def contents(replies: Sequence[Reply], base: str) -> dict[str, tuple[str, bytes | None]]:
    """What `multiget` brought, by `key`: its version and its text; None for what is not there any more."""
    found: dict[str, tuple[str, bytes | None]] = {}
    for reply in replies:
        data = reply.found.get(_CAL + "calendar-data")
        if data is not None:
            found[key(reply.href, base)] = (_text(reply, DAV + "getetag"), data.text.encode())
        elif reply.status in (404, 410):
            found[key(reply.href, base)] = ("", None)
    return found


def key(href: str, base: str) -> str:
    """The path it names, however it is written: servers do not always quote alike."""
    return unquote(urlsplit(urljoin(base, href)).path)


def same(one: str, other: str) -> bool:
    """Whether two whole addresses name the same."""
    first, second = urlsplit(one), urlsplit(other)
    paths = [unquote(parts.path).rstrip("/") for parts in (first, second)]
    return first.netloc.lower() == second.netloc.lower() and paths[0] == paths[1]


def _in(found: Mapping[str, Node], name: str) -> list[Node]:
    return found[name].children if name in found else []


def _text(reply: Reply, name: str) -> str:
    return reply.found[name].text.strip() if name in reply.found else ""


def _said(reply: Reply, name: str) -> list[str]:
    every = [node.text.strip() for node in _in(reply.found, name) if node.name == DAV + "href"]
    return [href for href in every if usable(href)]


def _hrefs(reply: Reply, name: str, base: str) -> tuple[str, ...]:
    return tuple(urljoin(base, href) for href in _said(reply, name))


def _events(kinds: Node) -> bool:
    """Whether it takes events at all; where it names no kind, it takes all."""
    named = list(kinds.all(_CAL + "comp"))
    return not named or any("VEVENT" in node.given.get("name", "").upper() for node in named)
