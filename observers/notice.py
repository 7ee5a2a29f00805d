"""What a program says in a notice, and who it is, from the arguments it sends. Pure; knows no D-Bus.

Two ways are known: `Notify` of Desktop Notifications 1.2, and `AddNotification`, by which GTK programs speak
to GNOME Shell (org.gtk.Notifications). A notice that asks not to be kept, or is only a bar (volume), is none.
"""

import html
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from gum.text import clean
from gum.types import Observation, ObservationId, Trust, WindowInfo, new_id
from observers.browsers import is_browser

SOURCE = "notices"
MAX_BODY = 2_000  # characters; servers show some 300 of them
MAX_TITLE = 300
MAX_NAME = 120
FOLD = timedelta(minutes=10)  # the same notice within this is the one before, going on
REMEMBERED = 128

# Chromium 156 gives no private window the right to send notices, so one of these comes from a normal window.
# Other browsers were not tried: theirs may come from a private one.
_NEVER_PRIVATE = frozenset(
    ("chromium", "chromium-browser", "google-chrome", "google-chrome-beta", "google-chrome-unstable")
)
# Volume and brightness, told by everything that draws a bar.
_BARS = ("synchronous", "x-canonical-private-synchronous")
# Categories of the specification in which a program speaks of the machine, not somebody to the person.
_MACHINES = ("device", "network", "transfer", "x-gnome.network")
_TAG = re.compile(r"</?(?:[abipsu]|br|img|span|font|em|strong|small|tt|big|sub|sup)\b[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|p)\b[^<>]*>", re.IGNORECASE)
# The paragraph that Chromium puts before a page's words: its origin, as a link where the server has links.
_ORIGIN = re.compile(
    r"(?:<a href=\"(?P<link>https?://[^\"\s]+)\">[^<\n]*</a>|(?P<host>[^\s<>/\"]+))(?:\n\n|\Z)"
)
# What says that something is counted: a share, a size, "3 of 12". Without it a number may be a room or a day.
_COUNTS = re.compile(
    r"\d\s?(?:%|[kKMGT]i?B\b)|(?<![\w:./-])\d+\s(?:of|von|de|di|sur|van|av|из)\s\d+(?![\w:./-])"
)
_NUMBERS = re.compile(r"[\s.,]*\d[\d\s.,]*")
_COUNT = re.compile(r"\d+(?:[.,]\d+)*\s?(?:%|[kKMGT]i?B\b)|(?<![\w:./-])\d+(?![\w:./-])")


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. `names` are all those the program goes by, in lower case, the one for its windows first."""

    names: tuple[str, ...]
    title: str
    body: str
    trust: Trust
    url: str | None = None  # of the site behind a browser's notice, as far as its origin
    update: bool = False  # it takes the place of an earlier one

    @property
    def app(self) -> str:
        return self.names[0] if self.names else ""

    @property
    def text(self) -> str:
        return f"{self.title}\n{self.body}".strip()

    def windows(self) -> list[WindowInfo]:
        """The notice as windows that the rules can judge, one for each name of its program.

        What a browser shows is refused without the site's address, and unless it cannot be a private page's.
        """
        return [
            WindowInfo(
                window_id=0,
                app=name,
                title=self.title,
                pid=None,
                region=None,
                url=self.url,
                private=False if not is_browser(name) or name.replace(" ", "-") in _NEVER_PRIVATE else None,
                browser=is_browser(name),
            )
            for name in self.names or ("",)
        ]


def plain(markup: str) -> str:
    """The text of a notice's body: at most MAX_BODY characters, without tags, entities and empty lines."""
    return _lines(html.unescape(_TAG.sub("", _BREAK.sub("\n", markup[: 4 * MAX_BODY]))))


def notified(arguments: Sequence[object]) -> Notice | None:
    """The notice in the arguments of `Notify`; None when they are no notice that may be kept."""
    match arguments:
        case [str() as app, int() as replaced, _, str() as title, str() as body, _, Mapping() as hints, *_]:
            pass
        case _:
            return None
    if hints.get("transient") or any(name in hints for name in _BARS):
        return None
    names = _names(hints.get("desktop-entry"), app)
    body = body[: 4 * MAX_BODY]
    url = None
    browser = any(is_browser(name) for name in names)
    if browser:
        url, body = _site(hints.get("x-kde-origin-name"), body)
    of_machine = str(hints.get("category", "")).startswith(_MACHINES) or hints.get("urgency") == 0
    title = _line(title, MAX_TITLE)
    return Notice(names, title, plain(body), _trust(of_machine, browser), url, replaced != 0)


