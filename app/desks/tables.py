"""Taking values out of the tables of a desk's file, each checked for what it must be."""

import difflib
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from app.desks.kinds import Takes
from app.desks.places import Malformed, Path

FIRST_YEAR, LAST_YEAR = 1970, 2100  # what a desk may speak of
LONGEST_S = 86_400.0  # of one step: a day
MOST_NAMES = 30  # that an error lists: all kinds of pages, but not all steps of a long desk
_ID = re.compile(r"^\S{1,80}$")
_ARTICLES = {"text": "a text", "texts": "a list of texts", "number": "a number", "flag": "true or false"}

E = TypeVar("E", bound=StrEnum)


def known(table: Mapping[str, object], names: Iterable[str], path: Path, what: str) -> None:
    """Raises Malformed for a key that is not one of `names`, with the nearest of them."""
    allowed = sorted(set(names))
    for key in table:
        if key not in allowed:
            raise Malformed((*path, key), f'{what} has no key "{key}"', nearest(key, allowed))


def nearest(word: str, names: Iterable[str]) -> str:
    """What was expected instead of an unknown word: the most alike of the names, and the others."""
    options = list(names)
    alike = difflib.get_close_matches(word, options, n=1, cutoff=0.5)
    more = f" and {len(options) - MOST_NAMES} more" if len(options) > MOST_NAMES else ""
    choice = f"one of: {', '.join(options[:MOST_NAMES])}{more}" if options else "none at all"
    return f'Did you mean "{alike[0]}"? Expected {choice}.' if alike else f"Expected {choice}."


def needed(table: Mapping[str, object], key: str, path: Path, what: str) -> object:
    """The value of a key that must be there."""
    if key not in table:
        raise Malformed(path, f'{what} has no "{key}"', f'Expected a line "{key} = ..." in this table.')
    return table[key]


def text(value: object, path: Path, *, empty: bool = False) -> str:
    """A text without control characters (lines and tabs are fine) that is not blank unless it may be."""
    if not isinstance(value, str):
        raise Malformed(path, f"{_name(path)} is {_said(value)}", "Expected a text in quotes.")
    if not empty and not value.strip():
        raise Malformed(path, f"{_name(path)} is empty", "Expected a text with words in it.")
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t\r" for c in value):
        raise Malformed(path, f"{_name(path)} holds a control character", "Expected what a person can type.")
    return value


def identifier(value: object, path: Path) -> str:
    """A name by which other parts of the file refer to this one."""
    found = text(value, path)
    if not _ID.match(found):
        raise Malformed(
            path,
            f'"{found}" cannot be an id',
            "Expected up to 80 characters without a space, like write-intro.",
        )
    return found


def texts(value: object, path: Path, *, some: bool = False) -> tuple[str, ...]:
    """A list of texts; `some`: not an empty one."""
    return tuple(text(one, (*path, i)) for i, one in enumerate(_list(value, path, "texts", some=some)))


def number(value: object, path: Path, low: float, high: float) -> float:
    """A number from `low` to `high`."""
    bad = isinstance(value, bool) or not isinstance(value, int | float)
    if bad or not math.isfinite(float(value)):  # type: ignore[arg-type]
        raise Malformed(path, f"{_name(path)} is {_said(value)}", "Expected a number.")
    assert isinstance(value, int | float)
    if not low <= value <= high:
        raise Malformed(path, f"{_name(path)} is {value:g}", f"Expected a number from {low:g} to {high:g}.")
    return value


def whole(value: object, path: Path, low: int, high: int) -> int:
    """A whole number from `low` to `high`."""
    found = number(value, path, low, high)
    if not isinstance(found, int):
        raise Malformed(path, f"{_name(path)} is {found:g}", "Expected a whole number.")
    return found


def flag(value: object, path: Path) -> bool:
    if not isinstance(value, bool):
        raise Malformed(path, f"{_name(path)} is {_said(value)}", "Expected true or false.")
    return value


def choice(kind: type[E], value: object, path: Path, what: str) -> E:
    """A member of an enumeration, by its value."""
    found = text(value, path)
    if found not in [member.value for member in kind]:
        raise Malformed(path, f'there is no {what} "{found}"', nearest(found, [m.value for m in kind]))
    return kind(found)


