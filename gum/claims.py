"""What may be said of a person: an open table, one row a type.

A claim is a type and slots; a slot is a run of words copied from what was observed. The wording is
in the third person without a pronoun ("Works on thesis.md"), so that the same sentence reads well
in the tray, to the person, and in an export, to somebody else.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from gum.sensitive import sensitive
from gum.text import MAX_SLOT, normal, tidy
from gum.types import Draft, Evidence, Sensitivity
from gum.zone import HERE

PEOPLE = frozenset({"person", "from"})  # slots that name somebody
DATES = frozenset({"date"})
LOWEST, HIGHEST = 0.02, 0.98  # no confidence is ever certainty

HOURS, DAY, DAYS = timedelta(hours=6), timedelta(days=1), timedelta(days=4)
WEEKS, MONTH, MONTHS = timedelta(weeks=2), timedelta(days=30), timedelta(days=120)
YEAR, YEARS = timedelta(days=365), timedelta(days=730)


@dataclass(frozen=True, slots=True)
class ClaimType:
    """A row of the table.

    `slots` are in order; the first is the main one, which says what the claim is about.
    `wording` names slots in braces; a part in square brackets is left out when its slot is empty.
    `half_life` is that of a first sighting; support lengthens it (gum.revise).
    """

    name: str
    label: str
    slots: tuple[str, ...]
    optional: frozenset[str]
    half_life: timedelta
    wording: str
    sensitivity: Sensitivity = Sensitivity.NORMAL

    @property
    def main(self) -> str:
        return self.slots[0]

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(s for s in self.slots if s not in self.optional)


def _row(name: str, label: str, slots: str, half_life: timedelta, wording: str) -> ClaimType:
    """`slots` is "thing project?": a question mark makes a slot optional."""
    parts = slots.split()
    optional = frozenset(p[:-1] for p in parts if p.endswith("?"))
    return ClaimType(name, label, tuple(p.rstrip("?") for p in parts), optional, half_life, wording)


# Half-lives: how long until a single sighting is as good as half forgotten. A file is worked on for
# days, an error vexes for hours, a taste lasts for years. Scale after gum.md section 5: 1 h .. 2 y.
_ROWS = (
    _row("working_on", "Working on", "thing project?", DAYS, "Works on {thing}[ in {project}]"),
    _row("preparing_for", "Preparing for", "event date?", WEEKS, "Is preparing for {event}[ on {date}]"),
    _row("has_deadline", "Deadline", "task date", WEEKS, "Has a deadline: {task} by {date}"),
    _row("prefers", "Preference", "thing over?", YEAR, "Prefers {thing}[ over {over}]"),
    _row("interested_in", "Interest", "topic", MONTH, "Is interested in {topic}"),
    _row("struggling_with", "Struggling with", "thing", HOURS, "Struggles with {thing}"),
    _row(
        "communicating_with",
        "In contact with",
        "person topic?",
        WEEKS,
        "Is in contact with {person}[ about {topic}]",
    ),
    _row("plans_to_go", "Going to", "place date?", MONTH, "Plans to go to {place}[ on {date}]"),
    _row("learning", "Learning", "subject", MONTHS, "Is learning {subject}"),
    _row("uses_for", "Tool", "tool purpose", MONTHS, "Uses {tool} for {purpose}"),
    _row("waiting_for", "Waiting for", "thing from?", DAYS, "Waits for {thing}[ from {from}]"),
    _row("bought", "Bought", "item shop?", MONTHS, "Bought {item}[ from {shop}]"),
    _row("holds_role", "Role", "role org?", YEARS, "Is {role}[ at {org}]"),
)
TABLE: Mapping[str, ClaimType] = MappingProxyType({row.name: row for row in _ROWS})

_PART = re.compile(r"\[([^\[\]]*)\]")
_NAME = re.compile(r"\{(\w+)\}")


def word(kind: str, slots: Mapping[str, str], valid_until: datetime | None = None) -> str:
    """The claim as a sentence without a full stop. A date slot is followed by the day it was read as.

    Raises KeyError for a type that is not in the table.
    """
    shown = dict(slots)
    if valid_until is not None and shown.get("date"):
        day = valid_until.astimezone()
        shown["date"] = _dated(shown["date"], f"{day.day} {_MONTHS[day.month - 1]} {day.year}")

    def part(match: re.Match[str]) -> str:
        return match[1] if all(shown.get(n) for n in _NAME.findall(match[1])) else ""

    # One substitution pass: braces inside a slot's value are only text.
    return _NAME.sub(lambda m: shown.get(m[1], ""), _PART.sub(part, TABLE[kind].wording))


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _dated(phrase: str, day: str) -> str:
    """The phrase, with the day beside it unless its number and year already stand there."""
    number, _, year = day.split()
    return phrase if {number, year} <= set(normal(phrase).split()) else f"{phrase} ({day})"


def make(
    kind: str,
    slots: Mapping[str, str],
    evidence: Iterable[Evidence],
    confidence: float,
    reasoning: str = "",
    valid_until: datetime | None = None,
) -> Draft:
    """A well-formed draft: slots tidied and in table order, empty optional ones left out.

    Confidence is clipped to LOWEST..HIGHEST. Raises ValueError for an unknown type or slot, a missing
    or over-long required slot, no evidence, or a confidence that is not a number.
    """
    row = TABLE.get(kind)
    if row is None:
        raise ValueError(f"no claim type {kind!r}")
    if unknown := set(slots) - set(row.slots):
        raise ValueError(f"{kind} has no slot {sorted(unknown)[0]!r}")
    tidied = {name: value for name in row.slots if (value := tidy(slots.get(name, ""), limit=10 * MAX_SLOT))}
    for name in row.required:
        if not normal(tidied.get(name, "")):
            raise ValueError(f"{kind} needs a {name}")
    if any(len(value) > MAX_SLOT for value in tidied.values()):
        raise ValueError(f"a slot of {kind} is longer than {MAX_SLOT} characters")
    cited = tuple(evidence)
    if not cited:
        raise ValueError("a draft without evidence")
    if not math.isfinite(confidence):
        raise ValueError("confidence is not a number")
    private = sensitive(" ".join(tidied.values()))
    return Draft(
        type=kind,
        slots=tidied,
        text=word(kind, tidied, valid_until),
        reasoning=reasoning,
        confidence=min(HIGHEST, max(LOWEST, confidence)),
        half_life=row.half_life,
        evidence=cited,
        valid_until=valid_until,
        sensitivity=Sensitivity.SENSITIVE if private else row.sensitivity,
    )


def key(kind: str, slots: Mapping[str, str], valid_until: datetime | None = None) -> str:
    """Two claims with one key are the same claim.

    Type and every filled slot in normal form (gum.text.normal). A date counts as the day it was read
    as, where that is known: "Friday" and "28 November" are one deadline, this Friday and the next two.
    """
    parts = [kind]
    for name in sorted(slots):
        value = normal(slots[name])
        if name == "date" and value and valid_until is not None:
            value = valid_until.date().isoformat()
        if value:
            parts.append(f"{name}={value}")
    return "|".join(parts)


def one_date(
    one: Mapping[str, str], until: datetime | None, other: Mapping[str, str], theirs: datetime | None
) -> bool:
    """Whether two claims agree on a date, as far as both have one. `until`, `theirs`: when they lapse.

    A date counts as the day it was read as, at the person's desk: west of Greenwich the end of a Friday is a
    Saturday in UTC, and Friday at five is not.
    """
    ours, said = normal(one.get("date", "")), normal(other.get("date", ""))
    if not ours or not said:
        return True
    if until is not None and theirs is not None:
        return until.astimezone(HERE).date() == theirs.astimezone(HERE).date()
    return ours == said


def grown(kind: str, short: Mapping[str, str], long: Mapping[str, str]) -> bool:
    """Whether `short` is `long` seen while it was still being typed: the same slots, cut off at the end.

    The main slot must break off inside a word: "essay" is not the beginning of "essay 2".
    """
    if short.keys() != long.keys():
        return False
    cut = False
    for name, value in short.items():
        begun, whole = normal(value), normal(long[name])
        if begun == whole:
            continue
        rest = whole[len(begun) :]
        if not begun or not whole.startswith(begun) or (name == TABLE[kind].main and not rest[0].isalpha()):
            return False
        cut = True
    return cut


def main_of(kind: str, slots: Mapping[str, str]) -> str:
    """The main slot of a claim; "" where it has none."""
    row = TABLE.get(kind)
    return slots.get(row.main, "") if row is not None else ""


def stem(kind: str, slots: Mapping[str, str]) -> str:
    """What the claim is about, whatever else it says: type and main slot in normal form."""
    return f"{kind}|{TABLE[kind].main}={normal(main_of(kind, slots))}"
