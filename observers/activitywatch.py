"""What ActivityWatch noted (activitywatch.net), as observations: its history taken over from an export. Pure.

Read are windows ("currentwindow") and pages ("web.tab.current"); time away from the computer ("afkstatus") is
cut out of both, and a page counts only while a browser was in front, if it is known what was. A window says
nothing of whether it was private, so browsers are told by their pages alone, and of those only the ones noted
as not private: unknown means no.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gum.errors import ImportRefused
from gum.lasting import lasting_id
from gum.text import clean
from gum.types import Observation, Rule, Trust, WindowInfo
from observers.browsers import is_browser
from observers.privacy import admit

NAME = "activitywatch"
WINDOW, PAGE, AWAY = "currentwindow", "web.tab.current", "afkstatus"
MOST = 100_000  # observations, the newest: two minutes to store
LEAST = timedelta(seconds=1)  # shorter is passing by
LONGEST = 2_000  # characters of a title or an address
LONGEST_S = 366 * 24 * 3600.0  # of an event: no clock means more

_PAGES_OF = re.compile(r"aw-watcher-web-([a-z][a-z0-9]*)", re.IGNORECASE)
_NOTHING = frozenset({"", "unknown", "excluded"})  # what ActivityWatch puts where it knows or tells nothing

Span = tuple[datetime, datetime]


def parsed(text: bytes) -> object:
    """The JSON of an export, for `read`. Raises ImportRefused."""
    try:
        told: object = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:  # no JSON, no UTF-8, brackets without end
        raise ImportRefused("This is no JSON", _HINT) from error
    return told


def read(data: object) -> list[Observation]:
    """The windows and pages of an export that were in use, oldest first, at most MOST, the newest.

    The same event has the same id in every export. None is of a window that may have been private; the rules
    are yet to be asked (`admitted`). Raises ImportRefused for what is no export, naming bucket and event.
    """
    buckets = _buckets(data)
    away = _Times(buckets, AWAY, lambda event: event.data.get("status") == "afk")
    browsing = _Times(buckets, WINDOW, lambda event: _browses(event.data))
    watched = any(bucket.kind == WINDOW for bucket in buckets)
    found = []
    for bucket in buckets:
        for event in bucket.events if bucket.kind in (WINDOW, PAGE) else ():
            used = _without((event.start, event.end), away.of(bucket.host))
            if bucket.kind == PAGE and watched:
                used = _within(used, browsing.of(bucket.host))
            if sum((end - start for start, end in used), timedelta()) >= LEAST:
                found += _observation(bucket, event, used[0][0], used[-1][1])
    return sorted(found, key=lambda o: (o.at, o.id))[-MOST:]


def admitted(observation: Observation, rules: Sequence[Rule]) -> bool:
    """Whether the shipped rules and the person's `rules` let what `read` found be kept."""
    o = observation
    browser = o.url is not None or is_browser(o.app)
    # Not private: `read` leaves out what is, or may be.
    return admit(WindowInfo(0, o.app, o.title, None, None, o.url, False, browser), rules).allowed


@dataclass(frozen=True, slots=True)
class _Event:
    start: datetime
    end: datetime
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Bucket:
    id: str
    kind: str
    host: str
    events: tuple[_Event, ...]


_HINT = "Export all buckets in ActivityWatch, as JSON. Nothing was imported."


def _buckets(data: object) -> list[_Bucket]:
    told = data.get("buckets") if isinstance(data, dict) else None
    if not isinstance(told, dict):
        raise ImportRefused("This is no export of ActivityWatch", _HINT)
    return [_bucket(str(key), value) for key, value in told.items()]


def _bucket(key: str, told: object) -> _Bucket:
    shown = clean(key)[:60]
    if not isinstance(told, dict) or not isinstance(told.get("type"), str):
        raise ImportRefused(f"The bucket {shown} does not say what it holds", _HINT)
    kind, host = told["type"], str(told.get("hostname") or "")
    if kind not in (WINDOW, PAGE, AWAY):
        return _Bucket(key, kind, host, ())
    events = told.get("events")
    if not isinstance(events, list):
        raise ImportRefused(f"The bucket {shown} has no list of events", _HINT)
    made = []
    for number, event in enumerate(events, start=1):
        try:
            made.append(_event(event, kind))
        except (TypeError, ValueError) as error:
            where = f"Event {number} of the bucket {shown} cannot be taken"
            raise ImportRefused(where, f"It has no usable {error.args[0]}. {_HINT}") from error
    return _Bucket(key, kind, host, tuple(made))


