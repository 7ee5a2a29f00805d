"""What the GUM baseline keeps, in memory: observations, propositions and links, with BM25 search.

After the published description (gum.md sections 1.2 and 1.3): full text by SQLite's FTS5 with its defaults,
tokenizer "porter ascii", a query being every word joined by OR; the score of recency as it is there, which
makes what lasts longest fade fastest. Rows are deleted for good, and `version` never leaves 1.
"""

import math
import re
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType

from app.desks.gum_prompts import Proposed

K_DECAY = 2.0
HITS = 3
SECONDS_A_DAY = 86_400.0

_WORD = re.compile(r"\w+")
_TABLES = """
CREATE TABLE observations (n INTEGER PRIMARY KEY, id TEXT NOT NULL, content TEXT NOT NULL);
CREATE TABLE propositions (
    n INTEGER PRIMARY KEY, text TEXT NOT NULL, reasoning TEXT NOT NULL, confidence INTEGER NOT NULL,
    decay INTEGER NOT NULL, created_at REAL NOT NULL, version INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE links (observation INTEGER, proposition INTEGER, PRIMARY KEY (observation, proposition));
CREATE VIRTUAL TABLE words USING fts5(text, reasoning, tokenize = 'porter ascii');
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A proposition that is kept. `observations` are ids of the product's observations."""

    n: int
    text: str
    reasoning: str
    confidence: int
    decay: int
    version: int
    observations: tuple[str, ...]


class GumStore:
    """Not thread-safe."""

    def __init__(self) -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.executescript(_TABLES)

    def __enter__(self) -> "GumStore":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def observe(self, id: str, content: str) -> int:
        """Keeps an observation; its number."""
        return self._insert("INSERT INTO observations (id, content) VALUES (?, ?)", (id, content))

    def add(self, proposed: Proposed, at: datetime) -> int:
        """Keeps a proposition, of the desk's time `at`; its number."""
        n = self._insert(
            "INSERT INTO propositions (text, reasoning, confidence, decay, created_at)"
            " VALUES (?, ?, ?, ?, ?)",
            (proposed.text, proposed.reasoning, proposed.confidence, proposed.decay, at.timestamp()),
        )
        self._db.execute(
            "INSERT INTO words (rowid, text, reasoning) VALUES (?, ?, ?)",
            (n, proposed.text, proposed.reasoning),
        )
        return n

    def _insert(self, sql: str, values: tuple[object, ...]) -> int:
        n = self._db.execute(sql, values).lastrowid
        assert n is not None
        return n

    def search(self, text: str, now: datetime) -> list[int]:
        """The HITS best by BM25, those first that recency puts first."""
        words = _WORD.findall(text)
        if not words:
            return []
        query = " OR ".join(f'"{word}"' for word in words)
        rows = self._db.execute(
            "SELECT p.n, -bm25(words), p.decay, p.created_at"
            " FROM words JOIN propositions p ON p.n = words.rowid"
            " WHERE words MATCH ? ORDER BY bm25(words), p.n LIMIT ?",
            (query, HITS),
        ).fetchall()
        scored = [(score * recency(decay, created, now), n) for n, score, decay, created in rows]
        return [n for _, n in sorted(scored, key=lambda hit: (-hit[0], hit[1]))]

    def link(self, observations: Iterable[int], propositions: Collection[int]) -> None:
        """Says that each of the propositions rests on each of the observations. Unknown ones are left out."""
        pairs = [(o, p) for o in observations for p in propositions]
        self._db.executemany("INSERT OR IGNORE INTO links SELECT ?, n FROM propositions WHERE n = ?", pairs)

    def remove(self, propositions: Iterable[int]) -> None:
        """Deletes propositions for good."""
        for n in propositions:
            for sql in (
                "DELETE FROM propositions WHERE n = ?",
                "DELETE FROM words WHERE rowid = ?",
                "DELETE FROM links WHERE proposition = ?",
            ):
                self._db.execute(sql, (n,))

    def texts(self, numbers: Iterable[int]) -> dict[int, tuple[str, str]]:
        """Text and reasoning by number, of those that are there, in their order."""
        return {n: (kept.text, kept.reasoning) for n, kept in self._by_number(numbers).items()}

    def _by_number(self, numbers: Iterable[int]) -> Mapping[int, Kept]:
        wanted = set(numbers)
        return {kept.n: kept for kept in self.all() if kept.n in wanted}

    def grounding(self, propositions: Iterable[int]) -> list[int]:
        """Numbers of the observations that any of the propositions rests on, the newest first."""
        wanted = set(propositions)
        rows = self._db.execute("SELECT observation, proposition FROM links")
        return sorted({observation for observation, n in rows if n in wanted}, reverse=True)

    def contents(self, observations: Iterable[int]) -> list[str]:
        """What was seen, in the order asked."""
        sql = "SELECT content FROM observations WHERE n = ?"
        return [self._db.execute(sql, (n,)).fetchone()[0] for n in observations]

    def all(self) -> list[Kept]:
        """All propositions, the oldest first."""
        cited: dict[int, list[str]] = {}
        for number, id in self._db.execute(
            "SELECT l.proposition, o.id FROM links l JOIN observations o ON o.n = l.observation ORDER BY o.n"
        ):
            cited.setdefault(number, []).append(id)
        rows = self._db.execute(
            "SELECT n, text, reasoning, confidence, decay, version FROM propositions ORDER BY n"
        )
        return [
            Kept(n, text, reasoning, confidence, decay, version, tuple(cited.get(n, ())))
            for n, text, reasoning, confidence, decay, version in rows
        ]

    def everything(self) -> list[str]:
        """Every text that is kept."""
        rows = self._db.execute(
            "SELECT content FROM observations UNION ALL SELECT text FROM propositions"
            " UNION ALL SELECT reasoning FROM propositions"
        )
        return [text for (text,) in rows]


def recency(decay: int, created_at: float, now: datetime) -> float:
    """exp(-decay * 2 * age in days): as there, decay 10, which means lasting, fades the fastest."""
    age = max(0.0, now.timestamp() - created_at) / SECONDS_A_DAY
    return math.exp(-decay * K_DECAY * age)
