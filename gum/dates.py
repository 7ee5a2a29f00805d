"""Dates in text, and which of them are deadlines.

A date phrase is found by shape (gum.date_words), then read by dateparser, relative to the time the
text was seen and towards the future. A deadline is a date phrase with a cue word; most dates on a
screen are none. dateparser is imported on first use: nothing here costs anything before that.
"""

import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import cache
from typing import NamedTuple

from gum import date_words as words
from gum.text import lines, tidy

FAR = timedelta(days=3 * 365)  # a deadline further off is a misread year


class Dated(NamedTuple):
    """A date phrase as written, its place in the line, and the moment: the day's end if it has no time."""

    phrase: str
    start: int
    end: int
    at: datetime


class Deadline(NamedTuple):
    """The date phrase and the task as written, and the moment, in the zone of the time it was seen."""

    phrase: str
    task: str
    at: datetime


def _names(table: Mapping[str, str]) -> str:
    every = {name for names in table.values() for name in names.split()}
    return "|".join(sorted(map(re.escape, every), key=len, reverse=True))


def _any(table: Mapping[str, str]) -> str:
    return "|".join(table.values())


_DAY = r"\d{1,2}(?:st|nd|rd|th|\.|er|º|ª)?"
_CLOCK = (
    r"(?:,? (?:at |um |à |a las |às |alle |om |@ ?)?(?P<hour>[01]?\d|2[0-4])"
    r"(?:[:h.](?P<minute>[0-5]\d))?(?: ?(?P<half>[ap]\.?m\b\.?)| ?uhr\b| ?h\b)?)?"
)


@cache
def _date() -> re.Pattern[str]:
    month, weekday = _names(words.MONTHS), _names(words.WEEKDAYS)
    named = rf"(?:the )?{_DAY} ?(?:of |de |di )?(?:{month})\b\.?(?:,? (?:de |del )?\d{{4}}\b)?"
    shapes = (
        r"\d{4}-\d{2}-\d{2}",
        r"(?:\d{4}年)?\d{1,2}月\d{1,2}日?(?:[((][月火水木金土日一二三四五六][))])?",
        r"\d{1,2}[./-]\d{1,2}[./-]\d{4}",
        r"\d{1,2}\.\d{1,2}\.(?:\d{2})?",
        rf"(?:(?:{weekday})\.?,? (?:den |le |el )?)?"
        rf"(?:{named}|(?:{month})\b\.? {_DAY}(?!\d)(?:,? \d{{4}}\b)?)",
        rf"(?:next |this |nächsten |kommenden )?(?:{weekday})\b(?!,? \d)"  # "Friday 2" is not finished
        r"(?: prochain| que viene| próximo| prossimo)?",
        "|".join(words.RELATIVE.values()),
    )
    return re.compile(
        rf"(?<![0-9A-Za-zÀ-ÿ_/.-])(?P<day>{'|'.join(shapes)})(?![/-]?\d){_CLOCK}", re.IGNORECASE
    )


def find(line: str, at: datetime, languages: Sequence[str] = ()) -> list[Dated]:
    """Date phrases of one line, in order. `at` is aware; results are in its zone.

    `languages` are codes such as "de" or "en-GB", the likeliest first; without any, all are tried.
    A date like 03/12/2026 is left alone when nothing says which number is the month.
    """
    found = []
    for match in _date().finditer(line):
        phrase, moment = match[0], None
        if not _clear_clock(match):
            phrase = _FULL_STOP.sub("", match["day"])
        day = _read(match["day"], at, tuple(languages))
        if day is not None:
            moment = datetime.combine(day, _clock(match), at.tzinfo)
            found.append(Dated(phrase.strip(), match.start(), match.start() + len(phrase), moment))
    return found


def _clear_clock(match: re.Match[str]) -> bool:
    """A bare number after a date is no time of day: "28 November 3 copies"."""
    tail = match[0][len(match["day"]) :].lower()
    return bool(match["minute"] or match["half"] or tail.rstrip().endswith(("uhr", "h")))


def _clock(match: re.Match[str]) -> time:
    if not _clear_clock(match):
        return time(23, 59, 59)
    hour, minute = int(match["hour"]) % 24, int(match["minute"] or 0)
    half = (match["half"] or "").lower()
    if half.startswith("p") and hour < 12:
        hour += 12
    if half.startswith("a") and hour == 12:
        hour = 0
    return time(hour, minute)


_FULL_STOP = re.compile(r"(?<=[^\W\d_]{5})\.$")  # "27 November." ends a sentence, "27 Nov." need not
_CJK = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日?")
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})[./-](\d{4})")