def _event(told: object, kind: str) -> _Event:
    """Raises TypeError or ValueError with the name of the part that does not fit."""
    if not isinstance(told, dict):
        raise TypeError("fields")
    data, lasted = told.get("data"), told.get("duration")
    if not isinstance(data, dict):
        raise TypeError("data")
    for name in {WINDOW: ("app", "title"), PAGE: ("url", "title"), AWAY: ("status",)}[kind]:
        if not isinstance(data.get(name), str | None):
            raise TypeError(name)
    if isinstance(lasted, bool) or not isinstance(lasted, int | float) or not lasted <= LONGEST_S:
        raise TypeError("duration")
    start = _time(told.get("timestamp"))
    return _Event(start, start + timedelta(seconds=max(0.0, lasted)), data)


def _time(told: object) -> datetime:
    try:
        at = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        at = None
    if at is None or not 1990 <= at.year <= 2200:
        raise ValueError("timestamp")
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _observation(bucket: _Bucket, event: _Event, at: datetime, until: datetime) -> list[Observation]:
    """The observation of a window or page, if it says what it is and is known not to be private."""
    app, title, url = (_told(event.data, name) for name in ("app", "title", "url"))
    if bucket.kind == PAGE:
        app = match[1] if (match := _PAGES_OF.match(bucket.id)) else "browser"
        if not url:
            return []
    if app.lower() in _NOTHING or title.lower() in _NOTHING:
        return []
    if (url or is_browser(app)) and event.data.get("incognito") is not False:
        return []
    key = lasting_id(NAME, bucket.id, event.start.isoformat(), app, title, url)
    return [Observation(key, NAME, at, until, app.lower(), title, title, Trust.ACTED_ON, url or None)]


def _told(data: Mapping[str, object], name: str) -> str:
    value = data.get(name)
    return " ".join(clean(value[:LONGEST]).split()) if isinstance(value, str) else ""


def _browses(data: Mapping[str, object]) -> bool:
    return is_browser(_told(data, "app"))


class _Times:
    """The stretches of time that certain events of each computer cover together."""

    def __init__(self, buckets: Sequence[_Bucket], kind: str, fits: Callable[[_Event], bool]) -> None:
        spans: dict[str, list[Span]] = {}
        for bucket in (b for b in buckets if b.kind == kind):
            spans.setdefault(bucket.host, []).extend((e.start, e.end) for e in bucket.events if fits(e))
        self._of = {host: _united(found) for host, found in spans.items()}
        # What browsers note often does not name its computer.
        self._all = _united(span for found in spans.values() for span in found)

    def of(self, host: str) -> list[Span]:
        return self._of.get(host, self._all)


def _united(spans: Iterable[Span]) -> list[Span]:
    """The same time in stretches that neither overlap nor touch, in order."""
    made: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if made and start <= made[-1][1]:
            made[-1] = made[-1][0], max(made[-1][1], end)
        else:
            made.append((start, end))
    return made


def _without(span: Span, taken: Sequence[Span]) -> list[Span]:
    """What is left of `span`; `taken` is united."""
    left = []
    begin, end = span
    for start, stop in _touching(taken, begin, end):
        if begin < start:
            left.append((begin, start))
        begin = max(begin, stop)
    return [*left, (begin, end)] if begin < end else left


def _within(spans: Sequence[Span], allowed: Sequence[Span]) -> list[Span]:
    """What of `spans` lies in `allowed`; both are united."""
    kept = []
    for begin, end in spans:
        for start, stop in _touching(allowed, begin, end):
            if max(begin, start) < min(end, stop):
                kept.append((max(begin, start), min(end, stop)))
    return kept


def _touching(spans: Sequence[Span], begin: datetime, end: datetime) -> Iterator[Span]:
    """Those of the united `spans` that may share time with this one, found without looking at all."""
    at = max(0, bisect_right(spans, (begin, begin)) - 1)
    while at < len(spans) and spans[at][0] < end:
        yield spans[at]
        at += 1


def _no_number(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are not JSON
