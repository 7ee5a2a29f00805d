"""Where the words of a claim came from, and whether that is still there.

A slot is copied from what was seen, so a claim may keep it as long as something is left that it was copied
from. That is looked up in the texts that are left. What has gone by age has no text any more; for that, the
history tells which pieces there were when the slot was first said. It also keeps when and in which program
they were seen (`outlive`), so that forgetting an application or a time still finds them.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NotRequired, TypedDict, cast

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.orm import Session

from gum.text import occurs
from gum.types import PropositionId
from storage.columns import moment
from storage.many import among
from storage.schema import Base, EvidenceRow, ObservationRow, PropositionRow, RevisionRow
from storage.scope import Gone

_REVISIONS = Base.metadata.tables["revisions"]
_CHANGE = update(_REVISIONS).where(_REVISIONS.c.n == bindparam("row"))
_SUPPORTING = text("""
    SELECT proposition_id, observation_id, app, at FROM evidence
    WHERE proposition_id IN (SELECT value FROM json_each(:ids)) AND stance = 'supports' ORDER BY n
""")
# The revisions that cite one of these. A claim may have thousands, of which most cite none: of 2000, reading
# all takes 41 ms, this 8 ms.
_CITING = text("""
    SELECT n, evidence FROM revisions WHERE proposition_id = :key AND EXISTS (
        SELECT 1 FROM json_each(revisions.evidence) AS piece
        WHERE piece.value ->> 'observation_id' IN (SELECT value FROM json_each(:ids)))
""")


class Piece(TypedDict):
    """Evidence as a revision keeps it. With `app` and `at` (ISO 8601): its observation has gone by age."""

    observation_id: str
    quote: str
    stance: NotRequired[str]
    weight: float
    app: NotRequired[str]
    at: NotRequired[str]


class Provenance:
    """The claims that rest on what is to be forgotten: which of them go, and what the others keep.

    Built once for one forgetting, so that texts and histories are read in few, large portions: one
    application may touch a thousand claims.
    """

    def __init__(self, s: Session, gone: Gone) -> None:
        self._s, self._gone = s, gone
        self._witnesses: dict[str, _Witness] = {}

    def touched(self) -> list[PropositionId]:
        """The propositions that rest on, or ever rested on, what is gone."""
        e = EvidenceRow
        found = set(self._s.scalars(select(e.proposition_id).where(among(e.observation_id, self._gone.ids))))
        if self._gone.outlived is not None:
            found.update(self._s.scalars(select(e.proposition_id).where(self._gone.outlived)))
        return [PropositionId(key) for key in sorted(found)]

    def sort(self, touched: Sequence[PropositionId]) -> tuple[list[PropositionId], list[PropositionId]]:
        """Those of `touched` that must go with what is gone, and those that stay with less behind them.

        One goes when nothing that is left speaks for it, or when one of its slots was copied from nothing
        that is left.
        """
        left = self._left(touched)
        texts = self._texts({key for cited in left.values() for key in _telling(cited)})
        stay = set()
        rows = select(PropositionRow.id, PropositionRow.slots).where(among(PropositionRow.id, left))
        for key, slots in self._s.execute(rows).all():
            read = _telling(left[key])
            known = [text for cited in read for text in texts.get(cited, ())]
            unread, aged = set(left[key]) - read - {""}, "" in left[key]
            self._witnesses[key] = _Witness(self._s, key, self._gone, known, bool(unread), aged)
            if self._witnesses[key].vouches(slots):
                stay.add(key)
        return [key for key in touched if key not in stay], [key for key in touched if key in stay]

    def clean(self, staying: Sequence[PropositionId]) -> None:
        """Takes what is gone out of the history of claims that stay (all sorted before), and wordings that
        nothing left vouches for."""
        r = RevisionRow
        wanted = select(r.proposition_id, r.n, r.before, r.after, r.evidence, r.reasoning)
        rows = self._s.execute(wanted.where(among(r.proposition_id, staying))).all()
        changes = [
            change
            for key, n, before, after, evidence, reasoning in rows
            for change in self._cleaned(self._witnesses[key], n, before, after, evidence, reasoning)
        ]
        if changes:
            self._s.connection().execute(_CHANGE, changes)

    def _cleaned(
        self,
        witness: "_Witness",
        n: int,
        before: str | None,
        after: str | None,
        evidence: str,
        reasoning: str,
    ) -> list[Mapping[str, object]]:
        pieces = _pieces(evidence)
        left = [piece for piece in pieces if not _takes(self._gone, piece)]
        kept = {
            "row": n,
            "before": before if witness.vouches(_slots(before)) else None,
            "after": after if witness.vouches(_slots(after)) else None,
            "evidence": _dump(left) if len(left) < len(pieces) else evidence,
            "reasoning": "" if len(left) < len(pieces) else reasoning,
        }
        return [kept] if tuple(kept.values()) != (n, before, after, evidence, reasoning) else []

    def _left(self, touched: Sequence[PropositionId]) -> dict[str, list[str]]:
        """The claims that something left speaks for, and the observations that do ("": gone by age)."""
        found: dict[str, list[str]] = {}
        rows = self._s.connection().execute(_SUPPORTING, {"ids": json.dumps(list(touched))})
        for key, cited, app, at in rows:
            if not self._gone.takes(cited or "", app, moment(at) if cited is None else None):
                found.setdefault(key, []).append(cited or "")
        return found

    def _texts(self, ids: Collection[str]) -> dict[str, list[str]]:
        o = ObservationRow
        rows = self._s.execute(select(o.id, o.text, o.title, o.url).where(among(o.id, ids)))
        return {key: [said for said in texts if said] for key, *texts in rows}


def _telling(cited: Sequence[str]) -> set[str]:
    """The observations that most likely say what a claim says: the first, and the last two."""
    return {key for key in (*cited[:1], *cited[-2:]) if key}


def outlive(s: Session, proposition_id: PropositionId, seen: Mapping[str, tuple[str, datetime]]) -> None:
    """Empties the quotes of these observations (id to app and time) in a claim's history, nothing else."""
    changes = []
    given = {"key": proposition_id, "ids": json.dumps(list(seen))}
    for n, evidence in s.connection().execute(_CITING, given):
        pieces = _pieces(evidence)
        for piece in pieces:
            if piece["observation_id"] in seen:
                app, at = seen[piece["observation_id"]]
                piece.update({"quote": "", "app": app, "at": at.isoformat()})
        changes.append({"row": n, "evidence": _dump(pieces)})
    if changes:
        s.connection().execute(_CHANGE, changes)


