"""What must hold of every store, whatever it was killed at."""

from collections import Counter

from sqlalchemy import text
from sqlalchemy.orm import Session

from gum.claims import key
from gum.types import Status
from storage import propositions, truth
from storage.schema import FULL_TEXT
from tests.soak.home import MODEL, Home
from tests.soak.phase import DOUBLED, LOST, TORN, Findings


def look(home: Home, findings: Findings) -> None:
    """The file, its references, its full-text indexes, the claims' histories and the vector index."""
    home.database.check()
    home.database.run_sync(lambda s: _file(s, findings))
    home.database.read_sync(lambda s: _claims(s, findings))
    _index(home, findings)


def _file(s: Session, findings: Findings) -> None:
    broken = s.connection().exec_driver_sql("PRAGMA foreign_key_check").all()
    findings.same(len(broken), 0, TORN, "rows that refer to nothing")
    for fts in FULL_TEXT:  # compared with the table it belongs to; raises when they differ
        s.execute(text(f"INSERT INTO {fts} ({fts}, rank) VALUES ('integrity-check', 1)"))
    twice = s.execute(text("SELECT kind, observation_id FROM work GROUP BY 1, 2 HAVING count(*) > 1")).all()
    findings.same(len(twice), 0, DOUBLED, "work queued twice")


def _claims(s: Session, findings: Findings) -> None:
    everything = propositions.list_(s, status=None, limit=10**6)
    kept = [p for p in everything if p.status is Status.ACTIVE]
    counts = Counter(key(p.type, p.slots, p.valid_until) for p in kept)
    findings.same([k for k, n in counts.items() if n > 1], [], DOUBLED, "claims kept twice")
    pieces = propositions.evidence_of(s, [p.id for p in everything])
    for p in everything:
        cited = Counter(
            (row.evidence.observation_id, row.evidence.quote) for row in pieces[p.id] if row.observation_id
        )
        findings.same([c for c, n in cited.items() if n > 1], [], DOUBLED, f"evidence of {p.id} twice")
        history = propositions.revisions_of(s, p.id)
        findings.expect(bool(history), LOST, f"history of {p.id}")
        if history and history[-1].after is not None:
            findings.same(p, history[-1].after, TORN, f"{p.id} is not what its history says")


def _index(home: Home, findings: Findings) -> None:
    """After the start it agrees with the store, and need not be built again."""
    held = home.database.read_sync(lambda s: list(truth.vectors(s, MODEL)))
    findings.expect(not home.index.ensure(lambda: held, MODEL), TORN, "the index was out of step after start")
    for kind in ("propositions", "observations"):
        ids = [key for k, key, vector in held if k == kind and any(vector)]
        findings.same(home.index.count(kind), len(ids), LOST, f"vectors of {kind}")
    for kind, key_, vector in held[:: max(1, len(held) // 10)]:
        near = home.index.query(kind, tuple(map(float, vector)), 3)
        findings.expect(bool(near) and near[0][1] > 0.999, LOST, f"the vector of {kind} {key_} is not found")
