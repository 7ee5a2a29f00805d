"""Everything that is known, out of the store and back: JSON Lines that any program can read.

One object a line, the first one says what follows: `{"gumption": 1, "schema": "0004"}`; then
`{"table": ..., ...}`, one a row, with its columns by name. Times are ISO 8601, durations seconds, vectors
lists of numbers. What is only on its way (frames that wait to be read, queued work) is left out, and so are
the full text index, which is made anew, and pictures (thumbnails). So is what belongs to other programs:
which were let in, with their tokens, what they were told, and what they put before the person.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Column, Table, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gum.errors import ImportRefused
from gum.people import Kind
from gum.types import Cause, Effect, LinkKind, Sensitivity, Stance, Status, Trust, Verdict, utc
from storage import aliases, people
from storage.client_schema import AliasRow
from storage.columns import Duration, StringMap, Time, VectorBlob, pack
from storage.schema import (
    REVISIONS,
    Base,
    DecisionRow,
    EvidenceRow,
    ExclusionRow,
    ExemptionRow,
    FeedbackRow,
    LinkRow,
    MetaRow,
    ObservationRow,
    OutcomeRow,
    PerceptRow,
    PersonRow,
    PlanRow,
    PropositionRow,
    RevisionRow,
    RuleRow,
    SuggestionRow,
    TombstoneRow,
    WhyRow,
)

FORMAT = 1
AT_ONCE = 500
LONGEST = 4 << 20  # characters of a line; the longest of our own has some thousand

# In an order in which every row finds those it refers to.
_ROWS: tuple[type[Base], ...] = (
    *(MetaRow, RuleRow, ObservationRow, PerceptRow, PropositionRow, EvidenceRow, RevisionRow, LinkRow),
    *(SuggestionRow, WhyRow, PlanRow, OutcomeRow, FeedbackRow, TombstoneRow, ExclusionRow),
    *(PersonRow, DecisionRow, ExemptionRow, AliasRow),
)
TABLES: Mapping[str, Table] = {row.__tablename__: Base.metadata.tables[row.__tablename__] for row in _ROWS}
_SINCE_0003 = ("at", "app", "trust")  # columns of evidence
# Without these the fingerprints of forgotten claims would not fit any more, and a number be given twice.
_META = ("claim_salt", people.LAST, *aliases.LAST.values())


# What can only be one of a few words: anything else could never be read again.
_WORDS: Mapping[tuple[str, str], type[StrEnum]] = {
    ("observations", "trust"): Trust,
    ("propositions", "status"): Status,
    ("propositions", "sensitivity"): Sensitivity,
    ("evidence", "stance"): Stance,
    ("evidence", "trust"): Trust,
    ("revisions", "cause"): Cause,
    ("links", "kind"): LinkKind,
    ("rules", "effect"): Effect,
    ("feedback", "verdict"): Verdict,
    ("aliases", "kind"): Kind,
}


def export(s: Session) -> Iterator[str]:
    """The lines of everything, without line ends. Read them inside the session."""
    yield json.dumps({"gumption": FORMAT, "schema": REVISIONS[-1]})
    for name, table in TABLES.items():
        wanted = select(table).order_by(*table.primary_key.columns)
        if table is TABLES["meta"]:
            wanted = wanted.where(table.c.key.in_(_META))
        for row in s.execute(wanted).yield_per(AT_ONCE):
            told = {c.name: _told(row._mapping[c]) for c in table.columns if c.name != "n"}
            yield json.dumps({"table": name, **told}, ensure_ascii=False)


def restore(s: Session, lines: Iterable[str]) -> dict[str, int]:
    """Puts the rows of an export into an empty store, all or none; gives how many of each table.

    Raises ImportRefused for a store that is not empty, a newer format, or a line that does not fit, with
    its number. Call it in one transaction, which the exception must end.
    """
    if any(s.scalar(select(func.count()).select_from(t)) for t in _holding()):
        raise ImportRefused(
            "There is something in this store already",
            "An import fills an empty one: set GUMPTION_HOME to a new folder, or forget everything first.",
        )
    numbered = ((n, line) for n, line in enumerate(lines, start=1) if line.strip())
    _check_head(next(numbered, (1, "")))
    counts: dict[str, int] = {}
    for number, line in numbered:
        table, values = _read(number, line)
        if table is TABLES["evidence"] and "at" not in values:
            values |= _of_observation(s, number, values["observation_id"])
        statement = insert(table)
        if table is TABLES["meta"]:
            if values["key"] not in _META:  # e.g. somebody's accounts, to be asked from now on
                continue
            statement = statement.prefix_with("OR REPLACE")
        try:
            s.execute(statement, values)
        except IntegrityError as error:
            raise _refused(number, "the row does not fit those before it") from error
        counts[table.name] = counts.get(table.name, 0) + 1
    return counts


def _holding() -> list[Table]:
    return [t for name, t in TABLES.items() if name not in ("meta", "exclusions")]


def _check_head(head: tuple[int, str]) -> None:
    try:
        told = json.loads(head[1])
        version, schema = told["gumption"], told["schema"]
    except (ValueError, KeyError, TypeError) as error:
        raise ImportRefused(
            "This is no export of Gumption's", 'Its first line begins with {"gumption": 1.'
        ) from error
    if version != FORMAT or schema not in REVISIONS:
        raise ImportRefused("This export was written by a newer Gumption", "Update this one first.")


def _read(number: int, line: str) -> tuple[Table, dict[str, object]]:
    if len(line) > LONGEST:
        raise _refused(number, f"it is longer than {LONGEST} characters")
    try:
        told = json.loads(line, parse_constant=_no_number)
        table = TABLES[told.pop("table")]
        known = {c.name: c for c in table.columns if c.name != "n"}
        missing = [name for name, c in known.items() if told.get(name) is None and _needed(c)]
        if told.keys() - known.keys() or missing:
            raise KeyError(next(iter(told.keys() - known.keys()), None) or missing[0])
        return table, {name: _taken(known[name], value) for name, value in told.items()}
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise _refused(number, f"{type(error).__name__} at {str(error)[:40]!r}") from error


def _needed(column: "Column[object]") -> bool:
    """Whether every export has it."""
    later = column.table.name == "evidence" and column.name in _SINCE_0003
    return not (column.nullable or column.server_default is not None or later)


def _of_observation(s: Session, number: int, observation_id: object) -> dict[str, object]:
    """When, where and by whose words an older export's evidence was seen."""
    o = ObservationRow
    row = s.execute(select(o.at, o.app, o.trust).where(o.id == observation_id)).first()
    if row is None:
        raise _refused(number, "the row does not fit those before it")
    return {"at": row.at, "app": row.app, "trust": row.trust}


def _no_number(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are not JSON


def _refused(number: int, why: str) -> ImportRefused:
    return ImportRefused(f"Line {number} of the import cannot be taken: {why}", "Nothing was imported.")


def _told(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def _taken(column: "Column[object]", value: object) -> object:
    """The value of JSON as the column keeps it. Raises ValueError, TypeError."""
    if value is None:
        return None
    if isinstance(column.type, Time):
        return utc(datetime.fromisoformat(_text(value)))
    if isinstance(column.type, Duration):
        return timedelta(seconds=_number(value))
    if isinstance(column.type, VectorBlob):
        vector = tuple(_number(v) for v in _list(value))
        pack(vector)  # raises where a number is too large for it
        return vector
    if isinstance(column.type, StringMap):
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise TypeError(column.name)
        return value
    if (words := _WORDS.get((column.table.name, column.name))) is not None:
        return words(_text(value)).value
    if isinstance(value, str | int | float) and isinstance(value, column.type.python_type | int):
        return value
    raise TypeError(column.name)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("a number")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("a list")
    return value