def _read(phrase: str, at: datetime, languages: tuple[str, ...]) -> datetime | None:
    """The day a phrase names; None when it names none, one that is past, or one that is too far."""
    base = at.replace(tzinfo=None)
    midnight = base.replace(hour=0, minute=0, second=0, microsecond=0)
    if match := _CJK.match(phrase):
        day = _upcoming(match[1], int(match[2]), int(match[3]), midnight)
    else:
        if (match := _NUMERIC.match(phrase)) and match[2] != "." and _ambiguous(match, languages):
            return None
        # "20 November", said on the 20th, is today: explicit days are read from the day before.
        explicit = any(c.isdigit() for c in phrase) and not _RELATIVE.match(phrase)
        day = _parse(phrase, midnight - timedelta(days=1) if explicit else base, languages)
    if day is None or not midnight <= day <= midnight + FAR:
        return None
    return day


_RELATIVE = re.compile(r"(?:in|dans|en|em|tra|over) \d", re.IGNORECASE)


def _upcoming(year: str | None, month: int, day: int, midnight: datetime) -> datetime | None:
    try:
        then = datetime(int(year or midnight.year), month, day)  # noqa: DTZ001 - the caller adds the zone
        return then if year or then >= midnight else then.replace(year=then.year + 1)
    except ValueError:  # 31 February, or 29 February of a common year
        return None


def _ambiguous(match: re.Match[str], languages: tuple[str, ...]) -> bool:
    """English without a region does not say whether 03/12 is in March; the others put the day first."""
    first, second = int(match[1]), int(match[3])
    known = languages and (languages[0] != "en")
    return not known and first <= 12 and second <= 12 and first != second


def unclear(text: str, languages: Sequence[str] = ()) -> bool:
    """Whether `text` begins with a date of which nobody can tell the day from the month."""
    match = _NUMERIC.match(text.strip())
    return match is not None and match[2] != "." and _ambiguous(match, tuple(languages))


def _parse(phrase: str, base: datetime, languages: tuple[str, ...]) -> datetime | None:
    with warnings.catch_warnings():
        # dateparser and the libraries under it warn of their own future changes.
        warnings.simplefilter("ignore")
        import dateparser

        settings = {
            "RELATIVE_BASE": base,
            "PREFER_DATES_FROM": "future",
            "RETURN_AS_TIMEZONE_AWARE": False,
            "PREFER_DAY_OF_MONTH": "first",
        }
        from dateparser.data.languages_info import language_locale_dict

        # "de-DE" is no region of dateparser's, which raises for what it does not know: then it is "de".
        regions = [code for code in languages if code in language_locale_dict.get(code.split("-")[0], ())]
        rest = (code.split("-")[0] for code in languages if code not in regions)
        plain = [code for code in dict.fromkeys(rest) if code in words.LANGUAGES]
        for attempt in _attempts(regions, plain):
            day = dateparser.parse(phrase, settings=settings, **attempt)  # type: ignore[arg-type]
            if day is not None:
                return day.replace(tzinfo=None)
    return None


def _attempts(regions: list[str], plain: list[str]) -> Iterable[dict[str, list[str]]]:
    """What to ask dateparser, in turn: the given regions, the given languages, then all."""
    if regions:
        yield {"locales": regions}
    if plain:
        yield {"languages": plain}
    yield {"languages": [code for code in words.LANGUAGES if code not in plain]}


# --- deadlines ----------------------------------------------------------------------------------

_SPACED = {code: cues for code, cues in words.STRONG.items() if code not in ("ja", "zh")}
_STRONG_BEFORE = re.compile(
    rf"\b(?:{_any(_SPACED)})\b|{words.STRONG['ja']}|{words.STRONG['zh']}", re.IGNORECASE
)
_WEAK_BEFORE = re.compile(rf"\b(?:{_any(words.WEAK)})[ ']*(?:the |le |el |il |den |o )?$", re.IGNORECASE)
_AFTER = re.compile(rf"[ 　]*(?:\d{{1,2}}時)?{words.AFTER}")
_DOING = re.compile(rf"\b(?:{_any(words.DOING)})\b", re.IGNORECASE)
_UNSAID = re.compile(words.UNSAID, re.IGNORECASE)
_OTHERS = re.compile(words.OTHERS, re.IGNORECASE)
_MYSELF = re.compile(words.MYSELF, re.IGNORECASE)
_LEADING = re.compile(words.LEADING, re.IGNORECASE)
_JOINTS = re.compile(
    r"^(?:for|of|on|by|is|der|die|das|des|den|dem|für|von|am|ist|de|du|des|la|le|les|pour|del|el|para|da|do|il|lo|per"
    r"|van|het|voor|is|est|es|é|è)\b|^[\s:：,-]+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:\b(?:is|are|am|on|at|at the latest|ist|wird|est|es|é|è|il|el|le|den)|[\s:：,(\[–-])+$", re.IGNORECASE
)
_CLAUSE = re.compile(r"(?<=[.!?;。!?])\s+|(?<=[。!?])|\s[|•·]\s")
_ABBREVIATED = re.compile(r"(?:\d|\b(?:nov|dec|dez|jan|feb|okt|oct|sept|sep|aug|no|nr))\.$", re.IGNORECASE)