def moment(value: object, path: Path, zone: ZoneInfo, *, dates: bool = False) -> datetime:
    """A time, in UTC. One without an offset is of `zone`; a date, where `dates` may be, is its midnight."""
    if dates and isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        form = " or a date like 2026-03-02" if dates else ""
        raise Malformed(
            path,
            f"{_name(path)} is {_said(value)}",
            f"Expected a time without quotes like 2026-03-02T09:00:00{form}.",
        )
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Malformed(
            path, f"{_name(path)} is in the year {value.year}", f"Expected {FIRST_YEAR} to {LAST_YEAR}."
        )
    if value.tzinfo is not None:
        return value.astimezone(UTC)
    placed = value.replace(tzinfo=zone).astimezone(UTC)
    if placed.astimezone(zone).replace(tzinfo=None) != value:
        raise Malformed(
            path,
            f"{_name(path)} is {value}, which no clock in {zone.key} shows: it is set forward then",
            "Expected a time that there is, or one with an offset like +01:00.",
        )
    return placed


def subtables(value: object, path: Path, *, some: bool = False) -> list[Mapping[str, object]]:
    """A list of tables, as [[name]] headers or inline tables give it."""
    found = []
    for i, one in enumerate(_list(value, path, "tables", some=some)):
        if not isinstance(one, Mapping):
            raise Malformed(
                (*path, i),
                f"{_name(path)} holds {_said(one)}",
                f"Expected tables, each begun by [[{_name(path)}]].",
            )
        found.append(one)
    return found


def table(value: object, path: Path) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise Malformed(
            path, f"{_name(path)} is {_said(value)}", f"Expected a table, begun by [{_name(path)}]."
        )
    return value


def fields(
    values: Mapping[str, object], takes: Mapping[str, Takes], path: Path, what: str
) -> dict[str, object]:
    """The fields that a kind of page or step takes, in the order of its table (see `kinds`)."""
    known(values, takes, path, what)
    found: dict[str, object] = {}
    for key, one in takes.items():
        if key in values:
            found[key] = _field(values[key], one, (*path, key))
        elif one.needed:
            expected = f"a list of tables with {_columns(one)}" if one.what == "rows" else _ARTICLES[one.what]
            raise Malformed(path, f'{what} has no "{key}"', f'Expected "{key}": {expected}.')
    return found


def _field(value: object, takes: Takes, path: Path) -> object:
    if takes.what == "text":
        return text(value, path, empty=not takes.needed)
    if takes.what == "texts":
        return texts(value, path, some=takes.needed)
    if takes.what == "number":
        return number(value, path, 0, LONGEST_S)
    if takes.what == "flag":
        return flag(value, path)
    return tuple(_row(one, takes, (*path, i)) for i, one in enumerate(subtables(value, path)))


def _row(row: Mapping[str, object], takes: Takes, path: Path) -> Mapping[str, object]:
    names = [column.rstrip("?") for column in takes.columns]
    what = f"a row of {path[-2]}"
    known(row, names, path, what)
    found: dict[str, object] = {}
    for column in takes.columns:
        name = column.rstrip("?")
        if name in row:
            value = row[name]
            # "sponsored" is said by true or false; all other cells are words, which a page shows as they are.
            optional = column.endswith("?")
            found[name] = value if isinstance(value, bool) else text(value, (*path, name), empty=optional)
        elif not column.endswith("?"):
            raise Malformed(path, f'{what} has no "{name}"', f"Expected {_columns(takes)}.")
    return found


def _columns(takes: Takes) -> str:
    must = [column for column in takes.columns if not column.endswith("?")]
    may = [column.rstrip("?") for column in takes.columns if column.endswith("?")]
    return ", ".join(must) + (f" and, if you like, {', '.join(may)}" if may else "")


def _list(value: object, path: Path, of: str, *, some: bool) -> Sequence[object]:
    if not isinstance(value, list | tuple):
        raise Malformed(path, f"{_name(path)} is {_said(value)}", f"Expected a list of {of}.")
    if some and not value:
        raise Malformed(path, f"{_name(path)} is an empty list", f"Expected at least one of the {of}.")
    return value


def _name(path: Path) -> str:
    """The last name on the way to a value, with the place in the list it is in."""
    if path and isinstance(path[-1], int):
        return f"number {path[-1] + 1} of {_name(path[:-1])}"
    return str(path[-1]) if path else "the file"


def _said(value: object) -> str:
    """What a value is, in words."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, datetime):
        return "a time"
    if isinstance(value, date):
        return "a date"
    if isinstance(value, time):
        return "a time of day without a date"
    return "a table" if isinstance(value, Mapping) else "a list"
