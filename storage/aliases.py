"""Names of places, and long numbers, with their own numbers, kept for ever (`gum.aliases`)."""

import hashlib
from collections.abc import Iterable

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from gum.aliases import PLACES, Found, is_place, numbered
from gum.claims import TABLE
from gum.people import Kind, Person
from gum.text import normal, pieces
from gum.topic import says
from storage import meta
from storage.client_schema import AliasRow
from storage.many import among
from storage.mentions import unmentioned
from storage.schema import PropositionRow

LAST = {Kind.PLACE: "places_last", Kind.NUMBER: "numbers_last"}
"""The highest number ever given: one that was forgotten is not given again."""
MOST = 5_000  # as of people; beyond, they have numbers for one text alone
_WITH_PLACES = sorted(kind for kind, row in TABLE.items() if PLACES & set(row.slots))


def known(s: Session) -> list[Person]:
    """All of them, by kind and number."""
    a = AliasRow
    rows = s.execute(select(a.name, a.number, a.shown, a.kind).order_by(a.kind, a.number))
    return [Person(name, number, shown, kind=Kind(kind)) for name, number, shown, kind in rows]


def note(s: Session, found: Iterable[Found]) -> None:
    """Gives a number to those of `found` that have none."""
    by_name = {normal(each.shown): each for each in found}
    there = set(s.scalars(select(AliasRow.name).where(among(AliasRow.name, by_name))))
    new = [each for name, each in by_name.items() if name and name not in there]
    room = MOST - (s.scalar(select(func.count()).select_from(AliasRow)) or 0) if new else 0
    if room <= 0:
        return
    last = highest(s)
    fresh = numbered(new, (), last)[:room]
    for p in fresh:
        s.add(AliasRow(name=p.name, kind=p.kind.value, number=p.number, shown=p.shown))
        meta.put(s, LAST[p.kind], str(p.number))
    s.flush()


def highest(s: Session) -> dict[Kind, int]:
    """The highest number ever given, by kind."""
    return {kind: int(meta.get(s, key) or 0) for kind, key in LAST.items()}


def places(s: Session) -> list[Found]:
    """The places that claims name. Only reads."""
    p = PropositionRow
    rows = s.scalars(select(p.slots).where(p.type.in_(_WITH_PLACES)))
    values = dict.fromkeys(slots[name] for slots in rows for name in PLACES if name in slots)
    return [Found(Kind.PLACE, value) for value in values if is_place(value)]


_PRINTS = (
    "SELECT group_concat(quote(name) || number || quote(shown) || real) FROM people",
    "SELECT group_concat(quote(name) || kind || number || quote(shown)) FROM aliases",
    "SELECT group_concat(quote(rule) || quote(place)) FROM exemptions",
    "SELECT group_concat(slots) FROM propositions WHERE type IN ('" + "', '".join(_WITH_PLACES) + "')",
)


def fingerprint(s: Session) -> bytes:
    """Another one whenever names of any kind, places of claims or exemptions are others: what is kept in
    memory of them need not be read again for every row of something else (5,000 of each: 4 ms, not 40)."""
    made = hashlib.blake2b(digest_size=16)
    for statement in _PRINTS:
        made.update((s.scalar(text(statement)) or "").encode(errors="surrogatepass") + b"\0")
    return made.digest()


def unnamed(s: Session) -> list[Person]:
    """Those that stand in nothing that is left. Only reads."""
    every = known(s)
    gone = unmentioned(s, [p.shown for p in every])
    return [p for p in every if p.shown in gone]


def forget(s: Session, gone: Iterable[Person]) -> None:
    """Forgets these; their numbers are not given again."""
    s.execute(delete(AliasRow).where(among(AliasRow.name, [p.name for p in gone])))


def forget_topic(s: Session, words: str) -> None:
    """Forgets those in which all of `words` stand."""
    asked = pieces(words)
    forget(s, [p for p in known(s) if says(asked, p.shown)])
