"""How numbers and times are said to a person, and how foreign text is made safe to show. Pure."""

import html
import unicodedata
from datetime import UTC, datetime, timedelta

_STEPS = ((0.95, "almost certain"), (0.8, "quite sure"), (0.6, "likely"), (0.4, "perhaps"), (0.0, "a guess"))


def sure(confidence: float) -> str:
    """Confidence 0..1 in words and per cent: "quite sure, 83 %"."""
    value = min(1.0, max(0.0, confidence))
    name = next(word for floor, word in _STEPS if value >= floor)
    return f"{name}, {round(value * 100)} %"


def half_life(told: str) -> str:
    """A half-life in short: "half-life about 2 weeks"; one that is no span of time stays as it is."""
    return f"half-life {told}" if _is_span(told) else told


def fades(told: str) -> str:
    """A half-life as a sentence: "fades by half in about 2 weeks"."""
    return f"fades by half in {told}" if _is_span(told) else told


def _is_span(told: str) -> bool:
    return told.startswith(("about", "a ", "an ", "one")) or told[:1].isdigit()


def ago(seconds: float) -> str:
    """An age in one unit: "12 s ago", "3 min ago", "2 h ago", "4 days ago"."""
    if seconds < 2:
        return "just now"
    if seconds < 90:
        return f"{int(seconds)} s ago"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min ago"
    if seconds < 36 * 3600:
        return f"{round(seconds / 3600)} h ago"
    return f"{round(seconds / 86400)} days ago"


def last_stored(age_s: float | None) -> str:
    """How old the last stored observation is."""
    return "nothing stored yet" if age_s is None else f"last stored {ago(age_s)}"


def moment(at: datetime | None, now: datetime | None = None) -> str:
    """A time on the person's own clock: "today 14:03", "yesterday 09:12", "3 Nov 14:03", "3 Nov 2025"."""
    if at is None:
        return "never"
    here = at.astimezone()
    today = (now or datetime.now(UTC)).astimezone()
    clock = here.strftime("%H:%M")
    if here.date() == today.date():
        return f"today {clock}"
    if here.date() == today.date() - timedelta(days=1):
        return f"yesterday {clock}"
    if here.year == today.year:
        return f"{here.day} {here.strftime('%b')} {clock}"
    return f"{here.day} {here.strftime('%b %Y')}"


def countdown(seconds: float) -> str:
    """Minutes and seconds that remain, never below zero: "1:05"."""
    whole = max(0, int(seconds + 0.999))
    return f"{whole // 60}:{whole % 60:02d}"


def size(count: int) -> str:
    """Bytes in a readable unit: "3.1 MB", "200 MB"."""
    value = float(count)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def many(count: int, one: str, more: str = "") -> str:
    """A counted noun: "1 observation", "3 observations"."""
    return f"{count:,} {one if count == 1 else more or one + 's'}".replace(",", "\u202f")


def visible(text: str) -> str:
    """`text` with every character that hides or reorders others written out as ⟨U+202E⟩.

    Text from a screen may carry right-to-left overrides (the "trojan source" trick) that make an address
    read as another; on a card that asks for approval nothing may look like what it is not. Line breaks,
    tabs and the joiners that Persian, Indic scripts and emoji need are kept.
    """
    return "".join(f"⟨U+{ord(ch):04X}⟩" if _hides(ch) else ch for ch in text)


def _hides(ch: str) -> bool:
    if ch in "\n\t\u200c\u200d":
        return False
    return unicodedata.category(ch) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")


def one_line(text: str) -> str:
    """`text` on one line, runs of white space as one space."""
    return " ".join(text.split())


def tip(text: str) -> str:
    """`text` as a tooltip. Qt takes a tooltip that looks like HTML for HTML, so it is escaped and said so."""
    return f"<qt>{html.escape(text).replace(chr(10), '<br/>')}</qt>" if text else ""


def menu(text: str) -> str:
    """`text` as a menu entry or button: an ampersand is an ampersand, not a shortcut."""
    return text.replace("&", "&&")


def span(text: str, quote: str) -> tuple[int, int] | None:
    """Where `quote` stands in `text`: start and end in UTF-16 units, as Qt counts; None when it is not there.

    White space is compared loosely, since a quote may have been joined over a line break.
    """
    if not quote.strip():
        return None
    start = text.find(quote)
    end = start + len(quote)
    if start < 0:
        found = _loose(text, quote)
        if found is None:
            return None
        start, end = found
    return _units(text[:start]), _units(text[:end])


def _loose(text: str, quote: str) -> tuple[int, int] | None:
    places = [index for index, ch in enumerate(text) if not ch.isspace()]
    squeezed = "".join(text[index] for index in places)
    wanted = "".join(quote.split())
    at = squeezed.find(wanted)
    return None if at < 0 else (places[at], places[at + len(wanted) - 1] + 1)


def _units(text: str) -> int:
    return len(text) + sum(1 for ch in text if ord(ch) > 0xFFFF)
