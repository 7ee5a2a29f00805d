"""What the patterns of privacy rules mean. Pure; made ready once, asked at every look.

A pattern is a glob over the whole value: `*` is anything, `?` one sign, `[ab]` one of these, `[!ab]` none of
them. Two things a glob cannot say safely have a spelling of their own:

- `site:example.org` for an address: its host is example.org or lies under it. A glob like `*://example.org/*`
  would also fit `https://elsewhere.net/?to=://example.org/`. `site:mychart.*` fits hosts by a glob.
- `|online banking|` for a title: that text is a whole part of it, as sites put their names between dashes and
  bars. "Online banking | Norrbank" has it, "Online banking is down again" has not.
"""

import re
from collections.abc import Callable
from fnmatch import translate
from functools import cached_property, lru_cache
from unicodedata import normalize
from urllib.parse import unquote

from gum.types import Rule, WindowInfo

SITE = "site:"

Fits = Callable[[str], bool]

_WILD = re.compile(r"[*?\[]")
# Signs that are not seen and would tear a word apart: zero-width ones, marks of direction, the soft hyphen.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
# A colon is not among them: newspapers put the topic before one ("Online banking: ...").
_BETWEEN = re.compile(r"\s+[-–—‒]+\s+|\s*[|｜»›•·・_－]+\s*")
_UNREAD = re.compile(r"^\(\d+\+?\)\s*")  # "(3) Inbox"
# Addresses that show another one: the source of a page, a page's own data, the reading view of Firefox.
_WRAPPED = re.compile(r"(?:view-source:|blob:|filesystem:)+")
_READING = re.compile(r"about:reader\?(?:.*&)?url=([^&]*)", re.S)
# Of the schemes of the web, browsers take any number of slashes, either way round (https://url.spec.whatwg.org).
_HOST = re.compile(r"(?:(?:https?|wss?|ftp):[\\/]*|(?:[a-z][a-z0-9+.-]*:)?[\\/]{2})([^\\/?#]*)")
_BARE = re.compile(r"([^\s:/?#\\@]+\.[^\s:/?#\\@]+)(?::\d*)?(?:[/?#\\]|$)")


def plain(value: str) -> str:
    """`value` as it is compared: no capitals, accents in one way, nothing invisible, every space the same."""
    if value.isascii():
        return value.casefold()
    seen = _UNSEEN.sub("", value).replace("\u00a0", " ").replace("\u202f", " ")
    # Turkish has two letters i, and either may stand for a capital I.
    return normalize("NFC", seen.casefold()).replace("i\u0307", "i").replace("ı", "i")


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


def host(address: str) -> str | None:
    """The host of an address that is `plain`, without name, password, port and final dots; None: it has none.

    What a browser would go to counts, not what an address says it is: `https://bank.example@evil.test/` is
    evil.test, and so is `https:\\\\evil.test/bank.example`.
    """
    address = _WRAPPED.sub("", address.strip(), count=1)
    if reading := _READING.match(address):
        address = plain(unquote(reading[1]))
    found = _HOST.match(address)
    place = found[1].rpartition("@")[2] if found else None
    if place is None:
        bare = _BARE.match(address)
        place = bare[1] if bare else ""
    if place.startswith("["):
        return place.partition("]")[0][1:] or None
    return place.partition(":")[0].rstrip(".") or None


def above(name: str) -> tuple[str, ...]:
    """A host and all it lies under, the nearest first: a.b.org, b.org, org."""
    labels = name.split(".")
    return tuple(".".join(labels[n:]) for n in range(len(labels)))


def parts(title: str) -> frozenset[str]:
    """The parts of a `plain` title that dashes and bars stand between."""
    return frozenset(_UNREAD.sub("", part.strip()) for part in _BETWEEN.split(title))


def site(pattern: str) -> str | None:
    """The host (or glob of hosts) that a pattern for addresses names; None: it is a glob of addresses."""
    return plain(pattern.removeprefix(SITE)).strip(".") if pattern.startswith(SITE) else None


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

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        """The host of its address and all that lies above; empty when there is none."""
        name = None if self.url is None else host(self.url)
        return above(name) if name else ()

    @cached_property
    def parts(self) -> frozenset[str]:
        return parts(self.title)


def fits(rule: Rule, facts: Facts) -> bool:
    """Whether every field that `rule` sets fits. An unknown value fits no pattern."""
    return (
        (rule.private is None or rule.private == facts.private)
        and (rule.app is None or glob(rule.app)(facts.app))
        and (rule.url is None or _fits_address(rule.url, facts))
        and (rule.title is None or _fits_title(rule.title, facts))
    )


def _fits_address(pattern: str, facts: Facts) -> bool:
    wanted = site(pattern)
    if wanted is None:
        return facts.url is not None and glob(pattern)(facts.url)
    return any(glob(wanted)(name) for name in facts.hosts)


def _fits_title(pattern: str, facts: Facts) -> bool:
    wanted = part(pattern)
    return glob(pattern)(facts.title) if wanted is None else wanted in facts.parts
