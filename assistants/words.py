"""Putting copied words into sentences, lists and file names without letting them leave their place."""

import hashlib
import re
from datetime import datetime, tzinfo

from gum.text import clean, normal, words

_SPACES = re.compile(r"\s+")
# What could start a link, an image, code or HTML in a Markdown list. A "<!--" would swallow later lines.
_MARKDOWN = re.compile(r"([\\`\[\]<>])")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def one_line(text: str) -> str:
    """`text` on one line, without control characters and direction marks; every word stays as it is."""
    return _SPACES.sub(" ", clean(text.replace("\u2028", "\n").replace("\u2029", "\n"))).strip()


def in_markdown(text: str) -> str:
    """`one_line(text)` as plain words of a Markdown list item: no link, code, image or HTML can begin."""
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def slug(text: str, limit: int = 40) -> str:
    """A harmless file name part: ASCII letters, digits and hyphens; a short hash when nothing is left."""
    ascii_only = re.sub(r"[^a-z0-9]+", "-", normal(text)).strip("-")[:limit].strip("-")
    return ascii_only or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def covers(text: str, fact: str) -> bool:
    """Whether every word of `fact` occurs in `text`, in any order. Nothing covers an empty fact."""
    wanted = set(words(fact))
    return bool(wanted) and wanted <= set(words(text))


def day(when: datetime, zone: tzinfo) -> str:
    """ "Friday 27 November 2026" in `zone`, whatever the locale."""
    local = when.astimezone(zone)
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}"


def days_until(when: datetime, now: datetime, zone: tzinfo) -> int:
    """Midnights of `zone` between `now` and `when`; negative when it is past."""
    return (when.astimezone(zone).date() - now.astimezone(zone).date()).days


def in_days(count: int) -> str:
    """ "today", "tomorrow", "in 3 days"."""
    return {0: "today", 1: "tomorrow"}.get(count, f"in {count} days")


def ago(when: datetime, now: datetime) -> str:
    """ "just now", "5 minutes ago", "3 hours ago", "2 days ago"."""
    minutes = int((now - when).total_seconds() // 60)
    for size, name in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return "just now"
