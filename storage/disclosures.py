"""What other programs were told: who asked what, and the answer to the byte.

An answer is kept compressed, and once however often it is given. When something that it speaks of is
forgotten it goes, with the words of what was asked; that somebody was told something then is still known.
"""

import hashlib
import json
import re
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, update
from sqlalchemy.orm import Session

from gum.aliases import Real
from gum.errors import NotFound
from gum.text import pieces
from gum.topic import says
from gum.types import new_id
from storage.budget import first_to_go
from storage.client_schema import DisclosedAboutRow, DisclosedRow, DisclosureRow
from storage.many import among

LEVEL = 1  # of zlib: 2 kB in 0.03 ms
PORTION = 200
_QUIETLY = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Disclosure:
    """An answer as it leaves. `about`: the observations, claims and so on that it speaks of."""

    at: datetime
    client_id: str
    client: str
    operation: str
    query: str
    items: int
    withheld: int
    content: bytes
    about: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of the list. `size` in bytes; `kept`: whether the content is still there."""

    n: int
    id: str
    at: datetime
    client_id: str
    client: str
    operation: str
    query: str
    items: int
    withheld: int
    size: int
    kept: bool


def add(s: Session, made: Sequence[Disclosure]) -> None:
    """Writes several at once."""
    digests = [hashlib.sha256(d.content).digest() for d in made]
    t = DisclosedRow
    there: dict[bytes, int] = {}
    known = s.execute(select(t.digest, t.n).where(t.digest.in_(set(digests))))
    there.update((digest, n) for digest, n in known)
    last = s.scalar(select(func.max(t.n))) or 0
    contents, about = [], []
    for digest, d in zip(digests, made, strict=True):
        if digest not in there:
            last += 1
            there[digest] = last
            body = zlib.compress(d.content, LEVEL)
            contents.append({"n": last, "digest": digest, "size": len(d.content), "body": body})
            about += [{"content": last, "subject_id": key} for key in sorted(d.about)]
    rows = [
        {
            **{name: getattr(d, name) for name in _TOLD},
            "id": new_id(),
            "content": there[digest],
        }
        for digest, d in zip(digests, made, strict=True)
    ]
    for table, values in ((DisclosedRow, contents), (DisclosedAboutRow, about), (DisclosureRow, rows)):
        if values:
            s.execute(insert(table.__table__), values)  # type: ignore[arg-type]


_TOLD = ("at", "client_id", "client", "operation", "query", "items", "withheld")


def list_(s: Session, limit: int = 50, before: int | None = None, client_id: str | None = None) -> list[Kept]:
    """The newest first. `before`: only those older than the one with this number (`n`)."""
    d = DisclosureRow
    wanted = _rows().order_by(d.n.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(d.n < before)
    if client_id is not None:
        wanted = wanted.where(d.client_id == client_id)
    return list(_kept(s, wanted))


def content(s: Session, id: str) -> tuple[Kept, bytes | None]:
    """One of them with what was answered; None: that is gone. Raises NotFound."""
    found = next(_kept(s, _rows().where(DisclosureRow.id == id)), None)
    if found is None:
        raise NotFound(
            "There is no such answer in the log", "It may be too old, or everything was forgotten."
        )
    t, d = DisclosedRow, DisclosureRow
    body = s.scalar(select(t.body).join(d, d.content == t.n).where(d.id == id))
    return found, zlib.decompress(body) if body is not None else None


def _rows() -> "Select[DisclosureRow, int]":
    d, t = DisclosureRow, DisclosedRow
    return select(d, t.size).join(t, d.content == t.n, isouter=True)


def _kept(s: Session, wanted: "Select[DisclosureRow, int]") -> Iterator[Kept]:
    for row in s.execute(wanted):
        d, size = row[0], row[1]
        told = {name: getattr(d, name) for name in _TOLD}
        yield Kept(n=d.n, id=d.id, size=size or 0, kept=size is not None, **told)


def forget_about(s: Session, ids: Collection[str]) -> None:
    """Forgets the contents that speak of one of these."""
    a = DisclosedAboutRow
    _drop(s, list(s.scalars(select(a.content).where(among(a.subject_id, ids)).distinct())))


def forget_topic(s: Session, words: str, real: Real) -> None:
    """Forgets the contents, and what was asked, in which all of `words` stand, as kept or with the names."""
    asked = pieces(words)

    def speaks(text: str) -> bool:
        return says(asked, text) or says(asked, real.read(text))

    t, d = DisclosedRow, DisclosureRow
    rows = s.execute(select(t.n, t.body)).yield_per(PORTION)
    _drop(s, [n for n, body in rows if speaks(_both(_text(body)))])
    told = s.execute(select(d.n, d.query).where(d.query != ""))
    _bare(s, d.n, [n for n, query in told if speaks(query)])


def forget_app(s: Session, app: str) -> None:
    """Forgets the contents that name an application."""
    t, said = DisclosedRow, f'"app":{json.dumps(app, ensure_ascii=False)}'
    rows = s.execute(select(t.n, t.body)).yield_per(PORTION)
    _drop(s, [n for n, body in rows if said in _text(body)])


def forget_span(s: Session, since: datetime | None, until: datetime | None) -> None:
    """Forgets what was told then, and what was asked."""
    d = DisclosureRow
    after = [] if since is None else [d.at >= since]
    before = [] if until is None else [d.at <= until]
    _drop_told(s, *after, *before)


def unattributed(s: Session, since: datetime, until: datetime) -> list[tuple[int, datetime]]:
    """What was told between these and says not what it is about, by number."""
    d, a = DisclosureRow, DisclosedAboutRow
    about = select(a.content).where(a.content == d.content).exists()
    wanted = select(d.n, d.at).where(d.at.between(since, until), d.content.is_not(None), ~about)
    return [(n, at) for n, at in s.execute(wanted)]


def forget_told(s: Session, numbers: Collection[int]) -> None:
    """Forgets what was told in these."""
    _drop_told(s, among(DisclosureRow.n, numbers))


def _drop_told(s: Session, *where: "ColumnElement[bool]") -> None:
    d = DisclosureRow
    numbers = list(s.scalars(select(d.n).where(*where)))
    contents = s.scalars(select(d.content).where(among(d.n, numbers), d.content.is_not(None)).distinct())
    _drop(s, [n for n in contents if n is not None])
    _bare(s, d.n, numbers)


def _drop(s: Session, contents: Sequence[int]) -> None:
    """Deletes contents, and what was asked where they were the answer."""
    if not contents:
        return
    _bare(s, DisclosureRow.content, contents)
    s.execute(
        delete(DisclosedAboutRow).where(among(DisclosedAboutRow.content, contents)),
        execution_options=_QUIETLY,
    )
    s.execute(delete(DisclosedRow).where(among(DisclosedRow.n, contents)), execution_options=_QUIETLY)


def _bare(s: Session, column: "ColumnElement[int] | object", numbers: Sequence[int]) -> None:
    bare = update(DisclosureRow).where(among(column, numbers))  # type: ignore[arg-type]
    s.execute(bare.values(query="", content=None), execution_options=_QUIETLY)


def retire(s: Session, before: datetime) -> int:
    """Deletes what was told before then, the oldest PORTION; how many."""
    d = DisclosureRow
    old = s.execute(select(d.n, d.content).where(d.at < before).order_by(d.at).limit(PORTION)).all()
    s.execute(delete(d).where(among(d.n, [n for n, _ in old])), execution_options=_QUIETLY)
    contents = {n for _, n in old if n is not None}
    still = set(s.scalars(select(d.content).where(among(d.content, contents))))  # type: ignore[arg-type]
    _drop(s, sorted(contents - still))
    return len(old)


def weight(s: Session) -> int:
    """How many bytes the contents take."""
    return s.scalar(select(func.sum(func.length(DisclosedRow.body)))) or 0


def recycle(s: Session, budget: int) -> int:
    """Deletes the contents that were longest not given, PORTION at most, while all weigh more than `budget`
    bytes; how many. That they were given is still known."""
    all_ = weight(s)
    if all_ <= budget:
        return 0
    t, d = DisclosedRow, DisclosureRow
    last = select(func.max(d.n)).where(d.content == t.n).correlate(t).scalar_subquery()
    oldest = s.execute(select(t.n, func.length(t.body)).order_by(last, t.n).limit(PORTION))
    gone = first_to_go(((str(n), size) for n, size in oldest), all_, budget)
    numbers = [int(n) for n in gone]
    s.execute(
        delete(DisclosedAboutRow).where(among(DisclosedAboutRow.content, numbers)), execution_options=_QUIETLY
    )
    s.execute(
        update(d).where(among(d.content, numbers)).values(content=None),  # type: ignore[arg-type]
        execution_options=_QUIETLY,
    )
    s.execute(delete(t).where(among(t.n, numbers)), execution_options=_QUIETLY)
    return len(numbers)


def _text(body: bytes) -> str:
    return zlib.decompress(body).decode(errors="replace")


def _both(text: str) -> str:
    """As it was sent, and without the escapes of JSON: they make one word of a line break and the next."""
    return f"{text}\n{_ESCAPE.sub(' ', text)}"


_ESCAPE = re.compile(r'\\["\\/bfnrt]')
