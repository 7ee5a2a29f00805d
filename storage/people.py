"""Other people's numbers, kept for ever: who was person 3 once is never anybody else."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from gum.errors import NotFound
from gum.people import Person, numbered
from gum.text import normal, pieces
from gum.topic import says
from storage import meta
from storage.many import among
from storage.mentions import unmentioned
from storage.schema import PersonRow

LAST = "people_last"  # the highest number ever given: a number that was forgotten is not given again
MOST = 5_000  # names; whoever writes more must be a list, and the rest of it goes without numbers


def known(s: Session) -> list[Person]:
    """Everybody by every name, by number."""
    p = PersonRow
    rows = s.execute(select(p.name, p.number, p.shown, p.real).order_by(p.number, p.name))
    return [Person(name, number, shown, bool(real)) for name, number, shown, real in rows]


def note(s: Session, names: Iterable[str]) -> None:
    """Gives a number to those of `names` that have none."""
    by_name = {normal(shown): shown for shown in names}
    there = set(s.scalars(select(PersonRow.name).where(among(PersonRow.name, by_name))))
    names = [shown for name, shown in by_name.items() if name not in there]
    if not names:
        return
    if (s.scalar(select(func.count()).select_from(PersonRow)) or 0) >= MOST:
        return
    before = known(s)
    last = int(meta.get(s, LAST) or 0)
    fresh = numbered(names, before, last)[: max(0, MOST - len(before))]
    for p in fresh:
        s.add(PersonRow(name=p.name, number=p.number, shown=p.shown, real=p.real))
    highest = max((p.number for p in fresh), default=0)
    if highest > last:
        meta.put(s, LAST, str(highest))
    s.flush()


def call_by_name(s: Session, number: int, real: bool) -> list[Person]:
    """Says whether a person may be called by the real name outside; their names. Raises NotFound."""
    s.execute(update(PersonRow).where(PersonRow.number == number).values(real=real))
    found = [p for p in known(s) if p.number == number]
    if not found:
        raise NotFound("There is no such person", "`gumption audit --people` lists their numbers.")
    return found


def unnamed(s: Session, names: Iterable[str] | None = None) -> list[Person]:
    """Those, of `names` or of all, whose name stands in nothing that is left. Only reads."""
    asked = None if names is None else {normal(name) for name in names}
    every = [p for p in known(s) if asked is None or p.name in asked]
    gone = unmentioned(s, [p.shown for p in every])
    return [p for p in every if p.shown in gone]


def forget(s: Session, gone: Iterable[Person]) -> None:
    """Forgets these names; their numbers are not given again."""
    s.execute(delete(PersonRow).where(among(PersonRow.name, [p.name for p in gone])))


def forget_topic(s: Session, words: str) -> None:
    """Forgets the names in which all of `words` stand."""
    asked: Sequence[str] = pieces(words)
    forget(s, [p for p in known(s) if says(asked, p.shown)])
