"""Asking a language model about claims whose words decide nothing, between drafting and the write.

Asked once a pair and remembered, so that what is seen again costs nothing. No transaction is open meanwhile,
and whatever goes wrong means "unrelated": a duplicate stays, and nothing is merged. What the person denied is
looked for here, too: in a long text that takes some milliseconds, for which the writer should not wait.
"""

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy.orm import Session

from gum.denial import Heard, heard
from gum.errors import AnswerUnusable, ModelUnavailable
from gum.judge import Judged, Likeness, Pair, pairs, side
from gum.model.client import ModelWorker
from gum.ports import Judge
from gum.setting import Setting, settings
from gum.types import Draft, Observation, Vector
from storage import propositions
from storage.db import Database

log = logging.getLogger(__name__)

REMEMBERED = 4096  # pairs
QUOTES = 2  # that a model is shown of a known claim


class Prepared(NamedTuple):
    """What the write needs to know of a batch: the drafts' vectors by text, what was said of unclear pairs,
    what the person denied, and what they set."""

    vectors: Mapping[str, Vector] = MappingProxyType({})
    judged: Judged = MappingProxyType({})
    heard: Sequence[Heard] = ()
    settings: Sequence[Setting] = ()


class Judging:
    """`asked` counts the questions, those answered from memory left out."""

    def __init__(self, judge: Judge | None) -> None:
        self._judge = judge
        self._known: OrderedDict[bytes, Likeness] = OrderedDict()
        self.asked = 0

    async def prepare(
        self,
        database: Database,
        worker: ModelWorker,
        drafts: Sequence[Draft],
        batch: Sequence[Observation],
    ) -> Prepared:
        """Embeds `drafts`, asks about those whose words do not tell, and listens to what the person wrote.

        Raises ModelUnavailable without an embedder.
        """
        said, made = await asyncio.to_thread(lambda: (heard(batch), settings(batch)))
        texts = list(dict.fromkeys(d.text for d in drafts))
        if not texts:
            return Prepared(heard=said, settings=made)
        vectors = dict(zip(texts, await asyncio.to_thread(worker.embed, texts), strict=True))
        if self._judge is None:
            return Prepared(vectors, heard=said, settings=made)
        found = await database.read(lambda s: _unclear(s, worker.embedder_name, drafts, vectors))
        return Prepared(vectors, await asyncio.to_thread(self.of, found), said, made)

    def of(self, found: Sequence[Pair]) -> Judged:
        """What is known of each pair, asking where nothing is: blocks. After a model failed, the rest is not
        asked."""
        answers: dict[tuple[str, str], Likeness] = {}
        for pair in found:
            mark = _mark(pair)
            answer = self._known.get(mark)
            if answer is None and self._judge is not None:
                try:
                    self.asked += 1
                    answer = self._judge.judge(pair)
                except AnswerUnusable:
                    answer = Likeness.UNRELATED  # asked again it would say the same
                except ModelUnavailable as error:
                    log.warning("claims are compared by words alone: %s", error.title)
                    break
                self._remember(mark, answer)
            answers[pair.key] = answer or Likeness.UNRELATED
        return answers

    def _remember(self, mark: bytes, answer: Likeness) -> None:
        self._known[mark] = answer
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def _mark(pair: Pair) -> bytes:
    """What a pair is remembered by: nothing from which its words could be read after they were forgotten."""
    return hashlib.blake2b("\0".join(pair.key).encode(errors="replace"), digest_size=16).digest()


def _unclear(s: Session, model: str, drafts: Sequence[Draft], vectors: Mapping[str, Vector]) -> list[Pair]:
    near = propositions.neighbours(s, drafts)
    known = propositions.vectors_of(s, [p.id for p in near], model)
    by_text = {p.text: known[p.id] for p in near if p.id in known}
    found = pairs(drafts, near, {**by_text, **vectors})
    ids = {side(p).key: p.id for p in near}
    wanted = [ids[pair.known.key] for pair in found if pair.known.key in ids]
    rows = propositions.evidence_of(s, wanted, newest=QUOTES)

    def quoted(pair: Pair) -> Pair:
        pieces = rows.get(ids[pair.known.key], []) if pair.known.key in ids else []
        quotes = tuple(row.evidence.quote for row in pieces) or pair.known.quotes
        return replace(pair, known=replace(pair.known, quotes=quotes))

    return [quoted(pair) for pair in found]