class _Witness:
    """What is left of a claim's sources when `gone` is gone, read no further than needed."""

    def __init__(
        self, s: Session, proposition_id: str, gone: Gone, texts: Sequence[str], more: bool, aged: bool
    ) -> None:
        """`texts` are read already; whether there are `more`, and whether something left went by age."""
        self._s, self._id, self._gone = s, proposition_id, gone
        self._texts = list(texts)
        self._more = self._sources() if more else iter(())
        self._aged = aged
        self._known: dict[str, bool] = {}

    def vouches(self, slots: Mapping[str, str] | None) -> bool:
        """Whether what is left has every one of these slots."""
        if slots is None:
            return True
        key = _dump(sorted(slots.items()))
        if key not in self._known:
            wanted = [value for value in slots.values() if value.strip()]
            self._known[key] = all(
                self._stands(value) or (self._aged and self._outlived(value)) for value in wanted
            )
        return self._known[key]

    def _outlived(self, value: str) -> bool:
        """Whether a slot was copied from what has gone by age, and from nothing that is to be forgotten.

        It came from something that was cited by then, when a revision first had it. A revision does not
        cite again what is known already, so all that was cited by then counts.
        """
        r = RevisionRow
        history = select(r.after, r.evidence).where(r.proposition_id == self._id).order_by(r.n)
        cited: list[Piece] = []
        for after, evidence in self._s.execute(history):
            cited += _pieces(evidence)
            if value in (_slots(after) or {}).values():
                return any("at" in piece for piece in cited) and not any(_takes(self._gone, p) for p in cited)
        return False

    def _stands(self, value: str) -> bool:
        # Those that hold it as it is first: comparing normal forms costs a hundred times as much.
        if any(occurs(value, said) for said in sorted(self._texts, key=lambda said: value not in said)):
            return True
        for said in self._more:
            self._texts.append(said)
            if occurs(value, said):
                return True
        return False

    def _sources(self) -> Iterator[str]:
        """Every text that evidence which is left was copied from, the newest first."""
        o, e = ObservationRow, EvidenceRow
        wanted = select(o.id, e.quote, o.text, o.title, o.url).join(o, o.id == e.observation_id)
        rows = self._s.execute(wanted.where(e.proposition_id == self._id).order_by(e.n.desc())).yield_per(20)
        for key, *said in rows:
            if key not in self._gone.ids:
                yield from (part for part in said if part)


def _takes(gone: Gone, piece: Piece) -> bool:
    at = datetime.fromisoformat(piece["at"]) if "at" in piece else None
    return gone.takes(piece["observation_id"], piece.get("app", ""), at)


def _pieces(evidence: str) -> list[Piece]:
    return cast(list[Piece], json.loads(evidence))


def _slots(snapshot: str | None) -> Mapping[str, str] | None:
    return None if snapshot is None else cast(Mapping[str, str], json.loads(snapshot)["slots"])


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