def added(arguments: Sequence[object]) -> Notice | None:
    """The notice in the arguments of `AddNotification`; None when they are none that may be kept."""
    match arguments:
        case [str() as app, str() as key, Mapping() as fields, *_]:
            pass
        case _:
            return None
    names = _names(fields.get("desktop-file-id"), app)
    title, body = (str(fields.get(name, ""))[: 4 * MAX_BODY] for name in ("title", "body"))
    trust = _trust(fields.get("priority") == "low", any(is_browser(name) for name in names))
    return Notice(names, _line(title, MAX_TITLE), _lines(body), trust, None, bool(key))


def form(text: str) -> str:
    """`text` without what a progress notice counts up: sizes, shares, bare numbers; times and dates stay."""
    return _COUNT.sub("#", text)


def counts(title: str, body: str) -> bool:
    """Whether a notice is one that counts something up: only then are its numbers not what it is about."""
    return bool(_COUNTS.search(f"{title}\n{body}") or _NUMBERS.fullmatch(body))


@dataclass(frozen=True, slots=True)
class _Kept:
    """A notice that was told: what it was last, and its form."""

    found: Observation
    form: str


class Told:
    """Remembers the last notices, so that the same one again is the same observation. Not thread-safe."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()

    def again(self, notice: Notice, at: datetime) -> Observation | None:
        """The observation that `notice` continues until `at`; None when it is a new one.

        It is the same when program, title and words are, or when it takes an earlier one's place and differs
        only in what is counted.
        """
        kept = self._kept.get(_key(notice))
        if kept is None or at - kept.found.until > FOLD:
            return None
        counted = notice.update and counts(notice.title, notice.body)
        same = kept.found.text == notice.text or (counted and kept.form == form(notice.text))
        return self._keep(notice, replace(kept.found, until=max(kept.found.until, at))) if same else None

    def new(self, notice: Notice, at: datetime) -> Observation:
        """The observation of a notice that came at `at` for the first time."""
        found = Observation(
            id=ObservationId(new_id()),
            source=SOURCE,
            at=at,
            until=at,
            app=notice.app,
            title=notice.title,
            text=notice.text,
            trust=notice.trust,
            url=notice.url,
        )
        return self._keep(notice, found)

    def _keep(self, notice: Notice, found: Observation) -> Observation:
        self._kept[_key(notice)] = _Kept(found, form(found.text))
        self._kept.move_to_end(_key(notice))
        if len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)
        return found


def _key(notice: Notice) -> tuple[str, str]:
    return notice.app, form(notice.title)


def _names(entry: object, app: str) -> tuple[str, ...]:
    """The names of a program, each once. A desktop entry is what most programs call their windows by."""
    given = (str(entry or "").removesuffix(".desktop"), app)
    return tuple(dict.fromkeys(name for raw in given if (name := _line(raw, MAX_NAME).lower())))


def _trust(of_machine: bool, browser: bool) -> Trust:
    """Whose words a notice is. A page may write what it likes, also as if it were somebody's letter."""
    if of_machine:
        return Trust.SYSTEM
    return Trust.READ if browser else Trust.RECEIVED


def _site(named: object, body: str) -> tuple[str | None, str]:
    """The address of the site behind a browser's notice, None when it names none; and the body without it.

    A server may take it as a hint (Plasma), else it is the first paragraph.
    """
    if isinstance(named, str) and named.strip():
        return _address(named), body
    found = _ORIGIN.match(body)
    if found is None:
        return None, body
    return found["link"] or _address(html.unescape(found["host"])), body[found.end() :]


def _address(origin: str) -> str | None:
    """The address of an origin as browsers show it: the scheme is left out where it is http or https."""
    try:
        parts = urlsplit(origin if "://" in origin else f"https://{origin}")
    except ValueError:
        return None
    host = parts.hostname or ""
    return f"{parts.scheme}://{parts.netloc}/" if "." in host or ":" in host or host == "localhost" else None


def _line(text: str, longest: int) -> str:
    return " ".join(clean(text[: 4 * longest]).split())[:longest]


def _lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in clean(text).split("\n"))
    return "\n".join(line for line in lines if line)[:MAX_BODY]
