"""Rows that are about a topic (`gum.topic`): observations by the full-text indexes, the rest by reading."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TypeVar

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gum.text import fold, pieces, unspaced
from gum.topic import says
from gum.types import ObservationId, PropositionId
from storage import match
from storage.client_schema import ProposalRow
from storage.schema import FeedbackRow, OutcomeRow, PlanRow, PropositionRow, RevisionRow, SuggestionRow

K = TypeVar("K")
COLUMNS = ("title", "text", "url")


def observations(s: Session, words: str) -> list[ObservationId]:
    """The observations in which all of `words` stand; none for a topic without words."""
    found = pieces(words)
    if not found:
        return []
    spaced = [p for p in found if not unspaced(p)]
    wanted: list[str] = []
    values: dict[str, str] = {}
    if spaced:
        wanted.append(_in("words", "words"))
        values["words"] = match.all_of(map(match.word, spaced))
    for number, piece in enumerate(p for p in found if unspaced(p)):
        name = f"piece{number}"
        if len(piece) >= match.GRAM:
            wanted.append(_in("grams", name))
            values[name] = match.quoted(piece)
        else:  # too short for the trigram index
            wanted.append("(" + " OR ".join(f"o.{c} LIKE :{name} ESCAPE '\\'" for c in COLUMNS) + ")")
            values[name] = match.like(piece)
    sql = text(f"SELECT o.id FROM observations o WHERE {' AND '.join(wanted)}")
    return [ObservationId(key) for key in s.scalars(sql, values)]


def _in(suffix: str, name: str) -> str:
    fts = f"observations_{suffix}"
    return f"o.n IN (SELECT rowid FROM {fts} WHERE {fts} MATCH :{name})"


def propositions(s: Session, words: str) -> list[PropositionId]:
    """The propositions whose wording or slots have all of `words`."""
    found = pieces(words)
    p = PropositionRow
    rows = s.execute(select(p.id, p.text, p.slots))
    return [PropositionId(key) for key, said, slots in rows if says(found, " ".join((said, *slots.values())))]


def revisions(s: Session, words: str) -> list[int]:
    """The numbers of the revisions that have all of `words` in what they changed, or in why."""
    r = RevisionRow
    rows = s.execute(select(r.n, r.before, r.after, r.evidence, r.reasoning))
    return _about(words, ((n, (why,), (before, after, cited)) for n, before, after, cited, why in rows))


def suggestions(s: Session, words: str) -> list[str]:
    """The ids of the offers that have all of `words` in them."""
    g = SuggestionRow
    rows = s.execute(select(g.id, g.text, g.why_now, g.plan))
    return _about(words, ((key, (said, why), (plan,)) for key, said, why, plan in rows))


def plans(s: Session, words: str) -> list[str]:
    """The ids of the plans that have all of `words` in their goal, steps or outcomes."""
    p, o = PlanRow, OutcomeRow
    rows = s.execute(select(p.id, p.goal, p.steps))
    found = _about(words, ((key, (goal,), (steps,)) for key, goal, steps in rows))
    seen = s.execute(select(o.plan_id, o.seen, o.undo_token))
    found += _about(words, ((key, (said, *token.values()), ()) for key, said, token in seen))
    return list(dict.fromkeys(found))


def notes(s: Session, words: str) -> list[int]:
    """The numbers of the reactions whose note has all of `words`."""
    f = FeedbackRow
    return _about(words, ((n, (note,), ()) for n, note in s.execute(select(f.n, f.note).where(f.note != ""))))


def proposals(s: Session, words: str, read: Callable[[str], str]) -> list[int]:
    """The numbers of the proposals that have all of `words` in them, also with names put back by `read`."""
    p = ProposalRow
    rows = s.execute(select(p.n, p.what)).all()
    found = _about(words, ((n, (), (what,)) for n, what in rows))
    return [*found, *_about(words, ((n, (), (read(what),)) for n, what in rows))]


def proposals_about(s: Session, ids: Collection[str]) -> list[int]:
    """The numbers of the proposals that name one of these ids."""
    p, asked = ProposalRow, set(ids)
    return [n for n, what in s.execute(select(p.n, p.what)) if asked.intersection(_strings(json.loads(what)))]


def _about(words: str, rows: Iterable[tuple[K, Sequence[str], Sequence[str | None]]]) -> list[K]:
    """The keys of the rows with all of `words` in their texts and JSON together."""
    found = pieces(words)
    first = fold(found[0]).split()[0] if found else ""
    keys = []
    for key, texts, jsons in rows:
        raw = " ".join((*texts, *(j for j in jsons if j is not None)))
        # Folding a text costs 20 times as much as looking for a word in it, and most are about other things.
        if raw.isascii() and first not in raw.lower():
            continue
        strings = (part for j in jsons if j is not None for part in _strings(json.loads(j)))
        if says(found, " ".join((*texts, *strings))):
            keys.append(key)
    return keys


def _strings(value: object) -> Iterator[str]:
    """All strings in a JSON value, also in JSON that is itself kept as a string."""
    if isinstance(value, str):
        inner = None
        if value[:1] in ("[", "{"):
            with suppress(ValueError):  # then it only looks like JSON
                inner = json.loads(value)
        if inner is None:
            yield value
        else:
            yield from _strings(inner)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
