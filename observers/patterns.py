"""What the patterns of privacy rules mean. Pure; made ready once, asked at every look.

A pattern is a glob over the whole value: `*` is anything, `?` one sign, `[ab]` one of these, `[!ab]` none of
them. Two things a glob cannot say safely have a spelling of their own:

- `site:example.org` for an address: its host is example.org or lies under it. A glob like `*://example.org/*`
  would also fit `https://elsewhere.net/?to=://example.org/`. `site:mychart.*` fits hosts by a glob.
- `|online banking|` for a title: that text is a whole part of it, as sites put their names between dashes and
  bars. "Online banking | Norrbank" has it, "Online banking is down again" has not.

How an address is written makes no difference, and one that a translator, an archive or a reading view shows
is asked for like the page itself (`observers.addresses`).
"""

import re
from collections.abc import Callable
from fnmatch import translate
from functools import cached_property, lru_cache

from gum.types import Rule, WindowInfo
from observers.addresses import above, forms, host, of_tools, pattern_forms, unicode_host
from observers.plain import plain

SITE = "site:"

Fits = Callable[[str], bool]

_WILD = re.compile(r"[*?\[]")
# A colon is not among them: newspapers put the topic before one ("Online banking: ...").
_BETWEEN = re.compile(r"\s+[-–—‒]+\s+|\s*[|｜»«›•·・_－]+\s*|\s*::\s*")
_UNREAD = re.compile(r"^\(\d+\+?\)\s*")  # "(3) Inbox"
_TOOLS = ("devtools://", "about:devtools", "chrome-devtools://")


@lru_cache(maxsize=4096)
def glob(pattern: str) -> Fits:
    """Whether a value that is `plain` fits the glob as a whole.

    Nearly all globs are a text with a star before or after it, and a comparison of texts is several times
    faster than a regular expression.
    """
    wanted = plain(pattern)
    text = wanted.strip("*")
    if _WILD.search(text):
        compiled = re.compile(translate(wanted))
        return lambda value: compiled.match(value) is not None
    before, after = wanted.startswith("*"), wanted.endswith("*")
    if before and after:
        return lambda value: text in value
    if before:
        return lambda value: value.endswith(text)
    if after:
        return lambda value: value.startswith(text)
    return lambda value: value == text


def parts(title: str) -> frozenset[str]:
    """The parts of a `plain` title that dashes and bars stand between."""
    return frozenset(_UNREAD.sub("", part.strip()) for part in _BETWEEN.split(title))


def site(pattern: str) -> str | None:
    """The host (or glob of hosts) that a pattern for addresses names; None: it is a glob of addresses."""
    wanted = plain(pattern).strip()
    return unicode_host(wanted.removeprefix(SITE)).strip(". ") if wanted.startswith(SITE) else None


def part(pattern: str) -> str | None:
    """The text that a pattern for titles wants as a whole part; None: it is a glob of titles."""
    framed = len(pattern) > 2 and pattern.startswith("|") and pattern.endswith("|")
    return plain(pattern[1:-1]).strip() if framed else None


class Facts:
    """What rules ask of a window, made ready once."""

    def __init__(self, window: WindowInfo) -> None:
        self.app = plain(window.app)
        self.title = plain(window.title)
        self.url = None if window.url is None else plain(window.url)
        self.private = window.private
        self.full_screen = window.full_screen
        self.monitors = tuple(plain(name) for name in window.monitors)
        # A file or a notice has no number and lies nowhere; a window does somewhere, if nobody says where.
        self.placed = window.region is not None or window.window_id != 0
        # Accessibility names windows and nothing of where they lie: such a one may fill the screen or not.
        self.unplaced = window.window_id != 0 and window.region is None and not window.monitors
        self._instance = window.instance

    @cached_property
    def classes(self) -> tuple[str, str]:
        """Both halves of WM_CLASS."""
        return self.app, plain(self._instance)

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """Its address in every form in which a glob may name it, with those that it shows inside."""
        if self.url is None:
            return ()
        inspected = of_tools(self.title) if self.url.startswith(_TOOLS) else None
        return (*forms(self.url), *(forms(inspected) if inspected else ()))

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        """The hosts of its addresses and all that lies above; empty when there is none."""
        names = dict.fromkeys(name for address in self.addresses if (name := host(address)))
        return tuple(dict.fromkeys(upper for name in names for upper in above(name)))

    @cached_property
    def parts(self) -> frozenset[str]:
        return parts(self.title)


def fits(rule: Rule, facts: Facts) -> bool:
    """Whether every field that `rule` sets fits. An unknown value fits no pattern, but for places.

    Not asked here: whether the rule holds at that time (`observers.holding`).
    """
    return (
        (rule.private is None or rule.private == facts.private)
        and (rule.app is None or glob(rule.app)(facts.app))
        and (rule.url is None or _fits_address(rule.url, facts))
        and (rule.title is None or _fits_title(rule.title, facts))
        and (rule.full_screen is None or facts.unplaced or rule.full_screen == facts.full_screen)
        and (rule.window_class is None or any(map(glob(rule.window_class), facts.classes)))
        and (rule.monitor is None or _fits_monitor(rule.monitor, facts))
    )


def _fits_address(pattern: str, facts: Facts) -> bool:
    wanted = site(pattern)
    if wanted is None:
        return any(fit(url) for fit in address_globs(pattern) for url in facts.addresses)
    return any(map(glob(wanted), facts.hosts))


@lru_cache(maxsize=4096)
def address_globs(pattern: str) -> tuple[Fits, ...]:
    """A glob of addresses for every way of writing them."""
    return tuple(glob(wanted) for wanted in pattern_forms(pattern))


def _fits_monitor(pattern: str, facts: Facts) -> bool:
    """A window lies somewhere: where it is not known on which monitors, it may be this one."""
    return any(map(glob(pattern), facts.monitors)) if facts.monitors else facts.placed


def _fits_title(pattern: str, facts: Facts) -> bool:
    wanted = part(pattern)
    return glob(pattern)(facts.title) if wanted is None else wanted in facts.parts