def deadlines(
    text: str, at: datetime, languages: Sequence[str] = (), *, message: bool = False
) -> list[Deadline]:
    """Deadlines that `text`, seen at `at` (aware), sets for whoever wrote it.

    Questions, denials, requests to others and what others have to do are left out; so is a deadline
    that names no task. In a `message`, "submit it by Friday" is said to its reader: only what the
    writer promises counts. Phrase and task are cut from the text exactly. Languages as in `find`.
    """
    found = []
    every = lines(text)
    for i, line in enumerate(every):
        for clause in _clauses(line):
            if not _cued(clause) or not _own(clause, message):
                continue
            for date in find(clause, at, languages):
                task = _task(clause, date) or _labelled(every, i, clause, date)
                if task:
                    found.append(Deadline(date.phrase, task, date.at))
    return found


def _cued(clause: str) -> bool:
    """A cheap look before dates are read: without one of these words no date is a deadline."""
    return any(p.search(clause) for p in (_STRONG_BEFORE, _DOING, _AFTER))


def _own(clause: str, message: bool) -> bool:
    """Whether a clause says what its writer has to do."""
    if _UNSAID.search(clause):
        return False
    return _MYSELF.search(clause) is not None or (not message and _OTHERS.search(clause) is None)


def _clauses(line: str) -> list[str]:
    """Sentences of a line; "28. November" and "Nov. 28" are not ends of one."""
    joined: list[str] = []
    for piece in _CLAUSE.split(line):
        if joined and _ABBREVIATED.search(joined[-1]):
            start = line.find(joined[-1])
            joined[-1] = line[start : line.find(piece, start + len(joined[-1])) + len(piece)]
        elif piece.strip():
            joined.append(piece)
    return joined


def _task(clause: str, date: Dated) -> str:
    """The task a date in a clause is the deadline of; "" when it is none."""
    before, after = clause[: date.start], clause[date.end :]
    if follows := _AFTER.match(after):
        return _named(after[follows.end() :].lstrip("にのはがをで、 ")) or _named(before)
    strong = _last(_STRONG_BEFORE, before)
    if strong:
        head, between = before[: strong.start()], before[strong.end() :]
        return _named(head) or _named(_unjoined(between)) or _named(_unjoined(after))
    weak = _WEAK_BEFORE.search(before)
    if weak and _DOING.search(before[: weak.start()] + " " + after):
        # "Bis Freitag die Arbeit abgeben": the task may follow the date.
        return _named(before[: weak.start()]) or _named(after)
    return ""


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return max(pattern.finditer(text), key=lambda m: m.start(), default=None)


def _unjoined(text: str) -> str:
    while (shorter := _JOINTS.sub("", text.strip(), count=1)) != text:
        text = shorter
    return text


def _named(cut: str) -> str:
    """A task out of a cut of a clause; "" when what is left says nothing."""
    cut = _TAIL.sub("", _LEADING.sub("", cut, count=1))
    task = tidy(cut)
    return task if any(c.isalpha() for c in task) and (len(task) > 2 or not task.isascii()) else ""


_LABEL = re.compile(
    r"^\s*(?:title|task|name|assignment|subject|titel|aufgabe|betreff|titre|tâche|objet|título|tarea"
    r"|tarefa|titolo|attività|taak|件名|タイトル|标题|任务)\s*[:：]\s*(?P<task>.+)$",
    re.IGNORECASE,
)


def _labelled(every: list[str], i: int, clause: str, date: Dated) -> str:
    """For a form's "Due date: …", the task of a "Title: …" at most three lines away."""
    before = clause[: date.start].strip()
    if not _STRONG_BEFORE.fullmatch(before.rstrip(":： ")):
        return ""
    for j in sorted(range(max(0, i - 3), min(len(every), i + 4)), key=lambda j: abs(j - i)):
        if match := _LABEL.match(every[j]):
            return tidy(match["task"])
    return ""
