"""Can a new rule of the person's do what it says? Asked when it is made, so that none fails later. Pure."""

import re
from collections.abc import Callable

from gum.errors import NotAllowed, RuleUnusable
from gum.types import Rule
from observers.holding import spans
from observers.patterns import SITE, part, parts, site
from observers.plain import plain

MATCHED = ("app", "window_class", "title", "url", "private", "monitor", "full_screen", "hours", "sharing")
"""The fields of a rule that say what it matches."""

_GLOB_OF_HOSTS = re.compile(r"[\w.*?\[\]!-]*[\w*\]][\w.*?\[\]!-]*")
_ADDRESS_OF_6 = re.compile(r"[0-9a-f]*:[0-9a-f:.]*:[0-9a-f.]*")
_PLACE = re.compile(r"[\w-]+(\.[\w-]+)+\.?(:\d+)?(/[^*?\[]*)?")


def check(rule: Rule) -> None:
    """Raises RuleUnusable, with a hint, for a rule that could never hold or not as it was meant.

    Raises NotAllowed for one that matches everything, always.
    """
    if all(getattr(rule, field) is None for field in MATCHED):
        raise NotAllowed(
            "A rule must say what it matches", "Give a program, a title, an address or one of the others."
        )
    for field in ("app", "window_class", "title", "url", "monitor"):
        value: str | None = getattr(rule, field)
        if value is not None and not plain(value).strip():
            raise RuleUnusable("A pattern is empty", "Leave the field out, or write what it must fit.")
        if value is not None and field not in ("title", "url") and value != value.strip():
            raise RuleUnusable("A pattern begins or ends with a space", "Nothing would fit it. Take it away.")
    _check_kept(rule)
    checks: tuple[tuple[str | None, Callable[[str], object]], ...] = (
        (rule.url, _check_address),
        (rule.title, _check_title),
        (rule.hours, spans),
    )
    for value, found in checks:
        if value is not None:
            found(value)


def _check_kept(rule: Rule) -> None:
    unstored = (rule.window_class, rule.monitor, rule.full_screen, rule.hours, rule.sharing)
    if rule.retention is not None and any(value is not None for value in unstored):
        raise RuleUnusable(
            "How long something is kept goes by program, title and address only",
            "The others are not stored with it. Make two rules of it.",
        )


def _check_address(pattern: str) -> None:
    name = site(pattern)
    if name is None:
        bare = plain(pattern).strip()
        if _PLACE.fullmatch(bare):
            raise RuleUnusable(
                f"“{bare[:60]}” would fit no address",
                f"Write {SITE}{bare.partition('/')[0].partition(':')[0]}, or *{bare}*.",
            )
        return
    if _ADDRESS_OF_6.fullmatch(name):
        return
    written = plain(pattern).strip().removeprefix(SITE).strip()
    if not _GLOB_OF_HOSTS.fullmatch(name):
        raise RuleUnusable(f"“{SITE}{written[:60]}” is no site", _site_hint(written))


def _site_hint(written: str) -> str:
    bare = re.sub(r"^(?:[a-z][a-z0-9+.-]*:)?[\\/]{1,}", "", written)
    place = re.split(r"[/\\?#:\s]", bare.rpartition("@")[2], maxsplit=1)[0]
    if not place:
        return f"Write the host and nothing else, like {SITE}example.org."
    path = re.search(r"/[^/]", bare)
    only = f", or *://{bare}* for that part of it" if path and " " not in bare else ""
    return f"Write the host and nothing else: {SITE}{place}{only}."


def _check_title(pattern: str) -> None:
    text = part(pattern)
    if text is not None and text not in parts(text):
        raise RuleUnusable(
            f"“{pattern[:60]}” would fit no title",
            "Between the bars may stand one part of a title, without bars or dashes.",
        )
